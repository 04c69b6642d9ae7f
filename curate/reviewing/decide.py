"""What reviewers answered becomes lines of the file of reviews: checked, and none twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import tools_of
from curate.decisions.agreed_reviews import edited
from curate.decisions.reviews import REVIEWS
from curate.recipe.load import RecipeFile
from curate.stages.quality import NAME
from curate.stages.review import Review
from schemas.frame import frame_of
from schemas.review import Decision, Opinion, ReviewDecision, ReviewTask
from schemas.tags import REVIEWED

MASK = "mask"
ABOUT_TEXT = (MASK, NAME)
"""The stages that an edit must pass unchanged."""
FILE = "review"
"""The source of a record that stands for an edit while it is checked."""


class Refused(NamedTuple):
    """An edit that was not taken, and the rule or stage that it fails."""

    id: str
    by: str
    rule: str


class Taken(NamedTuple):
    """`new` are the lines to be added, `known` counts what was there already, `refused` are edits that fail."""

    new: tuple[ReviewDecision, ...]
    known: int
    refused: tuple[Refused, ...]


def take(
    opinions: Iterable[Opinion], tasks: Mapping[str, ReviewTask], before: Sequence[ReviewDecision], file: RecipeFile
) -> Taken:
    """Make lines of opinions about these tasks, in their order; those about other tasks are passed over.

    What the newest line of the same origin and person says already is not said again. `file` is the recipe whose masks
    and rules an edit must pass.
    """
    newest = {(line.origin, line.id, line.by): line for line in before if line.origin}
    lines: list[tuple[ReviewDecision, ReviewTask]] = []
    known = 0
    for opinion in opinions:
        task = tasks.get(opinion.key)
        if task is None:
            continue
        for line in _lines(opinion, task):
            last = newest.get((line.origin, line.id, line.by)) if line.origin else None
            if last is not None and _says(last) == _says(line):
                known += 1
                continue
            newest[line.origin, line.id, line.by] = line
            lines.append((line, task))
    failing = _failing({n: pair for n, pair in enumerate(lines) if pair[0].verdict == "edit"}, file)
    refused = [Refused(lines[n][0].id, lines[n][0].by, rule) for n, rule in sorted(failing.items())]
    return Taken(tuple(line for n, (line, _) in enumerate(lines) if n not in failing), known, tuple(refused))


def _lines(opinion: Opinion, task: ReviewTask) -> Iterator[ReviewDecision]:
    """Write the lines of one opinion: of a conflict one for each answer."""
    members = [(task.id, task.shown), *((o.id, o.shown) for o in task.others)] if task.asked == "conflict" else []
    if not members:
        yield _line(opinion, task, task.id, task.shown, opinion.verdict)
        return
    holds = opinion.holds or ((task.id,) if opinion.verdict in ("accept", "edit") else ())
    verdict: Decision
    for id, shown in members:
        if opinion.verdict in ("unsure", "reject"):
            verdict = opinion.verdict
        elif id not in holds:
            verdict = "reject"
        else:
            verdict = opinion.verdict
        yield _line(opinion, task, id, shown, verdict)


def _line(opinion: Opinion, task: ReviewTask, id: str, shown: tuple[str, ...], verdict: str) -> ReviewDecision:
    changes = {turn: text for turn, text in opinion.answers.items() if text != _turns(task).get(turn)}
    if verdict == "edit" and not changes:
        verdict = "accept"
    edits = changes if verdict == "edit" else {}
    return ReviewDecision(
        id=id,
        verdict=verdict,
        answer=edits.get(1, ""),
        answers={turn: text for turn, text in sorted(edits.items()) if turn != 1},
        by=opinion.by,
        reasons=opinion.reasons,
        note=opinion.note,
        shown=shown,
        why=task.why,
        at=opinion.at,
        seconds=opinion.seconds,
        origin=opinion.origin,
        version=task.version,
    )


def _turns(task: ReviewTask) -> dict[int, str]:
    """Give the assistant's turns by their number from the end."""
    turns = [message.content for message in task.messages if message.role == "assistant"]
    return dict(enumerate(reversed(turns), start=1))


def _says(line: ReviewDecision) -> tuple[object, ...]:
    """What of a line two must share to be the same decision."""
    return line.judgement(), line.by, line.reasons, line.note, line.shown


def _failing(edits: Mapping[int, tuple[ReviewDecision, ReviewTask]], file: RecipeFile) -> dict[int, str]:
    """Find the edits that masks would change or rules drop, by their numbers, each with the first of them."""
    failing: dict[int, str] = {}
    frame = frame_of([_as_record(n, line, task) for n, (line, task) in edits.items()])
    for position, step in enumerate(file.steps):
        if step.name not in ABOUT_TEXT or frame.is_empty():
            continue
        outcome = run_steps(frame, [NumberedStep(position, step)], tools_of(file))
        texts = dict(outcome.kept.select("id", "messages").iter_rows())
        reasons = dict(outcome.booked[0].events.select("id", "reason").drop_nulls().iter_rows())
        for id, messages in frame.select("id", "messages").iter_rows():
            if texts.get(id) != messages:
                failing.setdefault(int(id, 16), reasons.get(id) or step.name)
        frame = frame.filter(~pl.col("id").is_in([f"{n:032x}" for n in failing]))
    return failing


def _as_record(number: int, line: ReviewDecision, task: ReviewTask) -> dict[str, object]:
    """Write an edited conversation as a record of its own, reviewed: no rule asks for another review."""
    id = f"{number:032x}"
    messages = edited([message.model_dump() for message in task.messages], line.edits())
    return {
        "id": id, "messages": messages, "kind": task.kind, "lang": task.lang,
        "source": {"file": FILE, "digest": "", "rows": []}, "parent": None, "group": id, "tags": [REVIEWED],
    }  # fmt: skip


def reviews_beside(file: RecipeFile) -> Path:
    """Find the file of reviews of a recipe: the one that its stage names, or the one that is taken by itself."""
    named = [step.does.file for step in file.steps if isinstance(step.does, Review)]
    return file.folder / (named[0] if named else REVIEWS)
