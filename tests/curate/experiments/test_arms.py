"""Two assistants side by side: tests as scipy has them, verdicts where the numbers bear them, and the command."""

import json
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from curate.experiments.conversations import conversations_of
from curate.experiments.log_rows import read_logs
from curate.experiments.two_arms import ArmReport, compare_arms
from curate.experiments.two_means import compare_means
from tests.program import hornbook


def report(folder: Path, text: str, margin: float = 0.1, base: str = "old") -> ArmReport:
    (folder / "log.csv").write_text(text, encoding="utf-8")
    log = read_logs([folder / "log.csv"], {"arm": "arm"})
    return compare_arms(conversations_of(log, base), log, margin)


def table(column: str, old: list[str], new: list[str]) -> str:
    rows = [("old", cell) for cell in old] + [("new", cell) for cell in new]
    return f"id,arm,{column}\n" + "".join(f"{n},{arm},{cell}\n" for n, (arm, cell) in enumerate(rows))


@pytest.mark.parametrize(
    ("column", "old", "new", "verdict"),
    [
        ("resolved", ["yes"] * 12 + ["no"] * 28, ["yes"] * 32 + ["no"] * 8, "better"),
        ("resolved", ["yes"] * 32 + ["no"] * 8, ["yes"] * 12 + ["no"] * 28, "worse"),
        ("resolved", ["yes"] * 20 + ["no"] * 20, ["yes"] * 23 + ["no"] * 17, "cannot_tell"),
        ("resolved", ["yes"] * 9, ["no"] * 40, "too_few"),
        ("resolved", ["no"] * 10, ["yes"] * 10, "better"),
        ("handed_over", ["no"] * 10, ["yes"] * 10, "worse"),
        ("handed_over", ["yes"] * 10, ["no"] * 10, "better"),
        ("csat", ["1", "2"] * 10, ["4", "5"] * 10, "better"),
        ("csat", ["3", "4"] * 10, ["4", "3"] * 10, "cannot_tell"),
        ("csat", ["5"] * 10, ["5"] * 10, "cannot_tell"),
        ("csat", ["5"] * 10, ["4"] * 10, "worse"),
        ("csat", ["5"] * 9 + [""] * 20, ["1"] * 30, "too_few"),
        ("turns", ["9", "7"] * 10, ["2", "3"] * 10, "better"),
    ],
)
def test_a_verdict_is_given_where_the_numbers_bear_it(
    column: str, old: list[str], new: list[str], verdict: str, tmp_path: Path
) -> None:
    (found,) = report(tmp_path, table(column, old, new)).comparisons
    assert found.verdict == verdict
    assert (found.p_adjusted is None) == (verdict == "too_few")
    assert verdict in ("cannot_tell", "too_few") or found.missing == (0, 0)


def test_an_arm_without_known_values_says_nothing(tmp_path: Path) -> None:
    (found,) = report(tmp_path, table("csat", ["5"] * 12, [""] * 12)).comparisons
    assert found.arms[1].value is None and found.p is None and found.missing[1] is None


def test_empty_cells_are_unknown_and_not_no(tmp_path: Path) -> None:
    found = report(tmp_path, table("handed_over", ["yes"] * 5 + [""] * 45, ["yes"] * 4 + [""] * 46))
    (comparison,) = found.comparisons
    assert [side.n for side in comparison.arms] == [5, 4] and comparison.verdict == "too_few"
    assert found.only_yes == ("handed_over",)
    assert report(tmp_path, table("resolved", ["yes", ""], ["no", "yes"])).only_yes == ()


def test_where_few_rate_many_more_conversations_are_needed(tmp_path: Path) -> None:
    scores = ["3", "4", "5", "1"] * 5
    (all_rate,) = report(tmp_path, table("csat", scores, scores)).comparisons
    (few_rate,) = report(tmp_path, table("csat", scores + [""] * 80, scores)).comparisons
    assert all_rate.missing == (44, 44)  # Cohen's 64, less the 20 that are there
    assert few_rate.missing == (220, 44)


