"""From an annotation to an opinion. What comes back is not trusted: what is not understood is no opinion."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from curate.reviewing.in_words import OTHER, REJECT_REASONS
from curate.reviewing.label_studio.served import ServerAnnotation
from curate.reviewing.label_studio.task_text import answers_of, candidates_of, clean
from schemas.digest import digest
from schemas.review import VERDICT_WORDS, Decision, Opinion, ReviewTask

Controls = dict[str, list[str]]
"""What was chosen or written, by the names of the controls."""


class _Decided(NamedTuple):
    verdict: Decision
    holds: tuple[str, ...] = ()
    answers: dict[int, str] = {}  # noqa: RUF012  read only


def opinion(task: ReviewTask, annotation: ServerAnnotation, project: int, people: Mapping[int, str]) -> Opinion | None:
    """Read what one person answered to a task; None where no verdict is in it."""
    controls = _controls(annotation.result)
    verdict = "unsure" if annotation.was_cancelled else VERDICT_WORDS.get(_text(controls, "verdict").casefold())
    if verdict is None:
        return None
    decided = (_of_conflict if task.asked == "conflict" else _of_record)(task, verdict, controls)
    return Opinion(
        key=task.key,
        verdict=decided.verdict,
        holds=decided.holds,
        answers=decided.answers,
        reasons=_reasons(controls) if decided.verdict == "reject" else (),
        note=_text(controls, "note"),
        by=_person(annotation.completed_by, people),
        at=_moment(annotation.updated_at),
        seconds=_seconds(annotation.lead_time),
        origin=_origin(annotation, project),
    )


def _of_record(task: ReviewTask, verdict: Decision, controls: Controls) -> _Decided:
    """An edit that changed nothing is an acceptance; one of which no text came is not understood by us."""
    if verdict != "edit":
        return _Decided(verdict)
    texts = {turn: _text(controls, f"answer_{turn - 1}") for turn in range(1, len(answers_of(task)) + 1)}
    if not any(texts.values()):
        return _Decided("unsure")
    originals = dict(enumerate(answers_of(task), start=1))
    edits = {turn: text for turn, text in texts.items() if text and text != originals[turn].strip()}
    return _Decided("edit", answers=edits) if edits else _Decided("accept")


def _of_conflict(task: ReviewTask, verdict: Decision, controls: Controls) -> _Decided:
    """Give the ids of what holds. An acceptance without any is not understood by us."""
    candidates = dict(enumerate(candidates_of(task)))
    control = {"accept": "holds", "edit": "edited"}.get(verdict)
    if control is None:
        return _Decided(verdict)
    chosen = [n for n in candidates if str(n) in controls.get(control, ())]
    if not chosen:
        return _Decided("unsure")
    holds = tuple(candidates[n].id for n in chosen)
    if verdict == "accept":
        return _Decided("accept", holds)
    text = _text(controls, f"answer_{chosen[0]}")
    if not text:
        return _Decided("unsure")
    if text == clean(candidates[chosen[0]].answer).strip():
        return _Decided("accept", holds[:1])
    return _Decided("edit", holds[:1], {1: text})


def _controls(result: Any) -> Controls:
    controls: Controls = {}
    for item in result if isinstance(result, list) else ():
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, dict):
            continue
        chosen = value.get("choices", value.get("text"))
        texts = [chosen] if isinstance(chosen, str) else chosen if isinstance(chosen, list) else []
        controls[str(item.get("from_name"))] = [clean(text) for text in texts if isinstance(text, str)]
    return controls


def _text(controls: Controls, name: str) -> str:
    return "\n".join(controls.get(name, ())).strip()


def _reasons(controls: Controls) -> tuple[str, ...]:
    """Give the reasons in the order of the screen; what somebody has added to it is another one."""
    chosen = {name if name in REJECT_REASONS else OTHER for name in controls.get("reasons", ())}
    return tuple(name for name in REJECT_REASONS if name in chosen)


def _person(completed_by: Any, people: Mapping[int, str]) -> str:
    number = completed_by.get("id") if isinstance(completed_by, dict) else completed_by
    if not isinstance(number, int):
        return ""
    return people.get(number) or f"label-studio:{number}"


def _moment(written: str | None) -> str:
    try:
        return datetime.fromisoformat(written or "").isoformat()
    except ValueError:
        return ""


def _seconds(lead_time: float | None) -> float | None:
    return lead_time if lead_time is not None and math.isfinite(lead_time) and lead_time >= 0 else None


def _origin(annotation: ServerAnnotation, project: int) -> str:
    """Name it. The moment it was made tells it from one of the same number on another server, or after a deletion."""
    return f"label-studio:{project}:{annotation.id}:{digest(_moment(annotation.created_at))[:8]}"
