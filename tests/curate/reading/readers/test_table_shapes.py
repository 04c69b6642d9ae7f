"""Tables as programs really export them: titles, totals, odd headers, escapes, delimiters, sheets, formats."""

import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from curate.inspect.inspect import sheets_of
from curate.reading.raw_rows import raw_rows
from curate.reading.readers import Reader
from curate.reading.readers._number_format import shown_number
from curate.reading.readers.csv import Csv
from curate.reading.readers.html import Html
from curate.reading.readers.spreadsheet_xml import SpreadsheetXml
from curate.reading.readers.xlsx import Xlsx, table_sheets
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.input import Input, file_and_sheet
from tests.curate.inputs import read_input
from tests.curate.reading.readers.test_readers import MAIN, OFFICE, PACKAGE, workbook

LOG = ["会话,角色,内容", "s1,买家,能退吗", "s1,客服,可以的", "s2,买家,几点发货", "s2,客服,下午五点"]
ROWS = [line.split(",") for line in LOG[1:]]
END = "\r\n"


def read(reader: Reader, content: Any) -> tuple[list[Any], list[str]]:
    """The cells of each row or its fault, and the notes."""
    notes: list[Bilingual] = []
    rows = list(reader.rows(iter([content]) if reader.takes == "blocks" else content, notes.append))
    return [row.fault if row.fields is None else list(row.fields.values()) for row in rows], [n.en for n in notes]


ABOVE = [
    pytest.param(["店铺聊天记录", *LOG], 2, id="a title"),
    pytest.param(["sep=,", "店铺聊天记录,,", ",,", *LOG], 4, id="sep, a title and an empty row"),
    pytest.param(["导出时间：,2024-03-08,", "店铺：,小店,", *LOG], 3, id="labels with values"),
    pytest.param(["会话信息,,消息", "会话,角色,内容", *LOG[1:]], 2, id="a row of groups"),
]
NOT_ABOVE = [
    pytest.param(LOG, id="none"),
    pytest.param([",,", *LOG], id="an empty row only"),
    pytest.param(["text", "您好，请问", "在吗"], id="one column"),
    pytest.param(["问题,答案", *["能退吗,可以", "在吗,在"]], id="two columns"),
]


@pytest.mark.parametrize(("lines", "line"), ABOVE)
def test_lines_above_the_header_are_no_rows_and_are_told(lines: list[str], line: int) -> None:
    rows, notes = read(Csv(), END.join(lines))
    assert rows == ROWS
    assert f"header in row {line}" in notes[0]


@pytest.mark.parametrize("lines", NOT_ABOVE)
def test_a_header_that_stands_first_is_no_title(lines: list[str]) -> None:
    rows, notes = read(Csv(), "\n".join(lines))
    assert len(rows) >= len(lines) - 2
    assert not [note for note in notes if "header in row" in note]


def test_the_line_of_a_header_can_be_set_by_hand() -> None:
    content = "\n".join(["会话,角色,内容", "编号,谁,话", *LOG[1:]])
    assert read(Csv(header=2), content)[0] == ROWS
    with pytest.raises(InputError, match="no row of the table begins on line 9"):
        read(Csv(header=9), content)
    sheet = workbook([["标题", None, None], LOG[0].split(","), *ROWS])
    assert read(Xlsx(header=2), sheet)[0] == read(Xlsx(), sheet)[0] == ROWS


def test_a_title_above_a_sheet_or_a_page_is_told() -> None:
    rows, notes = read(Xlsx(), workbook([["客服聊天（内部）"], [], LOG[0].split(","), *ROWS]))
    assert (rows, "header in row 3" in notes[0]) == (ROWS, True)
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in line.split(",")) for line in LOG)
    rows, notes = read(Html(), f"<table><tr><td>聊天记录<td><td></tr>{body}</table>")
    assert (rows, "header in row 2" in notes[0]) == (ROWS, True)


BELOW = ["合计,4,", ",,", "Total messages: 4,,", "共 4 条,,", "导出人：小王,,", "备注：内部使用", "Total,,4"]
NOT_BELOW = ["s2,客服,合计一共三百元", "s3,买家,共 4 条吗", "合计,客服,一共三百元，下午发"]


