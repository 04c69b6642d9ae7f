"""The arrows of the design, read from the syntax trees: who may import whom, and where heavy packages may stand."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from schemas.version_files import DATASET_INFO, EXAM_FILE, LEDGER, MANIFEST, REVIEW_FILE, RUN, TRAIN

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"schemas": set(), "rules": {"schemas"}, "curate": {"schemas", "rules"}, "train": {"schemas"}}
ROOMS = (
    "curate.cli",
    "curate.commands",
    "curate.web",
    "curate.web.routes",
    "curate.web.rows",
    "curate.web.start",
    "curate.web.trials",
    "curate.web.views",
    "curate.web.ground",
    "curate.terminal",
    "curate.distillation",
    "curate.rewording",
    "curate.scoring",
    "curate.sweeps",
    "curate.workflow",
    "curate.trainer",
    "curate.reference",
    "curate.reviewing.desk",
    "curate.reviewing.label_studio",
    "curate.reviewing.sheets",
    "curate.reviewing",
    "curate.report",
    "curate.preferences",
    "curate.history",
    "curate.build",
    "curate.scale",  # to come: runs what the build hands it on other machines; the only import of ray
    "curate.erasure",
    "curate.planning",
    "curate.recipe",
    "curate.judging",
    "curate.experiments",
    "curate.forms",
    "curate.inspect",
    "curate.examination",
    "curate.publish",
    "curate.publish.export_formats",
    "curate.augmenters",
    "curate.stages",
    "curate.augmenters.kit",
    "curate.gate",
    "curate.gate.checks",
    "curate.gate.meaning",
    "curate.reading",
    "curate.reading.readers",
    "curate.reading.decoding",
    "curate.reading.clocks",
    "curate.passages",
    "curate.duplicates",
    "curate.duplicates.similarity",
    "curate.duplicates.texts",
    "curate.cleaning",
    "curate.llm",
    "curate.privacy",
    "curate.conversations",
    "curate.decisions",
    "curate.store",
    "curate.ledger",
    "curate.system",
)
"""The rooms of `curate`, from the top down: a room imports only what stands below it, and never its neighbour above."""
TO_COME = {"curate.scale", "train.serving"}
"""Places for what comes: entries here and in CONTRIBUTING, no empty folders."""
HOMES = {
    "langdetect": {"rules.guessed_language"},
    "opencc": {"curate.cleaning.chinese"},
    "ftfy": {"curate.cleaning.mojibake"},
    "python_calamine": {
        "curate.reading.readers.xlsx",
        "curate.publish.export_formats.xlsx",
    },
    "zstandard": {"curate.reading.decoding.archives"},
    "rapidfuzz": {"curate.duplicates.side_comparison", "curate.gate.meaning.plain_texts", "train.metrics.text_overlap"},
    "sacrebleu": {"train.metrics.text_overlap"},
    "rouge_score": set(),  # what our ROUGE-L is held against, in tests; it loads nltk and scipy
    "jinja2": {
        "curate.report.report",
        "curate.web.ground.pages",
        "train.models.rendering",
        "train.models.template_check",
    },
    "fsspec": {"curate.store.remote"},
    "botocore": {"curate.store.remote"},
    "s3fs": set(),  # fsspec loads it
    "datasketch": {"curate.gate.gate"},
    "openai": {"curate.llm.endpoint"},
    "httpx2": {"curate.llm.endpoint"},  # what openai sends with: its errors
    "label_studio_sdk": {"curate.reviewing.label_studio.server"},
    "httpx": {"curate.reviewing.label_studio.server"},  # what the SDK sends with: its errors
    "xlsxwriter": {"curate.reviewing.sheets.workbook", "curate.publish.export_formats.xlsx"},
    "krippendorff": {"schemas.statistics.agreement"},
    "ray": set(),  # curate.scale, when it comes
    "peft": {"train.tune", "train.exam"},
    "transformers": {
        "train.examination.grouped_attention",
        "train.examination.prompt_reading",
        "train.examination.roomy_cache",
        "train.models.model",
        "train.models.default_model",
    },
    "huggingface_hub": {"train.models.model"},
    "gguf": {"train.models.default_model"},
    "bm25s": {"curate.examination.retrieval"},
    "uvicorn": {"curate.web.serve"},
    "jieba": {"curate.examination.words"},
}
"""Heavy or outside packages, and the few modules that import each."""
MOST_FILES = 12
"""Files of a room, but for catalogs, commands and schemas, which are read by name and never from end to end."""
SIBLINGS = (
    "rules",
    "rules.personal",
    "schemas.formats",
    "train.metrics",
    "curate.augmenters",
    "curate.cleaning",
    "curate.gate.checks",
    "curate.publish.export_formats",
    "curate.reading.readers",
    "curate.stages",
)
"""The catalogs: one thing a file, none of which imports another. Helpers whose names begin with `_` are for all."""


def modules() -> list[tuple[str, Path]]:
    found = []
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.append((name.removesuffix(".__init__"), path))
    return found


@cache
def imports(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def top(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_point_inward(name: str, path: Path) -> None:
    ours = {top(i) for i in imports(path)} & set(MAY_IMPORT) - {top(name)}
    assert ours <= MAY_IMPORT[top(name)], f"{name} imports {ours - MAY_IMPORT[top(name)]}"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_siblings_do_not_import_each_other(name: str, path: Path) -> None:
    package = name.rpartition(".")[0]
    if package not in SIBLINGS or path.name == "__init__.py":
        return
    others = (p.stem for p in path.parent.glob("*.py") if p.stem != path.stem and not p.stem.startswith("_"))
    siblings = {f"{package}.{stem}" for stem in others}
    assert not imports(path) & siblings


def curate_modules() -> list[tuple[str, Path]]:
    return [(name, path) for name, path in modules() if name.startswith("curate.")]


def room_of(name: str) -> str:
    """The innermost room of `curate` that a module stands in."""
    return max((room for room in ROOMS if name == room or name.startswith(f"{room}.")), key=len)


@pytest.mark.parametrize(("name", "path"), curate_modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_arrow_runs_up(name: str, path: Path) -> None:
    height = ROOMS.index(room_of(name))
    above = [i for i in imports(path) if i.startswith("curate.") and ROOMS.index(room_of(i)) < height]
    assert not above, f"{name} stands in {ROOMS[height]} and imports {above} from above"


def test_every_room_is_known_and_none_is_empty() -> None:
    folders = {name for name, path in modules() if top(name) == "curate" and path.name == "__init__.py"} - {"curate"}
    files = {name for name, path in modules() if name.count(".") == 1 and path.name != "__init__.py"}
    assert folders | {file for file in files if top(file) == "curate"} == set(ROOMS) - TO_COME
    assert all((ROOT / folder.replace(".", "/") / "__init__.py").stat().st_size for folder in folders)


def test_what_is_to_come_is_no_empty_folder() -> None:
    assert not [room for room in TO_COME if (ROOT / room.replace(".", "/")).exists()]
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert not [room for room in TO_COME if f"`{room.replace('.', '/')}/`" not in text]


def test_an_arrow_up_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "poisoned.py").write_text("from curate.commands.show import show_command\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="from above"):
        test_no_arrow_runs_up("curate.store.poisoned", tmp_path / "poisoned.py")


def rooms() -> list[tuple[str, Path]]:
    return [(name, path) for name, path in modules() if path.name == "__init__.py"]


def door(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize(("room", "path"), rooms(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_room_says_at_its_door_what_is_inside(room: str, path: Path) -> None:
    assert len(door(path).split()) >= 25, f"{room}: what is here, what it imports, where to start reading"


DOORS = [(room, path) for room, path in rooms() if top(room) in ("curate", "rules")]
NAMED_AT_DOORS = {room.removeprefix("curate."): room for room in (*ROOMS, "rules", "rules.personal", "rules.lexicons")}


def inner(room: str, outer: str) -> bool:
    return room == outer or room.startswith(f"{outer}.")


def imported_rooms(room: str) -> set[str]:
    """The rooms that the modules of a room import, but for itself; those of `curate` are what all of it imports."""

    def innermost(name: str) -> str | None:
        return max((known for known in NAMED_AT_DOORS.values() if inner(name, known)), key=len, default=None)

    inside = [path for name, path in modules() if innermost(name) == room or (room == "curate" and inner(name, room))]
    found = {innermost(name) for path in inside for name in imports(path)} - {None, room}
    return {name for name in found if name and not (room == "curate" and inner(name, room))}


def check_door(room: str, text: str) -> None:
    last = " ".join(text.rpartition("\n\n")[2].split())
    assert last.startswith("Imports: "), room
    assert last.endswith("."), room
    words = last.removeprefix("Imports: ").removesuffix(".")
    if words == "any room":
        return
    names = words.split(", ")
    assert names == sorted(names), room
    named = {NAMED_AT_DOORS[name] for name in names if name not in ("schemas", "nothing")}
    found = imported_rooms(room)
    assert not [name for name in found if not any(inner(name, outer) for outer in named)], f"{room} imports {found}"
    assert not [outer for outer in named if not any(inner(name, outer) for name in found)], f"{room} imports {found}"


@pytest.mark.parametrize(("room", "path"), DOORS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_door_names_the_rooms_that_are_imported(room: str, path: Path) -> None:
    check_door(room, door(path))


@pytest.mark.parametrize("line", ["rules.lexicons", "rules"])
def test_an_outer_room_covers_its_inner_ones(line: str) -> None:
    check_door("curate.cleaning", f"Cleaning.\n\nImports: {line}.")


@pytest.mark.parametrize("line", ["rules.lexicons, store", "rules.personal", "store, rules", "nothing", "schemas"])
def test_a_door_that_is_not_true_would_be_seen(line: str) -> None:
    with pytest.raises(AssertionError):
        check_door("curate.cleaning", f"Cleaning.\n\nImports: {line}.")


def test_the_hall_names_its_rooms_from_the_top_down() -> None:
    known = [room.removeprefix("curate.") for room in ROOMS if room.count(".") == 1 and room not in TO_COME]
    named = re.findall(r"`(\w+)(?:\.py)?`", door(ROOT / "curate" / "__init__.py"))
    assert named == known


def test_no_room_is_a_hall() -> None:
    halls = {}
    for room, path in rooms():
        files = [p for p in path.parent.glob("*.py") if p.name != "__init__.py"]
        if room not in SIBLINGS and room not in ("curate.commands", "schemas") and len(files) > MOST_FILES:
            halls[room] = len(files)
    assert not halls


def test_every_class_name_stands_once() -> None:
    names = Counter(
        node.name
        for _, path in modules()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert not [name for name, times in names.items() if times > 1]


def bound_names(tree: ast.AST) -> Iterator[str]:
    """Every name that a module gives to something of its own: variables, parameters, functions, classes, columns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


