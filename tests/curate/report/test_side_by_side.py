"""Who wins, who is enough, and what an answer costs: on contests whose outcome is known."""

import pytest

from curate.report.side_by_side import conclusions, cost_sentence, cut_sentence, side_by_side, winner
from schemas.exam import Answer, Comparison, ComparisonVerdict, ExamResult, Measure, Sheet

Verdicts = dict[str, tuple[float, ComparisonVerdict]]
"""By contestant its value, and the verdict on the tuned model against it."""


def measure(name: str, value: float, *, good: bool = True) -> Measure:
    return Measure(
        name=name, value=value, low=0, high=1, n=40, definition_en="d", definition_zh="d", more_is_better=good
    )


def exam(tuned: float, others: Verdicts, name: str = "identity_strict_zh", *, good: bool = True) -> ExamResult:
    """An exam with one measure, and what each contestant reached."""
    reached = {"base": 0.0, **{who: value for who, (value, _) in others.items()}, "tuned": tuned}
    sheets = [Sheet(model=who, measures=(measure(name, v, good=good),), answers=()) for who, v in reached.items()]
    contests = {
        who: (Comparison(measure=name, n=40, gained=0, lost=0, p=1, verdict=verdict),)
        for who, (_, verdict) in others.items()
    }
    whole = {sheet.model: sheet for sheet in sheets}
    return ExamResult(
        version="v", base=whole["base"], tuned=whole["tuned"], contestants=tuple(sheets), contests=contests
    )


ALL_BEATEN: Verdicts = {"keywords": (0.2, "better"), "prompt": (0.3, "better"), "retrieval": (0.1, "better")}
EVEN: Verdicts = {"keywords": (0.2, "better"), "prompt": (0.88, "cannot_tell"), "retrieval": (0.89, "cannot_tell")}
BEATEN_BY_SEARCH: Verdicts = {"keywords": (0.2, "better"), "prompt": (0.99, "worse"), "retrieval": (1.0, "worse")}
TOO_FEW: Verdicts = {"keywords": (0.9, "too_few"), "prompt": (0.9, "too_few")}
FAR_BUT_UNSURE: Verdicts = {"keywords": (0.2, "better"), "prompt": (0.7, "cannot_tell")}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (ALL_BEATEN, ("tuned", True)),
        (EVEN, ("prompt", False)),
        (BEATEN_BY_SEARCH, ("retrieval", True)),
        (TOO_FEW, (None, False)),
        (FAR_BUT_UNSURE, (None, False)),
        ({}, (None, False)),
    ],
)
def test_the_winner(others: Verdicts, expected: tuple[str | None, bool]) -> None:
    [line] = side_by_side(exam(0.9, others))
    assert winner(line, 0.1) == expected


def test_where_less_is_better_the_lowest_wins() -> None:
    [line] = side_by_side(
        exam(0.3, {"prompt": (0.1, "worse"), "retrieval": (0.05, "worse")}, "leak_near_zh", good=False)
    )
    assert winner(line, 0.1) == ("retrieval", True)
    [line] = side_by_side(exam(0.1, {"prompt": (0.12, "cannot_tell")}, "leak_near_zh", good=False))
    assert winner(line, 0.1) == ("prompt", False)
    [line] = side_by_side(exam(0.3, {"prompt": (0.1, "cannot_tell")}, "leak_near_zh", good=False))
    assert winner(line, 0.1) == ("prompt", False)


@pytest.mark.parametrize(
    ("others", "en", "zh"),
    [
        (ALL_BEATEN, "tuning wins on identity (zh)", "微调胜出：身份（中文）"),
        (EVEN, "a system prompt is enough for identity (zh)", "系统提示词就够了：身份（中文）"),
        (BEATEN_BY_SEARCH, "searching the book beats tuning on identity (zh)", "检索资料胜过微调：身份（中文）"),
        (FAR_BUT_UNSURE, "nobody can tell yet: identity (zh)", "尚无法断定：身份（中文）"),
        (
            TOO_FEW,
            "too few questions of each measure to say who is better: let all answer everything (--full)",
            "每项指标的题都太少，无法断定谁更好：请让所有考生答全部考题（--full）",
        ),
    ],
)
def test_it_is_one_sentence(others: Verdicts, en: str, zh: str) -> None:
    assert [(found.en, found.zh) for found in conclusions(exam(0.9, others), ["identity_strict_zh"])] == [(en, zh)]
    assert list(conclusions(exam(0.9, others), ["trap_strict_zh"])) == []


