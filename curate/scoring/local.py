"""The local model: the one that the recipe trains reads each answer, before any training, in a process of its own."""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from curate.recipe.load import RecipeFile
from curate.scoring.records import ScoredRecord
from curate.store.store import Store
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from curate.trainer import Event, model_job, start
from curate.workflow import time_left
from schemas.digest import canonical
from schemas.errors import StoreError
from schemas.run_files import RunFiles
from schemas.scores import AnswerLosses, AnswersRead, LocalScore, UnreadAnswer

DIGITS = 6
"""Of a score: more would only show how a processor rounds."""


def read_answers_locally(
    records: Sequence[ScoredRecord], file: RecipeFile, store: Store, progress: Progress
) -> tuple[dict[str, LocalScore], Counter[str]]:
    """Let the model read; give the scores by id, and how many records have none, by a key of SKIP_REASONS."""

    def on_event(event: Event) -> None:
        if event["event"] == "phase":
            progress(str(event["name"]), 0, 1)
        elif event["event"] == "answer":
            progress(f"read{time_left(event['seconds_left'])}", event["done"], event["of"])

    if not records:
        return {}, Counter()
    job = model_job(file, store.answers_read(file.recipe.name))
    files = RunFiles(Path(job.run))
    files.folder.mkdir(parents=True, exist_ok=True)
    unread = (UnreadAnswer(id=record.id, messages=record.messages) for record in records)
    lines = "".join(f"{canonical(answer.model_dump(mode='json'))}\n" for answer in unread)
    replace_durably(files.unread_answers, lines.encode())
    start("scoring", job, on_event)

    losses = {losses.id: losses for losses in _answers_read(files.answers_read).answers}
    if set(losses) != {record.id for record in records}:
        raise _damaged(files.answers_read)
    read = [record for record in records if not losses[record.id].fault]
    scores = {record.id: _score(record, file.recipe.train.model, losses[record.id]) for record in read}
    return scores, Counter(one.fault for one in losses.values() if one.fault)


def _answers_read(path: Path) -> AnswersRead:
    try:
        return AnswersRead.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise _damaged(path) from None


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is damaged or missing", f"{path} 已损坏或缺失")


def _score(record: ScoredRecord, model: str, losses: AnswerLosses) -> LocalScore:
    return LocalScore(
        model=model,
        content=record.content,
        perplexity=_rounded(math.exp(losses.loss)),
        difficulty=_rounded(losses.loss / losses.loss_alone) if losses.loss_alone else None,
        tokens=losses.tokens,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