FOGGY = {"told", "said", "some", "place", "places"}


def test_no_name_stands_for_anything() -> None:
    """`told` once stood for nine types: a name that fits everything says nothing."""
    folders = (*MAY_IMPORT, "tests", "benchmarks")
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    found = {str(path): FOGGY & set(bound_names(ast.parse(path.read_text(encoding="utf-8")))) for path in paths}
    assert not {path: names for path, names in found.items() if names}


@pytest.mark.parametrize("package", HOMES)
def test_a_heavy_package_stands_where_it_is_listed(package: str) -> None:
    users = {name for name, path in modules() if package in {top(i) for i in imports(path)}}
    assert users == HOMES[package]


def literals(path: Path) -> set[str]:
    """The texts in a module that are values: neither docstrings nor parts of a longer text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    values = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in notes)
    return {node.value for node in values if isinstance(node.value, str)}


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_files_of_a_version_are_named_in_one_place(name: str, path: Path) -> None:
    files = {MANIFEST, LEDGER, EXAM_FILE, REVIEW_FILE, RUN, DATASET_INFO, f"{TRAIN}-"}
    assert name == "schemas.version_files" or not literals(path) & files


def test_torch_stays_in_train() -> None:
    assert not [n for n, p in modules() if "torch" in {top(i) for i in imports(p)} and top(n) != "train"]


def test_the_web_framework_stays_in_its_room() -> None:
    users = {name for name, path in modules() if {"fastapi", "starlette"} & {top(i) for i in imports(path)}}
    assert not [name for name in users if not inner(name, "curate.web")]


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [name for name, _ in modules() if name.rpartition(".")[2] in vague]


def test_every_folder_of_tests_is_collected(pytestconfig: pytest.Config) -> None:
    """By itself, pytest passes over a folder `build`; for a while none of the tests of the build ran."""
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    passed_over = pytestconfig.getini("norecursedirs")
    assert "build" in folders
    assert not [name for name in folders if any(fnmatch(name, pattern) for pattern in passed_over)]


def test_no_other_distribution_owns_our_names() -> None:
    owners = packages_distributions()
    assert all(set(owners.get(package, ["hornbook"])) == {"hornbook"} for package in MAY_IMPORT)


def test_the_wheel_takes_every_file_of_the_packages() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = patterns["tool"]["setuptools"]["package-data"]["*"]
    for package in MAY_IMPORT:
        for path in (ROOT / package).rglob("*"):
            if path.is_dir() or path.suffix in (".py", ".pyc"):
                continue
            home = next(folder for folder in path.parents if (folder / "__init__.py").is_file())
            assert any(path.relative_to(home).match(pattern) for pattern in wanted), path


def test_help_is_quick_and_light() -> None:
    code = (
        "import sys, time\n"
        "sys.argv = ['hornbook', '--help']\n"
        "from curate.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'polars', 'torch', 'transformers', 'numpy', 'datasketch', 'jinja2', 'openai'} & set(sys.modules)\n"
        "print('CPU', time.process_time(), sorted(heavy))\n"
    )
    seconds = []
    for _ in range(3):  # what runs beside it costs it time, too: the quickest counts
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        _, spent, heavy = done.stdout.splitlines()[-1].split(maxsplit=2)
        assert heavy == "[]"
        seconds.append(float(spent))
    assert min(seconds) < 0.5
