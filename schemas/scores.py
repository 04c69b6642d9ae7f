"""Scores by models: what a judge and the local model make of an answer, a line of the file, and what a manifest says of
the file; and what the command line and the trainer's process hand each other for it.
"""

from typing import Literal

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen, Message

SCORES_FILE = "scores.jsonl"
"""What the file is called beside a recipe that names no other."""
Mark = Literal[1, 2, 3, 4, 5]
FROM_LOWEST_TO_HIGHEST = 4
"""How far two marks of one thing can be apart."""
FEWEST_TOKENS = 8
"""Of fewer tokens a mean says little: on public data every answer beyond the default limits was of a word or two."""
DIGEST = r"^[0-9a-f]{32}$"


class Marks(Frozen):
    """What a judge makes of one answer: 5 is best."""

    accuracy: Mark
    completeness: Mark
    tone: Mark

    @property
    def lowest(self) -> int:
        """An answer is as good as what is worst of it: a polite lie is no middling answer."""
        return min(self.accuracy, self.completeness, self.tone)


def agreement_of(first: Marks, second: Marks) -> float:
    """Say how far two askings agree: 1 where all marks are the same, 0 where all are as far apart as can be."""
    pairs = zip(first.model_dump().values(), second.model_dump().values(), strict=True)
    apart = [abs(one - other) / FROM_LOWEST_TO_HIGHEST for one, other in pairs]
    return round(1 - sum(apart) / len(apart), 4)


class JudgeScore(Frozen):
    """The marks of a judge that was asked twice. `model` is the judge, `content` digests what it was shown."""

    model: str
    content: str = Field(pattern=DIGEST)
    first: Marks
    second: Marks
    agreement: float

    @model_validator(mode="after")
    def _adds_up(self) -> "JudgeScore":
        if self.agreement != agreement_of(self.first, self.second):
            raise ValueError(
                Bilingual("the agreement does not follow from the marks", "agreement 与两次打分不符"),
            )
        return self

    @property
    def mark(self) -> float:
        """The mean of the lowest marks of both askings."""
        return (self.first.lowest + self.second.lowest) / 2


class LocalScore(Frozen):
    """What the model that will be trained makes of an answer. `model` is its name in the recipe.

    `perplexity` is that of the answer in its conversation, over `tokens` tokens. `difficulty` is the mean loss of a
    token there, over that of the same answer to no question; None where that is nothing.
    """

    model: str
    content: str = Field(pattern=DIGEST)
    perplexity: float = Field(ge=1, allow_inf_nan=False)
    difficulty: float | None = Field(ge=0, allow_inf_nan=False)
    tokens: int = Field(gt=0)


class Score(Frozen):
    """One line of a file of scores. `id` names the record."""

    id: str = Field(pattern=DIGEST)
    judge: JudgeScore | None = None
    local: LocalScore | None = None

    @model_validator(mode="after")
    def _holds_one(self) -> "Score":
        if self.judge is None and self.local is None:
            raise ValueError(Bilingual("a line without a score", "没有任何评分"))
        return self

    def columns(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Give the numbers that rules see, in the order of SCORE_COLUMNS; none of the local model for a word or two."""
        judge, local = self.judge, self.local
        of_judge = (judge.mark, judge.agreement) if judge else (None, None)
        of_local = (local.perplexity, local.difficulty) if local and local.tokens >= FEWEST_TOKENS else (None, None)
        return (*of_judge, *of_local)


SCORE_COLUMNS = ("judged", "judge_agreement", "answer_perplexity", "instruction_difficulty")
"""The columns of a frame that rules look at, and the rules that look at them."""


class ScoreFile(Frozen):
    """The scores that a version was made with: their path in the recipe, the digest of the file, and its lines."""

    path: str
    digest: str
    scores: int


class UnreadAnswer(Frozen):
    """A conversation that the local model is to read: it ends with a question and its answer."""

    id: str
    messages: tuple[Message, ...]


class AnswerLosses(Frozen):
    """Mean loss of a token of an answer, in its conversation and to no question; or a key of SKIP_REASONS."""

    id: str
    fault: str = ""
    loss: float = 0.0
    loss_alone: float = 0.0
    tokens: int = 0


class AnswersRead(Frozen):
    """All that the local model read: digests of its weights and tokenizer, the precision, and the losses by id."""

    model: str
    dtype: str
    answers: tuple[AnswerLosses, ...]
