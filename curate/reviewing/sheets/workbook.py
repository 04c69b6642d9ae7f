"""The sheet as a workbook of Excel. The only file that imports xlsxwriter.

Its rows are a table of Excel, in which a sort takes whole rows along.
"""

import io
from datetime import datetime
from typing import Any

from curate.reviewing.sheets.columns import (
    ALL,
    BY_HAND,
    COLUMNS,
    EXPLANATION,
    FILLED,
    NONE,
    READ_ME,
    SHEET,
    VERDICTS,
    WIDTHS,
    reasons,
)
from curate.reviewing.sheets.page import PageRow, SheetPage
from schemas.errors import InputError

try:
    import xlsxwriter
except ImportError:  # the extra `review` is not installed
    xlsxwriter = None

ALWAYS = datetime(2000, 1, 1)
"""When every workbook was made: the same tasks give the same bytes."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHOWN = {"text_wrap": True, "valign": "top", "border": 4, "border_color": "#BFBFBF"}
LINE_HEIGHT = 15.0
HIGHEST = 400.0
"""Points of a row; Excel takes 409."""
LINE_WIDTH = 100
"""Characters of a line of the explanation."""


def workbook(page: SheetPage) -> bytes:
    """Write the page as .xlsx. Raises InputError where the extra `review` is not installed."""
    if xlsxwriter is None:
        raise InputError(
            "writing workbooks for reviewers needs the extra 'review': pip install 'hornbook[review]'",
            "给审核人写 Excel 表需要安装附加组件 review：pip install 'hornbook[review]'",
        )
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"created": ALWAYS})
        sheet = book.add_worksheet(page.word(SHEET))
        read_me = book.add_worksheet(page.word(READ_ME))
        _write_rows(book, sheet, page)
        _offer_words(sheet, page)
        _explain(book, read_me, page)
    return content.getvalue()


def _write_rows(book: Any, sheet: Any, page: SheetPage) -> None:
    """Write the table: what is shown in grey, what is to be filled in as text that no spreadsheet converts."""
    shown = book.add_format({**SHOWN, "bg_color": "#F7F7F7"})
    to_fill = book.add_format({**SHOWN, "num_format": "@"})
    dark, yellow = (
        book.add_format({**SHOWN, "bold": True, "bg_color": color, "valign": "vcenter"})
        for color in ("#D9D9D9", "#FFE699")
    )
    header = [
        {"header": name, "header_format": yellow if column in FILLED else dark}
        for column, name in zip(page.columns, page.header(), strict=True)
    ]
    last_row, last_column = len(page.rows), len(page.columns) - 1
    sheet.add_table(0, 0, last_row, last_column, {"columns": header, "style": None, "name": "review"})
    for number, column in enumerate(page.columns):
        sheet.set_column(number, number, WIDTHS[column])
        for row, written in enumerate(page.rows, start=1):
            if column in FILLED:
                sheet.write_blank(row, number, None, to_fill)
            else:
                sheet.write_string(row, number, written.cells.get(column, ""), shown)
    for row, written in enumerate(page.rows, start=1):
        sheet.set_row(row, _height(written))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _height(row: PageRow) -> float:
    """Estimate how high a row must be to show all of its texts: not every program finds that out itself."""
    lines = [
        sum(1 + max(0, _width(line) - 1) // WIDTHS[column] for line in text.split("\n"))
        for column, text in row.cells.items()
    ]
    return min(HIGHEST, LINE_HEIGHT * max(2, *lines))


def _width(line: str) -> int:
    """Count columns of a line, of which a Chinese character takes two."""
    return len(line) + sum(character > "\u2e7f" for character in line)


def _offer_words(sheet: Any, page: SheetPage) -> None:
    """Let the verdict be chosen from a list alone, and offer reasons and letters beside what one may type."""
    last = len(page.rows)

    def offer(column: str, source: list[str] | str, row: int = 1, end: int = last, **more: Any) -> None:
        number = page.columns.index(column)
        sheet.data_validation(row, number, end, number, {"validate": "list", "source": source, **more})

    title, message = page.word(COLUMNS["verdict"]), page.word(BY_HAND)
    offer("verdict", [page.word(word) for word in VERDICTS.values()], error_title=title, error_message=message)
    first = len(EXPLANATION) + 1
    listed = f"='{page.word(READ_ME)}'!$A${first}:$A${first + len(reasons()) - 1}"
    offer("reason", listed, show_error=False)
    for row, written in enumerate(page.rows, start=1):
        if written.letters and "holds" in page.columns:
            letters = [*written.letters[:26], page.word(ALL), page.word(NONE)]
            offer("holds", letters, row, row, show_error=False)


def _explain(book: Any, sheet: Any, page: SheetPage) -> None:
    """Write the page of explanations, with the reasons below it."""
    title = book.add_format({"bold": True, "font_size": 14})
    line = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, LINE_WIDTH)
    for row, words in enumerate((*EXPLANATION, *reasons())):
        sheet.write_string(row, 0, page.word(words), line if row else title)
