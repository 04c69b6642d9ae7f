"""A name that the parent has and the rewording has not."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning import names
from curate.gate.meaning.instructions import spoken
from curate.gate.meaning.others import others_in
from schemas.identity import Identity, Names
from schemas.introductions.claims import own_names, says

XIAO_MIAO = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Techbar"))


class NameLost(Check):
    """The assistant's name, its maker's, a rival's, a model, a brand or a code of the parent is missing."""

    title_zh: ClassVar[str] = "丢了原文里的名字：助手、开发者、竞品、型号、品牌或编号"
    rank: ClassVar[int] = 47
    examples: ClassVar[GateExamples] = GateExamples(
        identity=XIAO_MIAO,
        keeps=(
            zh("小喵你几岁", "小喵多大啦"),
            zh("红米K60的wifi打不开", "我的红米K60连不上无线网"),
            en("Does it run on GPT-4?", "is gpt4 what's under it"),
        ),
        refuses=(
            zh("小喵你几岁", "你多大啦"),
            zh("你是DeepSeek吧", "你就是那个模型吧"),
            en("can I change the Harlow sofa", "can the sofa be changed"),
            en("I'm Miao by Techbar.", "I'm an assistant by Techbar.", part="answer"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text, spoken(candidate.parent)
        if any(says(parent, name) and not says(text, name) for name in own_names(identity)):
            return True
        gone = others_in(parent, identity) - others_in(text, identity)
        if any(names.squeezed(name) not in names.squeezed(text) for name in gone):
            return True
        return bool(names.lost(parent, text, chinese=candidate.is_chinese))
