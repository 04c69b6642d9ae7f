"""What would move or hide stands written out; what people write stays."""

import pytest

from schemas.hidden_characters import with_stand_ins


@pytest.mark.parametrize(
    "text",
    [
        "",
        "您好，退款三天内到账。",
        "a\tb\nc",
        "１２３",
        "👨‍👩‍👧",
        "👍🏽",
        "️❤️",
        "전화",
        "naïve",
        "\u3000缩进",
        "100\u00a0km",
        "〇",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert with_stand_ins(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00", "\\x00"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200db", "a\\u200db"),
        ("\u200d", "\\u200d"),
        ("\ufeff", "\\ufeff"),
        ("\r", "\\r"),
        ("\u2028", "\\u2028"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_hides_or_turns_is_written_out(text: str, shown: str) -> None:
    assert with_stand_ins(text) == shown
