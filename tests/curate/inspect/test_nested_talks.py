"""Exports of help desks, which nest messages in tickets, are read without a recipe written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.build.build import build
from curate.inspect.first_recipe import write_recipe
from curate.inspect.nested_talks import nested_talks
from curate.reading.readers import RawRow
from curate.reading.readers._talks import TALK, Talks, flat, turn_rows
from curate.recipe.load import load_recipe
from curate.store.store import Store

Q, A = "Can I move my appointment to another day", "Of course, which day suits you"
Q2, A2 = "Thursday morning please", "Thursday it is, see you then"


WANTED = sorted(
    [["user", f"{Q} {x}"], ["assistant", f"{A} {x}"], ["user", f"{Q2} {x}"], ["assistant", f"{A2} {x}"]]
    for x in "abcdef"
)


def talks_of(path: Path, folder: Path) -> list[list[list[str]]]:
    """The conversations that a build makes by the recipe that init writes."""
    write_recipe([path], folder / "recipe.yaml")
    recipe = folder / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text[: text.index("stages:")] + "stages: []\n", encoding="utf-8")
    version = build(load_recipe(recipe), Store(folder / "store"))
    lines = (version / "train-00000.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted([[m["role"], m["content"]] for m in json.loads(line)["messages"]] for line in lines)


def tickets(make: Any) -> list[Any]:
    return [make(n, [f"{text} {'abcdefgh'[n]}" for text in (Q, A, Q2, A2)]) for n in range(6)]


def zendesk(n: int, texts: list[str]) -> Any:
    ids = [100 + n, 7, 100 + n, 8]
    comments = [{"author_id": id, "body": text, "public": True} for id, text in zip(ids, texts, strict=True)]
    comments.insert(2, {"author_id": 7, "body": "internal: escalate this one", "public": False})
    return {"id": n, "subject": "Question", "requester_id": 100 + n, "comments": comments}


def by_author(n: int, texts: list[str]) -> Any:
    kinds = ["end_user", "staff"] * 2
    return {"ticket": n, "comments": [{"author": {"kind": k}, "body": t} for k, t in zip(kinds, texts, strict=True)]}


def newest_first(n: int, texts: list[str]) -> Any:
    messages = [
        {
            "incoming": not at % 2,
            "body": f"<p>{text}</p>",
            "body_text": text,
            "created_at": f"2026-03-05T0{n}:1{at}:00Z",
        }
        for at, text in enumerate(texts)
    ]
    return {"id": n, "conversations": messages[::-1]}


def intercom(n: int, texts: list[str]) -> Any:
    """A part that nobody said comes first, and its kind is a word that comes again and again."""
    kinds = ["admin", "user", "admin"]
    parts = [{"part_type": "assignment", "body": None, "author": {"type": "admin"}, "created_at": 10 * n}]
    parts += [
        {"part_type": "comment", "body": f"<p>{text}</p>", "author": {"type": kind}, "created_at": 10 * n + at}
        for at, (kind, text) in enumerate(zip(kinds, texts[1:], strict=True), start=1)
    ]
    return {
        "id": str(n),
        "created_at": 10 * n,
        "source": {"body": f"<p>{texts[0]}</p>", "author": {"type": "user"}},
        "conversation_parts": {"type": "list", "conversation_parts": parts},
    }


def model_call(n: int, texts: list[str]) -> Any:
    """The last answer stands in the object, and not among the messages."""
    roles = ["user", "assistant", "user"]
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts[:3], strict=True)]
    reply = {"index": 0, "message": {"role": "assistant", "content": texts[3]}, "finish_reason": "stop"}
    return {"id": f"run-{n}", "inputs": {"messages": messages}, "outputs": {"id": f"x{n}", "choices": [reply]}}


def connect(n: int, texts: list[str]) -> Any:
    """Who joins and what the platform says stand among the messages."""
    roles = ["CUSTOMER", "AGENT"] * 2
    joined = {"ContentType": "application/vnd.amazonaws.connect.event.participant.joined", "Type": "EVENT"}
    waits = {"ContentType": "text/plain", "Type": "MESSAGE", "ParticipantRole": "SYSTEM", "Content": "You are in line."}
    spoken = [
        {"ContentType": "text/plain", "Type": "MESSAGE", "ParticipantRole": role, "Content": text}
        for role, text in zip(roles, texts, strict=True)
    ]
    ended = {"ContentType": "application/vnd.amazonaws.connect.event.chat.ended", "Type": "EVENT"}
    return {"ContactId": f"c-{n}-x", "Version": "2019-08-26", "Transcript": [joined, waits, *spoken, ended]}


def in_blocks(n: int, texts: list[str]) -> Any:
    """The text stands in blocks, and only in some messages beside them, too."""
    messages = [
        {"text": text if at % 2 else "", "sender": sender, "content": [{"type": "text", "text": text}]}
        for at, (sender, text) in enumerate(zip(["human", "assistant"] * 2, texts, strict=True))
    ]
    return {"uuid": f"u{n}", "name": "draft", "chat_messages": messages}


def intercom_with_all(n: int, texts: list[str]) -> Any:
    """The customer speaks again in the second talk only."""
    talk = intercom(n, texts)
    author = {"part_type": "note", "body": "<p>ask the team</p>", "author": {"type": "admin"}, "created_at": 10 * n + 9}
    talk["conversation_parts"]["conversation_parts"].append(author)
    return talk


def pairs(n: int, texts: list[str]) -> Any:
    return {"convo": n, "original": [[who, text] for who, text in zip(["customer", "agent"] * 2, texts, strict=True)]}


def opened(n: int, texts: list[str]) -> Any:
    notes = [
        {"incoming": at == 1, "private": False, "body_text": text, "created_at": f"2026-03-05T0{n}:1{at}:00Z"}
        for at, text in enumerate(texts[1:])
    ]
    return {
        "id": n,
        "description_text": texts[0],
        "created_at": f"2026-03-05T0{n}:00:00Z",
        "conversations": notes[::-1],
    }


def with_users(n: int, texts: list[str]) -> Any:
    users = [{"id": f"u{n}", "type": "customer", "name": "x"}, {"id": "b1", "type": "agent", "name": "y"}]
    events = [{"author_id": users[at % 2]["id"], "text": text} for at, text in enumerate(texts)]
    return {"chat": {"users": users, "events": events}}


def helpscout(n: int, texts: list[str]) -> Any:
    """The newest thread first; who uses the desk is its agent, and what was done stands between."""
    threads = [
        {
            "type": "message" if at % 2 else "customer",
            "createdBy": {"id": 5 if at % 2 else 80 + n, "type": "user" if at % 2 else "customer"},
            "createdAt": f"2026-03-05T0{n}:1{at}:00Z",
            "body": text,
        }
        for at, text in enumerate(texts)
    ]
    done = {"type": "lineitem", "createdBy": {"id": 5, "type": "user"}, "createdAt": f"2026-03-05T0{n}:20:00Z"}
    preview = f"{texts[-1][:20]} of {n}"
    return {"number": n, "preview": preview, "subject": texts[0][:18], "_embedded": {"threads": [done, *threads[::-1]]}}


ALL = [helpscout, zendesk, by_author, newest_first, opened, with_users, model_call, pairs, connect, in_blocks]


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("layout", ["list", "envelope", "lines"])
def test_messages_nested_in_tickets_become_conversations(tmp_path: Path, make: Any, layout: str) -> None:
    rows = tickets(make)
    path = tmp_path / ("a.jsonl" if layout == "lines" else "a.json")
    whole = "\n".join(map(json.dumps, rows)) if layout == "lines" else json.dumps(rows)
    path.write_text(json.dumps({"count": 6, "tickets": rows}) if layout == "envelope" else whole, encoding="utf-8")
    talks = talks_of(path, tmp_path)
    assert talks == WANTED


@pytest.mark.parametrize("make", [connect, in_blocks, intercom_with_all, model_call, pairs, by_author, with_users])
def test_files_of_one_talk_each_are_not_run_together(tmp_path: Path, make: Any) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for n, row in enumerate(tickets(make)):
        (folder / f"talk_{n}.json").write_text(json.dumps(row), encoding="utf-8")
    talks = talks_of(folder, tmp_path)
    if make is intercom_with_all:
        talks = [[[role, text.removeprefix("<p>").removesuffix("</p>")] for role, text in talk] for talk in talks]
    assert talks == WANTED


def chat_export(n_chats: int, owner: str = "user7", kind: str = "personal_chat") -> dict[str, Any]:
    """All chats of one account, with pieces of texts, calls, and another list beside them."""
    chats = []
    for n in range(n_chats):
        texts = [f"{text} {'abcdefgh'[n]}" for text in (Q, A, Q2, A2)]
        messages: list[dict[str, Any]] = [
            {"id": at, "type": "message", "from": "Ann" if by == owner else "Bo", "from_id": by, "text": text}
            for at, (by, text) in enumerate(zip([f"user{100 + n}", owner] * 2, texts, strict=True))
        ]
        messages[1]["text"] = [texts[1][:6], {"type": "bold", "text": texts[1][6:]}]
        messages.insert(2, {"id": 9, "type": "service", "actor": "Ann", "action": "phone_call", "text": ""})
        chats.append({"name": "Bo", "type": kind, "id": 100 + n, "messages": messages})
    people = [{"user_id": 5, "first_name": "Bo", "date": "2026-01-01"}]
    return {"about": "an export", "personal_information": {"user_id": 7}, "contacts": {"list": people},
            "chats": {"about": "all", "list": chats}}  # fmt: skip


def test_chats_of_one_account_are_read_from_their_list(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(chat_export(6)), encoding="utf-8")
    assert talks_of(path, tmp_path) == WANTED


def test_the_customer_of_chats_is_not_guessed_where_nobody_is_in_all_of_them() -> None:
    chats = chat_export(6)["chats"]["list"]
    for n, chat in enumerate(chats):
        for message in chat["messages"]:
            if message.get("from_id") == "user7":
                message["from_id"] = f"user{n}"
    assert nested_talks(json.loads(json.dumps(chats), parse_int=str)) is None


def test_a_message_with_an_image_among_its_pieces_is_no_text() -> None:
    assert flat({"text": ["see ", {"type": "image", "text": "x"}]})["text"] != "see x"
    assert flat({"to": ["a", "b"]})["to"] == ["a", "b"]


def test_a_word_that_comes_again_and_again_is_not_what_is_said() -> None:
    found = nested_talks(tickets(intercom))
    assert found is not None and found.format["text"] == "body"
    assert found.reader["turns"]["opening"] == {"body": "source.body", "author.type": "source.author.type"}


def test_a_message_of_the_object_is_missing_where_the_object_has_none(tmp_path: Path) -> None:
    """The path of an answer is not said in its place: the third call failed, and the fourth was never answered."""
    rows = tickets(model_call)
    rows[2]["outputs"] = None
    del rows[3]["outputs"]
    talks = Talks(list="inputs.messages", closing={"content": "outputs.choices.0.message.content", "role": "assistant"})
    read = list(turn_rows((RawRow(n, row) for n, row in enumerate(rows, start=1)), talks))
    assert [sum(row.fields[TALK] == str(n) for row in read if row.fields) for n in range(1, 7)] == [4, 4, 3, 3, 4, 4]
    assert not any("outputs" in str(row.fields and row.fields["content"]) for row in read)


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": "x", "tags": [{"tag": "red wine bottle"}, {"tag": "blue"}]}] * 6,
        [{"order": n, "items": [{"sku": "a lamp for the desk", "price": "3"}]} for n in range(6)],
        [{"title": "t", "text": "prose of some length"}] * 6,
        [{"messages": [{"who": "Ana", "said": "hello there you"}, {"who": "Ben", "said": "good day to you"}]}] * 6,
        [{"points": [["a long name here", "another name"], ["one more name", "the last"]]}] * 6,
        [],
    ],
    ids=["tags", "orders", "prose", "names alone", "pairs of names", "nothing"],
)
def test_lists_of_other_things_are_no_talks(rows: list[Any]) -> None:
    assert nested_talks(rows) is None
