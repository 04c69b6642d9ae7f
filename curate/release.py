"""The release gate: what is about to be published is scanned once more, as it stands on the disk."""

import html
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from rules.personal import find, screen
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
DIGEST = r"\A[0-9a-f]{32}\z"
"""A cell that is a digest and nothing else: an id names no person, whatever digits it holds."""
STRUCTURE = (
    r'"(?:[0-9a-f]{32}"|(?:content|digest|file|group|id|kind|lang|messages|parent|role|rows|source|tags)":)'
    r'|"(?:user|assistant|system|domain|general|identity|refusal)"'
)
"""What every line of records has, and what names nobody: digests, keys, roles and kinds."""


def scan_files(paths: Sequence[Path], kinds: Sequence[str] | None = None) -> None:
    """Raises GateError when a file still holds personal data of these kinds (of all kinds, when none are given).

    The error counts the finds by kind and names places (file and line, or file, column and row), never a value.
    """
    counts: Counter[str] = Counter()
    places: dict[str, None] = {}
    for path in paths:
        for place, text in _suspects(path, kinds):
            for found in find(text, kinds):
                line = text.count("\n", 0, found.start) + 1
                counts[found.kind] += 1
                places[f"{path.name}:{place or line}"] = None
    if counts:
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))
        where = ", ".join(islice(places, TOLD)) + (f", … ({len(places)})" if len(places) > TOLD else "")
        raise GateError(
            f"personal data is left in what would be published ({told}) at {where}; is the stage 'mask' in the recipe?",
            f"待发布内容中仍有个人信息（{told}），位置：{where}；配方里有 mask 阶段吗？",
        )


def _suspects(path: Path, kinds: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Place and text of what may hold personal data; an empty place stands for a text with lines of its own."""
    for texts in _texts(path, kinds):
        worth = texts.filter(~pl.col("text").str.contains(DIGEST))
        yield from worth.filter(screen(worth["text"], kinds)).iter_rows()


def _texts(path: Path, kinds: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Everything in the file that may say something, in frames of `place` and `text`."""
    if path.suffix == ".parquet":
        yield from _columns(path)
        return
    pieces = _lines(path, kinds) if path.suffix == ".jsonl" else _whole(path)
    while batch := list(islice(pieces, BATCH)):
        places, texts = zip(*batch, strict=True)
        yield pl.DataFrame({"place": places, "text": texts})


def _whole(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        yield from (("1", string) for string in _strings_of(text))
    else:
        yield "", html.unescape(text) if path.suffix in (".html", ".htm") else text


def _lines(path: Path, kinds: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """The strings of the lines that may hold personal data.

    A line without a backslash holds its strings as they are: it is screened as a whole, and read only when it is
    doubtful.
    """
    number = 1
    with path.open("rb") as file:
        while lines := file.readlines(PIECE):
            texts = pl.Series([line.decode("utf-8", errors="replace") for line in lines])
            doubtful = texts.str.contains("\\", literal=True) | screen(texts.str.replace_all(STRUCTURE, " "), kinds)
            for place in doubtful.arg_true().to_list():
                for string in _strings_of(texts[place]):
                    yield str(number + place), string
            number += len(lines)


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
    rows = table.select(pl.len()).collect().item()
    for column in pl.read_parquet_schema(path):
        for start in range(0, rows, ROWS):
            cells = table.select(text=column).slice(start, ROWS).collect().with_row_index("row", offset=start + 1)
            for texts in _cells(cells):
                worth = texts.filter(~pl.col("text").str.contains(DIGEST))
                once = worth.unique("text", keep="first", maintain_order=True)
                place = pl.concat_str(pl.lit(f"{column}:"), pl.col("row").cast(pl.String))
                yield once.select(place=place, text="text")


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
