"""Texts that programs write: tables drawn on a console, JSON behind a prefix; and texts that only look so."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.inspect.inspect import inspect_file
from curate.reading.raw_rows import raw_rows
from schemas.bilingual import Bilingual
from schemas.input import Input
from tests.curate.inputs import read_input

PSQL = """\
 id | who  |      text       | n
----+------+-----------------+----
  1 | user | 能退吗         +| 10
    |      | 急用, a+b |    +|
    |      |   谢谢          |
  2 | bot  | Yes +           | 9+
(2 rows)

"""
BOXED = """\
mysql> select * from t;
+----+----------+
| id | text     |
+----+----------+
|  1 | 你好     |
|  2 | a | b +  |
+----+----------+
2 rows in set (0.00 sec)
"""


def read(tmp_path: Path, content: str, name: str = "a.txt") -> tuple[str, list[Any], list[Bilingual]]:
    """The reader, the values or the fault of each row, and the notes."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    raw = raw_rows(Input(path=name), tmp_path / name)
    rows = [(row.number, list(row.fields.values()) if row.fields else row.fault) for row in raw.rows]
    return raw.reader, rows, raw.notes


def test_a_table_of_psql_is_read_with_its_long_cells(tmp_path: Path) -> None:
    reader, rows, _ = read(tmp_path, PSQL)
    assert reader == "console"
    assert rows == [
        (3, ["1", "user", "能退吗\n急用, a+b |\n谢谢", "10"]),
        (6, ["2", "bot", "Yes +", "9+"]),
        (7, "below_table"),
    ]


def test_the_last_column_goes_on_too(tmp_path: Path) -> None:
    content = " id |  text  \n----+--------\n  1 | one   +\n    | +     +\n    | three\n  2 | a+\n  3 | abcde+\n"
    _, rows, _ = read(tmp_path, content)
    assert rows == [(3, ["1", "one\n+\nthree"]), (6, ["2", "a+"]), (7, ["3", "abcde+"])]


def test_a_boxed_table_of_mysql_is_read(tmp_path: Path) -> None:
    reader, rows, notes = read(tmp_path, BOXED)
    assert reader == "console"
    assert rows == [(5, ["1", "你好"]), (6, ["2", "a | b +"]), (8, "below_table")]
    assert "header in row 3" in notes[0].en


@pytest.mark.parametrize(
    "line", ["no bars at all", "| too | many | bars", "  3 ! user !  x ! y", " id | who  |      text       | n"]
)
def test_a_line_that_is_no_row_has_its_own_number_and_reason(tmp_path: Path, line: str) -> None:
    _, rows, _ = read(tmp_path, PSQL.replace("(2 rows)", line))
    assert rows[2][0] == 7
    assert rows[2][1] == "wrong_cell_count" or line.startswith(" id")


def test_a_cell_that_never_ends_is_a_row_with_a_reason(tmp_path: Path) -> None:
    content = " id |  text  \n----+--------\n  1 | one   +\n    | two   +\n"
    assert read(tmp_path, content)[1] == [(3, "wrong_cell_count")]


NO_TABLES = [
    "我们的表：\n----+----\n没有竖线\n",
    "a | b\nc | d\n",
    "标题\n--------\n正文 | 一\n",
    "用户：能退吗 | 急\n客服：可以\n----+----\n用户：好\n",
    "x\n--|--\ny\n",
]


@pytest.mark.parametrize("content", NO_TABLES)
def test_a_text_with_bars_and_strokes_is_a_text(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content)[0] == "text"


LOG = [
    '2026-03-05 09:10:01,120 INFO [w-1] chat - in {"session": "s1", "role": "customer", "text": "能退吗 {急}"}',
    "2026-03-05 09:10:02,000 DEBUG [hb] chat.beat - ok",
    '2026-03-05 09:10:09,441 INFO [{2}] chat - out {"session": "s1", "role": "agent", "text": "可以", "x": {"n": 1}}',
    '2026-03-05 09:11:01,120 INFO [w-1] chat - in {"session": "s2", "role": "customer", "text": "在吗"}',
    '2026-03-05 09:11:05,441 INFO [w-2] chat - out {"session": "s2", "role": "agent", "text": "在"}',
]


@pytest.mark.parametrize("name", ["a.log", "a.txt"])
def test_json_behind_a_prefix_is_read_and_the_rest_noted(tmp_path: Path, name: str) -> None:
    reader, rows, notes = read(tmp_path, "\n".join(LOG), name)
    assert reader == "jsonl"
    assert [number for number, _ in rows] == [1, 2, 3, 4, 5]
    assert [cells if isinstance(cells, str) else cells[2] for _, cells in rows] == [
        "能退吗 {急}", "log_line", "可以", "在吗", "在"]  # fmt: skip
    assert [note.en for note in notes] == [
        "a log of a program: what stands before the JSON of 4 lines is not read, and 1 lines without JSON are no rows"
    ]


def test_lines_without_json_are_in_the_ledger_and_no_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("\n".join([*LOG, '2026-03-05 WARN cut off {"session": "s']), encoding="utf-8")
    format = {"turns": {"session": "session", "role": "role", "text": "text"}}
    intake = read_input(Input.model_validate({"path": "a.log", "format": format}), path)
    assert intake.turns["text"].to_list() == ["能退吗 {急}", "可以", "在吗", "在"]
    assert sorted(intake.events["reason"].to_list()) == ["invalid_json", "log_line"]
    assert (intake.facts.rows, intake.facts.bad) == (6, 1)


def test_a_list_of_messages_behind_a_prefix_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    talks = [
        {"id": n, "lines": [{"author": {"kind": "visitor"}, "body": f"第{n}单能退吗"}, {"author": {"kind": "agent"},
         "body": f"{n}天内可以"}]} for n in range(20)
    ]  # fmt: skip
    path.write_text(
        "\n".join(f"09:10 INFO - {json.dumps(talk, ensure_ascii=False)}" for talk in talks), encoding="utf-8"
    )
    findings = inspect_file(path)
    assert findings.contents
    assert findings.contents.conversations == 20
    assert findings.spec.reader
    assert findings.spec.reader.options["prefixed"] is True


NO_LOGS = [
    '用户：请求体写 {"a": 1}\n客服：好的 {"ok": true}\n用户：谢谢\n客服：不客气\n',
    "见 {附件}\n见 {说明}\n",
    'one {"a": 1}\ntwo\nthree\n',
    'x {"a": 1} y\nx {"b": 1} y\n',
]


@pytest.mark.parametrize("content", NO_LOGS)
def test_a_text_that_mentions_json_is_a_text(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content)[0] == "text"
