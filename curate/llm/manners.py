"""What a server takes: how it is asked for a shape, and which parameters it refuses. Servers differ; one learns."""

import re
from typing import Any, Literal

from schemas.llm import Structured
from schemas.record import Frozen

STEPS_DOWN: dict[str, Literal["json_object", "text"]] = {"json_schema": "json_object", "json_object": "text"}
ABOUT_SHAPES = re.compile(r"response_format|json_schema|json_object|structured|schema|grammar|guided")
ABOUT_THIS_TEXT = re.compile(
    r"content.?(filter|management|policy)|safety|context.?(length|size|window)|too long|maximum.{0,20}length"
)
"""Complaints that are about one question and not about how it was put."""


class Manners(Frozen):
    """How a server is asked. The first are the best; each refusal takes one step down."""

    structured: Literal["json_schema", "json_object", "text"] = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    has_temperature: bool = True
    has_seed: bool = True

    def parameters(self, schema: dict[str, Any], temperature: float, max_tokens: int, seed: int) -> dict[str, Any]:
        """Write what goes into a call beside model and messages."""
        written: dict[str, Any] = {self.limit: max_tokens}
        if self.has_temperature:
            written["temperature"] = temperature
        if self.has_seed:
            written["seed"] = seed
        if self.structured == "json_schema":
            shape = {"name": "answer", "strict": True, "schema": schema}
            written["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif self.structured == "json_object":
            written["response_format"] = {"type": "json_object"}
        return written

    def after(self, complaint: str, wanted: Structured, *, is_proven: bool) -> "Manners | None":
        """Take the step down that a server's refusal asks for; None where there is none to take.

        `complaint` is what the server wrote, in lowercase; it is read here and shown nowhere. A server that took these
        manners before (`is_proven`) must name what it refuses.
        """
        change: dict[str, Any] = {}
        if "max_completion_tokens" in complaint and self.limit == "max_tokens":
            change = {"limit": "max_completion_tokens"}
        elif "temperature" in complaint and self.has_temperature:
            change = {"has_temperature": False}
        elif re.search(r"\bseed\b", complaint) and self.has_seed:
            change = {"has_seed": False}
        elif wanted == "auto" and self.structured != "text" and (ABOUT_SHAPES.search(complaint) or not is_proven):
            change = {"structured": STEPS_DOWN[self.structured]}
        return self.model_copy(update=change) if change else None


def first_manners(wanted: Structured) -> Manners:
    """Begin with what the settings say; `auto` begins at the top."""
    return Manners() if wanted == "auto" else Manners(structured=wanted)
