"""The losses that were read, batch by batch, on disk: a work that was interrupted goes on where it stopped.

A batch is kept as a whole: in low precision a loss leans on who else is in its batch.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from schemas.digest import canonical, digest
from train.run_files import write_whole
from train.samples.batches import Batch
from train.samples.label_mask import IGNORED


class MeanLoss(NamedTuple):
    """The mean negative log-likelihood of a token, and how many tokens it is over."""

    loss: float
    tokens: int


class LossBook:
    """Batches of losses by what decides them: the weights and the tokens. `model` names the weights."""

    def __init__(self, path: Path, model: str) -> None:
        self._path, self._model = path, model
        lines = path.read_bytes().split(b"\n") if path.is_file() else []
        # What stands behind the last line feed was not finished.
        self._batches = dict(found for found in map(_batch, lines[:-1]) if found is not None)
        if lines and lines[-1]:
            write_whole(path, b"".join(line + b"\n" for line in lines[:-1]).decode("utf-8", "replace"))

    def get(self, batch: Batch) -> list[MeanLoss] | None:
        """Look a batch up; None where it was not read."""
        return self._batches.get(self._key(batch))

    def add(self, batch: Batch, sums: Sequence[float]) -> list[MeanLoss]:
        """Keep what a batch lost, row by row, at once; returns the means."""
        counts = (batch.labels[:, 1:] != IGNORED).sum(dim=1).tolist()
        means = [MeanLoss(total / tokens, tokens) for total, tokens in zip(sums, counts, strict=True)]
        self._batches[self._key(batch)] = means
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{canonical({'key': self._key(batch), 'losses': means})}\n")
        return means

    def _key(self, batch: Batch) -> str:
        return digest("losses", self._model, batch.ids.tolist(), batch.labels.tolist(), batch.mask.sum(dim=1).tolist())


def _batch(line: bytes) -> tuple[str, list[MeanLoss]] | None:
    """Read a line; None for one that is damaged: its batch is read again."""
    try:
        value: dict[str, Any] = json.loads(line)
        return str(value["key"]), [MeanLoss(float(loss), int(tokens)) for loss, tokens in value["losses"]]
    except (ValueError, LookupError, TypeError):
        return None
