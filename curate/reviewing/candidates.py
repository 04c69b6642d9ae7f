"""Which records of a version people should look at, and why: found by what the version keeps beside its rows."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.duplicates.contradictions import CONFLICT_TABLE, CONFLICTS
from curate.reviewing.wanted import most
from curate.stages.quality import NAME, SCORES, Quality
from curate.store.read_version import read_manifest, read_recipe
from curate.store.shards import read_fields
from rules import LimitRule, Rule
from schemas.digest import digest_each
from schemas.ledger import EVENTS
from schemas.version_files import VersionFiles

OUTLINE: pl.Schema = pl.Schema(
    [("id", pl.String()), ("parent", pl.String()), ("source", pl.Struct({"rows": pl.List(pl.Int64)}))]
)
"""What is read of every line to choose from."""
Reasons = dict[str, list[str]]
"""Why each record should be looked at, by its id, as `ReviewTask.why` says it."""


class Candidates(NamedTuple):
    """The records to look at. `dropped` are those of `reasons` that are in no file of the version; `conflicts` are
    lines of CONFLICT_TABLE, of those clusters in which an answer waits. `population` says out of how many records the
    random ones were drawn, by their reason.
    """

    reasons: Reasons
    dropped: frozenset[str]
    conflicts: pl.DataFrame
    events: pl.DataFrame
    population: Mapping[str, int]


def find_candidates(version: Path, wanted: Mapping[str, int | None]) -> Candidates:
    """Find the records that are wanted (`parse_wanted`), the same in every run: chance is the seed of the recipe."""
    seed = read_recipe(version).seed
    trained, examined = _outlines(version)
    events = _events(version)
    flagged = events.filter(verdict="review")
    conflicts = waiting_conflicts(version) if "conflicts" in wanted else pl.DataFrame(schema=CONFLICT_TABLE)

    reasons: Reasons = {}
    population: dict[str, int] = {}
    if "flagged" in wanted:
        # an answer that contradicts another is asked about beside that one
        alone = flagged.filter((pl.col("stage") != "conflict") | pl.col("twin").is_null())
        _add(reasons, zip(alone["id"], alone["reason"].map_elements("flagged:{}".format, pl.String), strict=True))
    _add(reasons, _near(version, trained, most(wanted, "near")))
    written = trained.filter((pl.col("source").struct.field("rows").list.len() == 0) | pl.col("parent").is_not_null())
    for reason, drawn_from in (("generated", written["id"]), ("sample", trained["id"])):
        if (count := most(wanted, reason)) != 0:
            population[reason] = len(drawn_from)
            _add(reasons, ((id, reason) for id in _drawn(drawn_from, seed, reason, count)))
    if "exam" in wanted:
        _add(reasons, ((id, f"exam:{probe}") for id, probe in examined.iter_rows() if probe != "perplexity"))

    dropped: set[str] = set()
    for rule, ids in _dropped_by_rule(events).items() if most(wanted, "dropped") != 0 else ():
        reason = f"dropped:{rule}"
        population[reason] = len(ids)
        drawn = _drawn(ids, seed, reason, most(wanted, "dropped"))
        dropped.update(drawn)
        _add(reasons, ((id, reason) for id in drawn))
    return Candidates(reasons, frozenset(dropped), conflicts, events, population)


def waiting_conflicts(version: Path) -> pl.DataFrame:
    """Read the answers that contradict each other, of those questions where one waits for a person."""
    path = VersionFiles(version).table(CONFLICTS)
    if not path.is_file():
        return pl.DataFrame(schema=CONFLICT_TABLE)
    table = pl.read_parquet(path).filter(pl.col("role").is_in(["winner", "review"]))
    return table.filter((pl.col("role") == "review").any().over("cluster")).sort("cluster", "role", "id")


def active_rules(version: Path) -> dict[str, Rule]:
    """Configure the rules that judged the version; none where it has not one stage `quality`."""
    recipe = read_recipe(version)
    stages = [Quality.model_validate(dict(choice.options)) for choice in recipe.stages if choice.name == NAME]
    return stages[0].active_rules() if len(stages) == 1 else {}


def limits_of(rule: Rule, kind: str) -> dict[str, float]:
    """Give the limits of a rule that hold for a kind, by their names: `min`, `max`."""
    if not isinstance(rule, LimitRule):
        return {}
    own = rule.of_kind(kind)
    values = {name: getattr(own, name, None) for name in own.limits}
    return {name: float(value) for name, value in values.items() if isinstance(value, int | float)}


def _outlines(version: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the outlines of what is trained on, and of what the exam asks."""
    nothing = pl.DataFrame(schema=OUTLINE)
    manifest, exam = read_manifest(version), VersionFiles(version).exam
    shards = [version / shard.name for shard in manifest.trained_on() if shard.rows]
    trained = pl.concat([nothing, *(frame for path in shards for frame in read_fields(path, OUTLINE))])
    asked = pl.Schema({"id": pl.String, "probe": pl.String})
    examined = pl.concat([pl.DataFrame(schema=asked), *(read_fields(exam, asked) if exam.is_file() else ())])
    return trained, examined


