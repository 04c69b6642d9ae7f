"""The arrows of the design, read from the syntax trees: who may import whom, and where heavy packages may stand."""

import ast
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"schemas": set(), "rules": {"schemas"}, "curate": {"schemas", "rules"}, "train": {"schemas"}}
ONE_FILE_ONLY = ("datasketch", "langdetect", "openai", "label_studio_sdk", "ray", "opencc", "ftfy", "python_calamine",
                 "fsspec", "botocore", "s3fs")  # fmt: skip
SIBLINGS = (
    "rules",
    "rules.personal",
    "schemas.formats",
    "train.metrics",
    "curate.augmenters",
    "curate.cleaning",
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


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


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


@pytest.mark.parametrize("package", ONE_FILE_ONLY)
def test_a_heavy_package_stands_in_one_file_only(package: str) -> None:
    users = [name for name, path in modules() if package in {top(i) for i in imports(path)}]
    assert len(users) <= 1, users


def test_torch_stays_in_train() -> None:
    assert not [n for n, p in modules() if "torch" in {top(i) for i in imports(p)} and top(n) != "train"]


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [name for name, _ in modules() if name.rpartition(".")[2] in vague]


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
        "heavy = {'polars', 'torch', 'transformers', 'numpy', 'datasketch', 'jinja2'} & set(sys.modules)\n"
        "print('CPU', time.process_time(), sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    last = done.stdout.splitlines()[-1].split(maxsplit=2)
    assert last[2] == "[]"
    assert float(last[1]) < 0.5
