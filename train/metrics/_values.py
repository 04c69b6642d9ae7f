"""The facts that a text states: times, prices, percentages, dates, codes, links, in one writing each.

48小时, 两天 and two days are one value; 3个工作日 and 3天 are two. Months and years are not turned into days.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from train.metrics._numerals import MONTHS, in_digits

MINUTE, HOUR, DAY = 60, 3600, 86_400
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("秒", "秒钟", "second", "seconds", "sec", "secs"), ("time", 1)),
    **dict.fromkeys(("分钟", "minute", "minutes", "min", "mins"), ("time", MINUTE)),
    **dict.fromkeys(("刻钟",), ("time", 15 * MINUTE)),
    **dict.fromkeys(("小时", "个小时", "钟头", "个钟头", "个钟", "hour", "hours", "hr", "hrs", "h"), ("time", HOUR)),
    **dict.fromkeys(("天", "日", "自然日", "个自然日", "day", "days", "calendar days", "calendar day"), ("time", DAY)),
    **dict.fromkeys(("周", "星期", "个星期", "礼拜", "个礼拜", "week", "weeks", "wk", "wks"), ("time", 7 * DAY)),
    **dict.fromkeys(("fortnight", "fortnights"), ("time", 14 * DAY)),
    **dict.fromkeys(
        ("工作日", "个工作日", "business day", "business days", "working day", "working days", "workdays", "workday"),
        ("workday", 1),
    ),
    **dict.fromkeys(("个月", "个月份", "month", "months"), ("month", 1)),
    **dict.fromkeys(("年", "year", "years", "yr", "yrs"), ("month", 12)),
    **dict.fromkeys(("元", "块", "块钱", "圆", "rmb", "yuan", "cny", "元钱"), ("yuan", 1)),
    **dict.fromkeys(("毛", "毛钱", "角"), ("yuan", 0.1)),
    **dict.fromkeys(("美元", "美金", "刀", "dollar", "dollars", "usd", "bucks"), ("dollar", 1)),
    **dict.fromkeys(("cent", "cents", "美分"), ("dollar", 0.01)),
    **dict.fromkeys(("欧元", "euro", "euros", "eur"), ("euro", 1)),
    **dict.fromkeys(("英镑", "pound", "pounds", "gbp", "quid"), ("pound", 1)),
    **dict.fromkeys(("%", "percent", "per cent", "个百分点", "个点"), ("percent", 1)),
    **dict.fromkeys(("mm", "毫米", "millimetre", "millimeter", "millimetres", "millimeters"), ("length", 1)),
    **dict.fromkeys(("cm", "厘米", "公分", "centimetre", "centimeter", "centimetres", "centimeters"), ("length", 10)),
    **dict.fromkeys(("m", "米", "metre", "meter", "metres", "meters"), ("length", 1000)),
    **dict.fromkeys(("km", "公里", "千米", "kilometre", "kilometer", "kilometres", "kilometers"), ("length", 1e6)),
    **dict.fromkeys(("里", "里路", "里地"), ("length", 5e5)),
    **dict.fromkeys(("mile", "miles"), ("mile", 1)),
    **dict.fromkeys(("inch", "inches", "英寸", "寸"), ("inch", 1)),
    **dict.fromkeys(("mg", "毫克"), ("mass", 1e-3)),
    **dict.fromkeys(("g", "克", "gram", "grams", "gr"), ("mass", 1)),
    **dict.fromkeys(("两重",), ("mass", 50)),
    **dict.fromkeys(("斤",), ("mass", 500)),
    **dict.fromkeys(("kg", "公斤", "千克", "kilo", "kilos", "kilogram", "kilograms", "kgs"), ("mass", 1000)),
    **dict.fromkeys(("吨", "tonne", "tonnes", "ton", "tons"), ("mass", 1e6)),
    **dict.fromkeys(("lb", "lbs"), ("lb", 1)),
    **dict.fromkeys(("ml", "毫升", "millilitre", "milliliter", "millilitres", "milliliters"), ("volume", 1)),
    **dict.fromkeys(("l", "升", "公升", "litre", "liter", "litres", "liters"), ("volume", 1000)),
    **dict.fromkeys(("w", "瓦", "watt", "watts"), ("power", 1)),
    **dict.fromkeys(("kw", "千瓦"), ("power", 1000)),
    **dict.fromkeys(("v", "伏", "volt", "volts"), ("volt", 1)),
    **dict.fromkeys(("mah", "毫安", "毫安时"), ("charge", 1)),
    **dict.fromkeys(("gb", "g内存"), ("storage", 1)),
    **dict.fromkeys(("mb",), ("storage", 1 / 1024)),
    **dict.fromkeys(("tb",), ("storage", 1024)),
    **dict.fromkeys(("hz", "赫兹"), ("hertz", 1)),
    **dict.fromkeys(("db", "分贝"), ("loudness", 1)),
    **dict.fromkeys(("°c", "℃", "度", "摄氏度", "degrees", "degree", "degrees celsius", "°"), ("degree", 1)),
    **dict.fromkeys(("°f", "华氏度", "degrees fahrenheit"), ("fahrenheit", 1)),
    **dict.fromkeys(("分", "积分", "个积分", "points", "point"), ("point", 1)),
    **dict.fromkeys(("次", "回", "遍", "趟", "times", "time"), ("occasion", 1)),
    **dict.fromkeys(("人", "名", "位", "个人", "people", "persons", "person", "staff", "agents"), ("people", 1)),
    **dict.fromkeys(("期", "instalments", "installments"), ("instalment", 1)),
    **dict.fromkeys(("号", "楼", "层", "级", "码", "页", "章", "条", "项", "版", "星", "star", "stars"), ("rank", 1)),
    **dict.fromkeys(
        (
            "个", "件", "只", "台", "张", "款", "家", "瓶", "盒", "包", "份", "双", "套", "种", "间", "单", "本", "支",
            "把", "箱", "袋", "块儿", "片", "颗", "根", "部", "门", "万", "辆", "组", "处", "座", "句", "字", "场",
            "批", "类",
            "items", "item", "pieces", "piece", "pcs", "units", "unit", "packs", "pack", "boxes", "box", "bottles",
            "orders", "order", "warehouses", "stores", "copies", "colours", "colors", "sizes", "shirts", "languages",
            "dialects", "parcels", "reviews", "ways", "steps", "photos", "pairs", "bags",
        ),
        ("count", 1),
    ),
}  # fmt: skip
"""Kind and size of a unit."""
_UNIT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_ASCII_END = r"(?:(?<=[a-z])(?![a-z])|(?<![a-z]))"
NUMBER = r"(?<![\d.a-z/_])\d+(?:\.\d+)?"
BETWEEN = r"\s?(?:-|–|—|~|至|到|或(?:者)?|to|or)\s?"
_COMPOUND = r"\s?(?:full |natural |calendar |consecutive |整|个整)?"
LINK = re.compile(
    r"(?:https?://|www\.)[^\s,。，)）]+|(?<![\w@.])[a-z0-9-]+\.(?:com|cn|net|org|shop|io"
    r"|co\.uk)(?:/[^\s,。]*)?(?![a-z])"
)
MAIL = re.compile(r"(?<![a-z0-9_.+-])[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,64}\.[a-z0-9.-]{1,64}")
_MONTH_NAMES = (
    {name: n for n, name in enumerate(MONTHS, 1)} | {name[:3]: n for n, name in enumerate(MONTHS, 1)} | {"sept": 9}
)
_MONTH = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
DATE = re.compile(
    rf"(?P<y>(?:19|20)\d\d|(?<!\d)\d\d(?=年))\s?[-/.年]\s?(?P<m>1[0-2]|0?[1-9])\s?[-/.月]\s?(?P<d>3[01]"
    rf"|[12]\d|0?[1-9])(?!\d)\s?[日号]?"
    rf"|(?<!\d)(?P<m2>1[0-2]|0?[1-9])月(?P<d2>3[01]|[12]\d|0?[1-9])(?!\d)\s?[日号]?"
    rf"|(?<!\d)(?P<d3>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s(?:of )?(?P<m3>{_MONTH})\b\.?(?:,? (?P<y3>(?:19|20)\d\d))?"
    rf"|\b(?P<m4>{_MONTH})\.? (?:the )?(?P<d4>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y4>(?:19|20)\d\d))?"
    rf"|(?<![\d/.])(?P<m5>1[0-2]|0?[1-9])/(?P<d5>3[01]|[12]\d|0?[1-9])/(?P<y5>(?:19|20)\d\d)(?![\d/])"
)
MONTH = re.compile(
    rf"(?<!\d)(1[0-2]|[1-9])月(?:份|底|初|中旬)?(?!\d|饼|经)|\b(?:in|by|until|since|early|late|mid|mid-|of"
    rf"|from) ({_MONTH})\b"
)
PARTS = {
    **dict.fromkeys(("凌晨", "早上", "上午", "早", "清晨", "am", "a.m.", "a.m", "am.", "in the morning"), 0),
    **dict.fromkeys(("中午",), 12),
    **dict.fromkeys(("晚上", "晚", "半夜", "夜里", "in the evening"), 18),
    **dict.fromkeys(("下午", "傍晚", "午后", "pm", "pm.", "p.m.", "p.m", "in the afternoon"), 12),
}
_PART_ZH = "凌晨|半夜|早上|上午|清晨|早|中午|下午|晚上|傍晚|夜里|午后|晚"
_PART_EN = r"[ap]\.?m\b\.?"
CLOCK = re.compile(
    rf"(?:(?P<part>{_PART_ZH})的?)?\s?(?<![\d.:])(?P<h>[01]?\d"
    rf"|2[0-4])(?:[::](?P<min>[0-5]\d)(?::[0-5]\d)?\s?(?P<p1>{_PART_EN}|in the (?:morning|evening"
    rf"|afternoon))?"
    rf"|点(?!击|赞|心|[多几])(?:(?P<half>半)|(?P<min2>[0-5]?\d)分?|(?P<quarter>1刻|一刻)|整|钟)?"
    rf"|\s?(?P<p2>{_PART_EN})|\s?o'?clock(?: (?P<p3>in the (?:morning|evening|afternoon)))?"
    rf"|\s(?P<p4>in the (?:morning|evening|afternoon)))(?!\d)"
)
SHORT_HOURS = re.compile(
    r"(?<![a-z0-9])(?:早(?P<a>\d{1,2})点?晚(?P<b>\d{1,2})点?|(?P<c>\d{1,2})(?: ?a\.?m\.?)?\s?(?:-|–|to"
    r"|until|till)\s?(?P<d>\d{1,2}) ?p\.?m\.?)(?!\d)"
)
NOON = re.compile(r"\b(noon|midday|midnight)\b|正午|午夜")
PHONE = re.compile(
    r"(?<![\d.a-z-])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
    r"|\+?\(?\d{1,4}\)?[ -]\(?\d{2,4}\)?[ -]\d{3,4}(?:[ -]\d{2,4})?|0\d{2,3}-?\d{7,8}"
    r"|1-\d{3}-\d{3}-\d{4})(?![\d-])"
)
MONEY = re.compile(r"([¥$€£])\s?(\d+(?:\.\d+)?)(?:\s?(?:-|–|~|to)\s?[¥$€£]?(\d+(?:\.\d+)?))?(?!\d)")
SIGNS = {"¥": "yuan", "$": "dollar", "€": "euro", "£": "pound"}
YUAN_AND = re.compile(r"(?<![\d.])(\d+)\s?(?:块|元)(\d)(?:毛|角)?(?!\d|[元块天个])")
OFF = re.compile(r"(?<![\d.])(\d(?:\.\d)?)折")
_MORE = rf"(?:\s?(?:{_UNIT})?{BETWEEN}(\d+(?:\.\d+)?))?"
MEASURED = re.compile(rf"({NUMBER}){_MORE}\s?-?{_COMPOUND}((?:{_UNIT}){_ASCII_END})(?![a-z]|(?<=包)邮)")
STARS = re.compile(r"stars?")
RATIO = re.compile(r"(?<![\d:])\d{1,2}:\d{1,2}(?![\d:])")
CODE = re.compile(
    r"(?<![a-z0-9_-])(?=[a-z0-9/-]{0,60}[\d_])(?=[a-z0-9/_-]{0,60}[a-z])[a-z0-9]+(?:[/_-][a-z0-9]+)*(?![a-z0-9])"
)
_DAY_ZH, _DAY_EN = (
    r"(?:周|星期|礼拜)([1-7一二三四五六日天末])(?![0-9年月内个期])",
    r"\b(mon|tues|wednes|thurs|fri|satur|sun|weekend)(?:days?|s)?\b",
)
WEEKDAY = re.compile(
    rf"{_DAY_ZH}(?:\s?(?:至|到|-|~)\s?{_DAY_ZH})?|{_DAY_EN}(?:\s?(?:to|-|–|through|until)\s?{_DAY_EN})?"
)
WEEKDAYS = (
    {**{str(n): n for n in range(1, 8)}, **{c: n for n, c in enumerate("一二三四五六日", 1)}, "天": 7, "末": 8}
    | {name: n for n, name in enumerate(("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"), 1)}
    | {"weekend": 8}
)
_SHORT = r"(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)"
SHORT_DAYS = re.compile(rf"\b{_SHORT}\.?\s?(?:-|–|to|through)\s?{_SHORT}\b\.?")
"""Days are cut short from one to another alone: the sun is no day."""
DAYS = {
    "mo": "monday",
    "tu": "tuesday",
    "we": "wednesday",
    "th": "thursday",
    "fr": "friday",
    "sa": "saturday",
    "su": "sunday",
}
HINTS = re.compile(r"\d|@|周|星期|礼拜|夜|午|day|weekend|night|www|\.[a-z]|_")
"""One of these stands in every text that states a value."""
IN_WORDS_EN = (
    (re.compile(r"(?<![\w.])half (?:the (?:price|cost)|price|(?=off\b))|\bhalf-price\b"), "50% "),
    (re.compile(r"(?<!half )\ba quarter (?:off|of the (?:price|cost|fee|total))\b"), "25%"),
    (re.compile(r"\ba (?:third|3rd) (?:off|of the (?:price|cost|fee|total))\b"), "33%"),
    (re.compile(r"\ba tenth\b"), "10%"),
    (re.compile(r"\bthree quarters of an hour\b"), "45 minutes"),
    (re.compile(r"\b(?:a )?quarter of an hour\b"), "15 minutes"),
    (re.compile(r"\bhalf a year\b"), "6 months"),
    (re.compile(r"\bhalf an? (?=(?:litre|liter|kilo|metre|meter|mile|pound|tonne)\b)"), "0.5 "),
    (re.compile(r"\ban? (metre|meter|litre|liter|kilo|mile) and a half\b"), r"1.5 \1"),
    (
        re.compile(
            r"(?<![\d.])(\d{1,9}) (pounds?|quid|dollars?|euros?) (?:and )?(\d\d)(?: (?:pence|cents?))?"
            r"(?![\d.]| (?:days|hours))"
        ),
        r"\1.\3 \2",
    ),
    (re.compile(r"\b(?:a couple of|2) (?:dozen|12)\b"), "24"),
    (re.compile(r"\bthrice\b"), "3 times"),
    (re.compile(r"\btwice\b"), "2 times"),
    (re.compile(r"\b(have|has|got|get|allow) a (?=(?:full )?(?:week|month|year|day)\b)"), r"\1 1 "),
    (re.compile(r"\b(got|get|have) a fortnight\b"), r"\1 14 days"),
    (re.compile(r"\bgigs?\b|\bgigabytes?\b"), "gb"),
    (re.compile(r"\bterabytes?\b"), "tb"),
    (re.compile(r"\bmilliamp[- ]hours?\b"), "mah"),
    (re.compile(r"\b(?:at |on )?(?:the )?weekends\b|\bsaturdays? and sundays?\b"), "saturday to sunday"),
    (re.compile(r"\b(\d{1,2}) to (5|6)(?=[.;]?$)"), r"\1am to \2pm"),
    (
        re.compile(
            r"(?:shipping|delivery|postage) costs nothing"
            r"|(?:don't|do not|never) charge (?:you )?(?:anything |a thing )?for (?:shipping|delivery|postage)"
            r"|(?:shipping|delivery|postage)(?:'s| is) (?:free|on us|on the house|covered)"
        ),
        "free shipping",
    ),
    (
        re.compile(
            r"(?:won't|doesn't|don't|will not) cost you (?:a (?:penny|cent|thing)|anything)|\bat no cost\b"
            r"|\bfor nothing\b|\bon the house\b"
        ),
        "free",
    ),
)
HINT_EN = re.compile(
    r"\b(?:half|quarters?|tenth|thrice|twice|dozen|third|3rd|12|litre|kilo|metre|meter|mile|liter|pounds?|quid|dollars?"
    r"|euros?|have|has|got|get|allow|gigs?|gigabytes?|terabytes?|milliamp|weekends|saturdays?|[56]|nothing|charge|cost"
    r"|house|(?:shipping|delivery|postage)(?:'s| is))\b"
)
"""One of these stands in every English text that says a value in such words."""
IN_WORDS_ZH = (
    (re.compile(r"半价|对折"), "50%"),
    (re.compile(r"(?<![\d.])(\d)成(?![为本功分立都套])"), r"\g<1>0%"),
    (re.compile(r"(?<!\d)[1一]刻钟"), "15分钟"),
    (re.compile(r"(?<![一大多\d])半(?=升|米|吨|公里)"), "0.5"),
    (re.compile(r"(?<![\u3400-\u9fff])[1一]打(?![开折包])"), "12个"),
    (re.compile(r"周六(?:和|、|及)?周?日|周末两天"), "周六到周日"),
    (
        re.compile(
            r"(?:不收|不要|不用|不需|不必|不另收|无需)(?:付|出|掏)?(?:任何)?(?:运费|邮费|快递费)|(?:运费|邮费|快递费)0元"
            r"|(?:运费|邮费|快递费)(?:我们|店里|商家|卖家|本店)(?:来)?(?:出|付|承担|包)"
        ),
        "包邮免运费",
    ),
)
HINT_ZH = re.compile(r"[半折成刻打]|周六|周末|[运邮递]费")
STANDS_FOR = (
    (re.compile(r"\bbetween (\d+(?:\.\d+)?) and (?=\d)"), r"\1-"),
    (re.compile(r"\b(?:on |every )?weekdays\b"), "monday to friday"),
    (re.compile(r"(?<![\d个])工作日(?!内)"), "周一到周五"),
    (re.compile(r"\b7 days a week\b|\bevery day\b|\bdaily\b|每天(?=\D)"), "monday to sunday"),
    (re.compile(r"\bin full\b|\bfull refund\b|全额"), "100%"),
    (re.compile(r"年底"), "12月31日"),
    (re.compile(r"\bfrom (\d{1,2}) to (\d{1,2})(?=[,.;\s]*$|[,.;])"), r"\1am to \2pm"),
)
"""What says a number without one."""
BARE = re.compile(rf"({NUMBER})(?:{BETWEEN}(\d+(?:\.\d+)?))?(?![\d/]|\.\d)")
LISTED = re.compile(r"(?m)^[ \t]*(?:[(（]?\d{1,2}(?:[.)、:]\s?(?!\d)|[)）])|step \d+\s?[:.)]|第\d步[::,]?)")
FIRST_POINT, POINTS = re.compile(r"(?:^|\s)1[.)、]"), re.compile(r"(?:^|(?<=\s))\d{1,2}[.)、](?=\s?\D)")
MINUTES_BEHIND = re.compile(r"(?<=小时\d)分(?!钟)|(?<=小时\d\d)分(?!钟)")
AROUND_THE_CLOCK = re.compile(
    r"24\s?/\s?7|7\s?[*x×]\s?24(?:小时)?|24小时(?:客服|在线|服务|热线)|24[- ]hours? (?:a day|support|hotline|service)"
)


@dataclass(frozen=True)
class StatedValue:
    """One stated fact: `kind` is what is measured, or what it is; `low` to `high` in the smallest unit.

    `written` is the number as it stands, without its unit; `words` are those of a code, a link, or a unit that only
    counts.
    """

    kind: str
    low: float = 0.0
    high: float = 0.0
    written: tuple[float, ...] = ()
    words: str = ""
    start: int = 0
    end: int = 0

    def equals(self, other: "StatedValue") -> bool:
        """Tell whether two values say the same, in whatever writing; a number without a unit fits any."""
        if self.kind == other.kind:
            return _SAME.get(self.kind, _same)(self, other)
        if "number" in (self.kind, other.kind):
            return bool(self.written) and self.written == other.written
        if {self.kind, other.kind} == {"month", "time"}:
            months, days = (self, other) if self.kind == "month" else (other, self)
            return months.low * 30 * DAY == days.low and months.high * 30 * DAY == days.high
        return False

    def rivals(self, other: "StatedValue") -> bool:
        """Tell whether another value of the kind says something else: neither the same, nor a point of a range."""
        if self.kind != other.kind or self.kind == "link" or self.equals(other):
            return False
        if self.kind in ("count", "rank"):
            return self.words == other.words
        if self.kind == "code":
            return self.words[:2] == other.words[:2]
        if self.kind in ("date", "clock"):
            return True
        point, span = (self, other) if self.low == self.high else (other, self)
        return not (point.low == point.high and span.low <= point.low <= span.high and span.low < span.high)


def _same(one: StatedValue, other: StatedValue) -> bool:
    """Compare ends and words."""
    return one.words == other.words and abs(one.low - other.low) + abs(one.high - other.high) < 1e-6 * max(
        1.0, one.high
    )


def _same_count(one: StatedValue, other: StatedValue) -> bool:
    """Compare numbers of things, whatever they are counted in: three items are three pieces."""
    return (one.low, one.high) == (other.low, other.high)


def _same_date(one: StatedValue, other: StatedValue) -> bool:
    """Compare dates; one without a year fits any year."""
    return one.low == other.low and (not one.high or not other.high or one.high == other.high)


def _same_time(one: StatedValue, other: StatedValue) -> bool:
    """Compare times of day; one without half of the day (`high` is 0) fits both."""
    return one.low % 720 == other.low % 720 if not (one.high and other.high) else one.low == other.low


_SAME = {"date": _same_date, "clock": _same_time, "count": _same_count, "people": _same_count}


@lru_cache(maxsize=8192)
def values(text: str) -> tuple[StatedValue, ...]:
    """List the values that a text states, in their order. Numbers of a list, and 24/7, are none."""
    left = laid_out(text)
    if not HINTS.search(left):
        return ()
    found: list[StatedValue] = []
    for reader in READERS:
        matches = list(reader(left))
        found += matches
        for value in matches:
            left = left[: value.start] + "\n" * (value.end - value.start) + left[value.end :]
    return tuple(sorted(found, key=lambda value: value.start))


@lru_cache(maxsize=8192)
def laid_out(text: str) -> str:
    """Give a text as its values are read from: plain, in digits, without list numbers, and with what stands for one.

    `start` and `end` of a value are places in it.
    """
    text = in_digits(text)
    text = LISTED.sub(lambda m: " " * len(m[0]), AROUND_THE_CLOCK.sub(" ", text))
    if FIRST_POINT.search(text):
        text = POINTS.sub(lambda m: " " * len(m[0]), text)
    text = SHORT_DAYS.sub(lambda m: f"{DAYS[m[1][:2]]} to {DAYS[m[2][:2]]}", text)
    for hint, wordings in ((HINT_EN, IN_WORDS_EN), (HINT_ZH, IN_WORDS_ZH)):
        if hint.search(text):
            for pattern, new in wordings:
                text = pattern.sub(new, text)
    for pattern, new in STANDS_FOR:
        text = pattern.sub(new, text)
    return MINUTES_BEHIND.sub("分钟", text)


def _of_pattern(pattern: re.Pattern[str], kind: str) -> Callable[[str], Iterator[StatedValue]]:
    def read(text: str) -> Iterator[StatedValue]:
        for found in pattern.finditer(text):
            words = re.sub(r"[^\w/@.]" if kind == "code" else r"[^\w/@.-]", "", found[0]).strip("./")
            yield StatedValue(kind, words=words, start=found.start(), end=found.end())

    return read


def _phones(text: str) -> Iterator[StatedValue]:
    for found in PHONE.finditer(text):
        yield StatedValue("phone", words=re.sub(r"\D", "", found[0]), start=found.start(), end=found.end())


def _dates(text: str) -> Iterator[StatedValue]:
    for found in DATE.finditer(text):
        part = found.groupdict()
        month = next(part[name] for name in ("m", "m2", "m3", "m4", "m5") if part[name])
        day = next(part[name] for name in ("d", "d2", "d3", "d4", "d5") if part[name])
        year = next((int(part[name]) for name in ("y", "y3", "y4", "y5") if part[name]), 0)
        number = _MONTH_NAMES[month] if month in _MONTH_NAMES else int(month)
        full = year + 2000 if 0 < year < 100 else year
        yield StatedValue("date", 100 * number + int(day), full, start=found.start(), end=found.end())


def _clock(minutes: float, is_certain: bool, start: int, end: int) -> StatedValue:
    return StatedValue("clock", minutes % 1440, float(is_certain), start=start, end=end)


def _short_hours(text: str) -> Iterator[StatedValue]:
    for found in SHORT_HOURS.finditer(text):
        opens, closes = (int(n) for n in found.groups() if n)
        middle = (found.start() + found.end()) // 2
        # "2 to 6 pm" lies in one half of the day; "9 to 6 pm" does not.
        opens += 12 if found["c"] and "a" not in found[0] and opens < closes else 0
        yield _clock(60 * opens, True, found.start(), middle)
        yield _clock(60 * (closes % 12 + 12), True, middle, found.end())


def _clocks(text: str) -> Iterator[StatedValue]:
    carried, ended = None, -10
    for found in CLOCK.finditer(text):
        offset = PARTS.get(found["part"] or found["p1"] or found["p2"] or found["p3"] or found["p4"] or "")
        if offset is None and found.start() - ended <= 3:
            offset = carried
        hour = int(found["h"])
        minute = int(found["min"] or found["min2"] or (30 if found["half"] else 15 if found["quarter"] else 0))
        is_certain = offset is not None or hour > 12 or hour == 0 or found["h"].startswith("0")
        if offset in (12, 18) and hour < 12:
            hour += 12
        elif (offset in (0, 18) and hour == 12) or hour == 24:
            hour = 0
        carried, ended = offset, found.end()
        yield _clock(60 * hour + minute, is_certain, found.start(), found.end())
    for found in NOON.finditer(text):
        is_night = "night" in found[0] or "夜" in found[0]
        yield _clock(0 if is_night else 720, True, found.start(), found.end())


def _numbered(kind: str, size: float, ends: tuple[str, str | None], found: re.Match[str]) -> StatedValue:
    """Make a value of a number, or of a range from one to another, times the size of its unit."""
    low, high = float(ends[0]), float(ends[1] or ends[0])
    written = (low, high) if ends[1] else (low,)
    return StatedValue(kind, low * size, high * size, written, start=found.start(), end=found.end())


def _money(text: str) -> Iterator[StatedValue]:
    for found in MONEY.finditer(text):
        yield _numbered(SIGNS[found[1]], 1, (found[2], found[3]), found)
    for found in YUAN_AND.finditer(text):
        yield _numbered("yuan", 1, (f"{found[1]}.{found[2]}", None), found)
    for found in OFF.finditer(text):
        off = 100 - 10 * float(found[1])
        yield StatedValue("percent", off, off, (float(found[1]),), start=found.start(), end=found.end())


def _measured(text: str) -> Iterator[StatedValue]:
    for found in MEASURED.finditer(text):
        kind, size = UNITS[found[3]]
        value = _numbered(kind, size, (found[1], found[2]), found)
        yield replace(value, words=STARS.sub("星", found[3])) if kind in ("count", "rank") else value


def _months(text: str) -> Iterator[StatedValue]:
    for found in MONTH.finditer(text):
        number = found[1] or str(_MONTH_NAMES[found[2]])
        yield _numbered("in_month", 1, (number, None), found)


def _weekdays(text: str) -> Iterator[StatedValue]:
    for found in WEEKDAY.finditer(text):
        first, last = (WEEKDAYS[day] for day in (found[1] or found[3], found[2] or found[4] or found[1] or found[3]))
        yield StatedValue("weekday", first, last, (), "", found.start(), found.end())


def _bare(text: str) -> Iterator[StatedValue]:
    for found in BARE.finditer(text):
        yield _numbered("number", 1, (found[1], found[2]), found)


READERS = (
    _of_pattern(MAIL, "link"), _of_pattern(LINK, "link"), _dates, _phones, _short_hours, _clocks,
    _of_pattern(RATIO, "ratio"), _money, _weekdays, _measured, _of_pattern(CODE, "code"), _months, _bare,
)  # fmt: skip


def grounds(value: StatedValue, others: Iterable[StatedValue]) -> bool:
    """Tell whether one of some values says the same, or is a range that the value lies in: 3 days of 1 to 3."""
    return any(
        value.equals(o) or (value.written and value.kind == o.kind and o.low <= value.low == value.high <= o.high)
        for o in others
    )


def holds(value: StatedValue, others: Iterable[StatedValue]) -> bool:
    """Tell whether one of some values says the same."""
    return any(value.equals(other) for other in others)
