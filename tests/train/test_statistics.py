"""Tests of two models on the same questions, against values of R and of scipy, and the verdicts made of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from schemas.exam import Measure
from schemas.statistics.paired import holm, mcnemar, questions_needed, sign_flip, upper_bound_of_none
from train.statistics.comparisons import compare, contest


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (0, 5, 0.0625),
        (0, 6, 0.03125),
        (2, 10, 0.03857421875),
        (5, 5, 1.0),
        (86, 150, 3.716e-05),
    ],
)  # the last: R, mcnemar.exact of the table 794, 86, 150, 570
def test_mcnemar_of_known_tables(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p, rel=1e-3)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test_of_scipy(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(first, second) == mcnemar(second, first)


@pytest.mark.parametrize(
    ("changes", "p"),
    [
        ([], 1.0),
        ([0, 0], 1.0),
        ([1] * 6, 0.03125),
        ([4] * 6, 0.03125),
        ([3, 2, 1, 1], 0.125),
        ([4, 4, -1, 2, 0, 3], 0.125),
        ([4, -4, 2, -2], 1.0),
        ([2, -1, 3, 1, 1, -2, 4, 1, 2, 1, 3, -1, 2, 2], 0.0234375),
    ],
)  # scipy 1.16, permutation_test(permutation_type="samples", n_resamples=inf) of the absolute sum
def test_families_change_their_signs_in_all_ways(changes: list[int], p: float) -> None:
    assert sign_flip(changes) == p
    assert sign_flip([-change for change in reversed(changes)]) == p


@given(st.integers(0, 40), st.integers(0, 40))
def test_families_of_one_are_the_test_of_mcnemar(gained: int, lost: int) -> None:
    assert sign_flip([1] * gained + [-1] * lost) == pytest.approx(mcnemar(gained, lost), rel=1e-12)


def test_holm_as_r_has_it() -> None:
    # p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and one in another order
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, 0.001, 0.3]) == pytest.approx([0.08, 0.003, 0.3])
    assert holm([]) == [] and holm([0.9, 0.8]) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("n", "bound"), [(0, 1.0), (1, 0.95), (10, 0.2589), (18, 0.1533), (100, 0.0295), (300, 0.00994)]
)
def test_where_nothing_was_seen_the_rate_may_still_be_so_high(n: int, bound: float) -> None:
    assert upper_bound_of_none(n) == pytest.approx(bound, abs=2e-4)
    assert n < 30 or upper_bound_of_none(n) == pytest.approx(3 / n, rel=0.05)


def test_the_smaller_the_difference_the_more_questions_it_takes() -> None:
    needed = [questions_needed(12, 40, margin) for margin in (0.3, 0.2, 0.1, 0.05)]
    assert needed == sorted(needed) and needed[0] < 40 < needed[2]
    # Connor (1987) by hand: 13 / 42 changed, margin 0.1
    share = 13 / 42
    by_hand = ((1.959964 * math.sqrt(share) + 0.841621 * math.sqrt(share - 0.01)) / 0.1) ** 2
    assert needed[2] == math.ceil(by_hand)


def measure(name: str, hits: range, n: int, *, good: bool = True) -> Measure:
    ids = tuple(f"q{k}" for k in hits)
    return Measure(
        name=name, value=len(ids) / n, low=0, high=1, n=n, definition_en="", definition_zh="",
        more_is_better=good, hits=ids,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("base", "tuned", "n", "good", "verdict"),
    [
        (range(0), range(20), 24, True, "better"),
        (range(20), range(0), 24, True, "worse"),
        (range(0), range(20), 24, False, "worse"),
        (range(20), range(0), 24, False, "better"),
        (range(0), range(4), 24, True, "cannot_tell"),
        (range(5), range(5), 24, True, "cannot_tell"),
        (range(0), range(9), 9, True, "too_few"),
        (range(0), range(10), 10, True, "better"),
    ],
)
def test_a_verdict_is_given_where_the_answers_bear_it(
    base: range, tuned: range, n: int, good: bool, verdict: str
) -> None:
    (found,) = compare([measure("m", base, n, good=good)], [measure("m", tuned, n, good=good)], {}, 0.1)
    assert found.verdict == verdict
    assert (found.ask_more > 0) == (verdict in ("cannot_tell", "too_few"))
    assert found.p_adjusted == (None if verdict == "too_few" else found.p)


def test_many_measures_are_corrected_for_being_many() -> None:
    alone = compare([measure("m", range(0), 24)], [measure("m", range(6), 24)], {}, 0.1)
    assert alone[0].verdict == "better" and alone[0].p == 0.03125
    names = [f"m{n}" for n in range(5)]
    many = compare([measure(n, range(0), 24) for n in names], [measure(n, range(6), 24) for n in names], {}, 0.1)
    assert {found.verdict for found in many} == {"cannot_tell"}


def asked(name: str, hits: range, questions: range, family: int = 1, *, good: bool = True) -> Measure:
    """A measure over questions of which `family` in a row are one family each."""
    found = measure(name, hits, len(questions), good=good)
    names = {f"q{n}": f"f{n // family}" for n in questions} if family > 1 else {}
    return found.model_copy(update={"asked": tuple(f"q{n}" for n in questions), "family_of": names})


def scored(name: str, scores: list[float], family: int = 1, *, good: bool = True) -> Measure:
    found = asked(name, range(0), range(len(scores)), family, good=good)
    return found.model_copy(update={"asked": (), "scores": {f"q{n}": score for n, score in enumerate(scores)}})


def one(tuned: Measure, other: Measure) -> tuple[str, int, int, int]:
    (found,) = contest([tuned], [other], 0.1)
    return found.verdict, found.n, found.gained, found.lost


@pytest.mark.parametrize(
    ("family", "verdict"), [(1, "better"), (2, "better"), (3, "cannot_tell"), (4, "cannot_tell"), (12, "cannot_tell")]
)  # twelve gained questions of twelve, six, four, three families and one
def test_a_dozen_questions_of_three_families_are_three_witnesses(family: int, verdict: str) -> None:
    ours, theirs = (asked("m", hits, range(24), family) for hits in (range(12), range(0)))
    assert one(ours, theirs) == (verdict, 24, 12, 0)
    assert one(theirs, ours) == (verdict.replace("better", "worse"), 24, 0, 12)
    assert compare([theirs], [ours], {}, 0.1) == contest([ours], [theirs], 0.1)


def test_a_change_inside_a_family_that_evens_out_is_no_certainty() -> None:
    # Six families gain a question and nothing else, six lose one and gain another: McNemar's 12 to 6 decides.
    ours = asked("m", range(0, 24, 2), range(24), 2)
    theirs = asked("m", range(13, 24, 2), range(24), 2)
    (found,) = contest([ours], [theirs], 0.1)
    assert (found.gained, found.lost) == (12, 6)
    assert found.p == mcnemar(6, 12) > sign_flip([1] * 6)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (range(40), range(30, 70), ("better", 10, 10, 0)),
        (range(40), range(31, 70), ("too_few", 9, 9, 0)),
        (range(12), range(40), ("better", 12, 12, 0)),
    ],
)
def test_only_questions_that_both_answered_count(
    ours: range, theirs: range, expected: tuple[str, int, int, int]
) -> None:
    assert one(asked("m", ours, ours), asked("m", range(0), theirs)) == expected


def test_a_contest_leaves_out_what_is_not_shared() -> None:
    ours = [asked("m", range(20), range(20)), measure("perplexity_zh", range(0), 9), asked("n", range(4), range(20))]
    theirs = [asked("m", range(0), range(50, 60)), measure("perplexity_zh", range(0), 9)]
    assert contest(ours, theirs, 0.1) == ()
    assert contest([], theirs, 0.1) == () == contest(ours, [], 0.1)


def test_a_contest_is_corrected_for_all_its_measures() -> None:
    ours = [asked(f"m{n}", range(6), range(24)) for n in range(5)]
    theirs = [asked(f"m{n}", range(0), range(24)) for n in range(5)]
    assert {found.verdict for found in contest(ours[:1], theirs, 0.1)} == {"better"}
    assert {found.verdict for found in contest(ours, theirs, 0.1)} == {"cannot_tell"}


@pytest.mark.parametrize(
    ("ours", "theirs", "family", "good", "verdict"),
    [
        ([0.8] * 20, [0.2] * 20, 1, True, "better"),
        ([0.8] * 20, [0.2] * 20, 1, False, "worse"),
        ([0.2, 0.4] * 10, [0.5, 0.7] * 10, 2, True, "worse"),
        ([0.5, 0.6] * 10, [0.6, 0.5] * 10, 1, True, "cannot_tell"),
        ([0.5] * 20, [0.5] * 20, 1, True, "cannot_tell"),
        ([0.8] * 20, [0.2] * 20, 4, True, "cannot_tell"),  # five families, all of one mind: 2 / 2 ** 5
        ([0.8] * 9, [0.2] * 9, 1, True, "too_few"),
    ],
)
def test_scores_are_compared_by_family(
    ours: list[float], theirs: list[float], family: int, good: bool, verdict: str
) -> None:
    tuned, other = scored("m", ours, family, good=good), scored("m", theirs, family, good=good)
    assert one(tuned, other)[:2] == (verdict, len(ours))
    assert contest([tuned], [other], 0.1) == contest([tuned], [other], 0.1)


def losses(*of: float) -> dict[str, tuple[float, int]]:
    return {f"c{n}": (loss, 10) for n, loss in enumerate(of)}


@pytest.mark.parametrize(
    ("shift", "verdict"),
    [([-1.0] * 20, "better"), ([1.0] * 20, "worse"), ([1.0, -1.0] * 10, "cannot_tell"), ([-1.0] * 5, "too_few")],
)
def test_texts_are_compared_one_by_one(shift: list[float], verdict: str) -> None:
    before = [20.0 + 5 * (n % 4) for n in range(len(shift))]
    after = [a + b for a, b in zip(before, shift, strict=True)]
    text = Measure(
        name="perplexity_zh", value=9, low=1, high=99, n=len(shift), definition_en="", definition_zh="",
        more_is_better=False,
    )  # fmt: skip
    (found,) = compare([text], [text], {"perplexity_zh": (losses(*before), losses(*after))}, 0.1)
    assert found.verdict == verdict
    assert found.p >= 2 * 0.5 ** len(shift)
    assert found == compare([text], [text], {"perplexity_zh": (losses(*before), losses(*after))}, 0.1)[0]


def test_what_is_drawn_can_be_certain_among_sixty_measures() -> None:
    """The correction for so many must not ask for a p that no number of draws shows."""
    names = [f"general_right_{n}" for n in range(58)]
    rates = [
        Measure(name=name, value=0.5, low=0, high=1, n=20, definition_en="", definition_zh="",
                asked=tuple(f"c{n}" for n in range(20)))
        for name in names
    ]  # fmt: skip
    text = rates[0].model_copy(update={"name": "perplexity_zh", "asked": (), "more_is_better": False})
    kept = [rates[0].model_copy(update={"name": "facts_kept_zh", "scores": {f"c{n}": of for n in range(20)}})
            for of in (0.9, 0.4)]  # fmt: skip
    before, after = losses(*[20.0] * 20), losses(*[30.0] * 20)
    found = compare([*rates, text, kept[0]], [*rates, text, kept[1]], {"perplexity_zh": (before, after)}, 0.1)
    assert {one.measure for one in found if one.verdict == "worse"} == {"perplexity_zh", "facts_kept_zh"}
