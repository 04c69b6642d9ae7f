"""Fakes: values of the same shape that are nobody's.

A fake is built so that it can be told from a real value without any list: it begins with what no authority gives out
for its kind, and ends with check digits over the rest. The release gate passes what adds up, and only that.
"""

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import NamedTuple

from rules.lexicons import lexicon
from rules.personal import BLANK
from schemas.digest import digest

CONSONANTS = "bcdfghjklmnpqrst"
"""A hexadecimal digit as a letter: no number and no word comes out of it by chance."""


class NumberShape(NamedTuple):
    """How the fake of a number looks: its beginning, how many digits it has, how many of them are check digits."""

    start: str
    length: int
    checks: int


SHAPES: dict[str, NumberShape] = {
    "mobile": NumberShape("12", 11, 5),  # mobile numbers begin with 13 to 19
    "landline": NumberShape("0000", 12, 5),  # area codes are 010, 02x and 03xx to 09xx
    "phone": NumberShape("000", 10, 4),  # no area code and no country begins with 0
    "id_card": NumberShape("99", 18, 5),  # provinces are 11 to 91
    "bank_card": NumberShape("000", 16, 5),  # no card scheme begins with 0
    "ssn": NumberShape("000", 9, 4),  # area 000 is never given out
    "passport": NumberShape("000", 12, 5),
    "qq": NumberShape("0", 10, 5),  # QQ numbers do not begin with 0
    "order_number": NumberShape("0000", 16, 6),
    "waybill": NumberShape("0000", 16, 6),
}
LETTERS: dict[str, str] = {
    "email": "{}@example.com",  # RFC 2606: nobody's
    "wechat": "wx_{}",
    "api_key": "sk-fake-{}",
    "url_token": "fake{}",
    "iban": "XX00{}",  # XX is no country
}
"""Kinds whose fake is eight letters with six check letters, somewhere in this."""
PLATE = "京I"
"""How the fake of a licence plate begins."""
MAC = "00-00-5E-00-53-"
ADDRESS_ZH, ADDRESS_EN = "示例省示例市示例区示例路{}号", "{} Example Street, Exampleville"
STEMS = "甲乙丙丁戊己庚辛壬癸"
SURNAMES = "赵钱孙李周吴郑王冯陈"
FIRST_NAMES = lexicon("first_names")[:100]
AddsUp = Callable[[re.Match[str]], bool]


def _check(kind: str, body: str, length: int) -> str:
    """Compute the check digits: the digest of the kind and the body, modulo 10^length."""
    return str(int(digest("fake", kind, body), 16) % 10**length).zfill(length)


def _check_letters(kind: str, body: str) -> str:
    return letters(digest("fake", kind, body), 6)


def letters(number: str, length: int) -> str:
    """Write the first digits of a hexadecimal number in consonants."""
    return "".join(CONSONANTS[int(figure, 16)] for figure in number[:length])


def _number(kind: str, seed: str, value: str) -> str:
    """Make a number that begins as no real one does and ends in check digits, with the separators of the value."""
    shape = SHAPES[kind]
    body = shape.start + str(int(seed, 16))[-(shape.length - len(shape.start) - shape.checks) :]
    digits = body + _check(kind, body, shape.checks)

    # The separators of the value are kept where it has as many digits, ASCII all of them.
    if len(re.findall(r"\d", value)) != shape.length or not re.fullmatch(r"\d(?:[- ]?\d)*", value, re.ASCII):
        return digits
    remaining = iter(digits)
    return re.sub(r"\d", lambda _: next(remaining), value)


def _word(kind: str, seed: str) -> str:
    body = letters(seed, 8)
    return LETTERS[kind].format(body + _check_letters(kind, body))


def _plate(seed: str) -> str:
    """Make a licence plate: the letter I stands on no real one."""
    body = str(int(seed, 16))[-3:]
    return f"{PLATE}{body}{_check('licence_plate', body, 2)}"


def _ip(seed: str) -> str:
    """Make an address in 240.0.0.0/4, which was never given out; its last two numbers are the check."""
    first, second = 240 + int(seed[0], 16) % 15, int(seed[1:3], 16)
    return ".".join(map(str, (first, second, *_ip_check(first, second))))


