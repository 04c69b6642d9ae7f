"""What numbers, dates and negations look like in folded text: NFKC, lowercase letters, simplified characters."""

import re

from curate.duplicates.texts.number_words import NUMERALS, SPELT_NUMBERS

UNIT = (
    r"%|℃|°c|小时|分钟|工作日|[年月日号天周时分秒元块角件个次折度斤克米寸期级岁人间楼层星]"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|dollars?|euros?|pounds?|yuan|rmb|usd|cny|pieces?|items?"
    r"|times?|mins?|hrs?|kg|mg|g|lbs?|oz|km|cm|mm|m|ml|l|tb|gb|mb|kb|mah|w|v|hz|k|inch(?:es)?|am|pm|x)(?![a-z])"
)
NUMERAL_RUN = f"[{NUMERALS}]{{0,11}}"
"""The rest of a number in characters; more would be no number, and is not looked through again from each of them."""
COUNTER = "年|个?月|日|号|天|周|元|块|件|个|次|折|度|斤|期|级|岁|个?小时|分钟|个?工作日"
"""After them 一 is a number, too: 一年 is not 两年, and an order of 一件 is not any."""
CLASSIFIER = (
    "点|位|人|名|箱|楼|层|星|倍|成|尺|米|寸|升|档|挡|遍|趟|代|环|版|套|双|只|支|条|张|款|台|部|本|份|对|组|片|颗|粒|盒|瓶|袋"
    "|包|杯|桶|卷|根|把|家|页|刻|秒|排|栋|单|季|集|场|轮|种|[公毫厘千][斤克米升里安]|克|晚|餐|头|节|笔"
)
"""After them 一 is an article as often as a number: 转接一位客服 says what 转接客服 says."""
COUNTED = rf"\d*(?:[.,:/-]\d+)*(?:\s*(?:{UNIT})|[a-z]+)?"
BARE_NUMBER = rf"[\d{NUMERALS}第$€£¥<>≤≥-](?:%s)" % "|".join(
    (
        # digits with their unit, a sign before digits, and a minus that is no hyphen
        rf"(?<=\d){COUNTED}",
        r"(?<=[$€£¥<>≤≥])(?=\s*\d)",
        r"(?<![\da-z]-)(?<=-)(?=\d)",
        # characters that count something; before a classifier, 一 alone does not
        rf"(?<=[{NUMERALS}])(?:{NUMERAL_RUN}(?:{COUNTER})"
        rf"|(?:(?<!一)|(?=[{NUMERALS}])){NUMERAL_RUN}(?:{CLASSIFIER})(?:(?<=点){NUMERAL_RUN})?"
        # one o'clock, which is no 一点 (a little)
        rf"|(?<=[午晨早晚上]一)点{NUMERAL_RUN}|(?<=一)点(?=[钟半整前]|[之以]前|左右)半?"
        # percentages, and what can be nothing but a number
        rf"|(?<=百)分之[{NUMERALS}]{NUMERAL_RUN}"
        rf"|(?<=[一二两三四五六七八九百])[十百千万亿]{NUMERAL_RUN}|(?<=十)[一二三四五六七八九]{NUMERAL_RUN})",
        # ordinals, but 第一 alone: 第一时间 means at once
        rf"(?<=第)(?!一(?![{NUMERALS}]))[{NUMERALS}]{NUMERAL_RUN}",
    )
)
"""A number that no letter stands before, with its unit. The first character decides what may follow."""
HEADED_NUMBER = rf"(?<![abd-z])(?<!(?<!°)c)[a-z]++\d{COUNTED}"
"""A number with the letters before it, as in a model's name; ℃ (folded to °c) gives it none."""
SPELT_NUMBER = rf"{SPELT_NUMBERS}|(?:an?|per|each|every) (?:hour|day|week|month|year)"
NUMBER = re.compile(f"{BARE_NUMBER}|{HEADED_NUMBER}")
PLURAL = re.compile(r"(?<=[a-z]{3})s$")

NEGATING_CHARACTERS = "不没未别无非勿否"
CHINESE_NEGATION = rf"[{NEGATING_CHARACTERS}](?:(?<=没)有)?[\u3400-\u9fff]{{0,2}}"
NEGATING_WORDS = "no|not|never|none|cannot|unable|without|isnt|dont|cant|wont|didnt|doesnt"
ENGLISH_NEGATION = rf"(?<![a-z])(?:(?:{NEGATING_WORDS})(?![a-z])|[a-z]+n['’]t(?![a-z]))(?:\s+[a-z]+)?"

DAYS_OF_WEEK = "一二三四五六日天"
DATE_FORMS = (
    ("今明后昨前", "天"),
    ("今明", "日"),
    ("今明去", "年"),
    ("每", "(?:[天日周年]|个?月)"),
    ("本下上", "(?:周末?|个?月[初底末]?)"),
    ("周", f"[{DAYS_OF_WEEK}末]"),
    ("星", f"期[{DAYS_OF_WEEK}]"),
    ("礼", f"拜[{DAYS_OF_WEEK}]"),
    ("上下中", "[午旬]"),
    ("晚", "上"),
    ("早", "上(?!好)"),
    ("凌", "晨"),
    ("傍", "晚"),
    ("月年", "[初底末]"),
)
"""What a date in words begins with, and how it goes on; of two that fit the first one is taken."""
DATE_HEADS = "".join(dict.fromkeys("".join(head for head, _ in DATE_FORMS)))
CHINESE_DATE = rf"[\d{DATE_HEADS}](?:(?<=\d)\d{{0,3}}\s*[年月日号][初底末]?|%s)" % "|".join(
    f"(?<=[{head}]){rest}" for head, rest in DATE_FORMS
)
MAY_BE_CHINESE_DATE = "|".join(
    (r"[^a-z\u3400-\u9fff][年月日号]", *(f"[{head}]{rest.partition('(?!')[0]}" for head, rest in DATE_FORMS))
)
"""What every CHINESE_DATE holds, in words that polars knows: without lookaround, and whatever it takes for a digit."""
ENGLISH_DATE = (
    "today|tomorrow|yesterday|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january"
    "|february|march|april|june|july|august|september|october|november|december"
)
