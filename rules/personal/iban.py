"""International bank account numbers."""

import re

from rules.personal import DENSE, PersonalData, PersonalExamples, Span, matches

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
    is_rare = True
    screen = r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11}"
    examples = PersonalExamples(
        finds=(
            ("pay to GB82 WEST 1234 5698 7654 32 please", "GB82 WEST 1234 5698 7654 32"),
            ("IBAN：DE89370400440532013000。", "DE89370400440532013000"),
        ),
        spares=("GB83 WEST 1234 5698 7654 32", "DE8937040044053201300", "XX89370400440532013000", "AB12 is my seat"),
    )

    def spans(self, text: str) -> list[Span]:
        spans = []
        for start, end in matches(PATTERN, text):
            # Words may follow after a space: the country says how many letters and digits belong to the account.
            length = LENGTHS.get(text[start : start + 2].upper(), 0)
            stop = _end(text, start, end, length)
            if stop and DIGITS.search(text, start, stop) and _adds_up(text[start:stop]):
                spans.append((start, stop))
        return spans


def _end(text: str, start: int, end: int, length: int) -> int:
    """Find where the account ends: after `length` letters and digits; 0 when there are fewer or a word goes on."""
    count = 0
    for offset in range(start, end):
        count += text[offset].isalnum()
        if count == length:
            return 0 if text[offset + 1 : offset + 2].isalnum() else offset + 1
    return 0


def _adds_up(account: str) -> bool:
    """Check the digits (ISO 13616, ISO 7064 mod 97-10).

    The first four go to the end, letters become 10 to 35, and the number leaves 1 when it is divided by 97.
    """
    account = re.sub(r"[ -]", "", account).upper()
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1
