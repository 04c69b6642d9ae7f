"""What the cells of a row mean together, as people fill them in."""

from typing import Any

import pytest

from curate.reviewing.sheets.decide import NOTHING_YET, Meaning, decide
from curate.reviewing.sheets.journal import SentRow
from curate.reviewing.sheets.shown_rows import letters_of, shown_row
from curate.reviewing.sheets.verdict_cells import Misread
from schemas.review import ReviewTask
from tests.curate.reviewing.sheets.sample import DAYS, TASKS, task

RECORD, TALK, CONFLICT = TASKS[0], TASKS[4], TASKS[5]
A, B, C = CONFLICT.id, DAYS[0].id, DAYS[1].id
SHOWN = RECORD.messages[-1].content


def decided(one: ReviewTask, **cells: str) -> Meaning | Misread:
    row = SentRow(number=1, key=one.key, asked=one.asked, id=one.id, shown={}, letters=letters_of(one))
    return decide(cells, row, one)


def says(verdict: str, answers: dict[int, str] | None = None, holds: tuple[str, ...] = ()) -> tuple[Any, ...]:
    return verdict, answers or {}, holds


def meant(one: ReviewTask, **cells: str) -> tuple[Any, ...]:
    found = decided(one, **cells)
    assert isinstance(found, Meaning) and found.opinion is not None
    return says(found.opinion.verdict, found.opinion.answers, found.opinion.holds)


@pytest.mark.parametrize(
    ("cells", "opinion"),
    [
        ({"verdict": "通过"}, says("accept")),
        ({"verdict": "修改", "new_answer": "新的"}, says("edit", {1: "新的"})),
        ({"verdict": "通过", "new_answer": "新的"}, says("edit", {1: "新的"})),
        ({"new_answer": "新的"}, says("edit", {1: "新的"})),
        ({"verdict": "修改", "new_answer": SHOWN}, says("accept")),
        ({"verdict": "修改", "new_answer": f" {SHOWN}\r\n"}, says("accept")),
        ({"verdict": "通过", "new_answer": SHOWN}, says("accept")),
        ({"verdict": "拒绝", "new_answer": SHOWN}, says("reject")),
        ({"verdict": "修改", "new_answer": f"{SHOWN}！"}, says("edit", {1: f"{SHOWN}！"})),
        ({"verdict": "拒绝", "reason": "other", "note": "错"}, says("reject")),
        ({"verdict": "看不准", "note": "问财务"}, says("unsure")),
        ({"verdict": "通过", "holds": "B"}, says("accept")),  # of one answer there are no letters
    ],
)
def test_a_record_is_decided_as_people_mean_it(cells: dict[str, str], opinion: tuple[Any, ...]) -> None:
    assert meant(RECORD, **cells) == opinion


@pytest.mark.parametrize(
    "cells",
    [
        {"verdict": "修改"},
        {"verdict": "修改", "new_answer": " "},
        {"new_answer": SHOWN},
        {"reason": "other"},
        {"note": "要问财务"},
        {"verdict": "待定", "note": "要问财务"},
    ],
)
def test_what_is_begun_is_not_decided(cells: dict[str, str]) -> None:
    assert decided(RECORD, **cells) == NOTHING_YET


@pytest.mark.parametrize(
    "cells",
    [
        {"verdict": "拒绝", "new_answer": "新的"},
        {"verdict": "看不准", "new_answer": "新的"},
        {"verdict": "也许"},
        {"verdict": "修改", "new_answer": "阿" * 32_767},
        {"verdict": "修改", "other_turns": "[7] 您好"},
    ],
)
def test_what_may_mean_either_is_refused(cells: dict[str, str]) -> None:
    assert isinstance(decided(RECORD, **cells), Misread)


def test_a_new_answer_alone_is_said_to_be_taken_as_an_edit() -> None:
    for cells, assumed in (({}, True), ({"verdict": "通过"}, True), ({"verdict": "修改"}, False)):
        found = decided(RECORD, new_answer="新的", **cells)
        assert isinstance(found, Meaning) and found.assumed == assumed


def test_earlier_answers_are_edited_by_their_numbers_in_the_sheet() -> None:
    both = says("edit", {1: "我们出。", 3: "您好。"})
    assert meant(TALK, verdict="修改", new_answer="我们出。", other_turns="[1] 您好。") == both
    assert meant(TALK, verdict="修改", other_turns="[2] 能退。") == says("edit", {2: "能退。"})
    assert meant(TALK, verdict="修改", other_turns="[2] 7天内可以退。") == says("accept")
    assert meant(TALK, verdict="修改", other_turns="[2] 7天内可以退。 [1] 您好。") == says("edit", {3: "您好。"})
    assert isinstance(decided(TALK, verdict="拒绝", other_turns="[2] 能退。"), Misread)


