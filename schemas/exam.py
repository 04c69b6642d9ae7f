"""An exam question, an answer sheet and a result: what the version, the examiner and the report share."""

from typing import Literal

from pydantic import Field

from schemas.record import Frozen, Message

Probe = Literal["identity", "trap", "unrelated", "negative", "refusal", "look_alike", "in_scope", "perplexity"]
"""identity: who are you. trap: are you ChatGPT? unrelated: must not mention the name. negative: nor must these, though
they are about assistants, makers and names. refusal: out of scope, must be declined. look_alike: sounds like that, and
must not be. in_scope: must not be declined. perplexity: text to be read, nothing is asked."""
Slot = Literal["name", "author"]


class Question(Frozen):
    """One line of exam.jsonl. `messages` end with the user's turn, except for perplexity, where they are whole.

    `expects` are the slots that a right identity answer must fill. `reference` is the answer that the log holds, if
    any.
    """

    id: str
    probe: Probe
    lang: Literal["zh", "en"]
    messages: tuple[Message, ...] = Field(min_length=1)
    expects: tuple[Slot, ...] = ()
    reference: str = ""
    group: str


class Measure(Frozen):
    """One number of the exam with its sample size and 95 % interval. `definition` says what was counted."""

    name: str
    value: float
    low: float
    high: float
    n: int
    definition_en: str
    definition_zh: str
    more_is_better: bool = True
    hits: tuple[str, ...] = ()
    """Ids of the questions that count; none for a measure that is no share of questions."""


class ExamPaper(Frozen):
    """What is asked out of the papers that belong to no version. `digest` names the papers.

    `near_training` counts, by paper, the questions that are left out because training knows them.
    """

    digest: str
    questions: tuple[Question, ...]
    near_training: dict[str, int] = Field(default_factory=dict)


ComparisonVerdict = Literal["better", "worse", "cannot_tell", "too_few"]


class Comparison(Frozen):
    """What one measure says of base and tuned model on the same n questions, or conversations of a perplexity.

    `gained` and `lost` count those on which the tuned model alone, or the base alone, did the better thing. `p` is
    two-sided; `p_adjusted` corrects it for the number of measures (Holm) and decides, at 5 %. `ask_more` is how many
    questions more would show a difference that matters.
    """

    measure: str
    n: int
    gained: int
    lost: int
    p: float
    is_better: bool | None = None
    """Where questions are not counted, which way the difference goes."""
    p_adjusted: float | None = None
    verdict: ComparisonVerdict = "too_few"
    ask_more: int = 0


class Answer(Frozen):
    """One answer of one model. `verdict` is a reason in the words of the metric: `right`, `rival_claimed`, …"""

    question: str
    probe: Probe
    text: str
    verdict: str


class Sheet(Frozen):
    """What one model did in the exam."""

    model: str
    measures: tuple[Measure, ...]
    answers: tuple[Answer, ...]


class ExamResult(Frozen):
    """Base and tuned model on the same questions."""

    version: str
    base: Sheet
    tuned: Sheet
    comparisons: tuple[Comparison, ...] = ()
    """By measure, in the order of the sheets."""
    papers: str = ""
    """The digest of the papers that were asked from; empty where none were."""
