"""The manifest: what one version holds and how it came to be. Written last; a folder without one is no version."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from schemas.base_answers import AnswerFile
from schemas.bilingual import NOTHING, Bilingual
from schemas.digest import digest
from schemas.identity import Identity
from schemas.record import Frozen
from schemas.review import ReviewFile
from schemas.rewordings import RewordingFile
from schemas.scores import ScoreFile
from schemas.version_files import is_trained_on


class InputFile(Frozen):
    """One raw file. `rows` are raw rows, `bad` those that could not be read. `encoding` comes with its evidence."""

    path: str
    digest: str
    bytes: int
    rows: int
    bad: int
    kind: str
    reader: str
    format: str
    encoding: str
    evidence: Bilingual
    speakers: Bilingual = NOTHING
    """How it was found out who is the agent, where the words for the speakers did not say it."""
    unread: dict[str, int] = Field(default_factory=dict)
    """In how many rows each column or key is filled that nothing was read from; one of a message after a dot."""
    notes: tuple[Bilingual, ...] = ()
    """What was read in another way than it stands there, and what of it could not be kept."""
    licence: str

    @model_serializer(mode="wrap")
    def _without_nothing_to_tell(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write a file of which nothing is to be told as it was before there was anything to tell."""
        fields: dict[str, Any] = handler(self)
        return {name: value for name, value in fields.items() if value or name not in ("unread", "notes")}


class Shard(Frozen):
    """One file of the version: name, blake2b-128 of its bytes, size in bytes and lines (0 where it has no lines)."""

    name: str
    digest: str
    bytes: int
    rows: int


class StageCount(Frozen):
    """What one stage did with its records: in + added = kept + dropped + review. `reasons` count its events by
    `verdict:reason`.
    """

    stage: str
    rows_in: int
    added: int
    kept: int
    dropped: int
    review: int
    reasons: dict[str, int] = Field(default_factory=dict)


class Share(Frozen):
    """What one kind is of the training set: rows, characters the assistant says, and both as shares of the whole."""

    kind: str
    rows: int
    share: float
    answer_chars: int
    answer_share: float


Decisions = tuple[ReviewFile | AnswerFile | RewordingFile | ScoreFile, ...]
"""Files that say what becomes of single records, by their ids."""
FILES_OF_STAGES = ("reviews", "answers", "rewordings", "scores")
"""The fields of a manifest that it lacks where a version was made without such files."""


class Manifest(Frozen):
    name: str
    id: str
    parents: tuple[str, ...] = ()
    recipe: str
    """The digest of the canonical recipe."""
    seed: int
    identity: Identity | None
    inputs: tuple[InputFile, ...]
    records: int
    """Conversations that the sessions formed from the raw rows."""
    stages: tuple[StageCount, ...]
    """In the order they ran. The unit of `read` and `session` is the raw row, of all others the record."""
    shares: tuple[Share, ...]
    train_rows: int
    exam_questions: dict[str, int]
    """Exam questions by probe."""
    shards: tuple[Shard, ...]
    reviews: tuple[ReviewFile, ...] = ()
    """What people decided, where the recipe has a stage `review`."""
    answers: tuple[AnswerFile, ...] = ()
    """What the base model answered, where the recipe has a stage `replay`."""
    rewordings: tuple[RewordingFile, ...] = ()
    """What a model said in other words, where the recipe has a stage `reword`: the version holds a copy."""
    scores: tuple[ScoreFile, ...] = ()
    """What models think of answers, where the stage `quality` names a file of scores: the version holds a copy."""
    seal: str = ""
    """The digest of everything else in the manifest."""

    @model_serializer(mode="wrap")
    def _without_empty_files(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write a version without such files as it was before there were any."""
        fields: dict[str, Any] = handler(self)
        return {name: value for name, value in fields.items() if value or name not in FILES_OF_STAGES}

    def decided_by(self) -> "Decisions":
        """List the files beside the inputs that say what becomes of single records."""
        return (*self.reviews, *self.answers, *self.rewordings, *self.scores)

    def trained_on(self) -> tuple[Shard, ...]:
        """List the shards that are trained on, in their order."""
        return tuple(shard for shard in self.shards if is_trained_on(shard.name))

    def to_json(self) -> bytes:
        """Write the bytes of manifest.json: `verify` accepts no others."""
        return self.model_dump_json(indent=1).encode()


def sealed(manifest: Manifest) -> Manifest:
    """Seal the manifest with a digest of all of it, which shows whether a byte was changed since."""
    return manifest.model_copy(update={"seal": digest("manifest", manifest.model_dump(mode="json", exclude={"seal"}))})


UNREAD_SHOWN = 12
"""Keys that the sentence about them names."""


def unread_note(unread: Mapping[str, int]) -> Bilingual:
    """Say which columns and keys were not read, and in how many rows each is filled; nothing where there are none."""
    if not unread:
        return NOTHING
    first = list(unread.items())[:UNREAD_SHOWN]
    more = len(unread) - len(first)
    en = ", ".join(f"{name} (filled in {rows:,} {'row' if rows == 1 else 'rows'})" for name, rows in first)
    zh = "、".join(f"{name}（{rows:,} 行有内容）" for name, rows in first)
    return Bilingual(
        f"columns and keys that were not read: {en}{f', and {more} more' if more else ''}",
        f"没有读取的列和键：{zh}{f'，还有 {more} 个' if more else ''}",
    )
