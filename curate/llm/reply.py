"""What came back from a model, read strictly: a value of the shape that was asked for, or a word for what is wrong."""

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from schemas.record import Frozen

Fault = Literal["", "invalid_json", "wrong_shape", "refused", "cut_off", "empty"]

THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
"""What a model that thinks aloud writes before its answer."""
FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)


class Usage(Frozen):
    """The tokens of one reply, as the server counts them; as we estimate them where it does not say."""

    tokens_in: int
    tokens_out: int
    is_counted: bool = True


class RawReply(Frozen):
    """One answer as it came, and as the cache keeps it."""

    text: str
    finish: str
    """Why the model stopped: `stop`, `length`, `content_filter`…; empty where the server does not say."""
    is_refusal: bool = False
    usage: Usage


@dataclass(frozen=True)
class ModelReply:
    """One answer. Either `value` is there, of the shape that was asked for, or `fault` says what is wrong."""

    value: BaseModel | None
    fault: Fault
    usage: Usage
    cached: bool


def read_reply(raw: RawReply, shape: type[BaseModel], *, cached: bool) -> ModelReply:
    """Read an answer: JSON of that shape and nothing else, bare or in one fence, behind thoughts or not."""
    value, fault = _read(raw, shape)
    return ModelReply(value, fault, raw.usage, cached)


def _read(raw: RawReply, shape: type[BaseModel]) -> tuple[BaseModel | None, Fault]:
    if raw.is_refusal or raw.finish == "content_filter":
        return None, "refused"
    if raw.finish == "length":
        return None, "cut_off"

    text = THOUGHT.sub("", raw.text, count=1).strip()
    if fence := FENCED.fullmatch(text):
        text = fence[1]
    if not text:
        return None, "empty"
    try:
        return shape.model_validate_json(text, strict=True), ""
    except ValidationError as error:
        is_json = all(problem["type"] != "json_invalid" for problem in error.errors(include_input=False))
        return None, "wrong_shape" if is_json else "invalid_json"
