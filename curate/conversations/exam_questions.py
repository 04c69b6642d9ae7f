"""Turns the records that the split set aside into the questions of the exam."""

from typing import Any

import polars as pl

from schemas.exam import Question

PREFIX = "exam:"


def exam_paper(records: pl.DataFrame) -> list[dict[str, Any]]:
    """The lines of exam.jsonl, by id. `records` are those tagged `exam` and `exam:<probe>`."""
    return [_question(record).model_dump(mode="json") for record in records.sort("id").iter_rows(named=True)]


def _question(record: dict[str, Any]) -> Question:
    probe = next(tag.removeprefix(PREFIX) for tag in record["tags"] if tag.startswith(PREFIX))
    messages = record["messages"]
    asked = asked_of(messages, probe)
    return Question.model_validate(
        {
            "id": record["id"],
            "probe": probe,
            "lang": "zh" if record["lang"] == "zh" else "en",
            "messages": asked,
            "expects": [slot for slot in ("name", "author") if f"asks:{slot}" in record["tags"]],
            "reference": messages[len(asked)]["content"] if len(asked) < len(messages) else "",
            "group": record["group"],
        }
    )


def asked_of(messages: list[dict[str, str]], probe: str) -> list[dict[str, str]]:
    """What the exam puts to the model: the conversation up to the last turn of the user.

    For `in_scope` up to the first turn: later ones lean on answers that only a person could give. For `perplexity`
    the whole conversation.
    """
    if probe == "perplexity":
        return messages
    turns = [position for position, message in enumerate(messages) if message["role"] == "user"]
    return messages[: turns[0 if probe == "in_scope" else -1] + 1]
