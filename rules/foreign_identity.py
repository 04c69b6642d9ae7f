"""Replies that claim to be another assistant."""

from functools import cache
from typing import ClassVar

import polars as pl
from pydantic import PrivateAttr

from rules import Examples, Rule
from rules._introductions import claims, marked
from schemas.identity import Identity
from schemas.introductions.claims import foreign_claims, leaves_a_blank, own_names
from schemas.introductions.known import any_name, known, spellings
from schemas.introductions.self_descriptions import ABOUT_ITSELF, ASKED, describes_another
from schemas.introductions.words import AI_ZH, MAKER, NAME, OWN, Step, for_polars


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

    sees_all = ("identity", "refusal", "general")

    own: tuple[str, ...] = ()
    _identity: Identity | None = PrivateAttr(None)

    def knowing(self, identity: Identity) -> "ForeignIdentity":
        if not own_names(identity):
            return self
        rule = self.model_copy()
        rule._identity = identity
        return rule

    def hints(self) -> tuple[str, ...]:
        return _shortest(self._foreign(*LISTS), ASSISTANTS if self._identity else ())

    def score(self, frame: pl.DataFrame) -> pl.Series:
        if self.own:
            frame = frame.with_columns(
                pl.col("reply").str.replace_many(list(self.own), OWN, ascii_case_insensitive=True)
            )
        replies = frame["reply"]
        if self._identity is None:
            return self._by_known_names(replies)

        # Most rows are shown for a word that assistants and customers say; few hold a known name.
        forms = _shortest(self._foreign(*LISTS), ())
        named = replies.str.contains_any(list(forms), ascii_case_insensitive=True) | replies.str.contains(ODD)
        nothing = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        found = nothing.scatter(named.arg_true(), self._by_known_names(replies.filter(named)))

        rows = _may_be_of_any(frame, named)
        rows = (rows | found if self._knows_ours(self._identity) else rows & ~found).arg_true()
        return found.scatter(rows, _are_of_another(frame[rows], self._identity))

    def _by_known_names(self, replies: pl.Series) -> pl.Series:
        """Find claims by the names that everybody knows, and by the recipe's rivals."""
        return claims(marked(replies, self._signs()), NAME + MAKER)

    def _knows_ours(self, identity: Identity) -> bool:
        """Tell whether a name of ours is among the known ones, or a part of one, or holds one."""
        forms = _shortest(self._foreign(*LISTS), ())
        ours = [name.lower() for name in own_names(identity)]
        return any(form in name or name in form for name in ours for form in forms)

    def _signs(self) -> tuple[Step, ...]:
        """Name the steps that put signs for the foreign names."""
        return (
            (_any_of(self._foreign("rivals", "assistants")), NAME),
            (_any_of(self._foreign("makers")), MAKER),
        )

    def _foreign(self, *lists: str) -> tuple[str, ...]:
        """List the names of these lists that are not ours, and the recipe's own rivals among the first."""
        own = {name.casefold() for name in self.own}
        rivals = self._identity.rivals if self._identity and "rivals" in lists else ()
        names = (*(name for which in lists for name in known(which)), *rivals)
        return tuple(dict.fromkeys(name for name in names if name.casefold() not in own))


LISTS = ("rivals", "assistants", "makers")
ASSISTANTS = (*AI_ZH.split("|"), "assistant", "chatbot", "chat bot", "language model", "robot", "virtual agent")
"""Words of which one stands where the assistant says what it is."""


ODD = "[\u017f\u212a]"
"""Letters that a pattern without case takes for ASCII ones, and a literal search does not."""


@cache
def _shortest(names: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """List the spellings of names, and words, without those that hold another one."""
    forms = {form.lower() for name in names for form in spellings(name)}.union(words)
    return tuple(sorted(form for form in forms if not any(other != form and other in form for other in forms)))


def _may_be_of_any(frame: pl.DataFrame, named: pl.Series) -> pl.Series:
    """Tell which records may be about the assistant: all identity rows, and those that ask or say what it is.

    Conversations with customers only where no known name stands: the claims by those are found already.
    """
    is_about = frame["reply"].str.contains(for_polars(ABOUT_ITSELF))
    is_asked = frame["last_question"].str.contains(for_polars(ASKED))
    is_domain = frame["kind"] == "domain"
    return (frame["kind"] == "identity") | (is_domain & is_about & ~named) | (~is_domain & (is_about | is_asked))


def _are_of_another(records: pl.DataFrame, identity: Identity) -> pl.Series:
    rows = records.select("kind", "last_question", "reply").iter_rows()
    return pl.Series([_is_another(kind, asked, reply, identity) for kind, asked, reply in rows], dtype=pl.Boolean)


def _is_another(kind: str, question: str, reply: str, identity: Identity) -> bool:
    """Tell whether the reply of a record claims to be of another than the identity; a placeholder is nobody."""
    if foreign_claims(reply, identity, strict=False):
        return True
    if leaves_a_blank(reply, strict=kind == "identity"):
        return False
    if kind == "identity":
        return foreign_claims(reply, identity, strict=True)
    return describes_another(question, reply, identity)


@cache
def _any_of(names: tuple[str, ...]) -> str:
    return any_name(names)
