"""rules try: what other settings of a rule would change in a version, and how often people agreed with rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rich.console import Console
from rich.table import Table

from curate.commands.rules import find_rule
from curate.commands.rules_agreed import print_agreement
from curate.history.rule_agreement import measured_version
from curate.history.rule_trial import VERDICTS, RuleTrials
from curate.store.store import Store
from curate.terminal.printing import echo, emit
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.suggestions import suggestion

REVIEWS = "reviews"
"""The option that names a file of reviews; no rule has a setting of that name."""


class Trial(NamedTuple):
    """What is tried: a rule with settings, or files of reviews that rules are held against; in a version."""

    names: tuple[str, ...]
    settings: dict[str, Any]
    reviews: tuple[Path, ...]


def try_rule_command(arguments: Sequence[str], root: Path, *, as_json: bool) -> None:
    """Print which records of a version would be kept, dropped or sent to review with other settings of a rule.

    `arguments` are NAME, settings as `--min 8` or `--min=8`, and VERSION, in any order after the name. With `--reviews
    FILE` in the place of settings print how often people agreed with the rule, or without a name with every rule.
    """
    trial = _parsed(arguments)
    if trial.reviews:
        print_agreement(Store(root), trial.names, trial.reviews, as_json=as_json)
        return
    name, settings, version = _checked(trial)
    folder = Store(root).find(version)
    trials = RuleTrials(folder, measured_version(folder), name)
    tried = trials.trial(settings)
    before, after = (rule.model_dump(mode="json") for rule in (tried.before, tried.after))
    document = {
        "rule": name,
        "before": {key: before[key] for key in settings},
        "after": {key: after[key] for key in settings},
        "records": trials.table.height,
        "changed": tried.changed,
        "kinds": tried.counts,
        "examples": trials.examples(tried),
    }
    if as_json:
        emit(document)
        return
    _print(document)


def _checked(trial: Trial) -> tuple[str, dict[str, Any], str]:
    """Check rule and settings, and find the version. InputError for what is missing or no setting."""
    if len(trial.names) != 2 or not trial.settings:
        raise InputError(
            "say which rule, which settings and which version: hornbook rules try reply_length --min 8 VERSION",
            "请写明规则、参数和版本：hornbook rules try reply_length --min 8 版本",
        )

    rule, version = trial.names
    fields = tuple(find_rule(rule).model_fields)
    for key in trial.settings:
        if key not in fields:
            near = suggestion(key, fields)
            raise InputError(
                f"rule '{rule}' has no setting '{key}'; {near.en}", f"规则“{rule}”没有参数“{key}”；{near.zh}"
            )
    return rule, trial.settings, version


def _parsed(arguments: Sequence[str]) -> Trial:
    """Separate `--key value` and `--key=value`, and among them the files of reviews, from all else."""
    names: list[str] = []
    settings: dict[str, Any] = {}
    reviews: list[Path] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if not argument.startswith("--"):
            names.append(argument)
            continue
        key, equals_sign, value = argument.removeprefix("--").partition("=")
        if not equals_sign and not waiting:
            raise InputError(f"--{key} needs a value", f"--{key} 后面要有值")
        text = value if equals_sign else waiting.pop(0)
        if key == REVIEWS:
            reviews.append(Path(text))
        else:
            settings[key.replace("-", "_")] = _value(key, text)
    if reviews and settings:
        raise InputError(
            "either settings are tried, or rules are held against --reviews: one at a time",
            "试算参数和用 --reviews 核对规则不能同时进行，请分开做",
        )
    return Trial(tuple(names), settings, tuple(reviews))


def _value(key: str, text: str) -> Any:
    """Read a value as a recipe would: YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise InputError(f"--{key}: the value cannot be read", f"--{key}：无法读取这个值") from None


def _print(document: dict[str, Any]) -> None:
    """Print how many records would move, by kind and verdict, and a few of them."""
    changed = ", ".join(f"{key} {document['before'][key]} → {value}" for key, value in document["after"].items())
    moved, records = document["changed"], document["records"]
    echo(
        f"{document['rule']}: {changed}: {moved:,} of {records:,} records would change (later stages were not run)",
        f"{document['rule']}：{changed}：{records:,} 条记录中有 {moved:,} 条去向会变（后面的阶段没有重跑）",
    )

    table = Table(
        str(Bilingual("kind", "类别")),
        *(str(Bilingual(en, zh)) for en, zh in (("kept", "保留"), ("dropped", "丢弃"), ("review", "送审"))),
    )
    for kind, counts in document["kinds"].items():
        table.add_row(kind, *(_change(counts["before"][v], counts["after"][v]) for v in VERDICTS))
    Console().print(table)

    for line in document["examples"]:
        raw_row = f"{line['file']}:{line['row']}" if line["row"] is not None else ""
        print(f"  {line['id'][:12]}  {raw_row}  {line['score']}  {line['before']} → {line['after']}")


def _change(before: int, after: int) -> str:
    """Write a number that stays, or how it changes."""
    return f"{before:,}" if before == after else f"{before:,} → {after:,} ({after - before:+,})"
