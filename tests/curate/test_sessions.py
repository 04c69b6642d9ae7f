"""Turns become conversations that begin with the customer and end with the agent; every row is accounted for."""

import hashlib
import time
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.intake import TURNS
from curate.seen import Seen
from curate.sessions import Sessions, form_sessions
from schemas.frame import SCHEMA
from schemas.input import Input
from schemas.ledger import EVENTS
from schemas.script import language

ROLES = {"u": "user", "a": "assistant", "s": "system", "n": "note"}


DIGEST = "d" * 32


def frame_of(turns: list[tuple[int, str | None, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(turns, schema=TURNS, orient="row")


def form(script: str, kind: Any = "domain", seen: Seen | None = None) -> Sessions:
    """Sessions of a script: one row a line, `session role text`; a session `-` is the row itself."""
    turns = []
    for row, line in enumerate(script.split("\n"), start=1):
        session, role, text = line.split(" ", 2)
        turns.append((row, None if session == "-" else session, ROLES[role], text))
    return form_sessions(frame_of(turns), Input(path="log.csv", kind=kind), DIGEST, seen or Seen())


def spoken(sessions: Sessions) -> list[list[str]]:
    return [[f"{m['role'][0]}:{m['content']}" for m in talk] for talk in sessions.records["messages"].to_list()]


CASES = [
    pytest.param("1 u q\n1 a r", [["u:q", "a:r"]], id="a pair"),
    pytest.param("1 u q\n2 u p\n1 a r\n2 a s", [["u:q", "a:r"], ["u:p", "a:s"]], id="two sessions that alternate"),
    pytest.param("1 u q\n1 u p\n1 a r\n1 a s", [["u:q\np", "a:r\ns"]], id="several messages in a row"),
    pytest.param("1 a 您好\n1 u q\n1 a r", [["u:q", "a:r"]], id="a greeting first"),
    pytest.param("1 u q\n1 a r\n1 u 谢谢", [["u:q", "a:r"]], id="the customer last"),
    pytest.param("1 u q\n1 n 转接\n1 u p\n1 a r", [["u:q\np", "a:r"]], id="a note between"),
    pytest.param("1 u q\n1 a  \n1 a r\n1 u \t", [["u:q", "a:r"]], id="empty texts"),
    pytest.param("1 u  q \n1 a r\u3000", [["u:q", "a:r"]], id="spaces at the edges"),
    pytest.param("1 s be kind\n1 u q\n1 a r", [["s:be kind", "u:q", "a:r"]], id="a system message"),
    pytest.param(
        "1 u q\n1 s x\n1 u p\n1 a r\n1 s y\n1 s x", [["s:x\ny", "u:q\np", "a:r"]], id="system messages anywhere"
    ),
    pytest.param("1 a h\n1 u q\n1 a r\n1 u p\n1 a s\n1 u t", [["u:q", "a:r", "u:p", "a:s"]], id="all at once"),
]


@pytest.mark.parametrize(("script", "expected"), CASES)
def test_conversations_begin_with_the_customer_and_end_with_the_agent(script: str, expected: list[list[str]]) -> None:
    sessions = form(script)
    assert spoken(sessions) == expected
    assert sessions.records.schema == SCHEMA


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("1 u q", "no_answer"),
        ("1 u q\n1 a  ", "no_answer"),
        ("1 a r\n1 u q", "no_answer"),
        ("1 a r", "no_question"),
        ("1 s x", "no_question"),
        ("1 n 系统\n1 n 转接", "notice"),
        ("1 s x\n1 a r\n1 n y", "no_question"),
    ],
)
def test_what_is_no_conversation_is_dropped_with_a_reason(script: str, reason: str) -> None:
    sessions = form(script)
    assert sessions.records.is_empty()
    assert sessions.records.schema == SCHEMA
    assert reason in set(sessions.events["reason"]) <= {reason, "notice", "empty"}
    assert sessions.events["id"].null_count() == sessions.events.height == script.count("\n") + 1


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("1 u q", ["u:q"]),
        ("1 a hello\n1 u q\n1 u p", ["u:q\np"]),
        ("1 u q\n1 a r\n1 u p", ["u:q", "a:r"]),
        ("1 s x\n1 u q", ["s:x", "u:q"]),
    ],
)
def test_refusals_may_be_questions_alone(script: str, expected: list[str]) -> None:
    assert spoken(form(script, "refusal")) == [expected]


def test_refusals_need_a_question() -> None:
    assert form("1 a r", "refusal").events["reason"].to_list() == ["no_question"]


LINES = st.lists(
    st.tuples(st.sampled_from("123-"), st.sampled_from("uasn"), st.sampled_from(["q", "r", "您好", " "])), max_size=14
)


