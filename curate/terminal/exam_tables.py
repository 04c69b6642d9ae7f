"""The tables of an exam: before and after tuning, and since an earlier run; at most 80 columns, in both languages."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.examination.run_comparison import RunComparison
from curate.report.diagnoses import Diagnosis
from curate.report.labels import (
    MEASURES,
    formatted,
    in_a_list,
    in_order,
    is_headline,
    label,
    never_seen,
    none_in,
    position,
    verdicts,
)
from curate.report.side_by_side import cut_sentence
from curate.terminal.contest_table import print_contest
from schemas.bilingual import Bilingual
from schemas.exam import Comparison, ExamResult, Measure
from schemas.manifest import Manifest

ENOUGH = 10
"""Questions below which nothing is said."""
MARKS = {"better": "[green]▲[/]", "worse": "[red]▼[/]", "cannot_tell": "?", "too_few": "·"}


def print_result(
    console: Console, manifest: Manifest, exam: ExamResult, diagnoses: Sequence[Diagnosis], report: Path | None
) -> None:
    """Print base and tuned model side by side, with n and the 95 % interval of the tuned one, and what went wrong."""
    title = Bilingual("exam: before and after tuning", "考试：微调前后")
    table = Table(title=str(title), title_justify="left")
    table.add_column(str(Bilingual("measure", "指标")), no_wrap=True)
    for head in (Bilingual("base", "基础"), Bilingual("tuned", "微调后"), Bilingual("95 %", "95% 区间")):
        table.add_column(str(head), justify="right", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("")

    base, found = {m.name: m for m in exam.base.measures}, verdicts(exam)
    shown = [measure for measure in in_order(exam.tuned.measures) if _is_shown(measure, found)]
    for measure in shown:
        before = base[measure.name]
        table.add_row(
            label(MEASURES, measure.name),
            formatted(measure.name, before.value),
            f"[bold]{formatted(measure.name, measure.value)}[/]",
            f"{formatted(measure.name, measure.low)}–{formatted(measure.name, measure.high)}",
            str(measure.n),
            MARKS[found[measure.name].verdict] if measure.name in found else "",
        )
    console.print(table)
    left = len(exam.tuned.measures) - len(shown)
    more = Bilingual(
        f"{left} more measures, none of them worse, stand in the report", f"另有 {left} 项指标没有变差，见报告"
    )
    sentences = (*_verdicts_in_words(exam.comparisons), *_none_seen(exam), cut_sentence(exam), more if left else None)
    for sentence in sentences:
        if sentence:
            console.print(str(sentence), highlight=False)
    print_contest(console, exam)
    if diagnoses:
        console.print(f"\n[bold]{Bilingual('what may have gone wrong', '可能的问题')}[/]")
    for diagnosis in diagnoses:
        console.print(f"- {diagnosis}", highlight=False, markup=False)

    rows = Bilingual(
        f"{manifest.train_rows} training rows, version {manifest.name}/{manifest.id[:12]}",
        f"训练 {manifest.train_rows} 行，版本 {manifest.name}/{manifest.id[:12]}",
    )
    console.print(str(rows), highlight=False)
    if report is not None:
        console.print(f"{Bilingual('report:', '报告：')} {report}", soft_wrap=True, highlight=False)


def _is_shown(measure: Measure, found: Mapping[str, Comparison]) -> bool:
    """Tell whether the terminal shows a measure: what everybody asks for, what is new to it, and what got worse."""
    is_worse = measure.name in found and found[measure.name].verdict == "worse"
    is_asked_for = is_headline(measure.name) or measure.name.startswith("perplexity")
    return is_asked_for or is_worse or measure.name not in MEASURES


def _none_seen(exam: ExamResult) -> Iterator[Bilingual]:
    """Say what may still be where a thing that should not be was not seen once, of the measures that matter most."""
    unseen = [m for m in never_seen(exam.tuned.measures) if is_headline(m.name) and m.n >= ENOUGH]
    for n, measures in groupby(sorted(unseen, key=lambda m: m.n), key=lambda m: m.n):
        names, words = in_a_list(measure.name for measure in measures), none_in(n)
        yield Bilingual(f"{words.en}: {names.en}", f"{words.zh}：{names.zh}")


def print_run_comparison(console: Console, compared: RunComparison) -> None:
    """Print what got better and worse since an earlier run, on the questions that both answered, and what else is
    different."""
    title = Bilingual(
        f"since the run on version {compared.version[:12]}: {compared.shared} questions of both exams",
        f"与版本 {compared.version[:12]} 上那次运行相比：两次考试相同的 {compared.shared} 道题",
    )
    console.print(f"\n{title}", soft_wrap=True, highlight=False)  # a title would be broken at the width of the table
    table = Table()
    table.add_column(str(Bilingual("measure", "指标")), no_wrap=True)
    for head in (Bilingual("then", "那时"), Bilingual("now", "现在"), Bilingual("n", "n")):
        table.add_column(str(head), justify="right", no_wrap=True)
    table.add_column("")
    for found in sorted(compared.comparisons, key=lambda one: position(one.measure)):
        before, now = (formatted(found.measure, value) for value in compared.values[found.measure])
        mark = MARKS[found.verdict]
        table.add_row(label(MEASURES, found.measure), before, f"[bold]{now}[/]", str(found.n), mark)
    console.print(table)
    for sentence in (*_verdicts_in_words(compared.comparisons), *_differences(compared)):
        console.print(str(sentence), highlight=False)
    console.print(f"{Bilingual('that run:', '那次运行：')} {compared.run}", soft_wrap=True, highlight=False)


def _differences(compared: RunComparison) -> Iterator[Bilingual]:
    """Say what else than the model is different in the two exams."""
    if not compared.same_papers:
        yield Bilingual("the papers are not the same ones", "两次考试的题库不同")
    if not compared.same_settings:
        yield Bilingual(
            "the exams were not set or not marked alike: run hornbook exam on both with one release to be sure",
            "两次考试的出题或评分方式不同：要有把握，请用同一版程序把两边都考一次",
        )


def _verdicts_in_words(comparisons: Sequence[Comparison]) -> Iterator[Bilingual]:
    """Explain the marks that stand in the table, and name what got worse and what a few questions more would tell."""
    marks = {comparison.verdict for comparison in comparisons}
    legend = {
        "better": Bilingual("▲ better", "▲ 变好"),
        "worse": Bilingual("▼ worse", "▼ 变差"),
        "cannot_tell": Bilingual("? cannot tell", "? 无法断定"),
        "too_few": Bilingual("· fewer than 10 questions", "· 不足 10 题"),
    }
    shown = [words for verdict, words in legend.items() if verdict in marks]
    if shown:
        yield Bilingual(
            ", ".join(words.en for words in shown) + " (same questions, exact tests, corrected for their number)",
            "，".join(words.zh for words in shown) + "（同一套题，精确检验，已按检验个数校正）",
        )
    more = [comparison.ask_more for comparison in comparisons if comparison.verdict == "cannot_tell"]
    if any(more):
        yield Bilingual(
            f"to tell a difference that matters, ask about {max(more)} questions more of a measure marked ?",
            f"要看出有意义的差别，标 ? 的指标最多约需再问 {max(more)} 道题",
        )
