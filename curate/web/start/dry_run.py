"""A recipe tried on the first rows of each input: what would go, what would change, and why. Nothing is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import tools_of
from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.erasure.forgotten import Forgotten
from curate.history.replay import changes_between
from curate.history.trace import Change
from curate.ledger import LEAVES, Ledger, rows_booked, step_of
from curate.reading.parts_reader import PartsReader
from curate.recipe.load import RecipeFile
from curate.stages import Tools
from curate.stages.clean import Clean
from curate.stages.mask import Mask
from curate.stages.replay import Replay
from curate.store.store import Store
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import HornbookError
from schemas.frame import SCHEMA
from schemas.manifest import StageCount
from schemas.stage_names import typed_name

ROWS = 200
EXAMPLES = 10
Example = TypeVar("Example")
OF_ALL = ("split", "mix", "leak")
"""Stages that only all rows can tell anything about: a share of the first rows is no share."""


@dataclass(frozen=True)
class TriedStage:
    """What a stage did to the first rows; or, in `not_tried`, why it was not asked."""

    name: str
    count: StageCount | None
    not_tried: Bilingual = NOTHING


@dataclass(frozen=True)
class GoneExample:
    """A conversation that goes, cleaned and masked. `verdict` is dropped or review."""

    stage: str
    verdict: str
    reason: str | None
    lang: str
    messages: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class ChangedExample:
    """A conversation that a stage changed: the messages in question, with what differs. Personal data is hidden."""

    stage: str
    reason: str | None
    lang: str
    changes: tuple[tuple[str, Change], ...]
    """Who speaks, and the change."""


@dataclass(frozen=True)
class DryRun:
    """What the first rows came to."""

    rows: int
    conversations: int
    left: int
    stages: tuple[TriedStage, ...]
    gone: tuple[GoneExample, ...]
    changed: tuple[ChangedExample, ...]


@dataclass(frozen=True)
class _Ran:
    """One stage that ran: its records before and after, and its events."""

    name: str
    before: pl.DataFrame
    after: pl.DataFrame
    events: pl.DataFrame
    is_masked: bool
    """Whether personal data was masked by then."""


def dry_run(file: RecipeFile, store: Store) -> DryRun:
    """Try a recipe. Raises HornbookError where its inputs cannot be read, or personal data could not be masked."""
    records, counts = _read(file, Forgotten.of(store, file.recipe.name))
    tools = tools_of(file)
    stages = [TriedStage(count.stage, count) for count in counts]
    ran: list[_Ran] = []

    frame, is_masked = records, False
    for position, step in enumerate(file.steps):
        if step.name in OF_ALL or isinstance(step.does, Replay):
            stages.append(TriedStage(step.name, None, NEEDS_ALL))
            continue
        try:
            outcome = run_steps(frame.sort("id"), [NumberedStep(position, step)], tools)
        except HornbookError as error:
            if isinstance(step.does, Mask):
                raise
            stages.append(TriedStage(step.name, None, error.sentence))
            continue
        [booked] = outcome.booked
        stages.append(TriedStage(step.name, booked.stage_count))
        ran.append(_Ran(step.name, frame, outcome.kept, booked.events, is_masked))
        frame, is_masked = outcome.kept, is_masked or isinstance(step.does, Mask)

    return DryRun(
        rows=counts[0].rows_in,
        conversations=records.height,
        left=frame.height,
        stages=tuple(stages),
        gone=tuple(_gone(ran, tools)),
        changed=tuple(_in_turn(_changed(each) for each in ran)),
    )


NEEDS_ALL = Bilingual("not tried: it looks at all rows together", "没有试：这一步要看全部数据")


def _read(file: RecipeFile, forgotten: Forgotten) -> tuple[pl.DataFrame, list[StageCount]]:
    """Read the first rows of each input, and form their conversations; forgotten ones stay forgotten."""
    counter, ledger = ContentCounter(), Ledger()
    frames = [pl.DataFrame(schema=SCHEMA)]
    for spec in file.recipe.inputs:
        reader = PartsReader(spec, file.folder, limit=ROWS)
        for chunk in reader.chunks():
            formed = form_sessions(chunk.turns, reader.spec, reader.digest, counter)
            sessions = forgotten.without(reader.located(formed))
            for stage, rows, events in (
                ("read", chunk.rows, chunk.events),
                ("session", chunk.rows - chunk.events.height, sessions.events),
            ):
                ledger.add(step_of(stage), rows_booked(stage, rows, events)[0])
            frames.append(sessions.records)
    return pl.concat(frames), ledger.counts


def _gone(ran: Sequence[_Ran], tools: Tools) -> Iterator[GoneExample]:
    """Choose examples of what goes, all stages and reasons in turn; cleaned and masked, as a person may see them."""
    chosen = _in_turn(_leaving(each) for each in ran)
    rows = [(each.is_masked, each.before.filter(id=event["id"])) for each, event in chosen]
    raw, masked = (
        pl.concat([pl.DataFrame(schema=SCHEMA), *(row for is_masked, row in rows if is_masked == wanted)])
        for wanted in (False, True)
    )
    shown = Mask().run(pl.concat([Clean().run(raw, tools).kept, masked]), tools).kept
    records = {record["id"]: record for record in shown.iter_rows(named=True)}
    for each, event in chosen:
        if record := records.get(event["id"]):
            name, verdict = typed_name(each.name), event["verdict"]
            yield GoneExample(name, verdict, event["reason"], record["lang"], record["messages"])


def _leaving(each: _Ran) -> Iterator[tuple[_Ran, dict[str, Any]]]:
    """List the events of a stage by which records leave that were there before it, all reasons in turn."""
    was_there = pl.col("id").is_in(each.before["id"].implode())
    for event in _by_reason(each.events.filter(pl.col("verdict").is_in(LEAVES) & was_there)):
        yield each, event


def _changed(each: _Ran) -> Iterator[ChangedExample]:
    """List what a stage changed, all reasons in turn."""
    before = {record["id"]: record for record in each.before.iter_rows(named=True)}
    after = dict(each.after.select("id", "messages").iter_rows())
    for event in _by_reason(each.events.filter(pl.col("verdict") == "fixed")):
        id = event["id"]
        if id not in before or id not in after:
            continue
        old = before[id]["messages"]
        roles = [message["role"] for message in old]
        changes = tuple(
            (roles[change.turn] if change.turn < len(roles) else "assistant", change)
            for change in changes_between(each.name, old, after[id])
        )
        if changes:
            yield ChangedExample(typed_name(each.name), event["reason"], before[id]["lang"], changes)


def _by_reason(events: pl.DataFrame) -> list[dict[str, Any]]:
    """Choose events, one a record, all reasons in turn."""
    each_once = events.unique("id", keep="first", maintain_order=True)
    return _in_turn(group.to_dicts() for _, group in each_once.group_by("reason", maintain_order=True))


def _in_turn(lists: Iterable[Iterable[Example]]) -> list[Example]:
    """Take one of each list, then the next of each: EXAMPLES at most."""
    waiting = [iter(each) for each in lists]
    taken: list[Example] = []
    while waiting and len(taken) < EXAMPLES:
        for each in list(waiting):
            one = next(each, None)
            if one is None:
                waiting.remove(each)
            else:
                taken.append(one)
    return taken[:EXAMPLES]
