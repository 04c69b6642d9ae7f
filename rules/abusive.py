"""Insults."""

import re
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import words


class Abusive(Rule):
    """A reply that insults. An angry customer is no reason to lose a good answer."""

    title_zh: ClassVar[str] = "回复中有辱骂"
    examples: ClassVar[Examples] = Examples(
        keeps=("抱歉给您带来不便", {"question": "你们是傻逼吗", "reply": "非常抱歉，马上为您处理"}, "Assholes Lane 5"),
        drops=("你个傻逼", "Fuck you!", "滚蛋"),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        listed = [re.escape(w) for w in words("abusive")]
        han = "|".join(w for w in listed if not w.isascii())
        latin = "|".join(w for w in listed if w.isascii())
        return frame["reply"].str.contains(rf"(?i){han}|\b(?:{latin})\b")

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
