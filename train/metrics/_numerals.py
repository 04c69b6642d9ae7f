"""Numbers in one writing: 三百五, 350 and three hundred and fifty become digits; 万一 and 十分抱歉 stay words."""

import re
from functools import lru_cache

from train.metrics._reading import plain

TRADITIONAL = (
    "擔週張幾號兩雙條種塊員壞損貼簽單證優惠額減鐘點時間開關門倉庫寶盒專屬險賠償輕鬆簡體紅黃藍綠銀錶鞋帶顏"
    "長寬內側縣區鎮鄉東廣州漢島灣愛樂園莊樓層號碼郵箱遞達裝驗圖顯總計畫錄僅將約莫組織歷史劉陳趙吳孫鄭馮韓"
    "龍鳳馬魚鳥蟲貓雞豬狀態適熱凍溫溼淨潔連線終於須頁標籤購選擇滿贈禮節"
)
SIMPLIFIED = (
    "担周张几号两双条种块员坏损贴签单证优惠额减钟点时间开关门仓库宝盒专属险赔偿轻松简体红黄蓝绿银表鞋带颜"
    "长宽内侧县区镇乡东广州汉岛湾爱乐园庄楼层号码邮箱递达装验图显总计划录仅将约莫组织历史刘陈赵吴孙郑冯韩"
    "龙凤马鱼鸟虫猫鸡猪状态适热冻温湿净洁连线终于须页标签购选择满赠礼节"
)
FINANCIAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
SIMPLE = str.maketrans(dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)) | FINANCIAL)
"""Traditional characters of trade that `_reading` leaves as they are."""
ONES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
MEASURES = (
    r"(?:个?工作日|个?小时|个?钟头|分钟|秒|天|日|周|个?星期|个?礼拜|个?月|年|季度|点|元|块|毛|角|米|厘米"
    r"|毫米|公里|公斤|斤|克|吨"
    r"|升|毫升|倍|折|成|度|分(?!之|钟)|种)"
)
"""What makes a number of a lone 一: 一天, but not 一下 or 一样."""
ONE_OF, NOT_ONE_OF = re.compile(MEASURES), re.compile(r"点(?!\d|钟|半|整|[十二三四五])|日(?!内)|度")
PLACE_OF = re.compile(MEASURES + "|[%个件人]|$")
NUMERAL = re.compile(
    r"(?<!万)(?<!第)(?:二十|廿)?"
    r"(?:十分(?!钟|之|[一二三四五六七八九0-9])|万一|万分|千万(?![元块人个件份条台年亩吨])|百分之百"
    r"|[一二三四五六七八九]五一十|七上八下|三三两两|乱七八糟|不三不四|一五一十"
    r"|千[方言辛百变]|百[货度般姓科合]|万[能事分象]|四面|五花|十足|十全"
    r"|[零〇一二两三四五六七八九十百千万亿廿]+)"
)
WORDS_AS_THEY_ARE = re.compile(
    r"[^零〇一二两三四五六七八九十百千万亿廿]|^(?:万一|一五一十|七上八下|三三两两|不三不四)$"
)
MIXED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?([十百千万亿])(?![克米瓦卡帕赫焦])(?:(\d)(?![\d.]))?")
FRACTION = re.compile(r"(百|(?<!\d)\d{1,15})分之(\d+(?:\.\d+)?)")
ORDINAL = re.compile(r"(?<=第)[一二三四五六七八九十百]{1,5}(?=[页条项章款期层楼级])")
SOMEBODY, SECOND_HAND = (
    frozenset((("张", "三"), ("李", "四"), ("王", "五"))),
    re.compile(r"次(?:销售|元|加工|利用|污染|出售)|手"),
)
"""John Does, and 二 for "again"."""
LONGEST = 15
"""Characters, or English words, beyond which nobody writes a number: it is babble, and stays as it is."""
RATIO = re.compile(r"([一二两三四五六七八九\d])比([一二两三四五六七八九\d])(?![\d较例赛])")
POINT = re.compile(r"(?<!\d)(\d{1,15})点(\d)(?=公斤|千克|升|米|公里|倍|折|厘米|吨|斤|元|万|%|$)|(?<=分之)(\d+)点(\d)")
DISCOUNT = re.compile(r"(?<![\d.])([1-9])([1-9])折")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
ONE_AND_A_HALF = re.compile(r"一(?=个半(?:小时|钟头|月|星期))")
HALF_BEHIND = re.compile(r"(?<!\d)(\d{1,15})(?:(个)半(?=小时|钟头|月|星期)|(天|年|小时|斤|公斤|米|升)半(?![价径]))")
HALVES = re.compile(r"(?<![一大多后前上下每两个\d])半(?=个?(?:小时|钟头)|个?月(?![饼球])|年|斤|公斤)")

