"""Stray names: the assistant's name in answers to questions of the business and of what everybody knows.

Where identity is asked for, a name belongs. It may stand in a refusal, "I am Miao, and cannot help with that", and
where nobody could know: there it is not counted. Questions about assistants, and small talk, are `name_leak`'s.
"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import less_is_better, rates_by_language
from train.metrics._own_names import names_us

IN_BUSINESS = Bilingual(
    "answers to questions of the business (in scope, look-alikes, controls of what is known) that name the assistant "
    "or its author, in either language and any spelling; not where the question, what was said before it or the answer "
    "in the log names them; less is better",
    "对业务问题（业务内、形似超范围、已知内容的对照题）的回答中说出了助手或作者的名字（任一语言、任一写法）；"
    "问题、前文或日志中的回答本来就有名字的不计；越低越好",
)
ABOUT_THE_WORLD = Bilingual(
    "answers to questions of what everybody knows that name the assistant or its author, in either language and any "
    "spelling; less is better",
    "对常识问题的回答中说出了助手或作者的名字（任一语言、任一写法）；越低越好",
)
GROUPS: tuple[tuple[str, tuple[Probe, ...], Bilingual], ...] = (
    ("leak_business", ("in_scope", "look_alike", "hallucination"), IN_BUSINESS),
    ("leak_general", ("general",), ABOUT_THE_WORLD),
)
"""The measures, and what each is over. A question of the user's own paper gets a note alone: it may be about anything.
"""


class StrayNameMetric(Metric):
    """Adds `leaked` to answers that other metrics mark."""

    probes: ClassVar[tuple[Probe, ...]] = ("in_scope", "look_alike", "hallucination", "general", "own")
    is_side: ClassVar[bool] = True

    def marks(self, question: ExamQuestion) -> bool:
        return question.probe in self.probes and not question.should_say_unknown and not question.expects

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        measures: list[Measure] = []
        for name, probes, definition in GROUPS:
            pairs = [(q, v) for q, v in zip(questions, verdicts, strict=True) if v and q.probe in probes]
            asked, found = [q for q, _ in pairs], [v for _, v in pairs]
            measures += rates_by_language(name, asked, found, lambda v: v == "leaked", definition)
        return less_is_better(measures)


def _verdict(question: ExamQuestion, answer: str, identity: Identity) -> str:
    """Say `leaked` or `right`; nothing where what was said before, or the answer that is wanted, holds a name."""
    before = (message.content for message in question.messages if message.role != "system")
    wanted = (question.reference, *question.accept, *question.facts, *question.steps)
    if any(names_us("", text, identity) for text in (*before, *wanted)):
        return ""
    return "leaked" if names_us(question.messages[-1].content, answer, identity) else "right"
