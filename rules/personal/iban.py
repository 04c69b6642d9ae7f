"""International bank account numbers."""

import re

from rules.personal import DENSE, PersonalData, Span, Spans, matches

PATTERN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
DIGITS = re.compile(DENSE)
LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27,
    "KW": 30, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "QA": 29, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip


class Iban(PersonalData):
    """A country, two check digits (ISO 13616, mod 97) and as many places as that country's accounts have."""

    label_zh = "国际银行账号"
    label_en = "IBAN"
    title_zh = "国际银行账号（IBAN），校验码成立"
    priority = 8
    is_seldom = True
    screen = r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11}"
    examples = Spans(
        finds=(
            ("pay to GB82 WEST 1234 5698 7654 32 please", "GB82 WEST 1234 5698 7654 32"),
            ("IBAN：DE89370400440532013000。", "DE89370400440532013000"),
        ),
        spares=("GB83 WEST 1234 5698 7654 32", "DE8937040044053201300", "XX89370400440532013000", "AB12 is my seat"),
    )

    def spans(self, view: str) -> list[Span]:
        found = []
        for start, end in matches(PATTERN, view):
            # Words may follow after a space: the country says how many places belong to the account.
            places = LENGTHS.get(view[start : start + 2].upper(), 0)
            stop = _end(view, start, end, places)
            if stop and DIGITS.search(view, start, stop) and _adds_up(view[start:stop]):
                found.append((start, stop))
        return found


def _end(view: str, start: int, end: int, places: int) -> int:
    """Where the account ends: after so many letters and digits; 0 when there are fewer or a word goes on."""
    seen = 0
    for place in range(start, end):
        seen += view[place].isalnum()
        if seen == places:
            return 0 if view[place + 1 : place + 2].isalnum() else place + 1
    return 0


def _adds_up(found: str) -> bool:
    account = re.sub(r"[ -]", "", found).upper()
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1
