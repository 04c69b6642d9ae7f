"""What people decided about records: accepted, rejected, or answered better."""

from typing import ClassVar

import polars as pl

from curate.conversations.reviews import read_reviews
from curate.stages import Outcome, Stage, Tools
from schemas.frame import SCHEMA, frame_of
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.review import REVIEWED

DECIDED = pl.Schema({name: pl.String for name in ("id", "verdict", "by", "answer")})
"""What was decided about the records that are here."""
NOTES: dict[str, tuple[Verdict, str]] = {
    "accept": ("kept", "accepted"),
    "reject": ("dropped", "rejected"),
    "edit": ("fixed", "edited"),
}


class Review(Stage):
    """Does what the file of reviews says: a record is accepted, rejected, or gets another answer.

    Behind `mask` and before `judge`. What is accepted or edited is tagged `reviewed`: it is not sent to review again,
    and goes before others in `dedup` and `conflict`; a rule that drops still drops it. A record that no line names
    stays as it was.
    """

    title_zh: ClassVar[str] = "执行人工审核的结论：接受、拒绝或改写回答"
    by_record: ClassVar[bool] = True

    file: str = "reviews.jsonl"
    """From the recipe's folder: a line for every decision, with `id`, `verdict` (accept, reject, edit), for an edit
    `answer`, and `by` whom; the last about a record counts."""

    def reads(self) -> tuple[str, ...]:
        return (self.file,)

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        known = read_reviews(tools.folder / self.file)
        made = [known[id] for id in frame["id"] if id in known]
        decided = pl.DataFrame(
            [(review.id, review.verdict, review.by, review.answer) for review in made], schema=DECIDED, orient="row"
        )
        seen = frame.with_row_index("place").join(decided, on="id", how="left", maintain_order="left")
        kept = seen.filter(pl.col("verdict").ne_missing("reject"))
        notes = [
            events_of(
                decided.filter(verdict=verdict).select("id", "by", reason=pl.lit(reason)).sort("id"), "review", booked
            )
            for verdict, (booked, reason) in NOTES.items()
        ]
        return Outcome(_tagged(kept), pl.concat([pl.DataFrame(schema=EVENTS), *notes]))


def _tagged(seen: pl.DataFrame) -> pl.DataFrame:
    """The records with their tag, and with the answers that were edited."""
    tagged = seen.with_columns(
        tags=pl.when(pl.col("verdict").is_not_null() & ~pl.col("tags").list.contains(REVIEWED))
        .then(pl.concat_list("tags", pl.lit(REVIEWED)))
        .otherwise("tags")
    )
    edits = tagged.filter(verdict="edit")
    rows = [
        {**row, "messages": [*_asked(row["messages"]), {"role": "assistant", "content": row["answer"]}]}
        for row in edits.iter_rows(named=True)
    ]
    edited = frame_of([{name: row[name] for name in SCHEMA} for row in rows]).with_columns(edits["place"])
    others = tagged.filter(pl.col("verdict").ne_missing("edit")).select(*SCHEMA.names(), "place")
    return pl.concat([others, edited.select(others.columns)]).sort("place").select(SCHEMA.names())


def _asked(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The conversation without the answer at its end, where it has one."""
    return messages[:-1] if messages and messages[-1]["role"] == "assistant" else messages
