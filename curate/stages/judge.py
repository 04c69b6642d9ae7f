"""Judges every record by every rule, repairs what a rule can repair, and keeps what passes them all."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
import polars as pl
from pydantic import Field, ValidationError, field_validator

import rules
from curate.conversations.messages import explode, implode, replace_messages
from curate.conversations.rule_columns import view
from curate.stages import Outcome, Stage, Tools
from rules import Measure, Rule
from schemas.bilingual import Words
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.review import REVIEWED
from schemas.suggestions import meant

RULES = Catalog(rules, Rule)
SCORES = "scores"
"""The table of what every rule measured: `id`, `kind`, a column per rule, `verdict` and `reason`."""
_VERDICTS: dict[str, Verdict] = {"drop": "dropped", "fix": "dropped", "review": "review"}
_NOTE = pl.Schema([("id", pl.String()), ("reason", pl.String())])
CAPITALS = "[\u017f\u212a]"
_OWNERS = pl.Schema([("hint", pl.String()), ("rule", pl.String())])
_NOWHERE = pl.Series([], dtype=pl.UInt32)


class Judge(Stage):
    """All rules with their defaults, unless `rules` changes a setting or `skip` leaves one out.

    A rule whose action is `fix` repairs the record and asks again: what still fails is dropped. The first failing rule
    in alphabetical order decides; a rule that drops goes before one that asks for review.
    """

    title_zh: ClassVar[str] = "按全部规则的默认设置评判，rules 改设置，skip 跳过规则：丢弃、修复、送审或保留"
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
            made_of(name, settings or {})
        return chosen

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        made = self.made()
        measured = scores(view(frame), made).with_columns(frame["kind"])
        frame, measured, fixed = _repaired(frame, measured, made)
        decided = _trusting(decide(measured, made), frame["tags"])
        kept = decided["verdict"] == "kept"
        notes = fixed.filter(fixed["id"].is_in(decided["id"].filter(kept).implode())).sort("id", "reason")
        gone = decided.with_row_index("at").filter(~kept).sort("id")
        leaves = [events_of(part, "judge", verdict) for verdict, part in _by_verdict(_with_scores(gone, measured))]
        events = pl.concat([pl.DataFrame(schema=EVENTS), events_of(notes, "judge", "fixed"), *leaves])
        table = measured.select("id", "kind", *made).with_columns(decided["verdict"], decided["reason"])
        return Outcome(frame.filter(kept), events, {SCORES: table})

    def made(self) -> dict[str, Rule]:
        """The rules of this judge by name, in alphabetical order."""
        return {
            name: RULES.load(name).model_validate(self.rules.get(name) or {})
            for name in RULES.names()
            if name not in self.skip
        }


def scores(seen: pl.DataFrame, made: Mapping[str, Rule]) -> pl.DataFrame:
    """What every rule measures of a view: `id` and one column per rule.

    One pass over the texts looks for the hints of all rules; a rule with hints is shown the texts that hold its own.
    """
    return _measured(seen, made, _hinting(seen["text"], made))


def _measured(seen: pl.DataFrame, made: Mapping[str, Rule], hinting: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The same, with the places that a rule is shown; a rule without any is shown every text."""
    nothing = pl.repeat(False, seen.height, dtype=pl.Boolean, eager=True)
    measured = [
        _where(hinting[name], rule, seen, nothing) if name in hinting else rule.score(seen)
        for name, rule in made.items()
    ]
    return pl.DataFrame([seen["id"], *(score.alias(name) for name, score in zip(made, measured, strict=True))])


def _where(places: pl.Series, rule: Rule, seen: pl.DataFrame, nothing: pl.Series) -> pl.Series:
    """The scores at these places, false elsewhere."""
    return nothing.clone().scatter(places, rule.score(seen[places])) if len(places) else nothing


