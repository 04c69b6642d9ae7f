"""docs/reference.md and docs/reference.zh-CN.md, written from the code: everything in a catalog, with its settings."""

import sys
from typing import Any, get_args

import curate.cleaning
import curate.reading.readers
import rules
import schemas.formats
from curate.cleaning import CleaningStep
from curate.gate.gate import checks as gate_checks
from curate.reading.readers import Reader
from curate.recipe.load import AUGMENTERS, STAGES
from rules import Rule
from rules.personal import KINDS
from schemas.bilingual import Bilingual, speaking
from schemas.catalog import Catalog
from schemas.formats import Format
from schemas.recipe import Recipe
from schemas.record import Frozen, Kind

ALL_KINDS = get_args(Kind)


def reference() -> str:
    """Write the whole page in the language of the session, in the order in which a recipe uses things."""
    readers = Catalog(curate.reading.readers, Reader).all()
    formats = Catalog(schemas.formats, Format).all()
    checks = [(name, type(check)) for name, check in gate_checks()]
    steps = dict(sorted(Catalog(curate.cleaning, CleaningStep).all().items(), key=lambda item: item[1].order))

    paragraphs = [
        Bilingual("# Reference", "# 参考"),
        Bilingual(
            "Written from the code by `make docs`; a test fails when it is out of date.",
            "（[English](reference.md)）\n\n本页由 `make docs` 从代码生成；过期时有测试会失败。",
        ),
        Bilingual("## Readers", "## 读取器"),
        *(f"- `{n}` ({', '.join(r.suffixes)}): {_title(r)}{_settings(r)}" for n, r in readers.items()),
        Bilingual("## Formats", "## 格式"),
        *(f"- `{n}`: {_title(f)}{_settings(f)}" for n, f in formats.items()),
        Bilingual("## Stages", "## 阶段"),
        *(f"- `{n}`: {_title(s)}{_settings(s)}" for n, s in STAGES.all().items()),
        Bilingual("## Augmenters", "## 增补"),
        *(f"- `{n}`: {_title(a)}{_settings(a)}" for n, a in AUGMENTERS.all().items()),
        Bilingual("## Checks of rewordings", "## 改写的检查"),
        *(f"- `{n}`: {_title(c)}{_settings(c)}" for n, c in checks),
        Bilingual("## Cleaning steps", "## 清洗步骤"),
        *(f"- `{n}`: {_title(s)}" for n, s in steps.items()),
        Bilingual("## Rules", "## 规则"),
        *_rules(),
        Bilingual("## Personal data", "## 个人信息"),
        *(f"- `{n}`: {_title(k)}" for n, k in KINDS.all().items()),
        Bilingual("## The recipe", "## 配方"),
        *(f"- `{name}`{_default(field)}" for name, field in Recipe.model_fields.items()),
        Bilingual(
            "`hornbook schema` prints the whole of it as JSON Schema.",
            "`hornbook schema` 打印完整的 JSON Schema。",
        ),
    ]
    return "\n\n".join(_joined([str(paragraph) for paragraph in paragraphs])) + "\n"


def _title(thing: Any) -> str:
    """Quote what a class of a catalog says of itself."""
    return str(Bilingual(_first_paragraph(thing), f"{thing.title_zh}。"))


def _joined(paragraphs: list[str]) -> list[str]:
    """Join the items of each list into one block: no empty lines stand between them."""
    blocks: list[str] = []
    for paragraph in paragraphs:
        if paragraph.startswith("- ") and blocks and blocks[-1].startswith("- "):
            blocks[-1] += f"\n{paragraph}"
        else:
            blocks.append(paragraph)
    return blocks


def _rules() -> list[str]:
    """Write a list item for every rule, with the kinds of record that it judges where these are not all."""
    lines = []
    for name, rule in Catalog(rules, Rule).all().items():
        judged = ", ".join(rule.kinds)
        kinds = "" if len(rule.kinds) == len(ALL_KINDS) else Bilingual(f" Judges {judged}.", f"只评判 {judged}。")
        lines.append(f"- `{name}`: {_title(rule)}{kinds}{_settings(rule)}")
    return lines


def _first_paragraph(thing: type) -> str:
    """Read the first paragraph of a docstring, on one line."""
    return " ".join((thing.__doc__ or "").strip().partition("\n\n")[0].split())


def _settings(model: type[Frozen]) -> str:
    """List the settings with their defaults; empty for none."""
    settings = [f"`{name}`{_default(field)}" for name, field in model.model_fields.items()]
    return str(Bilingual(f" Settings: {', '.join(settings)}.", f"参数：{'、'.join(settings)}。")) if settings else ""


def _default(field: object) -> str:
    """Write the default of a setting, where it fits a line: a number or a text that is not empty."""
    default = getattr(field, "default", None)
    if getattr(field, "is_required", lambda: False)():
        return str(Bilingual(" (required)", "（必填）"))
    return f" = {default}" if isinstance(default, (str, int, float)) and default != "" else ""


if __name__ == "__main__":
    speaking.set("zh" if sys.argv[1:] == ["--lang", "zh"] else "en")
    print(reference(), end="")
