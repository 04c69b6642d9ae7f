"""The rules of a version in groups, each with what it did in it and how often people agreed with it."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from curate.decisions.reviews import read_reviews
from curate.history.rule_agreement import RuleAgreement, measured_version, rule_agreements
from curate.history.rule_trial import RuleTrials
from curate.recipe.load import load_recipe
from curate.reviewing.decide import reviews_beside
from curate.stages.quality import NAME, RULES, Quality
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from curate.web.trials.histogram import ScoreBins
from curate.web.trials.rule_limits import limit_fields
from rules import Rule
from schemas.bilingual import Bilingual

GROUPS: tuple[tuple[str, Bilingual], ...] = (
    ("measured", Bilingual("Measured, with a limit that can be moved", "有限值可调")),
    ("drop", Bilingual("Found, and dropped", "发现即丢弃")),
    ("review", Bilingual("Found, and sent to review", "发现即送审")),
    ("fix", Bilingual("Found, and repaired", "发现即修复")),
    ("skipped", Bilingual("Skipped in this version", "本版本跳过")),
)


class ListedRule(NamedTuple):
    """One rule. `counts` has what it decided, by verdict; `agreement` is None where nobody has decided about it."""

    name: str
    sentence: Bilingual
    rule: Rule
    counts: Mapping[str, int]
    agreement: RuleAgreement | None


class RuleGroup(NamedTuple):
    """Rules that do the same."""

    key: str
    title: Bilingual
    rules: list[ListedRule]


def rule_groups(store: Store, version: Path, recipe: Path | None) -> list[RuleGroup]:
    """List all rules in their groups; a group without any is left out."""
    stages = [Quality.model_validate(dict(c.options)) for c in read_recipe(version).stages if c.name == NAME]
    active = {name: rule for stage in stages for name, rule in stage.active_rules().items()}
    agreements = {found.rule: found for found in agreements_of(store, version, recipe)}
    counts = _counts(version)
    groups: dict[str, list[ListedRule]] = {key: [] for key, _ in GROUPS}
    for name in RULES.names():
        rule = active.get(name) or RULES.load(name)()
        key = _group_of(rule) if name in active else "skipped"
        groups[key].append(ListedRule(name, sentence_of(rule), rule, counts.get(name, {}), agreements.get(name)))
    return [RuleGroup(key, title, groups[key]) for key, title in GROUPS if groups[key]]


def agreements_of(store: Store, version: Path, recipe: Path | None, only: str | None = None) -> list[RuleAgreement]:
    """Say how often people agreed with rules, by the file of reviews beside the recipe; nothing where there is none."""
    if recipe is None:
        return []
    path = reviews_beside(load_recipe(recipe))
    decisions = read_reviews(path) if path.is_file() else []
    return rule_agreements(store, version, decisions, only) if decisions else []


def sentence_of(rule: Rule) -> Bilingual:
    """Say what a rule finds, in the words of its page."""
    return Bilingual(" ".join((type(rule).__doc__ or "").partition("\n\n")[0].split()), rule.title_zh)


def decided_by(version: Path, name: str) -> Mapping[str, int]:
    """Count what a rule decided in a version, by verdict."""
    return _counts(version).get(name, {})


@lru_cache(maxsize=4)
def trials_of(version: Path, name: str) -> RuleTrials:
    """Read what the trials of a rule need. Raises InputError and StoreError as `RuleTrials` does."""
    return RuleTrials(version, measured_version(version), name)


@lru_cache(maxsize=8)
def bins_of(version: Path, name: str) -> ScoreBins:
    """Lay the scores of a rule into columns."""
    return ScoreBins(trials_of(version, name))


def _group_of(rule: Rule) -> str:
    return "measured" if limit_fields(rule, rule) else rule.action


def _counts(version: Path) -> dict[str, dict[str, int]]:
    """Read from the manifest how many records each rule dropped, sent to review or repaired."""
    counts: dict[str, dict[str, int]] = {}
    for stage in read_manifest(version).stages:
        for key, n in stage.reasons.items() if stage.stage == NAME else ():
            verdict, _, name = key.partition(":")
            of_rule = counts.setdefault(name, {})
            of_rule[verdict] = of_rule.get(verdict, 0) + n
    return counts
