"""What went wrong is said where the numbers show it, with what to change, and not where they only come near."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from pydantic import TypeAdapter
from rich.console import Console

from curate.augmenters.identity import IdentityKit
from curate.augmenters.refusal import Refusal
from curate.report.diagnoses import Diagnosis, diagnoses
from curate.report.examined_run import LossCurve
from curate.report.report import render_report
from curate.stages import Tools
from curate.stages.mix import Mix
from curate.terminal.exam_tables import print_result
from schemas.bilingual import speaking
from schemas.exam import Comparison, ExamResult, Measure, Sheet
from schemas.identity import Identity
from schemas.job import TrainSettings
from schemas.manifest import Share
from schemas.statistics.intervals import wilson
from tests.curate.report.test_report import MANIFEST

SHARES = {"domain": 400, "identity": 280, "refusal": 40, "general": 60}
GOOD = {
    "identity_strict_zh": 0.9, "refusal_rate_zh": 0.8, "look_alike_refused_zh": 0.0, "over_refusal_rate_en": 0.0,
    "leak_near_zh": 0.0, "leak_near_en": 0.0, "leak_elsewhere_zh": 0.0, "leak_elsewhere_en": 0.0,
    "perplexity_zh": 7.1, "perplexity_en": 6.9,
}  # fmt: skip
"""What a tuned model got that nothing is wrong with."""
BASE = {name: 0.0 for name in GOOD} | {"perplexity_zh": 7.0, "perplexity_en": 7.0}
LEARNING = [2.6, 2.5, 2.3, 2.1, 1.9, 1.8, 1.7, 1.6, 1.6, 1.5, 1.5, 1.4, 1.5, 1.4, 1.4, 1.4, 1.3, 1.4, 1.3, 1.4]
"""A curve that nothing is wrong with: twenty steps, of which five are an epoch."""


def measure(name: str, value: float, n: int = 40) -> Measure:
    low, high = wilson(round(value * n), n) if not name.startswith("perplexity") else (value * 0.9, value * 1.1)
    return Measure(name=name, value=value, low=low, high=high, n=n, definition_en="", definition_zh="")


def found(
    losses: Sequence[float] = LEARNING,
    worse: Sequence[str] = (),
    rows: dict[str, int] | None = None,
    settings: dict[str, Any] | None = None,
    **values: Any,
) -> list[Diagnosis]:
    """What is said of a run whose tuned model got these values, everything else being well."""
    samples = values.pop("samples", 20)
    tuned = {**GOOD, **values}
    comparisons = (Comparison(measure=m, n=40, gained=0, lost=9, p=0.01, verdict="worse") for m in worse)
    exam = ExamResult(
        version="v", base=Sheet(model="base", measures=tuple(measure(*one) for one in BASE.items()), answers=()),
        tuned=Sheet(model="tuned", measures=tuple(measure(*one) for one in tuned.items()), answers=()),
        comparisons=tuple(comparisons),
    )  # fmt: skip
    counts = {**SHARES, **(rows or {})}
    shares = tuple(
        Share(kind=kind, rows=n, share=n / sum(counts.values()), answer_chars=0, answer_share=0)
        for kind, n in counts.items()
    )
    chosen = TrainSettings(**{"epochs": 4, "batch": 4, **(settings or {})})
    train = {
        "settings": chosen.model_dump(mode="json"), "samples": samples,
        "steps": [{"step": n, "loss": loss, "label_tokens": 100} for n, loss in enumerate(losses, 1)],
    }  # fmt: skip
    return diagnoses(MANIFEST.model_copy(update={"shares": shares}), exam, train, 0.1)


def names(diagnosed: Sequence[Diagnosis]) -> list[str]:
    return [one.name for one in diagnosed]


def wave(*levels: float, noise: float = 0.1) -> list[float]:
    """A curve of five steps at each level, up and down by chance."""
    return [level + noise * (-1, 0.5, 1, -0.5, 0)[n] for level in levels for n in range(5)]


SLOW = {"learning_rate": 1e-5}
FAST = {"learning_rate": 0.02}
BY_HEART = wave(2.0, 0.5, 0.2, 0.08, noise=0.01)
CASES: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    # a diagnosis, a run that has it, and one that comes near and has nothing
    ("rate_too_high", {"losses": wave(2.6, 5.0, 3.0, 2.2), "settings": FAST},
     {"losses": wave(2.6, 2.9, 2.5, 2.2), "settings": FAST}),
    ("rate_too_high", {"losses": [2.6, *[2.5] * 19], "settings": FAST},
     {"losses": [2.6, *[2.5] * 19], "settings": {"learning_rate": 3e-3}}),
    ("rate_too_high", {"losses": [2.6, *[9.0, 12.0, 7.0] * 6], "settings": FAST, "identity_strict_zh": 0.9},
     {"losses": [2.6, *[2.0] * 8, 4.0, *[2.0] * 10], "settings": FAST}),
    ("rate_too_low", {"losses": wave(2.6, 2.58, 2.57, 2.56), "settings": SLOW, "identity_strict_zh": 0.05},
     {"losses": wave(2.6, 2.58, 2.57, 2.56), "settings": SLOW}),
    ("rate_too_low",
     {"losses": wave(2.6, 2.58, 2.57, 2.56), "settings": {"learning_rate": 1e-4}, "identity_strict_zh": 0},
     {"losses": wave(2.6, 2.2, 1.9, 1.8), "settings": SLOW, "identity_strict_zh": 0.55}),
    ("too_few_steps", {"losses": wave(2.6, 2.2, 1.9, 1.5), "identity_strict_zh": 0.3},
     {"losses": wave(2.6, 2.2, 1.9, 1.5), "identity_strict_zh": 0.7}),
    ("too_few_steps", {"losses": wave(2.6, 2.2, 1.9, 1.5), "identity_strict_zh": 0.55},
     {"losses": wave(2.6, 2.2, 1.6, 1.5), "identity_strict_zh": 0.55}),
    ("too_few_steps", {"losses": [2.6, 2.5, 2.4, 2.3], "identity_strict_zh": 0.1},
     {"losses": [2.6, 2.5, 2.4, 2.3], "identity_strict_zh": 0.9}),
    ("underfit", {"identity_strict_zh": 0.2}, {"identity_strict_zh": 0.5}),
    ("underfit", {"identity_strict_zh": 0.2}, {"identity_strict_zh": 0.2, "rows": {"identity": 0}}),
    ("underfit", {"identity_strict_zh": 0.2}, {"losses": wave(2.6, 1.3, 0.5, 0.4), "identity_strict_zh": 0.2}),
    ("memorised", {"losses": BY_HEART, "identity_strict_zh": 0.6}, {"losses": BY_HEART, "identity_strict_zh": 0.65}),
    ("memorised", {"losses": BY_HEART, "identity_strict_zh": 0.3},
     {"losses": wave(2.0, 0.5, 0.2, 0.12, noise=0.01), "identity_strict_zh": 0.3}),
    ("forgot", {"worse": ["perplexity_zh"], "perplexity_zh": 7.8}, {"worse": ["perplexity_zh"], "perplexity_zh": 7.6}),
    ("forgot", {"worse": ["perplexity_en"], "perplexity_en": 14.0}, {"perplexity_en": 14.0}),
    ("spills", {"worse": ["leak_near_zh"], "leak_near_zh": 0.3}, {"leak_near_zh": 0.1}),
    ("spills", {"worse": ["leak_elsewhere_en"], "leak_elsewhere_en": 0.2}, {"leak_elsewhere_en": 0.2}),
    ("refuses_too_much", {"worse": ["look_alike_refused_zh"], "look_alike_refused_zh": 0.4},
     {"look_alike_refused_zh": 0.1}),
    ("refuses_too_much", {"worse": ["over_refusal_rate_en"], "over_refusal_rate_en": 0.4, "rows": {"refusal": 0}},
     {"worse": ["identity_strict_zh"]}),
    ("refuses_too_little", {"refusal_rate_zh": 0.2}, {"refusal_rate_zh": 0.4}),
    ("refuses_too_little", {"refusal_rate_zh": 0.6, "worse": ["refusal_rate_zh"], "rows": {"refusal": 700}},
     {"refusal_rate_zh": 0.6}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "has", "near"), CASES)
def test_a_diagnosis_is_made_where_the_numbers_show_it(name: str, has: dict[str, Any], near: dict[str, Any]) -> None:
    assert names(found(**has)) == [name]
    assert names(found(**near)) == []


def test_several_may_be_true_at_once_and_a_cause_speaks_for_its_effect() -> None:
    both = found(
        BY_HEART, ["perplexity_zh", "leak_near_zh"], identity_strict_zh=0.4, perplexity_zh=15.0, leak_near_zh=0.4
    )
    assert names(both) == ["memorised", "forgot", "spills"]
    slow = found(wave(2.6, 2.59, 2.58, 2.57), identity_strict_zh=0.0, settings=SLOW)
    assert names(slow) == ["rate_too_low"]  # and not that the rows are not learnt
    recovering = found(wave(2.6, 9.0, 6.0, 3.0), identity_strict_zh=0.0, settings=FAST)
    assert names(recovering) == ["rate_too_high"]  # and not that it still fell at the end


def test_a_perplexity_that_doubled_shows_that_rows_are_known_by_heart_alone() -> None:
    twice = {"worse": ["perplexity_zh"], "losses": BY_HEART}
    assert names(found(**twice, perplexity_zh=14.0)) == ["memorised", "forgot"]
    assert names(found(**twice, perplexity_zh=13.9)) == ["forgot"]


def test_few_questions_say_nothing() -> None:
    few = measure("identity_strict_zh", 0.0, n=9)
    sheet = Sheet(model="tuned", measures=(few,), answers=())
    exam = ExamResult(version="v", base=sheet, tuned=sheet)
    train = {"settings": TrainSettings().model_dump(mode="json"), "samples": 3, "steps": [{"loss": 2.0}] * 3}
    assert diagnoses(MANIFEST, exam, train, 0.1) == []
    assert diagnoses(MANIFEST, None, train, 0.1) == []


@pytest.mark.parametrize("train", [None, {"steps": []}, {"steps": [{"loss": 2.0}] * 20, "settings": {"older": 1}}])
def test_an_exam_without_a_training_that_can_be_read_is_diagnosed_alone(train: dict[str, Any] | None) -> None:
    tuned = Sheet(model="tuned", measures=(measure("refusal_rate_zh", 0.1),), answers=())
    base = Sheet(model="base", measures=(measure("refusal_rate_zh", 0.2),), answers=())
    assert names(diagnoses(MANIFEST, ExamResult(version="v", base=base, tuned=tuned), train, 0.1)) == [
        "refuses_too_little"
    ]


SMOLLM2 = {
    2e-3: [4.15, 3.81, 3.19, 3.28, 2.95, 2.1, 2.94, 2.36, 2.32, 2.26, 2.25, 1.94, 2.45, 2.11, 1.07, 1.93, 1.51, 1.86,
           2.18, 1.47, 1.77, 1.84, 1.7, 1.12, 1.85, 1.7, 0.99, 0.99, 2.38, 1.78, 1.07, 0.96, 1.26, 1.62, 0.95, 1.57,
           1.88, 1.37, 1.84, 2.61],
    0.02: [4.15, 2.42, 5.16, 7.22, 8.88, 12.8, 14.87, 8.23, 7.24, 10.56, 9.74, 13.62, 12.71, 10.64, 15.13, 11.74,
           11.36, 10.47, 10.09, 10.45],
    0.3: [4.15, 8.34, 54.71, 26.12, 21.36, 20.02, 44.53, 29.75, 23.07, 60.78, 76.66, 46.41, 52.74, 26.83, 17.15,
          15.59],
    1e-4: [4.15, 3.94, 3.33, 4.22, 4.21, 1.94, 3.88, 3.13, 3.38, 2.54, 3.06, 2.49, 3.5, 2.98, 3.47, 4.03, 2.63, 2.13,
           2.05, 1.72, 3.0, 3.28, 1.99, 3.16, 2.23, 3.44, 2.49, 3.66, 3.73, 1.97, 3.22, 2.98, 2.99, 3.53, 2.57, 2.51,
           1.92, 2.63, 3.0, 3.61, 2.1, 2.79, 2.57, 2.46, 1.9, 3.13, 3.39, 4.11, 2.62, 2.78, 3.45, 3.04, 2.23, 3.09,
           2.02, 2.18, 2.05, 2.23, 1.84, 3.21],
    1e-5: [4.15, 3.94, 3.33, 4.21, 4.22, 1.94, 3.89, 3.16, 3.43, 2.55, 3.11, 2.51, 3.57, 3.06, 3.65, 4.21, 2.8, 2.18,
           2.06, 1.99, 3.31, 3.48, 2.06, 3.49],
    1e-7: [4.15, 3.97, 3.33, 4.22, 4.24, 1.94, 3.89, 3.15, 3.43, 2.55, 3.12, 2.51, 3.59, 3.07, 3.65, 4.21],
}  # fmt: skip
"""The demo's losses with SmolLM2-135M at six learning rates, in batches of four: measured on 30 November 2026."""


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(2e-3, []), (0.02, ["rate_too_high"]), (0.3, ["rate_too_high"]), (1e-4, []), (1e-5, []), (1e-7, [])],
)
def test_real_curves_are_read_as_far_as_their_noise_lets_them(rate: float, expected: list[str]) -> None:
    """So few batches of four differ too much to call a level curve level."""
    settings = {"learning_rate": rate, "epochs": 0.5}
    run = found(SMOLLM2[rate], settings=settings, rows={"identity": 0}, samples=400, identity_strict_zh=0.0)
    assert names(run) == expected


