"""Pads tokenized records of like length into batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from schemas.digest import digest
from train.samples.label_mask import IGNORED, TokenizedRecord


@dataclass(frozen=True)
class Batch:
    """Shape (rows, tokens) each; padded on the right."""

    rows: tuple[str, ...]
    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor


def batches(rows: Sequence[TokenizedRecord], size: int, seed: int, epoch: int, pad: int) -> Iterator[Batch]:
    """Put all rows into batches once: neighbours in length together, the batches in an order of their own per epoch.

    Rows of equal length are ordered by keyed hash, so that batches differ between epochs.
    """
    by_length = sorted(rows, key=lambda row: (len(row.ids), digest(seed, "row", epoch, row.name)))
    groups = [by_length[n : n + size] for n in range(0, len(by_length), size)]
    groups.sort(key=lambda group: digest(seed, "batch", epoch, group[0].name))
    yield from (_padded(group, pad) for group in groups)


def _padded(rows: Sequence[TokenizedRecord], pad: int) -> Batch:
    """Lay rows into one tensor, padded on the right: what is padded is neither attended to nor learnt."""
    width = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), width), pad)
    labels = torch.full((len(rows), width), IGNORED)
    mask = torch.zeros((len(rows), width), dtype=torch.long)

    for n, row in enumerate(rows):
        ids[n, : len(row.ids)] = torch.tensor(row.ids)
        labels[n, : len(row.ids)] = torch.tensor(row.labels)
        mask[n, : len(row.ids)] = 1

    return Batch(tuple(row.name for row in rows), ids, mask, labels)
