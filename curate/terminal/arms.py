"""Shows how two assistants compare: the columns that were read, the measures of both, and what they say in words."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from curate.experiments.conversations import printable
from curate.experiments.two_arms import ENOUGH, ArmComparison, ArmMeasure, ArmReport
from schemas.bilingual import Bilingual

RATES = ("resolved", "handed_over")
MEASURES = {
    "resolved": Bilingual("resolved", "解决率"),
    "score": Bilingual("satisfaction", "满意度"),
    "turns": Bilingual("turns a conversation", "每段对话轮次"),
    "handed_over": Bilingual("handed to a person", "转人工率"),
}
THINGS = {
    "arm": Bilingual("arm", "分组"),
    "session": Bilingual("conversation", "会话"),
    "role": Bilingual("who speaks", "说话人"),
    "turns": Bilingual("turns", "轮次"),
    "resolved": Bilingual("resolved", "是否解决"),
    "score": Bilingual("satisfaction", "满意度"),
    "handed_over": Bilingual("handed over", "是否转人工"),
}
TURNS = {
    "rounds": Bilingual(
        "turns: how often the customer speaks; messages in a row count once",
        "轮次：客户开口几次；连发几条算一次",
    ),
    "messages": Bilingual("turns: messages of a conversation", "轮次：一段对话的消息条数"),
    "given": Bilingual("turns: as the column counts them", "轮次：按该列所写"),
}
COUNTED = {
    "unreadable": Bilingual("{} rows could not be read", "{} 行读不出来"),
    "without_id": Bilingual("{} rows have no conversation id and are left out", "{} 行没有会话编号，未计入"),
    "without_arm": Bilingual("{} conversations have no arm and are left out", "{} 段对话没有分组，未计入"),
    "in_both": Bilingual("{} conversations are in both arms and are left out", "{} 段对话同时出现在两组，未计入"),
    "disagreeing": Bilingual(
        "{} conversations have rows that say resolved and rows that say not: taken as unknown",
        "{} 段对话有的行说已解决、有的行说未解决，按未知处理",
    ),
    "repeated": Bilingual(
        "{} conversations stand in more than one row, and count once", "{} 段对话占了不止一行，各算一次"
    ),
    "respelled": Bilingual(
        "{} arms are written in several ways (case, width, blanks) and were joined",
        "{} 个分组有几种写法（大小写、全半角、空格），已合并",
    ),
}


def print_arms(console: Console, report: ArmReport) -> None:
    """Print the comparison."""
    for sentence in (*_columns(report), *_counted(report)):
        console.print(str(sentence), highlight=False, markup=False)
    console.print(_table(report))
    for comparison in report.comparisons:
        console.print(str(verdict_in_words(comparison, report)), highlight=False, markup=False)
    console.print(str(_explained(report)), highlight=False, markup=False)


def _columns(report: ArmReport) -> Iterator[Bilingual]:
    """Say which column was taken for what, once for files that are alike."""
    seen = []
    for path, columns in report.columns.items():
        by_thing = columns.by_thing()
        if (by_thing, columns.guessed) in seen:
            continue
        seen.append((by_thing, columns.guessed))
        taken = [(THINGS[thing], printable(name), thing in columns.guessed) for thing, name in by_thing.items()]
        en = ", ".join(f"{thing.en} = {column}{' (guessed)' * guessed}" for thing, column, guessed in taken)
        zh = "，".join(f"{thing.zh} = {column}{'（猜的）' * guessed}" for thing, column, guessed in taken)
        yield Bilingual(f"{path}: {en}", f"{path}：{zh}")
        if columns.session is None:
            yield Bilingual(
                f"{path}: no column of conversations; each row is taken for one",
                f"{path}：没有会话编号列，每一行当作一段对话",
            )


def _counted(report: ArmReport) -> Iterator[Bilingual]:
    """Say what was left out or noted."""
    for reason, n in report.counted.items():
        words = COUNTED[reason]
        yield Bilingual(words.en.format(f"{n:,}"), words.zh.format(f"{n:,}"))
    for comparison in report.comparisons:
        name = MEASURES[comparison.measure]
        unknown = sum(report.conversations) - sum(side.n for side in comparison.arms)
        if unknown:
            yield Bilingual(
                f"{name.en}: unknown for {unknown:,} of {sum(report.conversations):,} conversations, not counted",
                f"{name.zh}：{sum(report.conversations):,} 段对话中有 {unknown:,} 段未知，不计入",
            )
        if comparison.measure in report.only_yes:
            yield Bilingual(
                f"{name.en}: the column says yes or nothing; if an empty cell means no, write no into it",
                f"{name.zh}：该列只有“是”和空白；如果空白表示“否”，请填上“否”",
            )
    if report.zero_scores:
        yield Bilingual(
            f"satisfaction: {report.zero_scores:,} scores are 0; if 0 means not rated, empty these cells",
            f"满意度：有 {report.zero_scores:,} 个 0 分；如果 0 表示没有评价，请清空这些单元格",
        )


def _table(report: ArmReport) -> Table:
    """Put the measures of both arms below each other."""
    table = Table(title=str(Bilingual("two assistants", "两个助手")), title_justify="left")
    table.add_column(str(Bilingual("measure", "指标")))
    table.add_column(str(Bilingual("arm", "分组")), overflow="fold")
    for head in (Bilingual("value", "数值"), Bilingual("95 %", "95% 区间")):
        table.add_column(str(head), justify="right", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for arm, n in zip(report.arms, report.conversations, strict=True):
        first = arm == report.arms[0]
        table.add_row(str(Bilingual("conversations", "对话")) if first else "", _plain(arm), f"{n:,}", "", "")
    for comparison in report.comparisons:
        for number, side in enumerate(comparison.arms):
            name = "" if number else str(MEASURES[comparison.measure])
            interval = "–" if side.low is None else "{} – {}".format(*_bounds(comparison.measure, side))
            table.add_row(name, _plain(side.arm), _written(comparison.measure, side.value), interval, f"{side.n:,}")
    return table


def _plain(text: str) -> str:
    """Keep brackets of a name from being read as a style."""
    return text.replace("[", "\\[")


def _bounds(measure: str, side: ArmMeasure) -> tuple[str, str]:
    return _written(measure, side.low), _written(measure, side.high)


def _written(measure: str, value: float | None) -> str:
    """Write a value: a rate in per cent, a mean with two digits."""
    if value is None:
        return "–"
    return f"{value:.1%}" if measure in RATES else f"{value:.2f}"


def verdict_in_words(comparison: ArmComparison, report: ArmReport) -> Bilingual:
    """Say what one measure tells of the second arm."""
    name, (base, other) = MEASURES[comparison.measure], report.arms
    if comparison.verdict in ("better", "worse"):
        by = _difference(comparison)
        is_better = comparison.verdict == "better"
        return Bilingual(
            f"{name.en}: {other} is {comparison.verdict} than {base} ({by.en})",
            f"{name.zh}：{other} 比 {base} {'好' if is_better else '差'}（{by.zh}）",
        )
    en, zh = (
        (f"fewer than {ENOUGH} in an arm, no verdict", f"有一组不足 {ENOUGH} 段，不下结论")
        if comparison.verdict == "too_few"
        else ("cannot tell", "无法断定")
    )
    by, more = _difference(comparison), _missing(comparison, report)
    in_brackets = Bilingual(f" ({by.en})", f"（{by.zh}）") if by.en else by
    return Bilingual(f"{name.en}: {en}{in_brackets.en}{more.en}", f"{name.zh}：{zh}{in_brackets.zh}{more.zh}")


def _difference(comparison: ArmComparison) -> Bilingual:
    """Write the difference with its interval and p; nothing where there is none."""
    if comparison.difference is None or comparison.low is None or comparison.high is None:
        return Bilingual("", "")
    is_rate = comparison.measure in RATES
    low, middle, high = (
        f"{100 * value:+.1f}" if is_rate else f"{value:+.2f}"
        for value in (comparison.low, comparison.difference, comparison.high)
    )
    unit = Bilingual(" points", " 个百分点") if is_rate else Bilingual("", "")
    p = comparison.p_adjusted if comparison.p_adjusted is not None else comparison.p
    shown = "p < 0.001" if p is not None and p < 0.001 else f"p = {p:.3f}"
    return Bilingual(
        f"{middle}{unit.en}, 95 % {low} to {high}, {shown}",
        f"相差 {middle}{unit.zh}，95% 区间 {low} 到 {high}，{shown}",
    )


def _missing(comparison: ArmComparison, report: ArmReport) -> Bilingual:
    """Say how many conversations more would tell."""
    least = (
        Bilingual(f"{100 * report.margin:g} points", f" {100 * report.margin:g} 个百分点")
        if comparison.measure in RATES
        else Bilingual("half a standard deviation", "半个标准差")
    )
    needed = [(arm, n) for arm, n in zip(report.arms, comparison.missing, strict=True) if n]
    if not needed:
        return Bilingual(
            f"; there are enough to see a difference of {least.en} at 80 % power"
            if all(n == 0 for n in comparison.missing)
            else "",
            f"；数量已足以八成把握看出{least.zh}的差别" if all(n == 0 for n in comparison.missing) else "",
        )
    en = ", ".join(f"{n:,} more of {arm}" for arm, n in needed)
    zh = "，".join(f"{arm} 还差 {n:,} 段" for arm, n in needed)
    return Bilingual(
        f"; to see a difference of {least.en} at 80 % power it takes about {en}",
        f"；要有八成把握看出{least.zh}的差别，{zh}左右",
    )


def _explained(report: ArmReport) -> Bilingual:
    """Say how it was decided, and what it takes to mean anything."""
    turns = TURNS.get(report.turns_are)
    en = (
        "rates: Fisher's exact test; means: Welch's test (by permutations in small arms); p corrected for the number "
        "of measures (Holm). It holds where customers came to an arm by chance."
    )
    zh = (
        "比率用费希尔精确检验，均值用韦尔奇检验（组小时用置换检验），p 值已按指标个数校正（Holm）。"
        "前提：客户是随机分到两组的。"
    )
    return Bilingual(f"{turns.en}; {en}" if turns else en, f"{turns.zh}；{zh}" if turns else zh)
