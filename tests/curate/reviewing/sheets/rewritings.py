"""What people and programs do to a sheet before it comes back: each changes a filled table and saves it."""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from schemas.review import Opinion

Grid = list[list[str]]
"""The cells of the sheet; the first row is the header."""
Change = Callable[[Grid], Grid]
Save = Callable[[Grid, Path], Path]
ALL = frozenset(range(1, 17))


class Rewriting(NamedTuple):
    """One thing that is done to a filled sheet. `keeps` are the rows whose decisions come back, as `hears` changes
    them; the others are kept apart. `refused` is what the error says, where the whole sheet must be refused.
    """

    save: Save
    change: Change = lambda grid: grid
    keeps: frozenset[int] = ALL
    refused: str = ""
    hears: Callable[[Opinion], Opinion] = lambda opinion: opinion


# How cells are changed


def column(grid: Grid, name: str) -> int:
    return grid[0].index(name)


def mapped(change: Callable[[str], str]) -> Change:
    """Change every cell below the header."""
    return lambda grid: [grid[0], *([change(cell) for cell in row] for row in grid[1:])]


def within(names: tuple[str, ...], change: Callable[[str], str]) -> Change:
    """Change the cells of these columns."""

    def changed(grid: Grid) -> Grid:
        columns = {column(grid, name) for name in names}
        below = ([change(cell) if n in columns else cell for n, cell in enumerate(row)] for row in grid[1:])
        return [grid[0], *below]

    return changed


