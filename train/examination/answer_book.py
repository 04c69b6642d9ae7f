"""The answers that were given, batch by batch, on disk: an exam that was interrupted goes on where it stopped.

A batch is kept as a whole: in low precision an answer leans on who else is in its batch, and the same exam shall have
the same answers, interrupted or not.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from schemas.digest import canonical
from train.examination.generation import Reply
from train.run_files import write_whole


class AnsweredBatch(NamedTuple):
    """The answers to one batch of prompts, and the seconds that they took."""

    replies: tuple[Reply, ...]
    seconds: float


class AnswerBook:
    """Batches of answers by what decides them: the weights, the prompts and how answers are chosen."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_bytes().split(b"\n") if path.is_file() else []
        # What stands behind the last line feed was not finished.
        kept = [line for line in map(_batch, lines[:-1]) if line is not None]
        self._batches: dict[str, AnsweredBatch] = dict(kept)
        if lines and lines[-1]:
            write_whole(path, b"".join(line + b"\n" for line in lines[:-1]).decode("utf-8", "replace"))

    def get(self, key: str) -> AnsweredBatch | None:
        """Look a batch up; None where it was not answered."""
        return self._batches.get(key)

    def add(self, key: str, batch: AnsweredBatch) -> None:
        """Keep a batch, at once."""
        self._batches[key] = batch
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{canonical({'key': key, 'replies': batch.replies, 'seconds': batch.seconds})}\n")


def _batch(line: bytes) -> tuple[str, AnsweredBatch] | None:
    """Read a line; None for one that is damaged: its batch is answered again."""
    try:
        value: dict[str, Any] = json.loads(line)
        batch = AnsweredBatch(tuple(Reply(*reply) for reply in value["replies"]), float(value["seconds"]))
        return str(value["key"]), batch
    except (ValueError, LookupError, TypeError):
        return None
