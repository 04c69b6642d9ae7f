"""Chats with markup in one text: speeches behind stamps, notices that nobody said, lines at <br>."""

import pytest

from schemas.formats import UnreadableError
from schemas.formats.chat_text import ChatText

NOTICES = (
    '<p align="center">Chat Started: Monday, March 02, 2026, 09:00:00 (+0000)</p><p align="center">Agent Lena B</p>'
)
BODY = (
    f"{NOTICES}( 4s ) Tom: Is it &lt;new&gt;?<br>Or used?<br>( 1m 2s ) Lena B: New: <b>all</b> of it.<br>"
    '( 1h 1m 2s ) Tom: Thanks<br><p align="center">Chat Transferred From Lena B To Omar</p>( 1h 3m 2s ) Omar: Bye'
)


def read(text: str, **options: object) -> list[tuple[str, str]]:
    return [tuple(turn) for turn in ChatText.model_validate(options).read({"text": text}).turns]


def test_stamps_and_notices_are_no_speech() -> None:
    spoken = [turn for turn in read(BODY) if turn[0] != "note"]
    assert spoken == [
        ("user", "Is it <new>?\nOr used?"),
        ("assistant", "New: all of it."),
        ("user", "Thanks"),
        ("assistant", "Bye"),
    ]
    assert [text for role, text in read(BODY) if role == "note"][1:] == [
        "Agent Lena B",
        "Chat Transferred From Lena B To Omar",
    ]
    assert ChatText.fits({"text": BODY})


def test_words_for_the_sides_are_known() -> None:
    text = "( 3s ) Agent: Hello<br>( 20s ) Visitor: Is it new?<br>"
    assert read(text) == [("assistant", "Hello"), ("user", "Is it new?")]


def test_a_chat_of_notices_only_teaches_nothing() -> None:
    assert {role for role, _ in read(NOTICES)} == {"note"}
    assert not ChatText.fits({"text": NOTICES})


@pytest.mark.parametrize(
    "text",
    [
        "( 3s ) Tom: Hi<br>( 9s ) Lena: Hello<br>",
        BODY.replace("( 1h 1m 2s ) Tom", "( 1h 1m 2s ) Helper Bot"),
        '<p align="center">Chat Origin: Site</p>( 3s ) Tom: Hi<br>',
    ],
    ids=["no agent is named", "a third speaker", "nobody but the customer"],
)
def test_who_speaks_is_never_guessed(text: str) -> None:
    assert not ChatText.fits({"text": text})
    with pytest.raises(UnreadableError, match="unknown_role"):
        read(text)


def test_the_recipe_may_name_a_speaker() -> None:
    text = "( 3s ) Tom: Hi<br>( 9s ) Lena: Hello<br>"
    assert read(text, roles={"Lena": "assistant"}) == [("user", "Hi"), ("assistant", "Hello")]


def test_lines_are_seen_at_breaks() -> None:
    text = "<p>Customer: Is it new?</p><p>Agent: Yes &amp; sealed.<br/>Customer: Good</p>"
    assert read(text) == [("user", "Is it new?"), ("assistant", "Yes & sealed."), ("user", "Good")]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("用户：怎么写 <br> 换行？\n客服：写 <br>", [("user", "怎么写 <br> 换行？"), ("assistant", "写 <br>")]),
        ("用户：它( 3s ) 就好：是吗\n客服：是", [("user", "它( 3s ) 就好：是吗"), ("assistant", "是")]),
        ("Customer: a<br>( 3s ) b: c<br>Agent: d", [("user", "a\n( 3s ) b: c"), ("assistant", "d")]),
        ("Customer: is 3 < 4 &amp; so on? Agent: Yes", [("user", "is 3 < 4 &amp; so on?"), ("assistant", "Yes")]),
    ],
)
def test_other_chats_stay_as_they_are(text: str, spoken: list[tuple[str, str]]) -> None:
    assert read(text) == spoken
