"""E-mail addresses."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Email(PersonalData):
    """Anything with a mailbox, an at sign and a domain, also between Han characters."""

    label_zh: ClassVar[str] = "邮箱"
    label_en: ClassVar[str] = "EMAIL"
    title_zh: ClassVar[str] = "电子邮箱"
    priority: ClassVar[int] = 5
    screen: ClassVar[str] = r"[@＠]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("邮箱zhang.san@example.com谢谢", "zhang.san@example.com"),
            ("write to a_b+c@mail.example.co.uk.", "a_b+c@mail.example.co.uk"),
            ("１２３＠ｑｑ.ｃｏｍ", "１２３＠ｑｑ.ｃｏｍ"),
        ),
        spares=("@115850 hi", "__email__", "see you @ 5", "a@b", "价格@店长"),
    )