@given(LINES, st.sampled_from(["domain", "refusal"]))
def test_every_row_has_one_event_and_every_record_its_rows(lines: list[tuple[str, str, str]], kind: str) -> None:
    turns = [
        (row, None if session == "-" else session, ROLES[role], text)
        for row, (session, role, text) in enumerate(lines, start=1)
    ]
    sessions = form_sessions(frame_of(turns), Input(path="log.csv", kind=kind), DIGEST, Seen())  # type: ignore[arg-type]
    events = sessions.events
    assert events.schema == EVENTS
    assert events["row"].to_list() == list(range(1, len(lines) + 1))
    kept = events.filter(pl.col("verdict") == "kept")
    rows = {row: r["id"] for r in sessions.records.to_dicts() for row in r["source"]["rows"]}
    assert rows == dict(kept.select("row", "id").iter_rows())
    assert sessions.records["id"].is_unique().all()
    for talk in sessions.records["messages"].to_list():
        roles = [m["role"] for m in talk if m["role"] != "system"]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"] * (len(roles) % 2)
        assert kind == "refusal" or roles[-1] == "assistant"
        assert [m["role"] for m in talk].index("user") == len(talk) - len(roles) <= 1


def test_a_record_knows_where_it_came_from() -> None:
    [record] = form("7 u q\n8 n x\n7 a r").records.to_dicts()
    assert record["source"] == {"file": "log.csv", "digest": "d" * 32, "rows": [1, 3]}
    assert (record["kind"], record["parent"], record["tags"], record["group"]) == ("domain", None, [], record["id"])
    assert len(record["id"]) == 32


def test_rows_added_leave_the_other_ids_alone() -> None:
    before = form("1 u q\n1 a r\n2 u q\n2 a r").records["id"].to_list()
    after = form("1 u q\n1 a r\n2 u q\n2 a r\n3 u new\n3 a r\n4 u q\n4 a r").records["id"].to_list()
    assert after[:2] == before
    assert len(set(after)) == 4


def test_equal_contents_have_ids_of_their_own_over_all_inputs() -> None:
    seen = Seen()
    ids = [form("1 u q\n1 a r", seen=seen).records["id"].item() for _ in range(3)]
    assert len(set(ids)) == 3
    assert ids[0] == form("9 n x\n9 u q\n9 a r").records["id"].item()
    assert ids[0] != form("1 u q\n1 a r", "general").records["id"].item()


def test_an_id_is_the_same_for_ever() -> None:
    expected = hashlib.blake2b("能退货吗\x1e可以".encode(), digest_size=16, person=b"domain").hexdigest()
    assert form("1 u 能退货吗\n1 a 可以").records["id"].item() == expected


def test_the_language_of_a_conversation_is_not_that_of_its_system_message() -> None:
    sessions = form("1 s You are a helpful assistant of this shop\n1 u 能退货吗\n1 a 可以")
    assert sessions.records["lang"].to_list() == ["zh"]


def test_nothing_gives_nothing() -> None:
    sessions = form_sessions(frame_of([]), Input(path="log.csv"), DIGEST, Seen())
    assert sessions.records.is_empty() and sessions.records.schema == SCHEMA
    assert sessions.events.is_empty() and sessions.events.schema == EVENTS


def test_many_turns_are_quick() -> None:
    count = 50_000
    turns = [(n + 1, f"s{n // 8}", ("user", "assistant")[n % 2], f"订单{n}什么时候发货") for n in range(count)]
    start = time.process_time()
    assert form_sessions(frame_of(turns), Input(path="log.csv"), DIGEST, Seen()).records.height == count // 8
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("您好", "zh"),
        ("您好，請問訂單編號是多少", "zh"),
        ("我的 iPhone 15 Pro Max 什么时候 ship 到 Shanghai？", "zh"),
        ("用 Python 写一个排序\n```python\ndef sort(items):\n    return sorted(items, reverse=False)\n```", "zh"),
        ("看 ```print('a long program without an end and with many letters')", "zh"),
        ("hi", "en"),
        ("cancel my subscription", "en"),
        ("How do I say 你好 to my friends in Chinese?", "en"),
        ("Où est ma commande ?", "en"),
        ("ありがとうございます", "ja"),
        ("注文番号を教えてください", "ja"),
        ("コンピュータ", "ja"),
        ("안녕하세요", "ko"),
        ("주문 번호 12345", "ko"),
        ("Здравствуйте", "other"),
        ("สวัสดี", "other"),
        ("", "none"),
        ("12345", "none"),
        ("👍👍", "none"),
        ("……？！", "none"),
    ],
)
def test_the_script_tells_the_language(text: str, lang: str) -> None:
    assert language(pl.Series([text])).to_list() == [lang]


def test_no_text_has_no_language() -> None:
    assert language(pl.Series([None, "好"], dtype=pl.String)).to_list() == ["none", "zh"]
    assert language(pl.Series([], dtype=pl.String)).to_list() == []