def test_noise_is_that_of_neighbours_and_not_the_trend() -> None:
    falling = [3.0 - 0.01 * n for n in range(100)]
    assert LossCurve(tuple(falling), (1,) * 100).noise < 0.02
    jagged = [2.0 + 0.3 * (-1) ** n for n in range(100)]
    assert LossCurve(tuple(jagged), (1,) * 100).noise == pytest.approx(0.6 / 0.9539)
    wild = [2.0 + 9.0 * (n % 2) for n in range(100)]
    assert LossCurve(tuple(wild), (1,) * 100).noise == pytest.approx(0.35 * 6.5)


SETTINGS = {"train": TrainSettings, "mix": Mix, "identity": IdentityKit, "refusal": Refusal}


@pytest.mark.parametrize("has", [has for _, has, _ in CASES])
def test_every_advice_is_a_setting_that_a_recipe_takes(has: dict[str, Any]) -> None:
    (diagnosis,) = found(**has)
    for sentence in (diagnosis.advice.en, diagnosis.advice.zh):
        settings = re.findall(r"`([^`]+)`", sentence)
        assert settings
        for setting in settings:
            ((name, values),) = yaml.safe_load(setting).items()
            if name in SETTINGS:
                TypeAdapter(SETTINGS[name]).validate_python(values)
    assert re.search(r"\d", diagnosis.evidence.en) and re.search(r"\d", diagnosis.evidence.zh)
    assert re.findall(r"\d[\d.]*", diagnosis.advice.en) == re.findall(r"\d[\d.]*", diagnosis.advice.zh)


