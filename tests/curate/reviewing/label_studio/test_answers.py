"""From annotations to opinions: what comes back is not trusted."""

import math
from typing import Any

import pytest

from curate.reviewing.label_studio.answers import opinion
from curate.reviewing.label_studio.served import ServerAnnotation
from schemas.review import Opinion, ReviewTask
from tests.curate.reviewing.label_studio.tasks import chosen, conflict_task, review_task, written

PEOPLE = {1: "wang@example.com", 2: ""}
MADE = "2026-11-30T20:05:17.590811Z"
OWN = f"{7:032x}"
RECORD, CONFLICT = review_task(1, "问一", "答一", "问二", " 答二\r\n完 "), conflict_task(7)


def read(task: ReviewTask, *result: Any, **more: Any) -> Opinion | None:
    annotation = ServerAnnotation(id=5, result=list(result), completed_by=1, created_at=MADE, updated_at=MADE)
    return opinion(task, annotation.model_copy(update=more), 3, PEOPLE)


@pytest.mark.parametrize(
    ("result", "verdict", "answers"),
    [
        ([chosen("verdict", "accept")], "accept", {}),
        ([chosen("verdict", "通过")], "accept", {}),
        ([chosen("verdict", "unsure")], "unsure", {}),
        ([chosen("verdict", "accept"), written("answer_0", "改过又不要了")], "accept", {}),
        ([chosen("verdict", "edit"), written("answer_0", "答二\n完")], "accept", {}),
        ([chosen("verdict", "edit"), written("answer_0", "答二\r\n完 "), written("answer_1", "答一")], "accept", {}),
        ([chosen("verdict", "edit"), written("answer_0", "新\r\n答")], "edit", {1: "新\n答"}),
        ([chosen("verdict", "edit"), written("answer_0", "x"), written("answer_1", "y")], "edit", {1: "x", 2: "y"}),
        ([chosen("verdict", "edit"), written("answer_0", " "), written("answer_1", "y")], "edit", {2: "y"}),
        ([chosen("verdict", "edit")], "unsure", {}),
        ([chosen("verdict", "edit"), written("answer_7", "没有这一轮")], "unsure", {}),
    ],
)
def test_a_verdict_on_a_record_is_understood(result: list[Any], verdict: str, answers: dict[int, str]) -> None:
    found = read(RECORD, *result)
    assert found and (found.verdict, found.answers, found.holds) == (verdict, answers, ())


@pytest.mark.parametrize(
    ("result", "verdict", "holds", "answers"),
    [
        ([chosen("verdict", "accept"), chosen("holds", "2", "0")], "accept", (f"{0:032x}", "f" * 32), {}),
        ([chosen("verdict", "accept")], "unsure", (), {}),
        ([chosen("verdict", "accept"), chosen("holds", "3", "-1", "A", "")], "unsure", (), {}),
        ([chosen("verdict", "reject"), chosen("holds", "1")], "reject", (), {}),
        ([chosen("verdict", "unsure"), chosen("holds", "1")], "unsure", (), {}),
        (
            [chosen("verdict", "edit"), chosen("edited", "1"), written("answer_1", "九点。")],
            "accept",
            (f"{7:032x}",),
            {},
        ),
        (
            [chosen("verdict", "edit"), chosen("edited", "2"), written("answer_2", "新"), written("answer_0", "别的")],
            "edit",
            ("f" * 32,),
            {1: "新"},
        ),
        ([chosen("verdict", "edit"), written("answer_2", "新")], "unsure", (), {}),
        ([chosen("verdict", "edit"), chosen("edited", "2")], "unsure", (), {}),
    ],
)
def test_a_verdict_on_a_conflict_is_understood(
    result: list[Any], verdict: str, holds: tuple[str, ...], answers: dict[int, str]
) -> None:
    found = read(CONFLICT, *result)
    assert found and (found.verdict, found.holds, found.answers) == (verdict, holds, answers)


@pytest.mark.parametrize(
    "result",
    [
        [],
        [chosen("verdict")],
        [chosen("verdict", "perhaps")],
        [{"from_name": "verdict", "value": None}],
        [{"from_name": "verdict", "value": {"choices": [{"accept": 1}, 7, None]}}],
        [{"from_name": "verdict", "value": {"choices": {"accept": 1}}}],
        ["accept", 1, None, []],
    ],
)
def test_what_has_no_verdict_is_no_opinion(result: list[Any]) -> None:
    assert read(RECORD, *result) is None
    assert read(CONFLICT, *result) is None


def test_a_result_that_is_no_list_is_no_opinion() -> None:
    assert not [one for one in (None, {}, "accept", 7) if read(RECORD, result=one)]


def test_skipping_says_that_one_cannot_tell() -> None:
    found = read(RECORD, chosen("verdict", "accept"), was_cancelled=True)
    assert found and found.verdict == "unsure"


def test_reasons_belong_to_a_rejection_and_are_known_ones() -> None:
    reasons = chosen("reasons", "abusive", "自己加的", "wrong_fact")
    found = read(RECORD, chosen("verdict", "reject"), reasons)
    assert found and found.reasons == ("wrong_fact", "abusive", "other")
    found = read(RECORD, chosen("verdict", "accept"), reasons)
    assert found and found.reasons == ()


@pytest.mark.parametrize(
    ("field", "value", "name", "expected"),
    [
        ("completed_by", 1, "by", "wang@example.com"),
        ("completed_by", {"id": 1, "email": "other@example.com"}, "by", "wang@example.com"),
        ("completed_by", 2, "by", "label-studio:2"),
        ("completed_by", 99, "by", "label-studio:99"),
        ("completed_by", None, "by", ""),
        ("completed_by", "wang", "by", ""),
        ("updated_at", MADE, "at", "2026-11-30T20:05:17.590811+00:00"),
        ("updated_at", "yesterday", "at", ""),
        ("updated_at", None, "at", ""),
        ("lead_time", 2.5, "seconds", 2.5),
        ("lead_time", -1.0, "seconds", None),
        ("lead_time", math.nan, "seconds", None),
        ("lead_time", math.inf, "seconds", None),
        ("lead_time", None, "seconds", None),
    ],
)
def test_who_when_and_how_long_are_read(field: str, value: Any, name: str, expected: Any) -> None:
    found = read(RECORD, chosen("verdict", "accept"), **{field: value})
    assert found and getattr(found, name) == expected


def test_an_annotation_that_is_changed_keeps_its_origin_and_another_has_its_own() -> None:
    first = read(RECORD, chosen("verdict", "accept"))
    changed = read(RECORD, chosen("verdict", "unsure"), updated_at="2026-12-01T00:00:00Z")
    reused = read(RECORD, chosen("verdict", "accept"), created_at="2026-12-01T00:00:00Z")
    assert first and changed and reused
    assert first.origin.startswith("label-studio:3:5:")
    assert first.origin == changed.origin != reused.origin


def test_texts_that_cannot_be_written_are_made_so() -> None:
    found = read(RECORD, chosen("verdict", "edit"), written("answer_0", "半个\ud83d\x00"), written("note", "\udfff"))
    assert found and (found.answers, found.note) == ({1: "半个?\ufffd"}, "?")
    assert found.model_dump_json().encode()
