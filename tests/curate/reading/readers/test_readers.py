"""Every row of a raw file becomes a row with its own strings, or a reason; none vanishes."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import curate.reading.readers.csv as csv_reader
from curate.reading.readers import RawRow, Reader
from curate.reading.readers.csv import Csv
from curate.reading.readers.json import Json
from curate.reading.readers.jsonl import Jsonl
from curate.reading.readers.text import Text
from curate.reading.readers.xlsx import Xlsx
from schemas.errors import InputError
from schemas.input import Choice, Input
from tests.curate.inputs import Intake, read_input

PHONE, ORDER = "013800138000", "00123456789012345678"


def rows_of(reader: Reader, content: Any) -> list[RawRow]:
    """The rows of a text, given in small blocks as a file is."""
    if reader.takes == "blocks":
        lines = content.splitlines(keepends=True) if content.isascii() and "\x0c" not in content else [content]
        return list(reader.rows(iter(lines)))
    return list(reader.rows(content))


def values(reader: Reader, content: Any) -> list[Any]:
    """The values of each row, or its fault."""
    return [row.fault if row.fields is None else list(row.fields.values()) for row in rows_of(reader, content)]


CSV_CASES = [
    pytest.param("a,b\n1,2\n", [["1", "2"]], id="comma"),
    pytest.param("a\tb\n1\tx, y; z\n", [["1", "x, y; z"]], id="tab"),
    pytest.param("a;b\n1,5;2,5\n1,6;2,6\n", [["1,5", "2,5"], ["1,6", "2,6"]], id="semicolon and decimal commas"),
    pytest.param("a|b\n1|2\n", [["1", "2"]], id="bar"),
    pytest.param(f"a,b\n{PHONE},{ORDER}\n", [[PHONE, ORDER]], id="leading zeros and long numbers"),
    pytest.param("a,b\r\n1,2\r\n", [["1", "2"]], id="CRLF"),
    pytest.param("a,b\r1,2\r", [["1", "2"]], id="CR"),
    pytest.param('a,b\n1,"x\ny, ""z"""\n', [["1", 'x\ny, "z"']], id="a cell of two lines"),
    pytest.param("a,b\n 1 ,\t\n", [[" 1 ", "\t"]], id="spaces are kept"),
    pytest.param("a,b\n1,x\u2028y\x85z\x0c\n", [["1", "x\u2028y\x85z\x0c"]], id="other line ends are content"),
    pytest.param("a,b\n1,x\0y\n", [["1", "x\0y"]], id="NUL"),
    pytest.param("a,b\n\n1,2\n\n", [["1", "2"]], id="empty lines"),
    pytest.param("\n\na,b\n1,2\n", [["1", "2"]], id="empty lines before the header"),
    pytest.param("a,b\n1,2", [["1", "2"]], id="no last line end"),
    pytest.param("a,b\n", [], id="header only"),
    pytest.param("text\nhello, you\nhi\n", [["hello, you"], ["hi"]], id="one column with commas"),
    pytest.param('a,b\n1,5" screen\n2,"x, y"\n', [["1", '5" screen'], ["2", "x, y"]], id="a mark inside a cell"),
    pytest.param("a,b,,\n1,2,3,4\n", [["1", "2", "3", "4"]], id="columns without a name"),
    pytest.param('k,v\n1,"{""a"": 1, ""b"": [2, 3]}"\n', [["1", '{"a": 1, "b": [2, 3]}']], id="JSON in a cell"),
    pytest.param("a,b\n1\n1,2,3\n4,5\n", ["wrong_cell_count", "wrong_cell_count", ["4", "5"]], id="too few, too many"),
    pytest.param('a,b\n1,"x\n2,y\n3,z\n4,"p, q"\n', ["broken_quoting", ["2", "y"], ["3", "z"], ["4", "p, q"]],
                 id="a mark never closed"),
    pytest.param('a,b\n1,"x" y\n2,"p, q"\n', ["broken_quoting", ["2", "p, q"]], id="text after a closing mark"),
    pytest.param('a\tb\n1\t"hello\n2\tbye\n3\tok"\n4\tz\n', [["1", '"hello'], ["2", "bye"], ["3", 'ok"'], ["4", "z"]],
                 id="stray marks in a table without quoting"),
    pytest.param('a,b,c\n1,"x,y\n2,3,4\n5,6"\n7,"8, 9",0\n',
                 ["wrong_cell_count", ["2", "3", "4"], "wrong_cell_count", ["7", "8, 9", "0"]],
                 id="a row swallowed by two stray marks"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CSV_CASES)
