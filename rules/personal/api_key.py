"""Keys of programs and services."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class ApiKey(PersonalData):
    """Keys by the prefix of their issuer, and long mixed strings after a word for a key."""

    label_zh: ClassVar[str] = "密钥"
    label_en: ClassVar[str] = "KEY"
    title_zh: ClassVar[str] = "API 密钥"
    priority: ClassVar[int] = 2
    screen: ClassVar[str] = (
        r"(?i)[sprk]{2}[-_]|AKIA|LTAI|AIza|gh[pousr]_|glpat|xox|eyJ|key|secret|token|密钥|秘钥|令牌|口令"
    )
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![A-Za-z0-9])(?:[sprk]k[-_][A-Za-z0-9_\-]{16,}|AKIA[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,30}|AIza[0-9A-Za-z_\-]{35}"
        r"|gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_\-]{20,}|xox[abeprs]-[A-Za-z0-9\-]{10,}"
        r"|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,})"
        r"|(?:(?<![A-Za-z])(?:api|app|access|secret)?[ _-]?(?:key|secret|token)|密钥|秘钥|令牌|口令)[\"']?"
        r"(?:\s*[:：=]\s*|\s*(?:是|为|is)\s*|\s)[\"']?(?P<it>(?=[A-Za-z_\-+/]*\d)(?=[\d_\-+/]*[A-Za-z])[A-Za-z0-9_\-+/]{16,}=*)",
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("密钥是sk-proj-abcdEFGH1234567890", "sk-proj-abcdEFGH1234567890"),
            ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            ("api_key=a1b2c3d4e5f6a7b8c9d0", "a1b2c3d4e5f6a7b8c9d0"),
        ),
        spares=(
            "sk-II神仙水",
            "the key is on the table",
            "risk-free",
            "token 数量 4096",
            "desk-mounted-monitor-arm-stand",
        ),
    )
