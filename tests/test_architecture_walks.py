"""docs/architecture.md says what is so: every file is there, and gets its turn from the one that it stands below."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.test_architecture import ROOT, imports

PAGE = ROOT / "docs" / "architecture.md"
STEP = re.compile(r"^( *)- `([\w./]+)` (.*)$")
HANDOVER = re.compile(r"\(by the (catalog name|process|file) `([^`]+)`\)")


class Step(NamedTuple):
    walk: str
    path: str
    above: str | None
    """The file that it stands indented below; None for one that opens a part of a walk."""
    by: tuple[str, str] | None
    """How it gets its turn where it is not imported: by what, and its name."""


def steps(text: str) -> list[Step]:
    found: list[Step] = []
    walk, open_at = "", dict[int, str]()
    for line in text.split("\n"):
        if line.startswith("## "):
            walk, open_at = line.removeprefix("## "), {}
        elif match := STEP.match(line):
            depth = len(match[1]) // 2
            by = HANDOVER.search(match[3])
            found.append(Step(walk, match[2], open_at.get(depth - 1), (by[1], by[2]) if by else None))
            open_at = {level: path for level, path in open_at.items() if level < depth} | {depth: match[2]}
    return found


STEPS = steps(PAGE.read_text(encoding="utf-8"))


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def check(step: Step) -> None:
    assert (ROOT / step.path).is_file(), step.path
    source = (ROOT / step.above).read_text(encoding="utf-8") if step.above else ""
    if step.by is None:
        assert step.above is None or module_of(step.path) in imports(ROOT / step.above), step
        return
    kind, name = step.by
    if kind == "catalog name":
        assert Path(step.path).stem == name, step
        assert step.above in CATALOGS[Path(step.path).parent.as_posix()], step
    elif kind == "process":
        assert module_of(step.path) == name, step
        assert f'-m", f"{name.partition(".")[0]}.' in source, step
    elif step.path.endswith(".py"):
        assert name in files_named_by(step.path), step
    else:
        assert Path(step.path).name == name and f'"{name}"' in source, step


CATALOGS = {
    "curate/reading/readers": {"curate/reading/raw_rows.py"},
    "curate/stages": {"curate/recipe/load.py"},
    "rules": {"curate/stages/quality.py"},
    "rules/personal": {"rules/personal/__init__.py"},
    "schemas/formats": {"curate/reading/detect_format.py"},
}
"""Who asks a catalog for its things by their names."""


def files_named_by(path: str) -> set[str]:
    """The names of files of a version that a module reads."""
    text = (ROOT / path).read_text(encoding="utf-8")
    named = {"manifest.json": "manifest", "ledger.parquet": "ledger"}
    return {name for name, attribute in named.items() if f"VersionFiles(version).{attribute}" in text}


def test_the_page_walks_six_things() -> None:
    walks = list(dict.fromkeys(step.walk for step in STEPS))
    assert len(walks) == 6
    assert all(sum(step.walk == walk for step in STEPS) >= 8 for walk in walks)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.walk[:20]}: {step.path}")
def test_every_file_of_a_walk_is_there_and_gets_its_turn_as_the_page_says(step: Step) -> None:
    check(step)


@pytest.mark.parametrize("path", sorted({path for paths in CATALOGS.values() for path in paths}))
def test_who_is_said_to_ask_a_catalog_does(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "Catalog(" in text or "import READERS" in text


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("- `curate/nowhere.py` is not there", None),
        ("- `curate/store/store.py` is not imported", "curate/reading/raw_rows.py"),
        ("- `curate/reading/readers/csv.py` is another (by the catalog name `xlsx`)", "curate/reading/raw_rows.py"),
        ("- `train/exam.py` is no such program (by the process `train.tune`)", "curate/trainer.py"),
        ("- `train/batches.py` reads no such file (by the file `manifest.json`)", "train/tune.py"),
    ],
)
def test_a_wrong_line_is_seen(line: str, below: str | None) -> None:
    text = "## walk\n" + (f"- `{below}` opens\n  {line}\n" if below else f"{line}\n")
    with pytest.raises(AssertionError):
        check(steps(text)[-1])
