"""Replies that claim to be another assistant."""

from functools import cache
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules._introductions import claims, marked
from schemas.introductions.known import any_name, known, spellings
from schemas.introductions.words import MAKER, NAME, OWN, Step


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
            "Microsoft made me change my password.",
            "“我是ChatGPT”，它回答",
            "我在阿里巴巴工作，我是那里的客服",
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
            "OpenAI开发了我。",
            "我的開發者是騰訊",
            "Google, who created me, does not allow it.",
        ),
    )

    own: tuple[str, ...] = ()

    def hints(self) -> tuple[str, ...]:
        forms = {form.lower() for name in self._foreign(*LISTS) for form in spellings(name)}
        return tuple(sorted(form for form in forms if not any(other != form and other in form for other in forms)))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        replies = frame["reply"]
        if self.own:
            replies = replies.str.replace_many(list(self.own), OWN, ascii_case_insensitive=True)
        return claims(marked(replies, self._signs()), NAME + MAKER)

    def _signs(self) -> tuple[Step, ...]:
        """Name the steps that put signs for the foreign names."""
        return (
            (_any_of(self._foreign("rivals", "assistants")), NAME),
            (_any_of(self._foreign("makers")), MAKER),
        )

    def _foreign(self, *lists: str) -> tuple[str, ...]:
        """List the names of these lists that are not ours."""
        own = {name.casefold() for name in self.own}
        return tuple(name for which in lists for name in known(which) if name.casefold() not in own)


LISTS = ("rivals", "assistants", "makers")


@cache
def _any_of(names: tuple[str, ...]) -> str:
    return any_name(names)
