"""The law of sheets: whatever is filled in, and however rows, columns and encodings are shuffled, the same was said."""

import csv
import io
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from curate.forms.cells import typed
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.columns import COLUMNS, VERDICTS
from curate.reviewing.sheets.sheet_way import SheetWay
from schemas.review import Decision, Opinion, ReviewTask
from tests.curate.reviewing.sheets.rewritings import Grid, as_csv, as_old_xml, as_page, as_xlsx, filtered, renamed
from tests.curate.reviewing.sheets.sample import pair, task

LETTERS = "的一是了不在有我他这退货款天到账请您好，。！？：“”（）ABCxyz0123456789 \n=+-@'\";,\t|"
"""Of what texts are made: everyday characters, and every one that means something to a table."""
TEXTS = st.text(LETTERS, max_size=30)
ANSWERS = TEXTS.filter(lambda text: bool(typed(text)))
SAVES = {
    "utf-8-sig": as_csv("utf-8-sig"),
    "utf-8": as_csv("utf-8"),
    "gbk": as_csv("gbk"),
    "gb18030": as_csv("gb18030"),
    "semicolons": as_csv("utf-8-sig", ";"),
    "line feeds": as_csv("utf-8", ends="\n"),
    "unicode text": as_csv("utf-16", "\t", ".txt"),
    "tabs": as_csv("gbk", "\t", ".txt"),
    "workbook": as_xlsx(),
    "filtered": filtered,
    "called a csv": renamed(as_xlsx("表 1"), ".csv"),
    "page": as_page,
    "old xml": as_old_xml,
}
SPARE = ("对话", "编号核对", "原因", "备注", "审核人")
"""Columns that may be deleted where nothing was written into them; the texts of answers show that rows are whole."""


class Filling(NamedTuple):
    """What is shown and what is filled in of one row."""

    question: str
    shown: str
    verdict: Decision | None
    new: str


@st.composite
def fillings(draw: Any) -> Filling:
    verdict = draw(st.sampled_from([*VERDICTS, None]))
    new = draw(ANSWERS) if verdict == "edit" else ""
    return Filling(draw(TEXTS), draw(ANSWERS), verdict, new)


def tasks_of(rows: list[Filling]) -> list[ReviewTask]:
    return [task(number, pair(row.question, row.shown)) for number, row in enumerate(rows, start=1)]


def filled(grid: Grid, rows: list[Filling], english: bool) -> Grid:
    """Fill in the table that was written; names and words may be those of the other language."""
    names = {words.zh: words.en for words in COLUMNS.values()}
    verdict, new = grid[0].index("结论"), grid[0].index("新回答")
    for cells, row in zip(grid[1:], rows, strict=True):
        words = VERDICTS.get(row.verdict) if row.verdict else None
        cells[verdict] = "" if words is None else words.en if english else words.zh
        cells[new] = row.new
    return [[names[name] if english else name for name in grid[0]], *grid[1:]]


def opinion(row: Filling, task: ReviewTask) -> tuple[str, str, Mapping[int, str]] | None:
    if row.verdict is None:
        return None
    is_copy = row.verdict == "edit" and typed(row.new) == typed(row.shown)
    edits = {1: typed(row.new)} if row.verdict == "edit" and not is_copy else {}
    return task.key, "accept" if is_copy else row.verdict, edits


@settings(max_examples=25)
@given(
    st.lists(fillings(), min_size=1, max_size=6, unique_by=lambda row: (row.question, row.shown)),
    st.sampled_from([*SAVES]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
@example([Filling("", "1", "edit", "=1\n;\"'")], "gbk", False, None)
@example([Filling("a,b", "3-4", "accept", ""), Filling("", "退", None, "")], "page", False, None)
def test_what_was_filled_in_comes_back_however_it_was_saved(
    rows: list[Filling], save: str, english: bool, chance: Any
) -> None:
    tasks = tasks_of(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        queue = ReviewQueue(folder, "shop")
        SheetWay(queue, folder / "out" / "shop.xlsx", lang="zh").push(tasks, 1)
        (path,) = (folder / "out").glob("*.csv")
        grid = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
        grid = filled(grid, rows, english and save != "filtered")
        if chance:
            below = chance.sample(grid[1:], len(rows))
            order = chance.sample(range(len(grid[0])), len(grid[0]))
            grid = [[row[n] for n in order] for row in (grid[0], *below)]
        spare = [n for n, words in enumerate(grid[0]) if words in SPARE and chance and chance.random() < 0.3]
        grid = [[cell for n, cell in enumerate(row) if n not in spare] for row in grid]
        way = SheetWay(queue, folder, (SAVES[save](grid, folder / "back"),))
        found: list[Opinion] = list(way.pull({one.key: one for one in tasks}))

    if save == "page":  # in which a browser shows one blank for several
        rows = [
            row._replace(new=re.sub("[ \t]+", " ", row.new), shown=re.sub("[ \t]+", " ", row.shown)) for row in rows
        ]
    expected = [opinion(row, one) for row, one in zip(rows, tasks, strict=True)]
    assert [(one.key, one.verdict, one.answers) for one in found] == [one for one in expected if one]
    assert not way.apart.altered and not way.notes


@settings(max_examples=12)
@given(st.lists(ANSWERS, min_size=2, max_size=6, unique_by=lambda text: "".join(filter(str.isalnum, text)).lower()))
def test_no_answer_is_taken_of_rows_whose_texts_were_sorted_alone(answers: list[str]) -> None:
    tasks = tasks_of([Filling(f"问{n}", text, None, "") for n, text in enumerate(answers)])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        queue = ReviewQueue(folder, "shop")
        SheetWay(queue, folder / "out" / "shop.xlsx", lang="zh").push(tasks, 1)
        (path,) = (folder / "out").glob("*.csv")
        grid = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
        answer, verdict = grid[0].index("最后的回答"), grid[0].index("结论")
        texts = [row[answer] for row in grid[1:]]
        for row, text in zip(grid[1:], [*texts[1:], texts[0]], strict=True):
            row[answer], row[verdict] = text, "通过"
        way = SheetWay(queue, folder, (as_csv("utf-8")(grid, folder / "back"),))
        assert list(way.pull({one.key: one for one in tasks})) == []
    assert len(way.apart.altered) == len(answers)
