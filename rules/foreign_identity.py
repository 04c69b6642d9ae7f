"""Replies that claim to be another assistant."""

import re
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import words


class ForeignIdentity(Rule):
    """ "I am ChatGPT", "作为由 OpenAI 训练的…": a second identity. Denials and mere mentions pass."""

    title_zh: ClassVar[str] = "自称是别的助手"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "我不是ChatGPT",
            "ChatGPT 是 OpenAI 的产品",
            "I'm not Claude.",
            "我是小喵，由技术吧开发",
            "我用的是Kimi",
        ),
        drops=(
            "我是ChatGPT，有什么可以帮你",
            "作为由OpenAI训练的语言模型，我不能",
            "I am Claude, made by Anthropic.",
            "我叫通义千问",
            "As a language model trained by OpenAI, I cannot",
            "I'm an AI assistant developed by Alibaba Cloud",
        ),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(_claim())

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score


def _claim() -> str:
    names = "|".join(
        re.escape(name)
        for name in sorted((*words("rivals"), "Google", "Meta AI", "百度", "阿里巴巴"), key=len, reverse=True)
    )
    zh = rf"(?:我是|我叫|我的名字是|我就是|本人是|作为|身为)(?:一个|一款|一名|由|来自)?(?:{names})"
    made_zh = (
        rf"(?:我是|作为|身为)[^。！？\n]{{0,12}}由\s?(?:{names})[^。！？\n]{{0,6}}(?:训练|开发|研发|创造|推出|打造)"
    )
    en = rf"\b(?:I am|I'm|I’m|my name is|this is|as)\s+(?:an?\s+)?(?:{names})\b"
    made_en = (
        r"\b(?:I am|I'm|I’m|as)\s+(?:an?\s+)?(?:AI|large|language|virtual|chat|assistant)[^.!?\n]{0,40}"
        rf"\b(?:trained|developed|created|made|built)\s+by\s+(?:{names})\b"
    )
    return f"(?i){zh}|{made_zh}|{en}|{made_en}"
