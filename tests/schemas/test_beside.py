"""What stands beside a conversation is read, or said to be unread: histories, system messages, marks, choices."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from schemas.formats import Draft, Format, NothingToLearnError, UnreadableError
from schemas.formats.alpaca import Alpaca
from schemas.formats.messages import Messages
from schemas.formats.pairs import Pairs
from schemas.formats.sharegpt import Sharegpt
from schemas.roles import role_of

U, A, S = "user", "assistant", "system"
EARLIER = [(U, "h"), (A, "i"), (U, "q"), (A, "a")]
HISTORIES: list[Any] = [
    [["h", "i"]],
    '[["h", "i"]]',
    "[['h', 'i']]",
    ["h", "i"],
    [{"user": "h", "assistant": "i"}],
    [{"question": "h", "answer": "i"}],
    [{"role": "user", "content": "h"}, {"role": "assistant", "content": "i"}],
    [{"from": "human", "value": "h"}, {"from": "gpt", "value": "i"}],
]
TALK = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
SHARED = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]


def spoken(draft: Draft) -> list[tuple[str, str]]:
    return [tuple(turn) for turn in draft.turns]


@pytest.mark.parametrize("history", HISTORIES, ids=str)
def test_a_history_is_read_in_every_layout_that_has_one(history: Any) -> None:
    assert spoken(Alpaca().read({"instruction": "q", "output": "a", "history": history})) == EARLIER
    assert spoken(Pairs().read({"question": "q", "answer": "a", "history": history})) == EARLIER


@pytest.mark.parametrize("history", [None, "", [], "[]"], ids=str)
def test_an_empty_history_is_none(history: Any) -> None:
    assert spoken(Pairs().read({"query": "q", "response": "a", "history": history})) == [(U, "q"), (A, "a")]


@pytest.mark.parametrize("history", ["said before", [["h"]], {"h": "i"}, [7], ["h"], [["h", None]]], ids=str)
def test_a_history_of_another_layout_has_a_reason(history: Any) -> None:
    with pytest.raises(UnreadableError, match="broken_history"):
        Pairs().read({"question": "q", "answer": "a", "history": history})


@pytest.mark.parametrize(
    ("layout", "fields"),
    [
        (Alpaca(), {"instruction": "q", "output": "a", "system": "s"}),
        (Pairs(), {"query": "q", "response": "a", "system": "s"}),
        (Pairs(system="提示"), {"question": "q", "answer": "a", "提示": "s"}),
        (Messages(), {"messages": TALK, "system": "s"}),
        (Messages(), {"messages": TALK, "system_prompt": "s"}),
        (Sharegpt(), {"conversations": SHARED, "system": "s"}),
    ],
)
def test_a_system_message_beside_the_conversation_is_read(layout: Format, fields: Mapping[str, Any]) -> None:
    assert spoken(layout.read(fields)) == [(S, "s"), (U, "q"), (A, "a")]


BAD: list[Mapping[str, Any]] = [
    {"label": False}, {"label": "False"}, {"is_good": "false"}, {"is_good": "0"}, {"approved": "no"},
    {"是否合格": "否"},    {"is_bad": True}, {"质检结果": "不合格"}, {"feedback": "thumbs_down"}, {"kto_tag": False},
]  # fmt: skip
FINE: list[Mapping[str, Any]] = [
    {"label": True}, {"label": "0"}, {"label": "card_arrival"}, {"label": "no"}, {"is_good": "true"}, {"is_good": None},
    {"is_bad": False}, {"质检结果": "合格"}, {"feedback": ""}, {"quality": "0"}, {"weight": "1"}, {"weight": "0.5"},
    {"weight": ""}, {"loss": True}, {"loss": "0.31"},
]  # fmt: skip
LAYOUTS: list[tuple[Format, Mapping[str, Any]]] = [
    (Alpaca(), {"instruction": "q", "output": "a"}),
    (Pairs(), {"question": "q", "answer": "a"}),
    (Messages(), {"messages": TALK}),
    (Sharegpt(), {"conversations": SHARED}),
]


@pytest.mark.parametrize(("layout", "fields"), LAYOUTS, ids=["alpaca", "pairs", "messages", "sharegpt"])
def test_a_row_marked_as_bad_is_left_out_unless_it_shall_stay(layout: Format, fields: Mapping[str, Any]) -> None:
    for mark in BAD:
        with pytest.raises(NothingToLearnError, match="marked_bad"):
            layout.read({**fields, **mark})
        assert spoken(layout.model_copy(update={"keep_marked": True}).read({**fields, **mark})) == [(U, "q"), (A, "a")]
    for mark in FINE:
        assert spoken(layout.read({**fields, **mark})) == [(U, "q"), (A, "a")], mark


@pytest.mark.parametrize("mark", [{"weight": "0"}, {"weight": "0.0"}, {"loss": False}, {"train": "false"}], ids=str)
def test_what_is_marked_as_not_to_be_learnt_is_not_learnt(mark: Mapping[str, Any]) -> None:
    for layout, fields in LAYOUTS:
        with pytest.raises(NothingToLearnError, match="not_to_learn"):
            layout.read({**fields, **mark})
    with pytest.raises(NothingToLearnError, match="not_to_learn"):
        Messages().read({"messages": [TALK[0], {**TALK[1], **mark}]})
    with pytest.raises(NothingToLearnError, match="not_to_learn"):
        Sharegpt().read({"conversations": [SHARED[0], {**SHARED[1], **mark}]})


def test_a_conversation_with_one_answer_to_learn_stays_and_the_marks_are_counted() -> None:
    talk = [TALK[0], {**TALK[1], "weight": "0"}, TALK[0], {**TALK[1], "weight": "1"}]
    fields = {"messages": talk}
    assert len(Messages().read(fields).turns) == 4
    assert Messages().unread_of_turns(fields) == {"weight": 2}


CHOICES: list[tuple[Pairs, Mapping[str, Any], str]] = [
    (Pairs(), {"question": "q", "A": "x", "B": "y", "answer": "B"}, "B. y"),
    (Pairs(), {"题目": "q", "A": "x", "B": "y", "C": "", "答案": " b "}, "B. y"),
    (Pairs(), {"question": "q", "A": "x", "B": "y", "answer": "AB"}, "A. x\nB. y"),
    (Pairs(), {"question": "q", "options": ["x", "y"], "answer": "y"}, "y"),
    (Pairs(), {"question": "q", "options": '["x", "y"]', "answer": "(A)"}, "A. x"),
    (Pairs(), {"question": "q", "choices": {"A": "x", "B": "y"}, "answer": "A"}, "A. x"),
    (Pairs(first_choice=0), {"question": "q", "options": ["x", "y"], "answer": "1"}, "y"),
    (Pairs(first_choice=1), {"question": "q", "options": ["x", "y"], "answer": "1"}, "x"),
]


@pytest.mark.parametrize(("layout", "fields", "answer"), CHOICES)
def test_the_choices_of_a_question_belong_to_it(layout: Pairs, fields: Mapping[str, Any], answer: str) -> None:
    assert spoken(layout.read(fields)) == [(U, "q\nA. x\nB. y"), (A, answer)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": "q", "options": ["x", "y"], "answer": "1"}, "choice_by_number"),
        ({"question": "q", "options": ["x", "y"], "answer": "z"}, "no_such_choice"),
        ({"question": "q", "options": ["x", "y"], "answer": "C"}, "no_such_choice"),
    ],
)
def test_an_answer_that_is_no_choice_has_a_reason(fields: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        Pairs().read(fields)


def test_columns_that_are_no_choices_are_left_alone() -> None:
    assert spoken(Pairs(question="Q", answer="A").read({"Q": "q", "A": "a", "B": "b"})) == [(U, "q"), (A, "a")]
    assert spoken(Pairs().read({"question": "q", "answer": "a", "options": ["one"]})) == [(U, "q"), (A, "a")]
    assert spoken(Pairs().read({"question": "q", "answer": "a", "A": "only one"})) == [(U, "q"), (A, "a")]


@pytest.mark.parametrize("cell", [json.dumps(TALK), str(TALK), f" {json.dumps(TALK)}\n"])
def test_messages_are_read_from_a_cell(cell: str) -> None:
    assert Messages.fits({"id": "1", "messages": cell})
    assert spoken(Messages().read({"id": "1", "messages": cell})) == [(U, "q"), (A, "a")]


@pytest.mark.parametrize(
    "talk",
    [
        [{"speaker": "customer", "text": "q"}, {"speaker": "agent", "text": "a"}],
        [{"sender": "买家", "内容": "q"}, {"sender": "客服", "内容": "a"}],
        [{"from": "user", "value": "q"}, {"from": "assistant", "value": "a"}],
    ],
)
def test_the_usual_keys_of_messages_are_known(talk: list[Any]) -> None:
    assert Messages.fits({"messages": talk})
    assert spoken(Messages().read({"messages": talk})) == [(U, "q"), (A, "a")]


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": "你好"}, {"messages": [{"sender_name": "Ana", "content": "hi"}]},
        {"turns": [{"speaker": "Ana", "text": "hi"}]},
        {"messages": "[1, 2"}, {"chat": [{"from": "alice@a.b", "body": "x"}]},
    ],
)  # fmt: skip
def test_names_do_not_fit_as_speakers(fields: Mapping[str, Any]) -> None:
    assert not Messages.fits(fields)


def test_a_chosen_answer_is_the_answer() -> None:
    row = {"conversations": SHARED[:1], "chosen": SHARED[1], "rejected": {"from": "gpt", "value": "no"}}
    assert spoken(Sharegpt().read(row)) == [(U, "q"), (A, "a")]
    assert "rejected" not in Sharegpt().reads(row)
    assert spoken(Pairs().read({"prompt": "q", "chosen": "a", "rejected": "no"})) == [(U, "q"), (A, "a")]


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("developer", S), ("ai", A), ("買家", U), ("賣家", A), ("用戶", U), ("坐席001", A), ("客服（小王）", A),
        ("agent_12", A),
        ("Visitor 7", U), ("end_user", U), ("Agent Smith", None), ("Guest House Elm", None), ("12", None), ("q1", None),
        ("001", None), ("(1)", None),
    ],
)  # fmt: skip
def test_more_words_for_speakers_are_known(word: str, role: str | None) -> None:
    assert role_of(word, {}) == role