def word_for_word(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda cell: words.get(cell, cell)


def shuffled(grid: Grid) -> Grid:
    return [grid[0], *random.Random(7).sample(grid[1:], len(grid) - 1)]


def by_verdict(grid: Grid) -> Grid:
    return [grid[0], *sorted(grid[1:], key=lambda row: row[column(grid, "结论")])]


def answered_only(grid: Grid) -> Grid:
    return [grid[0], *(row for row in grid[1:] if row[column(grid, "结论")])]


def ordered(*names: str) -> Change:
    """Move these columns to the front."""

    def changed(grid: Grid) -> Grid:
        front = [column(grid, name) for name in names]
        order = [*front, *(n for n in range(len(grid[0])) if n not in front)]
        return [[row[n] for n in order] for row in grid]

    return changed


def without(*names: str) -> Change:
    def changed(grid: Grid) -> Grid:
        gone = {column(grid, name) for name in names}
        return [[cell for n, cell in enumerate(row) if n not in gone] for row in grid]

    return changed


def with_own_columns(grid: Grid) -> Grid:
    """Number the rows in front, keep a column free, and remark something behind."""
    return [
        ["序号", *grid[0], "", "复核意见"],
        *([str(number), *row, "", "已看" * (number % 2)] for number, row in enumerate(grid[1:], start=1)),
    ]


def numbered_anew(grid: Grid) -> Grid:
    """Number the rows in a column of the same name, so that programs rename the old one."""
    return [["编号", *grid[0]], *([str(number), *row] for number, row in enumerate(grid[1:], start=1))]


def with_title(grid: Grid) -> Grid:
    blank = [""] * (len(grid[0]) - 1)
    return [["七月对话审核（客服部）", *blank], ["", *blank], *grid]


def with_remarks(grid: Grid) -> Grid:
    blank = [""] * (len(grid[0]) - 1)
    return [*grid, ["", *blank], ["以上由王经理审核", *blank], ["合计", "16", *blank[1:]]]


def with_gaps(grid: Grid) -> Grid:
    blank = [""] * len(grid[0])
    return [grid[0], *(line for row in grid[1:] for line in (row, blank))]


def header_sorted_in(grid: Grid) -> Grid:
    return [*grid[1:9], grid[0], *grid[9:]]


def header_on_each_page(grid: Grid) -> Grid:
    return [*grid[:9], grid[0], *grid[9:]]


def in_english(grid: Grid) -> Grid:
    names = {
        "编号": "number", "对话": "conversation", "最后的回答": "last answer", "为什么要看": "why it is here",
        "测到什么": "what was measured", "其他回答": "other answers", "相关记录": "related", "结论": "verdict",
        "哪个算数": "holds", "新回答": "new answer", "其他轮次": "other turns", "原因": "reason",
        "备注": "note", "审核人": "reviewer", "编号核对": "number again",
    }  # fmt: skip
    return [[names[name].title() for name in grid[0]], *grid[1:]]


def header_dressed(grid: Grid) -> Grid:
    return [[f" {name} *\n" for name in grid[0]], *grid[1:]]


def moved_alone(*names: str) -> Change:
    """Sort these columns without the others: downwards by one row."""

    def changed(grid: Grid) -> Grid:
        columns = {column(grid, name) for name in names}
        above = [grid[-1], *grid[1:-1]]
        below = (
            [up[n] if n in columns else cell for n, cell in enumerate(row)]
            for row, up in zip(grid[1:], above, strict=True)
        )
        return [grid[0], *below]

    return changed


def reviewer_once(grid: Grid) -> Grid:
    """The name in the first row only; whoever fills the sheet fills all of it."""
    name = column(grid, "审核人")
    first, *rest = grid[1:]
    return [grid[0], first, *([*row[:name], "", *row[name + 1 :]] for row in rest)]


def pasted(grid: Grid) -> Grid:
    """Copy a row and change the copy's mind."""
    return [*grid, ["拒绝" if cell == "通过" else cell for cell in grid[1]]]


# How what was said changes


def by_one(opinion: Opinion) -> Opinion:
    return opinion.model_copy(update={"by": "王经理"})


def in_one_line(opinion: Opinion) -> Opinion:
    return opinion.model_copy(update={"answers": {n: t.replace("\n", " ") for n, t in opinion.answers.items()}})


# How tables are saved


def as_csv(encoding: str, delimiter: str = ",", suffix: str = ".csv", ends: str = "\r\n") -> Save:
    def save(grid: Grid, path: Path) -> Path:
        text = io.StringIO()
        quoting = csv.QUOTE_ALL if ends == "\r" else csv.QUOTE_MINIMAL  # which looks for the line ends it writes alone
        csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(grid)
        path = path.with_suffix(suffix)
        path.write_bytes(text.getvalue().encode(encoding, "replace"))
        return path

    return save


def as_xlsx(
    name: str = "审核", before: Mapping[str, Grid] | None = None, behind: Mapping[str, Grid] | None = None
) -> Save:
    """Save as a workbook of this sheet, and others before and behind it."""

    def save(grid: Grid, path: Path) -> Path:
        path = path.with_suffix(".xlsx")
        with xlsxwriter.Workbook(path) as book:
            for title, cells in {**(before or {}), name: grid, **(behind or {})}.items():
                sheet = book.add_worksheet(title)
                for row, values in enumerate(cells):
                    for number, value in enumerate(values):
                        sheet.write_string(row, number, value)
        return path

    return save


def filtered(grid: Grid, path: Path) -> Path:
    """Save with all rows hidden that somebody has not accepted."""
    path = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("审核")
        sheet.autofilter(0, 0, len(grid) - 1, len(grid[0]) - 1)
        sheet.filter_column_list(column(grid, "结论"), ["通过"])
        for row, values in enumerate(grid):
            if row and values[column(grid, "结论")] != "通过":
                sheet.set_row(row, options={"hidden": True})
            for number, value in enumerate(values):
                sheet.write_string(row, number, value)
    return path


def numbers_as_numbers(grid: Grid, path: Path) -> Path:
    """Save what looks like a number as one."""
    path = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("审核")
        for row, values in enumerate(grid):
            for number, value in enumerate(values):
                if value.isdecimal():
                    sheet.write_number(row, number, float(value))
                else:
                    sheet.write_string(row, number, value)
    return path


def merged_reviewer(grid: Grid, path: Path) -> Path:
    """Save with one cell for the reviewer over all rows."""
    path, name = path.with_suffix(".xlsx"), column(grid, "审核人")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("审核")
        for row, values in enumerate(grid):
            for number, value in enumerate(values):
                if not row or number != name:
                    sheet.write_string(row, number, value)
        sheet.merge_range(1, name, len(grid) - 1, name, "王经理")
    return path


def as_page(grid: Grid, path: Path) -> Path:
    rows = ("".join(f"<td>{escape(cell)}</td>".replace("\n", "<br>") for cell in row) for row in grid)
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    path = path.with_suffix(".xls")
    path.write_text(f'<html><meta charset="utf-8"><body><table>{table}</table></body></html>', encoding="utf-8")
    return path


def as_old_xml(grid: Grid, path: Path) -> Path:
    def cell(text: str) -> str:
        return f'<Cell><Data ss:Type="String">{escape(text).replace(chr(10), "&#10;")}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in grid)
    path = path.with_suffix(".xml")
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="审核"><Table>{rows}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    return path


def renamed(save: Save, suffix: str) -> Save:
    """Save, and call the file something else."""
    return lambda grid, path: save(grid, path).rename(path.with_suffix(suffix))


def zipped(grid: Grid, path: Path) -> Path:
    file = as_csv("gbk")(grid, path)
    path = path.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(file, "审核.csv")
    return path


# What cells become


def curly(cell: str) -> str:
    """Word, WPS and Numbers: quotation marks that turn, three dots in one."""
    return cell.replace("...", "…").replace("'", "’") if cell[:1] != "'" else cell


def wide(cell: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in cell)


def escaped_again(cell: str) -> str:
    return f"'{cell}" if cell[:1] in tuple("=+-@'") else cell


def cut(cell: str) -> str:
    return "阿" * 32_767 if cell.startswith("早上9点到") else cell


PIVOT = [["原因", "条数", "占比", "谁"], ["辱骂", "1", "6%", "王"], ["其他", "1", "6%", "王"]]
READ_ME = [["怎么填"], ["每行一条"]]
BOM, GBK = as_csv("utf-8-sig"), as_csv("gbk")
LABELS = ("编号", "编号核对")
TEXTS = ("对话", "最后的回答")

REWRITINGS: dict[str, Rewriting] = {
    # 1-20: programs
    "saved by WPS as it was": Rewriting(BOM),
    "saved by Excel as CSV on a Chinese Windows": Rewriting(GBK),
    "saved by LibreOffice as GB18030": Rewriting(as_csv("gb18030")),
    "saved by Google Sheets as CSV": Rewriting(as_csv("utf-8")),
    "saved by Numbers with semicolons": Rewriting(as_csv("utf-8", ";", ends="\n")),
    "saved by a German Excel with semicolons and a mark": Rewriting(as_csv("utf-8-sig", ";")),
    "saved as Unicode text": Rewriting(as_csv("utf-16", "\t", ".txt")),
    "saved as text with tabs in GBK": Rewriting(as_csv("gbk", "\t", ".txt")),
    "saved by Google Sheets as TSV": Rewriting(
        as_csv("utf-8", "\t", ".tsv"), mapped(lambda cell: cell.replace("\n", " ")), hears=in_one_line
    ),
    "saved by an old Mac": Rewriting(as_csv("utf-8-sig", ends="\r")),
    "saved as a workbook": Rewriting(as_xlsx()),
    "the sheets in another order": Rewriting(as_xlsx(before={"说明": READ_ME})),
    "the sheet renamed": Rewriting(as_xlsx("Sheet1 (2)")),
    "a pivot table in front": Rewriting(as_xlsx(before={"透视": PIVOT}, behind={"说明": READ_ME})),
    "an export summary of Numbers in front": Rewriting(
        as_xlsx("工作表 1 - 表格 1", before={"导出摘要": [["此文稿已从 Numbers 导出。"], ["", "", "Excel 工作表名"]]})
    ),
    "filtered, with hidden rows": Rewriting(filtered),
    "numbers turned into numbers": Rewriting(numbers_as_numbers),
    "a page that is called a workbook": Rewriting(as_page),
    "an XML of Excel 2003": Rewriting(as_old_xml),
    "a CSV that is called a workbook": Rewriting(renamed(GBK, ".xls")),
    "a workbook that is called a text": Rewriting(renamed(as_xlsx(), ".csv")),
    "a workbook of WPS with its own ending": Rewriting(renamed(as_xlsx(), ".et")),
    "packed for a mail": Rewriting(zipped),
    # 24-37: rows and columns
    "sorted by verdict": Rewriting(as_xlsx(), by_verdict),
    "shuffled, in GBK": Rewriting(GBK, shuffled),
    "unanswered rows deleted": Rewriting(BOM, answered_only),
    "what is filled in moved to the front": Rewriting(as_xlsx(), ordered("结论", "新回答", "编号")),
    "columns deleted that nobody needed": Rewriting(GBK, without("测到什么", "为什么要看", "相关记录", "编号核对")),
    "only what must be there": Rewriting(BOM, without("对话", "其他回答", "测到什么", "为什么要看", "相关记录")),
    "columns of their own": Rewriting(as_xlsx(), with_own_columns),
    "numbered anew in front": Rewriting(as_xlsx(), numbered_anew),
    "a title above the header": Rewriting(as_xlsx(), with_title),
    "remarks and totals below": Rewriting(GBK, with_remarks),
    "empty rows between": Rewriting(as_xlsx(), with_gaps),
    "the header sorted in": Rewriting(as_xlsx(), header_sorted_in),
    "the header on each page": Rewriting(BOM, header_on_each_page),
    "the header in the other language": Rewriting(as_xlsx(), in_english),
    "the header with stars and line feeds": Rewriting(as_xlsx(), header_dressed),
    # 38-53: cells
    "numbers in full width": Rewriting(BOM, within(LABELS, wide)),
    "numbers with dashes and blanks of a phone": Rewriting(
        as_xlsx(), within(LABELS, lambda cell: f"\u00a0{cell.lower().replace('-', ' – ')}　")
    ),
    "numbers as decimals": Rewriting(BOM, within((*LABELS, "审核人"), lambda c: f"{c}.0" if c[-1:].isdigit() else c)),
    "marks instead of words": Rewriting(GBK, within(("结论",), word_for_word({"通过": "√", "拒绝": "×"}))),
    "words with quotation marks, blanks and in traditional characters": Rewriting(
        as_xlsx(), within(("结论",), word_for_word({"通过": "“通過” ", "拒绝": "　拒絕。", "看不准": "Cannot  Tell"}))
    ),
    "the words of the other language": Rewriting(
        as_xlsx(),
        within(("结论",), word_for_word({"通过": "Accept", "修改": "EDIT", "拒绝": "Reject", "看不准": "Cannot tell"})),
    ),
    "escaped once more": Rewriting(BOM, mapped(escaped_again)),
    "quotation marks that turn": Rewriting(as_xlsx(), within(TEXTS, curly)),
    "line feeds of Excel": Rewriting(as_xlsx(), mapped(lambda cell: cell.replace("\n", "_x000D_\n"))),
    "line feeds of Windows": Rewriting(BOM, mapped(lambda cell: cell.replace("\n", "\r\n"))),
    "blanks at the end": Rewriting(BOM, mapped(lambda cell: f"{cell}  " if cell else "\u00a0")),
    "the reviewer in one merged cell": Rewriting(merged_reviewer, hears=by_one),
    "the reviewer in the first row only": Rewriting(as_xlsx(), reviewer_once, hears=by_one),
    "a text replaced everywhere": Rewriting(
        as_xlsx(), within(TEXTS, lambda cell: cell.replace("退货", "退换货")), ALL - {1, 5}
    ),
    "the same sheet twice in one book": Rewriting(lambda grid, path: as_xlsx(behind={"审核 (2)": grid})(grid, path)),
    # 54-: what must not be taken
    "the answers sorted alone": Rewriting(as_xlsx(), moved_alone(*TEXTS), frozenset()),
    "the numbers sorted alone": Rewriting(as_xlsx(), moved_alone("编号"), frozenset()),
    "numbers and texts sorted without what was filled in": Rewriting(
        as_xlsx(), moved_alone("编号", *TEXTS), frozenset()
    ),
    "saved by Excel as CSV on an English Windows": Rewriting(as_csv("cp1252"), refused="CSV UTF-8"),
    "a word that nobody knows": Rewriting(
        GBK, within(("结论",), word_for_word({"看不准": "回头再说"})), refused="-4.*verdict"
    ),
    "y and n": Rewriting(BOM, within(("结论",), word_for_word({"通过": "y", "拒绝": "n"})), refused="-1, .*verdict"),
    "a cell cut at its longest": Rewriting(as_xlsx(), within(("新回答",), cut), refused="-2.*32,767"),
    "one row twice with two verdicts": Rewriting(as_xlsx(), pasted, refused="-1.*twice"),
    "the header deleted": Rewriting(as_xlsx(), lambda grid: grid[1:], refused="columns"),
    "the numbers deleted": Rewriting(as_xlsx(), without("编号"), refused="number"),
    "the texts deleted": Rewriting(as_xlsx(), without(*TEXTS), refused="last answer"),
}
