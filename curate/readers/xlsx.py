"""Excel: strings stay strings, dates become ISO text, formulas give their cached values."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from python_calamine import CalamineError, CalamineWorkbook

from curate.readers import Reader, Row
from schemas.errors import InputError

UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to: a workbook is a zip, and a zip may be a bomb."""


class Xlsx(Reader):
    """The first sheet, or the one named. The first row holds the column names. Rows without any value are no rows."""

    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls")
    binary: ClassVar[bool] = True

    sheet: str | None = None

    def rows(self, content: Any) -> Iterator[Row]:
        book = _workbook(content)
        if self.sheet is not None and self.sheet not in book.sheet_names:
            raise InputError(
                f"there is no sheet '{self.sheet}'; the workbook has {', '.join(book.sheet_names)}",
                f"没有工作表“{self.sheet}”；现有：{'、'.join(book.sheet_names)}",
            )
        sheet = book.get_sheet_by_name(self.sheet) if self.sheet else book.get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False)
        if not table:
            return
        columns = [_text(cell).strip() or f"column_{n}" for n, cell in enumerate(table[0], start=1)]
        for number, cells in enumerate(table[1:], start=1):
            values = [_text(cell) for cell in cells]
            if any(values):
                yield Row(number, dict(zip(columns, values, strict=True)))


def _workbook(content: bytes) -> CalamineWorkbook:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                size = sum(member.file_size for member in archive.infolist())
            if size > UNPACKED:
                raise InputError(
                    f"the workbook unpacks to {size} bytes, which no table does; it was not read",
                    f"工作簿解压后有 {size} 字节，不像表格，未读取",
                )
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, zipfile.BadZipFile):
        raise InputError("not a readable Excel workbook", "不是可读的 Excel 工作簿") from None


def _text(cell: Any) -> str:
    """The cell as text: 13800138000.0 is 13800138000, a date is 2026-11-24."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())