def test_csv(content: str, expected: list[Any]) -> None:
    assert values(Csv(), content) == expected
    offsets = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", content))]
    for row in rows_of(Csv(), content):
        assert content[offsets[row.number - 1] :].startswith(row.raw) and row.raw.strip()


def test_csv_options_have_the_last_word() -> None:
    assert values(Csv(delimiter=";"), "a,b\n1,2\n") == [["1,2"]]
    assert values(Csv(quoted=False), 'a,b\n"1","2"\n') == [['"1"', '"2"']]
    headerless = Csv(header=False, columns=("x", "y"))
    assert [row.fields for row in rows_of(headerless, "1\t2\n")] == [{"x": "1", "y": "2"}]
    assert [row.fields for row in rows_of(Csv(columns=("x", "y")), "a,a\n1,2\n")] == [{"x": "1", "y": "2"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no header"),
        ("13800138000,x,x\n1,2,3\n", r"columns \[2, 3\] have the same name"),
        ('a,"b\n1,2\n', "no header"),
    ],
)
def test_a_table_without_a_header_is_refused_and_not_quoted(content: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        rows_of(Csv(quoted=True, delimiter=","), content)
    assert "13800138000" not in str(caught.value)


def test_a_table_whose_marks_never_pair_is_refused_not_read_for_hours() -> None:
    content = 'a,b\n1,"x, y"\n' + '1,"x\n' * (csv_reader.BROKEN + 2)
    with pytest.raises(InputError, match="do not pair"):
        rows_of(Csv(quoted=True), content)


def test_a_cell_of_absurd_size_costs_its_row_only() -> None:
    content = "a,b\n1," + "x" * (csv_reader.CELL + 1) + "\n2,y\n"
    assert values(Csv(), content) == ["broken_quoting", ["2", "y"]]


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=8)


