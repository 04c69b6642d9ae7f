"""From an Excel file to an export with the page alone, in a real browser: by mouse, by keyboard, without scripts."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from curate.decisions.reviews import read_reviews
from curate.store.read_version import read_manifest
from curate.store.store import Store
from tests.clients import HOME
from tests.curate.web.shop_files import write_files

PYTHON = HOME / "browser" / "bin" / "python"
AXE = HOME / "axe" / "axe.min.js"
DRIVER = Path(__file__).parents[2] / "clients" / "page_walk.py"
PICTURES = os.environ.get("HORNBOOK_PICTURES")
"""A folder for pictures of the pages; none are made without it."""
ENOUGH = 25
"""Clicks and entries that a first walk from the file to the export may take."""
pytestmark = pytest.mark.skipif(
    not PYTHON.is_file() or shutil.which("chromium") is None,
    reason="the client 'browser' or Debian's chromium is not installed; `make clients` says what is missing",
)


@contextmanager
def served(store: Path, lang: str) -> Iterator[str]:
    """The address of the page on a store, by the command itself."""
    command = [sys.executable, "-c", "from curate.cli import main; main()", "ui", "--port", "0", "--store", str(store)]
    with subprocess.Popen([*command, "--lang", lang], stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout
        found = re.search(r"http\S+", page.stdout.readline())
        assert found
        try:
            yield found[0]
        finally:
            page.terminate()


def walked(folder: Path, lang: str, way: str) -> Any:
    """Walk through the page on an empty store below the folder, and give what was seen."""
    (folder / "export").mkdir()
    with served(folder, lang) as address:
        asked = {
            "address": address,
            "lang": lang,
            "way": way,
            "name": "shop",
            "general": "通用",
            "files": [str(path) for path in write_files(folder)],
            "axe": str(AXE) if AXE.is_file() else "",
            "pictures": PICTURES or "",
            "export": str(folder / "export"),
        }
        done = subprocess.run(
            [str(PYTHON), str(DRIVER)], input=json.dumps(asked), capture_output=True, text=True, timeout=500
        )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["outside"] == []
    assert report["complaints"] == []
    assert report["barriers"] == []
    return report


@pytest.mark.parametrize(
    ("lang", "way"),
    [
        ("zh", "mouse"),
        pytest.param("en", "mouse", marks=pytest.mark.slow),
        pytest.param("zh", "keys", marks=pytest.mark.slow),
    ],
)
def test_a_workbook_becomes_a_reviewed_and_compared_version_without_the_command_line(
    tmp_path: Path, lang: str, way: str
) -> None:
    report = walked(tmp_path, lang, way)
    store = Store(tmp_path)
    manifests = [read_manifest(store.version("shop", id)) for id in store.versions("shop")]
    assert len(manifests) == 2
    newest = read_manifest(store.find("shop"))
    assert newest.identity and newest.identity.zh and newest.identity.zh.name == "小喵"
    assert {file.encoding for file in newest.inputs} >= {"gb18030"}
    [general] = [share for share in newest.shares if share.kind == "general"]
    assert 0.07 < general.share < 0.09

    reviews = read_reviews(next((tmp_path / "books").glob("*/reviews.jsonl")))
    assert [(line.verdict, line.by) for line in reviews] == [("accept", "小王"), ("reject", "小王")]
    recipe = next((tmp_path / "books").glob("*/recipe.yaml")).read_text(encoding="utf-8")
    assert "min: 12" in recipe
    assert "#" in recipe  # what init explained is still there

    seen = report["seen"]
    assert "13812345678" not in json.dumps(seen, ensure_ascii=False)
    assert re.search(r"\b60\b", seen["files"]) and re.search(r"\b20\b", seen["files"])
    assert all(manifest.id[:12] in seen["versions"] for manifest in manifests)
    book = CalamineWorkbook.from_path(str(tmp_path / "export" / report["exported"]))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert len(rows) > newest.train_rows


@pytest.mark.parametrize("lang", [pytest.param("zh", marks=pytest.mark.slow), "en"])
def test_a_first_version_needs_no_scripts(tmp_path: Path, lang: str) -> None:
    walked(tmp_path, lang, "no-scripts")
    assert read_manifest(Store(tmp_path).find("shop")).train_rows


@pytest.mark.slow
def test_a_first_walk_to_the_export_is_short(tmp_path: Path) -> None:
    report = walked(tmp_path, "zh", "short")
    assert report["exported"].endswith(".xlsx")
    assert report["actions"] <= ENOUGH
