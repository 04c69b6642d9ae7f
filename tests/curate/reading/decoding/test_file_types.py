"""A file that is called a workbook and is none is refused as what it is; a table of text under that name is read."""

from pathlib import Path

import pytest

from curate.inspect.inspect import inspect_file

TABLE = "question,answer\n" + "".join(f"第{n}件什么时候发货,您好，第{n}件明天就能发出\n" for n in range(9))
PAGE = "<table><tr><td>question</td><td>answer</td></tr><tr><td>能退吗</td><td>可以的，七天内都行</td></tr></table>"


@pytest.mark.parametrize("name", ["export.xlsx", "export.xls", "export.xlsm"])
@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"hello, this is not a workbook".replace(b",", b""), "plain text without columns", "没有分列的纯文本"),
        ("不是工作簿".encode("gb18030"), "plain text without columns", "没有分列的纯文本"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document", "PDF 文档"),
        (b"{\\rtf1\\ansi hello}", "a rich text document", "RTF 文档"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture", "图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture", "图片"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a packed archive", "压缩包"),
        (b"SQLite format 3\0", "a database", "数据库文件"),
        (bytes(range(256)) * 9, "bytes of no kind that is known", "无法识别的内容"),
    ],
)
def test_a_workbook_that_is_none_is_told_for_what_it_is(
    tmp_path: Path, name: str, content: bytes, english: str, chinese: str
) -> None:
    (tmp_path / name).write_bytes(content)
    problem = inspect_file(tmp_path / name).problem
    assert problem is not None
    assert english in problem.sentence.en and "called an Excel workbook" in problem.sentence.en
    assert chinese in problem.sentence.zh
    assert "\n" not in problem.sentence.en and "not a workbook" not in problem.sentence.en


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gb18030"),
        TABLE.replace(",", "\t").encode("utf-16"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "|").encode(),
        PAGE.encode(),
        b"\xef\xbb\xbf\r\n" + PAGE.encode(),
    ],
)
def test_a_table_of_text_under_the_name_of_a_workbook_is_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export.xls").write_bytes(content)
    found = inspect_file(tmp_path / "export.xls")
    assert found.problem is None
    assert found.contents is not None and found.contents.conversations >= 1
