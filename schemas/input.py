"""One raw file as a recipe names it."""

from typing import Any

from pydantic import Field, model_validator

from schemas.record import Frozen, Kind


class Choice(Frozen):
    """A catalog name with its options. In YAML: `alpaca`, or `{turns: {session: sid}}`."""

    name: str
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            name, options = next(iter(value.items()))
            return {"name": name, "options": options or {}}
        return value


class Input(Frozen):
    """One raw file. What is not said is found out: reader by suffix, format by the first rows, encoding by evidence."""

    path: str
    kind: Kind = "domain"
    reader: Choice | None = None
    format: Choice | None = None
    encoding: str | None = None
    licence: str = ""