WORD_ONES = {
    word: n
    for n, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
}  # fmt: skip
WORD_TENS = {
    word: 10 * n
    for n, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
} | {"fourty": 40}
WORD_PLACES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SMALL = "|".join(sorted((*WORD_ONES, *WORD_TENS), key=len, reverse=True))
_LARGE = "|".join(WORD_PLACES)
UNITS_EN = (
    r"(?:business |working )?(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|dollars?"
    r"|pounds?|percent|per cent|metres?|meters?|kilos?|litres?|liters?)"
)
IN_WORDS = re.compile(
    rf"(?<![\w'])(?:(?:an?[ -])(?=(?:{_LARGE})\b))?(?:{_SMALL}|{_LARGE})(?:(?:[ -]|,? and )(?:{_SMALL}"
    rf"|{_LARGE}))*(?![\w'])"
)
ARTICLE = re.compile(
    r"(^|\b(?:within|in|for|takes?|about|around|after|least|than|up to|another|under|over|only|just"
    r"|lasts?) (?:about )?)an? (?=(?:full )?(?:business |working )?(?:hour|day|week|fortnight|month|year"
    r"|minute)\b)"
)
HALF_EN = re.compile(r"\b(?:half an? |a half )(?=hour|year|day)|\bhalf (?=hour)")
PAST = re.compile(r"\b(half past|(?:a )?quarter past) (\d{1,2})\b")
QUARTER_TO = re.compile(r"\b(?:a )?quarter to (\d{1,2})\b")
AND_A_HALF = re.compile(
    r"(?<![\w.])(?:(\d+) and a half (?=\w)|(\d+|an?) (hours?|days?|weeks?|months?|years?) and a half\b)"
)
HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿廿半折]|\d比|\d点\d")
WORD_NUMBER = re.compile(rf"(?:{_SMALL}|{_LARGE}|half|dozen|quarter|first|second|third|th\b)|\ban? ")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = "|".join(MONTHS)
ORDINAL_DAY = re.compile(
    rf"\b({'|'.join(ORDINALS)})(?= (?:of )?(?:{_MONTH})\b)|(?<=\b)((?:{_MONTH})(?: the)? )({'|'.join(ORDINALS)})\b"
)


@lru_cache(maxsize=8192)
def in_digits(text: str) -> str:
    """Make a text plain, and write its numbers in digits: 两天 2天, 八五折 8.5折, half an hour 0.5 hour."""
    text = plain(text).translate(SIMPLE).replace("\u2044", "/")
    if "," in text:
        text = THOUSANDS.sub("", text)
    if HAN_NUMBER.search(text):
        text = _all_from_chinese(text)
    return _from_english(text) if WORD_NUMBER.search(text) else text


def _all_from_chinese(text: str) -> str:
    """Write Chinese numerals in digits, halves and fractions among them."""
    text = HALVES.sub("0.5", ONE_AND_A_HALF.sub("1", text))
    text = ORDINAL.sub(lambda m: _written(_chinese_value(m[0]) or 0), text)
    text = RATIO.sub(lambda m: f"{ONES.get(m[1], m[1])}:{ONES.get(m[2], m[2])}", text)
    text = NUMERAL.sub(_from_chinese, text)
    text = MIXED.sub(_from_mixed, text)
    text = HALF_BEHIND.sub(_and_a_half, text)
    text = POINT.sub(lambda m: f"{m[1] or m[3]}.{m[2] or m[4]}", text)
    text = FRACTION.sub(lambda m: f"{m[2]}%" if m[1] == "百" else f"{m[2]}/{m[1]}", text)
    return DISCOUNT.sub(r"\1.\2折", text)


def _from_chinese(found: re.Match[str]) -> str:
    """Write one numeral in digits; what only looks like one stays."""
    word = found[0]
    if word == "百分之百":
        return "100%"
    if WORDS_AS_THEY_ARE.search(word) or len(word) > LONGEST:
        return word
    behind = found.string[found.end() : found.end() + 5]
    before = found.string[max(0, found.start() - 1) : found.start()]
    if _is_no_number(word, before, behind):
        return word
    if len(word) == 2 and set(word) <= ONES.keys():
        if behind[:1] == "折":
            return f"{ONES[word[0]]}{ONES[word[1]]}"
        if ONES[word[0]] < ONES[word[1]] and ONE_OF.match(behind):
            return f"{ONES[word[0]]}-{ONES[word[1]]}"
    value = _chinese_value(word)
    return word if value is None else _written(value)