def test_the_kit_gives_the_rows_that_are_advised() -> None:
    (spills,) = found(worse=["leak_near_zh"], leak_near_zh=0.3)
    (answers,) = found(refusal_rate_zh=0.2, rows={"refusal": 60})
    assert "identity: {negatives: 560}" in spills.advice.en and "refusal: {rows: 120}" in answers.advice.en
    tools = Tools(seed=7, identity=MANIFEST.identity or Identity(), folder=Path())
    IdentityKit(rows=1, traps=0, negatives=560).add(pl.DataFrame(), tools)
    Refusal(rows=120).add(pl.DataFrame(), tools)
    (enough,) = found(refusal_rate_zh=0.2, rows={"refusal": 700})
    assert "kind: refusal" in enough.advice.en


def test_a_sentence_names_a_few_measures_the_largest_changes_first() -> None:
    leaks = {"leak_near_zh": 0.2, "leak_near_en": 0.5, "leak_elsewhere_zh": 0.4, "leak_elsewhere_en": 0.3}
    (spills,) = found(worse=list(leaks), **leaks)
    assert re.findall(r"→ (\d+)%", spills.evidence.en) == ["50", "40", "30"]
    assert "…" in spills.evidence.en and "等" in spills.evidence.zh


@pytest.mark.parametrize(
    ("settings", "losses", "advice"),
    [
        ({"epochs": 4}, LEARNING, "epochs: 16"),
        ({"epochs": 4}, LEARNING * 3, "epochs: 8"),
        ({"epochs": 50, "max_steps": 20}, LEARNING, "max_steps: 80"),
        ({"epochs": 1.25}, LEARNING * 3, "epochs: 3"),
    ],
)
def test_longer_is_twice_or_ninety_steps_but_four_times_at_most(
    settings: dict[str, Any], losses: list[float], advice: str
) -> None:
    (underfit,) = found(losses, identity_strict_zh=0.1, settings={**settings, "batch": 4})
    assert underfit.name == "underfit" and f"train: {{{advice}}}" in underfit.advice.en


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_and_the_terminal_say_it(lang: Any) -> None:
    spilled = found(worse=["leak_near_zh"], leak_near_zh=0.3)
    exam = ExamResult(
        version="v", base=Sheet(model="base", measures=(measure("leak_near_zh", 0.0),), answers=()),
        tuned=Sheet(model="tuned", measures=(measure("leak_near_zh", 0.3),), answers=()),
        comparisons=(Comparison(measure="leak_near_zh", n=40, gained=0, lost=9, p=0.01, verdict="worse"),),
    )  # fmt: skip
    speaking.set(lang)
    try:
        page = render_report(MANIFEST, [], exam=exam, questions=[], train=None)
        with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
            console = Console(width=80, record=True, file=nowhere)
            print_result(console, MANIFEST, exam, spilled, None)
            quiet = Console(width=80, record=True, file=nowhere)
            print_result(quiet, MANIFEST, exam, (), None)
        text = console.export_text()
    finally:
        speaking.set("en")
    begin = {"en": "names itself where nobody asked", "zh": "模型也自报家门"}[lang]
    head = {"en": "what may have gone wrong", "zh": "可能的问题"}[lang]
    assert begin in page and begin in text and head in text and head.capitalize() in page
    assert head not in quiet.export_text()
