"""What other settings of a rule would change in a version, from the scores that it keeps: nothing is measured again."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.history.rule_agreement import MeasuredVersion
from curate.stages.quality import VERDICT_OF, by_precedence, configured_rule, failures, first_failing
from curate.store.store import named
from rules import LimitRule, Rule
from schemas.errors import InputError, StoreError
from schemas.version_files import VersionFiles

VERDICTS = ("kept", "dropped", "review")
"""What may become of a record; its index here stands for it in `Codes`."""
EXAMPLES = 5
"""Records that are named."""

Codes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Counts = dict[str, dict[str, dict[str, int]]]
"""How many records, by kind, `before` or `after`, and verdict."""


class RuleTrial(NamedTuple):
    """One trial. `old` and `new` say what becomes of each record (VERDICTS), `fails` which ones the rule fails now."""

    before: Rule
    after: Rule
    old: Codes
    new: Codes
    fails: Flags
    counts: Counts

    @property
    def moved(self) -> Flags:
        moved: Flags = self.old != self.new
        return moved

    @property
    def changed(self) -> int:
        return int(np.count_nonzero(self.moved))


class RuleTrials:
    """All trials of one rule of a version: what no setting of it changes is computed once.

    Raises InputError where the recipe skips the rule, and StoreError where the version lacks scores of any rule.
    """

    def __init__(self, folder: Path, measured: MeasuredVersion, name: str) -> None:
        self.folder = folder
        self.name = name
        self.rule = _rule_of(folder, measured, name)
        _check_complete(measured)
        table = measured.table
        self.table = table.select("id", "kind", name, "verdict")
        self._others = {other: rule for other, rule in measured.rules.items() if other != name}
        order = by_precedence(self._others)
        self._first = first_failing(failures(table, self._others), order).astype(np.uint8)
        """The rank of the first of all other rules that fails each record."""
        codes = [VERDICTS.index(VERDICT_OF[self._others[other].action]) for other in order]
        self._without = np.array([*codes, VERDICTS.index("kept")], np.uint8)[self._first]
        """What becomes of each record by all other rules alone."""

    @property
    def score(self) -> pl.Series:
        return self.table[self.name]

    @cached_property
    def judged(self) -> Flags:
        """Which records are of a kind that the rule judges."""
        return self.table["kind"].is_in(list(self.rule.kinds)).to_numpy()

    @cached_property
    def _old(self) -> Codes:
        return self.table["verdict"].cast(pl.Enum(VERDICTS)).to_physical().cast(pl.UInt8).to_numpy()

    @cached_property
    def _settled(self) -> Flags:
        """Which records a person has kept: a rule asks for no other review of them."""
        asks = self._decided(self.rule, self.fails(self.rule)) == VERDICTS.index("review")
        settled: Flags = asks & (self._old == VERDICTS.index("kept"))
        return settled

    @cached_property
    def kinds(self) -> tuple[list[str], Codes]:
        """All kinds, and the index of that of each record."""
        kinds = self.table["kind"].unique().sort().to_list()
        return kinds, self.table["kind"].cast(pl.Enum(kinds)).to_physical().cast(pl.UInt8).to_numpy()

    def fails(self, rule: Rule) -> Flags:
        """Tell which records fail the rule with these settings."""
        return failures(self.table, {self.name: rule})[self.name].to_numpy()

    def trial(self, settings: Mapping[str, Any]) -> RuleTrial:
        """Try settings. Raises InputError as `with_settings` does."""
        after = with_settings(self.name, self.rule, settings)
        fails = self.fails(after)
        new = self._decided(after, fails)
        new = np.where(self._settled & (new == VERDICTS.index("review")), self._old, new)
        return RuleTrial(self.rule, after, self._old, new, fails, self._counts(new))

    def _decided(self, rule: Rule, fails: Flags) -> Codes:
        """Decide about all records as the stage does: another rule may drop what this one lets through."""
        rank = by_precedence({**self._others, self.name: rule}).index(self.name)
        decides = fails & (self._first >= rank)
        return np.where(decides, np.uint8(VERDICTS.index(VERDICT_OF[rule.action])), self._without)

    def _counts(self, new: Codes) -> Counts:
        names, kinds = self.kinds
        size = np.uint8(len(VERDICTS))
        cells = {"before": kinds * size + self._old, "after": kinds * size + new}
        sums = {when: np.bincount(of, minlength=len(names) * int(size)) for when, of in cells.items()}
        return {
            kind: {
                when: {v: int(of[n * len(VERDICTS) + m]) for m, v in enumerate(VERDICTS)} for when, of in sums.items()
            }
            for n, kind in enumerate(names)
        }

    def examples(self, trial: RuleTrial) -> list[dict[str, Any]]:
        """Name a few of the records that would move, by id and raw row; their text is not shown."""
        moved = np.flatnonzero(trial.moved)
        lines = self.table[moved].select("id", score=self.name)
        verdicts = pl.Series(VERDICTS)
        lines = lines.with_columns(before=verdicts.gather(trial.old[moved]), after=verdicts.gather(trial.new[moved]))
        lines = lines.select("id", "before", "after", "score").sort("id").head(EXAMPLES)

        ledger = pl.scan_parquet(VersionFiles(self.folder).ledger)
        rows = (
            ledger.filter(pl.col("id").is_in(lines["id"].implode()) & pl.col("row").is_not_null())
            .group_by("id")
            .agg(pl.col("file").first(), pl.col("row").min())
            .collect()
        )
        return lines.join(rows, on="id", how="left").sort("id").to_dicts()


def free_settings(rule: Rule) -> list[str]:
    """List the settings that can be tried on stored scores: the limits of the rule, and what it does."""
    limits = [key for key in rule.limits if key in type(rule).model_fields]
    return [*limits, *(["by_kind"] if isinstance(rule, LimitRule) else []), "action"]


def with_settings(name: str, before: Rule, settings: Mapping[str, Any]) -> Rule:
    """Change the limits of a rule. InputError for a setting that decides what is measured, not what is enough."""
    free = free_settings(before)
    fixed = [
        key for key in settings if key not in free or (key == "action" and "fix" in (settings[key], before.action))
    ]
    if fixed:
        raise InputError(
            f"'{fixed[0]}' decides what rule '{name}' measures or repairs: change it in the recipe and build again "
            f"(to try on stored scores: {', '.join(free)})",
            f"“{fixed[0]}”决定规则“{name}”量什么或修什么：请改配方后重新构建（可以试算的：{'、'.join(free)}）",
        )

    try:
        return configured_rule(name, {**before.model_dump(), **settings})
    except ValueError as error:
        sentence = error.args[0]
        raise InputError(sentence.en, sentence.zh) from None


def _rule_of(folder: Path, measured: MeasuredVersion, name: str) -> Rule:
    rule = measured.rules.get(name)
    if rule is None:
        version = named(folder)
        raise InputError(
            f"the recipe of {version.en} skips the rule '{name}'; there is no score of it",
            f"{version.zh}的配方跳过了“{name}”，没有得分",
        )
    return rule


def _check_complete(measured: MeasuredVersion) -> None:
    """Raise StoreError for a version that lacks the scores of a rule."""
    if missing := [name for name in measured.rules if name not in measured.table.columns]:
        raise StoreError(
            f"the version has no scores of {', '.join(missing)}; build it again",
            f"这个版本没有 {'、'.join(missing)} 的得分；请重新构建",
        )
