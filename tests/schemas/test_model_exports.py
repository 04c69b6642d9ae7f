"""What programs of language models export: trees of ChatGPT, numbered turns of MOSS, preference sets."""

from typing import Any

import pytest

from schemas.formats import Draft, Format, NothingToLearnError, UnreadableError
from schemas.formats.chatgpt import Chatgpt
from schemas.formats.messages import Messages
from schemas.formats.moss import Moss


def turns_of(draft: Draft) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in draft.turns if turn.text]


def node(name: str, parent: str | None, role: str = "", text: Any = "", **more: Any) -> tuple[str, Any]:
    message = {"author": {"role": role}, "content": {"content_type": "text", "parts": [text]}, "recipient": "all"}
    return name, {"id": name, "parent": parent, "children": [], "message": {**message, **more} if role else None}


def tree(*more: tuple[str, Any], leaf: str = "a2") -> dict[str, Any]:
    nodes = [
        node("root", None),
        node("s", "root", "system", "hidden", metadata={"is_visually_hidden_from_conversation": True}),
        node("q", "s", "user", "Is the gate open on Monday?"),
        node("a1", "q", "assistant", "I do not know."),
        node("a2", "q", "assistant", "Yes, from nine."),
        *more,
    ]
    return {"title": "x", "mapping": dict(nodes), "current_node": leaf}


def test_the_branch_to_the_current_node_is_the_conversation() -> None:
    fields = tree(node("t", "a2", "assistant", "x", content={"content_type": "thoughts", "thoughts": []}),
                  node("q2", "t", "user", "And on Sunday?"), node("a3", "q2", "assistant", "No."),
                  leaf="a3")  # fmt: skip
    assert Chatgpt.fits(fields)
    assert turns_of(Chatgpt().read(fields)) == [
        ("user", "Is the gate open on Monday?"), ("assistant", "Yes, from nine."),
        ("user", "And on Sunday?"), ("assistant", "No."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (tree(node("x", "a2", "tool", "42"), leaf="x"), "tool_turns"),
        (tree(node("x", "a2", "assistant", "run()", recipient="python"), leaf="x"), "tool_turns"),
        (tree(node("x", "a2", "user", {"content_type": "image_asset_pointer"}), leaf="x"), "media"),
        ({"mapping": {}, "current_node": None}, "no_messages"),
    ],
)
def test_a_branch_with_tools_or_images_is_nothing_to_learn(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(NothingToLearnError, match=reason):
        Chatgpt().read(fields)


@pytest.mark.parametrize(
    "fields",
    [
        tree(leaf="lost"),
        tree(node("b", "b", "user", "a loop"), leaf="b"),
        tree(node("x", "a2", "user", "x", content="text"), leaf="x"),
        tree(node("x", "a2", "stranger", "x"), leaf="x"),
    ],
)
def test_a_broken_branch_is_a_bad_row(fields: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        Chatgpt().read(fields)


def moss(question: str, answer: str, commands: str = "None") -> dict[str, str]:
    return {"Human": f"<|Human|>: {question}<eoh>\n", "Inner Thoughts": "<|Inner Thoughts|>: None<eot>\n",
            "Commands": f"<|Commands|>: {commands}<eoc>\n", "MOSS": f"<|MOSS|>: {answer}<eom>\n"}  # fmt: skip


def test_turns_of_moss_stand_in_the_order_of_their_numbers_without_marks() -> None:
    chat = {f"turn_{n}": moss(f"第{n}问\n多少钱", f"答{n}：<b>不要钱") for n in (10, 2, 1)}
    assert Moss.fits({"chat": chat})
    assert turns_of(Moss().read({"chat": chat})) == [
        (role, text)
        for n in (1, 2, 10)
        for role, text in (("user", f"第{n}问\n多少钱"), ("assistant", f"答{n}：<b>不要钱"))
    ]


def test_a_turn_in_which_moss_calls_a_program_is_nothing_to_learn() -> None:
    with pytest.raises(NothingToLearnError, match="tool_turns"):
        Moss().read({"chat": {"turn_1": moss("几点", "九点", 'Search("time")')}})


Q, GOOD, BAD = ({"role": role, "content": text} for role, text in
                (("user", "Is it open?"), ("assistant", "Yes."), ("assistant", "Go away.")))  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": [Q], "chosen": [GOOD], "rejected": [BAD]},
        {"prompt": [Q], "chosen": [Q, GOOD], "rejected": [Q, BAD]},
        {"prompt": "Is it open?", "chosen": [GOOD], "rejected": [BAD]},
        {"prompt": "Is it open?", "chosen": [Q, GOOD], "rejected": [Q, BAD]},
        {"chosen": [Q, GOOD], "rejected": [Q, BAD]},
        {"prompt": [Q], "completion": [GOOD], "label": True},
    ],
)
def test_the_chosen_messages_of_a_preference_set_are_read(fields: dict[str, Any]) -> None:
    assert Messages.fits(fields)
    assert turns_of(Messages().read(fields)) == [("user", "Is it open?"), ("assistant", "Yes.")]


def test_a_completion_that_is_marked_as_bad_is_nothing_to_learn() -> None:
    with pytest.raises(NothingToLearnError, match="marked_bad"):
        Messages().read({"prompt": [Q], "completion": [BAD], "label": False})


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Messages, {"prompt": "Is it open?", "chosen": "Yes.", "rejected": "No."}),
        (Messages, {"prompt": [Q], "completion": "Yes."}),
        (Messages, {"chosen": [{"sku": "lamp"}]}),
        (Chatgpt, {"mapping": {"a": 1}}),
        (Chatgpt, {"mapping": "a map of the town", "current_node": "a"}),
        (Moss, {"chat": {"turn_1": {"Human": "hello"}}}),
        (Moss, {"chat": "Human: hello"}),
    ],
)
def test_other_rows_do_not_fit(kind: type[Format], fields: dict[str, Any]) -> None:
    assert not kind.fits(fields)
