"""Writes records as plain JSONL shards, and reads them back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from schemas.digest import canonical, digest_bytes
from schemas.manifest import Shard

ROWS = 50_000
"""Lines of one shard."""


def write_jsonl(path: Path, lines: list[dict[str, Any]]) -> Shard:
    """One value a line, keys sorted, UTF-8, no NaN."""
    content = "".join(f"{canonical(line)}\n" for line in lines).encode("utf-8")
    path.write_bytes(content)
    return Shard(name=path.name, digest=digest_bytes(content), bytes=len(content), rows=len(lines))


def write_text(path: Path, text: str) -> Shard:
    content = text.encode("utf-8")
    path.write_bytes(content)
    return Shard(name=path.name, digest=digest_bytes(content), bytes=len(content), rows=0)


def write_shards(folder: Path, stem: str, records: pl.DataFrame) -> list[Shard]:
    """`stem-00000.jsonl` and so on, in the order of the ids; one empty shard for no records."""
    ordered = records.sort("id")
    starts = range(0, max(ordered.height, 1), ROWS)
    return [
        write_jsonl(folder / f"{stem}-{number:05d}.jsonl", ordered.slice(start, ROWS).to_dicts())
        for number, start in enumerate(starts)
    ]


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The values of a JSONL file that Hornbook wrote."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)
