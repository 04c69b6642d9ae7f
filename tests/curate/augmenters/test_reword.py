"""What a model wrote comes in through the gate alone: beside its parent, as many as wanted, the rest in the ledger."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.augmenters import Written
from curate.augmenters.reword import Reword, exchange_of
from curate.conversations.rewordings import read_rewordings
from curate.gate.checks import GateCandidate
from curate.ledger import records_booked
from curate.stages import Tools
from schemas.errors import InputError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record
from tests.curate.rewording.shop import write_lines

A, B, C, D = (letter * 32 for letter in "abcd")
WHO = record(A, "你是谁", "我是小喵。", kind="identity", group="who", tags=["asks:name", "pinned", "reviewed"])
TALK = [
    {"role": role, "content": content}
    for role, content in (("user", "在吗"), ("assistant", "在的。"), ("user", "几天能到"), ("assistant", "三天左右。"))
]
ARRIVAL = record(B, "", None, messages=TALK, group="arrival")
GENERAL = record(C, "月亮多大", "很大。", kind="general")
UNANSWERED = record(D, "有人吗", None)
FRAME = frame_of([WHO, ARRIVAL, GENERAL, UNANSWERED])


class TableGate:
    """A gate that refuses by a table, and remembers what it was asked."""

    def __init__(self, refused: Mapping[str, str] | None = None) -> None:
        self.refused = refused or {}
        self.asked: list[GateCandidate] = []

    def refusals(self, candidates: Sequence[GateCandidate]) -> list[str]:
        self.asked += candidates
        return [self.refused.get(candidate.text, "") for candidate in candidates]


def line(parent: str, text: str, number: int = 1, part: str = "question", **more: Any) -> dict[str, Any]:
    return {"parent": parent, "part": part, "number": number, "text": text, "model": "m", **more}


def reworded(
    folder: Path, lines: Sequence[Mapping[str, Any]], gate: TableGate | None = None, **settings: Any
) -> Written:
    write_lines(folder / "rewordings.jsonl", lines)
    tools = Tools(seed=7, identity=Identity(), folder=folder)
    written = Reword(**settings).add_through(gate or TableGate(), FRAME, tools)
    records_booked("reword", FRAME, pl.concat([FRAME, written.rows]), written.events)
    return written


def reasons(written: Written) -> list[str]:
    return sorted(written.events.filter(verdict="dropped")["reason"])


def test_a_rewording_stands_beside_its_parent(tmp_path: Path) -> None:
    written = reworded(tmp_path, [line(A, "请问你叫什么"), line(B, "还要多久才能送到", model="gpt")])
    who, arrival = written.rows.sort("kind", descending=True).to_dicts()
    assert (who["parent"], who["group"], who["kind"], who["lang"]) == (A, "who", "identity", "zh")
    assert who["messages"] == [{"role": "user", "content": "请问你叫什么"}, WHO["messages"][1]]
    assert who["tags"] == ["asks:name", "reworded"]  # no person has seen it, and none has pinned it
    assert who["source"] == {
        "file": "rewordings.jsonl", "digest": who["source"]["digest"], "rows": [1]
    } and len(who["source"]["digest"]) == 32  # fmt: skip
    assert [m["content"] for m in arrival["messages"]] == ["在吗", "在的。", "还要多久才能送到", "三天左右。"]
    assert written.events.is_empty()


def test_the_gate_is_told_what_is_about_who_the_assistant_is(tmp_path: Path) -> None:
    gate = TableGate()
    small_talk = record("e" * 32, "今天好热", "是呀。", kind="identity", tags=["negative"])
    write_lines(tmp_path / "rewordings.jsonl", [line(id, "换句话说", n) for n, id in enumerate((A, B, "e" * 32), 1)])
    frame = pl.concat([FRAME, frame_of([small_talk])])
    Reword().add_through(gate, frame, Tools(seed=7, identity=Identity(), folder=tmp_path))
    assert [candidate.is_identity for candidate in gate.asked] == [True, False, False]


def test_an_answer_is_said_in_other_words_only_where_the_recipe_says_so(tmp_path: Path) -> None:
    lines = [line(B, "大概要等三天。", part="answer"), line(B, "还要多久才能送到")]
    without, with_answers = (reworded(tmp_path, lines, answers=answers) for answers in (False, True))
    assert (without.rows.height, reasons(without)) == (1, ["not_wanted"])
    answers = [talk[-1]["content"] for talk in with_answers.rows["messages"]]
    assert sorted(answers) == ["三天左右。", "大概要等三天。"] and reasons(with_answers) == []


@pytest.mark.parametrize(("wanted", "came"), [(0, 0), (1, 1), (2, 2), (9, 3)])
def test_no_record_gets_more_than_wanted(tmp_path: Path, wanted: int, came: int) -> None:
    lines = [line(A, f"第{n}种问法", n) for n in (3, 1, 2)]
    written = reworded(tmp_path, lines, identity=wanted)
    assert written.rows["messages"].list.first().struct.field("content").sort().to_list() == [
        f"第{n}种问法" for n in range(1, came + 1)
    ]
    assert reasons(written) == ["enough" if wanted else "not_wanted"] * (3 - came)


def test_the_next_takes_the_place_of_one_that_is_refused(tmp_path: Path) -> None:
    gate = TableGate({"我是坏的": "changed_fact"})
    written = reworded(tmp_path, [line(B, "我是坏的", 1), line(B, "几天送到呢", 2), line(B, "没轮到我", 3)], gate)
    assert [talk[2]["content"] for talk in written.rows["messages"]] == ["几天送到呢"]
    assert reasons(written) == ["changed_fact", "enough"]
    assert [candidate.text for candidate in gate.asked] == ["我是坏的", "几天送到呢"]  # what is not needed is not asked


def test_a_refused_rewording_is_in_the_ledger_with_its_parent_and_without_its_text(tmp_path: Path) -> None:
    written = reworded(tmp_path, [line(B, "坏话一句")], TableGate({"坏话一句": "chatter"}))
    added, dropped = written.events.to_dicts()
    assert (added["verdict"], dropped["verdict"], dropped["reason"], dropped["twin"]) == (
        "added", "dropped", "chatter", B
    )  # fmt: skip
    assert added["id"] == dropped["id"] and "坏话" not in json.dumps(written.events.to_dicts(), ensure_ascii=False)


def test_the_gate_sees_the_exchange_that_the_rewording_is_of(tmp_path: Path) -> None:
    gate = TableGate()
    reworded(tmp_path, [line(B, "还要多久才能送到"), line(B, "约三天。", part="answer")], gate, answers=True)
    shared = {"lang": "zh", "question": "几天能到", "answer": "三天左右。"}
    assert gate.asked == [
        GateCandidate(**shared, part="answer", text="约三天。"),
        GateCandidate(**shared, part="question", text="还要多久才能送到"),
    ]


LEFT_OUT = {
    "a_parent_that_is_not_there": (line("e" * 32, "问一下"), "no_parent"),
    "a_general_record": (line(C, "月亮有多大呢"), "not_wanted"),
    "a_record_without_an_answer": (line(D, "有没有人在"), "not_wanted"),
    "made_up_personal_data": (line(A, "[手机号1]是谁", masked=True), "personal_data"),
    "the_question_of_another_record": (line(A, "月亮多大？"), "asked_elsewhere"),
}


@pytest.mark.parametrize(("wrong", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_come_in_is_not_asked_of_the_gate(tmp_path: Path, wrong: dict[str, Any], reason: str) -> None:
    gate = TableGate()
    written = reworded(tmp_path, [wrong, line(B, "还要多久才能送到")], gate)
    assert reasons(written) == [reason] and written.rows["parent"].to_list() == [B]
    assert [candidate.text for candidate in gate.asked] == ["还要多久才能送到"]


def test_a_parent_that_is_gone_is_not_named(tmp_path: Path) -> None:
    """It may be gone because it was forgotten."""
    written = reworded(tmp_path, [line("e" * 32, "问一下")])
    assert "e" * 32 not in json.dumps(written.events.to_dicts())


def test_neither_the_order_of_the_file_nor_that_of_the_records_counts(tmp_path: Path) -> None:
    lines = [line(A, f"第{n}种问法", n) for n in (1, 2, 3)] + [line(B, f"第{n}种催单", n) for n in (1, 2, 3)]
    write_lines(tmp_path / "rewordings.jsonl", lines)
    tools = Tools(seed=7, identity=Identity(), folder=tmp_path)
    gates = [TableGate({"第1种催单": "chatter"}) for _ in range(3)]
    first = Reword(identity=2).add_through(gates[0], FRAME, tools)
    turned = Reword(identity=2).add_through(gates[1], FRAME.reverse(), tools)
    assert first.rows.equals(turned.rows) and first.events.equals(turned.events)
    write_lines(tmp_path / "rewordings.jsonl", lines[::-1])
    other = Reword(identity=2).add_through(gates[2], FRAME, tools)
    assert set(other.rows["id"]) == set(first.rows["id"]) and other.events.equals(first.events)
    assert gates[0].asked == gates[1].asked == gates[2].asked


def test_an_empty_file_adds_nothing(tmp_path: Path) -> None:
    assert reworded(tmp_path, []).rows.is_empty()


LINES = {
    "no_json": "x", "a_list": "[]", "no_text": '{"parent": "%s", "part": "question", "number": 1}', "null": "null",
    "a_short_id": '{"parent": "abc", "part": "question", "number": 1, "text": "13912345678"}',
    "another_part": '{"parent": "%s", "part": "system", "number": 1, "text": "13912345678"}',
    "number_0": '{"parent": "%s", "part": "question", "number": 0, "text": "13912345678"}',
    "more_keys": '{"parent": "%s", "part": "question", "number": 1, "text": "13912345678", "score": 1}',
    "cut": '{"parent": "%s", "part": "question", "number": 1, "text": "13912345',
}  # fmt: skip


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_a_line_that_is_no_rewording_is_named_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rewordings.jsonl"
    path.write_text(f"{json.dumps(line(A, '好'))}\n\n{text.replace('%s', B)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"rewordings\.jsonl:3: no rewording; one is") as caught:
        read_rewordings(path)
    assert "1391234" not in str(caught.value) + str(caught.value.sentence.zh)


def test_two_lines_of_one_number_are_one_sentence(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", [line(A, "一"), line(A, "二")])
    with pytest.raises(InputError, match=r"r\.jsonl:2: the same parent, part and number stand on line 1"):
        read_rewordings(path)
    write_lines(path, [line(A, "一"), line(A, "一", 2), line(A, "一", part="answer"), line(B, "一")])
    assert sorted(read_rewordings(path)) == [1, 2, 3, 4]


def test_a_byte_order_mark_and_windows_lines_are_no_mistakes(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", [line(A, "一"), line(B, "二")])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert [rewording.text for rewording in read_rewordings(path).values()] == ["一", "二"]


@pytest.mark.parametrize(
    ("roles", "is_exchange"),
    [("ua", True), ("sua", True), ("uaua", True), ("u", False), ("", False), ("uau", False), ("sa", False)],
)
def test_a_conversation_ends_with_an_exchange_or_has_no_rewordings(roles: str, is_exchange: bool) -> None:
    names = {"u": "user", "a": "assistant", "s": "system"}
    talk = [{"role": names[letter], "content": f"{n}"} for n, letter in enumerate(roles)]
    exchange = exchange_of(talk)
    assert (exchange is not None) is is_exchange
    assert exchange is None or exchange == (talk[-2]["content"], talk[-1]["content"])
