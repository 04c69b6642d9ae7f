"""Shares and limits hold per language: exact to one row, label tokens to one record, whatever the order of rows."""

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.conversations.training_shares import apportion, label_tokens
from curate.stages import Tools
from curate.stages._apportion import apportion_within
from curate.stages.mix import Mix
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.record import KINDS
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
LANGUAGES = ("zh", "en", "other")
CELLS = [(kind, lang) for kind in KINDS for lang in LANGUAGES]
Counts = dict[tuple[str, str], int]
POOLS = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 40), min_size=1)
SHARES = st.dictionaries(st.sampled_from(KINDS), st.floats(0, 0.3), min_size=1, max_size=3)
BY_LANGUAGE = st.dictionaries(st.sampled_from(LANGUAGES), st.floats(0, 0.3), min_size=1)
EITHER = st.dictionaries(st.sampled_from(KINDS), st.one_of(st.floats(0, 0.3), BY_LANGUAGE), min_size=1, max_size=3)


def pool(counts: Counts, **more: Any) -> pl.DataFrame:
    """Records by kind and language; `other` is written as a language that is neither Chinese nor English."""
    return frame_of(
        [
            record(f"{kind}-{lang}-{n}", "问", f"{'答' * (n % 7 + 1)}{n}", kind=kind, lang=lang.replace("other", "ja"))
            for (kind, lang), number in counts.items()
            for n in range(number)
        ]
    )


def counted(frame: pl.DataFrame) -> Counts:
    lang = pl.col("lang").replace("ja", "other")
    return Counter(frame.select("kind", lang).rows())


def by_kind(counts: Counts, kind: str) -> dict[str, int]:
    return {lang: counts[kind, lang] for lang in LANGUAGES if counts.get((kind, lang))}


def wanted_of(counts: Counts, shares: dict[str, float]) -> dict[str, int]:
    others = sum(n for (kind, _), n in counts.items() if kind not in shares)
    return {kind: round(share * others / (1 - sum(shares.values()))) for kind, share in shares.items()}


@settings(max_examples=120, deadline=None)
@given(POOLS, SHARES, st.sampled_from(["nearest", "matched", "free"]))
def test_a_share_is_exact_to_one_row_in_every_language(counts: Counts, shares: dict[str, float], rule: str) -> None:
    business = by_kind(counts, "domain")
    wanted = wanted_of(counts, shares)
    parts = {kind: apportion(number, business) for kind, number in wanted.items()}
    if rule == "matched" and business:
        lacks = any(n > counts.get((kind, lang), 0) for kind, part in parts.items() for lang, n in part.items())
    else:
        lacks = any(number > sum(by_kind(counts, kind).values()) for kind, number in wanted.items())
    if lacks:
        with pytest.raises(GateError, match="missing"):
            Mix(shares=shares, languages=rule).run(pool(counts), TOOLS)
        return

    outcome = Mix(shares=shares, languages=rule).run(pool(counts), TOOLS)
    kept = counted(outcome.kept)
    for kind in KINDS:
        assert sum(by_kind(kept, kind).values()) == wanted.get(kind, sum(by_kind(counts, kind).values()))
    for kind, number in wanted.items():
        for lang in LANGUAGES if business and rule != "free" else ():
            exact = number * business.get(lang, 0) / sum(business.values())
            enough = all(counts.get((kind, other), 0) >= part for other, part in parts[kind].items())
            assert not enough or abs(kept[kind, lang] - exact) < 1
    assert outcome.kept.height + outcome.events.height == sum(counts.values())


@settings(max_examples=120, deadline=None)
@given(POOLS, EITHER)
def test_a_share_that_is_set_for_a_language_holds_in_it_alone(counts: Counts, shares: dict[str, Any]) -> None:
    if not any(isinstance(share, dict) for share in shares.values()):
        return
    wanted = dict(counts)
    for lang in LANGUAGES:
        own = {kind: s.get(lang) if isinstance(s, dict) else s for kind, s in shares.items()}
        own = {kind: share for kind, share in own.items() if share is not None}
        wanted |= {(k, lang): n for k, n in wanted_of({c: n for c, n in counts.items() if c[1] == lang}, own).items()}
    frame = pool(counts)
    if any(number > counts.get(cell, 0) for cell, number in wanted.items()):
        with pytest.raises(GateError, match="missing"):
            Mix(shares=shares).run(frame, TOOLS)
        return
    kept = counted(Mix(shares=shares).run(frame, TOOLS).kept)
    assert {cell: n for cell, n in kept.items() if n} == {cell: n for cell, n in wanted.items() if n}