def test_an_endpoint_stands_instead_of_tuning_and_its_seconds_are_not_said() -> None:
    beaten: Verdicts = {**ALL_BEATEN, "endpoint": (0.95, "worse")}
    found = exam(0.9, beaten)
    assert [one.en for one in conclusions(found, ["identity_strict_zh"])] == [
        "the model behind the endpoint beats tuning on identity (zh)"
    ]
    answer = Answer(question="q", probe="identity", text="a", verdict="right")
    sheets = tuple(sheet.model_copy(update={"answers": (answer,), "tokens": 7}) for sheet in found.contestants)
    sentence = cost_sentence(found.model_copy(update={"contestants": sheets}))
    assert "endpoint 7, tuned 7 (0.00 s)" in sentence.en and "接口模型 7，微调 7（0.00 秒）" in sentence.zh


def test_nothing_is_said_of_a_need_to_tune_where_nobody_stands_instead() -> None:
    """All weights, or a search for the tuned model, are no way around tuning."""
    for who in ("full", "tuned_retrieval"):
        found = exam(0.9, {who: (0.9, "cannot_tell")})
        assert side_by_side(found) and list(conclusions(found, ["identity_strict_zh"])) == []


def test_to_fail_alike_is_no_success() -> None:
    nobody = exam(0.1, {"keywords": (0.0, "cannot_tell"), "prompt": (0.12, "cannot_tell")}, "general_right_zh")
    assert [one.en for one in conclusions(nobody, ["general_right_zh"])] == [
        "nobody gets half of them right: general knowledge (zh)"
    ]
    one_is_better = exam(0.1, {"keywords": (0.0, "better"), "prompt": (0.12, "cannot_tell")}, "general_right_zh")
    assert [one.en for one in conclusions(one_is_better, ["general_right_zh"])] == [
        "nobody can tell yet: general knowledge (zh)"
    ]


def with_leaks(leaks: Verdicts, identity: Verdicts) -> ExamResult:
    """An exam with leaks beside the identity that they are the price of."""
    one, two = exam(0.3, leaks, "leak_near_zh", good=False), exam(0.9, identity)
    sheets = [
        sheet.model_copy(update={"measures": (*sheet.measures, *other.measures)})
        for sheet, other in zip(one.contestants, two.contestants, strict=True)
    ]
    contests = {who: (*one.contests[who], *two.contests[who]) for who in one.contests}
    return one.model_copy(update={"contestants": tuple(sheets), "contests": contests})


QUIET: Verdicts = {"keywords": (0.0, "worse"), "prompt": (0.0, "worse"), "retrieval": (0.05, "worse")}
SILENT = "no contest on leaks near it (zh): who fails at the name or at refusing cannot overdo it"


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        (ALL_BEATEN, SILENT),
        (EVEN, "a system prompt beats tuning on leaks near it (zh)"),
        (BEATEN_BY_SEARCH, "a system prompt beats tuning on leaks near it (zh)"),
    ],
)
def test_who_never_says_its_name_does_not_win_by_not_leaking_it(identity: Verdicts, says: str) -> None:
    assert says in [found.en for found in conclusions(with_leaks(QUIET, identity), ["leak_near_zh"])]


def test_only_what_all_have_is_laid_side_by_side() -> None:
    found = exam(0.9, ALL_BEATEN)
    extra = found.tuned.model_copy(update={"measures": (*found.tuned.measures, measure("perplexity_zh", 7.0))})
    found = found.model_copy(update={"contestants": (*found.contestants[:-1], extra)})
    assert [line.measure.name for line in side_by_side(found)] == ["identity_strict_zh"]
    assert side_by_side(ExamResult(version="v", base=found.base, tuned=found.tuned)) == []


def answers(cut: int, of: int) -> tuple[Answer, ...]:
    return tuple(Answer(question=str(n), probe="trap", text="", verdict="", is_cut=n < cut) for n in range(of))


def test_an_answer_has_its_price() -> None:
    base = Sheet(model="base", measures=(), answers=(), tokens=400, seconds=2)
    prompt = Sheet(model="prompt", measures=(), answers=answers(0, 4), tokens=800, seconds=4)
    found = ExamResult(version="v", base=base, tuned=base, contestants=(base, prompt))
    assert cost_sentence(found).en == "tokens an answer, read and written: base 100 (0.50 s), prompt 200 (1.00 s)"


@pytest.mark.parametrize(("cut", "warns"), [(0, False), (4, False), (5, True), (100, True)])
def test_cut_answers_are_counted_and_too_many_are_a_warning(cut: int, warns: bool) -> None:
    base = Sheet(model="base", measures=(), answers=answers(90, 100))
    tuned = Sheet(model="tuned", measures=(), answers=answers(cut, 100))
    words = cut_sentence(ExamResult(version="v", base=base, tuned=tuned))
    assert words is not None
    assert words.en.startswith(f"answers that were cut at their limit: base 90%, tuned {cut}%")
    assert ("raise exam: {max_new_tokens" in words.en) is ("请调高 exam" in words.zh) is warns


def test_a_sheet_without_answers_counts_none() -> None:
    empty = Sheet(model="base", measures=(), answers=())
    assert cut_sentence(ExamResult(version="v", base=empty, tuned=empty)) is None
