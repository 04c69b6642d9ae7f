"""How often people agreed with a rule, by what they decided about the rows that it showed them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from curate.decisions.agreed_reviews import agree
from curate.history.best_limit import ENOUGH, DecidedRows, TriedLimit, tried_limits
from curate.stages.quality import NAME, RULES, SCORES, Quality, failures
from curate.stages.review import Review
from curate.store.read_version import read_recipe
from curate.store.store import Store
from rules import LimitRule, Rule
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.recipe import REVIEW
from schemas.record import Frozen
from schemas.review import ReviewDecision
from schemas.statistics.intervals import wilson
from schemas.version_files import VersionFiles

WAYS = ("flagged", "dropped", "near")
"""How a rule gets a record shown: it asks for review, it drops, the score is near a limit. Before `:RULE` in `why`."""
LEVEL = 0.05
"""Of significance."""
WAY_NAMES = {
    "flagged": Bilingual("sent to review", "送审的"),
    "dropped": Bilingual("dropped", "丢弃的"),
    "near": Bilingual("near a limit", "限值附近的"),
}
BAD = ("reject", "edit")
"""What people say of a record that cannot stay as it is."""


class ShownRows(Frozen):
    """Of the rows that a rule showed in one way: how many people decided about, and in how many they agreed with it."""

    n: int
    agreed: int


class RuleAgreement(Frozen):
    """How often people agreed with one rule: it fails a row and they reject or edit it, or it passes one near its limit
    and they accept it. Why they did so is not looked at.

    `share` has Wilson's 95 % interval; all three are None below ENOUGH rows, and no limit is tried. `undecided` rows,
    on which people differ or cannot tell, are counted apart, and `unscored` ones, near a limit without any score.
    """

    rule: str
    n: int
    agreed: int
    share: float | None
    low: float | None
    high: float | None
    shown: Mapping[str, ShownRows]
    undecided: int
    unscored: int
    limits: tuple[TriedLimit, ...]


class _ShownRow(NamedTuple):
    """One record that a rule showed, whether people found it bad, and the version that was shown."""

    id: str
    way: str
    is_bad: bool
    version: str


class _RuleScore(NamedTuple):
    """What a rule measured of a record, whether it failed the record for it, and whether it would measure the same
    today.
    """

    kind: str
    value: float | bool | str | None
    fails: bool
    holds_today: bool


class MeasuredVersion(NamedTuple):
    """The rules of a version, as its recipe sets them, and the table of what they measured."""

    rules: Mapping[str, Rule]
    table: pl.DataFrame

    def scores(self, name: str, ids: Collection[str], today: Rule | None) -> dict[str, _RuleScore]:
        """Find what a rule measured of records, by id: as it is given, the whole of it or its beginning."""
        if name not in self.rules or name not in self.table.columns:
            return {}
        rule = self.rules[name]
        known = self.table.select("id", "kind", name)
        parts = []
        for length in sorted({len(id) for id in ids}):
            beginning = known.with_columns(given=pl.col("id").str.slice(0, length))
            meant = beginning.filter(pl.col("given").is_in([id for id in ids if len(id) == length]))
            parts.append(meant.filter(pl.len().over("given") == 1))
        if not parts:
            return {}

        found = pl.concat(parts)
        found = found.with_columns(fails=failures(found, {name: rule})[name])
        holds = today is not None and _measures(rule) == _measures(today)
        rows = found.select("given", "kind", name, "fails").iter_rows()
        return {given: _RuleScore(kind, value, fails, holds) for given, kind, value, fails in rows}


def measured_version(version: Path) -> MeasuredVersion:
    """Read what the rules of a version measured. Raises InputError where its recipe has no stage `quality`, or more
    than one, and where it keeps no scores.
    """
    stages = [Quality.model_validate(dict(c.options)) for c in read_recipe(version).stages if c.name == NAME]
    if len(stages) != 1:
        raise InputError(
            f"the recipe of this version has {len(stages)} stages 'quality'; a trial needs exactly one",
            f"这个版本的配方有 {len(stages)} 个 quality 阶段；试算只支持一个",
        )
    path = VersionFiles(version).table(SCORES)
    if not path.is_file():
        raise InputError(
            f"{version} holds no {path.name}: it was built before scores were kept; build it again",
            f"{version} 中没有 {path.name}：构建它的版本还不保存得分，请重新构建",
        )
    return MeasuredVersion(stages[0].active_rules(), pl.read_parquet(path))


def rule_agreements(
    store: Store, version: Path, decisions: Iterable[ReviewDecision], only: str | None = None
) -> list[RuleAgreement]:
    """Say how often people agreed with each rule that showed them a record, or with one of them.

    What several say of one text counts once, as the recipe of `version` settles it; that has the limits of today, too.
    A score is that of the version that was shown, while the store has it: what was rejected is not measured again.
    Raises InputError as `measured_version` does.
    """
    today = measured_version(version)
    rows: dict[str, list[_ShownRow]] = {}
    undecided: Counter[str] = Counter()
    for row, ways in _rows(decisions, _review_of(version)):
        for name, way in ways.items():
            if row is None:
                undecided[name] += 1
            else:
                rows.setdefault(name, []).append(row._replace(way=way))

    shown = {row.version for of_rule in rows.values() for row in of_rule}
    versions = {label: found for label in shown if (found := _shown_version(store, label)) is not None}
    names = [only] if only else sorted({*rows, *undecided})
    return [_agreement(name, rows.get(name, []), undecided[name], today, versions) for name in names]


def _review_of(version: Path) -> Review:
    """Read how the recipe of a version settles what several people say."""
    stages = [choice.options for choice in read_recipe(version).stages if choice.name == REVIEW]
    return Review.model_validate(dict(stages[0])) if stages else Review()


def _rows(decisions: Iterable[ReviewDecision], review: Review) -> Iterator[tuple[_ShownRow | None, dict[str, str]]]:
    """Give each text that a rule showed, with the ways in which rules did; None for one on which nobody agreed."""
    texts: dict[tuple[str, tuple[str, ...]], list[ReviewDecision]] = {}
    for decision in decisions:
        texts.setdefault((decision.id, decision.shown), []).append(decision)
    known = frozenset(RULES.names())
    for about in texts.values():
        if ways := _shown_by((reason for decision in about for reason in decision.why), known):
            agreed = agree(about, review.people, review.judge)
            is_bad = agreed.verdict in BAD
            row = _ShownRow(about[-1].id, "", is_bad, about[-1].version) if agreed.verdict else None
            yield row, ways


def _shown_by(why: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Find the rules that showed a record, each with the way; of several ways the first of WAYS."""
    pairs = [(way, name) for way, _, name in (reason.partition(":") for reason in why) if way in WAYS and name in known]
    return {name: way for way, name in sorted(pairs, key=lambda pair: WAYS.index(pair[0]), reverse=True)}


