"""Marks of a web page inside an answer."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule, cut

ELEMENTS = "div|span|p|br|a|b|i|u|em|strong|ul|ol|li|table|tbody|tr|td|th|img|font|h[1-6]|center|style|hr|pre|nobr"
BBCODE_LETTERS = ("b", "i", "u")
BBCODE_WORDS = ("url", "img", "color", "size", "quote")
ENTITIES = ("nbsp", "amp", "lt", "gt", "quot")
TAG = (
    rf"</?(?:{ELEMENTS}|{ELEMENTS.upper()})(?: [^<>\n]*=[^<>\n]*)? ?/?>"
    rf"|\[/?(?:{'|'.join((*BBCODE_LETTERS, *BBCODE_WORDS))})(?:=[^\[\]\n]+)?\]|&(?:{'|'.join(ENTITIES)});"
)


class MarkupLeft(Rule):
    """A business reply with HTML tags, entities or BBCode, which a customer would see as they stand. The repair strips
    them.
    """

    title_zh: ClassVar[str] = "业务回复残留 HTML 标签、实体或 BBCode，客户会原样看到；修复即去掉标记"
    kinds = ("domain", "identity", "refusal")
    repairs = ("assistant",)
    examples: ClassVar[Examples] = Examples(
        keeps=("尺寸 3<5 的都可以", "请填写<订单号>", "[订单号1]已发货", "a <b and b> c", "R&D 部门", "x < y"),
        drops=("<p>您好</p>", '请看<a href="x">这里</a>', "好的<br/>谢谢", "[b]重要[/b]", "A&nbsp;B"),
        fixes=(("<p>您好</p>", "您好"), ('请看<a href="x">这里</a>', "请看这里"), ("[b]重要[/b]", "重要")),
    )

    action: Action = "fix"

    def hints(self) -> tuple[str, ...]:
        letters, words = (f"[{letter}]" for letter in BBCODE_LETTERS), (f"[{word}" for word in BBCODE_WORDS)
        return ("<", "[/", *letters, *words, *(f"&{entity};" for entity in ENTITIES))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(TAG)

    def fix(self, text: str) -> str:
        return cut(TAG, text)
