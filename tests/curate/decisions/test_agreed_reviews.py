"""Tests of what holds when people decide: the newest of each, all of them or most of three, and nobody in silence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.decisions.agreed_reviews import ReviewsById, agree, edited, judge_record
from schemas.errors import InputError
from schemas.review import ReviewDecision, shown_digest

ID = "a" * 32


def line(verdict: str, by: str = "", text: str = "", **more: Any) -> ReviewDecision:
    answer = {"answer": text} if text else {}
    return ReviewDecision.model_validate({"id": ID, "verdict": verdict, "by": by, **answer, **more})


def talk(*texts: str) -> list[dict[str, Any]]:
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


QUESTION = talk("几点开门？", "九点。")
SHOWN = (shown_digest(QUESTION),)


@pytest.mark.parametrize(
    ("decisions", "verdict", "undecided"),
    [
        ([line("accept", "an")], "accept", None),
        ([line("accept", "an"), line("reject", "an")], "reject", None),
        ([line("accept", "an"), line("reject", "bo")], None, "disagreement"),
        ([line("accept", "an"), line("edit", "bo", "十点。")], None, "disagreement"),
        ([line("edit", "an", "九点。"), line("edit", "bo", "十点。")], None, "disagreement"),
        ([line("edit", "an", "十点。\r\n"), line("edit", "bo", "十点。")], "edit", None),
        ([line("accept", "an"), line("reject", "bo"), line("reject", "cy")], "reject", None),
        ([line("accept", "an"), line("reject", "bo"), line("edit", "cy", "十点。")], None, "disagreement"),
        ([line("accept", "an"), line("reject", "bo"), line("unsure", "cy")], None, "disagreement"),
        ([line("unsure", "an"), line("reject", "bo")], "reject", None),
        ([line("unsure", "an")], None, "unsure"),
        ([line("accept", a) for a in "ab"] + [line("reject", c) for c in "cd"], None, "disagreement"),
    ],
)
def test_what_people_agree_on(decisions: list[ReviewDecision], verdict: str | None, undecided: str | None) -> None:
    agreed = agree(decisions)
    assert (agreed.verdict, agreed.undecided) == (verdict, undecided)


def test_the_judge_decides_where_people_differ_and_only_when_sure() -> None:
    differing = [line("accept", "an"), line("reject", "bo")]
    assert agree([*differing, line("reject", "boss")], judge="boss")[:1] == ("reject",)
    assert agree([*differing, line("unsure", "boss")], judge="boss").undecided == "disagreement"
    assert agree(differing, judge="boss").undecided == "disagreement"


def test_as_many_people_as_the_recipe_asks_for() -> None:
    assert agree([line("accept", "an")], people=2).undecided == "too_few"
    assert agree([line("accept", "an"), line("accept", "an")], people=2).undecided == "too_few"
    assert agree([line("accept", "an"), line("accept", "bo")], people=2).verdict == "accept"


def test_a_decision_about_another_text_is_not_done_and_not_lost() -> None:
    judged = judge_record(talk("几点开门？", "十点。"), [line("reject", shown=SHOWN)])
    assert (judged.steps, judged.outdated) == ((), True)
    judged = judge_record(QUESTION, [line("reject", shown=SHOWN)])
    assert (judged.steps[0].verdict, judged.outdated) == ("reject", False)


def test_a_decision_that_names_no_text_holds_for_any() -> None:
    assert judge_record(talk("几点开门？", "十点。"), [line("reject")]).steps[0].verdict == "reject"


def test_an_edit_of_an_edit_is_done_too() -> None:
    second = (shown_digest(talk("几点开门？", "十点。")),)
    decisions = [line("edit", "an", "十点。", shown=SHOWN), line("edit", "bo", "早上十点。", shown=second)]
    judged = judge_record(QUESTION, decisions)
    assert [message["content"] for message in judged.messages] == ["几点开门？", "早上十点。"]
    assert [step.by for step in judged.steps] == ["an", "bo"]
    assert not judged.outdated


def test_who_edits_back_and_forth_comes_to_an_end() -> None:
    second = (shown_digest(talk("几点开门？", "十点。")),)
    decisions = [line("edit", "an", "十点。", shown=SHOWN), line("edit", "bo", "九点。", shown=second)]
    assert judge_record(QUESTION, decisions).messages == QUESTION


def test_an_edit_that_changed_its_mind_leaves_what_was_said_of_the_first_outdated() -> None:
    second = (shown_digest(talk("几点开门？", "十点。")),)
    decisions = [line("edit", "an", "十一点。", shown=SHOWN), line("reject", "bo", shown=second)]
    judged = judge_record(QUESTION, decisions)
    assert (judged.messages[1]["content"], judged.outdated) == ("十一点。", True)


def test_turns_are_counted_from_the_end() -> None:
    four = talk("在吗？", "在。", "几点开门？", "九点。")
    assert [m["content"] for m in edited(four, {2: "在的。"})] == ["在吗？", "在的。", "几点开门？", "九点。"]
    assert [m["content"] for m in edited(four, {1: "十点。", 9: "无"})] == ["在吗？", "在。", "几点开门？", "十点。"]
    assert [m["content"] for m in edited(talk("在吗？"), {1: "在的。"})] == ["在吗？", "在的。"]


def test_an_id_that_is_cut_short_names_one_record_or_none() -> None:
    reviews = ReviewsById([line("reject", id="abcdef12"), line("accept", id="b" * 32)])
    assert [line.verdict for line in reviews.of("abcdef12" + "0" * 24)] == ["reject"]
    assert reviews.of("c" * 32) == []
    reviews.check_unique(["abcdef12" + "0" * 24, "b" * 32])
    for lines in (reviews, ReviewsById([line("reject", id="abcdef12")])):
        with pytest.raises(InputError, match="abcdef12, and 2 records begin so"):
            lines.check_unique(["abcdef12" + "0" * 24, "abcdef12" + "1" * 24])


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("通过", "accept"), ("拒绝", "reject"), ("看不准", "unsure"), (" Accept ", "accept"), ("不通过", "reject")],
)
def test_verdicts_in_the_words_of_people(word: str, verdict: str) -> None:
    assert line(word).verdict == verdict


PEOPLE = st.sampled_from(["an", "bo", "cy", "di"])
LINES = st.lists(st.tuples(PEOPLE, st.sampled_from(["accept", "reject", "unsure"])), max_size=12)


@given(LINES)
def test_the_order_in_which_people_speak_does_not_matter(lines: list[tuple[str, str]]) -> None:
    """Only that in which one of them does."""
    newest = dict(lines)
    agreed = agree([line(verdict, by) for by, verdict in lines])
    assert agree([line(verdict, by) for by, verdict in sorted(newest.items(), reverse=True)])[0] == agreed.verdict


@given(LINES)
def test_nobody_wins_against_as_many(lines: list[tuple[str, str]]) -> None:
    agreed = agree([line(verdict, by) for by, verdict in lines])
    votes = list(dict(lines).values())
    if agreed.verdict is not None:
        other = "accept" if agreed.verdict == "reject" else "reject"
        assert votes.count(agreed.verdict) > votes.count(other)
