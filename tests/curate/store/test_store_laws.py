"""One book, one id; and whatever byte of a version changes, `verify` tells."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curate.build.build import BuildOptions, build
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import StoreError
from tests.curate.build.test_build import ROOT, write_inputs

GOLDEN = ROOT / "tests" / "golden" / "demo_id.txt"
"""To pin a new id on purpose:

hornbook build examples/xiaomiao/recipe.yaml --store /tmp/golden --json | python -c \
'import json, sys; print(json.load(sys.stdin)["version"])' > tests/golden/demo_id.txt
"""
STEP = 40
"""Bytes of each file that are flipped, about."""


@pytest.fixture(scope="module")
def version(shop_version: Path) -> Path:
    return shop_version


def lines(version: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(version.glob("train-*.jsonl")))


def test_processes_and_shards_do_not_change_the_book(version: Path, tmp_path: Path) -> None:
    recipe = load_recipe(write_inputs(tmp_path))
    two = build(recipe, Store(tmp_path / "two"), options=BuildOptions(jobs=2))
    small = build(recipe, Store(tmp_path / "small"), options=BuildOptions(shard_rows=7))
    assert two.name == small.name == version.name
    assert lines(two) == lines(small) == lines(version)
    for path in version.glob("*.jsonl"):
        assert path.read_bytes() == (two / path.name).read_bytes()
    assert {shard.rows for shard in read_manifest(small).shards if shard.name.startswith("train-")} > {7}
    for path in (two, small):
        verify(path)


def test_the_demo_has_its_golden_id(demo: Path) -> None:
    assert demo.name == GOLDEN.read_text(encoding="ascii").strip()


@pytest.mark.parametrize(
    "around",
    [{"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "LANG": "zh_CN.UTF-8"}],
)
def test_the_surroundings_do_not_change_the_id(version: Path, tmp_path: Path, around: dict[str, str]) -> None:
    recipe = write_inputs(tmp_path)
    main = "from curate.cli import main; main()"
    command = [sys.executable, "-c", main, "build", str(recipe), "--store", str(tmp_path), "--json", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **around})
    assert json.loads(done.stdout)["version"] == version.name


def test_any_flipped_byte_of_any_file_is_noticed(version: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shop" / version.name
    shutil.copytree(version, copy)
    verify(copy)
    files = sorted(path for path in copy.iterdir() if path.stat().st_size)
    assert {"manifest.json", "run.json", "ledger.parquet", "recipe.yaml"} < {path.name for path in files}
    for path in files:
        whole = path.read_bytes()
        for offset in sorted({*range(0, len(whole), max(1, len(whole) // STEP)), len(whole) - 1}):
            path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
            with pytest.raises(StoreError, match=path.name):
                verify(copy)
        for harmed in (whole[:-1], whole + b"\n", b""):
            path.write_bytes(harmed)
            with pytest.raises(StoreError):
                verify(copy)
        path.write_bytes(whole)
    verify(copy)


@pytest.mark.parametrize("harm", ["missing", "more", "other"])
def test_a_file_too_few_or_too_many_is_noticed(version: Path, tmp_path: Path, harm: str) -> None:
    copy = tmp_path / "shop" / version.name
    shutil.copytree(version, copy)
    if harm == "missing":
        (copy / "exam.jsonl").unlink()
    elif harm == "more":
        (copy / "train-99999.jsonl").write_bytes(b"")
    else:
        (copy / "notes.txt").write_bytes(b"x")
    with pytest.raises(StoreError):
        verify(copy)
