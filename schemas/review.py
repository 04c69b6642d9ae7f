"""What people decide about records: one line of a file of reviews, and what a reviewer is shown."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.record import Frozen, Message
from schemas.review_estimate import BadShare

Decision = Literal["accept", "reject", "edit", "unsure"]
VERDICT_WORDS: dict[str, Decision] = {
    **dict.fromkeys(("accept", "accepted", "ok", "good", "通过", "接受", "合格", "可用", "保留"), "accept"),
    **dict.fromkeys(("reject", "rejected", "bad", "拒绝", "驳回", "不通过", "不合格", "不可用", "删除"), "reject"),
    **dict.fromkeys(("edit", "edited", "fix", "修改", "改写", "编辑", "修改后通过", "改后通过"), "edit"),
    **dict.fromkeys(("unsure", "cannot tell", "unclear", "不确定", "看不准", "无法判断", "说不准"), "unsure"),
}
"""How verdicts are written, in small letters."""
WHOLE_ID = 32
"""Letters of the id of a record."""
SHORTEST_ID = 8
"""Letters of an id that name a record, where only one has them."""


class ReviewDecision(Frozen):
    """One line: `id` names the record, or begins as its id does; `by` is who decided: initials, a number.

    An edit gives `answer`, what the last answer should be, or `answers`, by the number of the assistant's turn counted
    from the end, the last being 1. `reasons` are names of rules, `note` is free text.
    """

    id: str = Field(pattern=rf"^[0-9a-f]{{{SHORTEST_ID},{WHOLE_ID}}}$")
    verdict: Decision
    answer: str = ""
    by: str = ""
    answers: dict[int, str] = Field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    note: str = ""
    shown: tuple[str, ...] = ()
    """Digests of the text that was decided about (`shown_digest`); without any the decision holds for every text."""
    why: tuple[str, ...] = ()
    """Why the record was shown, as in `ReviewTask`."""
    at: str = ""
    """When, in ISO 8601."""
    seconds: float | None = Field(None, ge=0)
    """How long it took."""
    origin: str = ""
    """Where it was said, so that it is not taken twice: `label-studio:…`, `sheet:…`, `page:…`."""
    version: str = ""
    """The version that was shown, NAME/ID."""

    @field_validator("verdict", mode="before")
    @classmethod
    def _in_any_words(cls, verdict: Any) -> Any:
        return VERDICT_WORDS.get(verdict.strip().casefold(), verdict) if isinstance(verdict, str) else verdict

    @model_validator(mode="after")
    def _says_what_it_edits(self) -> "ReviewDecision":
        edits = self.edits()
        if (self.verdict == "edit") != bool(edits) or not all(text.strip() for text in edits.values()):
            raise ValueError(
                Bilingual("an edit has an answer, and nothing else has", "edit 必须有 answer，其他结论不能有")
            )
        if any(turn < 1 for turn in self.answers):
            raise ValueError(
                Bilingual("turns are counted from the end, the last being 1", "轮次从末尾数起，最后一轮为 1")
            )
        return self

    def edits(self) -> dict[int, str]:
        """Give what answers should be, by the number of the assistant's turn from the end, the last being 1."""
        return ({1: self.answer} if self.answer else {}) | self.answers

    def judgement(self) -> tuple[Any, ...]:
        """Give what two people say who agree: the verdict, and the texts of an edit, line feeds of any kind alike."""
        edits = {turn: text.replace("\r\n", "\n").strip() for turn, text in self.edits().items()}
        return self.verdict, tuple(sorted(edits.items()))


class TakenBack(Frozen):
    """Another kind of line: `by` takes back what the lines before this one say of the record `id`, if they are of the
    origin `takes_back`. Both stay in the file; what was taken back counts for nothing, as if it had never been said.
    """

    id: str = Field(pattern=rf"^[0-9a-f]{{{SHORTEST_ID},{WHOLE_ID}}}$")
    takes_back: str = Field(min_length=1)
    by: str = ""
    at: str = ""
    """When, in ISO 8601."""

    def is_about(self, line: ReviewDecision) -> bool:
        """Tell whether a line before this one is taken back by it."""
        return (line.id, line.origin, line.by) == (self.id, self.takes_back, self.by)


class ReviewFile(Frozen):
    """The reviews that a version was made with: their path in the recipe, the digest of the file, and how many records
    its lines name.
    """

    path: str
    digest: str
    reviews: int
    unmet: int = Field(0, exclude_if=lambda unmet: not unmet)
    """Of how many records that are named none came to the stage."""
    bad: BadShare | None = Field(None, exclude_if=lambda bad: bad is None)
    """What people say of the data that they were shown at random, before their decisions were done."""


class Measured(Frozen):
    """What a rule measured of a record: a number, a word, or whether it is bad; `limit` is what it was held against,
    as the recipe says it, `min 2`, empty where the rule has none.
    """

    rule: str
    score: float | bool | str
    limit: str = ""


class OtherAnswer(Frozen):
    """Another answer to the same question, or a record beside this one: its twin, its parent.

    `date` is ISO 8601, empty where none is known, `source` the raw file with its rows, and `shown` as in `ReviewTask`.
    """

    id: str
    question: str
    answer: str
    date: str = ""
    source: str = ""
    shown: tuple[str, ...] = ()


Asked = Literal["record", "conflict", "exam"]
"""What a reviewer is asked: whether a record is good; which of several answers holds; whether a question of the exam
and its reference answer are good.
"""


class ReviewTask(Frozen):
    """One thing to be looked at. All text in it is masked.

    `why` says how it got here: `conflict`, `flagged:RULE`, `near:RULE`, `generated`, `exam:PROBE`, `dropped:RULE`,
    `sample`. More than one may hold. `shown` are digests of its text: as the version has it, and as it was before rules
    repaired it. For a conflict `others` are the answers that are weighed against its own.
    """

    id: str
    asked: Asked
    kind: str
    lang: str
    messages: tuple[Message, ...]
    why: tuple[str, ...]
    shown: tuple[str, ...]
    measured: tuple[Measured, ...] = ()
    others: tuple[OtherAnswer, ...] = ()
    twin: OtherAnswer | None = None
    parent: OtherAnswer | None = None
    source: str = ""
    """The raw file and rows, FILE:ROW."""
    date: str = ""
    version: str = ""

    @property
    def key(self) -> str:
        """Digest the record and what is shown: a changed record is another task."""
        others = sorted((other.id, other.answer) for other in self.others)
        return digest("review", self.asked, self.id, self.shown[:1], others)


def shown_digest(messages: Any) -> str:
    """Digest the text that a person decides about. `messages` are mappings with `role` and `content`."""
    return digest("shown", [(message["role"], message["content"]) for message in messages])


class Opinion(Frozen):
    """What one reviewer answered to a task, whatever way it came: the lines of the file of reviews are made of it.

    Of a conflict `holds` are the ids of the answers that hold: with `accept` one or more, with `edit` the one that is
    edited; `reject` says that none does. `answers`, `by`, `at`, `seconds` and `origin` are as in `ReviewDecision`.
    """

    key: str
    verdict: Decision
    holds: tuple[str, ...] = ()
    answers: dict[int, str] = Field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    note: str = ""
    by: str = ""
    at: str = ""
    seconds: float | None = None
    origin: str = ""
