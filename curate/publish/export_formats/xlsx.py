"""A workbook for people: one message a row, with filters, and still the whole record."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from python_calamine import CalamineWorkbook

from curate.publish.export_formats import ExportFormat, text
from curate.publish.export_formats._message_rows import COLUMNS, message_rows, record_of
from schemas.errors import InputError
from schemas.frame import frame_of

try:
    import xlsxwriter
except ImportError:  # neither the extra `ui` nor `review` is installed
    xlsxwriter = None

HEADER = {
    "id": "编号 id",
    "turn": "轮次 turn",
    "role": "角色 role",
    "content": "内容 content",
    "kind": "类别 kind",
    "lang": "语言 lang",
    "file": "来源文件 file",
    "rows": "原始行 rows",
    "digest": "文件摘要 digest",
    "parent": "改写自 parent",
    "group": "分组 group",
    "tags": "标签 tags",
}
"""In both languages: the same version gives the same bytes whoever exports it."""
WIDTHS = {"content": 80, "file": 24, "tags": 24, "id": 14, "digest": 14, "parent": 14, "group": 14}
USUAL_WIDTH = 10
ALWAYS = datetime(2000, 1, 1)
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class XlsxExport(ExportFormat):
    """One sheet of text cells, a message a row: nothing in it is a formula, a number or a link. A cell holds 32,767
    characters, a sheet 1,048,576 rows.
    """

    title_zh: ClassVar[str] = "Excel 工作簿，给人看：每行一条消息，可筛选，单元格全是文本"
    suffix: ClassVar[str] = ".xlsx"
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    features: ClassVar[tuple[dict[str, Any], ...]] = tuple(map(text, COLUMNS))
    llama_factory: ClassVar[dict[str, Any] | None] = None

    def write(self, records: pl.DataFrame, path: Path) -> None:
        if xlsxwriter is None:
            raise InputError(
                "writing workbooks needs the extra 'ui': pip install 'hornbook[ui]'",
                "写 Excel 工作簿需要安装附加组件 ui：pip install 'hornbook[ui]'",
            )
        with xlsxwriter.Workbook(str(path), OPTIONS) as book:
            book.set_properties({"created": ALWAYS})
            bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            sheet = book.add_worksheet("对话 conversations")
            for number, name in enumerate(COLUMNS):
                sheet.set_column(number, number, WIDTHS.get(name, USUAL_WIDTH))
            sheet.freeze_panes(1, 0)
            for number, name in enumerate(COLUMNS):
                sheet.write_string(0, number, HEADER[name], bold)
            row = 0
            for record in records.sort("id").iter_rows(named=True):
                for cells in message_rows(record):
                    row += 1
                    for number, cell in enumerate(cells):
                        sheet.write_string(row, number, cell, wrapped)
            sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)

    def read(self, path: Path) -> pl.DataFrame:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()
        next(rows)
        named = [dict(zip(COLUMNS, map(str, row), strict=False)) for row in rows]
        records = [record_of(list(turns)) for _, turns in groupby(named, key=itemgetter("id"))]
        return frame_of(records).sort("id")
