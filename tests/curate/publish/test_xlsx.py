"""A workbook holds every row of a version for people to read: as text, whole, and nothing that may not leave."""

import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from curate.privacy.release_gate import scan_table
from curate.publish.export import EXPORT_FORMATS, export_version, read_export, training_rows, write_and_compare
from curate.publish.export_formats.xlsx import XlsxExport
from curate.publish.reading_rows import MOST, joined, reading_rows, split
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from schemas.bilingual import Language, speaking
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.reading_rows import READING
from tests.curate.publish.test_export import ODD
from tests.curate.records import record

HIDDEN = (
    "a\x00b",
    "\x0b",
    "\ufffe",
    "\u202e倒",
    "\ufeff",
    "a\u2028b",
    "_x000D_",
    "_x0041_ b",
    "\r\n",
    "\t",
    " 空 ",
    "👨‍👩‍👧",
)
FORMULAS = ("=1+1", "+86", "-5", "@all", '=HYPERLINK("http://a.b")', "＝1", "http://a.b", "007", "TRUE", "{=1}")
Cells = list[list[Any]]


def rows_of(tmp_path: Path, *texts: str, **more: Any) -> pl.DataFrame:
    """The rows for people of records that say these texts."""
    return reading_rows(tmp_path, frame_of([record(f"{n:032x}", text, text, **more) for n, text in enumerate(texts)]))


def sheets(path: Path) -> dict[str, Cells]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def shop(shop_version: Path) -> Path:
    return shop_version


@pytest.mark.parametrize(
    ("language", "titles", "head"),
    [
        ("en", ["About", "Training", "Exam", "Review"], ["id", "kind", "language", "messages", "question"]),
        ("zh", ["说明", "训练", "考题", "待审"], ["编号", "类别", "语言", "消息数", "问题"]),
    ],
)
def test_every_row_of_a_version_stands_on_its_sheet(
    language: Language, titles: list[str], head: list[str], shop: Path, tmp_path: Path
) -> None:
    token = speaking.set(language)
    written = export_version(shop, tmp_path / "out", "xlsx")
    speaking.reset(token)
    manifest = read_manifest(shop)
    (path,) = (tmp_path / "out").glob("*.xlsx")
    assert path.name == f"shop-{manifest.id[:12]}.xlsx"
    found = sheets(path)
    assert list(found) == titles
    assert found[titles[1]][0][:5] == head
    ids = [[row[0] for row in found[title][1:]] for title in titles[1:]]
    assert ids[0] == training_rows(shop, manifest)["id"].to_list()
    assert sorted(ids[1]) == sorted(line["id"] for line in read_jsonl(shop / "exam.jsonl"))
    assert written["rows"] == sum(map(len, ids))
    about = {str(row[0]): row[1] for row in found[titles[0]]}
    assert manifest.id in about.values()


def test_a_workbook_is_read_back_as_what_was_written(shop: Path, tmp_path: Path) -> None:
    export_version(shop, tmp_path / "out", "xlsx")
    assert read_export(tmp_path / "out", "xlsx").equals(reading_rows(shop, training_rows(shop, read_manifest(shop))))


def test_the_same_version_gives_the_same_workbook(shop: Path, tmp_path: Path) -> None:
    first, second = (export_version(shop, tmp_path / name, "xlsx") for name in ("one", "two"))
    for file in first["files"]:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert first["content"] == second["content"]


def test_odd_texts_survive_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    rows, path = rows_of(tmp_path, *ODD, *FORMULAS, *HIDDEN), tmp_path / "a.xlsx"
    write_and_compare(XlsxExport(), rows, path)
    questions = [row[4] for row in sheets(path)["Training"][1:]]
    assert questions[len(ODD) : len(ODD) + len(FORMULAS)] == list(FORMULAS)
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not [part for part in parts if "<f>" in part or "<hyperlink" in part]


def test_what_hides_is_written_out_and_what_harms_nobody_stays(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, *HIDDEN)
    assert rows["question"].to_list() == [
        "a\\x00b", "\\x0b", "\\ufffe", "\\u202e倒", "\\ufeff", "a\\u2028b", "_x000D_", "_x0041_ b", "\\r\n",
        "\t", " 空 ", "👨‍👩‍👧",
    ]  # fmt: skip


def test_a_text_that_is_too_long_goes_on_in_the_next_row(tmp_path: Path) -> None:
    long = "甲" + "😀" * MOST
    rows, path = rows_of(tmp_path, "短", long), tmp_path / "a.xlsx"
    assert rows.filter(pl.col("id") == f"{1:032x}")["part"].to_list() == list(range(1, rows.height))
    assert "".join(rows.filter(pl.col("id") == f"{1:032x}")["question"]) == long
    assert all(
        len(cell.encode("utf-16-le")) // 2 <= MOST for row in rows.iter_rows() for cell in row if isinstance(cell, str)
    )
    write_and_compare(XlsxExport(), rows, path)


@pytest.mark.parametrize(("text", "pieces"), [("", 1), ("a" * MOST, 1), ("a" * (MOST + 1), 2), ("😀" * MOST, 3)])
def test_a_cut_goes_through_no_character(text: str, pieces: int) -> None:
    cut = split(text)
    assert len(cut) == pieces
    assert "".join(cut) == text


def test_more_rows_than_a_sheet_holds_go_on_a_further_sheet(tmp_path: Path) -> None:
    rows, path = rows_of(tmp_path, *map(str, range(5))), tmp_path / "a.xlsx"
    small = XlsxExport(most_rows=3)
    small.write(rows, path)
    assert [len(sheets(path)[name]) for name in ("Training", "Training 2", "Training 3")] == [3, 3, 2]
    assert small.read(path).equals(rows)


def test_a_workbook_with_personal_data_does_not_leave(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "请打电话13812345678找我")
    with pytest.raises(GateError, match="mobile"):
        scan_table("a.xlsx", joined(rows))
    scan_table("a.xlsx", joined(rows_of(tmp_path, "请打[PHONE]找我", "订单 12 号")))


def test_a_number_that_a_cut_goes_through_is_found(tmp_path: Path) -> None:
    cut = rows_of(tmp_path, "字" * (MOST - 6) + "：13812345678。")
    assert [part[-6:] for part in cut["question"]][:2] == ["：13812", "45678。"]
    with pytest.raises(GateError, match="mobile"):
        scan_table("a.xlsx", joined(cut))


def test_the_papers_say_that_the_exam_is_here_and_promise_no_loader_anything(shop: Path, tmp_path: Path) -> None:
    written = export_version(shop, tmp_path / "out", "xlsx")
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "exam of this version is here" in card
    assert "configs" not in card
    assert "croissant.json" not in written["files"]
    assert {"LICENSE", "NOTICE", "README.md"} <= set(written["files"])


def test_the_format_of_readers_is_the_only_one_that_holds_the_exam() -> None:
    assert [name for name, kind in EXPORT_FORMATS.all().items() if kind.columns == READING] == ["xlsx"]