def _ip_check(first: int, second: int) -> tuple[int, int]:
    check = int(digest("fake", "ip", first, second)[:4], 16)
    return check >> 8, check & 255


def _mac(seed: str) -> str:
    """Make an address in 00-00-5E-00-53-xx, which is for documentation (RFC 7042)."""
    return MAC + seed[:2].upper()


def _address(seed: str, chinese: bool) -> str:
    number = int(seed, 16) % 9000 + 1000
    return (ADDRESS_ZH if chinese else ADDRESS_EN).format(number)


def _name(seed: str, chinese: bool) -> str:
    """Make a name: 某 stands in no real one, and nobody is called Example."""
    choice = int(seed, 16)
    if chinese:
        return f"{SURNAMES[choice % 10]}某{STEMS[choice // 10 % 10]}"
    return f"{FIRST_NAMES[choice % len(FIRST_NAMES)]} Example"


def fake(kind: str, seed: str, value: str, chinese: bool) -> str:
    """Make a value of that kind that is nobody's. `seed` is a digest that chooses it, `value` gives its separators."""
    if kind in SHAPES:
        return _number(kind, seed, value)
    if kind in LETTERS:
        return _word(kind, seed)
    if kind in ("address", "person_name"):
        return {"address": _address, "person_name": _name}[kind](seed, chinese)
    return {"licence_plate": _plate, "ip": _ip, "mac": _mac}[kind](seed)


def without_fakes(text: str, kinds: Collection[str]) -> str:
    """Blank out the fakes of these kinds, character by character; what does not add up stays."""
    for kind in kinds:
        pattern, adds_up = _recogniser(kind)
        text = pattern.sub(lambda match, ok=adds_up: BLANK * len(match[0]) if ok(match) else match[0], text)  # type: ignore[misc]
    return text


@cache
def _recogniser(kind: str) -> tuple[re.Pattern[str], AddsUp]:
    """Compile what a fake of that kind looks like, with the test whether one adds up."""
    if kind in SHAPES:
        shape = SHAPES[kind]
        start = "[- ]?".join(shape.start)
        return re.compile(
            rf"(?<![0-9]){start}(?:[- ]?[0-9]){{{shape.length - len(shape.start)}}}(?![0-9])"
        ), _is_number(kind)
    if kind in LETTERS:
        body = re.escape(LETTERS[kind]).replace(r"\{\}", f"([{CONSONANTS}]{{8}})([{CONSONANTS}]{{6}})")
        return re.compile(rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])"), lambda m: _check_letters(kind, m[1]) == m[2]
    return re.compile(OTHERS[kind]), {"licence_plate": _is_plate, "ip": _is_ip}.get(kind, lambda _: True)


def _is_number(kind: str) -> AddsUp:
    checks = SHAPES[kind].checks

    def adds_up(match: re.Match[str]) -> bool:
        digits = re.sub("[- ]", "", match[0])
        return _check(kind, digits[:-checks], checks) == digits[-checks:]

    return adds_up


def _is_plate(match: re.Match[str]) -> bool:
    return _check("licence_plate", match[1], 2) == match[2]


def _is_ip(match: re.Match[str]) -> bool:
    first, second, third, fourth = map(int, match.groups())
    return _ip_check(first, second) == (third, fourth)


OTHERS: dict[str, str] = {
    "licence_plate": rf"{PLATE}([0-9]{{3}})([0-9]{{2}})(?![0-9A-Za-z])",
    "ip": r"(?<![0-9])(?<![0-9]\.)(2[45][0-9])\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?!\.?[0-9])",
    "mac": rf"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-){MAC}[0-9A-F]{{2}}(?!-?[0-9A-Za-z])",
    "address": rf"{ADDRESS_ZH.format('[0-9]{4}')}|(?<![0-9]){ADDRESS_EN.format('[0-9]{4}')}(?![A-Za-z])",
    "person_name": rf"[{SURNAMES}]某[{STEMS}]|(?<![A-Za-z])(?:{'|'.join(FIRST_NAMES)}) Example(?![a-z])",
}
FAKED = frozenset((*SHAPES, *LETTERS, *OTHERS))
"""The kinds that can be faked: a test holds that these are all."""
