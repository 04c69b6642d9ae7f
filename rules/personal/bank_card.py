"""Bank card numbers."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after, matches, names_goods

PATTERN = re.compile(
    r"(?=[2-69])(?<!\d)(?<!\d\.)(?:62(?:[ -]?\d){14,17}|4(?:[ -]?\d){15}(?:(?:[ -]?\d){3})?|4\d{12}"
    r"|5[0-8](?:[ -]?\d){10,17}"
    r"|2[2-7](?:[ -]?\d){14}|3[47](?:[ -]?\d){13}|35(?:[ -]?\d){14}|6(?:[ -]?\d){15}(?:(?:[ -]?\d){1,3})?"
    r"|3[068](?:[ -]?\d){12}|9558(?:[ -]?\d){15})(?!\d|\.\d)"
)
CARD_WORDS = "银行卡|储蓄卡|信用卡|借记卡|贷记卡|卡号|账号|账户|帐号|帐户"
CONTEXT = re.compile(
    rf"(?=[银储信借贷卡账帐abcd])(?:{CARD_WORDS}"
    r"|(?<![A-Za-z])(?:credit |debit |bank )?(?:card|account))"
    r"(?:卡号|号码?)?(?:[\s:#=(是为]| ?numbers?| ?no\.?|is){0,6}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d|\.\d)")
GROUPED = re.compile(r"\d+|\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,4})?|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{6}[ -]\d{10,13}")
"""How cards are written: whole, in fours, or as four, six and the rest. Two telephone numbers are no card."""
SCREEN = (
    r"(?:^|[^0-9])(?:62(?:D){14,17}|4(?:D){15}(?:(?:D){3})?|4[0-9]{12}|5[0-8](?:D){10,17}|2[2-7](?:D){14}|3[47](?:D){13}"
    r"|35(?:D){14}|6(?:D){15,18}|3[068](?:D){12}|9558(?:D){15})(?:[^0-9]|$)"
    rf"|(?:{CARD_WORDS}|(?i-u:card|account))"
    r"[^0-9]*[0-9]{4}(?:[ -]?[0-9]{4}){2}"
).replace("D", "[ -]?[0-9]")
ORDERED = re.compile(r"(?:订单|單號|单号|运单|快递|order|tracking|invoice)[^\d]{0,12}$", re.IGNORECASE)


class BankCard(PersonalData):
    """Thirteen to nineteen digits of a card scheme that pass Luhn's check, or that stand after a word for a card."""

    label_zh = "银行卡号"
    label_en = "CARD"
    title_zh = "银行卡号：通过 Luhn 校验的十三至十九位，或“卡号”之后的号码"
    priority = 20
    screen = SCREEN
    asks = r"卡号|银行卡|银行账[号户]|(?i:card number|account number)"
    answer = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d)")
    examples = PersonalExamples(
        finds=(
            ("银行卡号：123456789012", "123456789012"),
            ("转到6222021234567890128", "6222021234567890128"),
            ("银行卡6222 0212 3456 7890 128请查收", "6222 0212 3456 7890 128"),
            ("my card is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
            ("4111-1111-1111-1111", "4111-1111-1111-1111"),
            ("visa4111111111111111", "4111111111111111"),
            ("卡号6222021234567890123", "6222021234567890123"),
        ),
        spares=(
            "6222021234567890123",
            "4111 1111 1111 1112",
            "1234567890123456",
            "金额4111.1111",
            "20231124123456789",
            "订单号：4111111111111111",
            "条码：4006381333931",
            "银行卡尾号0128",
            "56877587 010-56877158",
            "充值卡100元",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        bare = [
            (start, end)
            for start, end in matches(PATTERN, text)
            if GROUPED.fullmatch(text[start:end])
            and _passes_luhn(text[start:end])
            and not names_goods(text, start)
            and not ORDERED.search(text[max(0, start - 16) : start])
        ]
        return bare + after(CONTEXT, TOKEN, text)


def _passes_luhn(number: str) -> bool:
    """Check the last digit (H. P. Luhn, ISO/IEC 7812-1 annex B).

    From the right every second digit is doubled, and the digits of all results add up to a multiple of ten.
    """
    digits = [int(character) for character in number if character.isdigit()]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[::-2]) + doubled) % 10 == 0
