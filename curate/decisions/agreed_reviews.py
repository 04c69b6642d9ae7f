"""What people agreed on: of each person the newest decision counts, and nobody wins in silence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from schemas.errors import InputError
from schemas.review import WHOLE_ID, Decision, ReviewDecision, shown_digest

THIRD = 3
"""People from which on most of them decide."""

Undecided = Literal["disagreement", "unsure", "too_few"]
"""Why nothing is decided: people differ, cannot tell, or are fewer than the recipe asks for."""


class Agreement(NamedTuple):
    """What holds for a record: `verdict`, the `edits` by the number of the turn from the end, and who said it.

    Where nothing was agreed on `verdict` is empty, and `undecided` says why.
    """

    verdict: Decision | None
    edits: Mapping[int, str]
    by: str
    undecided: Undecided | None = None


class JudgedRecord(NamedTuple):
    """What became of one record.

    `steps` are the agreements in the order in which they hold, each about the text that the one before left. `messages`
    are those that result. `undecided` says why a decision about the present text is none, and `outdated` tells whether
    there are decisions about a text that this record no longer has.
    """

    steps: tuple[Agreement, ...]
    messages: list[dict[str, Any]]
    undecided: Agreement | None
    outdated: bool


class ReviewsById:
    """Decisions by the record that they name; an id may be cut short."""

    def __init__(self, decisions: Iterable[ReviewDecision]) -> None:
        self._by_id: dict[str, list[ReviewDecision]] = {}
        for decision in decisions:
            self._by_id.setdefault(decision.id, []).append(decision)
        self._lengths = sorted({len(id) for id in self._by_id})

    def of(self, id: str) -> list[ReviewDecision]:
        """List the decisions about a record."""
        return [d for length in self._lengths for d in self._by_id.get(id[:length], ())]

    def check_unique(self, ids: Iterable[str]) -> None:
        """Raise InputError where one id that was cut short names two of these records."""
        short = {id for id in self._by_id if len(id) < WHOLE_ID}
        if not short:
            return
        lengths = {len(id) for id in short}
        named = Counter(id[:length] for id in ids for length in lengths if id[:length] in short)
        if twice := sorted(id for id, count in named.items() if count > 1):
            raise InputError(
                f"a review is about {twice[0]}, and {named[twice[0]]} records begin so; write more of the id",
                f"有一条审核结论写的编号是 {twice[0]}，而以它开头的记录有 {named[twice[0]]} 条；请把编号写得更长",
            )


def judge_record(
    messages: list[dict[str, Any]], decisions: Sequence[ReviewDecision], people: int = 1, judge: str = ""
) -> JudgedRecord:
    """Find out what people agreed on about a record with these messages.

    Decisions count for the text that was shown, and those that name none for any. An edit makes another text, about
    which others may have been decided: they are looked for again. `people` must agree, and what the `judge` says holds
    against all.
    """
    left = list(decisions)
    steps: list[Agreement] = []
    undecided: Agreement | None = None
    while left:
        text = shown_digest(messages)
        about = [decision for decision in left if not decision.shown or text in decision.shown]
        if not about:
            break
        left = [decision for decision in left if decision not in about]
        agreed = agree(about, people, judge)
        if agreed.verdict is None:
            undecided = agreed
            break
        steps.append(agreed)
        if agreed.verdict != "edit":
            break
        messages = edited(messages, agreed.edits)
    return JudgedRecord(tuple(steps), messages, undecided, outdated=bool(left) and not _rejected(steps))


def agree(decisions: Sequence[ReviewDecision], people: int = 1, judge: str = "") -> Agreement:
    """Find out what people agreed on who decided about one text: all of them, or of three or more most."""
    newest = {decision.by: decision for decision in decisions}  # the last line of each
    if judge and judge in newest and newest[judge].verdict != "unsure":
        return _agreement([newest[judge]])
    sure = [decision for decision in newest.values() if decision.verdict != "unsure"]
    names = _names(newest.values())
    if not sure:
        return Agreement(None, {}, names, "unsure")
    if len(sure) < people:
        return Agreement(None, {}, names, "too_few")

    counts = Counter(decision.judgement() for decision in sure)
    judgement, most = counts.most_common(1)[0]
    if most < len(sure) and not (len(sure) >= THIRD and 2 * most > len(sure)):
        return Agreement(None, {}, names, "disagreement")
    return _agreement([decision for decision in sure if decision.judgement() == judgement])


def edited(messages: list[dict[str, Any]], edits: Mapping[int, str]) -> list[dict[str, Any]]:
    """Replace answers, counted from the end; the last is added where a conversation ends without one. A turn that is
    not there is passed over.
    """
    changed = [dict(message) for message in messages]
    if 1 in edits and (not changed or changed[-1]["role"] != "assistant"):
        changed.append({"role": "assistant", "content": ""})
    turns = [index for index, message in enumerate(changed) if message["role"] == "assistant"]
    for turn, text in edits.items():
        if turn <= len(turns):
            changed[turns[-turn]]["content"] = text
    return changed


def _agreement(decisions: Sequence[ReviewDecision]) -> Agreement:
    return Agreement(decisions[-1].verdict, decisions[-1].edits(), _names(decisions))


def _names(decisions: Iterable[ReviewDecision]) -> str:
    return ", ".join(sorted({decision.by for decision in decisions if decision.by}))


def _rejected(steps: Sequence[Agreement]) -> bool:
    return bool(steps) and steps[-1].verdict == "reject"
