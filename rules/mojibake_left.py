"""Text that no repair could bring back."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule

LOST = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")
"""What stands where a character was lost."""
GBK = "锛銆鈥"
"""How UTF-8 punctuation begins when it is read as GBK."""
APOSTROPHES = "抰抯抮抳"
"""An English apostrophe with the letter behind it, read as GBK."""
LEAD = "ÃÂâãäåæçèéï"
"""How a character of several UTF-8 bytes begins when it is read as Latin-1 …"""
TRAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
"""… and how it goes on."""


class MojibakeLeft(Rule):
    """A replacement character, or a run of the characters that a wrong encoding leaves (锟斤拷, Ã©, 锛): two encodings
    are mixed in one text.
    """

    title_zh: ClassVar[str] = "残留乱码：替换字符，或编码读错后留下的成串怪字（锟斤拷、Ã©、锛），一段文字里混了两种编码"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "café à la carte",
            "您好，Ångström",
            "烫手",
            "£5",
            "锛子是木工工具",
            "Grüße aus São Paulo",
            "naïve “quotes”",
        ),
        drops=(
            "订单\ufffd\ufffd已发货",
            "锟斤拷锟斤拷",
            "Ã©Ã¨Ã ",
            "烫烫烫烫",
            "æ\u0082¨å¥½ï¼\u008cè¯·",
            "浣犲ソ锛岃鍗曞凡鍙戣揣锛岃绋嶇瓑",
            "I don抰 know",
        ),
    )

    def hints(self) -> tuple[str, ...]:
        return (*LOST, *GBK, *LEAD, *APOSTROPHES)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["text"].str.contains(
            f"{'|'.join(LOST)}|(?:[ÃÂ][\u0080-\u00bf ]){{2,}}"
            f"|(?:[{LEAD}]{TRAIL}{{1,3}}){{3,}}|[{GBK}][^\n]{{0,20}}[{GBK}]|[a-z][{APOSTROPHES}](?:[ .,a-z]|$)"
        )
