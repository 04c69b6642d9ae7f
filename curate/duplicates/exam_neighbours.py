"""Which training rows of a version on disk are near questions of its exam, as the stage `leak` compares by default.

A version is compared whenever it is trained on, also where `leak` ran when it was built: the recipe may have set other
limits, stages behind `leak` may have changed or added rows, and an older Hornbook may have compared otherwise.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import polars as pl

from curate.duplicates.contamination import exam_texts, near_held_out, near_or_equal, user_turns
from curate.store.read_version import read_manifest
from curate.store.shards import read_fields
from schemas.digest import digest_file
from schemas.errors import StoreError
from schemas.exam import Question
from schemas.exam_neighbours import ExamNeighbour
from schemas.frame import SCHEMA
from schemas.manifest import Manifest, Shard
from schemas.version_files import EXAM_FILE

ROW = pl.Schema({name: SCHEMA[name] for name in ("id", "messages", "source")})
QUESTION = pl.Schema({name: SCHEMA[name] for name in ("id", "messages")})
"""What is read of a line; a question has no source."""


def exam_neighbours(version: Path) -> tuple[ExamNeighbour, ...]:
    """Find the rows near a question, by row and question; of several turns the nearest two count.

    Raises StoreError where a file is missing or is not what the manifest says.
    """
    manifest = read_manifest(version)
    exam = [shard for shard in manifest.shards if shard.name == EXAM_FILE]
    if not exam:
        raise _damaged(version / EXAM_FILE)
    asked = pl.concat([pl.DataFrame(schema=QUESTION), *checked_fields(version, exam, QUESTION)])
    hits = near_held_out(exam_texts(asked), _turns(version, manifest))

    nearest = hits.sort("id", "question", "jaccard", "edit", descending=[False, False, True, True])
    pairs = nearest.unique(["id", "question"], keep="first", maintain_order=True)
    columns = pairs.select("question", "jaccard", "edit", row="id")
    return tuple(ExamNeighbour.model_validate(pair) for pair in columns.iter_rows(named=True))


def known_questions(version: Path, questions: Sequence[Question]) -> set[str]:
    """Find the questions, by id, of which a turn of a user in training is near the last turn, or equal to it.

    Raises StoreError where a file of the version is missing or damaged.
    """
    turns = _turns(version, read_manifest(version))
    asked = pl.DataFrame(
        [(question.id, question.messages[-1].content) for question in questions],
        schema={"question": pl.String, "text": pl.String},
        orient="row",
    )
    return set(near_or_equal(asked, turns)["question"])


def _turns(version: Path, manifest: Manifest) -> pl.DataFrame:
    """Read what users say in training; the other texts of a record are let go at once."""
    blocks = checked_fields(version, manifest.trained_on(), ROW)
    return pl.concat(user_turns(block) for block in chain([pl.DataFrame(schema=ROW)], blocks))


def checked_fields(version: Path, files: Iterable[Shard], fields: pl.Schema) -> Iterator[pl.DataFrame]:
    """Read some fields of every line of files of a version, block by block."""
    for file in files:
        path = version / file.name
        if not path.is_file() or digest_file(path) != file.digest:
            raise _damaged(path)
        yield from read_fields(path, fields)


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is damaged or missing", f"{path} 已损坏或缺失")
