"""Keys of programs and services."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, matches

PATTERN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|pk|rk)[-_](?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,30}"
    r"|AKID[0-9A-Za-z]{32}|AIza[0-9A-Za-z_\-]{35}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_\-]{20,}"
    r"|hf_[A-Za-z0-9]{30,}|xox[abeprs]-[A-Za-z0-9\-]{11,}|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,})"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s]{16,}(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?"
)
NAMED = re.compile(
    r"(?:(?<![A-Za-z])(?:[a-z]{1,12}[ _-]?)?(?:key(?:[ _-]?id)?|secret|token)|密钥|秘钥|令牌|口令"
    r"|(?<![A-Za-z])Bearer)[\"'”]?"
    r"(?:\s{0,3}[:=]\s{0,3}|\s{0,2}(?:是|为|is )\s{0,2}|\s{1,2}|(?<=[钥牌令]))[\"'“]?"
    r"(?P<it>(?=[A-Za-z_\-+/.]*\d)(?=[\d_\-+/.]*[A-Za-z])[A-Za-z0-9_\-+/]{16,}={0,2})",
    re.IGNORECASE,
)
READABLE = re.compile(r"(?:[A-Za-z]+|\d{1,4})(?:[-_/.](?:[A-Za-z]+|\d{1,4}))+")
"""Words and small numbers in a row: a name, no key."""


class ApiKey(PersonalData):
    """Keys by the prefix of their issuer, private keys, and long mixed strings after a word for a key."""

    label_zh = "密钥"
    label_en = "KEY"
    title_zh = "API 密钥、私钥和访问令牌"
    priority = 2
    is_rare = True
    gate = r"[A-Za-z0-9_+/=.-]{16}|-----BEGIN"
    screen = (
        r"(?i-u:[sprk]k[-_]|akia|asia|ltai|akid|aiza|gh[pousr]_|github_pat|glpat|hf_|xox|eyj|private key)"
        r"|(?:(?i-u:key|secret|token|bearer)|密钥|秘钥|令牌|口令)(?:[^A-Za-z0-9]|[iI][dDsS])*[A-Za-z0-9_+/-]{16}"
    )
    in_addresses = True
    examples = PersonalExamples(
        finds=(
            ("密钥是sk-proj-abcdEFGH1234567890", "sk-proj-abcdEFGH1234567890"),
            ("用AKIAIOSFODNN7EXAMPLE登录", "AKIAIOSFODNN7EXAMPLE"),
            ("api_key=a1b2c3d4e5f6a7b8c9d0", "a1b2c3d4e5f6a7b8c9d0"),
            ("secret: 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
            ("ghp_0123456789abcdefghijABCDEFGHIJ456789", "ghp_0123456789abcdefghijABCDEFGHIJ456789"),
            ("Authorization: Bearer q1w2e3r4t5y6u7i8o9p0", "q1w2e3r4t5y6u7i8o9p0"),
        ),
        spares=(
            "sk-II神仙水",
            "the key is on the table",
            "risk-free",
            "token 数量 4096",
            "desk-mounted-monitor-arm-stand",
            "key 0123456789012345678",
            "digest 0123456789abcdef0123456789abcdef",
            "sk-learn-style-estimators",
            "the key is state-of-the-art-2024",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        named = [(start, end) for start, end in matches(NAMED, text) if not READABLE.fullmatch(text[start:end])]
        return named + matches(PATTERN, text)