def _hinting(texts: pl.Series, made: Mapping[str, Rule]) -> dict[str, pl.Series]:
    """For each rule with hints the places of the texts that hold one of them."""
    hints = {name: {hint.lower() for hint in rule.hints()} for name, rule in made.items()}
    owners = pl.DataFrame(
        [(hint, name) for name, own in hints.items() for hint in sorted(own)], schema=_OWNERS, orient="row"
    )
    if owners.is_empty():
        return {}
    every = owners["hint"].unique().sort()
    places = texts.str.contains(_any_of(every)).arg_true()
    some = texts.gather(places)
    literal = sorted({form for hint in every for form in (hint, hint if hint.isascii() else hint.upper())})
    met = some.str.extract_many(literal, ascii_case_insensitive=True, overlapping=True)
    lines = pl.DataFrame({"place": places, "hint": met}).explode("hint").with_columns(pl.col("hint").str.to_lowercase())
    by_rule = lines.join(owners, on="hint").group_by("rule").agg(pl.col("place").unique().sort())
    found = dict(zip(by_rule["rule"], by_rule["place"], strict=True))
    # Two letters beyond ASCII are the capitals of ASCII ones for a pattern, but not for a search of literal words.
    odd = places.filter(some.str.contains(CAPITALS))
    shown = {name: found.get(name, _NOWHERE) for name, own in hints.items() if own}
    return shown if odd.is_empty() else {n: pl.concat([place, odd]).unique().sort() for n, place in shown.items()}


def decide(measured: pl.DataFrame, made: Mapping[str, Rule]) -> pl.DataFrame:
    """`id`, `verdict` (kept, dropped, review) and `reason` (the rule that decided) of each line of scores."""
    failed = failures(measured, made)
    order = sorted(made, key=lambda name: (_VERDICTS[made[name].action], name))  # `dropped` sorts before `review`
    first = np.full(measured.height, len(order), np.uint32)
    for place, name in reversed([*enumerate(order)]):
        if failed[name].any():
            first[failed[name].to_numpy()] = place
    deciding = pl.Series(first)
    verdicts = pl.Series([*(_VERDICTS[made[name].action] for name in order), "kept"], dtype=pl.String)
    reasons = pl.Series([*order, None], dtype=pl.String)
    return pl.DataFrame(
        {"id": measured["id"], "verdict": verdicts.gather(deciding), "reason": reasons.gather(deciding)}
    )


def _trusting(decided: pl.DataFrame, tags: pl.Series) -> pl.DataFrame:
    """What a person has seen and kept is not sent to review again."""
    again = (decided["verdict"] == "review") & tags.list.contains(REVIEWED)
    if not again.any():
        return decided
    verdict = pl.when(again).then(pl.lit("kept")).otherwise("verdict")
    return decided.with_columns(verdict=verdict, reason=pl.when(~again).then("reason"))


def failures(measured: pl.DataFrame, made: Mapping[str, Rule]) -> pl.DataFrame:
    """One bool column per rule: whether the record fails it. Needs the columns `kind` and the rule's scores."""
    kinds = measured["kind"]
    present = frozenset(kinds.unique())
    return pl.DataFrame([_fails(kinds, present, measured[name], rule).alias(name) for name, rule in made.items()])


def _fails(kinds: pl.Series, present: frozenset[str], score: pl.Series, rule: Rule) -> pl.Series:
    failed = _misses(score, rule)
    if isinstance(rule, Measure):
        for kind in sorted(present.intersection(rule.by_kind)):
            failed = failed.zip_with(kinds != kind, _misses(score, rule.of_kind(kind)))
    return failed & kinds.is_in(list(rule.kinds)) if present.difference(rule.kinds) and failed.any() else failed


def _misses(score: pl.Series, rule: Rule) -> pl.Series:
    passed = rule.passes(score)
    return ~(passed.fill_null(True) if passed.has_nulls() else passed)


def _any_of(hints: Iterable[str]) -> str:
    return "(?i)" + "|".join(re.escape(hint) for hint in hints)


