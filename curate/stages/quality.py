"""The stage that judges every record by every rule, repairs what a rule can repair, and keeps what passes them all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field, ValidationError, field_validator

import rules
from curate.conversations.messages import explode, implode, replace_messages
from curate.conversations.rule_columns import rule_columns
from curate.conversations.scores import with_scores
from curate.stages import Outcome, Stage, Tools
from rules import LimitRule, Rule
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, Verdict, events_of
from schemas.stage_names import recorded_name
from schemas.suggestions import suggestion
from schemas.tags import REVIEWED

RULES = Catalog(rules, Rule)
NAME = recorded_name("quality")
SCORES = "scores"
"""The table of what every rule measured: `id`, `kind`, a column per rule, `verdict` and `reason`."""
VERDICT_OF: dict[str, Verdict] = {"drop": "dropped", "fix": "dropped", "review": "review"}
"""What becomes of a record that fails a rule, by the action of the rule."""
_NOTE = pl.Schema([("id", pl.String()), ("reason", pl.String())])
FOLDED_TO_ASCII = "[\u017f\u212a]"
"""The long s and the Kelvin sign: the only letters beyond ASCII that a pattern without case takes for `s` and `k`."""
_OWNERS = pl.Schema([("hint", pl.String()), ("rule", pl.String())])
_NO_ROWS = pl.Series([], dtype=pl.UInt32)
LayOut = Callable[[pl.DataFrame], pl.DataFrame]
"""Makes of records the columns that rules look at."""


class Quality(Stage):
    """All rules with their defaults, unless `rules` changes a setting or `skip` leaves one out. In a recipe, `judge` is
    another name of this stage.

    A rule whose action is `fix` repairs the record and asks again: what still fails is dropped. The first failing rule
    in alphabetical order decides; a rule that drops goes before one that asks for review. `scores` is the file that
    `hornbook score` writes, for the rules on what models think of an answer; no model is called.

    The canonical recipe and the ledger keep saying `judge`: the ids of versions hang on it.
    """

    title_zh: ClassVar[str] = "按全部规则的默认设置评判，rules 改设置，skip 跳过规则：丢弃、修复、送审或保留"
    by_record: ClassVar[bool] = True
    written_by: ClassVar[str] = "hornbook score"

    rules: dict[str, dict[str, Any] | None] = Field(default_factory=dict)
    skip: tuple[str, ...] = ()
    scores: str = ""
    """From the recipe's folder: a line for each record that models have scored; empty for none."""

    @field_validator("skip")
    @classmethod
    def _exist(cls, skip: tuple[str, ...]) -> tuple[str, ...]:
        for name in skip:
            _check_name(name)
        return skip

    @field_validator("rules")
    @classmethod
    def _valid(cls, chosen: dict[str, dict[str, Any] | None]) -> dict[str, dict[str, Any] | None]:
        for name, settings in chosen.items():
            _check_name(name)
            configured_rule(name, settings or {})
        return chosen

    def reads(self) -> tuple[str, ...]:
        return (self.scores,) if self.scores else ()

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        active = {name: rule.knowing(tools.identity) for name, rule in self.active_rules().items()}

        # Repairs come first: what is judged, stored and passed on is the repaired record.
        lay_out = self._lay_out(tools)
        measured = scores(lay_out(frame), active).with_columns(frame["kind"])
        frame, measured, repairs = _repaired(frame, measured, active, lay_out)

        decided = _without_second_review(decide_verdicts(measured, active), frame["tags"])
        is_kept = decided["verdict"] == "kept"
        removed = decided.with_row_index("index").filter(~is_kept).sort("id")

        # A record that was repaired and dropped all the same has one event: that it was dropped.
        notes = repairs.filter(repairs["id"].is_in(decided["id"].filter(is_kept).implode())).sort("id", "reason")
        removals = [
            events_of(removed_so, NAME, verdict)
            for verdict, removed_so in _by_verdict(_with_deciding_scores(removed, measured))
        ]
        events = pl.concat([pl.DataFrame(schema=EVENTS), events_of(notes, NAME, "fixed"), *removals])

        table = measured.select("id", "kind", *active).with_columns(decided["verdict"], decided["reason"])
        return Outcome(frame.filter(is_kept), events, {SCORES: table})

    def _lay_out(self, tools: Tools) -> LayOut:
        """Lay out the columns with the scores by models, where the recipe names a file of them."""
        if not self.scores:
            return rule_columns
        return lambda frame: with_scores(rule_columns(frame), tools.folder / self.scores)

    def active_rules(self) -> dict[str, Rule]:
        """Configure the rules that are not skipped: by name, in alphabetical order."""
        return {
            name: RULES.load(name).model_validate(self.rules.get(name) or {})
            for name in RULES.names()
            if name not in self.skip
        }