def _shown_version(store: Store, label: str) -> MeasuredVersion | None:
    """Read a version that was shown, NAME/ID, where the store still has it with its scores."""
    name, _, id = label.replace("@", "/").partition("/")
    if not id or id not in store.versions(name):
        return None
    with suppress(InputError):
        return measured_version(store.version(name, id))
    return None


def _agreement(
    name: str,
    rows: Sequence[_ShownRow],
    undecided: int,
    today: MeasuredVersion,
    versions: Mapping[str, MeasuredVersion],
) -> RuleAgreement:
    rule = today.rules.get(name)
    scores = _scores(name, rows, today, versions)
    judged = [row for row in rows if row.way != "near" or row.id in scores]
    agreed = [row for row in judged if (row.way != "near" or scores[row.id].fails) == row.is_bad]
    counts, agreeing = (Counter(row.way for row in of_kind) for of_kind in (judged, agreed))

    is_enough = len(judged) >= ENOUGH
    interval = wilson(len(agreed), len(judged)) if is_enough else None
    held = [(row, scores[row.id]) for row in judged if row.id in scores and scores[row.id].holds_today]
    return RuleAgreement(
        rule=name,
        n=len(judged),
        agreed=len(agreed),
        share=len(agreed) / len(judged) if is_enough else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        shown={way: ShownRows(n=counts[way], agreed=agreeing[way]) for way in WAYS if counts[way]},
        undecided=undecided,
        unscored=len(rows) - len(judged),
        limits=tuple(tried_limits(name, rule, _decided(held))) if isinstance(rule, LimitRule) and held else (),
    )


def _scores(
    name: str, rows: Sequence[_ShownRow], today: MeasuredVersion, versions: Mapping[str, MeasuredVersion]
) -> dict[str, _RuleScore]:
    """Find what the rule measured of each row: in the version that was shown, else in that of today."""
    rule = today.rules.get(name)
    scores = today.scores(name, {row.id for row in rows}, rule)
    for label, version in sorted(versions.items()):
        scores |= version.scores(name, {row.id for row in rows if row.version == label}, rule)
    return scores


