"""review: what waits for people goes out, and what they say comes back."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from curate.decisions.quality_estimate import (
    BadShare,
    ReviewPlan,
    agreement,
    bad_share,
    records_needed,
    seconds_of,
)
from curate.decisions.reviews import add_reviews, read_reviews
from curate.reviewing.book import Book, open_book
from curate.reviewing.decide import Taken, take
from curate.reviewing.gather import Gathered, gather_tasks
from curate.reviewing.in_words import measured_in_words, reason_in_words, why_in_words
from curate.reviewing.wanted import parse_wanted
from curate.reviewing.way import Pushed, Way, WayStatus
from curate.reviewing.ways import label_studio, notes_of, sheets, ways_out
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.review import Opinion, OtherAnswer, ReviewDecision, ReviewTask
from schemas.statistics.agreement import Alpha

TASKS_SHOWN = 20
"""Tasks that are printed; `--json` prints all."""
LONGEST = 160
"""Characters of a text that are printed."""
SPEAKERS = {"user": Bilingual("user", "客户"), "assistant": Bilingual("assistant", "助手")}
SHEET = "sheet"
"""The way that is a file, and no server."""
PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[%％]?\s*")
SHOWN = 5
"""Refused edits that are named."""


class PushFlags(NamedTuple):
    """The options as they were written."""

    to: str
    what: str
    file: Path | None
    overlap: int


def list_command(named: str, root: Path, what: str, *, as_json: bool) -> None:
    """Print what waits: why, what was measured, and the masked text."""
    book = open_book(named, Store(root))
    gathered = _gather(book, what)
    if as_json:
        emit([task.model_dump(mode="json") | {"key": task.key} for task in gathered.tasks])
        return
    _print_tasks(Console(), gathered.tasks)
    _print_counts(gathered)
    if gathered.tasks:
        next_step(
            f"hornbook review push {named} --what {what} --to sheet", f"hornbook review push {named} --to label-studio"
        )


def plan_command(named: str, root: Path, wishes: tuple[str, str, int], *, as_json: bool) -> None:
    """Print how large a random sample must be, and how long people need for it."""
    error, confidence = _share(wishes[0], "--error"), _share(wishes[1], "--confidence")
    book = open_book(named, Store(root))
    reviews = _reviews(book)
    population = read_manifest(book.version).train_rows
    known = bad_share(reviews, population)
    expected = min(0.5, known.high) if known else 0.5
    records = records_needed(population, error, confidence, expected)
    sample = gather_tasks(book.version, None, {"sample": min(records, 50)}, ()).tasks
    seconds, timed = seconds_of(reviews, ["\n".join(m.content for m in task.messages) for task in sample])
    plan = ReviewPlan(
        population=population, error=error, confidence=confidence, expected=expected, records=records,
        seconds=seconds, timed=timed, overlap=wishes[2],
    )  # fmt: skip
    if as_json:
        emit(plan.model_dump(mode="json") | {"hours": plan.hours})
        return
    _print_plan(plan, known)
    next_step(f"hornbook review push {named} --what sample:{records} --to sheet")


def push_command(named: str, root: Path, flags: PushFlags, *, as_json: bool) -> None:
    """Send what waits to reviewers. What is out already is not sent again."""
    book = open_book(named, Store(root))
    gathered = _gather(book, flags.what)
    way: Way = _label_studio(book) if flags.to == "label-studio" else sheets(book.queue, write=flags.file)
    book.queue.add(gathered.tasks)
    pushed = way.push(gathered.tasks, flags.overlap)
    if as_json:
        emit({**pushed._asdict(), "way": way.name, "settled": gathered.settled, "textless": gathered.textless})
        return
    _print_pushed(pushed)
    _print_counts(gathered)
    next_step(f"hornbook review pull {named}" + (f" {pushed.where}" if way.name == SHEET else ""))


def pull_command(named: str, root: Path, files: Sequence[Path], by: str, *, as_json: bool) -> None:
    """Bring back what reviewers said, check it, and write it into the file of reviews."""
    book = open_book(named, Store(root))
    tasks = book.queue.tasks()
    if not tasks:
        raise InputError(
            f"nothing of {book.name} is out: hornbook review push {named} --to sheet",
            f"{book.name} 没有发出过审核任务：请先运行 hornbook review push {named} --to sheet",
        )
    way: Way = sheets(book.queue, read=files, by=by) if files else _label_studio(book)
    opinions, taken = _bring_back(book, way, tasks)
    notes = notes_of(way)
    if as_json:
        emit(
            {
                "file": str(book.reviews), "opinions": len(opinions), "new": len(taken.new), "known": taken.known,
                "refused": [refused._asdict() for refused in taken.refused], "notes": [str(note) for note in notes],
            }
        )  # fmt: skip
        return
    _print_taken(book, taken)
    for note in notes:
        echo(note.en, note.zh)
    next_step(f"hornbook build {named}" if named.endswith((".yaml", ".yml")) else f"hornbook review status {named}")


def status_command(named: str, root: Path, *, as_json: bool) -> None:
    """Print how many tasks are out and decided, what the random part says of the data, and how far people agree."""
    book = open_book(named, Store(root))
    tasks, reviews = book.queue.tasks(), _reviews(book)
    out = {way.name: way.status(tasks) for way in ways_out(book.queue, book.file.folder)}
    estimate = bad_share(reviews, read_manifest(book.version).train_rows)
    alpha = agreement(reviews)
    shown = _shown(reviews)
    answered = sum(bool(shown & set(task.shown)) for task in tasks.values())
    if as_json:
        emit(
            {
                "queue": len(tasks), "answered": answered, "reviews": len(reviews),
                "people": len({line.by for line in reviews}),
                "ways": {name: status._asdict() for name, status in out.items()},
                "bad": estimate.model_dump(mode="json") if estimate else None,
                "alpha": alpha._asdict() if alpha else None,
            }
        )  # fmt: skip
        return
    _print_status(len(tasks), answered, reviews, out)
    _print_estimate(estimate, alpha)


def close_command(named: str, root: Path, *, everything: bool, as_json: bool) -> None:
    """Take away the tasks that are answered, or all; what was said on a server is brought back first."""
    book = open_book(named, Store(root))
    tasks, ways = book.queue.tasks(), ways_out(book.queue, book.file.folder)
    for way in ways:
        if way.name != SHEET:  # a sheet that was filled in is a file, and stays
            _bring_back(book, way, tasks)
    shown = _shown(_reviews(book))
    closing = {key: task for key, task in tasks.items() if everything or shown & set(task.shown)}
    closed = {way.name: way.close(closing) for way in ways}
    book.queue.remove(closing)
    if as_json:
        emit({"closed": len(closing), "ways": closed})
        return
    echo(
        f"{len(closing)} tasks are taken away, {len(tasks) - len(closing)} stay",
        f"收回 {len(closing)} 个任务，剩 {len(tasks) - len(closing)} 个",
    )


def _bring_back(book: Book, way: Way, tasks: Mapping[str, ReviewTask]) -> tuple[list[Opinion], Taken]:
    """Write what was said about these tasks into the file of reviews."""
    opinions = list(way.pull(tasks))
    taken = take(opinions, tasks, _reviews(book), book.file)
    add_reviews(book.reviews, taken.new)
    return opinions, taken


def _shown(reviews: Sequence[ReviewDecision]) -> set[str]:
    """Collect the digests of the texts that anybody has decided about."""
    return {digest for line in reviews for digest in line.shown}


def _label_studio(book: Book) -> Way:
    return label_studio(book.queue, book.file.folder)


def _gather(book: Book, what: str) -> Gathered:
    return gather_tasks(book.version, book.file.folder, parse_wanted(what), _reviews(book))


def _reviews(book: Book) -> list[ReviewDecision]:
    return read_reviews(book.reviews) if book.reviews.is_file() else []


def _share(text: str, option: str) -> float:
    """Read a percentage, above 0 and below 100. Raises InputError for anything else."""
    match = PERCENT.fullmatch(text)
    share = float(match[1]) / 100 if match else 0.0
    if not 0 < share < 1:
        raise InputError(f"{option} is a percentage, such as 5%", f"{option} 应为百分比，如 5%")
    return share


def _print_counts(gathered: Gathered) -> None:
    if gathered.settled:
        echo(
            f"{gathered.settled} more are decided already; the next build does what was decided",
            f"另有 {gathered.settled} 条已有结论，下次构建时执行",
        )
    if gathered.textless:
        echo(
            f"{gathered.textless} dropped records cannot be shown: their raw rows are not there any more",
            f"{gathered.textless} 条被丢弃的记录无法显示：原始行已不在",
        )


def _print_plan(plan: ReviewPlan, known: BadShare | None) -> None:
    share = f"{plan.expected:.0%}"
    echo(
        f"look at {plan.records:,} of {plan.population:,} records, at random: the share of bad ones is then known to "
        f"± {plan.error:.1%} ({plan.confidence:.0%} sure)",
        f"从 {plan.population:,} 条里随机看 {plan.records:,} 条：坏数据占比的误差不超过 ±{plan.error:.1%}"
        f"（置信水平 {plan.confidence:.0%}）",
    )
    if known:
        echo(f"reckoned with at most {share} bad, as the reviews so far say", f"按已有审核结果推算，坏数据至多 {share}")
    else:
        echo("reckoned for the worst case, half of them bad", "按最坏情况推算（一半是坏数据）")
    if plan.timed:
        en, zh = f"the median of {plan.timed} decisions", f"{plan.timed} 次审核用时的中位数"
    else:
        en, zh = "from the length of the texts; nobody has been timed yet", "按文字长度估计，还没有实际用时"
    echo(
        f"about {plan.hours:.1f} hours of {plan.overlap} reviewer(s) a record, {plan.seconds:.0f} s a record: {en}",
        f"约需 {plan.hours:.1f} 小时（每条 {plan.overlap} 人审，每条 {plan.seconds:.0f} 秒：{zh}）",
    )


def _print_pushed(pushed: Pushed) -> None:
    echo(
        f"{pushed.new} tasks sent, {pushed.there} were out already, {pushed.closed} closed because their text has "
        f"changed; {pushed.where}",
        f"发出 {pushed.new} 个任务，{pushed.there} 个之前已发出，{pushed.closed} 个因内容已变而关闭；{pushed.where}",
    )


def _print_taken(book: Book, taken: Taken) -> None:
    echo(
        f"{book.reviews}: {len(taken.new)} new decisions, {taken.known} were known",
        f"{book.reviews}：新增 {len(taken.new)} 条结论，{taken.known} 条之前已有",
    )
    for refused in taken.refused[:SHOWN]:
        echo(
            f"not taken: the edit of {refused.id[:12]} by {refused.by or '?'} fails {refused.rule}",
            f"未采用：{refused.by or '?'} 对 {refused.id[:12]} 的修改没有通过 {refused.rule}",
        )
    if len(taken.refused) > SHOWN:
        echo(f"and {len(taken.refused) - SHOWN} more", f"还有 {len(taken.refused) - SHOWN} 条")
    if taken.new and book.passes_reviews_over():
        echo(
            "the recipe lists its stages and `review` is not among them: add it behind `mask`, or nothing is done",
            "配方写明了 stages 但没有 review：请把它加在 mask 之后，否则结论不会生效",
        )


def _print_status(queued: int, answered: int, reviews: Sequence[ReviewDecision], out: Mapping[str, WayStatus]) -> None:
    people = len({line.by for line in reviews})
    echo(
        f"{queued} tasks were sent, {answered} of them are answered; the file of reviews holds {len(reviews)} "
        f"decisions by {people} people",
        f"发出过 {queued} 个任务，已有结论的 {answered} 个；审核文件里有 {people} 位审核人的 {len(reviews)} 条结论",
    )
    for name, status in out.items():
        echo(
            f"{name}: {status.out} are out, {status.decided} filled in there; {status.where}",
            f"{name}：发出 {status.out} 个，那边已填 {status.decided} 个；{status.where}",
        )


def _print_tasks(console: Console, tasks: Sequence[ReviewTask]) -> None:
    """Print the first tasks, and how many there are for each reason."""
    if not tasks:
        echo("nothing waits", "没有等待审核的内容")
    for task in tasks[:TASKS_SHOWN]:
        console.print(Text(f"{task.id[:12]}  {why_in_words(task)}", style="bold"), soft_wrap=True)
        for line in _task_lines(task):
            console.print(Text(f"  {line}"), soft_wrap=True)
    if len(tasks) > TASKS_SHOWN:
        more = len(tasks) - TASKS_SHOWN
        echo(f"… and {more} more (--json lists all)", f"……还有 {more} 条（--json 列出全部）")
    counts = Counter(reason for task in tasks for reason in task.why)
    for reason, count in sorted(counts.items()):
        echo(f"{count} × {reason_in_words(reason)}", f"{count} 条：{reason_in_words(reason)}")


def _task_lines(task: ReviewTask) -> Iterator[str]:
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


def _print_estimate(estimate: BadShare | None, alpha: Alpha | None) -> None:
    """Print the share of bad rows, from the random part alone, and how far people agree."""
    if estimate is None:
        echo(
            "the share of bad rows is not known: nobody has looked at a random sample (--what sample)",
            "坏数据占比未知：还没有人看过随机样本（--what sample）",
        )
    else:
        print(estimate.sentence())
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