def scores(columns: pl.DataFrame, active: Mapping[str, Rule]) -> pl.DataFrame:
    """Measure every record by every rule: `id` and one column per rule. `columns` are those of `rule_columns`.

    One pass over the texts looks for the hints of all rules; a rule with hints is shown the texts that hold its own.
    """
    return _measured(columns, active, _with_rows_of_kinds(_rows_with_hints(columns["text"], active), columns, active))


def _measured(columns: pl.DataFrame, active: Mapping[str, Rule], rows_to_show: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Measure by every rule, in the rows that the rule is to be shown; a rule without an entry is shown every row."""
    nothing = pl.repeat(False, columns.height, dtype=pl.Boolean, eager=True)
    measured = [
        _scored_rows(rows_to_show[name], rule, columns, nothing) if name in rows_to_show else rule.score(columns)
        for name, rule in active.items()
    ]
    return pl.DataFrame([columns["id"], *(score.alias(name) for name, score in zip(active, measured, strict=True))])


def _scored_rows(rows: pl.Series, rule: Rule, columns: pl.DataFrame, nothing: pl.Series) -> pl.Series:
    """Score these rows; all others are False, as a rule scores a text without any of its hints."""
    return nothing.clone().scatter(rows, rule.score(columns[rows])) if len(rows) else nothing


def _with_rows_of_kinds(
    rows_to_show: dict[str, pl.Series], columns: pl.DataFrame, active: Mapping[str, Rule]
) -> dict[str, pl.Series]:
    """Add the rows of the kinds that a rule sees whatever its hints."""
    present = frozenset(columns["kind"].unique())
    for name in [name for name in rows_to_show if present.intersection(active[name].sees_all)]:
        of_kinds = columns["kind"].is_in(list(active[name].sees_all)).arg_true()
        rows_to_show[name] = pl.concat([rows_to_show[name], of_kinds]).unique().sort()
    return rows_to_show


def _rows_with_hints(texts: pl.Series, active: Mapping[str, Rule]) -> dict[str, pl.Series]:
    """Find for each rule with hints the rows of the texts that hold one of them."""
    hints = {name: {hint.lower() for hint in rule.hints()} for name, rule in active.items()}
    owners = pl.DataFrame(
        [(hint, name) for name, own in hints.items() for hint in sorted(own)], schema=_OWNERS, orient="row"
    )
    if owners.is_empty():
        return {}

    # 1. One pattern of all hints tells which texts hold any: few do.
    every = owners["hint"].unique().sort()
    rows = texts.str.contains(_any_of(every)).arg_true()
    candidates = texts.gather(rows)

    # 2. Which hints these hold, as literal words: much faster than a pattern with groups. The search folds the case of
    #    ASCII letters alone, so that a hint with others is looked for in capitals too.
    literals = sorted({form for hint in every for form in (hint, hint if hint.isascii() else hint.upper())})
    matches = candidates.str.extract_many(literals, ascii_case_insensitive=True, overlapping=True)
    found = pl.DataFrame({"row": rows, "hint": matches}).explode("hint")
    found = found.with_columns(pl.col("hint").str.to_lowercase()).join(owners, on="hint")
    by_rule = found.group_by("rule").agg(pl.col("row").unique().sort())
    rows_of = dict(zip(by_rule["rule"], by_rule["row"], strict=True))
    to_show = {name: rows_of.get(name, _NO_ROWS) for name, own in hints.items() if own}

    # 3. The pattern of a rule takes two letters beyond ASCII for ASCII ones, the literal search does not: texts that
    #    hold them are shown to every rule.
    odd = rows.filter(candidates.str.contains(FOLDED_TO_ASCII))
    return to_show if odd.is_empty() else {n: pl.concat([own, odd]).unique().sort() for n, own in to_show.items()}


def decide_verdicts(measured: pl.DataFrame, active: Mapping[str, Rule]) -> pl.DataFrame:
    """Decide about each line of scores: `id`, `verdict` (kept, dropped, review) and `reason` (the deciding rule)."""
    order = by_precedence(active)
    deciding = pl.Series(first_failing(failures(measured, active), order))

    # One more entry behind the rules, for records that fail none.
    verdicts = pl.Series([*(VERDICT_OF[active[name].action] for name in order), "kept"], dtype=pl.String)
    reasons = pl.Series([*order, None], dtype=pl.String)
    return pl.DataFrame(
        {"id": measured["id"], "verdict": verdicts.gather(deciding), "reason": reasons.gather(deciding)}
    )


def by_precedence(active: Mapping[str, Rule]) -> list[str]:
    """Order the rules as they decide: those that drop first, each in alphabetical order."""
    return sorted(active, key=lambda name: (VERDICT_OF[active[name].action], name))  # `dropped` sorts before `review`


def first_failing(failed: pl.DataFrame, order: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Find the rank in `order` of the first rule that each record fails; the number of rules where it fails none."""
    # Written from the last rule to the first: the first one stays.
    first = np.full(failed.height, len(order), np.uint32)
    for rank, name in reversed([*enumerate(order)]):
        if failed[name].any():
            first[failed[name].to_numpy()] = rank
    return first


def _without_second_review(decided: pl.DataFrame, tags: pl.Series) -> pl.DataFrame:
    """Keep what a person has reviewed and kept: it is not sent to review again."""
    again = (decided["verdict"] == "review") & tags.list.contains(REVIEWED)
    if not again.any():
        return decided
    verdict = pl.when(again).then(pl.lit("kept")).otherwise("verdict")
    return decided.with_columns(verdict=verdict, reason=pl.when(~again).then("reason"))


def failures(measured: pl.DataFrame, active: Mapping[str, Rule]) -> pl.DataFrame:
    """Tell which records fail which rule: one bool column per rule. Needs `kind` and the scores of the rules."""
    kinds = measured["kind"]
    present = frozenset(kinds.unique())
    return pl.DataFrame([_fails(kinds, present, measured[name], rule).alias(name) for name, rule in active.items()])


def _fails(kinds: pl.Series, present: frozenset[str], score: pl.Series, rule: Rule) -> pl.Series:
    """Tell which records fail one rule, by the limits of their kind; kinds that it does not judge never fail."""
    failed = _misses(score, rule)
    if isinstance(rule, LimitRule):
        for kind in sorted(present.intersection(rule.by_kind)):
            failed = failed.zip_with(kinds != kind, _misses(score, rule.of_kind(kind)))
    return failed & kinds.is_in(list(rule.kinds)) if present.difference(rule.kinds) and failed.any() else failed


def _misses(score: pl.Series, rule: Rule) -> pl.Series:
    """Tell which scores are not good enough; where nothing was measured, nothing is missed."""
    passed = rule.passes(score)
    return ~(passed.fill_null(True) if passed.has_nulls() else passed)


def _any_of(hints: Iterable[str]) -> str:
    """Write one pattern that matches any of the hints, in either case."""
    return "(?i)" + "|".join(re.escape(hint) for hint in hints)


def _repaired(
    frame: pl.DataFrame, measured: pl.DataFrame, active: Mapping[str, Rule], lay_out: LayOut
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Repair what rules can repair: the records, their scores, and which rule repaired which (`id`, `reason`)."""
    fixers = {name: rule for name, rule in active.items() if rule.action == "fix"}
    failed = failures(measured, fixers)
    notes = [pl.DataFrame(schema=_NOTE)]
    rows = failed.select(pl.any_horizontal(failed.columns)).to_series().arg_true() if fixers else _NO_ROWS
    if rows.is_empty():
        return frame, measured, notes[0]

    # A repair may make another rule fail: repeat until nothing changes. A repair only takes text away, so this ends.
    records, failed, again = frame[rows], failed[rows], measured[rows]
    while True:
        before = records
        for name, rule in fixers.items():
            records, ids = _fixed(records, failed[name].arg_true(), rule)
            notes.append(pl.DataFrame({"id": ids, "reason": [name] * len(ids)}, schema=_NOTE))
        if records is before or records["messages"].equals(before["messages"]):
            break
        again = _measured(lay_out(records), active, {}).with_columns(records["kind"])
        failed = failures(again, fixers)

    repaired = replace_messages(frame, rows, records["messages"])
    return repaired, _with_scores_at(measured, rows, again), pl.concat(notes).unique()


def _fixed(frame: pl.DataFrame, rows: pl.Series, rule: Rule) -> tuple[pl.DataFrame, pl.Series]:
    """Repair the records in these rows by one rule: all records, and the ids of those that changed."""
    if rows.is_empty():
        return frame, frame["id"].head(0)
    records = frame[rows]
    turns = explode(records)
    is_repaired = turns["role"].is_in(list(rule.repairs))
    texts = pl.Series([rule.fix(text) for text in turns["content"].filter(is_repaired)], dtype=pl.String)
    turns = turns.with_columns(content=turns["content"].scatter(is_repaired.arg_true(), texts))
    repaired = implode(records, turns)["messages"]
    return replace_messages(frame, rows, repaired), records["id"].filter(records["messages"] != repaired)


def _with_scores_at(measured: pl.DataFrame, rows: pl.Series, again: pl.DataFrame) -> pl.DataFrame:
    """Put the scores of `again` into these rows. A column without a change is left as it is."""
    before = measured[rows]
    changed = [name for name in again.columns if not again[name].equals(before[name])]
    return measured.with_columns(measured[name].clone().scatter(rows, again[name]) for name in changed)


def _with_deciding_scores(removed: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """Add the score that decided, as a number; a score that is a word has none. `index` is the line of scores."""
    by_reason = [
        same_reason.with_columns(score=measured[str(name)].gather(same_reason["index"]).cast(pl.Float64, strict=False))
        for (name,), same_reason in removed.group_by("reason", maintain_order=True)
    ]
    return pl.concat(by_reason).sort("id") if by_reason else removed.with_columns(score=pl.lit(None, pl.Float64))


def _by_verdict(removed: pl.DataFrame) -> list[tuple[Verdict, pl.DataFrame]]:
    """Separate what was dropped from what is sent to review: the ledger books each on its own."""
    verdicts: tuple[Verdict, ...] = ("dropped", "review")
    return [(verdict, removed.filter(pl.col("verdict") == verdict).drop("verdict")) for verdict in verdicts]


def configured_rule(name: str, settings: Mapping[str, Any]) -> Rule:
    """Configure a rule. Raises ValueError with a Bilingual that says what is wrong, and what was meant."""
    try:
        return RULES.load(name).model_validate(dict(settings))
    except ValidationError as error:
        raise ValueError(_explanation(name, error)) from None


def _check_name(name: str) -> None:
    """Raise ValueError, with what was probably meant, where there is no rule of this name."""
    if name not in RULES.names():
        near = suggestion(name, RULES.names())
        raise ValueError(Bilingual(f"unknown rule '{name}'; {near.en}", f"未知规则“{name}”；{near.zh}"))


def _explanation(name: str, error: ValidationError) -> Bilingual:
    """Explain the first problem of a rule's settings in one sentence."""
    problem = error.errors()[0]
    key = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        near = suggestion(key, tuple(RULES.load(name).model_fields))
        return Bilingual(f"rule '{name}' has no setting '{key}'; {near.en}", f"规则“{name}”没有参数“{key}”；{near.zh}")
    if problem["type"] == "value_error" and isinstance(problem["ctx"]["error"].args[0], Bilingual):
        sentence = problem["ctx"]["error"].args[0]
        return Bilingual(f"rule '{name}': {sentence.en}", f"规则“{name}”：{sentence.zh}")
    return Bilingual(
        f"rule '{name}', setting '{key}': {problem['msg']}", f"规则“{name}”的参数“{key}”：{problem['msg']}"
    )
