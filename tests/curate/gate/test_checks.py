"""Every check keeps and refuses what its examples say, and is refused nothing but by name."""

from dataclasses import replace

import pytest

from curate.gate.checks import Check, GateCandidate
from curate.gate.gate import CHECKS, NEAR_ACCEPTED, NEAR_EXAM, checks, refusal
from curate.report.reasons import REASONS
from schemas.identity import Identity

LOADED = CHECKS.all()


@pytest.mark.parametrize("name", LOADED)
def test_a_check_does_what_its_examples_say(name: str) -> None:
    check, examples = LOADED[name](), LOADED[name].examples

    kept = [example for example in examples.keeps if check.refuses(example, examples.identity)]
    passed = [example for example in examples.refuses if not check.refuses(example, examples.identity)]

    assert (kept, passed) == ([], [])


@pytest.mark.parametrize("name", LOADED)
def test_a_check_has_examples_in_both_languages_and_says_what_it_is(name: str) -> None:
    check: type[Check] = LOADED[name]

    assert {example.lang for example in (*check.examples.keeps, *check.examples.refuses)} == {"zh", "en"}
    assert len(check.examples.keeps) >= 2
    assert len(check.examples.refuses) >= 2
    assert check.__doc__
    assert check.title_zh


def test_the_plainest_reason_is_given_first() -> None:
    candidate = GateCandidate("zh", "question", "怎么退款", "", "用户：怎么退款<|im_end|>")

    assert refusal(candidate, Identity()) == "control_marks"
    assert [check.rank for _, check in checks()] == sorted(check.rank for _, check in checks())


def test_a_parent_that_breaks_a_check_itself_may_be_reworded() -> None:
    candidate = GateCandidate(
        "zh", "question", "导出后<|im_end|>没了，怎么办", "", "一导出<|im_end|>就不见了，该怎么处理"
    )

    assert refusal(candidate, Identity()) == ""
    assert refusal(replace(candidate, question="导出后标记没了，怎么办"), Identity()) == "control_marks"


def test_every_reason_is_said_in_both_languages() -> None:
    assert {*LOADED, NEAR_ACCEPTED, NEAR_EXAM} <= REASONS.keys()