def test_many_measures_are_corrected_and_need_more(tmp_path: Path) -> None:
    text = "id,arm,resolved,handed_over\n"
    rows = [(arm, n) for arm in ("old", "new") for n in range(40)]
    text += "".join(
        f"{arm}{n},{arm},{'yes' if n < (16 if arm == 'old' else 26) else 'no'},{'yes' if n % 2 else 'no'}\n"
        for arm, n in rows
    )
    both = report(tmp_path, text).comparisons
    alone = report(tmp_path, text.replace("handed_over", "other")).comparisons
    assert alone[0].p == both[0].p and alone[0].verdict == "better"
    assert both[0].p_adjusted == 2 * (both[0].p or 0) and both[0].verdict == "cannot_tell"
    assert both[1].missing[0] and both[1].missing[0] > 408 - 40


def test_zeros_beside_whole_scores_are_noticed(tmp_path: Path) -> None:
    assert report(tmp_path, table("csat", ["0", "5", "4"], ["3", "0"])).zero_scores == 2
    assert report(tmp_path, table("csat", ["0", "0.5", "1"], ["0.2", "0"])).zero_scores == 0
    assert report(tmp_path, table("csat", ["0", "0"], ["0", "0"])).zero_scores == 0


def test_the_permutations_find_what_scipy_finds() -> None:
    counts = [1, 1, 2, 9, 4, 1, 1, 3, 2, 1, 20], [4, 3, 5, 8, 2, 9, 30, 6, 5, 7, 4, 4]
    first, second = (list(map(float, values)) for values in counts)
    found = compare_means(pl.Series(first), pl.Series(second)).p
    expected = stats.permutation_test(
        (first, second),
        lambda a, b, axis: abs(stats.ttest_ind(a, b, equal_var=False, axis=axis).statistic),
        n_resamples=9_999, vectorized=True, alternative="greater", rng=np.random.default_rng(1),
    ).pvalue  # fmt: skip
    assert found == pytest.approx(expected, abs=0.012)
    assert found == compare_means(pl.Series(first[::-1]), pl.Series(second[::-1])).p
    assert found == compare_means(pl.Series(second), pl.Series(first)).p


def test_the_permutations_and_student_agree_where_one_takes_over() -> None:
    draw = np.random.default_rng(3)
    first, second = draw.geometric(0.3, 199), draw.geometric(0.25, 5_000)
    small = compare_means(pl.Series(first, dtype=pl.Float64), pl.Series(second, dtype=pl.Float64)).p
    assert small == pytest.approx(stats.ttest_ind(first, second, equal_var=False).pvalue, abs=0.02)


def test_equals_are_called_different_in_one_case_of_twenty_at_the_most() -> None:
    """Skewed counts, ten against sixty: where Student's t alone is too sure."""
    draw, found = np.random.default_rng(5), 0
    for _ in range(60):
        counts = draw.geometric(0.25, 70).astype(float)
        found += compare_means(pl.Series(counts[:10]), pl.Series(counts[10:])).p < 0.05
    assert found <= 7


def log_of(folder: Path) -> None:
    draw = random.Random(4)
    lines = ["会话编号,分组,是否解决,满意度\n"]
    for n in range(120):
        arm, solved = ("旧版", draw.random() < 0.4) if n % 2 else ("新版", draw.random() < 0.85)
        lines.append(f"S{n},{arm},{'已解决' if solved else '未解决'},{draw.choice(['', '5分', '4分'])}\n")
    (folder / "log.csv").write_text("".join(lines), encoding="gb18030")


def test_the_command_speaks_both_languages_and_json(tmp_path: Path) -> None:
    log_of(tmp_path)
    arguments = ("ab", "log.csv", "--arm", "分组", "--base", "旧版")
    english, chinese = (hornbook(*arguments, cwd=tmp_path, lang=lang) for lang in ("en", "zh"))
    assert english.returncode == chinese.returncode == 0, english.stderr
    assert "resolved: 新版 is better than 旧版" in english.stdout
    assert "解决率：新版 比 旧版 好" in chinese.stdout and "（猜的）" in chinese.stdout
    assert "conversation = 会话编号 (guessed)" in english.stdout
    document = json.loads(hornbook(*arguments, "--json", cwd=tmp_path).stdout)
    assert document["comparisons"][0]["verdict"] == "better"
    assert document["arms"] == ["旧版", "新版"] and sum(document["conversations"]) == 120


def test_a_mistake_ends_with_2_and_one_sentence(tmp_path: Path) -> None:
    log_of(tmp_path)
    done = hornbook("ab", "log.csv", "--arm", "版本", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "there is no column '版本'" in done.stderr
