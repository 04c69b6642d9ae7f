"""Another assistant, or another maker, that the parent does not speak of."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.others import others_in
from schemas.identity import Identity, Names
from schemas.introductions.claims import foreign_claims, own_names, says

XIAO_MIAO = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Techbar"))


class ForeignName(Check):
    """ChatGPT, 文心一言, OpenAI and all others that are known, where the parent does not name them; or an answer that
    claims to be, or to be made by, anybody but ours.
    """

    title_zh: ClassVar[str] = "出现了原文没有的其他助手或开发者（ChatGPT、文心一言、OpenAI……），或回答自称是别的助手"
    rank: ClassVar[int] = 28
    examples: ClassVar[GateExamples] = GateExamples(
        identity=XIAO_MIAO,
        keeps=(
            zh("你是ChatGPT吗", "跟我聊天的是ChatGPT吧", is_identity=True),
            zh("我是小喵。", "叫我小喵就好。", part="answer", is_identity=True),
            en("I'm Miao, not Claude.", "My name is Miao. I'm not Claude.", part="answer", is_identity=True),
        ),
        refuses=(
            zh("我是小喵。", "我叫通义千问。", part="answer", is_identity=True),
            zh("你是谁", "你是文心一言吗", is_identity=True),
            en("I'm Miao by Techbar.", "I'm Miao, and OpenAI made me.", part="answer", is_identity=True),
            en("I'm Miao.", "My name is Nova.", part="answer", is_identity=True),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        if others_in(candidate.text, identity) - others_in(f"{candidate.question}\n{candidate.answer}", identity):
            return True
        if candidate.part == "question" or not candidate.is_identity:
            return False
        kept = [name for name in own_names(identity) if says(candidate.answer, name)]
        strict = not kept or any(not says(candidate.text, name) for name in kept)
        return foreign_claims(candidate.text, identity, strict=strict) and not foreign_claims(
            candidate.answer, identity, strict=strict
        )