@pytest.mark.parametrize("line", [line for line in BELOW if line != ",,"])
def test_totals_below_a_table_are_no_messages_and_no_bad_rows(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.csv").write_text("\n".join([*LOG, ",,", line, ""]), encoding="gb18030")
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), tmp_path / "a.csv")
    assert intake.turns["text"].to_list() == [row[2] for row in ROWS]
    assert intake.events["reason"].to_list() == ["empty_row", "below_table"] or "below_table" in set(
        intake.events["reason"]
    )
    assert intake.facts.bad == 0
    assert any("below the table" in note.en for note in intake.facts.notes)


@pytest.mark.parametrize("line", NOT_BELOW)
def test_a_last_message_that_speaks_of_totals_stays(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.csv").write_text("\n".join([*LOG, line]), encoding="utf-8")
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), tmp_path / "a.csv")
    assert intake.turns["text"].to_list()[-1] == line.split(",")[2]


def test_names_are_freed_of_marks_nobody_sees_and_repeated_ones_are_numbered() -> None:
    content = "\ufeff\u200b会话\u200b,角\u2060色,内容,备注,备注,\ns1,买家,能退吗,x,y,\n"
    rows = list(Csv().rows(iter([content])))
    assert list(rows[0].fields or {}) == ["会话", "角色", "内容", "备注", "备注_2", "column_6"]


SHAPES = [
    pytest.param("a,b\r\n1,x\ny\r\n2,z\r\n", [["1", "x\ny"], ["2", "z"]], id="bare LF in rows of CRLF"),
    pytest.param('a,b\r\n1,"x\ny"\r\n2,z\r\n', [["1", "x\ny"], ["2", "z"]], id="the same in quotes"),
    pytest.param("a\tb\r\n1\tx\n\ny\r\n2\tz\r\n", [["1", "x\n\ny"], ["2", "z"]], id="an empty line inside"),
    pytest.param("a,b\n1,x\ry\n2,z\n", [["1", "x\ny"], ["2", "z"]], id="bare CR in rows of LF"),
    pytest.param('a,b\n1,"say \\"hi\\", ok"\n2,"z, y"\n', [["1", 'say "hi", ok'], ["2", "z, y"]], id="escaped quotes"),
    pytest.param("a\tb\n1\tx\\ny\\tz\\\\n\n2\t\\N\n", [["1", "x\ny\tz\\n"], ["2", r"\N"]], id="MySQL OUTFILE"),
    pytest.param("a\tb\n1\tx\\\ny\n2\t\\N\n", [["1", "x\ny"], ["2", r"\N"]], id="an escaped line feed"),
    pytest.param('"a","b"\n"1",\\N\n"2","x\\"y"\n', [["1", r"\N"], ["2", 'x"y']], id="quoted, NULL bare"),
    pytest.param("a||b||c\n1||x, y||z|w\n2||p||q\n", [["1", "x, y", "z|w"], ["2", "p", "q"]], id="two bars"),
    pytest.param(
        'q,a\nIs it new?,"Yes, it is."\nCan I go?,No.\n',
        [["Is it new?", "Yes, it is."], ["Can I go?", "No."]],
        id="questions before commas",
    ),
    pytest.param(
        "问,答\n能退吗？,能。\n有货吗？,有。\n", [["能退吗？", "能。"], ["有货吗？", "有。"]], id="问号在逗号前"
    ),
    pytest.param("id,who,text\n1,@ann,hi\n2,@bob,ho\n", [["1", "@ann", "hi"], ["2", "@bob", "ho"]], id="names with @"),
    pytest.param(" id | text \n----+------\n 1 | x\n 2 | y\n", [[" 1 ", " x"], [" 2 ", " y"]], id="a ruled line"),
    pytest.param("id|text\n1|----\n2|y\n", [["1", "----"], ["2", "y"]], id="strokes in a cell"),
    pytest.param("a|@|b\n1|@|x\n2|@|y\n", [["1", "x"], ["2", "y"]], id="three marks"),
    pytest.param("a\x01b\n1\x01x\n2\x01y\n", [["1", "x"], ["2", "y"]], id="Hive"),
    pytest.param("a^b\n1^x, y\n2^z\n", [["1", "x, y"], ["2", "z"]], id="a caret"),
]
SHAPES_AS_BEFORE = [
    pytest.param("a,b\n1,C:\\new\\table\n2,\\(x\\)\n", [["1", "C:\\new\\table"], ["2", "\\(x\\)"]], id="paths"),
    pytest.param('a,b\n1,"C:\\"\n2,"x"\n', [["1", "C:\\"], ["2", "x"]], id="a path that ends in a backslash"),
    pytest.param("a\tb\n1\tfirst\\nsecond\n2\tx\n", [["1", "first\\nsecond"], ["2", "x"]], id="a written line feed"),
    pytest.param("a,b\r\n1,x\r\n2,y\r\n", [["1", "x"], ["2", "y"]], id="CRLF"),
    pytest.param("a|b\n1|x||y\n2|z\n", ["wrong_cell_count", ["2", "z"]], id="two bars in one row only"),
]


