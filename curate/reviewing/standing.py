"""How a review stands: what waits, what is out and answered, what it says of the data, and how much must be looked at.

Command and page say it with the same sentences.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from curate.decisions.quality_estimate import ReviewPlan, agreement, bad_share, records_needed, seconds_of
from curate.reviewing.book import Book
from curate.reviewing.gather import Gathered, gather_tasks
from curate.reviewing.wanted import parse_wanted
from curate.reviewing.way import Way, WayStatus
from curate.store.read_version import read_manifest
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.review import ReviewDecision
from schemas.review_estimate import BadShare
from schemas.statistics.agreement import Alpha

PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[%％]?\s*")
UNKNOWN = Bilingual(
    "the share of bad rows is not known: nobody has looked at a random sample (--what sample)",
    "坏数据占比未知：还没有人看过随机样本（--what sample）",
)
READ_FOR_TIME = 50
"""Records of the sample whose length tells how long a decision takes."""


class Standing(NamedTuple):
    """`queued` tasks were sent and `answered` of them have a decision; the file of reviews holds `decisions` by
    `people`. `ways` says what is out by which way.
    """

    queued: int
    answered: int
    decisions: int
    people: int
    ways: Mapping[str, WayStatus]
    bad: BadShare | None
    alpha: Alpha | None

    def progress(self) -> Bilingual:
        """Say how far the review is."""
        return Bilingual(
            f"{self.queued} tasks were sent, {self.answered} of them are answered; the file of reviews holds "
            f"{self.decisions} decisions by {self.people} people",
            f"发出过 {self.queued} 个任务，已有结论的 {self.answered} 个；审核文件里有 {self.people} 位审核人的 "
            f"{self.decisions} 条结论",
        )

    def quality(self) -> tuple[Bilingual, ...]:
        """Say the share of bad rows, from the random part alone, and how far people agree."""
        sentence = UNKNOWN if self.bad is None else self.bad.sentence()
        return (sentence,) if self.alpha is None else (sentence, _agreement_in_words(self.alpha))


class Planned(NamedTuple):
    """How much must be looked at, and what was known of the share of bad rows before."""

    plan: ReviewPlan
    known: BadShare | None

    def sentences(self) -> tuple[Bilingual, ...]:
        """Say how many records, on what assumption, and how long that takes."""
        return _records_in_words(self.plan), _assumption_in_words(self.plan, self.known), _hours_in_words(self.plan)


def waiting_in(book: Book, what: str) -> Gathered:
    """Make the tasks of what waits (`parse_wanted`)."""
    return gather_tasks(book.version, book.file.folder, parse_wanted(what), book.decisions())


def standing_of(book: Book, ways: Sequence[Way]) -> Standing:
    """Find out how the review stands; the ways are asked what is out by them."""
    tasks, reviews = book.queue.tasks(), book.decisions()
    known = digests_shown(reviews)
    return Standing(
        queued=len(tasks),
        answered=sum(bool(known & set(task.shown)) for task in tasks.values()),
        decisions=len(reviews),
        people=len({line.by for line in reviews}),
        ways={way.name: way.status(tasks) for way in ways},
        bad=bad_share(reviews, read_manifest(book.version).train_rows),
        alpha=agreement(reviews),
    )


def digests_shown(reviews: Sequence[ReviewDecision]) -> set[str]:
    """Collect the digests of the texts that anybody has decided about."""
    return {digest for line in reviews for digest in line.shown}


def planned_for(book: Book, error: float, confidence: float, overlap: int) -> Planned:
    """Reckon how many records of a random sample must be looked at, and how long people need for it."""
    reviews = book.decisions()
    population = read_manifest(book.version).train_rows
    known = bad_share(reviews, population)
    expected = min(0.5, known.high) if known else 0.5
    records = records_needed(population, error, confidence, expected)
    sample = gather_tasks(book.version, None, {"sample": min(records, READ_FOR_TIME)}, ()).tasks
    seconds, timed = seconds_of(reviews, ["\n".join(m.content for m in task.messages) for task in sample])
    plan = ReviewPlan(
        population=population, error=error, confidence=confidence, expected=expected, records=records,
        seconds=seconds, timed=timed, overlap=overlap,
    )  # fmt: skip
    return Planned(plan, known)


def read_share(text: str, option: str) -> float:
    """Read a percentage, above 0 and below 100. Raises InputError for anything else."""
    match = PERCENT.fullmatch(text)
    share = float(match[1]) / 100 if match else 0.0
    if not 0 < share < 1:
        raise InputError(f"{option} is a percentage, such as 5%", f"{option} 应为百分比，如 5%")
    return share


def left_out_in_words(gathered: Gathered) -> tuple[Bilingual, ...]:
    """Say what was asked for and is not among the tasks."""
    sentences = (
        Bilingual(
            f"{gathered.settled} more are decided already; the next build does what was decided",
            f"另有 {gathered.settled} 条已有结论，下次构建时执行",
        ),
        Bilingual(
            f"{gathered.textless} dropped records cannot be shown: their raw rows are not there any more",
            f"{gathered.textless} 条被丢弃的记录无法显示：原始行已不在",
        ),
    )
    counts = (gathered.settled, gathered.textless)
    return tuple(sentence for sentence, count in zip(sentences, counts, strict=True) if count)


def _agreement_in_words(alpha: Alpha) -> Bilingual:
    between = f" [{alpha.interval.low:.2f}, {alpha.interval.high:.2f}]" if alpha.interval else ""
    return Bilingual(
        f"agreement of reviewers (Krippendorff's alpha): {alpha.value:.2f}{between} on {alpha.units} records",
        f"审核人一致程度（Krippendorff α）：{alpha.units} 条上为 {alpha.value:.2f}{between}",
    )


def _records_in_words(plan: ReviewPlan) -> Bilingual:
    return Bilingual(
        f"look at {plan.records:,} of {plan.population:,} records, at random: the share of bad ones is then known to "
        f"± {plan.error:.1%} ({plan.confidence:.0%} sure)",
        f"从 {plan.population:,} 条里随机看 {plan.records:,} 条：坏数据占比的误差不超过 ±{plan.error:.1%}"
        f"（置信水平 {plan.confidence:.0%}）",
    )


def _assumption_in_words(plan: ReviewPlan, known: BadShare | None) -> Bilingual:
    share = f"{plan.expected:.0%}"
    if known:
        return Bilingual(
            f"reckoned with at most {share} bad, as the reviews so far say", f"按已有审核结果推算，坏数据至多 {share}"
        )
    return Bilingual("reckoned for the worst case, half of them bad", "按最坏情况推算（一半是坏数据）")


def _hours_in_words(plan: ReviewPlan) -> Bilingual:
    source = Bilingual("from the length of the texts; nobody has been timed yet", "按文字长度估计，还没有实际用时")
    if plan.timed:
        source = Bilingual(f"the median of {plan.timed} decisions", f"{plan.timed} 次审核用时的中位数")
    return Bilingual(
        f"about {plan.hours:.1f} hours of {plan.overlap} reviewer(s) a record, {plan.seconds:.0f} s a record: "
        f"{source.en}",
        f"约需 {plan.hours:.1f} 小时（每条 {plan.overlap} 人审，每条 {plan.seconds:.0f} 秒：{source.zh}）",
    )
