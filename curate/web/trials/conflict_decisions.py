"""Which of several answers holds, as one person decides it: lines of the file of reviews, as every other decision."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from curate.decisions.reviews import add_reviews, read_reviews
from curate.reviewing.book import Book
from curate.reviewing.decide import Refused, take
from curate.reviewing.desk.review_desk import ORIGIN
from schemas.errors import InputError
from schemas.review import Decision, Opinion, ReviewTask, TakenBack

NONE, ALL, WRITE, UNDO = "none", "all", "write", "undo"
"""What is chosen instead of one answer: none holds, all hold, another answer is right, a decision is taken back."""
LONGEST_NAME = 40


class ConflictChoice(NamedTuple):
    """What a reviewer chose: the id of an answer, or one of the words above; `answer` is what he wrote."""

    by: str
    chosen: str
    answer: str = ""


def decide_conflict(book: Book, task: ReviewTask, choice: ConflictChoice) -> Refused | None:
    """Write a decision into the file of reviews. An answer that masks or rules refuse is not written, and what refuses
    it is given. Raises InputError for a choice that is none.
    """
    name = reviewer_name(choice.by)
    ids = [task.id, *(other.id for other in task.others)]
    if choice.chosen not in (NONE, ALL, WRITE, UNDO, *ids):
        raise InputError("choose one of the answers", "请选一条回答")
    if choice.chosen == WRITE and not choice.answer.strip():
        raise InputError("write the answer that holds", "请写出正确的回答")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if choice.chosen == UNDO:
        _take_back(book, ids, name, now)
        return None
    verdicts: dict[str, Decision] = {NONE: "reject", WRITE: "edit"}
    holds = {ALL: tuple(ids), WRITE: (task.id,), NONE: ()}
    opinion = Opinion(
        key=task.key,
        verdict=verdicts.get(choice.chosen, "accept"),
        holds=holds.get(choice.chosen, (choice.chosen,)),
        answers={1: choice.answer.replace("\r\n", "\n").strip()} if choice.chosen == WRITE else {},
        by=name,
        at=now,
        origin=f"{ORIGIN}:{name}:{task.key}",
    )
    before = read_reviews(book.reviews) if book.reviews.is_file() else []
    taken = take([opinion], {task.key: task}, before, book.file)
    if taken.refused:
        return taken.refused[0]
    add_reviews(book.reviews, taken.new)
    return None


def _take_back(book: Book, ids: Collection[str], name: str, now: str) -> None:
    """Take back what this person said last of these answers on a page, as at the desk: another line does it."""
    said_here = [
        line
        for line in (read_reviews(book.reviews) if book.reviews.is_file() else [])
        if line.by == name and line.id in ids and line.origin.startswith(f"{ORIGIN}:")
    ]
    origin = said_here[-1].origin if said_here else ""
    gone = dict.fromkeys(line.id for line in said_here if line.origin == origin)
    add_reviews(book.reviews, [TakenBack(id=id, takes_back=origin, by=name, at=now) for id in gone])


def reviewer_name(name: str) -> str:
    """Check the name with which a decision is signed. Raises InputError for one that is none."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise InputError(
            f"sign with a name of at most {LONGEST_NAME} letters", f"请署名，名字不超过 {LONGEST_NAME} 个字"
        )
    return name