@settings(max_examples=60)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_quotes_is_read_back(rows: list[list[str]], delimiter: str, end: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    assert values(Csv(delimiter=delimiter, quoted=True), written.getvalue()) == rows


@settings(max_examples=60)
@given(st.lists(st.text('ab,"\n\t ', max_size=12), max_size=8))
def test_no_line_of_a_broken_table_vanishes(lines: list[str]) -> None:
    content = "x,y\n" + "".join(f"{n}:{line}\n" for n, line in enumerate(lines))
    rows = rows_of(Csv(quoted=False, delimiter=","), content)
    assert len(rows) == sum(bool(line) for line in content.split("\n")[1:])


JSON_CASES = [
    pytest.param('[{"a": "x"}, {"a": "y"}]', [{"a": "x"}, {"a": "y"}], id="a list"),
    pytest.param('{"k1": {"a": "x"}, "k2": {"a": "y"}}', [{"_key": "k1", "a": "x"}, {"_key": "k2", "a": "y"}],
                 id="an object of objects"),
    pytest.param('{"messages": [{"role": "user"}]}', [{"messages": [{"role": "user"}]}], id="one object"),
    pytest.param(f'[{{"a": {ORDER.lstrip("0")}, "b": 1.50, "c": [1e400]}}]',
                 [{"a": ORDER.lstrip("0"), "b": "1.50", "c": ["1e400"]}], id="numbers as they stand"),
    pytest.param('[{"a": true, "b": null}]', [{"a": True, "b": None}], id="true and null"),
    pytest.param('\ufeff[{"a": "x\u2028y"}]', [{"a": "x\u2028y"}], id="mark and line separator"),
    pytest.param('{"a": "x"}\n{"a": "y"}\n', [{"a": "x"}, {"a": "y"}], id="really JSON Lines"),
    pytest.param('{"a":\n{"a": "x"}\n{"a": "y"}', ["invalid_json", {"a": "x"}, {"a": "y"}],
                 id="JSON Lines with a broken first line"),
    pytest.param('[{"a": "x"}, "y", [1], null]', [{"a": "x"}] + ["not_an_object"] * 3, id="items that are no objects"),
    pytest.param("[]", [], id="an empty list"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), JSON_CASES)
def test_json(content: str, expected: list[Any]) -> None:
    assert [row.fields if row.fault is None else row.fault for row in rows_of(Json(), content)] == expected


@pytest.mark.parametrize(
    "content", ["", "[1,", "[,1]", '[{"a": NaN}]', '[{"a": Infinity}]', '[{"a": 01}]', "[{'a': b}]",
                '[{"a": "x"}',
                '{"a": 1} x', '[{"a": "x"},\n{"a": "y"},\n{"a": "z', "[" * 100_000, '["\\ud800"]', '"text"', "17"],
)  # fmt: skip
def test_what_is_no_json_table_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        rows_of(Json(), content)


def test_json_splits_and_columns() -> None:
    content = '{"train": [["hi", "greet"], ["bye"]], "test": [["ok", "yes"]]}'
    reader = Json(splits=True, columns=("text", "intent"))
    assert values(reader, content) == [["train", "hi", "greet"], "not_an_object", ["test", "ok", "yes"]]
    assert values(Json(columns=("text",)), '["hi", "bye", ["x", "y"]]') == [["hi"], ["bye"], "not_an_object"]
    with pytest.raises(InputError, match="not an object of lists"):
        rows_of(Json(splits=True), '{"a": 1}')


def test_jsonl_counts_physical_lines_and_splits_at_line_feeds_only() -> None:
    content = '{"a": "x\u2028y\x85z"}\r\n\n  \n{"a": \n[1]\n\0\n{"a": "end"}'
    rows = [(row.number, row.fault or row.fields) for row in rows_of(Jsonl(), content)]
    assert rows == [
        (1, {"a": "x\u2028y\x85z"}),
        (4, "invalid_json"),
        (5, "not_an_object"),
        (6, "invalid_json"),
        (7, {"a": "end"}),
    ]


@given(st.lists(st.dictionaries(CELL, CELL, max_size=3), max_size=5))
def test_jsonl_reads_what_json_wrote(items: list[dict[str, str]]) -> None:
    content = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    assert [row.fields for row in rows_of(Jsonl(), content)] == items


def test_text_reads_lines_or_blocks() -> None:
    content = "问：a\r\n答：b\r\n\r\n \n问：c\u2028d\n答：e"
    lines = [(row.number, (row.fields or {})["text"]) for row in rows_of(Text(), content)]
    blocks = [(row.number, (row.fields or {})["text"]) for row in rows_of(Text(blocks=True), content)]
    assert lines == [(1, "问：a"), (2, "答：b"), (5, "问：c\u2028d"), (6, "答：e")]
    assert blocks == [(1, "问：a\n答：b"), (5, "问：c\u2028d\n答：e")]
    assert rows_of(Text(), "") == []


STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell(address: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{address}"><v>{value!r}</v></c>'


def workbook(rows: Sequence[Sequence[str | float | None]], merged: str = "", more: str = "") -> bytes:
    """A workbook of one sheet; None is no cell, `more` is XML of further rows."""
    body = "".join(
        f'<row r="{r}">'
        + "".join(cell(f"{chr(64 + c)}{r}", v) for c, v in enumerate(row, start=1) if v is not None)
        + "</row>"
        for r, row in enumerate(rows, start=1)
    )
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="日志" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{body}{more}</sheetData>{merge}</worksheet>",
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return whole.getvalue()


def test_xlsx_keeps_strings_and_writes_numbers_out() -> None:
    rows = [["a", "b", "c"], [PHONE, 13800138000.0, " x\ny "], [ORDER, 6222020200112233.0, 0.5], [None, 1.2e17, ""]]
    assert values(Xlsx(), workbook(rows)) == [
        [PHONE, "13800138000", " x\ny "],
        [ORDER, "6222020200112233", "0.5"],
        ["", "120000000000000000", ""],
    ]


def test_xlsx_dates_formulas_and_truths() -> None:
    more = (
        '<row r="2"><c r="A2" s="1"><v>46350</v></c><c r="B2" s="2"><v>46350.5</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2"><f>1+1</f><v>2</v></c></row>'
    )
    assert values(Xlsx(), workbook([["a", "b", "c", "d"]], more=more)) == [
        ["2026-11-24", "2026-11-24 12:00:00", "TRUE", "2"]
    ]


def test_xlsx_rows_are_counted_with_the_empty_ones_and_merged_cells_are_filled() -> None:
    rows = [["sid", "text"], ["s1", "x"], [None, "y"], [None, None], ["s2", "z"]]
    read = rows_of(Xlsx(), workbook(rows, merged="A2:A4"))
    assert [(row.number, row.fields) for row in read] == [
        (2, {"sid": "s1", "text": "x"}),
        (3, {"sid": "s1", "text": "y"}),
        (5, {"sid": "s2", "text": "z"}),
    ]


def test_xlsx_columns_without_a_name_are_called_after_their_place() -> None:
    assert [row.fields for row in rows_of(Xlsx(), workbook([["a", None, "c"], ["1", "2", "3"]]))] == [
        {"a": "1", "column_2": "2", "c": "3"}
    ]


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_BUT_EMPTY = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(workbook([["a"], ["1"]], more=FAR), "spans 1048576 rows and 16384 columns", id="a far cell"),
        pytest.param(workbook([["13800138000", "x", "x"]]), r"columns \[2, 3\] have the same name", id="equal names"),
        pytest.param(workbook([]), "empty", id="nothing"),
        pytest.param(b"PK\x03\x04junk", "not a readable", id="no zip"),
        pytest.param(workbook([["a"]])[:-30], "not a readable", id="cut"),
        pytest.param(b"a,b\n1,2\n", "not a readable", id="a CSV"),
    ],
)
def test_what_is_no_table_of_excel_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        rows_of(Xlsx(), content)
    assert "13800138000" not in str(caught.value)


