"""The whole of what is known of one record or raw row: its texts, its way through the stages, its scores and kin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.history.life_details import changes_in
from curate.history.trace import Change, Holder, Life, whole_life
from curate.stages.quality import NAME, SCORES, Quality, failures
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.web.rows.listed_rows import leaving_stage, messages_of
from curate.web.rows.loaded_index import IndexLine
from rules import LimitRule, Rule
from schemas.bilingual import NOTHING, Bilingual
from schemas.version_files import VersionFiles

Messages = list[dict[str, Any]]
LIMITS = {
    "min": Bilingual("at least {}", "不小于 {}"),
    "max": Bilingual("at most {}", "不大于 {}"),
    "allowed": Bilingual("one of {}", "限于 {}"),
}
"""How limits of rules are said; any other by its name."""


class LifeStep(NamedTuple):
    """What one stage did: events that differ by their raw row alone are one, and so are all changes of one stage, which
    are its `reasons`. `rows` are the raw rows, `1–3, 7`.
    """

    stage: str
    verdict: str
    reasons: tuple[str, ...]
    rows: str
    score: float | None
    twin: str
    by: str
    changes: tuple[Change, ...]


class RuleScore(NamedTuple):
    """What a rule measured of the record, its limits in words, and whether the record fails it."""

    rule: str
    score: float | bool | str
    limits: Bilingual
    fails: bool


@dataclass(frozen=True)
class WholeRow:
    """One record, or one raw row without a record.

    `messages` are its texts as the version has them, or made again and masked where it has none (`is_made_again`).
    `has_raw_rows` says whether the changes could be shown. `raw` are its rows as they stand in the file, and
    `raw_messages` its texts with all that masks take out: both only where the page may show that.
    """

    line: IndexLine
    record: dict[str, Any] | None
    messages: Messages
    is_made_again: bool
    steps: tuple[LifeStep, ...]
    has_raw_rows: bool
    scores: tuple[RuleScore, ...]
    rewordings: tuple[str, ...]
    holders: tuple[Holder, ...]
    raw: tuple[tuple[int, str], ...] = ()
    raw_messages: Messages | None = None

    @property
    def twins(self) -> tuple[str, ...]:
        """List the ids of what it repeats or contradicts."""
        return tuple(dict.fromkeys(step.twin for step in self.steps if step.twin))

    @property
    def parent(self) -> str | None:
        """Give the id of the record that this one was reworded from."""
        return self.record.get("parent") if self.record else None


def whole_row(store: Store, version: Path, folder: Path | None, line: IndexLine, *, shows_raw: bool) -> WholeRow:
    """Find all that is known of a line of the index. `folder` is where the paths of the recipe start, where known."""
    # What makes texts again takes as long to load as all else: only where there is a row to show.
    from curate.web.rows.made_again import masked_texts, raw_messages, raw_row_texts

    life = whole_life(store, version, line.id or f"{line.file}:{line.row}")
    changes = changes_in(version, folder, life)
    messages: Messages = messages_of(life.final) if life.final else []
    made = masked_texts(version, folder, {line.id: leaving_stage(line)}) if folder and line.id and not messages else {}
    rows = life.events["row"].drop_nulls().unique()
    return WholeRow(
        line=line,
        record=life.final,
        messages=messages or made.get(line.key, []),
        is_made_again=bool(made),
        steps=tuple(_steps(life, changes or ())),
        has_raw_rows=changes is not None,
        scores=tuple(_scores(version, line)),
        rewordings=life.rewordings,
        holders=life.holders,
        raw=tuple(raw_row_texts(version, folder, line.file, rows)) if shows_raw and folder else (),
        raw_messages=raw_messages(version, folder, line.id) if shows_raw and folder and line.id else None,
    )


def _steps(life: Life, changes: Iterable[Change]) -> Iterator[LifeStep]:
    """Put events together that differ by their rows, and to each that changed texts what it changed."""
    by_stage: dict[str, list[Change]] = {}
    for change in changes:
        by_stage.setdefault(change.stage, []).append(change)
    fields = ("stage", "verdict", "reason", "score", "twin", "by")
    rows_of: dict[tuple[Any, ...], list[int]] = {}
    reasons_of: dict[tuple[Any, ...], list[str]] = {}
    for event in life.events.iter_rows(named=True):
        is_change = event["verdict"] == "fixed"
        key = (*(None if is_change and name in ("reason", "score") else event[name] for name in fields),)
        rows_of.setdefault(key, []).extend([event["row"]] if event["row"] is not None else [])
        reasons_of.setdefault(key, []).extend([event["reason"]] if event["reason"] else [])
    for key, rows in rows_of.items():
        stage, verdict, _, score, twin, by = key
        shown = by_stage.pop(stage, []) if verdict == "fixed" else []
        reasons = tuple(dict.fromkeys(reasons_of[key]))
        yield LifeStep(stage, verdict, reasons, in_runs(rows), score, twin or "", by or "", tuple(shown))


def in_runs(rows: Iterable[int]) -> str:
    """Write row numbers with a dash between the ends of each run: `1–3, 7`."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1][1:] = [row]
        else:
            runs.append([row])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _scores(version: Path, line: IndexLine) -> Iterator[RuleScore]:
    """Read what every rule measured, those that failed the record first; nothing where no rule has seen it."""
    path = VersionFiles(version).table(SCORES)
    if line.id is None or not path.is_file():
        return
    table = pl.scan_parquet(path).filter(pl.col("id") == line.id).head(1).collect()
    rules = {name: rule for name, rule in _rules(version).items() if name in table.columns}
    if table.is_empty():
        return
    failed = failures(table, rules).row(0, named=True)
    values = table.row(0, named=True)
    for name in sorted(rules, key=lambda name: (not failed[name], name)):
        if values[name] is not None:
            yield RuleScore(name, values[name], limits_in_words(rules[name], values["kind"]), failed[name])


def _rules(version: Path) -> dict[str, Rule]:
    stages = [Quality.model_validate(dict(c.options)) for c in read_recipe(version).stages if c.name == NAME]
    return stages[0].active_rules() if len(stages) == 1 else {}


def limits_in_words(rule: Rule, kind: str) -> Bilingual:
    """Say the limits of a rule that hold for a kind; nothing for a rule without any."""
    own = rule.of_kind(kind) if isinstance(rule, LimitRule) else rule
    values = [(name, getattr(own, name, None)) for name in own.limits]
    phrases = [_phrase(name, value) for name, value in values if value is not None]
    if not phrases:
        return NOTHING
    return Bilingual(", ".join(p.en for p in phrases), "，".join(p.zh for p in phrases))


def _phrase(name: str, value: Any) -> Bilingual:
    if isinstance(value, tuple | list):
        en, zh = ", ".join(map(str, value)), "、".join(map(str, value))
    else:
        en = zh = f"{value:g}" if isinstance(value, int | float) else str(value)
    words = LIMITS.get(name, Bilingual(f"{name} {{}}", f"{name} {{}}"))
    return Bilingual(words.en.format(en), words.zh.format(zh))


def in_context(edits: Iterable[tuple[str, str]], around: int = 40) -> list[tuple[str, str]]:
    """Cut what stayed the same to what stands around a change."""
    return [
        (side, f"{text[:around]} … {text[-around:]}" if side == "=" and len(text) > 3 * around else text)
        for side, text in edits
    ]