@pytest.mark.parametrize(
    ("cells", "opinion"),
    [
        ({"holds": "B"}, says("accept", holds=(B,))),
        ({"verdict": "通过", "holds": "A"}, says("accept", holds=(A,))),
        ({"verdict": "通过", "holds": "C、A"}, says("accept", holds=(A, C))),
        ({"verdict": "通过", "holds": "都行"}, says("accept", holds=(A, B, C))),
        ({"verdict": "拒绝", "holds": "B"}, says("accept", holds=(B,))),
        ({"verdict": "拒绝"}, says("reject")),
        ({"verdict": "拒绝", "holds": "none"}, says("reject")),
        ({"holds": "都不行"}, says("reject")),
        ({"verdict": "看不准"}, says("unsure")),
        ({"verdict": "修改", "new_answer": "48小时。"}, says("edit", {1: "48小时。"}, (A,))),
        ({"verdict": "修改", "holds": "B", "new_answer": "48小时。"}, says("edit", {1: "48小时。"}, (B,))),
        ({"holds": "B", "new_answer": "48小时。"}, says("edit", {1: "48小时。"}, (B,))),
        ({"verdict": "修改", "holds": "B", "new_answer": DAYS[0].answer}, says("accept", holds=(B,))),
        ({"verdict": "修改", "holds": "A", "new_answer": DAYS[0].answer}, says("edit", {1: DAYS[0].answer}, (A,))),
    ],
)
def test_a_conflict_is_decided_as_people_mean_it(cells: dict[str, str], opinion: tuple[Any, ...]) -> None:
    assert meant(CONFLICT, **cells) == opinion


@pytest.mark.parametrize(
    "cells",
    [
        {"verdict": "通过", "holds": "none"},
        {"verdict": "拒绝", "holds": "A"},
        {"verdict": "拒绝", "holds": "A, B"},
        {"verdict": "看不准", "holds": "B"},
        {"verdict": "修改", "holds": "A, B", "new_answer": "48小时。"},
        {"verdict": "修改", "holds": "none", "new_answer": "48小时。"},
        {"verdict": "拒绝", "new_answer": "48小时。"},
        {"verdict": "通过", "holds": "D"},
    ],
)
def test_a_conflict_that_contradicts_itself_is_refused(cells: dict[str, str]) -> None:
    assert isinstance(decided(CONFLICT, **cells), Misread)


@pytest.mark.parametrize(
    "cells", [{"verdict": "通过"}, {"verdict": "修改"}, {"note": "问"}, {"verdict": "修改", "holds": "B"}]
)
def test_a_conflict_without_a_letter_is_not_decided(cells: dict[str, str]) -> None:
    assert decided(CONFLICT, **cells) == NOTHING_YET


def test_characters_that_a_program_lost_are_seen() -> None:
    thanks = TASKS[11]
    back = {"answer": "不客气??，祝您愉快??", "verdict": "修改"}
    assert isinstance(decided(thanks, new_answer="不客气??，再见", **back), Misread)
    whole = {"answer": thanks.messages[-1].content, "verdict": "修改"}
    assert meant(thanks, new_answer="不客气??，再见", **whole) == says("edit", {1: "不客气??，再见"})
    assert meant(thanks, new_answer="不客气，再见", **back) == says("edit", {1: "不客气，再见"})


def test_a_conversation_that_nobody_answered_gets_an_answer() -> None:
    asked = task(60, [("user", "在吗"), ("assistant", "在的。"), ("user", "能退吗")])
    assert shown_row(asked, "zh")["answer"] == "（没有回答）"
    assert shown_row(asked, "zh")["conversation"] == "客户：在吗\n客服[1]：在的。\n客户：能退吗"
    assert meant(asked, verdict="修改", new_answer="能。") == says("edit", {1: "能。"})
    assert meant(asked, verdict="修改", new_answer="能。", other_turns="[1] 您好。") == says(
        "edit", {1: "能。", 2: "您好。"}
    )
    assert isinstance(decided(asked, verdict="修改", other_turns="[1] 您好。"), Misread)
    assert meant(task(61, [("user", "在吗")]), new_answer="在。") == says("edit", {1: "在。"})


def test_earlier_turns_are_those_of_the_answer_shown() -> None:
    talk = TALK.model_copy(update={"asked": "conflict", "others": DAYS})
    other = says("edit", {3: "您好。"}, (talk.id,))
    assert meant(talk, verdict="修改", holds="A", other_turns="[1] 您好。") == other
    assert isinstance(decided(talk, verdict="修改", holds="B", other_turns="[1] 您好。"), Misread)
