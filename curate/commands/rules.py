"""rules: what the rules measure, keep, drop and repair, with their settings and examples."""

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

import rules
from curate.terminal.printing import emit
from rules import Examples, Rule
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.errors import InputError
from schemas.suggestions import suggestion

RULES = Catalog(rules, Rule)
LONGEST = 120
"""Characters of an example that are shown."""


def rules_command(name: str | None, *, as_json: bool) -> None:
    """Print all rules, or one of them with its examples."""
    if name is not None:
        find_rule(name)
    chosen = {n: RULES.load(n) for n in RULES.names() if name in (None, n)}
    if as_json:
        emit([_rule_document(n, rule) for n, rule in chosen.items()])
        return

    table = Table(str(Bilingual("rule", "规则")))
    for head in (Bilingual("what it does", "作用"), Bilingual("settings", "参数")):
        table.add_column(str(head), overflow="fold")
    for rule_name, rule in chosen.items():
        document = _rule_document(rule_name, rule)
        settings = "\n".join(f"{key}: {_written(value)}" for key, value in document["settings"].items())
        table.add_row(Text(rule_name), Text(str(Bilingual(document["en"], document["zh"]))), Text(settings))

    console = Console()
    console.print(table)
    if name is not None:
        for line in _examples(chosen[name].examples):
            console.print(line, soft_wrap=True)


def _examples(examples: Examples) -> Iterator[Text]:
    """Write what the rule keeps, drops and repairs, one example a line."""
    if examples.settings:
        settings = ", ".join(f"{key}: {_written(value)}" for key, value in examples.settings.items())
        yield Text(str(Bilingual(f"examples with {settings}", f"以下例子的参数：{settings}")))
    fixes = [f"{_shown(before)} → {_shown(after)}" for before, after in examples.fixes]
    for heading, lines in (
        (Bilingual("keeps", "保留"), [_shown(example) for example in examples.keeps]),
        (Bilingual("drops", "丢弃"), [_shown(example) for example in examples.drops]),
        (Bilingual("fixes (with action: fix)", "修复（action: fix 时）"), fixes),
    ):
        if lines:
            yield Text(str(heading), style="bold")
            yield from (Text(f"  {line}") for line in lines)


def _shown(example: str | dict[str, Any]) -> str:
    """Write a reply in quotation marks, so that blanks and control characters are seen; cut a long one."""
    if isinstance(example, dict):
        return ", ".join(
            f"{key}: {_shown(value) if isinstance(value, str) else value}" for key, value in example.items()
        )
    cut = example if len(example) <= LONGEST else f"{example[:LONGEST]}…"
    more = Bilingual(f" ({len(example):,} characters)", f"（共 {len(example):,} 字）") if cut != example else ""
    return json.dumps(cut, ensure_ascii=False) + str(more)


def _written(value: Any) -> str:
    """Write a setting as a recipe has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def find_rule(name: str) -> type[Rule]:
    """Find the rule of that name. Raises InputError with what was probably meant."""
    if name not in RULES.names():
        near = suggestion(name, RULES.names())
        raise InputError(f"there is no rule '{name}'; {near.en}", f"没有规则“{name}”；{near.zh}")
    return RULES.load(name)


def _rule_document(name: str, rule: type[Rule]) -> dict[str, Any]:
    """Describe a rule as `--json` prints it."""
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
