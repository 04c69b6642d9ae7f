"""The stage that lets the base model answer general records: out of a file, and no model is called."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import polars as pl

from curate.conversations.base_answers import read_answers
from curate.conversations.messages import replace_messages
from curate.conversations.training_shares import in_training
from curate.stages import Outcome, Stage, Tools
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS, events_of


class Replay(Stage):
    """General records get the base model's own answers, out of the file that `hornbook distill` writes: a training
    then takes nothing away from what it says already. No model is called.

    Best behind `mix`: what was drawn is what was answered. The exam is left alone, and so is what the file does not
    answer; with `only` it is dropped (`no_base_answer`). Ids are those of the raw messages, the same before and after
    any stage.
    """

    title_zh: ClassVar[str] = "通用数据改用基础模型自己的回答（hornbook distill 写出的文件），构建时不调用模型"
    by_record: ClassVar[bool] = True
    written_by: ClassVar[str] = "hornbook distill"

    answers: str = "base_answers.jsonl"
    """From the recipe's folder: a line for each record, with its whole `id` and its `answer`."""
    only: bool = False
    """Whether general records without an answer in the file are dropped."""

    def reads(self) -> tuple[str, ...]:
        return (self.answers,)

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        general = frame.with_row_index("row").filter((pl.col("kind") == "general") & in_training())
        if general.is_empty():
            return Outcome(frame)

        answers = read_answers(tools.folder / self.answers)
        has_answer = pl.col("id").is_in(sorted(answers))
        answered, unanswered = general.filter(has_answer), general.filter(~has_answer)
        notes = events_of(answered.select("id", reason=pl.lit("answered_by_base")).sort("id"), "replay", "fixed")
        kept = _answered(frame, answered, answers)
        if not self.only:
            return Outcome(kept, pl.concat([pl.DataFrame(schema=EVENTS), notes]))

        removed = unanswered.select("id", reason=pl.lit("no_base_answer")).sort("id")
        return Outcome(
            kept.filter(~pl.col("id").is_in(removed["id"].implode())),
            pl.concat([pl.DataFrame(schema=EVENTS), notes, events_of(removed, "replay", "dropped")]),
        )


def _answered(frame: pl.DataFrame, records: pl.DataFrame, answers: Mapping[str, str]) -> pl.DataFrame:
    """Give these records of the frame, which stand in its rows `row`, their answers, where they stand."""
    if records.is_empty():
        return frame
    talks = [with_answer(talk, answers[id]) for id, talk in records.select("id", "messages").iter_rows()]
    return replace_messages(frame, records["row"], pl.Series("messages", talks, dtype=SCHEMA["messages"]))


def with_answer(talk: Sequence[Mapping[str, Any]], answer: str) -> list[Mapping[str, Any]]:
    """Put an answer in the place of the last one, or behind a question that has none."""
    before = talk[:-1] if talk and talk[-1]["role"] == "assistant" else talk
    return [*before, {"role": "assistant", "content": answer}]
