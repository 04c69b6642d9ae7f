"""The release gate: what is about to be published is scanned once more, as it stands on the disk."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.privacy.fakes import without_fakes
from curate.privacy.pseudonyms import is_spared
from rules.personal import PersonalSpan, find, gated, screen
from schemas.errors import GateError

NAMED_IN_ERRORS = 5
"""Locations that the error names."""
BATCH = 20_000
"""Texts that are screened at once."""
CHUNK = 8 << 20
"""Bytes of lines that are screened at once."""
ROWS = 250_000
"""Rows of a table that are screened at once."""
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


LOCATED = {"location": pl.String, "id": pl.String, "text": pl.String}
"""A text, its location in its file, and the id of its record. An empty location: the text has lines of its own."""


class TextLocation(NamedTuple):
    """Where a text stands: the file with its line, or column and row, and the record's id where there is one."""

    file: str
    within: str
    id: str = NO_ID

    def __str__(self) -> str:
        return f"{self.file}:{self.within}" + (f" (id {self.id})" if self.id else "")


@dataclass(frozen=True)
class Gate:
    """What is looked for: these kinds (all kinds, when none are given), but no fake of a kind in `faked` that adds up,
    and no name in `spared`: the assistant's own."""

    kinds: tuple[str, ...] | None = None
    faked: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()

    def search(self, text: str) -> Iterator[PersonalSpan]:
        """Find the personal data in a text that must not leave."""
        for span in find(without_fakes(text, self.faked), self.kinds):
            if not is_spared(span, text, self.spared):
                yield span


EVERYTHING = Gate()


def scan_files(paths: Sequence[Path], gate: Gate = EVERYTHING) -> None:
    """Raise GateError when a file still holds personal data.

    The error counts the finds by kind and names their locations (file and line, or file, column and row) and records,
    never a value.
    """
    _refuse(((path.name, texts) for path in paths for texts in _texts(path, gate.kinds)), gate)


def private_texts(texts: Sequence[str], gate: Gate) -> set[int]:
    """Find the texts, by their place in the sequence, that hold personal data which must not leave."""
    frame = pl.DataFrame({"location": map(str, range(len(texts))), "id": NO_ID, "text": texts}, schema=LOCATED)
    return {int(index) for index, _, text in _suspects(frame, gate.kinds) if next(gate.search(text), None)}


def check_outgoing(texts: Mapping[str, Sequence[str]], gate: Gate) -> None:
    """Check the texts of records, by id, once more before they leave. Raises GateError naming the first records, and
    no text.
    """
    owners = [id for id, of_record in texts.items() for _ in of_record]
    private = private_texts([text for of_record in texts.values() for text in of_record], gate)
    if private:
        ids = sorted({owners[n][:12] for n in private})
        named = ", ".join(ids[:NAMED_IN_ERRORS]) + (", …" if len(ids) > NAMED_IN_ERRORS else "")
        raise GateError(
            f"{len(ids)} records would be sent with personal data ({named}); nothing was sent",
            f"有 {len(ids)} 条记录会带着个人信息发出（{named}）；没有发送任何内容",
        )


def scan_table(name: str, table: pl.DataFrame, gate: Gate = EVERYTHING) -> None:
    """Do the same for the rows of a table that stands in a file of that name, in another way than as text."""
    _refuse(((name, texts) for texts in _columns(table.lazy(), table.schema)), gate)


def scan_page(name: str, page: str, gate: Gate) -> None:
    """Do the same for a page of HTML that is about to be written under that name."""
    texts = pl.DataFrame({"location": [""], "id": [NO_ID], "text": [html.unescape(page)]})
    _refuse([(name, texts)], gate)


def _refuse(files: Iterable[tuple[str, pl.DataFrame]], gate: Gate) -> None:
    """Raise GateError when one of the texts, given with the names of their files, holds personal data."""
    counts: Counter[str] = Counter()
    locations: dict[TextLocation, None] = {}
    for name, texts in files:
        for location, id, text in _suspects(texts, gate.kinds):
            for span in gate.search(text):
                line = text.count("\n", 0, span.start) + 1
                counts[span.kind] += 1
                locations[TextLocation(name, location or str(line), id)] = None
    if not counts:
        return

    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))
    where = ", ".join(map(str, islice(locations, NAMED_IN_ERRORS)))
    where += f", … ({len(locations)})" if len(locations) > NAMED_IN_ERRORS else ""
    raise GateError(
        f"personal data is left in what would be published ({kinds}) at {where}; is the stage 'mask' in the recipe?",
        f"待发布内容中仍有个人信息（{kinds}），位置：{where}；配方里有 mask 阶段吗？",
    )


