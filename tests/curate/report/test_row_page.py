"""The page of a row shows every token with its number, runs nothing of the row and fetches nothing."""

import html
import re
from html.parser import HTMLParser

import pytest

from curate.report.row_page import render_row
from schemas.bilingual import Bilingual, Language, speaking
from schemas.labelled_row import LabelledRow, Piece
from tests.curate.labelled_rows import HOSTILE, labelled_row, sample, untrained
from tests.curate.report.test_report import MANIFEST

ORIGIN = Bilingual("defaults", "默认设置")
TALK = sample("|user|", "\n", "退", "(可)", "(|end|)", name="r0#2", messages_cut=2)


class Spans(HTMLParser):
    """The tokens of a page: class, title and text of each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.tags: set[str] = set()
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        facts = dict(attrs)
        assert not [name for name in facts if name in ("src", "href") or name.startswith("on")]
        if tag == "span" and facts.get("title"):
            self.is_inside = True
            self.found.append([facts.get("class") or "", facts["title"] or "", ""])

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "span"

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.found[-1][2] += data


def spans(page: str) -> Spans:
    parser = Spans()
    parser.feed(page)
    return parser


def rendered(row: LabelledRow, language: Language = "en") -> str:
    speaking.set(language)
    try:
        return render_row(row, MANIFEST, ORIGIN)
    finally:
        speaking.set("en")


def test_every_token_has_its_number_and_says_whether_it_is_learnt() -> None:
    assert spans(rendered(labelled_row(TALK))).found == [
        ["control", "token 1: not learnt, control token", "|user|"],
        ["", "token 2: not learnt", "⏎\n"],
        ["", "token 3: not learnt", "退"],
        ["learnt", "token 4: learnt", "可"],
        ["learnt control", "token 5: learnt, control token", "|end|"],
    ]


def test_tokens_that_share_a_character_have_their_numbers() -> None:
    row = labelled_row(sample("a"))
    spread = Piece(text="退", tokens=3, learnt=True, control=False)
    shared = row.samples[0].model_copy(update={"pieces": (*row.samples[0].pieces, spread, *row.samples[0].pieces)})
    found = spans(rendered(row.model_copy(update={"samples": (shared,)}), "zh")).found
    assert [title for _, title, _ in found] == ["第 1 个词元：不学习", "第 2–4 个词元：学习", "第 5 个词元：不学习"]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("row 3 of 7: r0 (domain)", "defaults: model smollm2, system none", "r0#2: 5 tokens, 2 of them learnt",
                "the 2 oldest messages are left out", "answer 1 is not trained on", "Hover over a token", 'lang="en"')),
        ("zh", ("第 3 行（共 7 行）：r0（业务）", "默认设置：model smollm2，system 无", "r0#2：5 个词元，其中学习 2 个",
                "已截去最早的 2 条消息", "第 1 个回答不训练", "鼠标停在词元上", 'lang="zh-CN"')),
    ],
)  # fmt: skip
def test_the_page_says_what_the_terminal_says(language: Language, sentences: tuple[str, ...]) -> None:
    page = html.unescape(rendered(labelled_row(TALK, untrained=(untrained("too_long", 1),)), language))
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_a_row_that_is_not_trained_on_has_no_tokens_and_a_reason() -> None:
    page = rendered(labelled_row(untrained=(untrained("only_thinking"),)))
    assert spans(page).found == [] and "with a thought in the place of an answer" in page


def test_hostile_text_cannot_run_and_nothing_is_fetched() -> None:
    row = labelled_row(sample(HOSTILE, f"({HOSTILE})", name=HOSTILE), id=HOSTILE, model=HOSTILE, system=HOSTILE)
    page = rendered(row)
    parser = spans(page)
    assert not parser.tags & {"script", "img", "link", "iframe", "object", "form"}
    assert "default-src 'none'" in page and not re.findall(r"url\(|@import", page)
    assert not [c for c in page if c != "\n" and not c.isprintable()]
    assert [text for _, _, text in parser.found] == [parser.found[0][2]] * 2
    assert "\\u202edi" in parser.found[0][2] and "<script>alert(1)</script>" in parser.found[0][2]
    assert "{{ 7 }}" in page
