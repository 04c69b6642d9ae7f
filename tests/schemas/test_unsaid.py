"""A message of a table is what somebody said to the other side: no note, no file, no wrapping."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from schemas.formats.turns import Turns

LAYOUT = Turns(session="sid", role="who", text="what")


def turn(text: str, **more: Any) -> tuple[str, str]:
    role, content = LAYOUT.read({"sid": "1", "who": "客户", "what": text, **more}).turns[0]
    return role, content


@pytest.mark.parametrize(
    "more",
    [
        {"private": True},
        {"private": "true"},
        {"is_internal": "1"},
        {"public": False},
        {"消息类型": "内部备注"},
        {"part_type": "note"},
        {"内部": "是"},
    ],
    ids=str,
)
def test_a_note_for_colleagues_is_not_said_to_the_customer(more: Mapping[str, Any]) -> None:
    assert turn("escalate?", **more) == ("internal", "escalate?")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("https://img.example.com/a1.jpg", {}),
        (" https://v.example.com/9.amr?sign=x ", {}),
        ("x", {"消息类型": "图片"}),
        ("x", {"msgtype": "Voice"}),
        ("x", {"type": "image"}),
        (json.dumps({"duration": 4, "url": "https://v.example.com/9"}), {}),
        (json.dumps({"type": "image", "data": {"content": "https://a.b/c"}}), {}),
    ],
)
def test_a_file_is_not_said_in_words(text: str, more: Mapping[str, Any]) -> None:
    assert turn(text, **more)[0] == "media"


@pytest.mark.parametrize(
    ("wrapped", "said_role", "text"),
    [
        ({"type": "message", "data": {"content": "能退吗"}, "platform": "web"}, "user", "能退吗"),
        ({"content": "能退吗"}, "user", "能退吗"),
        ({"msg": {"text": "能退吗"}}, "user", "能退吗"),
        ({"type": "close", "data": {"content": "对话已关闭"}}, "note", "对话已关闭"),
    ],
)
def test_a_text_is_taken_out_of_the_json_around_it(wrapped: Any, said_role: str, text: str) -> None:
    assert turn(json.dumps(wrapped)) == (said_role, text)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("看 https://img.example.com/a1.jpg 这里", {}),
        ("https://item.example.com/123", {}),
        ("{name} 您好", {}),
        ('{"a": 1}', {}),
        ("系统坏了", {"type": "系统"}),
        ("x", {"类型": "售后"}),
        ("x", {"private": "false"}),
        ("x", {"public": "true"}),
        ("x", {"private": ""}),
        ("x", {"消息类型": "文本"}),
        ("图片", {}),
    ],
)
def test_what_was_said_stays_as_it_is(text: str, more: Mapping[str, Any]) -> None:
    assert turn(text, **more) == ("user", text)


@pytest.mark.parametrize("kind", ["verbose", "follow_up", "function_call", "tool_response"])
def test_a_step_of_a_bot_is_not_said_to_the_customer(kind: str) -> None:
    assert turn("要不要看看别的款式", type=kind, content_type="text")[0] == "internal"
    assert turn("好的", type="answer", content_type="text") == ("user", "好的")
