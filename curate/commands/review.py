"""review: what waits for people goes out, and what they say comes back."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from curate.decisions.reviews import add_reviews
from curate.reviewing.book import Book, open_book
from curate.reviewing.decide import Taken, take
from curate.reviewing.gather import Gathered
from curate.reviewing.in_words import measured_in_words, reason_in_words, why_in_words
from curate.reviewing.standing import (
    digests_shown,
    left_out_in_words,
    planned_for,
    read_share,
    standing_of,
    waiting_in,
)
from curate.reviewing.way import Pushed, Way, send_out
from curate.reviewing.ways import label_studio, notes_of, page, sheets, ways_out
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.review import Opinion, OtherAnswer, ReviewTask

TASKS_SHOWN = 20
"""Tasks that are printed; `--json` prints all."""
LONGEST = 160
"""Characters of a text that are printed."""
SPEAKERS = {"user": Bilingual("user", "客户"), "assistant": Bilingual("assistant", "助手")}
SHEET = "sheet"
"""The way that is a file, and no server."""
PAGE = "page"
"""The way from which nothing has to be brought back."""
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
    gathered = waiting_in(book, what)
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
    error, confidence = read_share(wishes[0], "--error"), read_share(wishes[1], "--confidence")
    planned = planned_for(open_book(named, Store(root)), error, confidence, wishes[2])
    plan = planned.plan
    if as_json:
        emit(plan.model_dump(mode="json") | {"hours": plan.hours})
        return
    for sentence in planned.sentences():
        print(sentence)
    next_step(f"hornbook review push {named} --what sample:{plan.records} --to sheet")


def push_command(named: str, root: Path, flags: PushFlags, *, as_json: bool) -> None:
    """Send what waits to reviewers. What is out already is not sent again."""
    book = open_book(named, Store(root))
    gathered = waiting_in(book, flags.what)
    way = _way_out(book, flags)
    pushed = send_out(book.queue, way, gathered.tasks, flags.overlap)
    if as_json:
        emit({**pushed._asdict(), "way": way.name, "settled": gathered.settled, "textless": gathered.textless})
        return
    _print_pushed(pushed)
    _print_counts(gathered)
    if way.name == PAGE:
        next_step("hornbook ui")
    else:
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
    standing = standing_of(book, ways_out(book.queue, book.file.folder))
    if as_json:
        bad, alpha = standing.bad, standing.alpha
        emit(
            {
                "queue": standing.queued, "answered": standing.answered, "reviews": standing.decisions,
                "people": standing.people,
                "ways": {name: status._asdict() for name, status in standing.ways.items()},
                "bad": bad.model_dump(mode="json") if bad else None,
                "alpha": alpha._asdict() if alpha else None,
            }
        )  # fmt: skip
        return
    print(standing.progress())
    for name, status in standing.ways.items():
        echo(
            f"{name}: {status.out} are out, {status.decided} filled in there; {status.where}",
            f"{name}：发出 {status.out} 个，那边已填 {status.decided} 个；{status.where}",
        )
    for sentence in standing.quality():
        print(sentence)


def close_command(named: str, root: Path, *, everything: bool, as_json: bool) -> None:
    """Take away the tasks that are answered, or all; what was said on a server is brought back first."""
    book = open_book(named, Store(root))
    tasks, ways = book.queue.tasks(), ways_out(book.queue, book.file.folder)
    for way in ways:
        if way.name != SHEET:  # a sheet that was filled in is a file, and stays
            _bring_back(book, way, tasks)
    shown = digests_shown(book.decisions())
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
    taken = take(opinions, tasks, book.decisions(), book.file)
    add_reviews(book.reviews, taken.new)
    return opinions, taken


def _label_studio(book: Book) -> Way:
    return label_studio(book.queue, book.file.folder)


def _way_out(book: Book, flags: PushFlags) -> Way:
    """Open the way that was named."""
    if flags.to == PAGE:
        return page(book.queue)
    return _label_studio(book) if flags.to == "label-studio" else sheets(book.queue, write=flags.file)


def _print_counts(gathered: Gathered) -> None:
    for sentence in left_out_in_words(gathered):
        print(sentence)


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


def _beside(other: OtherAnswer) -> str:
    known = ", ".join(part for part in (other.date, other.source) if part)
    return f"{_short(other.answer)}" + (f"  [{known}]" if known else "")


def _short(text: str) -> str:
    line = " ⏎ ".join(text.split("\n"))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
