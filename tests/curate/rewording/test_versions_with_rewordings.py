"""A version carries the rewordings that it was made with: copied, verified, brought elsewhere, and forgotten."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from curate.erasure.conditions import conditions_of
from curate.erasure.erase import find_targets, forget
from curate.recipe.load import load_recipe
from curate.rewording.reword import put_back
from curate.store.read_version import read_manifest
from curate.store.remote import pull, push
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest_file
from schemas.errors import GateError, StoreError
from tests.curate.rewording.shop import (
    DOMAIN,
    TALKS,
    Table,
    asked,
    built,
    lines,
    rows,
    write_lines,
    write_rewordings,
    write_shop,
)


def test_a_version_holds_the_file_and_its_manifest_says_so(shop: Path) -> None:
    version = Store(shop).find("shop")
    copy = version / "rewordings.jsonl"
    assert copy.read_bytes() == (shop / "rewordings.jsonl").read_bytes()
    [stated] = read_manifest(version).rewordings
    assert (stated.path, stated.digest, stated.rewordings) == ("rewordings.jsonl", digest_file(copy), 12)
    assert "`rewordings.jsonl`" in (version / "README.md").read_text(encoding="utf-8")
    verify(version)


@pytest.mark.parametrize("change", ["cut", "gone", "another"])
def test_a_changed_copy_is_found(shop: Path, change: str) -> None:
    version = Store(shop).find("shop")
    copy = version / "rewordings.jsonl"
    if change == "gone":
        copy.unlink()
    else:
        content = copy.read_bytes()
        copy.write_bytes(content[:-1] if change == "cut" else content.replace("请问".encode(), "敢问".encode()))
    with pytest.raises(StoreError, match=r"rewordings\.jsonl"):
        verify(version)


def test_the_file_travels_and_the_version_is_built_again_elsewhere(shop: Path, tmp_path: Path) -> None:
    version = Store(shop).find("shop")
    assert push(version, str(tmp_path / "shelf"))
    elsewhere = tmp_path / "elsewhere"
    write_shop(elsewhere, DOMAIN)
    pulled = pull("shop", str(tmp_path / "shelf"), Store(elsewhere))
    verify(pulled)
    shutil.rmtree(shop)
    assert put_back(pulled, elsewhere / "rewordings.jsonl") == 12
    assert built(elsewhere) == pulled
    assert built(elsewhere).name == version.name


def test_another_file_is_another_version_and_a_file_by_another_name_is_copied_too(shop: Path) -> None:
    version = Store(shop).find("shop")
    (shop / "rewordings.jsonl").rename(shop / "train-00000.jsonl")
    write_shop(shop, "{reword: {file: train-00000.jsonl, identity: 0, domain: 1}}")
    write_lines(shop / "train-00000.jsonl", list(read_jsonl(shop / "train-00000.jsonl"))[:6])
    other = built(shop)
    assert other.name != version.name
    assert (other / "rewordings.jsonl").read_bytes() == (shop / "train-00000.jsonl").read_bytes()
    assert read_manifest(other).rewordings[0].path == "train-00000.jsonl"
    verify(other)


def test_a_version_without_rewordings_is_written_as_before(tmp_path: Path) -> None:
    write_shop(tmp_path, "dedup")
    version = built(tmp_path)
    manifest = json.loads((version / "manifest.json").read_bytes())
    assert "rewordings" not in manifest and not (version / "rewordings.jsonl").exists()
    verify(version)


def test_an_endpoint_changes_no_id(shop: Path) -> None:
    name = Store(shop).find("shop").name
    recipe = shop / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text("\n".join(line for line in text.split("\n") if "llm" not in line), encoding="utf-8")
    assert built(shop).name == name


def forget_first_row(shop: Path) -> tuple[str, str]:
    """Forget the first row, and give the id of its record and of the rewording of it."""
    store = Store(shop)
    version = store.find("shop")
    [(parent, reworded)] = [
        (row["parent"], row["id"])
        for row in rows(version).values()
        if row["parent"] and row["messages"][0]["content"] == TALKS[next(iter(TALKS))][1]
    ]
    target = find_targets(store, "shop", conditions_of(["source.row in faq.jsonl:1"]), shop)
    assert {parent, reworded} <= set(target.ids)
    forget(store, "shop", target)
    return parent, reworded


def test_what_was_reworded_of_a_person_is_forgotten_with_the_row(shop: Path) -> None:
    parent, reworded = forget_first_row(shop)
    version = Store(shop).find("shop")
    verify(version)
    text = TALKS[next(iter(TALKS))][1]
    for path in version.glob("*.jsonl"):
        content = path.read_text(encoding="utf-8")
        assert parent not in content and reworded not in content and text not in content, path.name
    assert not {parent, reworded} & set(pl.read_parquet(version / "ledger.parquet")["id"])
    assert len((version / "rewordings.jsonl").read_bytes().splitlines()) == 11


def test_the_ledger_forgets_what_the_gate_refused_of_a_forgotten_row(shop: Path) -> None:
    question, (_, good) = next(iter(TALKS.items()))
    write_rewordings(shop, {question: [good, f"{good}呢"], **{q: [t] for q, (_, t) in list(TALKS.items())[1:]}})
    refused = pl.read_parquet(built(shop) / "ledger.parquet").filter(stage="reword", verdict="dropped")
    assert refused.height == 1
    parent, _ = forget_first_row(shop)
    ledger = pl.read_parquet(Store(shop).find("shop") / "ledger.parquet")
    assert not {parent, refused["id"][0]} & {*ledger["id"], *ledger["twin"]}


def test_no_build_brings_a_forgotten_rewording_back(shop: Path) -> None:
    parent, _ = forget_first_row(shop)
    with pytest.raises(GateError, match="rewordings of 1 forgotten records; `hornbook reword` writes it without them"):
        built(shop)
    table = Table()
    asked(shop / "recipe.yaml", table)
    assert parent not in {line["parent"] for line in lines(shop)} and len(lines(shop)) == 11
    assert table.asked and all(request.data["question"] != next(iter(TALKS)) for request in table.asked)
    verify(built(shop))


def test_what_models_answered_goes_with_an_erasure(shop: Path) -> None:
    folder = Store(shop).model_answers("shop")
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "answer.json").write_text("{}", encoding="utf-8")
    forget_first_row(shop)
    assert not folder.exists() and Store(shop).runs("shop") == []


def test_the_recipe_that_a_version_keeps_names_the_stage_and_no_endpoint(shop: Path) -> None:
    text = (Store(shop).find("shop") / "recipe.yaml").read_text(encoding="utf-8")
    assert "reword" in text and "127.0.0.1" not in text and "talker" not in text
    assert load_recipe(shop / "recipe.yaml").recipe.llm
