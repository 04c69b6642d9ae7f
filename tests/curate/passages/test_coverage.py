"""The score of a question is the share of it that the best exchange holds, and means the same in any book."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.passages.coverage import Nearest, nearest
from curate.passages.exchanges import exchanges
from curate.passages.terms import BATCH, terms
from schemas.frame import frame_of
from tests.curate.records import record


def book(*texts: str) -> pl.DataFrame:
    ids = [f"r{n:02}" for n in range(len(texts))]
    return pl.DataFrame({"id": ids, "text": texts}, schema={"id": pl.String, "text": pl.String})


OTHERS = ("退款几天到账", "今天发货吗", "how long does shipping take", "can I change my address")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("支持花呗分期吗", "请问支持花呗分期吗\n可以的"),
        ("支持花呗分期吗", "怎么付款\n支持分期，也支持花呗分期"),  # in the answer
        ("支持花呗分期吗", "支持花唄分期嗎\n可以"),  # traditional characters
        ("表带是纯素皮的吗", "我想问下，表带是不是纯素皮的？\n是"),  # silent words in between
        ("do you take Klarna", "Klarna: which shops take it?\nOurs."),
        ("are refunds slow", "refund, slow\nSorry."),  # a plural
        ("is it slow to refund", "SLOW ＲＥＦＵＮＤＳ\nSorry."),
        ("don't you take klarna?", "takes Klarna’s plan\nyes"),
        ("买iPhone吗", "买 iphone\n好"),
    ],
)
def test_an_exchange_that_holds_all_of_a_question_scores_1(question: str, text: str) -> None:
    assert nearest([question], book(*OTHERS, text)) == [Nearest("r04", 1.0)]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("支持花呗分期吗", "你们是在哪里的呢\n您好，可以的"),  # only silent words
        ("what do you have for me, a ring", "do you what\nno"),
        ("any art", "my cart is partly smart\nok"),  # inside other words
        ("gas", "glass\nok"),
        ("bus", "busy buses\nok"),
        ("pay in 3", "30 or 13\nok"),
        ("花呗", "唄\n好"),
        ("纯素", "\n"),
    ],
)
def test_what_only_looks_like_it_scores_0(question: str, text: str) -> None:
    assert nearest([question], book("x y z", "甲乙丙", text.replace("唄", "贝"))) == [Nearest(None, 0.0)]


def test_what_is_rare_in_the_book_counts_for_more() -> None:
    common = [f"退款 {n} 号\n好" for n in range(30)]
    of_common, of_rare = nearest(["花呗 退款"], book(*common))[0], nearest(["花呗 退款"], book(*common, "花呗\n好"))[0]
    assert of_common.score < 0.2 < 0.8 < of_rare.score < 1


def test_nothing_comes_near_in_an_empty_book_and_nothing_is_asked_of_no_questions() -> None:
    assert nearest(["支持花呗分期吗"], book()) == [Nearest(None, 0.0)]
    assert nearest([], book(*OTHERS)) == []


def test_a_question_of_silent_words_alone_keeps_them() -> None:
    assert nearest(["有没有呢", "what is it"], book(*OTHERS, "有没有呢\n没有", "what is it\nthat")) == [
        Nearest("r04", 1.0), Nearest("r05", 1.0),
    ]  # fmt: skip
    assert all(terms(["有没有呢", "what is it", "吗"]))


def test_of_equal_exchanges_the_first_id_counts_and_the_order_of_the_book_does_not() -> None:
    frame = book("花呗分期\n好", *OTHERS, "花呗分期\n可以", "分期\n好")
    found = nearest(["支持花呗分期吗", "分期"], frame)
    assert [one.id for one in found] == ["r00", "r00"]
    assert nearest(["支持花呗分期吗", "分期"], frame.reverse()) == found


def test_what_is_said_again_and_again_counts_once() -> None:
    frame = book(*OTHERS, "花呗\n好", "分期\n好")
    again = pl.concat([frame, frame.with_columns(id=pl.lit("z") + pl.col("id"))])
    questions = ["支持花呗分期吗", "how long is shipping", "退款地址"]
    assert nearest(questions, again) == nearest(questions, frame)


def test_an_exchange_behind_many_others_is_found() -> None:
    texts = [f"第{n}单\n好" for n in range(BATCH)]
    frame = pl.DataFrame({"id": [f"{n:06}" for n in range(BATCH + 1)], "text": [*texts, "支持花呗分期吗\n可以"]})
    assert nearest(["支持花呗分期吗"], frame) == [Nearest(f"{BATCH:06}", 1.0)]


WORDS = st.sampled_from(
    ["花呗", "分期", "支持", "吗", "退款", "的", "几天", "pay", "refunds", "the", "3", "iPhone", "，", "？"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(SENTENCES, st.lists(SENTENCES, max_size=6), SENTENCES, SENTENCES)
def test_a_question_that_stands_in_the_book_word_for_word_scores_1(
    question: str, others: list[str], before: str, after: str
) -> None:
    held = nearest([question], book(*others, f"{before}。{question}\n{after}"))
    assert [one.score for one in held] == [1.0 if any(terms([question])) else 0.0]


@given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(max_size=40), max_size=4))
def test_a_score_lies_between_0_and_1_whatever_is_written(questions: list[str], texts: list[str]) -> None:
    for one in nearest(questions, book(*texts)):
        assert 0 <= one.score <= 1 and (one.id is None) == (one.score == 0)


def turns(*roles: str) -> list[dict[str, Any]]:
    return [{"role": role, "content": f"{role[0]}{n}"} for n, role in enumerate(roles)]


@pytest.mark.parametrize(
    ("roles", "texts"),
    [
        (["user", "assistant"], ["u0\na1"]),
        (["system", "user", "assistant", "user", "assistant"], ["u1\na2", "u3\na4"]),
        (["user"], []), (["assistant", "user"], []), (["user", "assistant", "user"], ["u0\na1"]),
        (["user", "user", "assistant"], ["u1\na2"]),
    ],
)  # fmt: skip
def test_an_exchange_is_a_question_with_the_answer_behind_it(roles: list[str], texts: list[str]) -> None:
    before = record("a", "问", None)
    found = exchanges(frame_of([before, {**before, "id": "b", "messages": turns(*roles)}, {**before, "id": "c"}]))
    assert found.rows() == [("b", text) for text in texts]


def test_an_answer_of_another_record_answers_nothing() -> None:
    first, second = record("a", "问", None), record("b", "问", None)
    second["messages"] = turns("assistant", "user")
    assert exchanges(frame_of([first, second])).rows() == []
    assert exchanges(frame_of([])).rows() == []
