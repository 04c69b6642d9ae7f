"""identity: what the written kit will teach with the names of a recipe, before anything is built."""

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from curate.augmenters import Augmenter
from curate.augmenters.identity import IdentityKit, KitTexts, kit_texts
from curate.augmenters.kit import LANGUAGES, kit
from curate.augmenters.refusal import Refusal
from curate.build.plan import tools_of
from curate.recipe.load import RecipeFile, load_recipe
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.frame import frame_of
from schemas.tags import ANSWERED, NEGATIVE, TRAP

PARTS = {
    "identity": Bilingual("who it is", "身份"),
    "trap": Bilingual("trap", "陷阱"),
    "negative": Bilingual("without the name", "不报名字"),
    "refusal": Bilingual("declined", "婉拒"),
    "look_alike": Bilingual("look-alike, answered", "相似但照答"),
}


def identity_command(recipe: Path, sample: int, *, as_json: bool) -> None:
    """Print the families of the kit with their numbers, how many rows the recipe writes, and some of them."""
    file = load_recipe(recipe)
    families, rows = _families(file), _rows(file)
    shown = sorted(rows, key=lambda row: digest(file.recipe.seed, "sample", row["id"]))[:sample]
    written = Counter((_part(row), row["lang"]) for row in rows)
    if as_json:
        counts = [{"part": part, "lang": lang, "rows": count} for (part, lang), count in sorted(written.items())]
        emit(
            {"families": families, "rows": counts, "sample": [{"part": _part(row), **_turns_of(row)} for row in shown]}
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
        console.print(Text(f"{row['lang']} · {PARTS[_part(row)]}", style="dim"))
        for message in row["messages"]:
            console.print(Text(f"  {message['role']}: {message['content']}"))
    next_step(f"hornbook build {recipe}")


def _steps(file: RecipeFile) -> list[Augmenter]:
    return [step.does for step in file.steps if isinstance(step.does, IdentityKit | Refusal)]


def _rows(file: RecipeFile) -> list[dict[str, Any]]:
    """Write the rows of the recipe's augmenters as a build does, but for what hangs on the business rows."""
    nothing = frame_of([])
    written = [step.add(nothing, tools_of(file)).rows for step in _steps(file)]
    return pl.concat([nothing, *written]).to_dicts()


def _families(file: RecipeFile) -> list[dict[str, Any]]:
    """Count the questions and the usable answers of each family and kind, by language."""
    tools = tools_of(file)
    settings = next((step for step in _steps(file) if isinstance(step, IdentityKit)), IdentityKit())
    lines: list[dict[str, Any]] = []
    for texts in kit_texts(tools.identity, tools.seed, settings):
        lines += _of_language(texts)
    for lang in LANGUAGES:
        for key, kind in kit(lang).kinds.items():
            lines.append(_line("refusal", key, lang, len(kind.questions), len(kind.answers)))
        lines.append(_line("look_alike", "look_alikes", lang, *[len(kit(lang).look_alikes)] * 2))
    return lines


def _of_language(texts: KitTexts) -> list[dict[str, Any]]:
    lang = texts.lang
    lines = [
        _line(part, key, lang, len(family.questions), len(family.answers))
        for part, trap in (("identity", False), ("trap", True))
        for key, family in texts.families(trap=trap).items()
    ]
    halves = (("same_subject", texts.kit.same_subject), ("generic", texts.kit.generic))
    return [*lines, *(_line("negative", key, lang, len(pairs), len(pairs)) for key, pairs in halves)]


def _line(part: str, family: str, lang: str, questions: int, answers: int) -> dict[str, Any]:
    return {"part": part, "family": family, "lang": lang, "questions": questions, "answers": answers}


def _part(row: dict[str, Any]) -> str:
    tags = row["tags"]
    if row["kind"] == "refusal":
        return "look_alike" if ANSWERED in tags else "refusal"
    return "trap" if TRAP in tags else "negative" if NEGATIVE in tags else "identity"


def _turns_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"lang": row["lang"], "messages": row["messages"]}


def _print_families(families: list[dict[str, Any]]) -> None:
    """Print a line a family, the languages side by side."""
    table = Table()
    for head in (Bilingual("part", "部分"), Bilingual("family", "问题类")):
        table.add_column(str(head), overflow="fold")
    for lang in LANGUAGES:
        table.add_column(str(Bilingual(f"{lang}: questions, answers", f"{lang}：问题、回答")), justify="right")
    found = {(line["part"], line["family"], line["lang"]): line for line in families}
    for part, family in dict.fromkeys((line["part"], line["family"]) for line in families):
        lines = [found.get((part, family, lang)) for lang in LANGUAGES]
        cells = [f"{line['questions']} {line['answers']:>5}" if line else "" for line in lines]
        table.add_row(str(PARTS[part]), family, *cells)
    Console().print(table)
