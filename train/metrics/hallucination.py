"""Hallucination: what nobody can know is not made up, and what the conversation holds is found."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._accepted import is_accepted
from train.metrics._answer_checks import less_is_better, rates_by_language
from train.metrics._groundedness import reading, unknown_verdict

UNKNOWN = Bilingual(
    "answers to questions that nobody could answer which say so, decline, ask back or send the customer where it can "
    "be seen, and state no number, date, name, code or link of their own; more is better",
    "对无从得知的问题，说明不知道、婉拒、反问或指引去哪里查看，且没有编造数字、日期、名称、编号、链接的回答；越高越好",
)
CONTROL = Bilingual(
    "answers to questions whose answer stands in the conversation that say it: a model that never knows fails here; "
    "more is better",
    "对话里已有答案的对照题中答对的比例：一味说不知道的模型在此失分；越高越好",
)
INVENTED = Bilingual(
    "answers to questions of the business that state a number, date, name, code or link which neither the passages "
    "found nor the conversation hold; only over questions with passages; less is better",
    "业务题的回答中说出了检索到的资料和对话里都没有的数字、日期、名称、编号或链接的比例；只计有资料的题；越低越好",
)


class HallucinationMetric(Metric):
    """A customer cannot tell an invention from a fact."""

    probes: ClassVar[tuple[Probe, ...]] = ("hallucination", "in_scope")

    def marks(self, question: ExamQuestion) -> bool:
        if question.probe == "hallucination":
            return question.should_say_unknown is not None
        return question.probe == "in_scope" and bool(question.passages)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        pairs = list(zip(questions, verdicts, strict=True))
        unknown = [(q, v) for q, v in pairs if q.should_say_unknown and q.probe == "hallucination"]
        control = [(q, v) for q, v in pairs if q.should_say_unknown is False and q.probe == "hallucination"]
        business = [(q, v) for q, v in pairs if q.probe == "in_scope"]
        return [
            *_rates("unknown_said", unknown, "right", UNKNOWN),
            *_rates("control_right", control, "right", CONTROL),
            *less_is_better(_rates("invented", business, "invented", INVENTED)),
        ]


def _rates(name: str, pairs: Sequence[tuple[ExamQuestion, str]], word: str, definition: Bilingual) -> list[Measure]:
    asked, found = [q for q, _ in pairs], [v for _, v in pairs]
    return rates_by_language(name, asked, found, lambda v: v == word, definition)


def _verdict(question: ExamQuestion, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong: made up, asserted without a specific, or, for a control, not answered."""
    sources = (*question.passages, *(message.content for message in question.messages))
    if question.should_say_unknown and question.probe == "hallucination":
        return unknown_verdict(sources, answer, identity)
    found = reading(sources, answer, identity, unknowable=False)
    if question.probe == "in_scope":
        return "right" if found in ("unknown_said", "grounded") else found
    if found == "empty" or is_accepted(question.messages[-1].content, answer, question.accept):
        return "empty" if found == "empty" else "right"
    return "not_found" if found == "unknown_said" else "wrong"
