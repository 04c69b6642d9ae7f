"""The release gate: what is about to be published is scanned once more, as it stands on the disk."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.privacy.fakes import without_fakes
from curate.privacy.pseudonyms import is_spared
from rules.personal import Found, find, gated, screen
from schemas.errors import GateError

TOLD = 5
"""Places that the error names."""
BATCH = 20_000
"""Texts that are screened at once."""
PIECE = 8 << 20
"""Bytes of lines that are screened at once."""
ROWS = 250_000
"""Rows of a table that are looked at at once."""
LONG_NUMBER = 10**6
"""From here on a number of a JSON file is read like a text: a telephone number needs no quotes."""
ID = re.compile(r'"id": ?"([0-9a-f]{32})"')
"""The id of the record on a line of JSON."""
DIGEST = r"\A[0-9a-f]{32}\z"
"""A cell that is a digest and nothing else: an id names no person, whatever digits it holds."""
FILE = r'"file":"([^"\\]*)"'
"""The raw file of a record: one name on every line of an input."""
STRUCTURE = r'"[0-9a-f]{32}"|"rows":\[[0-9]{1,8}(?:,[0-9]{1,8})*\]|' + FILE
"""What every line of records has: digests and row numbers, which name nobody, and files, which are read once."""

HEADING = re.compile(r"^(# [^\n]*)`[0-9a-f]{12}`$", re.MULTILINE)
"""The heading of a card, with the id of its version: one in a thousand looks like a telephone number."""
NO_ID = ""
"""For what is not a record."""


class Place(NamedTuple):
    """Where a text stands: the file with its line, or column and row, and the record's id where there is one."""

    file: str
    spot: str
    id: str = NO_ID

    def __str__(self) -> str:
        return f"{self.file}:{self.spot}" + (f" (id {self.id})" if self.id else "")


@dataclass(frozen=True)
class Gate:
    """What is looked for: these kinds (all kinds, when none are given), but no fake of a kind in `faked` that adds up,
    and no name in `spared`: the assistant's own."""

    kinds: tuple[str, ...] | None = None
    faked: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()

    def finds(self, text: str) -> Iterator[Found]:
        for found in find(without_fakes(text, self.faked), self.kinds):
            if not is_spared(found, text, self.spared):
                yield found


EVERYTHING = Gate()


def scan_files(paths: Sequence[Path], gate: Gate = EVERYTHING) -> None:
    """Raises GateError when a file still holds personal data.

    The error counts the finds by kind and names places (file and line, or file, column and row) and records, never a
    value.
    """
    _refuse(((path.name, texts) for path in paths for texts in _texts(path, gate.kinds)), gate)


def scan_page(name: str, page: str, gate: Gate) -> None:
    """The same for a page of HTML that is about to be written under that name."""
    texts = pl.DataFrame({"place": [""], "id": [NO_ID], "text": [html.unescape(page)]})
    _refuse([(name, texts)], gate)


def _refuse(pieces: Iterable[tuple[str, pl.DataFrame]], gate: Gate) -> None:
    counts: Counter[str] = Counter()
    places: dict[Place, None] = {}
    for name, texts in pieces:
        for place, id, text in _suspects(texts, gate.kinds):
            for found in gate.finds(text):
                line = text.count("\n", 0, found.start) + 1
                counts[found.kind] += 1
                places[Place(name, place or str(line), id)] = None
    if counts:
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))
        where = ", ".join(map(str, islice(places, TOLD))) + (f", … ({len(places)})" if len(places) > TOLD else "")
        raise GateError(
            f"personal data is left in what would be published ({told}) at {where}; is the stage 'mask' in the recipe?",
            f"待发布内容中仍有个人信息（{told}），位置：{where}；配方里有 mask 阶段吗？",
        )


def _suspects(texts: pl.DataFrame, kinds: Sequence[str] | None) -> Iterator[tuple[str, str, str]]:
    """Place, id and text of what may hold personal data; an empty place stands for a text with lines of its own."""
    worth = texts.filter(~pl.col("text").str.contains(DIGEST))
    yield from worth.filter(screen(worth["text"], kinds)).select("place", "id", "text").iter_rows()