@pytest.mark.parametrize(("content", "expected"), [*SHAPES, *SHAPES_AS_BEFORE])
def test_rows_and_cells_are_cut_as_they_were_written(content: str, expected: list[Any]) -> None:
    assert read(Csv(), content)[0] == expected


def test_a_delimiter_of_several_characters_can_be_named() -> None:
    assert read(Csv(delimiter="::"), "a::b\n1::x:y\n")[0] == [["1", "x:y"]]
    assert read(Csv(escapes=False), "a\tb\n1\t\\N\n")[0] == [["1", r"\N"]]


def test_rows_are_counted_in_physical_lines_whatever_ends_them() -> None:
    rows = list(Csv().rows(iter(["a,b\r\n1,x\ny\r\n2,z", "\r\n3,w\r\n"])))
    assert [(row.number, row.raw) for row in rows] == [(2, "1,x\ny\r\n"), (4, "2,z\r\n"), (5, "3,w\r\n")]


FORMATS = [("0.15", "0%", "15%"), ("0.0325", "0.00%", "3.25%"), ("371", "000000", "000371"),
           ("1299", '"¥"#,##0.00', "¥1,299.00"), ("5", '0"元"', "5元"), ("-5.5", "[$¥-804]#,##0.00", "-¥5.50"),
           ("3.5", "0.##", "3.5"), ("13800138000", "#,##0", "13800138000")]  # fmt: skip
NOT_FORMATS = [("0.15", "General"), ("45413", "yyyy-mm-dd"), ("0.8", "h:mm"), ("1", "@"), ("2.02506E+17", "0"),
               ("12", "# ?/?"), ("x", "0%")]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "shown"), FORMATS)
def test_numbers_are_written_as_the_sheet_shows_them(value: str, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(("value", "code"), NOT_FORMATS)
def test_other_formats_change_nothing(value: str, code: str) -> None:
    assert shown_number(value, code) is None


def book(
    sheets: dict[str, str], states: dict[str, str] | None = None, merged: dict[str, list[str]] | None = None
) -> bytes:
    """A workbook of several sheets, each the XML of its rows; style 1 is a percentage. `merged` are ranges of cells."""
    names = list(sheets)
    state = states or {}
    merges = {}
    for name, ranges in (merged or {}).items():
        cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
        merges[name] = f"<mergeCells>{cells}</mergeCells>"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{n}" state="{state.get(name, "visible")}" r:id="r{n}"/>'
            for n, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="9"/>'
        "</cellXfs></styleSheet>",
    }
    for n, name in enumerate(names, start=1):
        rest = merges.get(name, "")
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f"<worksheet {MAIN}><sheetData>{sheets[name]}</sheetData>{rest}</worksheet>"
        )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return whole.getvalue()


def sheet_rows(lines: list[str]) -> str:
    return "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for c, cell in enumerate(line.split(","))
        )
        + "</row>"
        for r, line in enumerate(lines, start=1)
    )


COVER = ["导出说明", "导出人,运营部", "注意,仅供内部"]


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_are_told() -> None:
    sheets = {"说明": COVER, "旧": LOG, "7月": LOG[:3], "8月": LOG}
    content = book({name: sheet_rows(lines) for name, lines in sheets.items()},
                   {"旧": "hidden"})  # fmt: skip
    rows, notes = read(Xlsx(), content)
    assert rows == ROWS[:2]
    assert "hidden sheet 旧 (5 rows) was not read" in " ".join(notes)
    assert "sheet 8月 (5 rows) was not read; to read it, add the input FILE#8月" in " ".join(notes)
    assert table_sheets(content) == [["7月", "8月"], ["说明"]]


