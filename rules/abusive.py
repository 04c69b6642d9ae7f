"""Insults and hate."""

import re
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import lexicon


class Abusive(Rule):
    """A reply that insults, curses or hates, by a word list. An angry customer is no reason to lose a good answer.

    `also` adds words of your own. English words count whole, Chinese ones wherever they stand.
    """

    title_zh: ClassVar[str] = "回复中有辱骂、诅咒或仇恨用语（按词表）；客户骂人不影响好的回答"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "抱歉给您带来不便",
            {"question": "你们是傻逼吗", "reply": "非常抱歉，马上为您处理"},
            "Assholes Lane 5",
            "这款去死皮效果很好，也可以送给我妈妈的朋友",
            "废物利用的小窍门在页面里",
            "Our Scunthorpe shop sells flame-retardant coats.",
        ),
        drops=("你个傻逼", "Fuck you!", "滚蛋", "真他妈的烦", "you're such an ASSHOLE", "亲fuck"),
    )

    also: tuple[str, ...] = ()

    def hints(self) -> tuple[str, ...]:
        return (*lexicon("abusive"), *self.also)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        listed = [re.escape(word) for word in self.hints()]
        han = "|".join(word for word in listed if not word.isascii())
        latin = "|".join(word for word in listed if word.isascii())
        return frame["reply"].str.contains(rf"(?i){han}|(?-u:\b)(?:{latin})(?-u:\b)")
