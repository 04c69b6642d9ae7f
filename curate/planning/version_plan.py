"""The plan of a training on a version on disk: rows counted, tokens and samples estimated without a tokenizer."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from curate.conversations.training_shares import label_tokens
from curate.store.read_version import read_manifest
from curate.store.shards import read_fields
from schemas.frame import SCHEMA
from schemas.job import TrainSettings
from schemas.training_plan import CountedRow, Dose, OwnNames, TrainingPlan, counted_row, doses_of, training_plan

ROW = pl.Schema({name: SCHEMA[name] for name in ("kind", "lang", "messages", "tags")})


def version_plan(version: Path, settings: TrainSettings) -> TrainingPlan:
    """Estimate the training on a version: a sample a row, and label tokens as the mix counts them."""
    return estimated_plan(version_doses(version), settings)


def version_doses(version: Path) -> tuple[Dose, ...]:
    """Count the rows of a version by kind and language. Reads all of them."""
    manifest = read_manifest(version)
    names = OwnNames(manifest.identity)
    frames = (frame for shard in manifest.trained_on() for frame in read_fields(version / shard.name, ROW))
    return doses_of(row for frame in frames for row in _rows(frame, names))


def estimated_plan(doses: Sequence[Dose], settings: TrainSettings) -> TrainingPlan:
    """Estimate the training on rows that were counted."""
    return training_plan(doses, sum(dose.rows for dose in doses), settings, is_counted=False)


def _rows(frame: pl.DataFrame, names: OwnNames) -> Iterator[CountedRow]:
    tokens = label_tokens(frame).to_list()
    for (kind, lang, messages, tags), number in zip(frame.rows(), tokens, strict=True):
        turns = [(message["role"], message["content"]) for message in messages]
        yield counted_row((kind, lang), turns, tags, number, names)