def _repaired(
    frame: pl.DataFrame, measured: pl.DataFrame, made: Mapping[str, Rule]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The records and their scores after all repairs, and which rule repaired which record (`id`, `reason`)."""
    fixers = {name: rule for name, rule in made.items() if rule.action == "fix"}
    failed = failures(measured, fixers)
    notes = [pl.DataFrame(schema=_NOTE)]
    places = failed.select(pl.any_horizontal(failed.columns)).to_series().arg_true() if fixers else _NOWHERE
    if places.is_empty():
        return frame, measured, notes[0]
    some, failed, again = frame[places], failed[places], measured[places]
    while True:
        before = some
        for name, rule in fixers.items():
            some, ids = _fixed(some, failed[name].arg_true(), rule)
            notes.append(pl.DataFrame({"id": ids, "reason": [name] * len(ids)}, schema=_NOTE))
        if some is before or some["messages"].equals(before["messages"]):
            break
        again = _measured(view(some), made, {}).with_columns(some["kind"])
        failed = failures(again, fixers)
    return replace_messages(frame, places, some["messages"]), _put(measured, places, again), pl.concat(notes).unique()


def _fixed(frame: pl.DataFrame, places: pl.Series, rule: Rule) -> tuple[pl.DataFrame, pl.Series]:
    """The records with those at `places` repaired, and the ids of the ones that changed."""
    if places.is_empty():
        return frame, frame["id"].head(0)
    some = frame[places]
    turns = explode(some)
    theirs = turns["role"].is_in(list(rule.repairs))
    content = [rule.fix(text) for text in turns["content"].filter(theirs)]
    turns = turns.with_columns(content=turns["content"].scatter(theirs.arg_true(), pl.Series(content, dtype=pl.String)))
    repaired = implode(some, turns)["messages"]
    return replace_messages(frame, places, repaired), some["id"].filter(some["messages"] != repaired)


def _put(measured: pl.DataFrame, places: pl.Series, again: pl.DataFrame) -> pl.DataFrame:
    """The scores with those of `again` at `places`."""
    before = measured[places]
    changed = [name for name in again.columns if not again[name].equals(before[name])]
    return measured.with_columns(measured[name].clone().scatter(places, again[name]) for name in changed)


def _with_scores(gone: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """What left, with the score that decided as a number; a score that is a word has none. `at` is its line."""
    parts = [
        part.with_columns(score=measured[str(name)].gather(part["at"]).cast(pl.Float64, strict=False))
        for (name,), part in gone.group_by("reason", maintain_order=True)
    ]
    return pl.concat(parts).sort("id") if parts else gone.with_columns(score=pl.lit(None, pl.Float64))


def _by_verdict(gone: pl.DataFrame) -> list[tuple[Verdict, pl.DataFrame]]:
    verdicts: tuple[Verdict, ...] = ("dropped", "review")
    return [(verdict, gone.filter(pl.col("verdict") == verdict).drop("verdict")) for verdict in verdicts]


def made_of(name: str, settings: Mapping[str, Any]) -> Rule:
    """The rule with these settings. Raises ValueError with Words that say what is wrong, and what was meant."""
    try:
        return RULES.load(name).model_validate(dict(settings))
    except ValidationError as error:
        raise ValueError(_told(name, error)) from None


def _check_name(name: str) -> None:
    if name not in RULES.names():
        near = meant(name, RULES.names())
        raise ValueError(Words(f"unknown rule '{name}'; {near.en}", f"未知规则“{name}”；{near.zh}"))


def _told(name: str, error: ValidationError) -> Words:
    problem = error.errors()[0]
    key = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        near = meant(key, tuple(RULES.load(name).model_fields))
        return Words(f"rule '{name}' has no setting '{key}'; {near.en}", f"规则“{name}”没有参数“{key}”；{near.zh}")
    if problem["type"] == "value_error" and isinstance(problem["ctx"]["error"].args[0], Words):
        words = problem["ctx"]["error"].args[0]
        return Words(f"rule '{name}': {words.en}", f"规则“{name}”：{words.zh}")
    return Words(f"rule '{name}', setting '{key}': {problem['msg']}", f"规则“{name}”的参数“{key}”：{problem['msg']}")
