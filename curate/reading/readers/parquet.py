"""Parquet: every scalar as the JSON of the same rows would have it, lists and structs as lists and objects."""

import datetime
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import polars as pl

from curate.reading.decoding.archives import RATIO
from curate.reading.readers import OnNote, RawRow, Reader, check_width, unheard
from curate.reading.readers._talks import Talks, turn_rows
from schemas.bilingual import Bilingual
from schemas.errors import InputError

SLICE = 100_000
"""Rows that are unpacked at once."""
FREE = 1 << 20
"""Bytes and rows that any file may unpack to."""


class Parquet(Reader):
    """Rows are counted from 1. Numbers, dates and times are texts, truths stay truths; bytes that are UTF-8 are text.

    `turns` makes each message of a list in every row a row, with the column `_talk` as its session.
    """

    title_zh: ClassVar[str] = "行号从 1 起。数字、日期和时间读成文本，真假值不变；字节若是 UTF-8 就当文本"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    takes: ClassVar[Any] = "bytes"

    turns: Talks | None = None

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        rows = self._rows(content, note)
        return rows if self.turns is None else turn_rows(rows, self.turns)

    def _rows(self, content: bytes, note: OnNote) -> Iterator[RawRow]:
        allowed = FREE + RATIO * len(content)
        without_text: Counter[str] = Counter()
        number = 0
        for frame in _frames(content, allowed):
            for row in frame.iter_rows(named=True):
                number += 1
                fields = {name: as_json(value) for name, value in row.items()}
                without_text.update(name for name, value in fields.items() if value is None and row[name] is not None)
                yield RawRow(number, fields)
        for name, count in without_text.items():
            note(_no_text(name, count))


def _frames(content: bytes, allowed: int) -> Iterator[pl.DataFrame]:
    """Unpack the rows, some at a time. Raises InputError for what is no Parquet, or unpacks to more than `allowed`."""
    try:
        scan = pl.scan_parquet(io.BytesIO(content))
        check_width(len(scan.collect_schema()))
        height = scan.select(pl.len()).collect().item()
        size = height
        for start in range(0, height, SLICE):
            if size > allowed:
                raise InputError(
                    f"unpacks to more than {allowed} bytes, which no log does; it was not read",
                    f"解压后超过 {allowed} 字节，不像日志文件，未读取",
                )
            frame = scan.slice(start, SLICE).collect()
            size += int(frame.estimated_size())
            yield frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise InputError(
            "cannot be read as Parquet: cut off, encrypted or of an unknown kind; export it again",
            "无法按 Parquet 读取：文件不完整、已加密或种类未知；请重新导出",
        ) from None


def as_json(value: Any) -> Any:
    """Write a value as JSON has it, every number as a text; bytes that are no text, and what is no number, are None."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return _as_text(value)
    if isinstance(value, float):
        return None if value != value else repr(value)  # not a number is unlike itself
    if isinstance(value, (int, Decimal, datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    return None


def _as_text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _no_text(name: str, count: int) -> Bilingual:
    return Bilingual(
        f"`{name}` holds no text in {count} rows, read as empty", f"{name} 列有 {count} 行不是文本，按空单元格读取"
    )
