"""The stage that does what people decided about records: accepted, rejected, or answered better."""

from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from curate.conversations.messages import replace_messages
from curate.decisions.agreed_reviews import JudgedRecord, ReviewsById, judge_record
from curate.decisions.reviews import REVIEWS, read_reviews
from curate.stages import Outcome, Stage, Tools
from rules.personal import find
from schemas.digest import digest
from schemas.frame import SCHEMA, has_tag
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.tags import REVIEWED

NOTE = pl.Schema([("id", pl.String), ("verdict", pl.String), ("reason", pl.String), ("by", pl.String)])
"""What the ledger is to say of a record."""
SAYS: dict[str | None, tuple[Verdict, str]] = {
    "accept": ("kept", "accepted"),
    "reject": ("dropped", "rejected"),
    "edit": ("fixed", "edited"),
}
OUTDATED = "outdated"
"""The reason of decisions about a text that the record no longer has."""


class Review(Stage):
    """What people decided, from a file of reviews: a record is accepted, rejected, or gets other answers.

    Behind `mask` and before `quality`, and once more, with `of: written`, behind the stages that write records. What
    is accepted or edited is tagged `reviewed`: it is not sent to review again, and goes before others in `dedup` and
    `conflict`; a rule that drops still drops it. A decision about a text that the record no longer has is not done,
    and noted. Of each person the newest counts; where people differ nothing is done until a third or the `judge` has
    decided. A record that no line names stays as it was.
    """

    title_zh: ClassVar[str] = "执行人工审核的结论：接受、拒绝或改写回答"
    by_record: ClassVar[bool] = True

    file: str = REVIEWS
    """From the recipe's folder: a line for every decision, with `id`, `verdict` (accept, reject, edit, unsure), for an
    edit `answer`, and `by` whom. `hornbook review pull` writes it."""
    people: int = Field(1, ge=1)
    """How many must have decided."""
    judge: str = ""
    """Who decides where people differ: a name as in `by`."""
    of: Literal["all", "written"] = "all"
    """Which records: `written` are those that stages have made, out of the kit or of another record."""

    def reads(self) -> tuple[str, ...]:
        return (self.file,)

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        lines = read_reviews(tools.folder / self.file)
        reviews = ReviewsById(line.model_copy(update={"by": public_name(line.by)}) for line in lines)
        reviews.check_unique(frame["id"])
        open_rows = _open(frame, self.of)
        judge = public_name(self.judge)
        rows, judged = [], []
        for row, id in zip(open_rows.arg_true(), frame["id"].filter(open_rows), strict=True):
            if decisions := reviews.of(id):
                rows.append(row)
                judged.append(judge_record(frame["messages"][row].to_list(), decisions, self.people, judge))

        notes = [note for row, one in zip(rows, judged, strict=True) for note in _notes(frame["id"][row], one)]
        noted = pl.DataFrame(notes, schema=NOTE, orient="row").sort("id", "reason")
        verdicts: tuple[Verdict, ...] = ("kept", "dropped", "fixed")
        events = [events_of(noted.filter(verdict=verdict).drop("verdict"), "review", verdict) for verdict in verdicts]
        return Outcome(_decided(frame, rows, judged), pl.concat([pl.DataFrame(schema=EVENTS), *events]))


def public_name(name: str) -> str:
    """Give the name of a reviewer as the ledger may say it: an address or a number is not published, but is the same
    stranger everywhere.
    """
    return f"reviewer-{digest('reviewer', name)[:6]}" if any(find(name)) else name


def _open(frame: pl.DataFrame, of: str) -> pl.Series:
    """Tell which records are asked about: none that a person has kept before."""
    written = (pl.col("source").struct.field("rows").list.len() == 0) | pl.col("parent").is_not_null()
    is_open = ~has_tag(REVIEWED) & (written if of == "written" else True)
    return frame.select(is_open.alias("open")).to_series()


def _notes(id: str, judged: JudgedRecord) -> list[tuple[str, str, str, str]]:
    """List what the ledger is to say of a record. One that is dropped has one event."""
    if judged.steps and judged.steps[-1].verdict == "reject":
        return [(id, *SAYS["reject"], judged.steps[-1].by)]
    notes = {SAYS[step.verdict]: step.by for step in judged.steps}
    lines: list[tuple[str, str, str, str]] = [(id, verdict, reason, by) for (verdict, reason), by in notes.items()]
    if judged.undecided and judged.undecided.undecided:
        lines.append((id, "kept", judged.undecided.undecided, judged.undecided.by))
    if judged.outdated:
        lines.append((id, "kept", OUTDATED, ""))
    return lines


def _decided(frame: pl.DataFrame, rows: list[int], judged: list[JudgedRecord]) -> pl.DataFrame:
    """Do what was decided about the records in these rows; all others stay as they were, and where they were."""
    done = [(row, one) for row, one in zip(rows, judged, strict=True) if one.steps]
    if not done:
        return frame
    changed = [(row, one.messages) for row, one in done if any(step.verdict == "edit" for step in one.steps)]
    if changed:
        messages: list[list[dict[str, Any]]] = [texts for _, texts in changed]
        frame = replace_messages(
            frame, pl.Series([row for row, _ in changed]), pl.Series(messages, dtype=SCHEMA["messages"])
        )
    rejected = [row for row, one in done if one.steps[-1].verdict == "reject"]
    index = pl.int_range(frame.height)
    tagged = index.is_in([row for row, _ in done]) & ~index.is_in(rejected)
    frame = frame.with_columns(tags=pl.when(tagged).then(pl.concat_list("tags", pl.lit(REVIEWED))).otherwise("tags"))
    return frame.filter(~pl.int_range(frame.height).is_in(rejected)).select(SCHEMA.names())