@settings(max_examples=120, deadline=None)
@given(POOLS, SHARES, st.sampled_from(["nearest", "matched", "free"]))
def test_label_tokens_are_met_to_one_record(counts: Counts, shares: dict[str, float], rule: str) -> None:
    frame = pool(counts)
    sizes = dict(zip(frame["id"], label_tokens(frame), strict=True))
    others = sum(size for id, size in sizes.items() if id.partition("-")[0] not in shares)
    try:
        kept = Mix(shares=shares, languages=rule, by="label_tokens").run(frame, TOOLS).kept["id"].to_list()
    except GateError:
        return
    for kind, share in shares.items():
        own = [sizes[id] for id in sizes if id.startswith(kind)]
        target = share * others / (1 - sum(shares.values()))
        assert abs(sum(sizes[id] for id in kept if id.startswith(kind)) - target) <= max(own, default=0) + 0.5


@settings(max_examples=60, deadline=None)
@given(POOLS, st.data())
def test_enough_label_tokens_are_never_refused(counts: Counts, data: st.DataObject) -> None:
    counts = {**counts, ("domain", "zh"): 30, **{("general", lang): 40 for lang in LANGUAGES}}
    rule = data.draw(st.sampled_from(["nearest", "free"]))
    counts = {cell: n for cell, n in counts.items() if cell[0] in ("domain", "general")}
    Mix(shares={"general": 0.2}, languages=rule, by="label_tokens").run(pool(counts), TOOLS)


@settings(max_examples=60, deadline=None)
@given(POOLS, SHARES, st.randoms(use_true_random=False), st.sampled_from(["rows", "label_tokens"]))
def test_the_order_of_rows_does_not_matter(counts: Counts, shares: dict[str, float], random: Any, by: str) -> None:
    frame = pool(counts)
    order = list(range(frame.height))
    random.shuffle(order)
    mix = Mix(shares=shares, by=by, limits={"identity": {"zh": 5}, "domain": 30}, weights={"log.csv": 2})
    try:
        outcome = mix.run(frame, TOOLS)
    except GateError:
        return
    other = mix.run(frame[order], TOOLS)
    assert sorted(other.kept["id"]) == sorted(outcome.kept["id"])
    assert other.events.rows() == outcome.events.rows()


def test_the_defect_of_the_demo_can_be_said_away() -> None:
    counts = {("domain", "zh"): 50, ("domain", "en"): 450, ("identity", "zh"): 100, ("identity", "en"): 100}
    common = counted(Mix(shares={}, limits={"domain": 70}).run(pool(counts), TOOLS).kept)
    assert common["domain", "zh"] < 15
    each = counted(Mix(shares={}, limits={"domain": {"zh": 35, "en": 35}}).run(pool(counts), TOOLS).kept)
    assert each == {**counts, ("domain", "zh"): 35, ("domain", "en"): 35}


def test_a_matched_limit_follows_the_business_rows() -> None:
    counts = {("domain", "zh"): 30, ("domain", "en"): 90, **{("refusal", lang): 50 for lang in LANGUAGES}}
    kept = counted(Mix(shares={}, limits={"refusal": 40}, languages="matched").run(pool(counts), TOOLS).kept)
    assert by_kind(kept, "refusal") == {"zh": 10, "en": 30}


def test_a_limit_for_a_language_leaves_the_others_alone() -> None:
    counts = {("refusal", lang): 50 for lang in LANGUAGES}
    kept = counted(Mix(shares={}, limits={"refusal": {"en": 20, "other": 0}}).run(pool(counts), TOOLS).kept)
    assert by_kind(kept, "refusal") == {"zh": 50, "en": 20}


def test_other_languages_fill_what_one_lacks_unless_they_are_matched() -> None:
    counts = {("domain", "zh"): 92, ("general", "zh"): 3, ("general", "en"): 50}
    kept = counted(Mix().run(pool(counts), TOOLS).kept)
    assert by_kind(kept, "general") == {"zh": 3, "en": 5}
    with pytest.raises(GateError, match=r"8\.0% general in zh needs 8 records, there are 3: 5 are missing"):
        Mix(languages="matched").run(pool(counts), TOOLS)


def test_too_little_is_an_error_with_the_numbers_of_each_language() -> None:
    counts = {("domain", "zh"): 40, ("domain", "en"): 60, ("general", "zh"): 2, ("general", "en"): 30}
    with pytest.raises(GateError) as caught:
        Mix(shares={"general": 0.3}).run(pool(counts), TOOLS)
    assert "needs 43 records, there are 32: 11 are missing (zh: 17 wanted, 2 there)" in caught.value.sentence.en
    assert "还差 11 条（中文要 17，有 2）" in caught.value.sentence.zh