def test_an_empty_far_cell_does_no_harm() -> None:
    assert values(Xlsx(), workbook([["a"], ["1"]], more=FAR_BUT_EMPTY)) == [["1"]]


def test_a_sheet_is_found_by_its_name() -> None:
    assert values(Xlsx(sheet="日志"), workbook([["a"], ["1"]])) == [["1"]]
    with pytest.raises(InputError, match="there is no sheet 'x'; the workbook has 日志"):
        rows_of(Xlsx(sheet="x"), workbook([["a"]]))


def take_in(folder: Path, name: str, content: str | bytes, **spec: Any) -> Intake:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_input(Input(path=name, **spec), path)


LOGS = [
    pytest.param("a.csv", "问题,答案\n退货吗,可以\n,\n多\n", {}, id="csv"),
    pytest.param("a.json", '[{"instruction": "q", "output": "a"}, 7, {"instruction": [], "output": "x"}]', {},
                 id="json"),
    pytest.param("a.jsonl", '{"messages": [{"role": "user", "content": "q"}]}\n{"mess\n\n{"messages": []}\n',
                 {"format": "messages"}, id="jsonl"),
    pytest.param("a.txt", "用户:q。客服:a。\n无人说话\n", {"format": "chat_text"}, id="text"),
    pytest.param("a.xlsx", workbook([["question", "answer"], ["q", "a"], ["", " "]]), {}, id="xlsx"),
    pytest.param("a.tsv", "s\tr\tt\n1\t客服\tx\n1\t?\ty\n\t客服\tz\n",
                 {"format": {"turns": {"session": "s", "role": "r", "text": "t"}}}, id="turns"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "spec"), LOGS)
