"""The way by spreadsheet: nothing goes out twice, nothing that somebody filled in is written over, nothing is lost."""

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.journal import SHEETS
from curate.reviewing.sheets.sheet_way import SheetWay
from schemas.errors import InputError, StoreError
from schemas.review import ReviewTask
from tests.curate.reviewing.sheets.rewritings import Grid, as_csv, as_xlsx
from tests.curate.reviewing.sheets.sample import TASKS, pair, pushed, task

SAVED = as_csv("utf-8-sig")


def table(path: Path) -> Grid:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def tables(folder: Path) -> list[Path]:
    return sorted((folder / "out").glob("*.csv"))


def with_verdicts(path: Path, verdicts: dict[int, str], column: str = "结论") -> Grid:
    grid = table(path)
    for number, verdict in verdicts.items():
        grid[number][grid[0].index(column)] = verdict
    return grid


def back(way: SheetWay, *paths: Path, by: str = "") -> SheetWay:
    return SheetWay(way.queue, way.path, paths, by)


def decided(way: SheetWay) -> dict[str, str]:
    return {opinion.origin.rpartition(":")[2]: opinion.verdict for opinion in way.pull(way.queue.tasks())}


def labels(path: Path) -> list[str]:
    return [row[0].rpartition("-")[2] for row in table(path)[1:]]


# What goes out


