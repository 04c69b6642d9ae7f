"""What is left of a text and of its rewording without all that both say: what was lost, and what was added."""

import re
from functools import lru_cache
from typing import NamedTuple

from curate.gate.meaning.concepts import mentions, readable
from rules.lexicons import lexicon

EMPTY_ZH = re.compile(
    r"请问一下|请问|麻烦|你好|您好|谢谢|想问下|想问|问下|问一下|帮忙|一下|这个|那个|怎么|如何|什么|是不是"
    r"|有没有|能不能|可不可以|可以|应该|需要|已经|现在|还是|就是|但是|不过"
    r"|因为|所以|如果|的话|时候|之后|之前|以后"
    r"|[的了吗呢啊呀吧哦么啦嘛哈我你您他她它们是在有就都也还又要会能想请把被给跟和与或及而但很太这那哪谁个"
    r"到上下去来从对为用得着过地儿才再让里好多没不一块元满张]"
)
"""Words that carry no fact."""
EMPTY_EN = frozenset(lexicon("empty_words"))
NUMBER = re.compile(
    r"[\d.,:]+(?:st|nd|rd|th)?|[一二两三四五六七八九十百千万零]+(?=[个天点月年周次块元号分小张件位只条])"
)
ENDINGS = re.compile(r"(?:'s|ing|ed|es|s|ly|d)$")


class LeftOver(NamedTuple):
    """Han characters, or words in English: lost from the parent, added by the rewording, and what the parent has."""

    lost: int
    added: int
    parent: int


@lru_cache(1 << 12)
def left_over(parent: str, text: str, *, chinese: bool) -> LeftOver:
    """Compare both, without the concepts they share, numbers, and words that carry no fact."""
    ours, theirs = (mentions(side, chinese=chinese) for side in (parent, text))
    shared = {mention.concept for mention in ours} & {mention.concept for mention in theirs}
    read = _characters if chinese else _words
    sides = []
    for side, found in ((parent, ours), (text, theirs)):
        plain = list(readable(side))
        for mention in found:
            if mention.concept in shared:
                plain[mention.start : mention.end] = " " * (mention.end - mention.start)
        sides.append("".join(plain))
    everything = [set(map(_stem, read(readable(side), keep_empty=True))) for side in (parent, text)]
    lost = [word for word in read(sides[0]) if _stem(word) not in everything[1]]
    added = [word for word in read(sides[1]) if _stem(word) not in everything[0]]
    return LeftOver(len(lost), len(added), len(read(readable(parent))))


def _characters(text: str, *, keep_empty: bool = False) -> list[str]:
    text = text if keep_empty else EMPTY_ZH.sub(" ", NUMBER.sub(" ", text))
    return re.findall(r"[\u3400-\u9fff]|[a-z]{2,}", text)


def _words(text: str, *, keep_empty: bool = False) -> list[str]:
    words = re.findall(r"[a-z][a-z']+", text if keep_empty else NUMBER.sub(" ", text))
    return words if keep_empty else [word for word in words if word not in EMPTY_EN]


def _stem(word: str) -> str:
    return word if len(word) == 1 else ENDINGS.sub("", word)[:6]
