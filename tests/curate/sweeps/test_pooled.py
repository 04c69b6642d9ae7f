"""Seeds put together: intervals that mind families, what can be seen, and the first arm that is good enough."""

import pytest

from curate.sweeps.picture import sweep_picture
from curate.sweeps.pooled import PooledMeasure, _pooled, chosen, smallest_difference
from schemas.exam import ExamPaper, ExamQuestion, Measure
from schemas.record import Message

ASKED = tuple(f"q{n}" for n in range(10))


def rate(hits: int, families: bool = False) -> Measure:
    family_of = {question: f"f{n // 5}" for n, question in enumerate(ASKED)} if families else {}
    return Measure(
        name="trap_strict_zh", value=hits / 10, low=0, high=1, n=10, definition_en="", definition_zh="",
        hits=ASKED[:hits], asked=ASKED, family_of=family_of,
    )  # fmt: skip


def perplexity(value: float) -> Measure:
    return Measure(
        name="perplexity_en", value=value, low=1, high=9, n=10, definition_en="", definition_zh="", more_is_better=False
    )


def test_the_rate_of_an_arm_is_that_of_all_its_answers() -> None:
    found = _pooled([rate(6), rate(8), rate(10)])
    assert found.value == pytest.approx(0.8) and found.seeds == (0.6, 0.8, 1.0) and found.n == 10
    assert found.low < 0.8 < found.high


def test_seeds_of_one_question_are_no_questions_more() -> None:
    one, three = _pooled([rate(5)]), _pooled([rate(5)] * 3)
    assert three.high - three.low >= 0.95 * (one.high - one.low) - 0.05
    assert _pooled([rate(5, families=True)] * 3).high == 1.0


def test_a_perplexity_has_the_interval_of_its_seeds() -> None:
    found = _pooled([perplexity(10), perplexity(11), perplexity(12)])
    assert (found.value, round(found.low, 2), round(found.high, 2)) == (11, 8.52, 13.48)
    assert _pooled([perplexity(10)])[2:4] == (1, 9)


def question(id: str, lang: str) -> ExamQuestion:
    message = Message(role="user", content="x")
    return ExamQuestion(id=id, probe="trap", lang=lang, messages=(message,), group=id)  # type: ignore[arg-type]


def test_more_questions_or_seeds_show_smaller_differences() -> None:
    paper = ExamPaper(digest="d", questions=tuple(question(f"z{n}", "zh") for n in range(40)))
    assert smallest_difference(paper, 3) == {"trap_zh": pytest.approx(0.181, abs=0.001)}
    assert smallest_difference(paper, 1)["trap_zh"] > smallest_difference(paper, 3)["trap_zh"]


def arm(trap: float, leak: float, ppl: float) -> dict[str, PooledMeasure]:
    values = {"trap_strict_zh": (trap, True), "leak_near_zh": (leak, False), "perplexity_zh": (ppl, False)}
    return {name: PooledMeasure(name, v, v, v, 40, (v,), more) for name, (v, more) in values.items()}


@pytest.mark.parametrize(
    ("arms", "expected"),
    [
        ([arm(0.9, 0.1, 20), arm(0.95, 0.05, 20)], (0, True)),  # the smallest within the margin
        ([arm(0.6, 0.1, 20), arm(0.95, 0.05, 20)], (1, True)),
        ([arm(0.95, 0.5, 20), arm(0.95, 0.05, 20)], (1, True)), ([arm(0.95, 0.05, 30), arm(0.95, 0.05, 20)], (1, True)),
        ([arm(0.95, 0.5, 20), arm(0.6, 0.05, 20), arm(0.9, 0.2, 20)], (2, False)),  # none: the least behind
    ],
)  # fmt: skip
def test_the_first_arm_that_is_good_enough_is_chosen(
    arms: list[dict[str, PooledMeasure]], expected: tuple[int, bool]
) -> None:
    assert chosen(arms, 0.1) == expected


def test_the_picture_shows_every_arm_and_escapes_its_name() -> None:
    arms = [arm(0.9, 0.1, 20), arm(0.95, 0.05, 30)]
    picture = sweep_picture(["a<b", "c"], arms, arms[0])
    assert picture.startswith("<svg") and "a&lt;b" in picture and picture.count("<circle") == 6
