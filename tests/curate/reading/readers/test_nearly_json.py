"""What is nearly JSON is read, and it is said so; what is not stays refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.reading.input_reader import InputReader
from curate.reading.readers._json import NotedObject, parse
from curate.reading.readers._loose_json import loosened
from schemas.errors import InputError
from schemas.input import Choice, Input

ROW = {"question": "q", "answer": "a"}
TEXT = json.dumps(ROW)
TALK = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]


def read(path: Path, content: str, **settings: Any) -> tuple[list[tuple[str, str]], list[str], int]:
    """Give the turns, the notes and the number of rows of a file with this content."""
    path.write_text(content, encoding="utf-8")
    reader = InputReader(Input(path=path.name, **settings), path)
    chunks = list(reader.chunks())
    turns = [turn for chunk in chunks for turn in chunk.turns.select("role", "text").rows()]
    return turns, [note.en for note in reader.facts().notes], sum(chunk.rows for chunk in chunks)


NEARLY: list[tuple[str, str, int, str]] = [
    ("a.json", f"[{TEXT},\n {TEXT},\n]", 2, "2 rows with comments, or commas before brackets"),
    ("a.json", f"// export\n[{TEXT} /* one */]", 1, "1 row with comments"),
    ("a.json", f"[{ROW}]", 1, "1 row as Python prints them"),
    ("a.json", f"{TEXT}{TEXT} {TEXT}", 3, "several JSON values"),
    ("a.json", f"[{TEXT}]\n[{TEXT}]", 2, "several JSON values"),
    ("a.json", json.dumps({"code": 0, "data": {"list": [ROW, ROW]}}), 2, "taken from `data.list`"),
    ("a.json", json.dumps({"RECORDS": [ROW]}), 1, "taken from `RECORDS`"),
    (
        "a.json",
        json.dumps({"_embedded": {"conversations": [ROW, ROW]}, "_links": {"self": {}}, "page": {"size": 25}}),
        2,
        "taken from `_embedded.conversations`",
    ),
    ("a.jsonl", f"{TEXT}\n{ROW}\n", 2, "1 row as Python prints them"),
    ("a.jsonl", f"{TEXT}\n{TEXT[:-1]},}}\n", 2, "1 row with comments"),
    ("a.jsonl", f"[\n{TEXT},\n{TEXT}\n]", 2, ""),
    ("a.jsonl", json.dumps(ROW, indent=1) + "\n" + json.dumps(ROW, indent=1), 2, "several JSON values"),
    ("a.jsonl", '{"question": "p", "answer": "a", "question": "q"}\n', 1, "1 row with a key that stands twice"),
    ("a.json", "\ufeff" + json.dumps([ROW]), 1, ""),
]


@pytest.mark.parametrize(("name", "content", "rows", "note"), NEARLY)
def test_what_is_nearly_json_is_read_and_told(tmp_path: Path, name: str, content: str, rows: int, note: str) -> None:
    turns, notes, count = read(tmp_path / name, content)
    assert turns == [("user", "q"), ("assistant", "a")] * rows
    assert count == rows
    assert len(notes) == bool(note)
    assert all(note in each for each in notes)


def test_every_value_of_a_key_that_stands_twice_is_a_row(tmp_path: Path) -> None:
    talk = json.dumps(TALK)
    turns, notes, count = read(tmp_path / "a.json", f'{{"7": {talk}, "8": {talk}, "7": {talk}}}')
    assert (len(turns), count) == (6, 3)
    assert notes == ["1 key stands twice in the object; every value was read"]


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ('{"a": "x", "a": "y"}', True),
        ('{"a" : "x", "a" : "y"}', True),
        ('{"m": [{"role": "user", "role": "x", "content": "y"}]}', True),
        ('{"a": 1, "a": 2}', True),
        ('[{"a": {"b": 1, "b": 2}}]', True),
        ('{"a": "\\": x"}', False),
        ('{"a": "\\":", "b": "\\" :"}', False),
        ('{"a": {"a": "x"}, "b": [{"a": 1}, {"a": 2}]}', False),
        ('{"a": "\\u0022: "}', False),
    ],
)
def test_a_key_that_stands_twice_is_noticed_wherever_it_stands(text: str, doubled: bool) -> None:
    value = parse(text)
    first = value[0] if isinstance(value, list) else value
    assert isinstance(first, NotedObject) == doubled
    assert first == (json.loads(text, parse_int=str)[0] if isinstance(value, list) else json.loads(text, parse_int=str))


@pytest.mark.parametrize(
    "text", ['{"a": "// no comment, ]"}', '{"a": "/* */,}"}', '{"a": "\\", // x"}', '["http://a.b", ",]"]']
)
def test_what_stands_in_a_string_is_no_comment(text: str) -> None:
    assert loosened(text) == text


@pytest.mark.parametrize("text", ["/*" * 200_000, '"\\"' * 200_000, "," * 200_000, '{"a": "' + "//" * 200_000])
def test_loosening_takes_no_longer_than_the_text_is_long(text: str) -> None:
    loosened(text)


@pytest.mark.parametrize("content", ["[{'a': open('x')}]", "[{'a': f()}]", "{'a': 1 + 1}", "{'a': 'x' 'y'"])
def test_what_python_would_have_to_run_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="not valid JSON"):
        read(tmp_path / "a.json", content)


def test_the_list_of_a_recipe_is_read_and_no_other(tmp_path: Path) -> None:
    content = json.dumps({"rows": [{"question": "x", "answer": "y"}], "more": {"chats": [ROW]}})
    reader = Choice(name="json", options={"items": "more.chats"})
    assert read(tmp_path / "a.json", content, reader=reader) == ([("user", "q"), ("assistant", "a")], [], 1)
    with pytest.raises(InputError, match="is no list"):
        read(tmp_path / "a.json", content, reader=Choice(name="json", options={"items": "more"}))


def test_one_conversation_in_an_object_is_no_list_of_rows(tmp_path: Path) -> None:
    assert read(tmp_path / "a.json", json.dumps({"id": 1, "messages": TALK}))[2] == 1