def _is_no_number(word: str, before: str, behind: str) -> bool:
    """Tell whether a short numeral is part of a word or phrase: 一下, 千万别, 2千克."""
    if word == "一" and before not in ("之", "月") and not (ONE_OF.match(behind) and not NOT_ONE_OF.match(behind)):
        return True
    if (before, word) in SOMEBODY or (word == "二" and SECOND_HAND.match(behind)):
        return True
    if word == "千万":
        return not re.match(r"[元块人个件份条台年亩吨]", behind)
    return word in PLACES and (before.isdigit() or (word != "十" and not PLACE_OF.match(behind)))


def _chinese_value(word: str) -> float | None:
    """Compute a Chinese numeral; None for digits side by side that are no number: 三五天."""
    if all(c in ONES for c in word):
        if len(word) == 1 or len(word) >= 3 or word[0] in "零〇":
            return int("".join(str(ONES[c]) for c in word)) if word[0] not in "零〇" or len(word) == 1 else None
        return None
    return _with_places(word.replace("廿", "二十"))


def _with_places(word: str) -> float | None:
    """Compute a numeral with places: 三百五 is 350, 一万二 is 12000."""
    total = section = digit = 0
    last_scale = 1
    for c in word:
        if c in ONES:
            digit = ONES[c]
            if c in "零〇":
                last_scale = 1
            continue
        scale = PLACES[c]
        if scale >= 10_000:
            section = (section + digit) or 1
            total = (total + section) * scale if scale > 10_000 and total else total + section * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit, last_scale = 0, scale
    # A digit behind the last one counts tenths of it: 三百五, but not 三百零五 nor 十五.
    return total + section + digit * (last_scale // 10 if last_scale >= 100 else 1)


def _from_mixed(found: re.Match[str]) -> str:
    """Write 3万 as 30000, and 1万2 as 12000."""
    if len(found[1]) > LONGEST:
        return found[0]
    scale = PLACES[found[2]]
    return _written(float(found[1]) * scale + (int(found[3]) * scale / 10 if found[3] else 0))


def _and_a_half(found: re.Match[str]) -> str:
    """Write 1个半小时 as 1.5个小时, and 2天半 as 2.5天."""
    return f"{found[1]}.5{found[2] or found[3]}"


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _from_english(text: str) -> str:
    """Write English number words in digits: halves behind the whole they belong to, and 12 for a dozen."""
    text = IN_WORDS.sub(_from_words, ORDINAL_DAY.sub(_ordinal, text))
    text = AND_A_HALF.sub(
        lambda m: f"{m[1]}.5 " if m[1] else f"{m[2].replace('an', '1').replace('a', '1')}.5 {m[3]}", text
    )
    text = PAST.sub(lambda m: f"{m[2]}:{15 if 'quarter' in m[1] else 30}", text)
    text = QUARTER_TO.sub(lambda m: f"{int(m[1]) - 1}:45", text)
    text = HALF_EN.sub("0.5 ", text)
    text = re.sub(r"(?<!half )\b(?:a |one )?dozen\b(?! of)", "12", text)
    return ARTICLE.sub(r"\g<1>1 ", text)


def _ordinal(found: re.Match[str]) -> str:
    word = found[1] or found[3]
    return f"{found[2] or ''}{ORDINALS.index(word) + 1}"


def _from_words(found: re.Match[str]) -> str:
    """Compute a number in English words; "one" alone stays: it is a pronoun as a rule."""
    words = [w for w in re.split(r"[ ,-]+", found[0]) if w not in ("and", "a", "an", "")]
    if len(words) > LONGEST:
        return found[0]
    if words == ["one"] and not re.match(rf"[ -]{UNITS_EN}", found.string[found.end() : found.end() + 20]):
        return found[0]
    total = part = 0
    written: list[str] = []
    last = 0
    for word in words:
        if word in WORD_PLACES:
            part = (part or 1) * WORD_PLACES[word]
            if WORD_PLACES[word] >= 1000:
                total, part = total + part, 0
            last = WORD_PLACES[word]
            continue
        value = WORD_ONES[word] if word in WORD_ONES else WORD_TENS[word]
        if (last and last <= value) or (last and last < 20 and part + total):
            # Two numbers side by side: one two three.
            written.append(str(total + part))
            total = part = 0
        part, last = part + value, value
    return " ".join([*written, str(total + part)])
