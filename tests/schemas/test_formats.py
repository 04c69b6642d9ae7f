"""Every format reads what it writes, and reads its relatives; what it cannot read has a reason."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import schemas.formats
from schemas.catalog import Catalog
from schemas.formats import Format, Turn, UnreadableError
from schemas.formats.alpaca import Alpaca
from schemas.formats.chat_text import ChatText
from schemas.formats.messages import Messages
from schemas.formats.pairs import Pairs
from schemas.formats.questions import Questions
from schemas.formats.sharegpt import Sharegpt
from schemas.formats.turns import Turns
from schemas.record import Message, Record, Role, Source
from schemas.roles import role_of

FORMATS = Catalog(schemas.formats, Format)
WRITING = [name for name, kind in FORMATS.all().items() if kind.writes]
NEEDS = {"turns": {"session": "sid", "role": "who", "text": "what"}}
SINGLE = {"pairs"}
"""Formats that hold the last exchange only."""

SAID = st.text("abz您好退货？!,0 9\"'\\{}", min_size=1, max_size=12).filter(lambda text: text == text.strip())


@st.composite
def records(draw: st.DrawFn) -> Record:
    exchanges = draw(st.lists(st.tuples(SAID, SAID), min_size=1, max_size=3))
    system = draw(st.none() | SAID)
    messages = [Message(role="system", content=system)] if system else []
    for question, answer in exchanges:
        messages += [Message(role="user", content=question), Message(role="assistant", content=answer)]
    return record_of(messages)


def record_of(messages: list[Message]) -> Record:
    source = Source(file="x", digest="y", rows=(1,))
    return Record(id="i", messages=tuple(messages), kind="domain", lang="zh", source=source, group="i")


def say(*turns: tuple[Role, str]) -> Record:
    return record_of([Message(role=role, content=content) for role, content in turns])


@pytest.mark.parametrize("name", WRITING)
@given(record=records())
def test_what_a_format_writes_it_reads(name: str, record: Record) -> None:
    layout = FORMATS.load(name)()
    row = layout.write(record)
    turns = [Turn(m.role, m.content) for m in record.messages]
    expected = [turn for turn in turns if turn.role != "system"][-2:] if name in SINGLE else turns
    assert list(layout.read(row).turns) == expected
    assert FORMATS.load(name).fits(row)


@pytest.mark.parametrize("name", WRITING)
def test_a_question_without_an_answer_can_be_written(name: str) -> None:
    layout = FORMATS.load(name)()
    turns = layout.read(layout.write(say(("user", "写诗")))).turns
    assert [turn for turn in turns if turn.text] == [Turn("user", "写诗")]


@pytest.mark.parametrize("name", FORMATS.names())
def test_a_format_says_what_it_is_in_both_languages(name: str) -> None:
    kind = FORMATS.load(name)
    assert kind.__doc__
    assert kind.title_zh


@pytest.mark.parametrize("name", FORMATS.names())
@pytest.mark.parametrize(
    "fields",
    [{}, {"text": None}, {"messages": 7}, {"conversations": [1]}, {"instruction": [], "output": {}}, {"what": ["x"]}],
    ids=str,
)
def test_a_strange_row_is_unreadable_and_never_a_crash(name: str, fields: Mapping[str, Any]) -> None:
    kind = FORMATS.load(name)
    kind.fits(fields)
    try:
        draft = kind(**NEEDS.get(name, {})).read(fields)
    except UnreadableError as error:
        assert str(error).isascii() and " " not in str(error)
    else:
        assert all(isinstance(turn.text, str) for turn in draft.turns)


@pytest.mark.parametrize("name", sorted(set(FORMATS.names()) - set(WRITING)))
def test_what_cannot_be_written_says_so(name: str) -> None:
    with pytest.raises(TypeError):
        FORMATS.load(name)(**NEEDS.get(name, {})).write(say(("user", "q"), ("assistant", "a")))


def test_no_row_fits_two_formats() -> None:
    rows: list[dict[str, Any]] = [
        {"instruction": "q", "input": "", "output": "a"},
        {"messages": [{"role": "user", "content": "q"}]},
        {"conversations": [{"role": "user", "content": "q"}]},
        {"conversations": [{"from": "human", "value": "q"}]},
        {"question": "q", "answer": "a"},
        {"instruction": "q", "response": "a"},
        {"text": "用户：q\n客服：a"},
    ]
    for row in rows:
        assert sum(kind.fits(row) for kind in FORMATS.all().values()) == 1, row
    for other in ({"text": "plain"}, {"title": "x"}, {"messages": []}, {"text": "请看 http://a.b 12:30"}):
        assert not any(kind.fits(other) for kind in FORMATS.all().values()), other


U, A, S, N = "user", "assistant", "system", "note"
READ: list[Any] = [
    pytest.param(Alpaca(), {"instruction": "译", "input": "hi", "output": "嗨"}, [(U, "译\nhi"), (A, "嗨")],
                 id="input"),
    pytest.param(Alpaca(), {"instruction": "q", "input": None, "output": "a", "system": "s", "history": [["h", "i"]]},
                 [(S, "s"), (U, "h"), (A, "i"), (U, "q"), (A, "a")], id="history and system"),
    pytest.param(Alpaca(), {"instruction": "译", "instances": [{"input": "hi", "output": "嗨"}, {"input": "x"}]},
                 [(U, "译\nhi"), (A, "嗨")], id="seed task"),
    pytest.param(Sharegpt(), {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}],
                              "system": "s"}, [(S, "s"), (U, "q"), (A, "a")], id="sharegpt"),
    pytest.param(Sharegpt(roles={"cat": "assistant"}), {"conversations": [{"from": "Cat", "value": "a"}]}, [(A, "a")],
                 id="sharegpt with a role of its own"),
    pytest.param(Messages(), {"messages": [{"role": "customer", "content": "q"}, {"role": "客服", "content": "a"}]},
                 [(U, "q"), (A, "a")], id="other words"),
    pytest.param(Messages(), {"dialogue": [{"role": "usr", "content": "q"}, {"role": "sys", "content": "a"}]},
                 [(U, "q"), (A, "a")], id="sys is the agent of usr"),
    pytest.param(Messages(), {"messages": [{"role": "sys", "content": "s"}, {"role": "user", "content": "q"},
                                           {"role": "assistant", "content": "a"}]},
                 [(S, "s"), (U, "q"), (A, "a")], id="sys beside an assistant"),
    pytest.param(Messages(), {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"},
                                                                        {"type": "text", "value": "b"}]}]},
                 [(U, "ab")], id="blocks"),
    pytest.param(Messages(column="log", role="speaker", content="said"),
                 {"log": [{"speaker": "user", "said": "q"}], "messages": []}, [(U, "q")], id="other keys"),
    pytest.param(Messages(column="log", roles={"action": "note"}),
                 {"log": [["customer", "q"], ["action", "x"], ["agent", "a"]]}, [(U, "q"), (N, "x"), (A, "a")],
                 id="lists of two"),
    pytest.param(Pairs(), {"ask": "q", "answer": "a", "title": "t"}, [(U, "q"), (A, "a")], id="usual columns"),
    pytest.param(Pairs(question=("title", "ask"), answer="answer"), {"title": "t ", "ask": "q", "answer": "a"},
                 [(U, "t\nq"), (A, "a")], id="two question columns"),
    pytest.param(Pairs(question=("title", "ask"), answer="answer"), {"title": "q", "ask": "q", "answer": "a"},
                 [(U, "q"), (A, "a")], id="equal question columns"),
    pytest.param(Pairs(question=("title", "ask"), answer="answer"), {"title": None, "ask": "q", "answer": "a"},
                 [(U, "q"), (A, "a")], id="an empty column"),
    pytest.param(Pairs(answer="reply"), {"question": "q", "reply": "a"}, [(U, "q"), (A, "a")], id="one column named"),
    pytest.param(Turns(session="sid", role="who", text="what"), {"sid": "1", "who": "坐席", "what": " a "},
                 [(A, " a ")], id="a turn"),
    pytest.param(Turns(session="sid", role="agent", text="what", roles={"true": "assistant"}),
                 {"sid": "1", "agent": True, "what": "a"}, [(A, "a")], id="a turn of a truth"),
    pytest.param(Questions(text="q"), {"q": "写诗"}, [(U, "写诗")], id="a question"),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "fields", "turns"), READ)
def test_relatives_are_read(layout: Format, fields: Mapping[str, Any], turns: list[tuple[str, str]]) -> None:
    assert [tuple(turn) for turn in layout.read(fields).turns] == turns


TURNS = Turns(session="sid", role="who", text="what", time="when")
UNREADABLE: list[Any] = [
    (Alpaca(), {"instruction": "q", "output": ["a"]}, "output_is_not_text"),
    (Alpaca(), {"instruction": "q", "output": "a", "history": [["h"]]}, "broken_history"),
    (Alpaca(), {"instruction": "q", "output": "a", "history": "h"}, "broken_history"),
    (Alpaca(), {"instruction": "q", "instances": []}, "no_instances"),
    (Sharegpt(), {"conversations": [{"from": "function_call", "value": "{}"}]}, "tool_turns"),
    (Sharegpt(), {"conversations": [{"from": "observation", "value": "{}"}]}, "tool_turns"),
    (Sharegpt(), {"conversations": [{"from": "martian", "value": "x"}]}, "unknown_role"),
    (Sharegpt(), {"conversations": [{"from": "human", "value": None}]}, "value_is_not_text"),
    (Messages(), {"messages": [{"role": "tool", "content": "x"}]}, "tool_turns"),
    (Messages(), {"messages": [{"role": "assistant", "content": None, "tool_calls": [{}]}]}, "tool_turns"),
    (Messages(), {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "media"),
    (Messages(), {"messages": [{"content": "x"}]}, "unknown_role"),
    (Messages(column="log"), {"messages": [{"role": "user", "content": "x"}]}, "no_messages"),
    (Pairs(question="q", answer="a"), {"q": "x"}, "column_missing"),
    (Pairs(question="q", answer="a"), {"q": "x", "a": ["y"]}, "column_is_not_text"),
    (TURNS, {"sid": " ", "who": "user", "what": "x", "when": "1"}, "no_session"),
    (TURNS, {"sid": "1", "who": " ", "what": "x", "when": "1"}, "unknown_role"),
    (
        Turns(session="sid", role="who", text="what", roles={"earthling": "user"}),
        {"sid": "1", "who": "martian", "what": "x"},
        "unknown_role",
    ),
    (TURNS, {"sid": "1", "who": "user", "what": "x"}, "column_missing"),
    (TURNS, {"sid": "1", "who": "user", "what": ["x"], "when": "1"}, "column_is_not_text"),
    (Questions(), {"text": ["x"]}, "column_is_not_text"),
    (ChatText(), {"text": "nobody says anything at 12:30"}, "no_speakers"),
]


@pytest.mark.parametrize(("layout", "fields", "reason"), UNREADABLE)
def test_what_cannot_be_read_has_a_reason(layout: Format, fields: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        layout.read(fields)
    assert str(caught.value) == reason


CHATS: list[Any] = [
    ("用户:改密码。客服:好的，稍等。用户:谢谢。", [(U, "改密码。"), (A, "好的，稍等。"), (U, "谢谢。")]),
    ("用户：改密码\n客服：好的", [(U, "改密码"), (A, "好的")]),
    ("问：能退吗？答：能。", [(U, "能退吗？"), (A, "能。")]),
    ("\tCustomer:\tIt broke\n\tAgent:\tSorry! See http://a.b\n", [(U, "It broke"), (A, "Sorry! See http://a.b")]),
    ("Customer: It is late. Agent: Sorry. Customer: Hm", [(U, "It is late."), (A, "Sorry."), (U, "Hm")]),
    ("Q: open at 12:30?\nA: Yes: always", [(U, "open at 12:30?"), (A, "Yes: always")]),
    ("[2026-11-24 10:05:01] 用户：在吗\n[10:06] 客服01：在的", [(U, "在吗"), (A, "在的")]),
    ("客服(小王) 2026/11/24 10:05:01\n您好\n用户 10:06\n在吗", [(A, "您好"), (U, "在吗")]),
    ("【用户】：在吗\n【客服】：在", [(U, "在吗"), (A, "在")]),
    ("客服：:亲亲，您好", [(A, "亲亲，您好")]),
    ("会话开始\n用户：在吗\n系统：转人工\n客服：在", [(N, "会话开始"), (U, "在吗"), (N, "转人工"), (A, "在")]),
    ("用户：我问客服：他说能退，让我找商家：你们\n客服：好", [(U, "我问客服：他说能退，让我找商家：你们"), (A, "好")]),
    ("用户：型号如下\nModel: A100\nEvent: 618\n客服：好", [(U, "型号如下\nModel: A100\nEvent: 618"), (A, "好")]),
    ("用户：看 user://x 和\nagent://y\n客服：好", [(U, "看 user://x 和\nagent://y"), (A, "好")]),
    ("用户：能退吗 客服：可以 用户：谢谢", [(U, "能退吗"), (A, "可以"), (U, "谢谢")]),
    ("客服：您好\u3000用户：在吗？ 用户：急 客服：在", [(A, "您好"), (U, "在吗？"), (U, "急"), (A, "在")]),
    ("问：能退吗 答：能", [(U, "能退吗"), (A, "能")]),
    ("Customer: it is late Agent: sorry", [(U, "it is late"), (A, "sorry")]),
    ("用户：我问 客服：他说能退\n客服：好", [(U, "我问 客服：他说能退"), (A, "好")]),
    ("用户：请问 客服:在吗\u3000客服：在", [(U, "请问 客服:在吗"), (A, "在")]),
    ("用户：我说 我：你好 客服：好", [(U, "我说 我：你好"), (A, "好")]),
    ("Customer: I asked an agent: he said no Agent: sorry", [(U, "I asked an agent: he said no"), (A, "sorry")]),
    ("Q: is it vitamin A: yes or no", [(U, "is it vitamin A: yes or no")]),
    ("用户：要维生素. A: 的\n客服：好", [(U, "要维生素. A: 的"), (A, "好")]),
]


@pytest.mark.parametrize(("text", "turns"), CHATS)
def test_speakers_are_found_where_speakers_stand(text: str, turns: list[tuple[str, str]]) -> None:
    assert [tuple(turn) for turn in ChatText().read({"text": text}).turns] == turns


def test_a_recipe_may_name_the_speakers() -> None:
    layout = ChatText(text="log", roles={"小喵": "assistant", "Bob (VIP)": "user"})
    draft = layout.read({"log": "bob (vip): hi\n小喵：您好"})
    assert draft.turns == (Turn("user", "hi"), Turn("assistant", "您好"))


def test_a_session_may_have_a_name_of_several_columns() -> None:
    layout = Turns.model_validate({"session": ["shop", "sid"], "role": "who", "text": "what"})
    fields = {"shop": "1", "sid": "11", "who": "user", "what": "x"}
    assert layout.read(fields).session != layout.read({**fields, "shop": "11", "sid": "1"}).session
    with pytest.raises(UnreadableError, match="no_session"):
        layout.read({**fields, "shop": " "})


@pytest.mark.parametrize(
    ("word", "role"),
    [("User", U), (" 客服 ", A), ("CUSTOMER", U), ("系统", N), ("system", S), ("martian", None), ("", None)],
)
def test_a_word_has_a_role(word: str, role: str | None) -> None:
    assert role_of(word, {}) == role


def test_the_recipe_names_roles_in_numbers_truths_and_any_case() -> None:
    layout = Turns.model_validate({**NEEDS["turns"], "roles": {0: "user", True: "assistant", "Bob": "note"}})
    assert layout.roles == {"0": "user", "true": "assistant", "Bob": "note"}
    assert role_of("BOB", layout.roles) == "note"
    assert role_of("user", {"user": "assistant"}) == "assistant"
    with pytest.raises(ValidationError):
        Turns.model_validate({**NEEDS["turns"], "roles": {"0": "customer"}})
