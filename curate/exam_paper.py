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
    asked = messages if probe == "perplexity" else _asked(messages, first=probe == "in_scope")
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


def _asked(messages: list[dict[str, str]], *, first: bool) -> list[dict[str, str]]:
    """The conversation up to the first or the last turn of the user."""
    turns = [position for position, message in enumerate(messages) if message["role"] == "user"]
    return messages[: turns[0 if first else -1] + 1]
