"""When two texts say the same, and when they only look alike: numbers, units, negations and names decide."""

import re
import unicodedata

NUMBER = re.compile(
    r"\d+(?:[.,:/-]\d+)*\s*(?:%|℃|[a-z]{1,6}|[年月日号天周时分秒元块角件个次折度斤克米寸期级岁人间楼层星]|小时|分钟|工作日)?"
    r"|[一二两三四五六七八九十百千万半几]+(?=[年月日号天周元块件个次折度斤期级岁]|小时|分钟|工作日)"
)
NEGATION = re.compile(
    r"不|没|未|别|无|非|勿|否|(?<![a-z])(?:no|not|never|none|cannot|without)(?![a-z])|n['’]t(?![a-z])"
)
LATIN = re.compile(r"[a-z][a-z0-9+-]*")
HAN = re.compile(r"[\u3400-\u9fff]")
UNSAID = re.compile(r"[\s\W_]+")


def plain_view(text: str) -> str:
    """The text as it is compared: NFKC, small letters, without spaces and punctuation. Digits and words stay."""
    return UNSAID.sub("", unicodedata.normalize("NFKC", text).casefold())


def differs_in_fact(one: str, other: str) -> bool:
    """Whether the two differ in a number, a unit, a negation, or, in Chinese text, in a Latin name."""
    return _facts(one) != _facts(other)


def _facts(text: str) -> tuple[list[str], list[str], list[str]]:
    text = unicodedata.normalize("NFKC", text).casefold()
    numbers = sorted(re.sub(r"\s", "", number) for number in NUMBER.findall(text))
    names = sorted(LATIN.findall(text)) if HAN.search(text) else []
    return numbers, sorted(NEGATION.findall(text)), names
