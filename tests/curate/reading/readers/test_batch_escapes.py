"""The escapes of `mysql --batch` are undone where a table shows them, and in no other table."""

from typing import Any

import pytest

from curate.reading.readers.csv import Csv
from schemas.bilingual import Bilingual


def read(content: str, reader: Csv | None = None) -> tuple[list[str], list[Bilingual]]:
    """The last column of each row, and the notes."""
    notes: list[Bilingual] = []
    rows = list((reader or Csv()).rows(iter([content]), notes.append))
    return [list(row.fields.values())[-1] if row.fields else str(row.fault) for row in rows], notes


def table(*texts: str, ext: str = "x") -> str:
    return "id\text\ttext\n" + "".join(f"{n}\t{ext}\t{text}\n" for n, text in enumerate(texts, start=1))


ESCAPED: list[Any] = [
    pytest.param(table(r"您好\n我是小林", "在吗", ext="NULL"), ["您好\n我是小林", "在吗"], id="beside NULL"),
    pytest.param(table(r"Yes.\nThree days.", r"C:\\new\\table"), ["Yes.\nThree days.", r"C:\new\table"], id="doubled"),
    pytest.param(table(r"D:\\temp", "ok", ext="NULL"), [r"D:\temp", "ok"], id="a doubled path beside NULL"),
    pytest.param(table(r"a:\r\n1", r"b\n\n2", r"c\t3\n4"), ["a:\r\n1", "b\n\n2", "c\t3\n4"], id="several"),
    pytest.param(table(r"好\n行", r"say \\n", ext="NULL"), ["好\n行", r"say \n"], id="a backslash before n"),
    pytest.param(table(r'"Good" he wrote\nBye', '"', ext="NULL"), ['"Good" he wrote\nBye', '"'], id="quotes"),
    pytest.param(table("one\r\\nTwo", "ok", ext="NULL"), ["one\nTwo", "ok"], id="a bare half of a line end"),
]
AS_THEY_ARE = [
    r"C:\new\table",
    r"\\server\new",
    r"C:\temp",
    r"match [^\n]+ please",
    r"split at \n, then join",
    r"$\nu \neq \theta$",
    r"$a \\ b$ and \frac{1}{2}\n3",
    r"\d+\n\d+",
    r"\right\nearrow",
    r"write '\n' here",
    r"first\nsecond",
]


@pytest.mark.parametrize(("content", "expected"), ESCAPED)
def test_escapes_are_undone(content: str, expected: list[str]) -> None:
    texts, notes = read(content)
    assert texts == expected
    assert any("backslashes escape" in note.en for note in notes)


@pytest.mark.parametrize("text", AS_THEY_ARE)
@pytest.mark.parametrize("ext", ["x", "NULL"])
def test_a_table_without_escapes_keeps_its_backslashes(text: str, ext: str) -> None:
    assert read(table(text, "能退吗", ext=ext))[0] == [text, "能退吗"]


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_only_tabs_are_escaped_so(delimiter: str) -> None:
    content = table(r"好\n行", r"好\n行", r"好\n行", ext="NULL").replace("\t", delimiter)
    texts, notes = read(content)
    assert texts == [r"好\n行"] * 3
    assert any("escapes: true" in note.en for note in notes)


def test_one_line_feed_alone_stays_and_is_noted() -> None:
    texts, notes = read(table(r"好\n行", "在"))
    assert texts == [r"好\n行", "在"]
    assert "escapes: true" in notes[0].en


def test_the_recipe_has_the_last_word() -> None:
    content = table(r"好\n行", "在", ext="NULL")
    assert read(content, Csv(escapes=False)) == ([r"好\n行", "在"], [])
    assert read(table(r"好\n行"), Csv(escapes=True))[0] == ["好\n行"]


def test_a_quoted_table_is_not_escaped_so() -> None:
    content = '"id"\t"ext"\t"text"\n"1"\t"NULL"\t"好\\n行"\n"2"\t"NULL"\t"在"\n'
    assert read(content)[0] == [r"好\n行", "在"]


def test_a_backslash_that_nobody_escapes_stays_behind_the_sample() -> None:
    content = table(r"好\n行", *["在"] * 300_000, r"x\d", ext="NULL")
    assert read(content)[0][-1] == r"x\d"


def test_the_raw_row_is_as_it_stands_in_the_file() -> None:
    row = next(Csv().rows(iter([table(r"好\n行", ext="NULL")])))
    assert (row.number, row.raw) == (2, "1\tNULL\t好\\n行\n")
