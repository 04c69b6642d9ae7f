"""Tasks for tests, and a way for them."""

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from curate.reviewing.label_studio.access import Access
from curate.reviewing.label_studio.served import Patience
from curate.reviewing.label_studio.way import LabelStudioWay
from curate.reviewing.queue_file import ReviewQueue
from schemas.record import Message
from schemas.review import Asked, OtherAnswer, ReviewTask, shown_digest

PATIENCE = Patience(timeout=30, pauses=(0.0, 0.0, 0.0))
HOSTILE = (
    "<b>粗</b> <img src=x onerror=alert(1)> $answers $answers[0].text {{idx}} {{x}} &amp; [[verdict]]\n\t下行 \\n 😀"
)
"""What a screen might take for its own language."""


def conversation(*texts: str) -> tuple[Message, ...]:
    """Customer and assistant in turn."""
    return tuple(Message(role="assistant" if n % 2 else "user", content=text) for n, text in enumerate(texts))


def review_task(number: int, *texts: str, asked: Asked = "record", **more: Any) -> ReviewTask:
    messages = conversation(*(texts or (f"问题 {number}？", f"回答 {number}。")))
    shown = (shown_digest([message.model_dump() for message in messages]),)
    settings = {"kind": "domain", "lang": "zh", "why": ("sample",), **more}
    return ReviewTask(id=f"{number:032x}", asked=asked, messages=messages, shown=shown, **settings)


def conflict_task(number: int) -> ReviewTask:
    """Its own answer stands between the two others."""
    return review_task(
        number,
        "几点下班？",
        "九点。",
        asked="conflict",
        why=("conflict",),
        others=(
            OtherAnswer(id=f"{'f' * 32}", question="下班时间", answer="全天。", date="2026-02-01", source="b.csv:9"),
            OtherAnswer(id=f"{0:032x}", question="几点关门", answer="十点。", date="2025-01-01", source="a.csv:3"),
        ),
    )


def by_key(tasks: Iterable[ReviewTask]) -> dict[str, ReviewTask]:
    return {task.key: task for task in tasks}


def way_to(url: str, token: str, root: Path, dataset: str = "shop", **more: Any) -> LabelStudioWay:
    settings = {"lang": "zh", "patience": PATIENCE, **more}
    return LabelStudioWay(ReviewQueue(root, dataset), Access(url, token), **settings)


def token_of_nobody(**claims: Any) -> str:
    """A token in the form that Label Studio gives out, valid for long and signed by nobody."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"token_type": "refresh", "exp": 8_000_000_000, **claims})
    written = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*written, "c2lnbmVkLWJ5LW5vYm9keQ"))


def chosen(control: str, *values: str) -> dict[str, Any]:
    """What the screen writes of a choice."""
    return {"from_name": control, "to_name": "messages", "type": "choices", "value": {"choices": list(values)}}


def written(control: str, text: str) -> dict[str, Any]:
    """What the screen writes of a text area."""
    return {"from_name": control, "to_name": "messages", "type": "textarea", "value": {"text": [text]}}


def texts_of(content: Mapping[str, Any]) -> list[str]:
    """All texts of a task's content."""
    values = [content]
    texts = []
    while values:
        value = values.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, Mapping):
            values += value.values()
        elif isinstance(value, list):
            values += value
    return texts
