"""The release gate: what is about to be published is scanned once more, as it stands on the disk."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from curate.shards import read_jsonl
from rules.personal import find, suspicious
from schemas.errors import GateError

DIGEST = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
"""A digest is no telephone number, whatever digits it holds."""
TOLD = 5
"""Places that the error names."""


def scan_files(paths: Sequence[Path]) -> None:
    """Raises GateError with counts by kind and places (file and line, never a value) when personal data is left."""
    counts: Counter[str] = Counter()
    places: list[str] = []
    for path in paths:
        for place, text in _suspects(path):
            kinds = [found.kind for found in find(DIGEST.sub(" ", text))]
            counts.update(kinds)
            if kinds:
                places.append(f"{path.name}:{place}")
    if counts:
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))
        where = ", ".join(places[:TOLD]) + (", …" if len(places) > TOLD else "")
        raise GateError(
            f"personal data is left in what would be published ({told}) at {where}; is the stage 'mask' in the recipe?",
            f"待发布内容中仍有个人信息（{told}），位置：{where}；配方里有 mask 阶段吗？",
        )


def _suspects(path: Path) -> Iterator[tuple[str, str]]:
    """Place and text of everything in the file that may hold personal data."""
    if path.suffix == ".parquet":
        for column, texts in _columns(path):
            yield from ((column, text) for text in texts.filter(suspicious(texts)))
        return
    if path.suffix == ".jsonl":
        texts = pl.Series([" \n ".join(_strings(line)) for line in read_jsonl(path)], dtype=pl.String)
    else:
        texts = pl.Series(path.read_text(encoding="utf-8").split("\n"), dtype=pl.String)
    flagged = suspicious(texts)
    yield from ((str(n), text) for n, (text, flag) in enumerate(zip(texts, flagged, strict=True), start=1) if flag)


def _columns(path: Path) -> Iterator[tuple[str, pl.Series]]:
    frame = pl.read_parquet(path)
    for column in frame.columns:
        if frame[column].dtype == pl.String:
            yield column, frame[column].drop_nulls().unique()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
