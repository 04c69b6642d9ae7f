"""The stage that answers the questions of refusal inputs that came without an answer: politely no."""

from typing import Any, ClassVar

import polars as pl

from curate.augmenters.kit import Lang, refusal_to
from curate.augmenters.kit.slots import filled, in_tone, refusal_slots
from curate.stages import Outcome, Stage, Tools
from schemas.frame import SCHEMA, frame_of
from schemas.ledger import events_of


class Decline(Stage):
    """Records of kind refusal that end with the user get a refusal in their language; others stay as they are."""

    title_zh: ClassVar[str] = "给没有回答的超范围问题补上婉拒"
    by_record: ClassVar[bool] = True

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        last = pl.col("messages").list.last().struct.field("role")
        open_ended = (pl.col("kind") == "refusal") & (last == "user")
        unanswered = frame.filter(open_ended)
        if unanswered.is_empty():
            return Outcome(frame)

        answered = frame_of([_answered(record, tools) for record in unanswered.iter_rows(named=True)])
        order = frame.select("id").with_row_index("position")
        kept = pl.concat([frame.filter(~open_ended), answered]).join(order, on="id").sort("position")
        notes = unanswered.select("id", reason=pl.lit("declined")).sort("id")
        return Outcome(kept.select(SCHEMA.names()), events_of(notes, "decline", "fixed"))


def _answered(record: dict[str, Any], tools: Tools) -> dict[str, Any]:
    """Decline the last question, in English where the record is not Chinese."""
    lang: Lang = "zh" if record["lang"] == "zh" else "en"
    names = getattr(tools.identity, lang)
    refusal = refusal_to(lang, record["messages"][-1]["content"], tools.seed)
    answer = in_tone(lang, filled(refusal, refusal_slots(lang, names)), names)
    return {**record, "messages": [*record["messages"], {"role": "assistant", "content": answer}]}