def _decided(held: Sequence[tuple[_ShownRow, _RuleScore]]) -> DecidedRows:
    return DecidedRows(
        kinds=pl.Series([score.kind for _, score in held], dtype=pl.String),
        scores=pl.Series([score.value for _, score in held]),
        bad=np.array([row.is_bad for row, _ in held], dtype=bool),
    )


def _measures(rule: Rule) -> dict[str, Any]:
    """List the settings that decide what a rule measures."""
    return {key: value for key, value in rule.model_dump().items() if key not in (*rule.limits, "by_kind", "action")}


def agreements_in_words(found: Sequence[RuleAgreement]) -> Iterator[Bilingual]:
    """Say for people how often people agreed, and what other limits would have done."""
    if not found:
        yield Bilingual("no decision is about a row that a rule showed", "没有一条结论针对规则送出的行")
        return
    for agreement in found:
        yield _agreement_in_words(agreement)
        yield from map(_limit_in_words, agreement.limits)
        yield from _rest_in_words(agreement)
    if any(agreement.limits for agreement in found):
        yield Bilingual(
            "limits are held against the rows that people were shown, which are no sample of all",
            "限值只用给人看过的行来核对，这些行不是全部数据的抽样",
        )


def _agreement_in_words(found: RuleAgreement) -> Bilingual:
    if found.share is None or found.low is None or found.high is None:
        return Bilingual(
            f"{found.rule}: {found.n} rows are decided; fewer than {ENOUGH} say nothing",
            f"{found.rule}：只有 {found.n} 条有结论；不足 {ENOUGH} 条，不下结论",
        )
    ways = [(WAY_NAMES[way], rows) for way, rows in found.shown.items()]
    en = ", ".join(f"{name.en} {rows.agreed} of {rows.n}" for name, rows in ways)
    zh = "，".join(f"{name.zh} {rows.n} 条中 {rows.agreed} 条" for name, rows in ways)
    return Bilingual(
        f"{found.rule}: people agreed with it on {found.agreed} of {found.n} rows, {found.share:.0%} "
        f"(95 %: {found.low:.0%} to {found.high:.0%}): {en}",
        f"{found.rule}：{found.n} 条中有 {found.agreed} 条，人与规则看法一致，占 {found.share:.0%}"
        f"（95% 区间 {found.low:.0%} 到 {found.high:.0%}）：{zh}",
    )


def _limit_in_words(tried: TriedLimit) -> Bilingual:
    """Say what another limit would do, and how sure that is."""
    today = Bilingual(
        f"  {tried.limit}: {tried.today:g} agrees with {tried.today_agrees} of {tried.n}",
        f"  {tried.limit}：现在的 {tried.today:g}，{tried.n} 条中一致 {tried.today_agrees} 条",
    )
    if tried.best == tried.today:
        return Bilingual(f"{today.en}; no other agrees with more", f"{today.zh}；没有别的限值一致得更多")
    shown = "p < 0.001" if tried.p < 0.001 else f"p = {tried.p:.3f}"
    is_better = tried.held_out > tried.today_agrees and tried.p < LEVEL
    en, zh = (
        (f"better than today's ({shown})", f"比现在的好（{shown}）")
        if is_better
        else (f"it may be chance ({shown})", f"也可能只是偶然（{shown}）")
    )
    return Bilingual(
        f"{today.en}; {tried.best:g} with {tried.agrees}, and with {tried.held_out} when each row is left out of the "
        f"choice ({tried.held_out / tried.n:.0%}, 95 %: {tried.low:.0%} to {tried.high:.0%}): {en}",
        f"{today.zh}；改成 {tried.best:g} 一致 {tried.agrees} 条，逐条留出再选限值则一致 {tried.held_out} 条"
        f"（{tried.held_out / tried.n:.0%}，95% 区间 {tried.low:.0%} 到 {tried.high:.0%}）：{zh}",
    )


def _rest_in_words(found: RuleAgreement) -> Iterator[Bilingual]:
    if found.undecided:
        yield Bilingual(
            f"  not counted, people differ or cannot tell: {found.undecided}",
            f"  意见不一或看不准而未计入：{found.undecided} 条",
        )
    if found.unscored:
        yield Bilingual(
            f"  not counted, near a limit and without a score: {found.unscored}",
            f"  在限值附近但查不到得分而未计入：{found.unscored} 条",
        )
