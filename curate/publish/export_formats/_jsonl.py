"""JSONL for trainers: a row of an outside format, our own fields beside it, and every column of one type throughout.

A loader takes the type of a column from its first rows: `parent`, null for a million rows, and `tags`, empty lists
for as long, would break it later. So what trainers do not read stands in one text, `provenance`.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from curate.store.shards import read_jsonl
from schemas.digest import canonical
from schemas.formats import Format
from schemas.frame import frame_of
from schemas.record import Record

IN_PROVENANCE = ("source", "parent", "group", "tags")
OURS = ("id", "kind", "lang", "provenance")


def write_rows(records: pl.DataFrame, path: Path, row_format: Format) -> None:
    """Write one row a line. Conversations with a history come first: they give that column its type."""
    rows = [_row(Record.model_validate(fields), row_format) for fields in records.sort("id").iter_rows(named=True)]
    rows.sort(key=lambda row: not row.get("history"))
    path.write_bytes("".join(f"{canonical(row)}\n" for row in rows).encode("utf-8"))


def _row(record: Record, row_format: Format) -> dict[str, Any]:
    fields = record.model_dump(mode="json")
    provenance = canonical({name: fields[name] for name in IN_PROVENANCE})
    return {
        **row_format.write(record),
        "id": record.id,
        "kind": record.kind,
        "lang": record.lang,
        "provenance": provenance,
    }


def read_rows(path: Path, row_format: Format) -> pl.DataFrame:
    """Read records back from the rows of a file, with SCHEMA, by id."""
    records = [
        {
            **{name: row[name] for name in ("id", "kind", "lang")},
            **json.loads(row["provenance"]),
            "messages": [{"role": turn.role, "content": turn.text} for turn in row_format.read(row).turns],
        }
        for row in read_jsonl(path)
    ]
    return frame_of(records).sort("id")
