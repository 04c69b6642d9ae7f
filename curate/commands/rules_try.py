"""rules try: what other settings of a rule would change in a version, from its stored scores."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from rich.console import Console
from rich.table import Table

from curate.commands.rules import known_rule
from curate.stages.judge import SCORES, Judge, decide, made_of
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.terminal.printing import emit, tell
from rules import Measure, Rule
from schemas.bilingual import Words
from schemas.errors import InputError, StoreError
from schemas.suggestions import meant
from schemas.version_files import VersionFiles

SHOWN = 5
"""Records that are named."""
VERDICTS = ("kept", "dropped", "review")


def try_command(arguments: Sequence[str], root: Path, *, as_json: bool) -> None:
    """`arguments` are NAME, settings as `--min 8` or `--min=8`, and VERSION, in any order after the name."""
    name, settings, version = _asked(arguments)
    folder = Store(root).find(version)
    made = _judge(folder).made()
    before = made.get(name)
    if before is None:
        raise InputError(
            f"the recipe of {version} skips the rule '{name}'; there is no score of it",
            f"{version} 的配方跳过了“{name}”，没有得分",
        )
    after = _changed(name, before, settings)
    measured = _scores(folder, list(made))
    old, new = measured.select("id", "verdict", "reason"), decide(measured, {**made, name: after})
    moved = old["verdict"] != new["verdict"]
    document = {
        "rule": name,
        "before": {key: before.model_dump(mode="json")[key] for key in settings},
        "after": {key: after.model_dump(mode="json")[key] for key in settings},
        "records": measured.height,
        "changed": int(moved.sum()),
        "kinds": _counts(measured["kind"], old["verdict"], new["verdict"]),
        "examples": _examples(folder, measured[name], old.filter(moved), new.filter(moved), moved),
    }
    if as_json:
        emit(document)
        return
    _print(document)


def _asked(arguments: Sequence[str]) -> tuple[str, dict[str, Any], str]:
    words: list[str] = []
    settings: dict[str, Any] = {}
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("--"):
            words.append(word)
            continue
        key, told, value = word.removeprefix("--").partition("=")
        if not told and not waiting:
            raise InputError(f"--{key} needs a value", f"--{key} 后面要有值")
        settings[key.replace("-", "_")] = _value(key, value if told else waiting.pop(0))
    if len(words) != 2 or not settings:
        raise InputError(
            "say which rule, which settings and which version: hornbook rules try reply_length --min 8 VERSION",
            "请写明规则、参数和版本：hornbook rules try reply_length --min 8 版本",
        )
    fields = tuple(known_rule(words[0]).model_fields)
    for key in settings:
        if key not in fields:
            near = meant(key, fields)
            raise InputError(
                f"rule '{words[0]}' has no setting '{key}'; {near.en}", f"规则“{words[0]}”没有参数“{key}”；{near.zh}"
            )
    return words[0], settings, words[1]


def _value(key: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise InputError(f"--{key}: the value cannot be read", f"--{key}：无法读取这个值") from None


def _judge(folder: Path) -> Judge:
    """The judge of the version's recipe. Raises InputError when there is none, or more than one."""
    recipe = read_recipe(folder)
    judges = [Judge.model_validate(dict(choice.options)) for choice in recipe.stages if choice.name == "judge"]
    if len(judges) != 1:
        raise InputError(
            f"the recipe of this version has {len(judges)} stages 'judge'; a trial needs exactly one",
            f"这个版本的配方有 {len(judges)} 个 judge 阶段；试算只支持一个",
        )
    return judges[0]


def _changed(name: str, before: Rule, settings: dict[str, Any]) -> Rule:
    """The rule with other limits. Raises InputError for a setting that decides what is measured, not what is enough."""
    limits = [key for key in before.limits if key in type(before).model_fields]
    free = [*limits, *(["by_kind"] if isinstance(before, Measure) else []), "action"]
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
        return made_of(name, {**before.model_dump(), **settings})
    except ValueError as error:
        words = error.args[0]
        raise InputError(words.en, words.zh) from None


def _scores(folder: Path, rules: list[str]) -> pl.DataFrame:
    path = VersionFiles(folder).table(SCORES)
    if not path.is_file():
        raise InputError(
            f"{folder} holds no {path.name}: it was built before scores were kept; build it again",
            f"{folder} 中没有 {path.name}：构建它的版本还不保存得分，请重新构建",
        )
    known = pl.read_parquet_schema(path)
    if missing := [name for name in rules if name not in known]:
        raise StoreError(
            f"{path.name} has no scores of {', '.join(missing)}; build the version again",
            f"{path.name} 中没有 {'、'.join(missing)} 的得分；请重新构建",
        )
    return pl.read_parquet(path)


def _counts(kinds: pl.Series, old: pl.Series, new: pl.Series) -> dict[str, dict[str, dict[str, int]]]:
    """By kind and verdict, how many records there were before and are after."""
    table = pl.DataFrame({"kind": kinds, "before": old, "after": new})
    told: dict[str, dict[str, dict[str, int]]] = {}
    for kind in kinds.unique().sort():
        here = table.filter(pl.col("kind") == kind)
        told[kind] = {when: {v: int((here[when] == v).sum()) for v in VERDICTS} for when in ("before", "after")}
    return told


def _examples(
    folder: Path, score: pl.Series, old: pl.DataFrame, new: pl.DataFrame, moved: pl.Series
) -> list[dict[str, Any]]:
    """A few of the records that would move, by id and raw row; their text stays where it is."""
    lines = old.select("id", before="verdict").with_columns(after=new["verdict"], score=score.filter(moved))
    lines = lines.sort("id").head(SHOWN)
    ledger = pl.scan_parquet(VersionFiles(folder).ledger)
    rows = (
        ledger.filter(pl.col("id").is_in(lines["id"].implode()) & pl.col("row").is_not_null())
        .group_by("id")
        .agg(pl.col("file").first(), pl.col("row").min())
        .collect()
    )
    return lines.join(rows, on="id", how="left").sort("id").to_dicts()


def _print(document: dict[str, Any]) -> None:
    changed = ", ".join(f"{key} {document['before'][key]} → {value}" for key, value in document["after"].items())
    moved, records = document["changed"], document["records"]
    tell(
        f"{document['rule']}: {changed}: {moved:,} of {records:,} records would change (later stages were not run)",
        f"{document['rule']}：{changed}：{records:,} 条记录中有 {moved:,} 条去向会变（后面的阶段没有重跑）",
    )
    table = Table(
        str(Words("kind", "类别")),
        *(str(Words(en, zh)) for en, zh in (("kept", "保留"), ("dropped", "丢弃"), ("review", "送审"))),
    )
    for kind, told in document["kinds"].items():
        table.add_row(kind, *(_change(told["before"][v], told["after"][v]) for v in VERDICTS))
    Console().print(table)
    for line in document["examples"]:
        where = f"{line['file']}:{line['row']}" if line["row"] is not None else ""
        print(f"  {line['id'][:12]}  {where}  {line['score']}  {line['before']} → {line['after']}")


def _change(before: int, after: int) -> str:
    return f"{before:,}" if before == after else f"{before:,} → {after:,} ({after - before:+,})"
