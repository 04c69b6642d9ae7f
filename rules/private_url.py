"""Links that work inside a company only."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule, cut

DOMAINS = ("local", "internal", "corp", "lan", "intranet")
"""Top-level domains that no public server has."""
HOST = (
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|10(?:\.[0-9]{1,3}){3}|192\.168(?:\.[0-9]{1,3}){2}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]{1,3}){2}"
    rf"|(?:[A-Za-z0-9-]+\.)+(?:{'|'.join(DOMAINS)}|intra)|[A-Za-z0-9-]+)"
)
URL = (
    rf"(?:https?|ftp)://{HOST}(?::[0-9]{{1,5}})?(?P<a>$|[\s，。、；！？）)\"'])"
    rf"|(?:https?|ftp)://{HOST}(?::[0-9]{{1,5}})?/[!-~]*"
    rf"|(?:localhost|(?:[A-Za-z0-9-]+\.)+(?:{'|'.join(DOMAINS)}))(?::[0-9]{{1,5}}|/[!-~]+)(?:/[!-~]*)?"
)


class PrivateUrl(Rule):
    """A reply with a link that works inside a company only: localhost, 10.x, 172.16–31.x, 192.168.x, a host without a
    dot, `.local`, `.internal`, `.corp`. The repair cuts the link out.
    """

    title_zh: ClassVar[str] = (
        "回复里有只在公司内部能打开的链接：localhost、10.x、172.16–31.x、192.168.x、不带点的主机名、"
        ".local、.internal、.corp；修复即删去链接"
    )
    repairs = ("assistant",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "请看 https://help.example.com/10.1.1.1",
            "路由器地址是192.168.1.1",
            "https://110.1.1.1/a",
            "our local shop",
            "http://a.local.example/",
            "版本 10.2.3.4",
        ),
        drops=(
            "见 http://localhost:8080/a",
            "http://10.1.2.3/wiki 里有",
            "工单在 https://jira/browse/A-1",
            "see https://wiki.corp/page",
            "http://192.168.0.8:9000",
            "jira.internal/browse/1",
        ),
        fixes=(
            ("步骤见 http://10.1.2.3/wiki", "步骤见"),
            ("See https://wiki.corp/page for more.", "See for more."),
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return ("://", "localhost", *(f".{domain}" for domain in DOMAINS))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(URL)

    def fix(self, text: str) -> str:
        return cut(URL, text)
