"""Showing a version is quick: it loads nothing of what builds one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from curate.publish import export_formats
from curate.publish.export_formats import ExportFormat
from schemas.catalog import Catalog
from tests.curate.commands.test_command_line import hornbook

PROGRAM = """
import sys
from curate.cli import main
try:
    main()
except SystemExit as ended:
    print("CODE", ended.code, file=sys.stderr)
print("LOADED", *(name for name in sys.modules if name.startswith("curate.")), file=sys.stderr)
"""
HEAVY = ("curate.build", "curate.stages", "curate.recipe", "curate.duplicates", "curate.augmenters")
RECIPE = "version: 1\nname: shop\ninputs: [{path: log.csv}]\nstages: [clean, mask, judge]\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light")
    (folder / "log.csv").write_text("question,answer\n能退货吗,可以的，七天内都能退\n在吗,嗯\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    done = hornbook("build", "recipe.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert hornbook("push", "shop", "--to", "far", cwd=folder).returncode == 0
    return folder


def loaded(*arguments: str, cwd: Path) -> list[str]:
    """The modules of curate that a command has loaded when it ends well."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *arguments],
        capture_output=True, text=True, check=True, cwd=cwd, env={**os.environ, "HORNBOOK_LANG": "en"},
    )  # fmt: skip
    *_, code, modules = done.stderr.splitlines()
    assert code in ("CODE None", "CODE 0"), done.stderr
    return modules.split()[1:]


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "shop"),
        ("log",),
        ("verify", "shop"),
        ("trace", "shop", "log.csv:2"),
        ("dropped", "shop", "--sample", "1"),
        ("push", "shop", "--to", "elsewhere"),
        ("pull", "shop", "--from", "far", "--store", "fresh"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_that_shows_a_version_loads_nothing_that_builds_one(shop: Path, arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments, cwd=shop)
    assert [name for name in modules if name.startswith(HEAVY)] == []
    assert len(modules) < 35


def test_a_command_that_builds_is_seen_by_this_guard(shop: Path) -> None:
    assert "curate.build.plan" in loaded("status", "recipe.yaml", cwd=shop)


def test_the_help_of_export_lists_the_formats_of_the_catalog(tmp_path: Path) -> None:
    listed = hornbook("export", "--help", cwd=tmp_path).stdout
    names = Catalog(export_formats, ExportFormat).names()
    assert all(name in "".join(listed.split()) for name in names), json.dumps(names)
