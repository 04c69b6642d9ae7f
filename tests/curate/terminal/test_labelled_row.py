"""A row on the terminal: what is learnt is marked with and without colours, and nothing of the row acts on it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from curate.terminal.labelled_row import print_row
from schemas.bilingual import Bilingual, Language, speaking
from schemas.labelled_row import LabelledRow
from tests.curate.labelled_rows import HOSTILE, labelled_row, sample, untrained

STYLE = re.compile(r"\x1b\[([0-9;]*)m")
ORIGIN = Bilingual("run 10f8fc93d144", "运行 10f8fc93d144 的设置")
TALK = sample("|user|", "\n", "能", "退", "\n", "(可)", "(以)", "(\n)", "(好)", "(|end|)", "\n")


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    speaking.set(request.param)
    yield request.param
    speaking.set("en")


def printed(row: LabelledRow, width: int = 80, **settings: bool) -> str:
    out = io.StringIO()
    colours = {"color_system": "standard"} if settings.get("force_terminal") else {}
    print_row(Console(file=out, width=width, **colours, **settings), row, ORIGIN)
    return out.getvalue()


def test_without_colours_marks_stand_around_what_is_learnt() -> None:
    assert printed(labelled_row(TALK)).splitlines() == [
        "row 3 of 7: r0 (domain)",
        "run 10f8fc93d144: model smollm2, system none, thinking off, max_tokens 64",
        "⟦learnt⟧, all else not; ⏎ line feed; \\x1b unprintable",
        "",
        "r0: 11 tokens, 5 of them learnt",
        "|user|⏎",
        "能退⏎",
        "⟦可以⏎",
        "好|end|⟧⏎",
    ]


def test_a_terminal_that_wants_no_colours_gets_the_marks() -> None:
    assert printed(labelled_row(TALK), force_terminal=True, no_color=True) == printed(labelled_row(TALK))


def test_in_colours_what_is_learnt_is_green_and_every_second_token_underlined() -> None:
    text = printed(labelled_row(TALK), force_terminal=True).partition("of them learnt\n")[2]
    assert STYLE.sub("", text) == "|user|⏎\n能退⏎\n可以⏎\n好|end|⏎\n"
    styles = {shown: codes.split(";") for codes, shown in re.findall(r"\x1b\[([1-9][0-9;]*)m([^\x1b]+)\x1b\[0m", text)}
    assert ["42" in styles.get(shown, ()) for shown in ("|user|", "能", "退", "可", "以", "好", "|end|")] == [
        False, False, False, True, True, True, True,
    ]  # fmt: skip
    assert ["4" in styles.get(shown, ()) for shown in ("|user|", "能", "退", "可", "以", "好", "|end|")] == [
        False, False, True, True, False, False, True,
    ]  # fmt: skip
    assert "36" in styles["|user|"]


@pytest.mark.parametrize("coloured", [True, False])
@pytest.mark.parametrize("width", [20, 40, 80, 133])
@pytest.mark.usefixtures("language")
def test_no_line_is_wider_than_the_terminal(width: int, coloured: bool) -> None:
    words = [f"({word})" for word in ("supercalifragilistic" * 4, "退货" * 40, " a", " b", "😀" * 50, "\u202e" * 30)]
    row = labelled_row(
        sample(*words, messages_cut=2), untrained=(untrained("cut_with_oldest", 1),), thought_left_out=True,
        model="/a/long/path/" * 20, system="S" * 300,
    )  # fmt: skip
    lines = STYLE.sub("", printed(row, width, force_terminal=coloured)).split("\n")
    assert max(cell_len(line) for line in lines) <= width
    if not coloured:
        assert "".join(lines).replace(" ", "").count("supercalifragilistic") == 4


@pytest.mark.parametrize("coloured", [True, False])
@pytest.mark.usefixtures("language")
def test_the_legend_is_one_line(coloured: bool) -> None:
    lines = STYLE.sub("", printed(labelled_row(TALK), 80, force_terminal=coloured)).split("\n")
    assert "⏎" in lines[2] and "\\x1b" in lines[2] and lines[3] == ""


@pytest.mark.parametrize("coloured", [True, False])
def test_hostile_text_never_reaches_the_terminal_raw(coloured: bool) -> None:
    row = labelled_row(
        sample(HOSTILE, f"({HOSTILE})", name=HOSTILE), id=HOSTILE, model=HOSTILE, system=HOSTILE,
        untrained=(untrained("too_long", 1),),
    )  # fmt: skip
    text = STYLE.sub("", printed(row, 400, force_terminal=coloured))
    assert not [c for c in text if c != "\n" and not c.isprintable()]
    assert "\\x1b[2J\\x1b]0;t\\x07\\u202edi\\u2066\\u200b\\u2028\\x85\\r\\t\\x9b" in text
    assert "[red]{{ 7 }}" in text


def test_marks_of_the_row_do_not_look_like_ours() -> None:
    text = printed(labelled_row(sample("a⟧", "(b⟧c⟦d)", "⟦e"))).partition("learnt\n")[2]
    assert text == "a\\u27e7⟦b\\u27e7c\\u27e6d⟧\\u27e6e\n"
    assert "a⟧b⟧c⟦d⟦e" in STYLE.sub("", printed(labelled_row(sample("a⟧", "(b⟧c⟦d)", "⟦e")), force_terminal=True))


def test_what_is_harmless_is_shown_as_it_is() -> None:
    harmless = "全角\u3000空格\u00a0é e\u0301 😀 Ω ﷽ | 100% \\n"
    assert harmless in printed(labelled_row(sample(harmless)), 200)


SAYS = [
    (
        {"samples": (sample("(a)", messages_cut=4),)},
        Bilingual(
            "cut to fit max_tokens 64: the 4 oldest messages are left out",
            "为不超过 max_tokens（64），已截去最早的 4 条消息",
        ),
    ),
    (
        {"untrained": (untrained("template_refuses"),)},
        Bilingual(
            "this row is not trained on: with turns that the chat template refuses",
            "这一行不训练：不被对话模板接受",
        ),
    ),
    (
        {"untrained": (untrained("too_long", 2),)},
        Bilingual("answer 2 is not trained on: longer than max_tokens", "第 2 个回答不训练：超过 max_tokens"),
    ),
    (
        {"thought_left_out": True},
        Bilingual(
            "an answer holds a thought (<think>) that is left out (thinking: off)",
            "有回答带有思考过程（<think>），已略去（thinking: off）",
        ),
    ),
    ({"system": ""}, Bilingual("system empty", "system 空")),
    (
        {"system": "Be\nkind, and brief, and so on"},
        Bilingual("“Be⏎kind, and brief, and …”", "“Be⏎kind, and brief, and …”"),
    ),
]


@pytest.mark.parametrize(("facts", "sentence"), SAYS)
def test_what_is_cut_and_left_out_is_said(facts: dict[str, Any], sentence: Bilingual, language: Language) -> None:
    assert {"en": sentence.en, "zh": sentence.zh}[language] in printed(labelled_row(**facts), 100)
    assert str(sentence) not in printed(labelled_row(TALK), 100)
