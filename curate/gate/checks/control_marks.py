"""Marks of a chat template, and labels of who speaks."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, any_new, en, zh
from rules.control_tokens import TOKENS
from schemas.identity import Identity

MARKS = re.compile(
    rf"{TOKENS}|<\|[^|<>\n]{{0,40}}\|?>?|\|>|\[/?(?:SYS|USER|ASSISTANT|SYSTEM|BOT|END)\]|</?(?:think"
    rf"|thinking|user|assistant|system|bot|eos|pad|unk|answer|im_end)>"
    r"|<(?:bos|eos|pad|unk|sep|cls|mask)>|(?:^|\n)\s*#{2,}|#{3,}",
    re.IGNORECASE,
)
SPEAKERS = re.compile(
    r"(?:^|[\n。.!！?？>\]|])\s*(?:\**)(assistant|user|human|system|ai|bot|agent|customer|q|a|question"
    r"|answer|助手|用户|客服|顾客|客户|系统|机器人|人工|问|答|提问|回答|问题|答案"
    r"|使用者)\**\s*[:：]",
    re.IGNORECASE,
)


class ControlMarks(Check):
    """`<|im_end|>`, `[INST]`, `<think>`, `Assistant:`, 用户：, which its parent does not have."""

    title_zh: ClassVar[str] = "混入了对话模板的控制符，或“用户：”“Assistant:”这样的说话人标签"
    rank: ClassVar[int] = 10
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("导出时<|x|>丢了", "一导出<|x|>就不见了"),
            zh("问题：充不上电", "问题：电充不进去"),
            en("Why is my user name wrong?", "How come the user name I have is wrong?"),
        ),
        refuses=(
            zh("怎么退款", "要怎样才能退款呢<|im_end|>"),
            zh("怎么退款", "用户：退款要怎么弄"),
            en("Where is my order?", "User: where has my order got to?"),
            en("Where is my order?", "<think>ok</think>Where has my order got to?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        return any(
            any_new(pattern.findall(candidate.text), pattern.findall(candidate.parent)) for pattern in (MARKS, SPEAKERS)
        )
