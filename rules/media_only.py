"""Questions that were pictures."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule

MEDIA = ("图片", "语音", "视频", "表情", "文件", "链接", "image", "photo", "voice", "video", "sticker")


class MediaOnly(Rule):
    """The customer sent only pictures, voice or stickers: the answer speaks of what the text does not show."""

    title_zh: ClassVar[str] = "客户只发了图片、语音或表情：回答说的东西，文字里看不到"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"question": "[图片]这个能退吗", "reply": "可以"},
            {"question": "[订单号1]", "reply": "在路上"},
            {"question": "图片在哪里看", "reply": "点详情"},
            {"question": "How do I send a [photo]?", "reply": "Tap the plus."},
        ),
        drops=(
            {"question": "[图片]", "reply": "这款可以的"},
            {"question": "[语音] [动画表情]", "reply": "好的"},
            {"question": "[image]", "reply": "Yes, it fits."},
        ),
    )

    def hints(self) -> tuple[str, ...]:
        return tuple(f"{medium}]" for medium in MEDIA)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["question"].str.contains(rf"(?i)^(?:\s*\[[^\[\]\n]{{0,8}}(?:{'|'.join(MEDIA)})\]\s*)+$")
