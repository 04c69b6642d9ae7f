"""identity: what the written kit will teach with the names of a recipe, before anything is built."""

from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from curate.augmenters.kit import LANGUAGES
from curate.build.plan import tools_of
from curate.planning.kit_plan import PARTS, KitFamily, kit_families, kit_rows, part_of
from curate.recipe.load import load_recipe
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual
from schemas.digest import digest


def identity_command(recipe: Path, sample: int, *, as_json: bool) -> None:
    """Print the families of the kit with their numbers, how many rows the recipe writes, and some of them."""
    file = load_recipe(recipe)
    tools = tools_of(file)
    families, rows = kit_families(file.steps, tools), kit_rows(file.steps, tools)
    shown = sorted(rows, key=lambda row: digest(file.recipe.seed, "sample", row["id"]))[:sample]
    written = Counter((part_of(row["kind"], row["tags"]), row["lang"]) for row in rows)
    if as_json:
        counts = [{"part": part, "lang": lang, "rows": count} for (part, lang), count in sorted(written.items())]
        emit(
            {
                "families": [family._asdict() for family in families],
                "rows": counts,
                "sample": [{"part": part_of(row["kind"], row["tags"]), **_turns_of(row)} for row in shown],
            }
        )
        return

    _print_families(families)
    for (part, lang), count in sorted(written.items()):
        echo(f"{count:>6} rows {lang}: {PARTS[part].en}", f"{count:>6} 条 {lang}：{PARTS[part].zh}")
    if not rows:
        echo("the recipe has neither the stage identity nor refusal", "配方里没有 identity 和 refusal 阶段")
    console = Console()
    for row in shown:
        console.print()
        console.print(Text(f"{row['lang']} · {PARTS[part_of(row['kind'], row['tags'])]}", style="dim"))
        for message in row["messages"]:
            console.print(Text(f"  {message['role']}: {message['content']}"))
    next_step(f"hornbook build {recipe}")


def _turns_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"lang": row["lang"], "messages": row["messages"]}


def _print_families(families: list[KitFamily]) -> None:
    """Print a line a family, the languages side by side."""
    table = Table()
    for head in (Bilingual("part", "部分"), Bilingual("family", "问题类")):
        table.add_column(str(head), overflow="fold")
    for lang in LANGUAGES:
        table.add_column(str(Bilingual(f"{lang}: questions, answers", f"{lang}：问题、回答")), justify="right")
    found = {(line.part, line.family, line.lang): line for line in families}
    for part, family in dict.fromkeys((line.part, line.family) for line in families):
        lines = [found.get((part, family, lang)) for lang in LANGUAGES]
        cells = [f"{line.questions} {line.answers:>5}" if line else "" for line in lines]
        table.add_row(str(PARTS[part]), family, *cells)
    Console().print(table)
