"""Links that lead to others."""

import re
from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule

HOST = re.compile(r"(?:https?://|www\.)(?:[^\s/@]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE)


class ForeignUrl(Rule):
    """A reply with a link to a competitor (`rivals`), or, once `own` names your domains, to any domain but those.
    Subdomains count as their domain.
    """

    title_zh: ClassVar[str] = (
        "回复里的链接指向竞争对手（rivals）；写明自己的域名（own）后，指向其他任何域名都算；子域名同主域名"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "请看 https://help.shop.example/1",
            "see www.shop.example for more",
            "shop.example 是我们的网址",
            "没有链接",
        ),
        drops=(
            "请看 https://www.other.example/1",
            "see http://notshop.example.org",
            "www.rival.example 更便宜",
        ),
        settings={"own": ("shop.example",), "rivals": ("rival.example",)},
    )

    action: Action = "review"
    own: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()

    def hints(self) -> tuple[str, ...]:
        return ("http", "www.")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        if not self.own and not self.rivals:
            return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        return pl.Series([any(map(self._is_foreign, HOST.findall(text))) for text in frame["reply"]], dtype=pl.Boolean)

    def _is_foreign(self, host: str) -> bool:
        name = "." + host.casefold().strip(".")
        if any(name.endswith("." + rival.casefold()) for rival in self.rivals):
            return True
        return bool(self.own) and not any(name.endswith("." + own.casefold()) for own in self.own)
