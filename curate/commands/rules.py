"""rules: what the rules keep and drop, and what another limit would change in a version."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

import rules
from curate.commands.printing import emit
from rules import Rule
from schemas.catalog import Catalog
from schemas.errors import InputError
from schemas.meant import meant
from schemas.words import Words

RULES = Catalog(rules, Rule)


def rules_command(name: str | None, *, as_json: bool) -> None:
    if name is not None:
        known_rule(name)
    chosen = {n: RULES.load(n) for n in RULES.names() if name in (None, n)}
    if as_json:
        emit([_rule_document(n, rule) for n, rule in chosen.items()])
        return
    table = Table(str(Words("rule", "规则")))
    for head in (Words("what it does", "作用"), Words("settings", "参数")):
        table.add_column(str(head), overflow="fold")
    for rule_name, rule in chosen.items():
        document = _rule_document(rule_name, rule)
        settings = "\n".join(f"{key}: {_written(value)}" for key, value in document["settings"].items())
        table.add_row(Text(rule_name), Text(str(Words(document["en"], document["zh"]))), Text(settings))
    Console().print(table)


def _written(value: Any) -> str:
    """A setting as a recipe has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def known_rule(name: str) -> type[Rule]:
    """The rule of that name. Raises InputError with what was probably meant."""
    if name not in RULES.names():
        near = meant(name, RULES.names())
        raise InputError(f"there is no rule '{name}'; {near.en}", f"没有规则“{name}”；{near.zh}")
    return RULES.load(name)


def _rule_document(name: str, rule: type[Rule]) -> dict[str, Any]:
    return {
        "name": name,
        "en": " ".join((rule.__doc__ or "").partition("\n\n")[0].split()),
        "zh": rule.title_zh,
        "settings": rule().model_dump(mode="json"),
        "kinds": list(rule.kinds),
        "repairs": list(rule.repairs),
        "keeps": list(rule.examples.keeps),
        "drops": list(rule.examples.drops),
        "fixes": [list(pair) for pair in rule.examples.fixes],
    }
