"""docs/reference.md, written from the code: everything that has a catalog, with its settings and its own words."""

import curate.cleaning
import curate.readers
import rules
import schemas.formats
from curate.cleaning import CleaningStep
from curate.readers import Reader
from curate.recipe_file import AUGMENTERS, STAGES
from rules import Rule
from rules.personal import KINDS
from schemas.catalog import Catalog
from schemas.formats import Format
from schemas.recipe import Recipe
from schemas.record import Frozen


def reference() -> str:
    """The whole page, in the order in which a recipe uses the parts."""
    readers = Catalog(curate.readers, Reader).all()
    formats = Catalog(schemas.formats, Format).all()
    steps = Catalog(curate.cleaning, CleaningStep).all()
    parts = [
        "# Reference",
        "Written from the code by `make docs`; a test fails when it is out of date.",
        "## Readers",
        *(f"- `{n}` ({', '.join(r.suffixes)}): {_first(r)}{_settings(r)}" for n, r in readers.items()),
        "## Formats",
        *(f"- `{n}`: {f.title_zh}. {_first(f)}{_settings(f)}" for n, f in formats.items()),
        "## Stages",
        *(f"- `{n}`: {s.title_zh}. {_first(s)}{_settings(s)}" for n, s in STAGES.all().items()),
        "## Augmenters",
        *(f"- `{n}`: {a.title_zh}. {_first(a)}{_settings(a)}" for n, a in AUGMENTERS.all().items()),
        "## Cleaning steps",
        *(f"- `{n}`: {s.title_zh}. {_first(s)}" for n, s in sorted(steps.items(), key=lambda item: item[1].order)),
        "## Rules",
        *_rules(),
        "## Personal data",
        *(f"- `{n}`: {k.title_zh}. {_first(k)}" for n, k in KINDS.all().items()),
        "## The recipe",
        *(f"- `{name}`{_default(field)}" for name, field in Recipe.model_fields.items()),
        "`hornbook schema` prints the whole of it as JSON Schema.",
    ]
    return "\n\n".join(_joined(parts)) + "\n"


def _joined(parts: list[str]) -> list[str]:
    """List items of one list stand without empty lines between them."""
    blocks: list[str] = []
    for part in parts:
        if part.startswith("- ") and blocks and blocks[-1].startswith("- "):
            blocks[-1] += f"\n{part}"
        else:
            blocks.append(part)
    return blocks


def _rules() -> list[str]:
    lines = []
    for name, rule in Catalog(rules, Rule).all().items():
        kinds = "" if len(rule.kinds) == 4 else f" Judges {', '.join(rule.kinds)}."
        lines.append(f"- `{name}`: {rule.title_zh}. {_first(rule)}{kinds}{_settings(rule)}")
    return lines


def _first(thing: type) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((thing.__doc__ or "").strip().partition("\n\n")[0].split())


def _settings(model: type[Frozen]) -> str:
    told = [f"`{name}`{_default(field)}" for name, field in model.model_fields.items()]
    return f" Settings: {', '.join(told)}." if told else ""


def _default(field: object) -> str:
    default = getattr(field, "default", None)
    if getattr(field, "is_required", lambda: False)():
        return " (required)"
    return f" = {default}" if isinstance(default, (str, int, float)) and default != "" else ""


if __name__ == "__main__":
    print(reference(), end="")
