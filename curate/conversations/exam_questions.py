"""Turns the records that the split set aside into the questions of the exam."""

from typing import Any

import polars as pl

from schemas.exam import Question
from schemas.tags import ASKS, PROBE, value_of


def exam_questions(records: pl.DataFrame) -> list[dict[str, Any]]:
    """Build the lines of exam.jsonl, by id. `records` are those tagged `exam` and `exam:<probe>`."""
    return [_question(record).model_dump(mode="json") for record in records.sort("id").iter_rows(named=True)]


def _question(record: dict[str, Any]) -> Question:
    messages, tags = record["messages"], record["tags"]
    probe = value_of(PROBE, tags) or ""
    prompt = prompt_of(messages, probe)
    return Question.model_validate(
        {
            "id": record["id"],
            "probe": probe,
            "lang": "zh" if record["lang"] == "zh" else "en",
            "messages": prompt,
            "expects": [slot for slot in ("name", "author") if f"{ASKS}{slot}" in tags],
            "reference": messages[len(prompt)]["content"] if len(prompt) < len(messages) else "",
            "group": record["group"],
        }
    )


def prompt_of(messages: list[dict[str, str]], probe: str) -> list[dict[str, str]]:
    """Cut the conversation to what the exam puts to the model: up to the last turn of the user.

    For `in_scope` up to the first turn: later ones lean on answers that only a person could give. For `perplexity`
    the whole conversation.
    """
    if probe == "perplexity":
        return messages
    turns = [index for index, message in enumerate(messages) if message["role"] == "user"]
    return messages[: turns[0 if probe == "in_scope" else -1] + 1]
