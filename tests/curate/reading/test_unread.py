"""What a file holds beside what is read of it is counted, whichever way its rows go, and stands in the manifest."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.reading.input_reader import InputReader
from schemas.input import Choice, Input
from schemas.manifest import InputFile, unread_note


def facts(path: Path, **settings: Any) -> InputFile:
    reader = InputReader(Input(path=path.name, **settings), path)
    assert sum(chunk.rows for chunk in reader.chunks())
    return reader.facts()


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


PAIR = {"question": "q", "answer": "a"}
CASES: list[tuple[str, str, dict[str, int]]] = [
    ("a.jsonl", lines(PAIR, PAIR), {}),
    ("a.jsonl", lines({**PAIR, "图片": "x.png"}, {**PAIR, "图片": ""}, {**PAIR, "图片": "y.png"}), {"图片": 2}),
    ("a.jsonl", lines({**PAIR, "图片": "x"}, {**PAIR, "图片": '"'}, {**PAIR, "图片": "x", "n": 1}),
     {"图片": 3, "n": 1}),
    ("a.jsonl", lines({**PAIR, "images": ["x"]}, {**PAIR, "images": []}, {**PAIR, "images": None}), {"images": 1}),
    ("a.jsonl", lines({**PAIR, "history": [["h", "i"]], "system": "s"}), {}),
    ("a.jsonl", lines({**PAIR, "label": "card"}, {**PAIR, "label": "card"}), {"label": 2}),
    ("a.jsonl", lines({**PAIR, "label": True}, {**PAIR, "label": False}), {}),
    ("a.csv", "id,question,answer,图片\n1,q,a,x.png\n2,q,a,\n", {"id": 2, "图片": 1}),
    (
        "a.json",
        json.dumps([{"messages": [{"role": "user", "content": "q", "images": ["x"]},
                                  {"role": "assistant", "content": "a", "weight": 1}], "tools": "[]"}]),
        {"messages.images": 1, "messages.weight": 1, "tools": 1},
    ),
    ("a.json", json.dumps([{"conversations": [{"from": "human", "value": "q", "loss": False},
                                              {"from": "gpt", "value": "a"}]}]), {"messages.loss": 1}),
    ("a.json", json.dumps([{"instruction": "q", "output": "a", "images": ["x"], "input": ""}]), {"images": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "unread"), CASES)
def test_what_is_not_read_is_counted_where_it_is_filled(
    tmp_path: Path, name: str, content: str, unread: dict[str, int]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert facts(tmp_path / name).unread == unread


def test_columns_that_a_recipe_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sid,who,what,when,shop\n1,user,q,2026-01-01 10:00,x\n1,agent,a,2026-01-01 10:01,x\n", "utf-8")
    layout = Choice(name="turns", options={"session": "sid", "role": "who", "text": "what", "time": "when"})
    assert facts(path, format=layout).unread == {"shop": 2}


def test_rows_that_are_read_by_the_block_and_one_by_one_are_counted_together(tmp_path: Path) -> None:
    rows = [{**PAIR, "note": "x" if n % 3 else ""} for n in range(600)]
    rows[7]["answer"] = "two\nlines"
    (tmp_path / "a.jsonl").write_text(lines(*rows), encoding="utf-8")
    assert facts(tmp_path / "a.jsonl").unread == {"note": 400}


def test_a_name_that_looks_like_content_stands_in_no_manifest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("13812345678,question,answer\nx,q,a\n", encoding="utf-8")
    assert facts(path).unread == {"#1": 1}


def test_the_sentence_names_the_keys_in_both_languages() -> None:
    assert unread_note({}).en == ""
    note = unread_note({"图片": 12, "id": 1})
    assert note.en == "columns and keys that were not read: 图片 (filled in 12 rows), id (filled in 1 row)"
    assert note.zh == "没有读取的列和键：图片（12 行有内容）、id（1 行有内容）"
    assert unread_note({f"k{n}": 1 for n in range(20)}).en.endswith("and 8 more")


def test_a_manifest_without_unread_keys_is_written_as_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(PAIR), encoding="utf-8")
    document = facts(tmp_path / "a.jsonl").model_dump(mode="json")
    assert not {"unread", "notes"} & document.keys()
    assert InputFile.model_validate(document).unread == {}
