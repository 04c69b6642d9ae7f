"""The sheet as CSV, for whoever has no Excel: UTF-8 with a byte order mark, and nothing that a spreadsheet runs."""

import csv
import io

from curate.forms.cells import shown_as_text
from curate.reviewing.sheets.page import SheetPage


def csv_table(page: SheetPage) -> bytes:
    """Write the page as CSV. What a spreadsheet would run, or take for a number or a date, begins with `'`."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(page.header())
    writer.writerows([shown_as_text(row.cells.get(column, "")) for column in page.columns] for row in page.rows)
    return table.getvalue().encode("utf-8-sig")
