"""CSV for people: one message a row, safe to open in a spreadsheet, and still the whole record."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import ExportFormat, text
from schemas.bilingual import Bilingual
from schemas.digest import canonical
from schemas.frame import frame_of

COLUMNS = ("id", "turn", "role", "content", "kind", "lang", "file", "rows", "digest", "parent", "group", "tags")
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would run, and what was escaped before: both get one quotation mark more."""
ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


class CsvExport(ExportFormat):
    """UTF-8 with a byte order mark. A cell that a spreadsheet would take for a formula begins with `'`."""

    title_zh: ClassVar[str] = "CSV，给人看：每行一条消息，公式已转义，带 BOM"
    for_whom: ClassVar[Bilingual] = Bilingual("for any spreadsheet: one message a row", "给表格软件：每行一条消息")
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv"
    features: ClassVar[tuple[dict[str, Any], ...]] = tuple(map(text, COLUMNS))
    options: ClassVar[dict[str, Any]] = {"keep_default_na": False}
    llama_factory: ClassVar[dict[str, Any] | None] = None

    def write(self, records: pl.DataFrame, path: Path) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            writer.writerow(COLUMNS)
            for record in records.sort("id").iter_rows(named=True):
                writer.writerows([escaped(cell) for cell in row] for row in _rows(record))

    def read(self, path: Path) -> pl.DataFrame:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = ({name: without_formula(cell) for name, cell in row.items()} for row in csv.DictReader(file))
            records = [_record(list(turns)) for _, turns in groupby(rows, key=itemgetter("id"))]
        return frame_of(records).sort("id")


def escaped(cell: str) -> str:
    """Escape a cell so that a spreadsheet shows it, and does not run it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def without_formula(cell: str) -> str:
    """Undo the escaping of a cell."""
    return cell[1:] if ESCAPED.match(cell) else cell


def _rows(record: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    source = record["source"]
    for number, message in enumerate(record["messages"], start=1):
        yield (
            record["id"],
            str(number),
            message["role"],
            message["content"],
            record["kind"],
            record["lang"],
            source["file"],
            " ".join(map(str, source["rows"])),
            source["digest"],
            record["parent"] or "",
            record["group"],
            canonical(record["tags"]),
        )


def _record(turns: list[dict[str, str]]) -> dict[str, Any]:
    first = turns[0]
    return {
        **{name: first[name] for name in ("id", "kind", "lang", "group")},
        "messages": [{"role": turn["role"], "content": turn["content"]} for turn in turns],
        "source": {
            "file": first["file"],
            "digest": first["digest"],
            "rows": [int(number) for number in first["rows"].split()],
        },
        "parent": first["parent"] or None,
        "tags": json.loads(first["tags"]),
    }
