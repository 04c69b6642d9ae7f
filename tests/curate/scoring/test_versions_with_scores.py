"""A version carries the scores that it was made with: copied, verified, brought elsewhere, and forgotten."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from curate.erasure.conditions import conditions_of
from curate.erasure.erase import find_targets, forget
from curate.scoring.score_file import held_by, put_back
from curate.store.read_version import read_manifest
from curate.store.remote import pull, push
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest_file
from schemas.errors import GateError, InputError, StoreError
from tests.curate.llm.faulty_server import FaultyServer
from tests.curate.rewording.shop import TALKS, built, rows, write_lines
from tests.curate.scoring.shop import UNSCORED, lines, marked, point_at, scored, write_shop


def test_a_version_holds_the_file_and_its_manifest_says_so(judged_shop: Path) -> None:
    version = Store(judged_shop).find("shop")
    copy = version / "scores.jsonl"
    assert copy.read_bytes() == (judged_shop / "scores.jsonl").read_bytes()
    [stated] = read_manifest(version).scores
    assert (stated.path, stated.digest, stated.scores) == ("scores.jsonl", digest_file(copy), 12)
    assert "`scores.jsonl`" in (version / "README.md").read_text(encoding="utf-8")
    verify(version)


@pytest.mark.parametrize("change", ["cut", "gone", "another"])
def test_a_changed_copy_is_found(shop: Path, change: str) -> None:
    version = Store(shop).find("shop")
    copy = version / "scores.jsonl"
    if change == "gone":
        copy.unlink()
    else:
        content = copy.read_bytes()
        copy.write_bytes(content[:-1] if change == "cut" else content.replace(b'"judge"', b'"jadge"', 1))
    with pytest.raises(StoreError, match=r"scores\.jsonl"):
        verify(version)


def test_the_file_travels_and_the_version_is_built_again_elsewhere(shop: Path, tmp_path: Path) -> None:
    version = Store(shop).find("shop")
    assert push(version, str(tmp_path / "shelf"))
    write_shop(tmp_path / "elsewhere")
    pulled = pull("shop", str(tmp_path / "shelf"), Store(tmp_path / "elsewhere"))
    verify(pulled)
    shutil.rmtree(shop)
    assert put_back(pulled, tmp_path / "elsewhere" / "scores.jsonl") == 12
    assert built(tmp_path / "elsewhere") == pulled


def test_other_scores_are_another_version_and_none_are_written_as_before(shop: Path, tmp_path: Path) -> None:
    version = Store(shop).find("shop")
    write_lines(shop / "scores.jsonl", lines(shop)[:6])
    assert built(shop).name != version.name
    without = built(write_shop(tmp_path / "without", UNSCORED).parent)
    assert "scores" not in json.loads((without / "manifest.json").read_bytes())
    assert not (without / "scores.jsonl").exists()
    with pytest.raises(InputError, match="was made without scores"):
        put_back(without, tmp_path / "scores.jsonl")


def test_the_file_of_a_version_replaces_no_other_scores(shop: Path) -> None:
    version, before = Store(shop).find("shop"), (shop / "scores.jsonl").read_bytes()
    put_back(version, shop / "scores.jsonl")
    assert (shop / "scores.jsonl").read_bytes() == before
    write_lines(shop / "again.jsonl", lines(shop)[1:])
    with pytest.raises(InputError, match="holds other scores"):
        put_back(version, shop / "again.jsonl")
    assert len(held_by(shop / "again.jsonl")) == 11


def forget_first_row(shop: Path) -> str:
    """Forget the first row, and give the id of its record."""
    store, first = Store(shop), next(iter(TALKS))
    [id] = [id for id, row in rows(store.find("shop")).items() if row["messages"][0]["content"] == first]
    folders = store.model_answers("shop"), store.answers_read("shop")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    target = find_targets(store, "shop", conditions_of(["source.row in faq.jsonl:1"]), shop)
    assert id in target.ids
    forget(store, "shop", target)
    assert not any(folder.exists() for folder in folders)
    return id


def test_the_score_of_a_person_is_forgotten_with_the_row(shop: Path) -> None:
    id = forget_first_row(shop)
    version = Store(shop).find("shop")
    verify(version)
    assert not [path.name for path in version.glob("*.json*") if id in path.read_text(encoding="utf-8")]
    assert id not in set(pl.read_parquet(version / "scores.parquet")["id"])
    assert len((version / "scores.jsonl").read_bytes().splitlines()) == 11


def test_no_build_brings_a_forgotten_score_back(shop: Path) -> None:
    id = forget_first_row(shop)
    with pytest.raises(GateError, match="scores of 1 forgotten records; `hornbook score` writes it without them"):
        built(shop)
    with FaultyServer(marked) as server:
        scored(point_at(shop / "recipe.yaml", server), "judge")
    assert id not in {line["id"] for line in lines(shop)} and len(lines(shop)) == 11 and server.calls == []
    verify(built(shop))