def test_both_files_hold_the_same_rows_and_no_id(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    (path,) = tables(tmp_path)
    book = CalamineWorkbook.from_path(str(path.with_suffix(".xlsx")))
    assert book.sheet_names == ["审核", "说明"]
    sheet = [[str(cell) for cell in row] for row in book.get_sheet_by_name("审核").to_python()]
    assert [[cell.removeprefix("'") for cell in row] for row in table(path)] == sheet
    assert len(sheet) == len(TASKS) + 1
    everything = path.read_text(encoding="utf-8-sig")
    assert not re.search("[0-9a-f]{32}", everything) and not any(one.key in everything for one in TASKS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and way.name == "sheet"


def test_the_workbook_is_one_that_a_manager_can_fill_in(tmp_path: Path) -> None:
    pushed(tmp_path)
    with zipfile.ZipFile(tables(tmp_path)[0].with_suffix(".xlsx")) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/tables/table1.xml" in book.namelist()
    assert 'state="frozen"' in sheet and "通过,修改,拒绝,看不准" in sheet and "<f>" not in sheet
    assert "A,B,C,都行,都不行" in sheet


@pytest.mark.parametrize(("lang", "word"), [("zh", "修改：在“新回答”里"), ("en", "edit: write into “new answer”")])
def test_a_page_explains_the_sheet_in_its_language(lang: str, word: str, tmp_path: Path) -> None:
    pushed(tmp_path, lang)
    book = CalamineWorkbook.from_path(str(tables(tmp_path)[0].with_suffix(".xlsx")))
    assert any(str(row[0]).startswith(word) for row in book.get_sheet_by_index(1).to_python())


def test_the_same_tasks_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pushed(tmp_path / name)
    for path in (tmp_path / "one" / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "out" / path.name).read_bytes()


def test_columns_without_any_use_are_left_out(tmp_path: Path) -> None:
    queue = ReviewQueue(tmp_path / "store", "shop")
    way = SheetWay(queue, tmp_path / "out" / "shop.xlsx", lang="en")
    way.push([task(1, pair("怎么退", "点退货"), why=())], 1)
    header = [
        "number",
        "conversation",
        "last answer",
        "verdict",
        "new answer",
        "reason",
        "note",
        "reviewer",
        "number again",
    ]
    assert table(tables(tmp_path)[0])[0] == header


def test_no_task_goes_out_twice(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    again = way.push(TASKS, 1)
    assert (again.new, again.there, again.closed) == (0, 16, 0)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert again.where == str(tables(tmp_path)[0].with_suffix(".xlsx").resolve())


def test_new_tasks_go_into_a_sheet_of_their_own(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    more = task(50, pair("能开票吗", "能。"))
    assert way.push([*TASKS, more], 1)[:3] == (1, 16, 0)
    assert sorted(map(len, map(labels, tables(tmp_path)))) == [1, 16]


def test_each_reviewer_gets_a_sheet_of_another_name(tmp_path: Path) -> None:
    queue = ReviewQueue(tmp_path / "store", "shop")
    queue.add(TASKS)
    way = SheetWay(queue, tmp_path / "out" / "shop.xlsx", lang="zh")
    assert way.push(TASKS[:3], 1)[:3] == (3, 0, 0)
    assert way.push(TASKS[:4], 2)[:3] == (1, 3, 0)
    assert sorted(labels(path) for path in tables(tmp_path)) == [["1"], ["1", "2", "3"], ["1", "2", "3", "4"]]
    assert way.push(TASKS[:4], 2)[:3] == (0, 4, 0)
    assert len(tables(tmp_path)) == 3


def test_a_changed_record_is_asked_anew_and_its_old_row_is_closed(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    old = SAVED(with_verdicts(tables(tmp_path)[0], {1: "通过", 2: "拒绝"}), tmp_path / "back")
    changed = task(1, pair("怎么退货", "在订单页点“退货”，再选原因。"))
    queue.add([changed])
    assert way.push([changed, *TASKS[1:]], 1)[:3] == (1, 15, 1)
    found = back(way, old)
    assert decided(found) == {"2": "reject"}
    assert [label.rpartition("-")[2] for label in found.apart.closed] == ["1"]
    assert "changed" in found.notes[0].en
    assert sorted(map(len, map(labels, tables(tmp_path)))) == [1, 15]


def test_the_same_record_in_a_conflict_closes_nothing(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    also = task(1, pair("怎么退货", "在订单页点“申请退货”。"), asked="conflict", others=TASKS[5].others)
    queue.add([also])
    assert way.push([*TASKS, also], 1)[:3] == (1, 16, 0)


# What is there stays


def test_a_sheet_that_is_gone_is_written_again(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    (path,) = tables(tmp_path)
    before = path.read_bytes()
    path.unlink()
    assert way.push(TASKS, 1)[:3] == (0, 16, 0)
    assert path.read_bytes() == before


def test_a_sheet_that_is_gone_is_not_written_again_for_other_tasks(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    shutil.rmtree(tmp_path / "out")
    way.push([task(50, pair("能开票吗", "能。"))], 1)
    assert len(tables(tmp_path)) == 1


def test_what_somebody_filled_in_is_never_written_over(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    (path,) = tables(tmp_path)
    SAVED(with_verdicts(path, {1: "通过"}), path)
    filled = path.read_bytes()
    assert way.push(TASKS, 1)[:3] == (0, 16, 0)
    assert way.close({TASKS[1].key: TASKS[1]}) == 1
    assert path.read_bytes() == filled and "stays as it is" in way.notes[0].en
    assert "2" not in [str(row[0]).rpartition("-")[2] for row in xlsx(path)]  # that file was as we wrote it
    assert decided(SheetWay(queue, tmp_path / "shop.xlsx")) == {"1": "accept"}


def xlsx(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path.with_suffix(".xlsx"))).get_sheet_by_index(0).to_python()


def test_a_file_of_another_store_is_not_written_over(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    other = SheetWay(ReviewQueue(tmp_path / "other", "shop"), way.path, lang="zh")
    assert other.push(TASKS, 1).where == str((tmp_path / "out" / "shop-2.xlsx").resolve())
    assert {path: path.read_bytes() for path in before} == before


# Killed in between


def test_killed_before_its_files_were_written_a_push_goes_on(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    files = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    shutil.rmtree(tmp_path / "out")
    assert way.push(TASKS, 1)[:3] == (0, 16, 0)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files


def test_killed_before_its_files_were_written_a_closing_goes_on(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    way.close({TASKS[0].key: TASKS[0]})
    after = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert before.keys() == after.keys() and not set(before.values()) & set(after.values())
    for path, content in before.items():
        path.write_bytes(content)
    way.push(TASKS[1:], 1)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == after


def test_killed_before_a_sheet_was_removed_the_next_call_removes_it(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    way.close({one.key: one for one in TASKS})
    assert not any((tmp_path / "out").iterdir())
    for path, content in before.items():
        path.write_bytes(content)
    way.close({})
    assert not any((tmp_path / "out").iterdir())


# What comes back


def test_a_sheet_may_be_pulled_any_number_of_times(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    path = SAVED(with_verdicts(tables(tmp_path)[0], {1: "通过", 2: "拒绝"}), tmp_path / "back")
    first = list(back(way, path).pull(way.queue.tasks()))
    assert list(back(way, path).pull(way.queue.tasks())) == first
    assert list(back(way, path, path).pull(way.queue.tasks())) == first
    assert decided(back(way, path, tables(tmp_path)[0])) == {"1": "accept", "2": "reject"}


def test_without_a_file_the_sheets_are_read_where_they_lie(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    assert decided(way) == {}
    path = tables(tmp_path)[0].with_suffix(".xlsx")
    as_xlsx()(with_verdicts(tables(tmp_path)[0], {3: "看不准"}), path)
    assert decided(way) == {"3": "unsure"}
    assert way.status(way.queue.tasks()) == (16, 1, str(path.resolve()))


def test_rows_of_two_sheets_may_come_in_one_file(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    more = [task(number, pair(f"能开票吗{number}", f"能，第{number}天。")) for number in (50, 51)]
    way.queue.add(more)
    way.push(more, 1)
    first, second = sorted(tables(tmp_path), key=lambda path: -len(labels(path)))
    rows = with_verdicts(first, {1: "通过"})
    wide = [dict(zip(table(second)[0], row, strict=True)) for row in with_verdicts(second, {2: "拒绝"})[1:]]
    both = [*rows, *([row.get(name, "") for name in rows[0]] for row in wide)]
    opinions = list(back(way, SAVED(both, tmp_path / "back")).pull(way.queue.tasks()))
    assert [(one.key, one.verdict) for one in opinions] == [(TASKS[0].key, "accept"), (more[1].key, "reject")]
    assert len({one.origin.split(":")[1] for one in opinions}) == 2


def test_two_reviewers_may_decide_the_same_row(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    paths = []
    for name, verdict in (("王", "通过"), ("李", "拒绝")):
        grid = with_verdicts(tables(tmp_path)[0], {1: verdict})
        grid[1][grid[0].index("审核人")] = name
        paths.append(SAVED(grid, tmp_path / name))
    opinions = list(back(way, *paths).pull(way.queue.tasks()))
    assert [(one.by, one.verdict) for one in opinions] == [("李", "reject"), ("王", "accept")]


def test_one_row_decided_in_two_ways_by_nobody_in_particular_is_refused(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    paths = [
        SAVED(with_verdicts(tables(tmp_path)[0], {1: verdict}), tmp_path / verdict) for verdict in ("通过", "拒绝")
    ]
    with pytest.raises(InputError, match=r"[A-Z]{4}-1 stands there twice"):
        decided(back(way, *paths))
    assert decided(back(way, paths[0])) == {"1": "accept"}


def test_who_reviewed_stands_in_the_row_or_is_said(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    grid = with_verdicts(tables(tmp_path)[0], {1: "通过", 2: "通过", 3: "通过"})
    grid[1][grid[0].index("审核人")], grid[2][grid[0].index("审核人")] = " 王 经理 ", "李"
    path = SAVED(grid, tmp_path / "back")
    assert [one.by for one in back(way, path).pull(way.queue.tasks())] == ["王 经理", "李", ""]
    assert [one.by for one in back(way, path, by="赵").pull(way.queue.tasks())] == ["王 经理", "李", "赵"]


def test_what_was_changed_is_kept_apart_and_counted(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    grid = with_verdicts(tables(tmp_path)[0], {number: "通过" for number in range(1, 7)})
    texts = grid[0].index("最后的回答")
    grid[2][texts], grid[3][texts] = grid[3][texts], grid[2][texts]
    grid[4][0] = "WXYZ-4"
    grid[5][0] = grid[5][grid[0].index("编号核对")] = "五"
    found = back(way, SAVED(grid, tmp_path / "back"))
    assert decided(found) == {"1": "accept"}
    apart = found.apart
    assert [label[-2:] for label in apart.altered] == ["-2", "-3"]
    assert (apart.unknown, apart.unlabelled) == (["WXYZ-4"], ["6"])
    assert [label[-2:] for label in apart.unfinished] == ["-6"]  # a conflict without a letter
    assert len(found.notes) == 4 and found.notes[0].en.endswith(", ".join(apart.altered))


def test_an_answer_that_was_written_over_is_named(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    grid = with_verdicts(tables(tmp_path)[0], {1: "修改"})
    grid[1][grid[0].index("最后的回答")] = "在订单页点“退货”。"
    found = back(way, SAVED(grid, tmp_path / "back"))
    assert decided(found) == {} and len(found.apart.in_place) == 1 and not found.apart.altered
    assert "write it into 'new answer'" in found.notes[0].en


def test_a_formula_that_nobody_computed_is_no_verdict(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    grid = with_verdicts(tables(tmp_path)[0], {1: "通过"})
    verdict, path = grid[0].index("结论"), tmp_path / "back.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(grid):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, verdict, f"={xl_rowcol_to_cell(1, verdict)}", value="")
    found = back(way, path)
    assert decided(found) == {"1": "accept"} and [label[-2:] for label in found.apart.uncomputed] == ["-2"]


def test_an_unfinished_row_waits_and_is_named(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    found = back(way, SAVED(with_verdicts(tables(tmp_path)[0], {1: "修改", 6: "通过", 8: "待定"}), tmp_path / "back"))
    assert decided(found) == {} and [label.split("-")[1] for label in found.apart.unfinished] == ["1", "6"]


def test_nothing_is_taken_of_a_sheet_with_a_word_that_nobody_knows(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    path = SAVED(with_verdicts(tables(tmp_path)[0], {1: "通过", 2: "差不多吧"}), tmp_path / "back")
    with pytest.raises(InputError, match=r"[A-Z]{4}-2: the column 'verdict' is none of") as refused:
        next(back(way, path).pull(way.queue.tasks()))
    assert "差不多" not in refused.value.sentence.en + refused.value.sentence.zh


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "empty"),
        ("编号,结论\r\n".encode(), "a.csv", "no rows"),
        ("订单,金额\r\n1,2\r\n".encode("gbk"), "a.csv", "lacks the columns number, verdict"),
        (b"PK\x03\x04xl/ cut off", "a.xlsx", "workbook|unpacked"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls", "locked with a password"),
        (b"%PDF-1.7 ...", "a.xlsx", "PDF"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_by_name(content: bytes, name: str, message: str, tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}.*({message})"):
        decided(back(way, tmp_path / name))


def test_only_tasks_that_are_asked_for_come_back(tmp_path: Path) -> None:
    _, way = pushed(tmp_path)
    path = SAVED(with_verdicts(tables(tmp_path)[0], {1: "通过", 2: "拒绝"}), tmp_path / "back")
    found = back(way, path)
    assert [one.verdict for one in found.pull({TASKS[1].key: TASKS[1]})] == ["reject"]
    assert len(found.apart.closed) == 1


# What is taken away


def test_closed_tasks_leave_the_sheets_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    (path,) = tables(tmp_path)
    name = table(path)[1][0].rpartition("-")[0]
    closing = {one.key: one for one in TASKS[:3]}
    assert way.close(closing) == 3 and way.notes == []
    assert labels(path) == [str(number) for number in range(4, 17)]
    assert way.status(queue.tasks()).out == 13
    assert way.close(closing) == 0
    assert way.close({one.key: one for one in TASKS}) == 13
    assert not any((tmp_path / "out").iterdir())
    assert way.push(TASKS, 1)[:3] == (16, 0, 0)
    names = [label.rpartition("-")[0] for label in (row[0] for row in table(path)[1:])]
    assert len({*names, name}) == 2  # under another name: the old rows stay closed


def test_nothing_is_remembered_of_a_row_that_was_taken_away(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    journal = queue.folder / SHEETS
    assert TASKS[0].id in journal.read_text()
    way.close({TASKS[0].key: TASKS[0]})
    assert TASKS[0].id not in journal.read_text() and TASKS[1].id in journal.read_text()


def test_a_file_that_still_holds_what_was_taken_away_is_named_until_it_is_gone(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    (path,) = tables(tmp_path)
    SAVED(with_verdicts(path, {2: "通过"}), path)
    for _ in range(2):
        way.close({TASKS[0].key: TASKS[0]})
        assert [note.en.split(" has been changed")[0] for note in way.notes] == [str(path.resolve())]
    assert decided(back(way, path)) == {"2": "accept"}
    path.unlink()
    way.close({TASKS[0].key: TASKS[0]})
    assert way.notes == [] and way.status(queue.tasks()).out == 15


def test_a_broken_journal_is_said_and_not_passed_over(tmp_path: Path) -> None:
    queue, way = pushed(tmp_path)
    journal = queue.folder / SHEETS
    journal.write_text(journal.read_text() + json.dumps({"name": "BCDF"}) + "\n")
    with pytest.raises(StoreError, match=f"{SHEETS}:2"):
        way.push(TASKS, 1)


def test_a_thousand_rows_are_quick_enough(tmp_path: Path) -> None:
    many: list[ReviewTask] = [task(number, pair(f"问题{number}", f"回答{number}" * 20)) for number in range(1, 1_001)]
    queue = ReviewQueue(tmp_path / "store", "shop")
    queue.add(many)
    way = SheetWay(queue, tmp_path / "out" / "shop.xlsx", lang="zh")
    assert way.push(many, 1).new == 1_000
    path = SAVED(with_verdicts(tables(tmp_path)[0], {number: "通过" for number in range(1, 1_001)}), tmp_path / "back")
    assert len(decided(back(way, path))) == 1_000
