"""Numbers as a sheet shows them: 0.15 with the format `0%` is 15%, 371 with `000000` is 000371."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0",
            39: "#,##0.00", 40: "#,##0.00"}  # fmt: skip
"""The formats of Excel that every workbook knows by a number, as far as they are of plain numbers."""
CODE = re.compile(r"(?P<before>[^#0?]*)(?P<whole>[#0?,]*[0?#])(?:\.(?P<decimals>[0#?]+))?(?P<after>[^#0?]*)")
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
"""What stands in a code for itself, for a space, for a currency, or for a colour."""
PLAIN = re.compile(r"[\s¥￥$€£%+()元-]*")
"""What may stand around the digits without quotation marks."""
SHIFT = 0xF0000
"""Added to characters that stand for themselves."""
LONGEST = 15
"""Digits that a number of a sheet has; more were lost before."""
GROUPED = 10**8
"""Numbers from here on keep their digits together: a telephone or card number must still look like one."""


def shown_number(value: str, code: str) -> str | None:
    """Write a number as its format shows it; None where the format is no plain one, or the number too long."""
    section = code.split(";")[0]
    match = CODE.fullmatch(_without_literals(section))
    if match is None or not PLAIN.fullmatch(_unquoted(match["before"] + match["after"])):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.as_tuple().digits) > LONGEST + 2 or abs(number) >= 10**LONGEST:
        return None
    if "%" in _unquoted(match["after"]):
        number *= 100

    # As many decimals as the code has; those that are `#` are left out where they are 0.
    decimals = match["decimals"] or ""
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    while fraction and decimals[len(fraction) - 1] == "#" and fraction.endswith("0"):
        fraction = fraction[:-1]
    digits = match["whole"].replace(",", "").count("0")
    whole = whole.zfill(digits)
    if "," in match["whole"] and digits <= 1 and rounded < GROUPED:
        whole = f"{int(whole):,}"
    sign = "-" if number < 0 and rounded else ""
    before, after = _restored(match["before"]), _restored(match["after"])
    return f"{sign}{before}{whole}{'.' if fraction else ''}{fraction}{after}".strip()


def _without_literals(section: str) -> str:
    """Write what stands for itself in characters that no code has."""

    def shifted(match: re.Match[str]) -> str:
        literal = match[1] or match[2] or match[3] or ""
        return "".join(chr(ord(letter) + SHIFT) for letter in literal if ord(letter) < SHIFT)

    return LITERAL.sub(shifted, section)


def _unquoted(text: str) -> str:
    return "".join(letter for letter in text if ord(letter) < SHIFT)


def _restored(text: str) -> str:
    return "".join(chr(ord(letter) - SHIFT) if ord(letter) >= SHIFT else letter for letter in text)
