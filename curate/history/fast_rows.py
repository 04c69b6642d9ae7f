"""Reads shards fast: a row's conversation stays JSON text, in which equal ones are equal, until somebody reads it."""

from pathlib import Path

import polars as pl

from schemas.digest import canonical
from schemas.frame import SCHEMA

HEAD = r'^\{"group":"(?:[^"\\]|\\.)*","id":"([0-9a-f]*)","kind":"([a-z]*)","lang":"([^"\\]*)"$'
TAIL = (
    r'^(?:null|"[0-9a-f]*"),"source":\{"digest":"[^"\\]*","file":"([^"\\]*)","rows":\[([0-9,]*)\]\},"tags":(\[.*\])\}$'
)
"""What stands before and behind the messages in a line with sorted keys: no quotation mark inside a text is bare."""
FAST_ROWS = pl.Schema(
    {name: pl.String for name in ("id", "kind", "lang", "messages", "tags", "file", "rows")} | {"row": pl.Int64}
)
BETWEEN, WITHIN = "\x1e", "\x1f"
"""What stands between the role and the text of a message, and between two messages."""


def fast_rows(path: Path) -> pl.DataFrame:
    """Read the rows of one file, by id. `messages` and `tags` are canonical JSON, `rows` numbers with commas between
    them, `row` the first of them. One file at a time: its text is in memory several times over while it is taken apart.
    """
    # A line is cut at the keys of the two fields that stand behind the messages: no text holds one of them bare.
    lines = pl.scan_lines(path, name="line").filter(pl.col("line") != "").collect()
    head, rest = _split_at(lines["line"], ',"messages":')
    messages, tail = _split_at(rest, ',"parent":')
    before = head.str.extract_groups(HEAD).struct.unnest()
    behind = tail.str.extract_groups(TAIL).struct.unnest()
    if before["1"].null_count() or behind["1"].null_count():
        return _slowly(path)  # another writer, or a file name with a quotation mark
    columns = [before["1"], before["2"], before["3"], messages, behind["3"], behind["1"], behind["2"]]
    return _finished(pl.DataFrame(columns, schema=[name for name in FAST_ROWS if name != "row"]))


def _finished(rows: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("rows").str.extract(r"^(\d+)").cast(pl.Int64)
    return rows.with_columns(row=first).select(FAST_ROWS.names()).sort("id")


def _split_at(texts: pl.Series, mark: str) -> tuple[pl.Series, pl.Series]:
    """Split each text at the first mark: what stands before it, and behind it."""
    halves = texts.str.splitn(mark, 2).struct
    return halves.field("field_0"), halves.field("field_1")


def _slowly(path: Path) -> pl.DataFrame:
    """Do the same by reading every line as JSON."""
    # An explicit schema: without one the reader forgets a field that it first meets after a hundred lines.
    frame = pl.scan_ndjson(path, schema=SCHEMA).collect()
    source = pl.col("source").struct
    return _finished(
        frame.select(
            "id",
            "kind",
            "lang",
            messages=pl.Series([canonical(messages) for messages in frame["messages"].to_list()], dtype=pl.String),
            tags=pl.Series([canonical(tags) for tags in frame["tags"].to_list()], dtype=pl.String),
            file=source.field("file"),
            rows=source.field("rows").list.eval(pl.element().cast(pl.String)).list.join(","),
        )
    )


def with_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `question` (all that is not the answer, with its roles), `asked` and `answer` to rows, for comparing."""
    role, content = pl.element().struct.field("role"), pl.element().struct.field("content")
    messages = pl.col("messages").str.json_decode(SCHEMA["messages"]).list
    asking = pl.concat_str(role, content, separator=BETWEEN).filter(role != "assistant")
    return rows.with_columns(
        question=messages.eval(asking).list.join(WITHIN),
        asked=messages.eval(content.filter(role == "user")).list.join("\n"),
        answer=messages.eval(content.filter(role == "assistant")).list.join("\n"),
    )
