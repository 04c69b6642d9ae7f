"""Turns become conversations that begin with the customer and end with the agent; every row is accounted for."""

import hashlib
import time
from collections import Counter
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import Sessions, form_sessions
from curate.reading.turn_table import TURNS
from schemas.frame import SCHEMA
from schemas.input import Input, SessionSettings
from schemas.language import language
from schemas.ledger import EVENTS

ROLES = {"u": "user", "a": "assistant", "s": "system", "n": "note"}


DIGEST = "d" * 32


def frame_of(turns: list[tuple[int, str | None, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(turns, schema=TURNS, orient="row")


def form(script: str, kind: Any = "domain", seen: ContentCounter | None = None) -> Sessions:
    """Sessions of a script: one row a line, `session role text`; a session `-` is the row itself."""
    turns = []
    for row, line in enumerate(script.split("\n"), start=1):
        session, role, text = line.split(" ", 2)
        turns.append((row, None if session == "-" else session, ROLES[role], text))
    return form_sessions(frame_of(turns), Input(path="log.csv", kind=kind), DIGEST, seen or ContentCounter())


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
    sessions = form_sessions(frame_of(turns), Input(path="log.csv", kind=kind), DIGEST, ContentCounter())  # type: ignore[arg-type]
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


def conversations(lines: list[tuple[str, str, str]], spec: Input) -> Sessions:
    turns = [
        (row, None if session == "-" else session, ROLES[role], text)
        for row, (session, role, text) in enumerate(lines, start=1)
    ]
    return form_sessions(frame_of(turns), spec, DIGEST, ContentCounter())


SETTINGS = st.builds(
    lambda kind, window, joiner, notices: Input.model_validate(
        {
            "path": "log.csv",
            "kind": kind,
            "sessions": {"window": window, "joiner": joiner, "keep_notices": notices},
        }
    ),
    st.sampled_from(["domain", "refusal", "general"]),
    st.sampled_from([None, 2, 4, 6]),
    st.sampled_from(["\n", " ", ""]),
    st.booleans(),
)
SAYINGS = [
    "q",
    "r",
    "您好",
    " ",
    "",
    "\u3000",
    "对方撤回了一条消息",
    "会话已结束",
    "您好，我是智能客服小助，请描述您的问题，为您服务",
    "\x1e",
    "不客气",
]
TABLE = st.lists(st.tuples(st.sampled_from("1234-"), st.sampled_from("uuaasn"), st.sampled_from(SAYINGS)), max_size=24)


@settings(max_examples=100)
@given(TABLE, SETTINGS)
def test_no_row_of_a_table_of_turns_vanishes(lines: list[tuple[str, str, str]], spec: Input) -> None:
    sessions = conversations(lines, spec)
    records = sessions.records.to_dicts()
    placed = {row for record in records for row in record["source"]["rows"]}
    dropped = sessions.events.filter(pl.col("verdict") == "dropped")
    assert dropped["row"].is_unique().all()
    assert not placed & set(dropped["row"])
    assert placed | set(dropped["row"]) == set(range(1, len(lines) + 1))
    assert set(dropped["reason"]) <= REASONS
    kept = set(sessions.events.filter(pl.col("verdict") == "kept").select("row", "id").iter_rows())
    assert kept == {(row, record["id"]) for record in records for row in record["source"]["rows"]}
    written = Counter(
        character
        for session, role, text in lines
        for character in text.strip()
        if role != "n" and not character.isspace()
    )
    taught = Counter(c for r in records for m in r["messages"] for c in m["content"] if not c.isspace())
    assert taught <= written or any(role == "s" for _, role, _ in lines)  # nothing is said twice or made up


REASONS = {
    "no_answer",
    "no_question",
    "before_question",
    "unanswered",
    "notice",
    "empty",
    "robot_greeting",
    "withdrawn",
}


@given(TABLE, SETTINGS)
def test_a_window_never_parts_a_question_from_its_answer(lines: list[tuple[str, str, str]], spec: Input) -> None:
    whole = conversations(lines, spec.model_copy(update={"sessions": SessionSettings(joiner="|")}))
    cut = conversations(lines, spec.model_copy(update={"sessions": SessionSettings(joiner="|", window=2)}))
    exchanges = [
        (asked["content"], answer["content"])
        for talk in whole.records["messages"].to_list()
        for asked, answer in pairwise(m for m in talk if m["role"] != "system")
        if asked["role"] == "user"
    ]
    parts = [[m for m in talk if m["role"] != "system"] for talk in cut.records["messages"].to_list()]
    assert [tuple(m["content"] for m in part) for part in parts if len(part) == 2] == exchanges
    assert all([m["role"] for m in part] in (["user", "assistant"], ["user"]) for part in parts)


ROW = st.lists(st.tuples(st.sampled_from("uuaasn"), st.sampled_from(SAYINGS)), min_size=1, max_size=4)


@settings(max_examples=100)
@given(
    st.lists(st.one_of(st.tuples(st.just("u"), st.just("a")).map(lambda _: [("u", "q"), ("a", "r")]), ROW)), SETTINGS
)
def test_the_short_way_of_single_exchanges_is_the_long_way(rows: list[list[tuple[str, str]]], spec: Input) -> None:
    """An empty turn that is added to each row keeps it from the short way and says nothing."""
    turns = [(n, None, ROLES[role], text) for n, row in enumerate(rows, start=1) for role, text in row]
    longer = [
        (n, None, ROLES[role], text)
        for n, row in enumerate(rows, start=1)
        for role, text in [*row, ("u" if row[-1][0] == "a" else "a", " ")]
    ]
    short = form_sessions(frame_of(turns), spec, DIGEST, ContentCounter())
    long = form_sessions(frame_of(longer), spec, DIGEST, ContentCounter())
    assert short.records.equals(long.records)
    assert short.events.filter(pl.col("verdict") == "kept").equals(long.events.filter(pl.col("verdict") == "kept"))
    assert short.events["row"].to_list() == long.events["row"].to_list()


def test_a_long_session_is_cut_and_stays_one_group() -> None:
    script = "\n".join(f"{role} {n}" for n in range(5) for role in ("1 u q", "1 u and", "1 a r"))
    turns = [(row, "1", ROLES[line.split(" ")[1]], line) for row, line in enumerate(script.split("\n"), start=1)]
    spec = Input.model_validate({"path": "log.csv", "sessions": {"window": 4, "joiner": " / "}})
    records = form_sessions(frame_of(turns), spec, DIGEST, ContentCounter()).records
    assert records["messages"].list.len().to_list() == [4, 4, 2]
    assert records["messages"].to_list()[0][0]["content"] == "1 u q 0 / 1 u and 0"
    assert records["group"].n_unique() == 1
    assert records["source"].struct.field("rows").to_list() == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], [13, 14, 15]]


NOTICES = [
    "对方撤回了一条消息",
    "您撤回了一条消息",
    "会话已结束",
    "系统消息：用户进入",
    "[自动回复]您好",
    "客服小王已接入会话",
    "正在为您转接人工客服，请稍候",
    "当前排队人数3人，请耐心等待",
    "由于您长时间没有回复，会话已自动关闭",
    "---- 以上为历史消息 ----",
    "Anna has joined the chat",
    "This message was deleted.",
    "You are now connected to Anna",
    "The conversation has ended",
    "Please wait while I transfer you to an agent...",
]
NOT_NOTICES = [
    "撤回的消息能恢复吗",
    "怎么撤回一条消息",
    "会话怎么结束啊",
    "系统升级后登录不了",
    "帮我转接人工客服",
    "我要找人工客服",
    "排队要等多久",
    "我的孩子可以加入会员吗",
    "离开店铺后才发现少了一件",
    "聊天记录能导出吗",
    "can I join the chat later?",
    "I left the item at home",
    "please transfer me to an agent",
    "how do I delete a message?",
    "好的，已经为您登记",
    "您好，请问有什么可以帮您",
]


@pytest.mark.parametrize("text", NOTICES)
def test_what_the_platform_wrote_is_no_turn(text: str) -> None:
    assert spoken(form(f"1 u q\n1 a {text}\n1 a r")) == [["u:q", "a:r"]]


@pytest.mark.parametrize("text", NOT_NOTICES)
def test_what_a_person_wrote_is_a_turn(text: str) -> None:
    assert spoken(form(f"1 u {text}\n1 a r")) == [[f"u:{text}", "a:r"]]
    assert spoken(form(f"1 u q\n1 a {text}")) == [["u:q", f"a:{text}"]]


GREETINGS = [
    "您好，我是智能客服小助，请描述您的问题，为您服务",
    "亲，我是机器人小美，请问有什么可以帮您的？",
    "这里是智能助手，您可以输入“转人工”咨询",
    "智能客服小丽为您服务",
    "Hi, I'm a virtual assistant. How can I help you?",
]
NOT_GREETINGS = [
    "我是小王，很高兴为您服务",
    "我不是机器人，我是人工客服",
    "智能手表支持七天退换",
    "这款扫地机器人保修两年，咨询请留言",
    "I'm Anna, how can I help?",
    "The bot cannot help with that, sorry.",
]


@pytest.mark.parametrize("text", GREETINGS)
def test_the_greeting_of_a_robot_is_nobodys_answer(text: str) -> None:
    sessions = form(f"1 u 在吗\n1 a {text}\n1 a 在的")
    assert spoken(sessions) == [["u:在吗", "a:在的"]]
    assert sessions.events.filter(pl.col("row") == 2)["reason"].to_list() == ["robot_greeting"]
    assert spoken(form(f"1 u 在吗\n1 a {text}")) == [["u:在吗", f"a:{text}"]], "where it is the only answer it stays"


@pytest.mark.parametrize("text", NOT_GREETINGS)
def test_what_an_agent_says_is_no_greeting_of_a_robot(text: str) -> None:
    assert spoken(form(f"1 u 在吗\n1 a {text}\n1 a 在的")) == [["u:在吗", f"a:{text}\n在的"]]


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
    seen = ContentCounter()
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
    sessions = form_sessions(frame_of([]), Input(path="log.csv"), DIGEST, ContentCounter())
    assert sessions.records.is_empty() and sessions.records.schema == SCHEMA
    assert sessions.events.is_empty() and sessions.events.schema == EVENTS


def test_many_turns_are_quick() -> None:
    count = 50_000
    turns = [(n + 1, f"s{n // 8}", ("user", "assistant")[n % 2], f"订单{n}什么时候发货") for n in range(count)]
    start = time.process_time()
    assert form_sessions(frame_of(turns), Input(path="log.csv"), DIGEST, ContentCounter()).records.height == count // 8
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
