"""Questions whose answers contradict each other, a page at a time, and what people have decided about each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.decisions.agreed_reviews import ReviewsById, agree
from curate.decisions.reviews import read_reviews
from curate.duplicates.cluster_order import by_role, read_table
from curate.duplicates.contradictions import CONFLICTS
from curate.reviewing.book import Book
from curate.reviewing.gather import conflict_tasks
from curate.stages.review import Review
from curate.web.trials.cluster_pages import Marked, marked_text
from schemas.bilingual import Bilingual
from schemas.errors import GateError
from schemas.review import ReviewDecision, ReviewTask

EACH_PAGE = 10
MOST_LINES = 12


class ConflictLine(NamedTuple):
    """One answer, marked against that of the proposed one. `holds` is what people decided, None before they did."""

    id: str
    role: str
    question: Marked
    answer: Marked
    date: str
    source: str
    differs: list[str]
    holds: bool | None


class ConflictQuestion(NamedTuple):
    """One question. `task` is what a decision is about, None where none can be taken; `by` are those who decided."""

    cluster: str
    question: str
    lines: list[ConflictLine]
    left_out: int
    task: ReviewTask | None
    by: tuple[str, ...]
    at: str
    edited: str
    is_settled: bool


class ConflictPage(NamedTuple):
    """One page of questions; `before` and `after` are keys of the pages beside it, empty where there is none."""

    questions: list[ConflictQuestion]
    before: str
    after: str
    problem: Bilingual | None = None


class ConflictBook:
    """All conflicts of a version. Raises InputError where its recipe has no stage `conflict`."""

    def __init__(self, version: Path) -> None:
        self.version = version
        self._lines = by_role(read_table(version, CONFLICTS)).with_row_index("line")
        self._heads = self._lines.group_by("cluster", maintain_order=True).agg(
            pl.col("line").min().alias("start"), pl.len().alias("lines")
        )
        self.total = self._heads.height
        self.answers = self._lines.height

    def page(self, book: Book | None, *, after: str = "", before: str = "") -> ConflictPage:
        """Give the questions behind a key, or those before one. Without a book nothing can be decided."""
        start = self._before(after) + 1 if after else 0
        if before:
            start = max(0, self._before(before) - EACH_PAGE)
        heads = self._heads.slice(start, EACH_PAGE).to_dicts()
        tasks, problem = self._tasks(book, [head["cluster"] for head in heads])
        decided = decisions_of(book)
        review = review_of(book)
        questions = [self._question(head, tasks.get(head["cluster"]), decided, review) for head in heads]
        is_last = start + EACH_PAGE >= self.total
        first, last = (heads[0]["cluster"], heads[-1]["cluster"]) if heads else ("", "")
        return ConflictPage(questions, first if start else "", "" if is_last else last, problem)

    def task(self, book: Book, cluster: str) -> ReviewTask | None:
        """Make the task of one question; None where there is none to decide. Raises GateError as `conflict_tasks`."""
        return conflict_tasks(self.version, book.file.folder, [cluster]).get(cluster)

    def key_before(self, cluster: str) -> str:
        """Give the key behind which the page with a question begins, empty for the first page."""
        first = self._before(cluster) // EACH_PAGE * EACH_PAGE
        return str(self._heads["cluster"][first - 1]) if first else ""

    def _tasks(self, book: Book | None, clusters: Sequence[str]) -> tuple[Mapping[str, ReviewTask], Bilingual | None]:
        if book is None or not clusters:
            return {}, None
        try:
            return conflict_tasks(self.version, book.file.folder, clusters), None
        except GateError as error:
            return {}, error.sentence

    def _before(self, cluster: str) -> int:
        return self._heads.select((pl.col("cluster") < cluster).sum()).item()

    def _question(
        self, head: Mapping[str, Any], task: ReviewTask | None, decided: ReviewsById, review: Review
    ) -> ConflictQuestion:
        lines = self._lines.slice(head["start"], min(head["lines"], MOST_LINES)).to_dicts()
        proposed = lines[0]
        shown = {task.id: task.shown, **{other.id: other.shown for other in task.others}} if task else {}
        about = {id: _about(decided.of(id), digests) for id, digests in shown.items()}
        agreed = {id: agree(of, review.people, review.judge) for id, of in about.items() if of}
        settled = {id: one.verdict in ("accept", "edit") for id, one in agreed.items() if one.verdict}
        every = [decision for of in about.values() for decision in of if _stands(decision, of)]
        return ConflictQuestion(
            cluster=head["cluster"],
            question=proposed["question"],
            lines=[_line(line, proposed, settled.get(line["id"])) for line in lines],
            left_out=head["lines"] - len(lines),
            task=task,
            by=tuple(sorted({decision.by for decision in every})),
            at=max((decision.at for decision in every), default=""),
            edited=next((text for one in agreed.values() for text in one.edits.values()), ""),
            is_settled=bool(shown) and set(settled) == set(shown),
        )


@lru_cache(maxsize=2)
def conflicts_of(version: Path) -> ConflictBook:
    """Read the conflicts of a version. InputError where it has none."""
    return ConflictBook(version)


def decisions_of(book: Book | None) -> ReviewsById:
    """Read what people have decided."""
    return ReviewsById(read_reviews(book.reviews) if book and book.reviews.is_file() else [])


def review_of(book: Book | None) -> Review:
    """Find how the recipe settles what several people say."""
    return next((step.does for step in (book.file.steps if book else ()) if isinstance(step.does, Review)), Review())


def _about(decisions: Sequence[ReviewDecision], shown: Sequence[str]) -> list[ReviewDecision]:
    return [decision for decision in decisions if not decision.shown or set(decision.shown) & set(shown)]


def _stands(decision: ReviewDecision, among: Sequence[ReviewDecision]) -> bool:
    """Tell whether a decision is the last of its person, and none that was taken back."""
    last = [other for other in among if other.by == decision.by][-1]
    return last is decision and decision.verdict != "unsure"


def _line(line: Mapping[str, Any], proposed: Mapping[str, Any], holds: bool | None) -> ConflictLine:
    is_first = line["id"] == proposed["id"]
    return ConflictLine(
        line["id"],
        line["role"],
        [] if line["question"] == proposed["question"] else marked_text(proposed["question"], line["question"]),
        marked_text(None if is_first else proposed["answer"], line["answer"]),
        line["date"].isoformat() if line["date"] else "",
        line["source"] or "",
        line["differs"] or [],
        holds,
    )
