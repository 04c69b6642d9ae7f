"""A workbook of Excel for people who read a dataset: what is trained on, what the exam asks, what waits for review."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self

import polars as pl
from python_calamine import CalamineWorkbook

from curate.publish.export_formats import ExportFormat, text
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.kind_names import KIND_NAMES, PROBE_NAMES
from schemas.reading_rows import COLUMNS, NUMBERS, READING, SHEETS

try:
    import xlsxwriter
except ImportError:  # the extra `ui` is not installed
    xlsxwriter = None

ALWAYS = datetime(2000, 1, 1)
"""When every workbook was made: the same version gives the same bytes."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ABOUT = Bilingual("About", "说明")
WIDTHS = {
    "id": 14, "kind": 10, "lang": 9, "turns": 9, "question": 42, "answer": 60, "conversation": 60, "file": 24,
    "rows": 12, "tags": 20, "part": 7,
}  # fmt: skip
"""Letters that each column is wide; of Chinese ones half as many."""
ABOUT_WIDTHS = (32, 100)
WRAPPED = ("question", "answer", "conversation", "file", "tags")
LINE_HEIGHT = 15.0
MOST_LINES = 8
"""Lines of a row that are shown: a long text is read where the cell is opened."""
TEXT = {"valign": "top", "border": 4, "border_color": "#BFBFBF", "quote_prefix": True}


class XlsxExport(ExportFormat):
    """An Excel workbook to read: sheets for training, exam and review, one record a row. It is not read back into
    records: hidden characters are written out.
    """

    title_zh: ClassVar[str] = "Excel 工作簿，给人看：训练、考题、待审各一张表，每行一段对话"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for people: an Excel workbook to read, with exam and review", "给人看：Excel 工作簿，含考题和待审"
    )
    columns: ClassVar[pl.Schema] = READING
    unit: ClassVar[Bilingual] = Bilingual("rows", "行")
    stands_alone: ClassVar[bool] = True
    suffix: ClassVar[str] = ".xlsx"
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    features: ClassVar[tuple[dict[str, Any], ...]] = tuple(map(text, COLUMNS))
    llama_factory: ClassVar[dict[str, Any] | None] = None

    about: tuple[tuple[str, str], ...] = ()
    """What the first sheet says: headings and texts."""
    most_rows: int = 1_048_576
    """Rows of a sheet, its header among them: Excel opens no more."""

    def about_version(self, lines: tuple[tuple[str, str], ...]) -> Self:
        return self.model_copy(update={"about": lines})

    def write(self, rows: pl.DataFrame, path: Path) -> None:
        if xlsxwriter is None:
            raise InputError(
                "writing workbooks needs the extra 'ui': pip install 'hornbook[ui]'",
                "写 Excel 工作簿需要安装附加组件 ui：pip install 'hornbook[ui]'",
            )
        with xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as book:
            book.set_properties({"created": ALWAYS})
            _write_about(book, self.about)
            formats = {
                name: book.add_format(
                    {**TEXT, "text_wrap": name in WRAPPED} if name not in NUMBERS else {"valign": "top"}
                )
                for name in COLUMNS
            }
            for title, of_sheet in _sheets(rows, self.most_rows - 1):
                _write_sheet(book, title, of_sheet, formats)

    def read(self, path: Path) -> pl.DataFrame:
        book = CalamineWorkbook.from_path(path)
        frames = [pl.DataFrame(schema=READING)]
        for title in book.sheet_names[1:]:
            lines = book.get_sheet_by_name(title).to_python(skip_empty_area=False)[1:]
            sheet = _key_of(SHEETS, title.partition(" ")[0])
            frames.append(pl.DataFrame([_row(sheet, line) for line in lines], schema=READING, orient="row"))
        return pl.concat(frames)


def _sheets(rows: pl.DataFrame, most: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Divide rows into sheets with their titles: one for each of SHEETS, and as many more as it needs."""
    for key, title in SHEETS.items():
        of_sheet = rows.filter(pl.col("sheet") == key)
        for number, start in enumerate(range(0, max(of_sheet.height, 1), most), start=1):
            yield str(title) if number == 1 else f"{title} {number}", of_sheet.slice(start, most)


def _write_about(book: Any, lines: Iterable[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(str(ABOUT))
    heading = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    line = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, ABOUT_WIDTHS[0])
    sheet.set_column(1, 1, ABOUT_WIDTHS[1])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for row, pair in enumerate(lines):
        name, words = pair
        sheet.set_row(row, LINE_HEIGHT * min(MOST_LINES, max(map(_lines, pair, ABOUT_WIDTHS))))
        sheet.write_string(row, 0, name, heading)
        sheet.write_string(row, 1, words, line)


def _write_sheet(book: Any, title: str, rows: pl.DataFrame, formats: dict[str, Any]) -> None:
    """Write one sheet from the top down: nothing above a row can be changed any more."""
    sheet = book.add_worksheet(title)
    names = {"train": KIND_NAMES, "review": KIND_NAMES, "exam": PROBE_NAMES}
    header = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1, "border_color": "#BFBFBF"})
    for number, (name, words) in enumerate(COLUMNS.items()):
        sheet.set_column(number, number, WIDTHS[name])
        sheet.write_string(0, number, str(words), header)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows.height, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for index, row in enumerate(rows.iter_rows(named=True), start=1):
        sheet.set_row(index, LINE_HEIGHT * min(MOST_LINES, max(_lines(row[name], WIDTHS[name]) for name in WRAPPED)))
        kind = names[row["sheet"]].get(row["kind"], row["kind"])
        for number, name in enumerate(COLUMNS):
            if name in NUMBERS:
                sheet.write_number(index, number, row[name], formats[name])
            else:
                value = str(kind) if name == "kind" else row[name]
                sheet.write_string(index, number, value, formats[name])


def _lines(text: str, width: int) -> int:
    """Estimate how many lines a text takes, up to what is shown: a Chinese character is two letters wide."""
    lines = text[: width * MOST_LINES].split("\n")
    return sum(1 + (len(line) + sum(letter > "\u2e7f" for letter in line)) // width for line in lines)


def _row(sheet: str, line: list[Any]) -> tuple[Any, ...]:
    """Read one row of a sheet as it was written."""
    cells = dict(zip(COLUMNS, line, strict=True))
    cells |= {name: int(cells[name]) for name in NUMBERS}
    cells["kind"] = _key_of(PROBE_NAMES if sheet == "exam" else KIND_NAMES, cells["kind"])
    return (sheet, *cells.values())


def _key_of(names: dict[str, Bilingual], words: str) -> str:
    return next((key for key, name in names.items() if words in (name.en, name.zh)), words)
