"""Known failures are found in the numbers of a plan, with a setting that mends them; sound plans pass."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import Identity, Names
from schemas.job import TrainSettings
from schemas.plan_findings import plan_findings
from schemas.training_plan import CountedRow, Dose, OwnNames, TrainingPlan, doses_of, training_plan

SOUND = {
    ("domain", "zh"): 300, ("domain", "en"): 300, ("general", "zh"): 40, ("general", "en"): 40,
    ("identity", "zh"): 120, ("identity", "en"): 120,
}  # fmt: skip


def dose(kind: str, lang: str, rows: int, **facts: int) -> Dose:
    usual = {"distinct": rows, "label_tokens": 20 * rows, "naming": 0, "negatives": 0}
    if kind == "identity":
        usual |= {"naming": rows - rows // 3, "negatives": rows // 3}
    return Dose(kind=kind, lang=lang, rows=rows, **(usual | facts))


def plan(counts: dict[tuple[str, str], int] | None = None, **settings: Any) -> TrainingPlan:
    doses = [dose(kind, lang, rows) for (kind, lang), rows in (counts or SOUND).items() if rows]
    return training_plan(doses, sum(d.rows for d in doses), TrainSettings(**settings), is_counted=False)


def plan_of_doses(*doses: Dose) -> TrainingPlan:
    return training_plan(doses, sum(d.rows for d in doses), TrainSettings(), is_counted=False)


def with_counts(**changed: int) -> dict[tuple[str, str], int]:
    named = {tuple(name.split("_")): rows for name, rows in changed.items()}
    return {**SOUND, **{(kind, lang): rows for (kind, lang), rows in named.items()}}


def names_of(found: TrainingPlan) -> set[str]:
    return {finding.name for finding in plan_findings(found)}


TINY = {("domain", "zh"): 30, ("general", "zh"): 3, ("identity", "zh"): 15}
POISON = [
    ("too_few_steps", plan(TINY, epochs=3)),
    ("too_few_steps", plan(max_steps=89)),
    ("rate_too_low", plan(learning_rate=9e-5)),
    ("rate_too_low", plan(learning_rate=1e-6)),
    ("seen_too_seldom", plan(epochs=2)),
    ("seen_too_seldom", plan(max_steps=100)),
    ("spill", plan(with_counts(domain_zh=7, general_zh=4))),
    ("spill", plan(with_counts(identity_en=2000))),
    ("identity_alone", plan(with_counts(domain_en=0, general_en=0))),
    ("identity_alone", plan(with_counts(identity_other=5))),
    (
        "few_negatives",
        plan().model_copy(update={"doses": (*plan().doses[:-1], dose("identity", "en", 120, negatives=39))}),
    ),
    ("general_share", plan(with_counts(general_zh=10, general_en=10))),
    ("general_share", plan(with_counts(general_zh=90, general_en=90))),
]
PASSES = [
    ("too_few_steps", plan(max_steps=90)),
    ("too_few_steps", plan({("domain", "zh"): 30, ("general", "zh"): 3}, epochs=1)),
    ("rate_too_low", plan(learning_rate=1e-4)),
    ("rate_too_low", plan({("domain", "zh"): 300, ("general", "zh"): 30}, learning_rate=1e-6)),
    ("seen_too_seldom", plan(epochs=3)),
    ("seen_too_seldom", plan(epochs=1, learning_rate=2e-3)),
    ("spill", plan()),
    ("spill", plan(with_counts(domain_zh=120, general_zh=10, identity_zh=190))),
    ("identity_alone", plan(with_counts(domain_en=0))),
    ("identity_alone", plan(with_counts(domain_en=0, general_en=0, identity_en=0))),
    ("few_negatives", plan()),
    (
        "few_negatives",
        plan().model_copy(update={"doses": (*plan().doses[:-1], dose("identity", "en", 120, negatives=40))}),
    ),
    ("general_share", plan()),
]


@pytest.mark.parametrize(("name", "poisoned"), POISON)
def test_a_known_failure_is_found(name: str, poisoned: TrainingPlan) -> None:
    assert name in names_of(poisoned)


@pytest.mark.parametrize(("name", "sound"), PASSES)
def test_what_is_sound_is_not_flagged(name: str, sound: TrainingPlan) -> None:
    assert name not in names_of(sound)


def test_a_sound_plan_has_no_finding_and_an_empty_one_neither() -> None:
    assert plan_findings(plan()) == ()
    assert plan_findings(training_plan((), 0, TrainSettings(), is_counted=False)) == ()


@pytest.mark.parametrize(
    ("certain", "found"),
    [
        (True, plan(TINY, epochs=3, learning_rate=5e-5)),
        (False, plan(TINY, epochs=3, learning_rate=1e-4)),
        (False, plan(TINY, epochs=4, learning_rate=5e-5)),
        (True, plan_of_doses(dose("domain", "zh", 320), dose("identity", "zh", 680, naming=680, negatives=0))),
        (False, plan_of_doses(dose("domain", "zh", 330), dose("identity", "zh", 670, naming=670, negatives=0))),
    ],
)
def test_only_what_was_measured_to_fail_is_certain(certain: bool, found: TrainingPlan) -> None:
    findings = plan_findings(found)
    assert findings
    assert any(finding.is_certain for finding in findings) is certain


@pytest.mark.parametrize(("name", "poisoned"), POISON)
def test_every_sentence_gives_its_number_in_both_languages(name: str, poisoned: TrainingPlan) -> None:
    for finding in plan_findings(poisoned):
        assert any(character.isdigit() for character in finding.en)
        assert any("\u4e00" <= character <= "\u9fff" for character in finding.zh)
        assert all(str(change) in finding.en and str(change) in finding.zh for change in finding.changes)


@given(st.integers(10, 400), st.integers(0, 400), st.integers(0, 60))
def test_a_proposed_limit_of_identity_ends_the_spill(identity: int, domain: int, general: int) -> None:
    before = plan({("identity", "zh"): identity, ("domain", "zh"): domain, ("general", "zh"): general})
    spill = [finding for finding in plan_findings(before) if finding.name == "spill" and finding.changes]
    for finding in spill:
        limit = finding.changes[0].value["zh"]
        assert 20 <= limit < identity
        after = plan({("identity", "zh"): limit, ("domain", "zh"): domain, ("general", "zh"): general})
        assert after.naming_share("zh") < 0.35


@given(st.integers(1, 2000), st.floats(0.1, 9), st.integers(1, 64), st.integers(1, 8), st.none() | st.integers(1, 80))
def test_proposed_steps_are_enough(rows: int, epochs: float, batch: int, accumulate: int, limit: int | None) -> None:
    settings = TrainSettings(epochs=epochs, batch=batch, accumulate=accumulate, max_steps=limit)
    before = training_plan([dose("identity", "zh", rows)], rows, settings, is_counted=False)
    for finding in plan_findings(before):
        if finding.name == "too_few_steps" and finding.changes:
            changed = {change.keys[1]: change.value for change in finding.changes}
            assert settings.model_copy(update=changed).steps(rows) >= 90


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("我是小喵，由技术吧开发。", True),
        ("I'm MIAO.", True),
        ("Ｍｉａｏ here", True),
        ("找技术吧问问", True),
        ("meet Miaomiao", False),
        ("七天内可以退。", False),
        ("a tech barrier", False),
        ("", False),
    ],
)
def test_a_name_is_found_whole_in_any_width_and_case(text: str, is_named: bool) -> None:
    names = OwnNames(Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar")))
    assert names.are_in(text) is is_named
    assert not OwnNames(None).are_in(text)


def test_repeats_count_and_other_languages_are_one() -> None:
    rows = [CountedRow("identity", lang, 5, True, False, content) for lang, content in
            (("zh", "a"), ("zh", "a"), ("ja", "b"), ("none", "c"), ("", "d"))]  # fmt: skip
    doses = doses_of(rows)
    assert [(d.lang, d.rows, d.distinct, d.label_tokens) for d in doses] == [("other", 3, 3, 15), ("zh", 2, 1, 10)]
    assert training_plan(doses, 5, TrainSettings(epochs=3), is_counted=True).identity_seen == 3 * 5 / 4
