"""What the next build of a recipe will make again, and why."""

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from curate.build.plan import Plan, PlannedStage
from schemas.bilingual import Bilingual
from schemas.stage_names import typed_name

Noted = dict[tuple[str, str, int], dict[str, str]]
"""What the newest build depended on, by input, stage, and the how-manieth of that name it was."""

FRESH = Bilingual("up to date", "最新")
AGAIN = Bilingual("up to date; never kept, because it is not masked", "最新；因未脱敏而不保留")
GONE = Bilingual("its output is gone", "结果已不在")
NEW = Bilingual("never made", "尚未做过")
CHANGED = {
    "before": Bilingual("the file, or one before it, changed", "该文件或之前的文件有变化"),
    "parameters": Bilingual("its settings changed", "参数有变化"),
    "code": Bilingual("its code changed", "代码有变化"),
    "libraries": Bilingual("a library has another version", "依赖库版本有变化"),
    "files": Bilingual("a file that it reads changed", "它读取的文件有变化"),
}


@dataclass(frozen=True)
class StageStatus:
    """How one stage stands. `path` is the input, or empty for a stage that sees all records."""

    path: str
    stage: str
    is_fresh: bool
    why: Bilingual


def stage_statuses(plan: Plan, cache: Path, remembered: str) -> list[StageStatus]:
    """Tell how every stage of the plan stands, in order; `remembered` is the file in `cache` of the newest build."""
    noted = _noted(cache / remembered)
    kept = plan.keys()
    statuses: list[StageStatus] = []
    stale: dict[str, str] = {}
    """The first stale stage of each input; of all inputs under the empty name."""
    seen: Counter[tuple[str, str]] = Counter()

    for stage in plan.stages:
        nth = seen[stage.path, stage.name]
        seen[stage.path, stage.name] += 1
        before = noted.get((stage.path, stage.name, nth))
        cause = stale.get(stage.path) or (stale.get("") if not stage.path else None)
        key = stage.key.digest

        if before and before["key"] == key:
            is_gone = key in kept and not (cache / key).is_dir()
            why = GONE if is_gone else FRESH if key in kept else AGAIN
            statuses.append(StageStatus(stage.path, stage.name, not is_gone, why))
            continue

        statuses.append(StageStatus(stage.path, stage.name, False, _why_stale(stage, before, cause)))
        stale.setdefault(stage.path, stage.name)
        stale.setdefault("", stage.name)
    return statuses


def _why_stale(stage: PlannedStage, before: dict[str, str] | None, cause: str | None) -> Bilingual:
    """Say what changed of a stage itself, else which stale stage it comes after."""
    changed = [name for name, value in stage.key.components().items() if before and before.get(name) != value]
    if changed:
        reasons = [CHANGED[name] for name in changed]
        return Bilingual(", ".join(each.en for each in reasons), "，".join(each.zh for each in reasons))
    if cause:
        return Bilingual(f"comes after '{typed_name(cause)}'", f"在“{typed_name(cause)}”之后")
    return CHANGED["before"] if before else NEW


def _noted(path: Path) -> Noted:
    """Read what the newest build depended on; nothing where no build left anything."""
    noted: Noted = {}
    with suppress(OSError, ValueError, KeyError):
        seen: Counter[tuple[str, str]] = Counter()
        for line in json.loads(path.read_bytes())["stages"]:
            stage = (line["path"], line["stage"])
            noted[*stage, seen[stage]] = line
            seen[stage] += 1
    return noted