def test_a_sheet_is_an_input_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book({"7月": sheet_rows(LOG[:3]), "8月": sheet_rows([LOG[0], *LOG[3:]])}))
    spec = Input.model_validate(
        {"path": "a.xlsx#8月", "format": {"turns": {"session": "会话", "role": "角色", "text": "内容"}}}
    )
    intake = read_input(spec, tmp_path / "a.xlsx#8月")
    assert intake.turns["session"].unique().to_list() == ["s2"]
    assert intake.facts.notes == ()
    with pytest.raises(InputError, match="there is no sheet '9月'"):
        read_input(spec.model_copy(update={"path": "a.xlsx#9月"}), tmp_path / "a.xlsx#9月")


def test_a_file_whose_name_has_the_mark_is_no_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx#b.csv"
    path.write_text("x", encoding="utf-8")
    assert file_and_sheet(path) == (path, "")
    assert file_and_sheet(tmp_path / "a#b.csv") == (tmp_path / "a#b.csv", "")


def test_percentages_are_shown_and_a_formula_without_a_value_is_told(tmp_path: Path) -> None:
    row = ('<row r="2"><c r="A2" t="inlineStr"><is><t>几折</t></is></c><c r="B2" s="1"><v>0.85</v></c></row>'
           '<row r="3"><c r="A3"><f>A2</f></c><c r="B3"><f>"七天"&amp;"内"</f><v/></c></row>'
           '<row r="4"><c r="A4" t="inlineStr"><is><t>运费</t></is></c>'
           '<c r="B4" t="e"><v>#REF!</v></c></row>')  # fmt: skip
    path = tmp_path / "a.xlsx"
    path.write_bytes(book({"a": sheet_rows(["问题,答案"]) + row}))
    intake = read_input(Input(path="a.xlsx"), path)
    assert intake.turns["text"].to_list() == ["几折", "85%", "运费", ""]
    assert intake.events["reason"].to_list() == ["formula_without_value"]
    assert intake.facts.bad == 0
    notes = " ".join(note.en for note in intake.facts.notes)
    assert "2 formulas have no stored value" in notes
    assert "1 cells are error values" in notes


def spreadsheet(sheets: dict[str, list[str]], more: str = "") -> str:
    body = "".join(
        f'<Worksheet ss:Name="{name}"><Table>'
        + "".join(
            "<Row>"
            + "".join(f'<Cell><Data ss:Type="String">{escape(cell)}</Data></Cell>' for cell in line.split(","))
            + "</Row>"
            for line in lines
        )
        + more
        + "</Table></Worksheet>"
        for name, lines in sheets.items()
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="p"><NumberFormat '
        f'ss:Format="0%"/></Style></Styles>{body}</Workbook>'
    )


def test_xml_spreadsheets_of_2003_are_read_whatever_they_are_called(tmp_path: Path) -> None:
    for name in ("a.xls", "a.xml"):
        path = tmp_path / name
        path.write_text(spreadsheet({"7月": ["聊天记录", *LOG], "8月": LOG}), encoding="utf-8")
        format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
        intake = read_input(Input.model_validate({"path": name, "format": format}), path)
        assert intake.turns["text"].to_list() == [row[2] for row in ROWS]
        assert intake.facts.reader == "spreadsheet_xml"
        assert "sheet 8月 (5 rows) was not read" in " ".join(note.en for note in intake.facts.notes)


def test_cells_of_a_spreadsheet_in_xml_stand_where_they_say() -> None:
    more = (
        '<Row ss:Index="9"><Cell ss:MergeDown="1"><Data ss:Type="String">s3</Data></Cell><Cell ss:Index="3" '
        'ss:StyleID="p"><Data ss:Type="Number">0.15</Data></Cell></Row><Row><Cell ss:Index="2"><Data '
        'ss:Type="String">客服</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>'
    )
    rows, _ = read(SpreadsheetXml(), spreadsheet({"a": LOG}, more))
    assert rows == [*ROWS, ["s3", "", "15%"], ["s3", "客服", ""]]


@pytest.mark.parametrize("name", ["a.xls", "a.csv"])
def test_a_table_in_utf16_with_tabs_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("\n".join(LOG).replace(",", "\t").encode("utf-16"))
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    assert read_input(Input.model_validate({"path": name, "format": format}), path).turns.height == len(ROWS)


def test_ids_that_a_spreadsheet_shortened_are_refused_with_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("会话,角色,内容\n2.02506E+17,买家,能退吗\n2.02506E+17,客服,可以\n1E5,买家,好\n", encoding="gbk")
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), path)
    assert intake.events["reason"].to_list() == ["shortened_id"] * 2
    assert intake.turns["session"].to_list() == ["1E5"]


