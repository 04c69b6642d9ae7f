"""What a person has to see of a table to say where its header stands and what its columns hold: masked, and little."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from curate.inspect.seeming import masked
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.decode import text_blocks
from curate.reading.parts import parts_of
from curate.reading.raw_rows import WHOLE, raw_rows
from curate.reading.readers import is_blank
from curate.reading.readers.csv import Csv
from curate.reading.readers.xlsx import Xlsx
from schemas.errors import InputError
from schemas.input import Input, file_and_sheet
from schemas.record import Frozen

LOOK = 2_000
TOP = 8
"""Rows shown of those among which the header is."""
WIDE = 12
"""Cells shown of a row."""
WORDS = 16
"""Words of a column that are listed, the most frequent ones."""
LONGEST = 60
"""Characters shown of a cell."""
PERSONAL = re.compile(r"(?i)姓名|昵称|名字|电话|手机|地址|邮箱|微信|name|nick|phone|mobile|address|mail")
"""What columns are called whose cells are personal data each, though they look like any word."""


class TopRow(Frozen):
    """One of the first rows of a file, with its number there."""

    number: int
    cells: tuple[str, ...]


class SpeakerWord(Frozen):
    """A value of a column, how it may be shown, and in how many rows it stands."""

    word: str
    shown: str
    rows: int


class FirstRows(Frozen):
    """The first rows of a file; and of each column a value, and its most frequent values where they come again."""

    top: tuple[TopRow, ...] = ()
    values: Mapping[str, str] = {}
    words: Mapping[str, tuple[SpeakerWord, ...]] = {}


def first_rows(spec: Input) -> FirstRows:
    """Look at the first rows of an input, of its first file or sheet; nothing where they cannot be read."""
    try:
        spec = parts_of(spec, Path())[0]
        path = Path(spec.path)
        raw = raw_rows(spec, path)
        rows = [row.fields for row in islice(raw.rows, LOOK) if row.fields]
        top = _top(spec, path) if raw.reader in ("csv", "xlsx") else []
    except InputError:
        return FirstRows()
    columns = {name: [str(row[name]) for row in rows if _is_written(row.get(name))] for name in _names(rows)}
    return FirstRows(top=_shown_top(top), values=_values(columns), words=_words(columns))


def _is_written(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not is_blank((str(value),))


def _names(rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    return dict.fromkeys(name for row in rows[:50] for name in row)


def _top(spec: Input, path: Path) -> list[tuple[int, list[str]]]:
    file, sheet = file_and_sheet(path)
    named = spec.reader.options if spec.reader else {}
    options = {name: value for name, value in named.items() if name not in ("header", "columns")}
    raw, read = open_raw(file), raw_rows(spec, path)
    if read.reader == "xlsx":
        return Xlsx.model_validate({**options, **({"sheet": sheet} if sheet else {})}).top(raw.content(WHOLE), TOP)
    return Csv.model_validate(options).top(text_blocks(raw, read.decision), TOP)


def _shown_top(top: Sequence[tuple[int, list[str]]]) -> tuple[TopRow, ...]:
    cells = iter(masked([cell for _, row in top for cell in row[:WIDE]]))
    return tuple(TopRow(number=number, cells=tuple(next(cells)[:LONGEST] for _ in row[:WIDE])) for number, row in top)


def _values(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    first = {name: values[0] for name, values in columns.items() if values}
    shown = masked(list(first.values()))
    return {
        name: f"{value[:1]}…" if PERSONAL.search(name) and value == first[name] else value[:LONGEST]
        for name, value in zip(first, shown, strict=True)
    }


def _words(columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[SpeakerWord, ...]]:
    """List the most frequent values of the columns that could be those of speakers: short ones that come again."""
    counts = {name: Counter(values).most_common(WORDS) for name, values in columns.items() if values}
    listed = {name: [pair for pair in found if len(pair[0]) <= LONGEST] for name, found in counts.items()}
    listed = {name: found for name, found in listed.items() if found and found[0][1] > 1}
    shown = iter(masked([word for found in listed.values() for word, _ in found]))
    return {
        name: tuple(SpeakerWord(word=word, shown=next(shown), rows=rows) for word, rows in found)
        for name, found in listed.items()
    }