def _events(version: Path) -> pl.DataFrame:
    """Read what was dropped by rules, or sent to review."""
    ledger = pl.scan_parquet(VersionFiles(version).ledger).select(EVENTS.names())
    leaving = (pl.col("verdict") == "review") | ((pl.col("verdict") == "dropped") & (pl.col("stage") == NAME))
    events = ledger.filter(leaving & pl.col("id").is_not_null() & (pl.col("stage") != "end")).collect()
    return events.unique().sort("id", "stage", "reason")


def _dropped_by_rule(events: pl.DataFrame) -> dict[str, list[str]]:
    dropped = events.filter(pl.col("verdict") == "dropped").sort("reason", "id")
    by_rule = dropped.group_by("reason", maintain_order=True).agg("id")
    return dict(zip(by_rule["reason"], by_rule["id"].to_list(), strict=True))


def _drawn(ids: Iterable[str], seed: int, reason: str, count: int | None) -> list[str]:
    """Draw so many at random. A larger draw holds a smaller one, and records that come or go move no others."""
    known = list(ids)
    lots = digest_each("review", (f"{seed}:{reason}:{id}".encode() for id in known))
    return [id for _, id in sorted(zip(lots, known, strict=True))][:count]


def _near(version: Path, trained: pl.DataFrame, count: int | None) -> list[tuple[str, str]]:
    """Find the records whose scores passed most narrowly, the nearest of each rule in turn."""
    path = VersionFiles(version).table(SCORES)
    if count == 0 or not path.is_file():
        return []
    scores = pl.read_parquet(path).join(trained.select("id"), on="id", how="semi").sort("id")
    by_rule = [
        [(id, f"near:{name}") for id in _by_distance(scores, name, rule)[:count]]
        for name, rule in active_rules(version).items()
        if isinstance(rule, LimitRule) and name in scores.columns and scores[name].dtype.is_numeric()
    ]
    in_turn = [pair for pairs in zip_longest(*by_rule) for pair in pairs if pair is not None]
    return in_turn[:count]


def _by_distance(scores: pl.DataFrame, name: str, rule: LimitRule) -> list[str]:
    """Order the records by how far their score is from the limit that is nearest; equal ones by their id."""
    distances = []
    for (kind,), group in scores.filter(pl.col("kind").is_in(list(rule.kinds))).group_by("kind"):
        limits = limits_of(rule, str(kind))
        if limits:
            nearest = pl.min_horizontal(*((pl.col(name) - limit).abs() for limit in limits.values()))
            distances.append(group.select("id", distance=nearest.cast(pl.Float64)))
    if not distances:
        return []
    return pl.concat(distances).drop_nulls().sort("distance", "id")["id"].to_list()


def _add(reasons: Reasons, found: Iterable[tuple[str, str]]) -> None:
    for id, reason in found:
        of_record = reasons.setdefault(id, [])
        if reason not in of_record:
            of_record.append(reason)
