"""docs/reference.md and docs/reference.zh-CN.md, written from the code: all that has a catalog, with its settings."""

import sys
from typing import Any, get_args

import curate.cleaning
import curate.reading.readers
import rules
import schemas.formats
from curate.cleaning import CleaningStep
from curate.reading.readers import Reader
from curate.recipe.load import AUGMENTERS, STAGES
from rules import Rule
from rules.personal import KINDS
from schemas.bilingual import Words, speaking
from schemas.catalog import Catalog
from schemas.formats import Format
from schemas.recipe import Recipe
from schemas.record import Frozen, Kind

ALL = get_args(Kind)


def reference() -> str:
    """The whole page in the language of the session, in the order in which a recipe uses the parts."""
    readers = Catalog(curate.reading.readers, Reader).all()
    formats = Catalog(schemas.formats, Format).all()
    steps = dict(sorted(Catalog(curate.cleaning, CleaningStep).all().items(), key=lambda item: item[1].order))
    parts = [
        Words("# Reference", "# 参考"),
        Words(
            "Written from the code by `make docs`; a test fails when it is out of date.",
            "（[English](reference.md)）\n\n本页由 `make docs` 从代码生成；过期时有测试会失败。",
        ),
        Words("## Readers", "## 读取器"),
        *(f"- `{n}` ({', '.join(r.suffixes)}): {_read(r)}{_settings(r)}" for n, r in readers.items()),
        Words("## Formats", "## 格式"),
        *(f"- `{n}`: {_said(f)}{_settings(f)}" for n, f in formats.items()),
        Words("## Stages", "## 阶段"),
        *(f"- `{n}`: {_said(s)}{_settings(s)}" for n, s in STAGES.all().items()),
        Words("## Augmenters", "## 增补"),
        *(f"- `{n}`: {_said(a)}{_settings(a)}" for n, a in AUGMENTERS.all().items()),
        Words("## Cleaning steps", "## 清洗步骤"),
        *(f"- `{n}`: {_said(s)}" for n, s in steps.items()),
        Words("## Rules", "## 规则"),
        *_rules(),
        Words("## Personal data", "## 个人信息"),
        *(f"- `{n}`: {_said(k)}" for n, k in KINDS.all().items()),
        Words("## The recipe", "## 配方"),
        *(f"- `{name}`{_default(field)}" for name, field in Recipe.model_fields.items()),
        Words(
            "`hornbook schema` prints the whole of it as JSON Schema.",
            "`hornbook schema` 打印完整的 JSON Schema。",
        ),
    ]
    return "\n\n".join(_joined([str(part) for part in parts])) + "\n"


def _said(thing: Any) -> str:
    """What a part of the catalog says of itself."""
    return str(Words(f"{thing.title_zh}. {_first(thing)}", f"{thing.title_zh}。"))


def _read(reader: type[Reader]) -> str:
    return str(Words(_first(reader), f"{reader.title_zh}。"))


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
        judged = ", ".join(rule.kinds)
        kinds = "" if len(rule.kinds) == len(ALL) else Words(f" Judges {judged}.", f"只评判 {judged}。")
        lines.append(f"- `{name}`: {_said(rule)}{kinds}{_settings(rule)}")
    return lines


def _first(thing: type) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((thing.__doc__ or "").strip().partition("\n\n")[0].split())


def _settings(model: type[Frozen]) -> str:
    told = [f"`{name}`{_default(field)}" for name, field in model.model_fields.items()]
    return str(Words(f" Settings: {', '.join(told)}.", f"参数：{'、'.join(told)}。")) if told else ""


def _default(field: object) -> str:
    default = getattr(field, "default", None)
    if getattr(field, "is_required", lambda: False)():
        return str(Words(" (required)", "（必填）"))
    return f" = {default}" if isinstance(default, (str, int, float)) and default != "" else ""


if __name__ == "__main__":
    speaking.set("zh" if sys.argv[1:] == ["--lang", "zh"] else "en")
    print(reference(), end="")