ROUNDED = ["202506011234567000", "202506011234568000", "202506011299568000"]
WHOLE = ["202506011234567000", "202506011234568211", "202506011299568000"]
MICROSECONDS = ["1751331000000000", "1751331001000000", "1751331002000000"]


@pytest.mark.parametrize(("ids", "refused"), [(ROUNDED, 6), (ROUNDED[:2], 0), (WHOLE, 0), (MICROSECONDS, 0)], ids=str)
def test_ids_that_lost_their_last_digits_are_refused_where_all_show_it(
    tmp_path: Path, ids: list[str], refused: int
) -> None:
    lines = [f"{id},{who},关于订单的问题" for id in (*ids, "s4") for who in ("买家", "客服")]
    (tmp_path / "a.csv").write_text("\n".join(["会话,角色,内容", *lines]), encoding="utf-8")
    spec = Input.model_validate(
        {"path": "a.csv", "format": {"turns": {"session": "会话", "role": "角色", "text": "内容"}}}
    )
    intake = read_input(spec, tmp_path / "a.csv")
    assert intake.events["reason"].to_list() == ["shortened_id"] * refused


def test_an_id_in_the_first_row_of_a_session_only_is_filled_down_where_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("会话,角色,内容\ns1,买家,能退吗\n,客服,可以\ns2,买家,在吗\n,客服,在\n", encoding="utf-8")
    options: dict[str, Any] = {"session": "会话", "role": "角色", "text": "内容"}
    spec = Input.model_validate({"path": "a.csv", "format": {"turns": options}})
    assert read_input(spec, path).events["reason"].to_list() == ["no_session"] * 2
    spec = Input.model_validate({"path": "a.csv", "format": {"turns": {**options, "fill": True}}})
    assert read_input(spec, path).turns["session"].to_list() == ["s1", "s1", "s2", "s2"]


def test_a_header_that_comes_again_is_no_message_and_no_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*LOG, *LOG]), encoding="utf-8")
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), path)
    assert (intake.events["reason"].to_list(), intake.facts.bad) == (["header_again"], 0)


@pytest.mark.parametrize(
    "again", ["\u200b会话,角色\ufeff,\xa0内容", "会话, 角色\u200b\xa0,内容", "\ufeff会话,\u2060角色,内容"]
)
def test_a_header_with_marks_that_nobody_sees_comes_again(tmp_path: Path, again: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*LOG, again, *LOG[1:]]), encoding="utf-8")
    format = {"turns": {"session": "会话", "role": "角色", "text": "内容"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), path)
    assert (intake.events["reason"].to_list(), intake.facts.bad) == (["header_again"], 0)


def test_a_row_of_numbered_questions_and_answers_is_a_talk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("问1,答1,问2,答2\n能退吗,可以,几天,七天\n在吗,在,,\n", encoding="utf-8")
    format = {"pairs": {"question": ["问1", "问2"], "answer": ["答1", "答2"]}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), path)
    assert intake.turns["text"].to_list() == ["能退吗", "可以", "几天", "七天", "在吗", "在"]


def test_a_workbook_with_the_name_of_a_text_is_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(book({"7月": sheet_rows(LOG)}, {}))
    rows = raw_rows(Input(path="log.csv"), path)
    assert rows.reader == "xlsx"
    assert [list(row.fields.values()) for row in rows.rows if row.fields] == ROWS


def test_a_title_over_all_columns_of_a_page_is_no_header() -> None:
    header, row_of_page = "<tr><th>who</th><th>text</th></tr>", "<tr><td>a</td><td>hi</td></tr>"
    (row,) = Html().rows(f"<table><tr><td colspan=2>Chat report</td></tr>{header}{row_of_page}</table>")
    assert row.fields == {"who": "a", "text": "hi"}


def test_the_sheet_that_holds_the_talks_is_found_behind_a_summary(tmp_path: Path) -> None:
    summary = ["月份,会话数,占比", "七月,120,40%", "八月,180,60%"]
    talks = ["会话,角色,内容", *(f"s{n},{who},关于第{n}个订单的退款问题" for n in range(4) for who in ("买家", "客服"))]
    path = tmp_path / "月报.xlsx"
    path.write_bytes(book({"汇总": sheet_rows(summary), "会话": sheet_rows(talks)}, {}))
    assert [found.name for found in sheets_of(path)] == ["月报.xlsx#会话"]
