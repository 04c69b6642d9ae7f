"""What `hornbook review` prints: what waits, and what reviewers say of the data."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from curate.report.labels import KINDS, label
from curate.report.reasons import reason_text
from curate.reviewing.quality_estimate import BadShare
from curate.reviewing.wanted import REASONS
from curate.terminal.printing import echo
from schemas.bilingual import Bilingual
from schemas.review import Measured, OtherAnswer, ReviewTask
from schemas.statistics.agreement import Alpha

SHOWN = 20
"""Tasks that are printed; `--json` prints all."""
LONGEST = 160
"""Characters of a text that are printed."""
SPEAKERS = {"user": Bilingual("user", "客户"), "assistant": Bilingual("assistant", "助手")}


def print_tasks(console: Console, tasks: Sequence[ReviewTask]) -> None:
    """Print the first tasks, and how many there are for each reason."""
    if not tasks:
        echo("nothing waits", "没有等待审核的内容")
    for task in tasks[:SHOWN]:
        console.print(Text(f"{task.id[:12]}  {why_in_words(task)}", style="bold"), soft_wrap=True)
        for line in _lines(task):
            console.print(Text(f"  {line}"), soft_wrap=True)
    if len(tasks) > SHOWN:
        more = len(tasks) - SHOWN
        echo(f"… and {more} more (--json lists all)", f"……还有 {more} 条（--json 列出全部）")
    counts = Counter(reason for task in tasks for reason in task.why)
    for reason, count in sorted(counts.items()):
        echo(f"{count} × {reason_in_words(reason)}", f"{count} 条：{reason_in_words(reason)}")


def _lines(task: ReviewTask) -> Iterator[str]:
    """Write what was measured of a task, what was said, and what stands beside it."""
    yield from map(measured_in_words, task.measured)
    for message in task.messages:
        if message.role in SPEAKERS:
            yield f"{SPEAKERS[message.role]}: {_short(message.content)}"
    for other in task.others:
        yield f"{Bilingual('or', '或')}: {_beside(other)}"
    if task.twin:
        yield f"{Bilingual('beside', '对照')}: {_beside(task.twin)}"
    if task.parent:
        yield f"{Bilingual('made of', '来自')}: {_beside(task.parent)}"


def why_in_words(task: ReviewTask) -> str:
    """Say why a task is here, and what kind of record it is about."""
    reasons = str(Bilingual("; ", "；")).join(map(reason_in_words, task.why))
    return f"{label(KINDS, task.kind)}{Bilingual(': ', '：')}{reasons}"


def reason_in_words(reason: str) -> str:
    """Say one reason of `ReviewTask.why`: what it is, and the rule it names."""
    name, _, rule = reason.partition(":")
    said = REASONS.get(name) or REASONS.get(f"{name}s")
    words = str(said[1]) if said else name
    return f"{words}{Bilingual(f' ({reason_text(rule)})', f'（{reason_text(rule)}）')}" if rule else words


def measured_in_words(measured: Measured) -> str:
    """Say what a rule measured, and what it was held against."""
    score = measured.score
    said = f"{score:g}" if isinstance(score, int | float) and not isinstance(score, bool) else str(score)
    limit = f" ({measured.limit})" if measured.limit else ""
    return f"{reason_text(measured.rule)}: {said}{limit}"


def print_estimate(estimate: BadShare | None, alpha: Alpha | None) -> None:
    """Print the share of bad rows, from the random part alone, and how far people agree."""
    if estimate is None:
        echo(
            "the share of bad rows is not known: nobody has looked at a random sample (--what sample)",
            "坏数据占比未知：还没有人看过随机样本（--what sample）",
        )
    else:
        echo(
            f"bad rows: {estimate.share:.1%}, 95 % {estimate.low:.1%} to {estimate.high:.1%}; of {estimate.judged} "
            f"drawn at random {estimate.rejected} rejected, {estimate.edited} edited",
            f"坏数据占 {estimate.share:.1%}，95% 区间 {estimate.low:.1%} 到 {estimate.high:.1%}；随机抽取的 "
            f"{estimate.judged} 条里拒绝 {estimate.rejected} 条、修改 {estimate.edited} 条",
        )
    if alpha is not None:
        between = f" [{alpha.interval.low:.2f}, {alpha.interval.high:.2f}]" if alpha.interval else ""
        echo(
            f"agreement of reviewers (Krippendorff's alpha): {alpha.value:.2f}{between} on {alpha.units} records",
            f"审核人一致程度（Krippendorff α）：{alpha.units} 条上为 {alpha.value:.2f}{between}",
        )


def _beside(other: OtherAnswer) -> str:
    known = ", ".join(part for part in (other.date, other.source) if part)
    return f"{_short(other.answer)}" + (f"  [{known}]" if known else "")


def _short(text: str) -> str:
    line = " ⏎ ".join(text.split("\n"))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
