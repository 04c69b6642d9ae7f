"""Nobody learns to answer `nan`, and a real `无` stays."""

from pathlib import Path

import pytest

from schemas.input import Input
from schemas.written_nulls import is_null
from tests.curate.inputs import read_input

NULLS = ["nan", "NaN", "null", "NULL", r"\N", "undefined", "[object Object]", "#REF!", "#N/A", "#DIV/0!", "NaT", "<NA>",
         "(null)", "None", "N/A", "n/a", "-", "——", "--", "/", "<noinput>", "（空）", " null "]  # fmt: skip
ANSWERS = ["能", "否", "-18℃", "A-", "没有", "null 是空值", "看到 [object Object] 了", "0", "N", "好", "M - L", "nano",
           "OK", "无需押金"]  # fmt: skip


@pytest.mark.parametrize("text", NULLS)
def test_a_written_null_is_empty(text: str) -> None:
    assert is_null(text, "第2件能退吗")


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_that_only_looks_like_one_stays(text: str) -> None:
    assert not is_null(text, "第2件能退吗")


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("无", "好的，有备注吗？", False),
        ("无", "赠品是什么", False),
        ("无", "如何退货", True),
        ("无", "", True),
        ("None", "Any allergies?", False),
        ("None", "How do I return a watch?", True),
        ("暂无", "哪些颜色有货", False),
        ("N/A", "What is the delivery fee to the islands?", False),
        ("null", "What does the field show?", True),
    ],
)
def test_what_people_say_too_is_decided_by_what_was_asked(text: str, before: str, expected: bool) -> None:
    assert is_null(text, before) == expected


def test_nulls_are_emptied_counted_and_told_in_tables_and_in_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "s,r,t\n1,买家,能退吗\n1,客服,nan\n1,客服,可以的\n2,客服,有备注吗\n2,买家,无\nNULL,买家,在吗\n",
        encoding="utf-8",
    )
    format = {"turns": {"session": "s", "role": "r", "text": "t"}}
    intake = read_input(Input.model_validate({"path": "a.csv", "format": format}), path)
    assert intake.turns["text"].to_list() == ["能退吗", "", "可以的", "有备注吗", "无"]
    assert [note.en for note in intake.facts.notes] == ["1 message is a written null, read as empty: nan 1"]
    assert intake.events["reason"].to_list() == ["no_session"]

    talk = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": %s}]}\n'
    lines = "".join(talk % content for content in ('"null"', "null", '"a"', '"it says null"'))
    (tmp_path / "a.jsonl").write_text(lines + '{"messages": null}\n{"messages": []}\n', encoding="utf-8")
    intake = read_input(Input(path="a.jsonl"), tmp_path / "a.jsonl")
    assert intake.turns["text"].to_list() == ["q", "", "q", "", "q", "a", "q", "it says null"]
    assert (intake.facts.bad, intake.events["reason"].to_list()) == (0, ["no_messages"] * 2)


def test_the_short_way_of_pairs_empties_them_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"question": "能退吗", "answer": "nan"}\n{"question": "x", "answer": "y"}\n', encoding="utf-8"
    )
    assert read_input(Input(path="a.jsonl"), tmp_path / "a.jsonl").turns["text"].to_list() == ["能退吗", "", "x", "y"]


def test_an_input_that_is_none_adds_nothing_to_an_instruction(tmp_path: Path) -> None:
    lines = "".join(
        f'{{"instruction": "能退吗", "input": "{more}", "output": "可以"}}\n' for more in ("<noinput>", "N/A", "急")
    )
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    turns = read_input(Input(path="a.jsonl"), tmp_path / "a.jsonl").turns
    assert turns["text"].to_list()[::2] == ["能退吗", "能退吗", "能退吗\n急"]