def _texts(path: Path, kinds: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Everything in the file that may say something, in frames of `place` and `text`."""
    if path.suffix == ".parquet":
        yield from _columns(path)
        return
    pieces = _lines(path, kinds) if path.suffix == ".jsonl" else _whole(path)
    while batch := list(islice(pieces, BATCH)):
        yield pl.DataFrame(batch, schema={"place": pl.String, "id": pl.String, "text": pl.String}, orient="row")


def _whole(path: Path) -> Iterator[tuple[str, str, str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".md":
        text = HEADING.sub(r"\1", text)
    if path.suffix == ".json":
        yield from (("1", NO_ID, string) for string in _strings_of(text))
    else:
        yield "", NO_ID, html.unescape(text) if path.suffix in (".html", ".htm") else text


def _lines(path: Path, kinds: Sequence[str] | None) -> Iterator[tuple[str, str, str]]:
    """The strings of the lines that may hold personal data.

    A line without a backslash holds its strings as they are: it is screened as a whole, and read only when it is
    doubtful. The name of a raw file is told of the first line that has it.
    """
    number = 1
    told: set[str] = set()
    with path.open("rb") as file:
        while lines := file.readlines(PIECE):
            texts = pl.Series([line.decode("utf-8", errors="replace") for line in lines])
            doubtful = texts.str.contains("\\", literal=True) | gated(texts.str.replace_all(STRUCTURE, " "), kinds)
            for place, name in _files(texts, told):
                yield str(number + place), NO_ID, name
            for place in doubtful.arg_true().to_list():
                id = ID.search(texts[place])
                for string in _strings_of(texts[place]):
                    yield str(number + place), id[1] if id else NO_ID, string
            number += len(lines)


def _files(lines: pl.Series, told: set[str]) -> list[tuple[int, str]]:
    """The names of raw files that are not among those told, which they join, with the place of a line that has each."""
    named = pl.DataFrame({"name": lines.str.extract_all(FILE)}).with_row_index("place").explode("name").drop_nulls()
    fresh = named.unique("name", keep="first", maintain_order=True).filter(~pl.col("name").is_in(list(told)))
    told |= set(fresh["name"])
    return [(place, name[len('"file":"') : -1]) for place, name in fresh.iter_rows()]


def _strings_of(text: str) -> list[str]:
    """Every string in a JSON text, keys and long numbers too; the text itself when it is no JSON.

    Strings of Latin letters alone are left out: a single word names nobody.
    """
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return [text]
    strings = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if not (value.isascii() and value.isalpha()):
                strings.append(value)
        elif isinstance(value, dict):
            waiting += value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, int) and abs(value) > LONG_NUMBER:
            strings.append(str(value))
    return strings


def _columns(path: Path) -> Iterator[pl.DataFrame]:
    table = pl.scan_parquet(path)
    schema = pl.read_parquet_schema(path)
    rows = table.select(pl.len()).collect().item()
    id = pl.col("id") if schema.get("id") == pl.String else pl.lit(NO_ID)
    for column, dtype in schema.items():
        if dtype.is_numeric() or dtype == pl.Boolean:
            continue
        for start in range(0, rows, ROWS):
            cells = table.select(text=column, id=id.fill_null(NO_ID)).slice(start, ROWS).collect()
            for texts in _cells(cells.with_row_index("row", offset=start + 1)):
                worth = texts.filter(~pl.col("text").str.contains(DIGEST))
                once = worth.unique("text", keep="first", maintain_order=True)
                place = pl.concat_str(pl.lit(f"{column}:"), pl.col("row").cast(pl.String))
                owner = pl.col("id").str.extract(f"({DIGEST})").fill_null(NO_ID)
                yield once.select(place=place, id=owner, text="text")


def _cells(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """`row` and `text` for every string below the column `text`: in lists, in structs, in categories."""
    dtype = cells.schema["text"]
    if isinstance(dtype, pl.List | pl.Array):
        yield from _cells(cells.explode("text"))
    elif isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _cells(cells.with_columns(pl.col("text").struct.field(field.name).alias("text")))
    elif dtype in (pl.String, pl.Categorical, pl.Enum):
        yield cells.with_columns(pl.col("text").cast(pl.String))