def test_too_few_label_tokens_are_said_in_label_tokens() -> None:
    counts = {("domain", "zh"): 100, ("general", "zh"): 1}
    with pytest.raises(GateError, match=r"needs \d+ label tokens, there are \d+"):
        Mix(by="label_tokens").run(pool(counts), TOOLS)


def test_no_business_rows_leave_the_languages_as_they_come() -> None:
    counts = {("identity", "zh"): 92, ("general", "zh"): 3, ("general", "en"): 50}
    kept = counted(Mix(languages="matched").run(pool(counts), TOOLS).kept)
    assert sum(by_kind(kept, "general").values()) == 8


def sourced(numbers: dict[str, int], kind: str = "general") -> pl.DataFrame:
    business = [record(f"d{n}", "问", "答") for n in range(90)]
    files = [
        record(f"{file}-{n}", "问", "答", kind=kind, source={"file": file, "digest": "d", "rows": [n]})
        for file, number in numbers.items()
        for n in range(number)
    ]
    return frame_of(business + files)


@pytest.mark.parametrize(
    ("weights", "numbers", "expected"),
    [
        ({"a.csv": 2}, {"a.csv": 50, "b.csv": 50}, {"a.csv": 20, "b.csv": 10}),
        ({"raw/a.csv": 1}, {"raw/a.csv": 50, "b.csv": 500}, {"raw/a.csv": 15, "b.csv": 15}),
        ({"a.csv": 0.5, "b.csv": 1}, {"raw/a.csv": 50, "raw/b.csv": 50}, {"raw/a.csv": 10, "raw/b.csv": 20}),
        ({"a.csv": 9}, {"a.csv": 5, "b.csv": 50, "c.csv": 50}, {"a.csv": 5, "b.csv": 13, "c.csv": 12}),
        ({"e_*.csv": 2}, {"e_1.csv": 50, "e_2.csv": 50, "b.csv": 50}, {"e_": 20, "b.csv": 10}),
    ],
)
def test_sources_are_drawn_in_proportion_to_their_weights(
    weights: dict[str, float], numbers: dict[str, int], expected: dict[str, int]
) -> None:
    kept = Mix(shares={"general": 0.25}, weights=weights).run(sourced(numbers), TOOLS).kept
    files = kept.filter(kind="general")["source"].struct.field("file").to_list()
    assert len(files) == 30
    assert {name: sum(file.startswith(name) for file in files) for name in expected} == expected


def test_weights_of_another_kind_leave_a_choice_as_it_is() -> None:
    frame = sourced({"a.csv": 50, "b.csv": 50})
    plain = Mix(shares={"general": 0.25}).run(frame, TOOLS).kept
    assert Mix(shares={"general": 0.25}, weights={"log.csv": 3}).run(frame, TOOLS).kept.equals(plain)


def test_the_exam_is_neither_counted_nor_cut() -> None:
    exam = [record(f"e{n}", "问", "答", kind="general", lang="en", tags=["exam"]) for n in range(9)]
    frame = pl.concat([pool({("domain", "zh"): 92, ("general", "zh"): 20}), frame_of(exam)])
    kept = Mix(languages="matched", limits={"general": {"en": 0}}).run(frame, TOOLS).kept
    assert counted(kept) == {("domain", "zh"): 92, ("general", "zh"): 8, ("general", "en"): 9}


@pytest.mark.parametrize(
    "settings",
    [
        {"shares": {"general": {"zh": 0.6}}},
        {"shares": {"general": {"zh": 0.5}, "refusal": 0.5}},
        {"shares": {"general": {"fr": 0.1}}},
        {"limits": {"domain": {"zh": -1}}},
        {"weights": {"a.csv": 0}},
        {"weights": {"a.csv": float("nan")}},
        {"by": "tokens"},
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Mix(**settings)


@given(st.integers(0, 500), st.dictionaries(st.text(max_size=3), st.floats(0, 9), min_size=1))
def test_parts_are_exact_and_add_up(amount: int, weights: dict[str, float]) -> None:
    parts, total = apportion(amount, weights), sum(weights.values())
    if total:
        assert sum(parts.values()) == amount
        assert all(abs(parts[name] - amount * weight / total) < 1 + 1e-6 for name, weight in weights.items())


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 50), min_size=1), st.data())
def test_what_one_lacks_the_others_fill(available: dict[str, int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(available.values())))
    weights = data.draw(st.dictionaries(st.sampled_from(sorted(available)), st.floats(0, 9)))
    parts = apportion_within(amount, weights, available)
    assert sum(parts.values()) == amount
    assert all(0 <= part <= available[name] for name, part in parts.items())
