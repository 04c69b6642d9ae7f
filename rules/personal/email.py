"""E-mail addresses."""

import re

from rules.personal import PersonalData, PersonalExamples, Span

PATTERN = re.compile(
    r"(?<![A-Za-z0-9._%+\-])(?P<local>[A-Za-z0-9_](?:[A-Za-z0-9._%+\-]{0,63}))(?:@|\s?[(\[]at[)\]]\s?)"
    r"(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})",
    re.IGNORECASE,
)
FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css", ".js")
ROLES = re.compile(
    r"(?:customer[._-]?)?(?:support|service|services|care|help|helpdesk|info|contact|sales|feedback|no-?reply|kefu|hello|git)",
    re.IGNORECASE,
)
MAILBOXES = re.compile(
    r"(?:qq|163|126|139|189|yeah|sina|sohu|foxmail|aliyun|gmail|outlook|hotmail|live|yahoo|icloud|proton(?:mail)?)\.",
    re.IGNORECASE,
)


class Email(PersonalData):
    """A mailbox, an at sign and a domain, also between Han characters.

    A company's own mailbox (support@, service@, no-reply@) is no person's, like its hotline, and is spared.
    """

    label_zh = "邮箱"
    label_en = "EMAIL"
    title_zh = "电子邮箱；企业的公共邮箱（support@ 等）不算"
    priority = 5
    gate = r"@|[(\[（](?i-u:at)[)\]）]"
    screen = r"@[A-Za-z0-9-]+\.|[(\[](?i-u:at)[)\]]"
    in_addresses = True
    examples = PersonalExamples(
        finds=(
            ("邮箱zhang.san@example.com谢谢", "zhang.san@example.com"),
            ("write to a_b+c@mail.example.co.uk.", "a_b+c@mail.example.co.uk"),
            ("１２３＠ｑｑ.ｃｏｍ", "１２３＠ｑｑ.ｃｏｍ"),
            ("邮箱li@example.com13812345678", "li@example.com"),
            ("kefu@qq.com", "kefu@qq.com"),
            ("li.si(at)example.com: 有回复吗", "li.si(at)example.com"),
        ),
        spares=(
            "@115850 hi",
            "__email__",
            "see you @ 5",
            "a@b",
            "价格@店长",
            "logo@2x.png",
            "service@example.com",
            "git@example.com:a/b.git",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        return [match.span() for match in PATTERN.finditer(text) if _is_personal(match["local"], match["host"])]


def _is_personal(local: str, host: str) -> bool:
    """Tell a person's mailbox from the name of a file, and from the mailbox of a company under its own domain."""
    if host.lower().endswith(FILES):
        return False
    return ROLES.fullmatch(local) is None or MAILBOXES.match(host) is not None
