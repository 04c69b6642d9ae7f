"""The stage that does what people decided about records: accepted, rejected, or answered better."""

from typing import ClassVar

import polars as pl

from curate.conversations.reviews import read_reviews
from curate.stages import Outcome, Stage, Tools
from schemas.frame import SCHEMA, frame_of, has_tag
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.tags import REVIEWED

DECIDED = pl.Schema({name: pl.String for name in ("id", "verdict", "by", "answer")})
"""What was decided about the records of a frame."""
NOTES: dict[str, tuple[Verdict, str]] = {
    "accept": ("kept", "accepted"),
    "reject": ("dropped", "rejected"),
    "edit": ("fixed", "edited"),
}


class Review(Stage):
    """What people decided, from a file of reviews: a record is accepted, rejected, or gets another answer.

    Behind `mask` and before `quality`. What is accepted or edited is tagged `reviewed`: it is not sent to review again,
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
        reviews = read_reviews(tools.folder / self.file)
        matching = [reviews[id] for id in frame["id"] if id in reviews]
        decided = pl.DataFrame(
            [(review.id, review.verdict, review.by, review.answer) for review in matching],
            schema=DECIDED,
            orient="row",
        )

        indexed = frame.with_row_index("index").join(decided, on="id", how="left", maintain_order="left")
        kept = indexed.filter(pl.col("verdict").ne_missing("reject"))

        notes = [
            events_of(
                decided.filter(verdict=verdict).select("id", "by", reason=pl.lit(reason)).sort("id"), "review", noted
            )
            for verdict, (noted, reason) in NOTES.items()
        ]
        return Outcome(_edited(_tagged(kept)), pl.concat([pl.DataFrame(schema=EVENTS), *notes]))


def _tagged(records: pl.DataFrame) -> pl.DataFrame:
    """Tag the records that a person accepted or edited, where they do not have the tag yet."""
    return records.with_columns(
        tags=pl.when(pl.col("verdict").is_not_null() & ~has_tag(REVIEWED))
        .then(pl.concat_list("tags", pl.lit(REVIEWED)))
        .otherwise("tags")
    )


def _edited(records: pl.DataFrame) -> pl.DataFrame:
    """Replace the last answer by the edited one, and restore the order and the schema of records."""
    edits = records.filter(verdict="edit")
    rewritten = [
        {**edit, "messages": [*_without_answer(edit["messages"]), {"role": "assistant", "content": edit["answer"]}]}
        for edit in edits.iter_rows(named=True)
    ]
    edited = frame_of([{name: record[name] for name in SCHEMA} for record in rewritten]).with_columns(edits["index"])

    others = records.filter(pl.col("verdict").ne_missing("edit")).select(*SCHEMA.names(), "index")
    return pl.concat([others, edited.select(others.columns)]).sort("index").select(SCHEMA.names())


def _without_answer(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Cut the answer at the end of a conversation, where it has one."""
    return messages[:-1] if messages and messages[-1]["role"] == "assistant" else messages
