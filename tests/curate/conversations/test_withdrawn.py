"""A message that was withdrawn goes with the notice that says so; nothing else goes, whatever people say of it."""

import polars as pl
import pytest

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.turn_table import TURNS
from schemas.formats.turns import WITHDRAWN, Turns
from schemas.input import Input
from schemas.roles import role_in_log

Talk = list[tuple[str, str]]
ROLES = {"u": "user", "a": "assistant", "n": "note", "w": WITHDRAWN}


def formed(talk: Talk) -> tuple[list[str], dict[int, str]]:
    """Form one session: its messages, and why rows are in none."""
    turns = pl.DataFrame(
        [
            list(range(1, len(talk) + 1)),
            ["s"] * len(talk),
            [ROLES[role] for role, _ in talk],
            [text for _, text in talk],
        ],
        schema=TURNS,
    )
    sessions = form_sessions(turns, Input(path="log.csv"), "", ContentCounter())
    dropped = sessions.events.filter(pl.col("verdict") == "dropped")
    messages = [message["content"] for record in sessions.records["messages"] for message in record]
    return messages, dict(zip(dropped["row"].to_list(), dropped["reason"].to_list(), strict=True))


GONE: list[tuple[str, Talk, list[str]]] = [
    ("the agent's last", [("u", "q"), ("a", "no"), ("n", "客服小美撤回了一条消息"), ("a", "r")], ["q", "r"]),
    ("the customer's last", [("u", "x"), ("n", "顾客撤回了一条消息"), ("u", "q"), ("a", "r")], ["q", "r"]),
    ("across the other side", [("u", "q"), ("a", "no"), ("u", "p"), ("n", "客服撤回了一条消息"), ("a", "r")],
     ["q\np", "r"]),
    ("two", [("u", "q"), ("a", "no"), ("a", "nono"), ("n", "客服撤回了一条消息"), ("n", "坐席撤回了一条消息"),
             ("a", "r")], ["q", "r"]),
    ("in English", [("u", "q"), ("a", "no"), ("n", "Agent Anna deleted this message"), ("a", "r")], ["q", "r"]),
    ("of nobody named", [("u", "q"), ("a", "no"), ("n", "This message was unsent."), ("a", "r")], ["q", "r"]),
    ("under the agent's name", [("u", "q"), ("a", "no"), ("a", "客服小美撤回了一条消息"), ("a", "r")], ["q", "r"]),
    ("by its state", [("u", "q"), ("a", "ok"), ("w", "no"), ("n", "客服撤回了一条消息"), ("a", "r")], ["q", "ok\nr"]),
]  # fmt: skip
STAYS: list[tuple[str, Talk, list[str]]] = [
    ("the notice stands in place", [("u", "q"), ("a", "ok"), ("a", "你撤回了一条消息"), ("a", "r")], ["q", "ok\nr"]),
    ("in place, in English", [("u", "q"), ("a", "ok"), ("a", "This message was deleted"), ("a", "r")], ["q", "ok\nr"]),
    ("a request was withdrawn", [("u", "我撤回了退款申请"), ("a", "r")], ["我撤回了退款申请", "r"]),
    ("an order was deleted", [("u", "q"), ("a", "I deleted the order for you"), ("a", "r")],
     ["q", "I deleted the order for you\nr"]),
    ("asked about", [("u", "怎么撤回一条消息"), ("a", "长按消息，点撤回")], ["怎么撤回一条消息", "长按消息，点撤回"]),
    ("before all of that side", [("u", "q"), ("n", "客服撤回了一条消息"), ("a", "r")], ["q", "r"]),
]  # fmt: skip


@pytest.mark.parametrize(("talk", "messages"), [case[1:] for case in GONE], ids=[case[0] for case in GONE])
def test_a_withdrawn_message_goes_with_its_notice(talk: Talk, messages: list[str]) -> None:
    found, reasons = formed(talk)
    assert found == messages
    assert "withdrawn" in reasons.values()


@pytest.mark.parametrize(("talk", "messages"), [case[1:] for case in STAYS], ids=[case[0] for case in STAYS])
def test_nothing_else_goes(talk: Talk, messages: list[str]) -> None:
    found, reasons = formed(talk)
    assert found == messages
    assert "withdrawn" not in reasons.values()


def test_a_column_of_states_tells_what_was_withdrawn() -> None:
    layout = Turns(session="s", role="r", text="t", state="state")
    for state, role in (("正常", "assistant"), ("已撤回", WITHDRAWN), ("Recalled", WITHDRAWN), ("0", "assistant")):
        assert layout.read({"s": "1", "r": "客服", "t": "x", "state": state}).turns[0].role == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Customer joined", "note"),
        ("顾客已进入会话", "note"),
        ("Chat transferred to billing", "note"),
        ("You are a helpful agent of a shop.", "system"),
        ("你是商店客服", "system"),
        ("As an agent, answer briefly", "system"),
        ("The shop sells lamps. " * 5, "system"),
    ],
)
def test_system_in_a_log_is_the_platform_unless_it_prompts(text: str, role: str) -> None:
    assert role_in_log("system", text, {}) == role
    assert role_in_log("System", text, {"system": "system"}) == "system"
