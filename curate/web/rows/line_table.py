"""Where each record of a file stands: the offset and length of its line, and where in the line its texts begin and end.

What is known of a record without reading its texts comes with it: kind, language, source.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from schemas.digest import canonical

LINES = pl.Schema(
    {
        "id": pl.String,
        "kind": pl.String,
        "lang": pl.String,
        "file": pl.String,
        "row": pl.Int64,
        "shard": pl.String,
        "offset": pl.Int64,
        "length": pl.Int64,
        "texts_at": pl.Int64,
        "texts_end": pl.Int64,
    }
)
"""`file` and `row` are the raw file and the first raw row, `shard` is the file of the version, `length` is without the
line feed; all offsets are in bytes, that of a line from the start of its file, those of texts from the start of it.
"""
HEAD = r'^\{"group":"(?:[^"\\]|\\.)*","id":"([0-9a-f]*)","kind":"([a-z]*)","lang":"([^"\\]*)","messages":'
SOURCE = r'"source":\{"digest":"[^"\\]*","file":"([^"\\]*)","rows":\[(\d*)'
"""What stands before and behind the messages in a line with sorted keys: no quotation mark inside a text is bare."""
MESSAGES, PARENT = ',"messages":', ',"parent":'


def record_lines(path: Path) -> pl.DataFrame:
    """List the lines of a shard, with LINES. One file at a time: its text is in memory meanwhile."""
    lines = pl.scan_lines(path, name="line").collect()["line"]
    head = lines.str.extract_groups(HEAD).struct.unnest()
    source = lines.str.extract_groups(SOURCE).struct.unnest()
    if head["1"].null_count() or source["1"].null_count():
        return _slowly(path)  # another writer, or a file name with a quotation mark
    sizes = lines.str.len_bytes().cast(pl.Int64)
    return pl.DataFrame(
        {
            "id": head["1"],
            "kind": head["2"],
            "lang": head["3"],
            "file": source["1"],
            "row": source["2"].cast(pl.Int64, strict=False),
            "shard": pl.repeat(path.name, lines.len(), eager=True),
            "offset": (sizes + 1).cum_sum() - sizes - 1,
            "length": sizes,
            "texts_at": lines.str.find(MESSAGES, literal=True).cast(pl.Int64) + len(MESSAGES),
            "texts_end": lines.str.find(PARENT, literal=True).cast(pl.Int64),
        },
        schema=LINES,
    )


def question_lines(path: Path) -> pl.DataFrame:
    """List the lines of the exam, with LINES; a question says neither its kind nor where it came from."""
    return _slowly(path)


def _slowly(path: Path) -> pl.DataFrame:
    """Do it by reading every line as JSON."""
    rows, offset = [], 0
    for line in path.read_bytes().split(b"\n"):
        if line:
            record = json.loads(line)
            source = record.get("source") or {}
            texts_at, texts_end = _texts_of(line, record)
            rows.append(
                {
                    "id": record["id"],
                    "kind": record.get("kind"),
                    "lang": record["lang"],
                    "file": source.get("file"),
                    "row": next(iter(source.get("rows") or ()), None),
                    "shard": path.name,
                    "offset": offset,
                    "length": len(line),
                    "texts_at": texts_at,
                    "texts_end": texts_end,
                }
            )
        offset += len(line) + 1
    return pl.DataFrame(rows, schema=LINES)


def _texts_of(line: bytes, record: dict[str, Any]) -> tuple[int, int]:
    """Find where the messages stand, and where they end; of a question the reference answer stands behind them."""
    messages = canonical(record["messages"]).encode()
    at = line.find(messages)
    return (at, len(line) if "reference" in record else at + len(messages)) if at >= 0 else (0, len(line))
