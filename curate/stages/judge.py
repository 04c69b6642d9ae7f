"""Judges every record by every rule, and keeps what passes them all."""

from typing import Any, ClassVar

import polars as pl
from pydantic import Field, ValidationError, field_validator

import rules
from curate.stages import Outcome, Stage, Tools
from curate.views import view
from rules import Rule
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.meant import meant
from schemas.words import Words

RULES = Catalog(rules, Rule)


class Judge(Stage):
    """All rules with their defaults, unless `rules` changes a setting or `skip` leaves one out.

    The first failing rule in alphabetical order decides; a rule that drops goes before one that asks for review.
    """

    title_zh: ClassVar[str] = "按规则评判：丢弃、送审或保留"
    by_record: ClassVar[bool] = True

    rules: dict[str, dict[str, Any] | None] = Field(default_factory=dict)
    skip: tuple[str, ...] = ()

    @field_validator("skip")
    @classmethod
    def _known(cls, skip: tuple[str, ...]) -> tuple[str, ...]:
        for name in skip:
            _check_name(name)
        return skip

    @field_validator("rules")
    @classmethod
    def _valid(cls, chosen: dict[str, dict[str, Any] | None]) -> dict[str, dict[str, Any] | None]:
        for name, settings in chosen.items():
            _check_name(name)
            try:
                RULES.load(name).model_validate(settings or {})
            except ValidationError as error:
                raise ValueError(_told(name, error)) from None
        return chosen

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        made = self.made()
        measured = scores(frame, made)
        failures = [_failed(frame, measured, name, rule) for name, rule in made.items()]
        decided = (
            pl.concat([pl.DataFrame(schema=EVENTS), *failures])
            .sort("id", "verdict", "reason")  # `dropped` sorts before `review`
            .unique("id", keep="first", maintain_order=True)
        )
        return Outcome(frame.filter(~pl.col("id").is_in(decided["id"].implode())), decided)

    def made(self) -> dict[str, Rule]:
        """The rules of this judge by name, in alphabetical order."""
        return {
            name: RULES.load(name).model_validate(self.rules.get(name) or {})
            for name in RULES.names()
            if name not in self.skip
        }


def scores(frame: pl.DataFrame, made: dict[str, Rule]) -> pl.DataFrame:
    """What every rule measured: `id` and one column per rule, so that a limit can be tried again later."""
    seen = view(frame)
    return frame.select("id").with_columns(**{name: rule.score(seen).alias(name) for name, rule in made.items()})


def _failed(frame: pl.DataFrame, measured: pl.DataFrame, name: str, rule: Rule) -> pl.DataFrame:
    score = measured[name]
    failed = frame["kind"].is_in(list(rule.kinds)) & ~rule.passes(score).fill_null(True)
    lines = pl.DataFrame({"id": frame["id"], "score": score.cast(pl.Float64)}).filter(failed)
    verdict: Verdict = "dropped" if rule.action == "drop" else "review"
    return events_of(lines.with_columns(reason=pl.lit(name)), "judge", verdict)


def _check_name(name: str) -> None:
    if name not in RULES.names():
        near = meant(name, RULES.names())
        raise ValueError(Words(f"unknown rule '{name}'; {near.en}", f"未知规则“{name}”；{near.zh}"))


def _told(name: str, error: ValidationError) -> Words:
    problem = error.errors()[0]
    key = str(problem["loc"][-1]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        near = meant(key, tuple(RULES.load(name).model_fields))
        return Words(f"rule '{name}' has no setting '{key}'; {near.en}", f"规则“{name}”没有参数“{key}”；{near.zh}")
    return Words(f"rule '{name}', setting '{key}': {problem['msg']}", f"规则“{name}”的参数“{key}”：{problem['msg']}")
