"""Programs export empty rows, in front of the header too: they are no header, and a file of nothing else is refused."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.build.build import build
from curate.inspect.column_roles import is_header
from curate.inspect.inspect import inspect_file
from curate.reading.readers import Reader, column_names, is_blank
from curate.reading.readers._dialect import SPAN
from curate.reading.readers._table import header_index
from curate.reading.readers.csv import Csv
from curate.reading.readers.html import Html
from curate.reading.readers.xlsx import Xlsx
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.errors import InputError
from schemas.input import Input
from tests.curate.inputs import read_input
from tests.curate.reading.readers.test_readers import rows_of, workbook

Cells = dict[str, str] | str


def read(reader: Reader, content: Any) -> list[tuple[int, Cells]]:
    return [(row.number, row.fault or "?" if row.fields is None else row.fields) for row in rows_of(reader, content)]


BODY = "<tr><th>q<th>a<tr><td>1<td>2</table>"
ONE = {"q": "1", "a": "2"}
PAGES = [
    pytest.param(f"<table><tr></tr>{BODY}", [(3, ONE)], id="a row without cells"),
    pytest.param(f"<table><tr></tr><tr></tr>{BODY}", [(4, ONE)], id="two of them"),
    pytest.param(f"<table><tr><td><td></tr>{BODY}", [(3, ONE)], id="empty cells"),
    pytest.param(f"<table><tr><th>&nbsp;<th>\u3000</tr>{BODY}", [(3, ONE)], id="cells of spaces"),
    pytest.param(f"<table><tr><th>\u200b<th>\ufeff</tr>{BODY}", [(3, ONE)], id="marks without width"),
    pytest.param(f"<table><tr><td colspan=2>&nbsp;</tr>{BODY}", [(3, ONE)], id="a cell over all columns"),
    pytest.param(f"<table><tr><td><br></td></tr>{BODY}", [(3, ONE)], id="a spacer"),
    pytest.param(f"<table><tr><td colspan=9><img src=logo.png></tr>{BODY}", [(3, ONE)], id="a picture"),
    pytest.param(f"<table><thead></thead><tbody>{BODY}", [(2, ONE)], id="an empty head"),
    pytest.param(f"<table><thead><tr></tr></thead><tbody>{BODY}", [(3, ONE)], id="a head of an empty row"),
    pytest.param(f"<table><thead><tr><th></th><th></th></tr></thead>{BODY}", [(3, ONE)], id="a head without names"),
    pytest.param("<table><tr><th rowspan=2>q<th rowspan=2>a<tr></tr><tr><td>1<td>2</table>", [(3, ONE)],
                 id="a header over an empty row"),
    pytest.param(f"<table>{'<tr></tr>' * 9}</table><table>{BODY}", [(2, ONE)], id="a larger table of empty rows"),
    pytest.param(f"<table>{'<tr><td>&nbsp;' * 9}</table><table>{BODY}", [(2, ONE)], id="a larger table of spacers"),
    pytest.param("<table><tr><td>q<td>a<tr><td>&nbsp;</tr><tr><td>1<td>2</table>", [(3, ONE)], id="a spacer inside"),
]  # fmt: skip
PAGES_AS_BEFORE = [
    pytest.param(f"<table>{BODY}", [(2, ONE)], id="no empty row"),
    pytest.param("<table><tr><td>q<td>a<tr></tr><tr><td>1<td>2<tr><td><td></table>", [(3, ONE)],
                 id="inside, at the end"),
    pytest.param("<table><tr><th><th>q<th>a<tr><td>0<td>1<td>2</table>", [(2, {"column_1": "0", **ONE})],
                 id="a corner"),
    pytest.param("<table><tr><td>q<td>a<tr><td>1<td>&nbsp;</table>", [(2, {"q": "1", "a": ""})], id="an empty answer"),
    pytest.param("<table><tr><td>q<td>a<tr><td rowspan=2>1<td>2<tr><td></table>", [(2, ONE), (3, {"q": "1", "a": ""})],
                 id="an empty cell beside one over two rows"),
    pytest.param("<table><tr><td>q<td>a<tr><td>1<tr><td>1<td>2<td>3<tr><td>1<td>2</table>",
                 [(2, "wrong_cell_count"), (3, "wrong_cell_count"), (4, ONE)], id="ragged"),
    pytest.param(f"<table><caption>t</caption><colgroup><col><col></colgroup>{BODY}", [(2, ONE)], id="a caption"),
    pytest.param(f"<table><tr><td>q<tr><td>x<tr><td>y</table><table>{BODY}", [(2, {"q": "x"}), (3, {"q": "y"})],
                 id="the table with the most rows"),
    pytest.param("<table><tr><td>-<td>.<tr><td>1<td>2</table>", [(2, {"-": "1", ".": "2"})], id="names of one mark"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [*PAGES, *PAGES_AS_BEFORE])
def test_the_header_of_a_page_is_its_first_row_with_anything_in_it(page: str, expected: list[Any]) -> None:
    assert read(Html(), page) == expected


@pytest.mark.parametrize(
    "page",
    ["<table></table>", "<table><tr></tr></table>", "<table><tr></tr><tr></tr></table>", "<table><tr><td></table>",
     "<table><tr><td>&nbsp;<td>&nbsp;<tr><td>&nbsp;<td>&nbsp;</table>", "<table><thead></thead><tbody></tbody></table>",
     "<table><tr></tr><tr><td>q<td>a</table>", "<table><tr>", "<table>", "<table id=x><tr></tr><tr></tr></table>"],
)  # fmt: skip
def test_a_page_of_empty_rows_has_no_table(page: str) -> None:
    with pytest.raises(InputError, match="no table with a header and rows") as caught:
        read(Html(), page)
    assert "没有带表头的表格" in caught.value.sentence.zh


TABLES = [
    pytest.param("\nq,a\n1,2\n", [(3, ONE)], id="a blank line"),
    pytest.param("\r\n\r\nq,a\r\n1,2\r\n", [(4, ONE)], id="blank lines, CRLF"),
    pytest.param(" \t\nq,a\n1,2\n", [(3, ONE)], id="a line of spaces"),
    pytest.param(",\nq,a\n1,2\n", [(3, ONE)], id="a comma"),
    pytest.param(",\n,\n\n,\nq,a\n1,2\n", [(6, ONE)], id="several"),
    pytest.param(",,,,\nq,a\n1,2\n", [(3, ONE)], id="more commas than columns"),
    pytest.param(",\nq,a,b\n1,2,3\n", [(3, {**ONE, "b": "3"})], id="fewer commas than columns"),
    pytest.param('"",""\n"q","a"\n"1","2"\n', [(3, ONE)], id="empty cells in marks"),
    pytest.param('""\n"q","a"\n"1","2"\n', [(3, ONE)], id="one of them"),
    pytest.param('"\n",\nq,a\n1,2\n', [(4, ONE)], id="an empty cell of two lines"),
    pytest.param("\u00a0,\u3000\nq,a\n1,2\n", [(3, ONE)], id="spaces of other widths"),
    pytest.param("\t\nq\ta\n1\t2\n", [(3, ONE)], id="a tab"),
    pytest.param(";\nq;a\n1;2\n", [(3, ONE)], id="a semicolon"),
    pytest.param("|\nq|a\n1|2\n", [(3, ONE)], id="a bar"),
    pytest.param(" ,\nq\n1\n", [(3, {"q": "1"})], id="a comma before one column"),
    pytest.param(";;\nq,a\n1,2\n", [(3, ONE)], id="another delimiter than that of the table"),
    pytest.param("sep=,\nq,a\n1,2\n", [(3, ONE)], id="Excel's line of the delimiter"),
    pytest.param("SEP=;\r\nq;a\r\n1;2\r\n", [(3, ONE)], id="the same with a semicolon"),
    pytest.param('"sep=\t"\nq\ta\n1\t2\n', [(3, ONE)], id="the same with a tab, in marks"),
    pytest.param(",\nq,a\n", [], id="no row behind the header"),
    pytest.param(",\nq,a\n1\n1,2,3\n1,2\n", [(3, "wrong_cell_count"), (4, "wrong_cell_count"), (5, ONE)], id="ragged"),
    pytest.param("\n" * (SPAN + 9) + "q,a\n1,2\n", [(SPAN + 11, ONE)], id="very many"),
]  # fmt: skip
TABLES_AS_BEFORE = [
    pytest.param("q,a\n1,2\n", [(2, ONE)], id="no empty row"),
    pytest.param("q,a\n,\n1,2\n\n1,2\n", [(2, {"q": "", "a": ""}), (3, ONE), (5, ONE)], id="told inside"),
    pytest.param(",q,a\n0,1,2\n", [(2, {"column_1": "0", **ONE})], id="a name is missing"),
    pytest.param("q,a,,\n1,2,,\n", [(2, {**ONE, "column_3": "", "column_4": ""})], id="commas behind every row"),
    pytest.param("q\n1\n2\n", [(2, {"q": "1"}), (3, {"q": "2"})], id="one column"),
    pytest.param("sep,a\n1,2\n", [(2, {"sep": "1", "a": "2"})], id="a column called sep"),
    pytest.param("sep=,a\n1,2\n", [(2, {"sep=": "1", "a": "2"})], id="a column called sep="),
    pytest.param("q,a\nsep=,\n1,2\n", [(2, {"q": "sep=", "a": ""}), (3, ONE)], id="sep= inside"),
    pytest.param("-,.\n1,2\n", [(2, {"-": "1", ".": "2"})], id="names of one mark"),
    pytest.param("q,a\n", [], id="no row behind the header"),
    pytest.param("q,a\n1\n1,2,3\n1,2\n", [(2, "wrong_cell_count"), (3, "wrong_cell_count"), (4, ONE)], id="ragged"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [*TABLES, *TABLES_AS_BEFORE])
def test_the_header_of_a_table_is_its_first_row_with_anything_in_it(content: str, expected: list[Any]) -> None:
    assert read(Csv(), content) == expected


def test_named_columns_take_the_place_of_the_header_and_of_no_row() -> None:
    assert read(Csv(columns=("q", "a")), ",\nx,x\n1,2\n") == [(3, ONE)]
    assert read(Csv(header=False, columns=("q", "a")), ",\n1,2\n") == [(1, {"q": "", "a": ""}), (2, ONE)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "\n\r\n\n",
        ",",
        ",,,\n",
        ",,\n,,\n,,\n",
        '"",""\n',
        "  \n \n",
        "\u00a0\n",
        "\t\t\n\t\t\n",
        ";;\n",
        " , \n",
    ],
)
def test_a_table_of_empty_rows_has_no_header(content: str) -> None:
    with pytest.raises(InputError, match="no header") as caught:
        read(Csv(), content)
    assert "没有表头" in caught.value.sentence.zh


SHEETS = [
    pytest.param([[], ["q", "a"], ["1", "2"]], "", [(3, ONE)], id="an empty row"),
    pytest.param([[], [], ["", ""], ["q", "a"], ["1", "2"]], "", [(5, ONE)], id="several"),
    pytest.param([["\u00a0", " "], ["q", "a"], ["1", "2"]], "", [(3, ONE)], id="cells of spaces"),
    pytest.param([["\u200b"], ["q", "a"], ["1", "2"]], "", [(3, ONE)], id="a mark without width"),
    pytest.param([[], ["q", "a"], [None, None], ["1", "2"]], "A2:A3", [(4, ONE)], id="a header over two rows"),
    pytest.param([[], ["q", "a"], ["1", "2"], [None, "2"]], "A3:A4", [(3, ONE), (4, ONE)], id="a cell over two rows"),
]  # fmt: skip
SHEETS_AS_BEFORE = [
    pytest.param([["q", "a"], ["1", "2"]], "", [(2, ONE)], id="no empty row"),
    pytest.param([["q", "a"], [], ["1", "2"], ["", ""], ["1", "2"]], "", [(3, ONE), (5, ONE)], id="inside"),
    pytest.param([["", "q", "a"], ["0", "1", "2"]], "", [(2, {"column_1": "0", **ONE})], id="a name is missing"),
    pytest.param([["q", "a"], ["1", ""]], "", [(2, {"q": "1", "a": ""})], id="an empty answer"),
    pytest.param([["q", "a"], [None, "2"]], "A1:A2", [(2, {"q": "", "a": "2"})], id="a header over a row"),
    pytest.param([["q", "a"]], "", [], id="no row behind the header"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "merged", "expected"), [*SHEETS, *SHEETS_AS_BEFORE])
def test_the_header_of_a_sheet_is_its_first_row_with_anything_in_it(
    rows: Sequence[Sequence[str | None]], merged: str, expected: list[Any]
) -> None:
    assert read(Xlsx(), workbook(rows, merged=merged)) == expected


@pytest.mark.parametrize("rows", [[], [[], []], [["", ""]], [["\u00a0"]], [[" "], ["\u3000", ""]]])
def test_a_sheet_of_empty_rows_is_empty(rows: Sequence[Sequence[str]]) -> None:
    with pytest.raises(InputError, match="the sheet is empty") as caught:
        read(Xlsx(), workbook(rows))
    assert "工作表是空的" in caught.value.sentence.zh


def test_columns_of_one_name_behind_an_empty_row_are_refused() -> None:
    for reader, content in (
        (Csv(), ",\nq,q\n1,2\n"),
        (Html(), "<table><tr></tr><tr><td>q<td>q<tr><td>1<td>2</table>"),
        (Xlsx(), workbook([[], ["q", "q"], ["1", "2"]])),
    ):
        with pytest.raises(InputError, match="same name"):
            read(reader, content)


CELLS = st.sampled_from(["", " ", "\u00a0", "\u200b", "a", "b", "1", "能退吗"])
GRIDS = st.lists(st.lists(CELLS, max_size=3), max_size=7)


def as_page(grid: list[list[str]]) -> str:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}' for cell in cells) for cells in grid)}</table>"


def as_lines(grid: list[list[str]]) -> str:
    return "".join(",".join(cells) + "\n" for cells in grid)


@pytest.mark.parametrize(("reader", "write"), [(Html(), as_page), (Csv(), as_lines), (Xlsx(), workbook)])
@given(grid=GRIDS)
def test_each_row_behind_the_header_is_told_and_none_before_it(
    reader: Reader, write: Callable[[list[list[str]]], Any], grid: list[list[str]]
) -> None:
    written = [number for number, cells in enumerate(grid, start=1) if not is_blank(cells)]
    above = header_index([grid[number - 1] for number in written]) or 0
    written = written[above:]
    try:
        numbers = [number for number, _ in read(reader, write(grid))]
    except InputError:
        names = column_names(grid[written[0] - 1]) if written else []
        assert len(written) <= (reader.takes == "text") or len(set(names)) < len(names)
    else:
        assert set(written[1:]) <= set(numbers) <= set(range(written[0] + 1, len(grid) + 1))
        assert numbers == sorted(set(numbers))


HEADERS = [
    pytest.param(["q", "a", "", ""], [["why so", "because", "", ""]], True, id="commas behind every row"),
    pytest.param(["q", "a"], [["why so", "because"], ["total: 1"]], True, id="a short last row"),
    pytest.param(["q", "a"], [], True, id="a header alone"),
    pytest.param(["u1", "hi"], [["total: 1"], ["u1", "hi"]], False, id="a value behind a short row"),
    pytest.param(["u1", "", ""], [["u2", "x", "y"], ["u1", "", ""]], False, id="names are missing"),
    pytest.param(["q", "q"], [["x", "y"]], False, id="one name"),
]


@pytest.mark.parametrize(("first", "rows", "expected"), HEADERS)
def test_a_header_is_told_by_the_columns_that_hold_anything(
    first: list[str], rows: list[list[str]], expected: bool
) -> None:
    assert is_header(first, rows) is expected


EMPTY_FIRST = {
    "a.jsonl": '{}\n{"question": " "}\n{"question": "能退吗", "answer": "能退"}\n',
    "a.json": '[{}, {"question": ""}, {"question": "能退吗", "answer": "能退"}]',
    "a.xml": "<log><m/><m> </m><m><question>能退吗</question><answer>能退</answer></m></log>",
    "a.csv": ",,\nquestion,answer,\n,,\n,,\n能退吗,能退,\n",
    "a.tsv": "\n" * 5_000 + "question\tanswer\n\t\n\t\n能退吗\t能退\n",
}


@pytest.mark.parametrize("name", EMPTY_FIRST)
def test_empty_rows_do_not_decide_how_a_file_is_read_and_none_vanishes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(EMPTY_FIRST[name], encoding="utf-8")
    intake = read_input(Input(path=name), tmp_path / name)
    assert intake.facts.format == "pairs"
    assert intake.turns["text"].to_list() == ["能退吗", "能退"]
    assert intake.facts.rows == 3 == intake.events["row"].n_unique() + intake.turns["row"].n_unique()
    found = inspect_file(tmp_path / name)
    assert found.contents is not None and found.contents.conversations == 1
    assert found.spec.reader is None


@pytest.mark.parametrize("content", ["{}\n{}\n", '{"question": ""}\n{"question": " "}\n'])
def test_a_file_of_empty_rows_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_input(Input(path="a.jsonl"), tmp_path / "a.jsonl")
    assert "\n" not in str(caught.value) and "The file has: ." not in str(caught.value)


def test_a_table_behind_an_empty_row_builds(tmp_path: Path) -> None:
    content = ",,\nquestion,answer,\n" + "".join(f"第{n}种商品能退吗,第{n}种商品七天内可以退货,\n" for n in range(9))
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text("version: 1\nname: a\ninputs: [{path: a.csv}]\nstages: [clean]\n", "utf-8")
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    (facts,) = read_manifest(version).inputs
    assert (facts.rows, facts.bad, facts.format) == (9, 0, "pairs")
