"""What the next build of a recipe will make again, and why."""

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from curate.build.plan import Plan
from schemas.bilingual import Words

Noted = dict[tuple[str, str, int], dict[str, str]]
"""What the newest build depended on, by input, stage, and the how-manieth of that name it was."""

FRESH = Words("up to date", "最新")
AGAIN = Words("up to date; never kept, because it is not masked", "最新；因未脱敏而不保留")
GONE = Words("its output is gone", "结果已不在")
NEW = Words("never made", "尚未做过")
CHANGED = {
    "before": Words("the file, or one before it, changed", "该文件或之前的文件有变化"),
    "parameters": Words("its settings changed", "参数有变化"),
    "code": Words("its code changed", "代码有变化"),
    "libraries": Words("a library has another version", "依赖库版本有变化"),
    "files": Words("a file that it reads changed", "它读取的文件有变化"),
}


@dataclass(frozen=True)
class Standing:
    """How one stage stands. `path` is the input, or empty for a stage that sees all records."""

    path: str
    stage: str
    is_fresh: bool
    why: Words


def standings(plan: Plan, cache: Path, remembered: str) -> list[Standing]:
    """Every stage of the plan in order; `remembered` is the file in `cache` that the newest build left."""
    noted = _noted(cache / remembered)
    kept = plan.keys()
    told: list[Standing] = []
    stale: dict[str, str] = {}
    """The first stale stage of each input; of all inputs under the empty name."""
    seen: Counter[tuple[str, str]] = Counter()
    for stage in plan.planned:
        before = noted.get((stage.path, stage.name, seen[stage.path, stage.name]))
        seen[stage.path, stage.name] += 1
        cause = stale.get(stage.path) or (stale.get("") if not stage.path else None)
        key = stage.key.digest
        changed = [name for name, value in stage.key.components().items() if before and before.get(name) != value]
        if before and before["key"] == key:
            is_gone = key in kept and not (cache / key).is_dir()
            why = GONE if is_gone else FRESH if key in kept else AGAIN
            told.append(Standing(stage.path, stage.name, not is_gone, why))
            continue
        if changed:
            why = _together([CHANGED[name] for name in changed])
        elif cause:
            why = Words(f"comes after '{cause}'", f"在“{cause}”之后")
        else:
            why = CHANGED["before"] if before else NEW
        told.append(Standing(stage.path, stage.name, False, why))
        stale.setdefault(stage.path, stage.name)
        stale.setdefault("", stage.name)
    return told


def _together(words: list[Words]) -> Words:
    return Words(", ".join(w.en for w in words), "，".join(w.zh for w in words))


def _noted(path: Path) -> Noted:
    noted: Noted = {}
    with suppress(OSError, ValueError, KeyError):
        seen: Counter[tuple[str, str]] = Counter()
        for line in json.loads(path.read_bytes())["stages"]:
            place = (line["path"], line["stage"])
            noted[*place, seen[place]] = line
            seen[place] += 1
    return noted
