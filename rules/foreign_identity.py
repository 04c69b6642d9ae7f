"""Replies that claim to be another assistant."""

import re
from functools import cache
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import lexicon

MAKERS = ("Google", "Meta AI", "Microsoft", "百度", "阿里巴巴", "腾讯", "华为")
MADE_BY = "训练|开发|研发|创造|推出|打造|研制|提供支持"


class ForeignIdentity(Rule):
    """ "I am ChatGPT", "作为由 OpenAI 训练的…": a second identity. Denials and mere mentions pass.

    `own` names what is yours and therefore not foreign.
    """

    title_zh: ClassVar[str] = (
        "自称是别的助手（“我是ChatGPT”“作为由 OpenAI 训练的…”），成了第二个身份；否认和单纯提到的不算"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "我不是ChatGPT",
            "ChatGPT 是 OpenAI 的产品",
            "I'm not Claude.",
            "我是小喵，由技术吧开发",
            "我用的是Kimi",
            "作为通用的大语言模型，GLM 和 Llama 各有所长",
            "I am using DeepSeek every day.",
            "豆包是早餐，我是面包师",
            "这款音箱是由百度开发的",
            "I am allergic to llamas",
            "You can leave a review on platforms such as Google or Gemini.",
            "作为 ChatGPT 的替代品，这款更便宜",
            "As Google says, the shop opens at nine.",
        ),
        drops=(
            "我是ChatGPT，有什么可以帮你",
            "作为由OpenAI训练的语言模型，我不能",
            "I am Claude, made by Anthropic.",
            "我叫通义千问",
            "As a language model trained by OpenAI, I cannot",
            "I'm an AI assistant developed by Alibaba Cloud",
            "我是文心一言",
            "您好，我是 DeepSeek 助手",
            "我是智谱AI的GLM",
            "我是Kimi，由月之暗面科技有限公司研发",
            "我是豆包",
            "I was created by Anthropic.",
            "My name is Llama.",
            "我是由阿里云开发的大模型",
        ),
    )

    own: tuple[str, ...] = ()

    def hints(self) -> tuple[str, ...]:
        own = {name.casefold() for name in self.own}
        return tuple(name for name in (*lexicon("rivals"), *MAKERS) if name.casefold() not in own)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(_claim_of(self.hints()))


@cache
def _claim_of(foreign: tuple[str, ...]) -> str:
    """Make the pattern of a claim to be one of the foreign assistants, or to be made by one of their makers.

    Two others ask the same in other words: `train.guards._introduces_itself_as_rival` stops a training, by the rivals
    of the recipe alone; `train.metrics._answer_checks.names_rival_undenied` marks answers of the exam.
    """
    names, makers = _any_name(set(foreign) - set(MAKERS)), _any_name(set(foreign))
    am_zh = (
        rf"(?:我是|我叫|我的名字是|我的名字叫|我就是|本人是|本助手是|这里是)\s?(?:一个|一款|一名|来自)?\s?(?:{names})"
    )
    as_zh = (
        rf"(?:作为|身为)\s?(?:一个|一款|一名)?\s?(?:{names})\s?"
        r"(?:[，,]\s?我|我|(?:智能|AI|人工智能)?(?:助手|模型|语言模型|大模型)[，,])"
    )
    made_by_zh = rf"(?:我是|我|作为|身为)[^。！？\n用]{{0,12}}由\s?(?:{makers})[^。！？\n]{{0,12}}(?:{MADE_BY})"
    am_en = rf"(?-u:\b)(?:I am|I'm|I’m|my name is|this is)\s+(?:{names})"
    as_en = rf"(?:^|[.!?\n]\s?)as\s+(?:{names})"
    made_by_en = (
        r"(?-u:\b)(?:I am|I'm|I’m|I was|as an?)\s+(?:an?\s+)?(?:AI|large|language|virtual|chat|assistant)?"
        r"[^.!?\n]{0,40}"
        rf"(?-u:\b)(?:trained|developed|created|made|built)\s+by\s+(?:{makers})"
    )
    return f"(?i){am_zh}|{as_zh}|{made_by_zh}|{am_en}|{as_en}|{made_by_en}"


def _any_name(names: set[str]) -> str:
    """Make a pattern of names: those in Latin letters end where the word ends."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(rf"{re.escape(name)}(?-u:\b)" if name.isascii() else re.escape(name) for name in ordered)
