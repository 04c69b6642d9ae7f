"""A sheet of 300 rows that LibreOffice itself opened, filled in, sorted, filtered and saved comes back whole."""

import shutil
import subprocess
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.sheet_way import SheetWay
from schemas.review import ReviewTask
from tests.curate.reviewing.sheets.sample import TASKS, pair, task

SOFFICE = shutil.which("soffice")
LIBRARY = "http://openoffice.org/2000/library"
ROWS = 300
GB18030 = 85
"""The number of the encoding in LibreOffice."""
FILTERS = {
    ".xlsx": ("Calc MS Excel 2007 XML", ""),
    ".xls": ("MS Excel 97", ""),
    ".ods": ("calc8", ""),
    ".csv": ("Text - txt - csv (StarCalc)", f"44,34,{GB18030},1,,0,false,true,false"),
}
DELETED = 80
"""Rows at the end of the sorted sheet that are deleted: those without a verdict, and some others."""
MACRO = """
Sub Main(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  sheet = doc.Sheets.getByIndex(0)
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  last = cursor.RangeAddress.EndRow
  wide = cursor.RangeAddress.EndColumn
  For column = 0 To wide
    Select Case sheet.getCellByPosition(column, 0).String
      Case "结论" : verdict = column
      Case "新回答" : answer = column
      Case "原因" : reason = column
      Case "审核人" : reviewer = column
    End Select
  Next column
  words = Array("通过", "修改", "拒绝", "看不准", "")
  For row = 1 To last
    word = words(row Mod 5)
    If word <> "" Then sheet.getCellByPosition(verdict, row).String = word
    text = "第" & row & "条：" & Chr(10) & "“新的”回答。"
    If word = "修改" Then sheet.getCellByPosition(answer, row).String = text
    If word = "拒绝" Then sheet.getCellByPosition(reason, row).String = "其他"
    If word <> "" Then sheet.getCellByPosition(reviewer, row).Value = 12
  Next row
  Save(doc, target & "filled")

  Dim key(0) As New com.sun.star.table.TableSortField
  key(0).Field = verdict
  key(0).IsAscending = False
  Dim order(1) As New com.sun.star.beans.PropertyValue
  order(0).Name = "SortFields"
  order(0).Value = key()
  order(1).Name = "ContainsHeader"
  order(1).Value = True
  sheet.getCellRangeByPosition(0, 0, wide, last).sort(order())
  For row = 5 To 60
    sheet.Rows.getByIndex(row).IsVisible = False
  Next row
  sheet.Rows.removeByIndex(last - DELETED + 1, DELETED)
  sheet.Columns.insertByIndex(0, 1)
  sheet.getCellByPosition(0, 0).String = "序号"
  doc.Sheets.moveByName(sheet.Name, 2)
  sheet.Name = "七月"
  Save(doc, target & "sorted")
  doc.close(True)
  StarDesktop.terminate()
End Sub

Sub Save(doc, target As String)
SAVES
End Sub

Sub Store(doc, target As String, kind As String, options As String)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = kind
  how(1).Name = "FilterOptions"
  how(1).Value = options
  doc.storeToURL(ConvertToURL(target), how())
End Sub
"""


def macro() -> str:
    saves = [f'  Store(doc, target & "{end}", "{kind}", "{options}")' for end, (kind, options) in FILTERS.items()]
    return MACRO.replace("SAVES", "\n".join(saves)).replace("DELETED", str(DELETED))


def office(profile: Path, what: str) -> None:
    """Start LibreOffice without a screen. An error in the macro would wait for somebody to read it."""
    command = [str(SOFFICE), "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", what]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def install(profile: Path) -> None:
    """Lay the macro into a profile of LibreOffice that nobody else uses: it makes one of its own first."""
    office(profile, "--terminate_after_init")
    basic = profile / "user" / "basic"
    for path, body in (
        (
            basic / "script.xlc",
            f'<library:libraries xmlns:library="{LIBRARY}"><library:library library:name="Standard" '
            'library:link="false"/></library:libraries>',
        ),
        (
            basic / "Standard" / "script.xlb",
            f'<library:library xmlns:library="{LIBRARY}" library:name="Standard" library:readonly="false" '
            'library:passwordprotected="false"><library:element library:name="Review"/></library:library>',
        ),
        (
            basic / "Standard" / "Review.xba",
            '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Review" '
            f'script:language="StarBasic">{escape(macro())}</script:module>',
        ),
    ):
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', encoding="utf-8")


def many() -> list[ReviewTask]:
    """The sample, and what one reads in logs: long, short, of several lines, like numbers and formulas, with emoji."""
    shapes = (
        "第{}天到账。",
        "一、登录；\n二、点“退款{}”；\r\n三、等待。",
        "=A{}+1",
        "{}",
        "3月{}日",
        "好的😊{}",
        'It\'s {} "days"',
        "长" * 900 + "{}",
    )
    rest = [task(n, pair(f"问题{n}：怎么办", shapes[n % 8].format(n))) for n in range(1_000, 1_000 + ROWS - len(TASKS))]
    return [*TASKS, *rest]


@pytest.fixture
def saved(tmp_path: Path) -> tuple[ReviewQueue, dict[str, ReviewTask]]:
    """The queue and its tasks, after LibreOffice has saved their sheet in every way into the folder of the test."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    tasks = {one.key: one for one in many()}
    queue = ReviewQueue(tmp_path / "store", "shop")
    queue.add(tasks.values())
    SheetWay(queue, tmp_path / "out" / "shop.xlsx", lang="zh").push([*tasks.values()], 1)
    (path,) = (tmp_path / "out").glob("*.xlsx")
    install(tmp_path / "profile")
    office(tmp_path / "profile", f"macro:///Standard.Review.Main({path},{tmp_path}/)")
    return queue, tasks


def expected(tasks: dict[str, ReviewTask]) -> list[tuple[str, str, dict[int, str], str]]:
    """What the macro says of each row. Of a conflict a letter is missing, except to reject or to edit."""
    verdicts = ("accept", "edit", "reject", "unsure", "")
    meant = []
    for number, (key, one) in enumerate(tasks.items(), start=1):
        verdict = verdicts[number % 5]
        if verdict and not (one.asked == "conflict" and verdict == "accept"):
            edits = {1: f"第{number}条：\n“新的”回答。"} if verdict == "edit" else {}
            meant.append((key, verdict, edits, "12"))
    return meant


def test_what_libreoffice_filled_in_sorted_and_saved_comes_back_whole(
    saved: tuple[ReviewQueue, dict[str, ReviewTask]], tmp_path: Path
) -> None:
    queue, tasks = saved
    meant = expected(tasks)
    for how, end in product(("filled", "sorted"), FILTERS):
        if (how, end) == ("sorted", ".csv"):
            continue  # of several sheets a CSV holds the first, which is then the explanation
        way = SheetWay(queue, tmp_path, (tmp_path / f"{how}{end}",))
        heard = [(one.key, one.verdict, one.answers, one.by) for one in way.pull(tasks)]
        if how == "filled":
            assert heard == meant, end
        else:
            assert heard == [one for one in meant if one in heard], end
            assert len(meant) - DELETED <= len(heard) < len(meant)
        assert not way.apart.altered
