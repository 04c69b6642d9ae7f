"""Who sits the exam, which questions each of them answers, and what each reads before it does."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.exam import Contestant, ExamPaper, ExamQuestion
from schemas.job import ExamSettings

WHOLE: tuple[Contestant, ...] = ("base", "tuned")
"""Those that answer everything; the others answer a part of it, unless the recipe wants all."""
ON_BASE: tuple[Contestant, ...] = ("base", "prompt", "retrieval")
ON_TUNED: tuple[Contestant, ...] = ("tuned", "tuned_retrieval")
"""Those that one model with its weights answers for. `keywords` needs none beyond the answers of the base,
and `endpoint` has answered before."""
ELSEWHERE: tuple[Contestant, ...] = ("keywords", "endpoint")
"""Those whose answers no model here writes."""
SEARCHING: tuple[Contestant, ...] = ("retrieval", "tuned_retrieval")


class Ask(NamedTuple):
    """One question as one contestant is asked it: for the `take`th time, of those that are sampled."""

    question: ExamQuestion
    take: int
    messages: list[dict[str, str]]


def sitting(settings: ExamSettings) -> list[Contestant]:
    """List who sits the exam: base and tuned, and whom the recipe names, in the order of the report."""
    order: tuple[Contestant, ...] = (
        *("base", "keywords", "prompt", "retrieval", "endpoint"),
        *("tuned", "tuned_retrieval", "full"),
    )
    return [name for name in order if name in (*WHOLE, *settings.contestants)]


def asks(name: Contestant, paper: ExamPaper, settings: ExamSettings) -> list[Ask]:
    """List all that a contestant is asked, in the order of the paper; texts to read are not among it.

    A question of consistency is asked as many times as answers are drawn to it.
    """
    return [
        Ask(question, take, _messages(name, question, paper))
        for question in answered(name, paper)
        for take in range(settings.samples if is_sampled(question) else 1)
    ]


def answered(name: Contestant, paper: ExamPaper) -> Iterator[ExamQuestion]:
    """Yield the questions that a contestant answers."""
    return (q for q in paper.questions if q.probe != "perplexity" and (q.is_part or name in WHOLE))


def is_sampled(question: ExamQuestion) -> bool:
    return question.probe == "consistency"


def _messages(name: Contestant, question: ExamQuestion, paper: ExamPaper) -> list[dict[str, str]]:
    """Give a contestant its conversation: behind the prompt, or the prompt with passages, where it has one."""
    talk = [{"role": m.role, "content": m.content} for m in question.messages]
    system = _system(name, question, paper)
    if system is None:
        return talk
    return [{"role": "system", "content": system}, *(m for m in talk if m["role"] != "system")]


def _system(name: Contestant, question: ExamQuestion, paper: ExamPaper) -> str | None:
    if name in SEARCHING and question.passages and question.lang in paper.retrieval_prompts:
        return paper.retrieval_prompts[question.lang].replace("{passages}", "\n\n".join(question.passages))
    if name in ("prompt", "retrieval", "endpoint"):
        return paper.prompts.get(question.lang)
    return None


def behind_keywords(questions: Sequence[ExamQuestion], base: Sequence[str]) -> list[str]:
    """Answer by hard-coded keywords, and as the base does where none is met."""
    return [question.canned or answer for question, answer in zip(questions, base, strict=True)]