def test_no_row_vanishes(tmp_path: Path, name: str, content: str | bytes, spec: dict[str, Any]) -> None:
    intake = take_in(tmp_path, name, content, **spec)
    read, bad = set(intake.turns["row"].to_list()), intake.events["row"].to_list()
    assert not read & set(bad)
    assert len(read) + len(bad) == intake.facts.rows
    assert len(bad) == len(set(bad)) > 0
    assert (
        intake.facts.bad
        == intake.events.filter(~intake.events["reason"].is_in(["empty_row", "tool_turns", "no_messages"])).height
    )
    assert set(intake.events["stage"]) == {"read"}
    assert set(intake.events["verdict"]) == {"dropped"}
    assert set(intake.events["file"]) == {name}
    assert intake.events["reason"].null_count() == 0


def test_the_facts_say_how_the_file_was_read(tmp_path: Path) -> None:
    facts = take_in(
        tmp_path, "a.csv", "问题,答案\n能退货吗,可以的\n".encode("gbk"), licence="CC0-1.0", kind="general"
    ).facts
    assert (facts.reader, facts.format, facts.encoding, facts.rows, facts.bad) == ("csv", "pairs", "gb18030", 1, 0)
    assert (facts.licence, facts.kind, facts.path) == ("CC0-1.0", "general", "a.csv")
    assert "common" in facts.evidence.en
    assert len(facts.digest) == 32


def test_the_format_is_found_behind_broken_rows(tmp_path: Path) -> None:
    lines = ["{broken"] * 40 + ['{"instruction": "q", "output": "a"}']
    assert take_in(tmp_path, "a.jsonl", "\n".join(lines)).facts.format == "alpaca"


def test_turns_are_sorted_by_their_time(tmp_path: Path) -> None:
    content = (
        "sid,who,what,when\n1,客服,second,2026-11-24 10:05\n1,用户,first,2026-11-24 9:30\n"
        "1,用户,third,2026-11-24 10:05\n2,客服,nowhere,\n2,客服,later,2026-11-24 9:45\n2,用户,sooner,2026-11-24 9:40\n"
    )
    choice = {"turns": {"session": "sid", "role": "who", "text": "what", "time": "when"}}
    intake = take_in(tmp_path, "a.csv", content, format=choice)
    assert intake.turns["text"].to_list() == ["first", "second", "third"]
    # Where a row of a session that is out of order has no time, nobody knows where it belongs.
    assert intake.events["reason"].to_list() == ["no_time"] * 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", "x", "no reader is known for '.pdf'"),
        ("a.csv", "标题,类别\n退货,售后\n", "The file has: 标题, 类别"),
        ("a.csv", "13800138000,您好！请问\n1,2\n", "The file has: #1, #2"),
        ("a.json", '{"train": [["hi", "greet"]]}', "The file has: train"),
        ("a.jsonl", "{\n{\n", "a.jsonl: not valid JSON: line 2, column 1"),
        ("a.json", "[1", "a.json: not valid JSON: line 1, column 3"),
    ],
)
def test_a_file_that_is_no_log_is_one_sentence(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        take_in(tmp_path, name, content)


def test_an_error_is_told_in_both_languages_and_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        take_in(tmp_path, "a.csv", "")
    assert caught.value.sentence.en.startswith("a.csv: ")
    assert caught.value.sentence.zh.startswith("a.csv：")


def test_a_choice_is_a_name_or_a_name_with_options() -> None:
    assert Choice.model_validate("alpaca") == Choice(name="alpaca")
    assert Choice.model_validate({"turns": {"session": "sid"}}) == Choice(name="turns", options={"session": "sid"})
    assert Choice.model_validate({"alpaca": None}) == Choice(name="alpaca")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "Excel workbook or a compressed file"),
        (b"\x1f\x8brest of a gzip", "Excel workbook or a compressed file"),
        ("会话,角色,内容\n1,客户,你好\n".encode(), "会话, 角色, 内容"),
    ],
)
def test_a_file_that_holds_no_rows_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "log.csv").write_bytes(content)
    spec = Input.model_validate({"path": "log.csv", "format": {"pairs": {"question": "q", "answer": "a"}}})
    with pytest.raises(InputError, match=message):
        read_input(spec, tmp_path / "log.csv")