def _suspects(texts: pl.DataFrame, kinds: Sequence[str] | None) -> Iterator[tuple[str, str, str]]:
    """Select what may hold personal data: rows of LOCATED."""
    texts = _without_digests(texts)
    yield from texts.filter(screen(texts["text"], kinds)).select(list(LOCATED)).iter_rows()


def _without_digests(texts: pl.DataFrame) -> pl.DataFrame:
    return texts.filter(~pl.col("text").str.contains(DIGEST))


def _texts(path: Path, kinds: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Read everything in a file that may say something, in frames of LOCATED."""
    if path.suffix == ".parquet":
        yield from _columns(pl.scan_parquet(path), pl.read_parquet_schema(path))
        return
    texts = _lines(path, kinds) if path.suffix == ".jsonl" else _whole(path)
    while batch := list(islice(texts, BATCH)):
        yield pl.DataFrame(batch, schema=LOCATED, orient="row")


def _whole(path: Path) -> Iterator[tuple[str, str, str]]:
    """Read the strings of a JSON file, or any other file as one text: rows of LOCATED."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".md":
        text = HEADING.sub(r"\1", text)
    if path.suffix == ".json":
        yield from (("1", NO_ID, string) for string in _strings_of(text))
    else:
        yield "", NO_ID, html.unescape(text) if path.suffix in (".html", ".htm") else text


def _lines(path: Path, kinds: Sequence[str] | None) -> Iterator[tuple[str, str, str]]:
    """Read the strings of the lines that may hold personal data: rows of LOCATED.

    A line without a backslash holds its strings as they are: it is screened as a whole, and read only when it is
    doubtful. The name of a raw file is read once, from the first line that has it.
    """
    first = 1
    known: set[str] = set()
    with path.open("rb") as file:
        while lines := file.readlines(CHUNK):
            texts = pl.Series([line.decode("utf-8", errors="replace") for line in lines])
            doubtful = texts.str.contains("\\", literal=True) | gated(texts.str.replace_all(STRUCTURE, " "), kinds)
            for index, name in _new_file_names(texts, known):
                yield str(first + index), NO_ID, name
            for index in doubtful.arg_true().to_list():
                id = ID.search(texts[index])
                for string in _strings_of(texts[index]):
                    yield str(first + index), id[1] if id else NO_ID, string
            first += len(lines)


def _new_file_names(lines: pl.Series, known: set[str]) -> list[tuple[int, str]]:
    """Find the names of raw files that are not known yet, with the index of the first line that has each.

    They are known from now on.
    """
    fields = pl.DataFrame({"name": lines.str.extract_all(FILE)}).with_row_index("index").explode("name").drop_nulls()
    new = fields.unique("name", keep="first", maintain_order=True).filter(~pl.col("name").is_in(list(known)))
    known |= set(new["name"])
    return [(index, name[len('"file":"') : -1]) for index, name in new.iter_rows()]


def _strings_of(text: str) -> list[str]:
    """Read every string in a JSON text, keys and long numbers too; the text itself when it is no JSON.

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


def _columns(table: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> Iterator[pl.DataFrame]:
    """Read the strings of a table column by column, ROWS rows at a time, each string once: frames of LOCATED."""
    height = table.select(pl.len()).collect().item()
    id = pl.col("id") if schema.get("id") == pl.String else pl.lit(NO_ID)
    for column, dtype in schema.items():
        if dtype.is_numeric() or dtype == pl.Boolean:
            continue
        for start in range(0, height, ROWS):
            cells = table.select(text=column, id=id.fill_null(NO_ID)).slice(start, ROWS).collect()
            for texts in _cells(cells.with_row_index("row", offset=start + 1)):
                once = _without_digests(texts).unique("text", keep="first", maintain_order=True)
                location = pl.concat_str(pl.lit(f"{column}:"), pl.col("row").cast(pl.String))
                owner = pl.col("id").str.extract(f"({DIGEST})").fill_null(NO_ID)
                yield once.select(location=location, id=owner, text="text")


def _cells(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Find every string below the column `text`: in lists, in structs, in categories. The other columns stay."""
    dtype = cells.schema["text"]
    if isinstance(dtype, pl.List | pl.Array):
        yield from _cells(cells.explode("text"))
    elif isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _cells(cells.with_columns(pl.col("text").struct.field(field.name).alias("text")))
    elif dtype in (pl.String, pl.Categorical, pl.Enum):
        yield cells.with_columns(pl.col("text").cast(pl.String))
