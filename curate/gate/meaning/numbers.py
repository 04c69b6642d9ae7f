"""Reads what numbers a text names, so that 3天, 三天, "three days" and "72 hours" are one."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from curate.duplicates.texts.number_words import DIGITS, LARGE, TENS
from curate.gate.meaning.plain_texts import simplified

Numbers = frozenset[str]

UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS_IN_ENGLISH = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH = {
    **{word: value for value, word in enumerate(re.findall("[a-z]+", UP_TO_NINETEEN))},
    **{word: 10 * value for value, word in enumerate(re.findall("[a-z]+", TENS_IN_ENGLISH), start=2)},
}
THIRD_AND_UP = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS = {word: value for value, word in enumerate(re.findall("[a-z]+", THIRD_AND_UP), start=3)}
WORDS = "|".join(sorted(ENGLISH, key=len, reverse=True))
SPELT = re.compile(
    rf"\b(?:(?:{WORDS}|an?)[\s-]+(?=hundred|thousand)|(?:{WORDS}|hundred|thousand)(?:[\s-]+(?=(?:{WORDS}"
    rf"|hundred|thousand)\b)|\b))+"
)
ORDINAL = re.compile(rf"\b({'|'.join(ORDINALS)})\b")
FIXED = (
    (r"半个?小时|half an hour", "30分钟"),
    (r"一刻钟", "15分钟"),
    (r"俩(?=个|小时|月|天|星期|钟头|钟)", "两"),
    (r"对折", "5折"),
    (r"仨(?=个|月|小时|人)", "三个"),
    (r"(?:一个)?季度", "三个月"),
    (r"千分之([\d一二三四五六七八九])", r"零点\1%"),
    (r"(?<=[\d一二两三])米([一二三四五六七八九])(?![十百])", r"点\1米"),
    (r"(?:last |past )?half (?:a )?year", "6 months"),
    (r"midnight", "0:00"),
    (r"\bhalf past (\w+)", r"\1:30"),
    (r"(?:a |one )?quarter of an hour", "15 minutes"),
    (r"\b(?:half[- ]a[- ]dozen|a half[- ]dozen|half[- ]dozen)\b", "6"),
    (r"\btwo dozen\b", "24"),
    (r"\ba couple of\b", "2"),
    (r"\b(?:a|one) fifth\b", "20%"),
    (r"\b(?:a|one) quarter\b(?! (?:past|to))", "25%"),
    (r"\b(?:a|one) third\b", "33%"),
    (r"(?<!\d)(\d+(?:\.\d+)?)毛", r"0.\1元"),
    (r"([一二三四五六七八九])毛", r"0.\1元"),
    (r"半分钟|half a minute", "30秒"),
    (r"(?<=\d)[- ]years?[- ]old\b|(?<=\d)\s*years? of age", "岁"),
    (r"每[年月天周日]", " "),
    (r"半年|half a year", "6个月"),
    (r"(?<!个)半个?月", "15天"),
    (r"半天", " "),
    (r"百分之(?=[\d零一二两三四五六七八九十百])([\d.零一二两三四五六七八九十百点]+)", r"\1%"),
    (r"一半|折半|减半|\bhalf\b", "50%"),
    (r"fortnight", "2 weeks"),
    (r"a dozen|一打", "12"),
    (r"\b(?:a )?quarter past (\d+)", r"\1:15"),
    (r"\b(?:a )?quarter to (\d+)", " "),
    (r"([一二两三四五六七八九])十(?:几|多|好几)", r"\1十"),
    (r"\bper ?cent\b", "%"),
    (r"\b(\d+)\s*(?:o['’]?clock)", r"\1:00"),
    (r"noon|中午12[点時时]|正午", "12:00"),
)
"""What stands for a number by a word of its own, and how it is written."""
HAN_NUMBER = re.compile(
    r"(?<![\d.][万千百])(?<!\d)[零〇一二两三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+(?=[%个升米"
    r"公斤元块倍折]))?"
)
COUNTER = (
    r"(?:个?多?(?:小时|钟头|工作日|自然日|月|星期|礼拜)"
    r"|[个年天日号周元块毛角分秒点时刻折成倍件只双条张台部盏桌碗首幅笔通款串圈封档平班单注抽针副组格罐粒滴"
    r"片箱桶段集季章本份对套盒瓶袋包杯枚颗位人名岁级楼层晚夜"
    r"次遍回趟节课期行字米斤克升吨户栋号页路寸度股排座步家种项口]|公[斤里]|千米|厘米|毫米|毫安|分钟|秒钟|年级)"
)
EVERYDAY = re.compile(
    r"[一两]下|(?<![十二三四五六七八九])一[点些样直起共定般旦律切边会向时方面再味路条龙手代]|(?<![点一二三四五六七八九])十分(?!钟|之)|千万(?!元|块)|(?<!\d)万一|四处"
    r"|统一|唯一|第一时间|同一|专一|单一|万能|[两三四][种样项者边]|第二[天日]|[一二两三四五六]个字"
    r"|三番五次|乱七八糟|一五一十|七上八下|五花八门|双十一|万分|不三不四|一二三"
    r"|(?<![一二三四五六七八九几])百度|千兆|百货|三明治|三星|三维|二维码|二手|二次|零食|零件|零钱"
    r"|周[一二三四五六]|星期[一二三四五六]|礼拜[一二三四五六]|两边|两者|两个都|八成(?=新)?"
)
"""Numerals that count nothing, and the days of the week, which are words of their own."""
UNITS = {"秒": 1 / 60, "分钟": 1, "小时": 60, "天": 1440, "周": 10080}
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:个)?(秒|分钟|小时|天|周|月|年)")
SPANS = (
    (r"(?<=\d)\s*-?(?:个?钟头|hours?\b|hrs?\b|h\b(?=[^a-z0-9]|$))", "小时"),
    (r"(?<=\d)\s*-?(?:秒钟?|seconds?\b|secs?\b)", "秒"),
    (r"(?<=\d)\s*-?(?:minutes?\b|mins?\b|分(?=钟?(?:之?[内后前]|左右)))", "分钟"),
    (r"(?<=\d)\s*(?:个?(?:工作日|自然日)|日(?=之?[内后前])|-?(?:(?:working|business|calendar) )?days?\b)", "天"),
    (r"(?<=\d)\s*(?:个?(?:星期|礼拜)|-?weeks?\b)", "周"),
    (r"(?<=\d)\s*(?:个月|-?months?\b)", "月"),
    (r"(?<=\d)\s*(?:周年|-?years?\b)", "年"),
)
TIME = re.compile(r"(?<![\d.])(\d{1,2})\s*(?::(\d{2})|(?:点|时)(半|一刻|(?:\d{1,2})分?|整|钟)?|(?=\s*[ap]\.?m\b))")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b\.?"
DATE = re.compile(
    rf"(\d{{1,2}})月(\d{{1,2}})[日号]|\b{MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b|\b(\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\s+(?:of\s+)?{MONTH}"
)
PLAIN = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*|(?<=[,，、])\d+(?:\.\d+)?")
OPTIONAL = frozenset({"1", "d1440", "d60", "m1", "m12", "d10080", "d1", "d0.0166667"})
"""One of a thing is often said without a number."""
SOFT = {
    "2": re.compile(
        r"两|俩|双|再次|又|重复|重了|twice|double|duplicate|both|pair|couple|each other|next to each|again"
        r"|second|two times"
    ),
    "50": re.compile(r"半|对折|half"),
    "t0:00": re.compile(r"midnight|noon|午夜|半夜|正午|零点"),
    "0": re.compile(r"零|0|zero|nothing"),
}
"""Numbers that are often said in a word."""


@lru_cache(1 << 14)
def numbers(text: str) -> Numbers:
    """Read the numbers of a text: values, spans of time (`d` minutes, `m` months), times of day (`t`) and dates."""
    return frozenset(_read(_written_in_digits(text)))


@lru_cache(1 << 14)
def _written_in_digits(text: str) -> str:
    plain = EVERYDAY.sub(" ", _spelt_out(simplified(text)))
    for pattern, written in _compiled(FIXED):
        plain = pattern.sub(written, plain)
    plain = _in_digits(plain)
    for pattern, unit in _compiled(SPANS):
        plain = pattern.sub(unit, plain)
    return plain


@cache
def _compiled(table: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), written) for pattern, written in table)


def _read(text: str) -> Iterator[str]:
    """Read a text that is written in digits; what was read is not read again."""
    rest = []
    for pattern, read in ((DATE, _date), (SPAN, _span), (TIME, _time)):
        found = [read(match) for match in pattern.finditer(text)]
        rest += found
        text = pattern.sub(" ", text)
    yield from rest
    text = re.sub(r"(?<=\d)[,](?=\d{3}(?:\D|$))", "", text)
    text = re.sub(r"(?<=\d{2})[ -](?=\d{3,})", "", text)
    for match in re.finditer(r"\d+(?:\.\d+)*", text):
        yield _value(match[0])
    for match in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:k\b|千(?!米|克))", text):
        yield _value(str(float(match[1]) * 1000))


def _value(digits: str) -> str:
    if digits.count(".") > 1:
        return digits
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0" if len(whole) < 4 else whole
    return f"{whole}.{fraction}" if fraction else whole


def _span(match: re.Match[str]) -> str:
    value, unit = float(match[1]), match[2]
    if unit in UNITS:
        return f"d{value * UNITS[unit]:g}"
    if unit == "年" and value >= 1900:
        return f"{value:g}"
    return f"m{value * (12 if unit == '年' else 1):g}"


def _time(match: re.Match[str]) -> str:
    hour, minutes = int(match[1]), match[2] or match[3] or "0"
    minutes = {"半": "30", "一刻": "15", "整": "0", "钟": "0"}.get(minutes, minutes.rstrip("分"))
    return f"t{hour % 12}:{int(minutes or 0):02d}"


def _date(match: re.Match[str]) -> str:
    if match[1]:
        return f"{int(match[1])}/{int(match[2])}"
    month, day = match[3] or match[6], match[4] or match[5]
    return f"{MONTHS.index(month[:3]) + 1}/{int(day)}"


def _spelt_out(text: str) -> str:
    """Write English numbers in digits: "twenty-four" as 24, "a hundred" as 100."""

    def value(match: re.Match[str]) -> str:
        words = re.split(r"[\s-]+", match[0])
        total = 0
        for word in words:
            if word in ENGLISH:
                total += ENGLISH[word]
            elif word == "hundred":
                total = (total or 1) * 100
            elif word == "thousand":
                total = (total or 1) * 1000
        return str(total)

    text = SPELT.sub(value, text)
    return ORDINAL.sub(lambda match: str(ORDINALS[match[0]]), text)


def _in_digits(text: str) -> str:
    """Write Chinese numerals in digits where they count: 三天 as 3天, 一百二十 as 120; 一下 stays."""

    def value(match: re.Match[str]) -> str:
        written = match[0]
        follows = re.match(COUNTER, match.string[match.end() :])
        counts = follows or match.string[: match.start()].endswith(("第", "尾号", "号", "满", "减", "约", "近", "超过"))
        if len(written) == 1 and not counts and written not in "十百千":
            return written
        if set(written) <= set(LARGE) | {"百", "千"}:
            return written
        whole, _, fraction = written.partition("点")
        digits = str(_han_value(whole))
        return f"{digits}.{''.join(str(DIGITS.get(char, 0)) for char in fraction)}" if fraction else digits

    text = re.sub(r"(\d+(?:\.\d+)?)\s*([万千百])(?![元块]?[瓦克米帧])", _with_han_unit, text)
    text = HAN_NUMBER.sub(value, text)
    text = re.sub(r"(\d+)年半", lambda m: f"{12 * int(m[1]) + 6}个月", text)
    text = re.sub(r"(\d+)个?半月", lambda m: f"{30 * int(m[1]) + 15}天", text)
    text = re.sub(r"([1-9])成(?!新|功|交|本|绩|员|人|年)", r"\g<1>0%", text)
    text = re.sub(r"(\d)米(\d)(?![\d.])", r"\1.\2米", text)
    text = re.sub(
        r"(?<=\d块)([一二三四五六七八九])(?!\w*[个小天月年次位人度平斤公十百])", lambda m: str(DIGITS[m[1]]), text
    )
    return re.sub(r"(\d+)\s*块\s*(\d)(?!\d|\s*[个小天月年次位人度平斤公钟件只瓶盒])", r"\1.\2", text)


def _with_han_unit(match: re.Match[str]) -> str:
    """Write 5万 as 50000."""
    return f"{float(match[1]) * {**TENS, **LARGE}[match[2]]:.10g} "


def _han_value(numeral: str) -> int:
    """Read a numeral: 二十三 as 23, 一万二 as 12000, 二〇二四 as 2024."""
    if not set(numeral) & {*TENS, *LARGE}:
        return int("".join(str(DIGITS.get(char, 0)) for char in numeral))
    total, section, digit, last = 0, 0, 0, 1
    for char in numeral:
        if char in TENS:
            section += (digit or 1) * TENS[char]
            digit, last = 0, TENS[char]
        elif char in LARGE:
            total += (section + digit) * LARGE[char]
            section, digit, last = 0, 0, LARGE[char]
        else:
            digit = DIGITS.get(char, 0)
            last = 1 if char in "零〇" else last
    return total + section + digit * (last // 10 if last >= 100 and numeral[-1] in DIGITS else 1)


def differ(parent: str, text: str, beside: str = "") -> bool:
    """Tell whether a rewording names another number than its parent, loses one, or has one more.

    It may have what is said `beside` its parent: an answer may repeat the amount that it was asked about.
    """
    ours, theirs = numbers(parent), numbers(text)
    changed = (ours - theirs | theirs - ours - numbers(beside)) - OPTIONAL
    if not changed:
        return False
    sides = [simplified(side) for side in (parent, text)]
    for number, soft in SOFT.items():
        changed -= {number} if any(soft.search(side) for side in sides) else set()
    others = {True: (theirs, _written_in_digits(text)), False: (ours, _written_in_digits(parent))}
    return any(not _is_within(number, *others[number in ours]) for number in changed)


def _is_within(number: str, others: Numbers, written: str) -> bool:
    """Tell whether a number is written another way on the other side: in parts, as a time, or as a date."""
    if number.startswith("t"):
        hour, minute = number[1:].split(":")
        hours = (int(hour), int(hour) + 12)
        return any((minute == "00" and str(h) in others) or f"{h}.{minute}".rstrip("0") in others for h in hours)
    if "/" in number:
        return number.split("/")[1] in others
    if number[0] in "dm":
        value = float(number[1:])
        units = (1, 60, 1440, 10080) if number[0] == "d" else (1, 12)
        return any(f"{value / unit:g}" in others for unit in units)
    if number.count(".") > 1:
        return False
    if f"{float(number) * 100:g}" in others or f"{float(number) / 100:g}" in others:
        return True
    if not number.isdigit():
        hour, _, minute = number.partition(".")
        return f"t{int(hour) % 12}:{minute:0<2}" in others if hour.isdigit() and minute.isdigit() else False
    if len(number) >= 4 and number in re.sub(r"\D", "", written):
        return True
    if re.search(rf"(?<![\d.]){number}(?![\d.])", written):
        return True
    return int(number) < 25 and f"t{int(number) % 12}:00" in others
