"""The real programs read what Hornbook writes: datasets, mlcroissant, TRL and LLaMA-Factory, each as released."""

import json
from pathlib import Path

import pytest

from curate.publish.dataset_card import front_matter
from curate.publish.export import EXPORT_FORMATS, export_version, training_rows
from curate.publish.export_formats.csv import without_formula
from curate.store.read_version import read_manifest
from schemas.frame import frame_of
from schemas.recipe import Recipe
from tests.clients import asked, needs
from tests.curate.publish.test_export import RECORD_FORMATS, odd_records
from tests.curate.records import record
from tests.train.tiny import tiny_model

MIB = 1 << 20
LAYOUTS = [pytest.param(name, marks=() if name == "messages" else pytest.mark.slow) for name in RECORD_FORMATS]
"""One in every run, the others in `make slow`."""
OTHERS_OF_LLAMA_FACTORY = [pytest.param(name, marks=pytest.mark.slow) for name in ("sharegpt", "alpaca", "parquet")]


@pytest.fixture(scope="module")
def shop(shop_version: Path) -> Path:
    return shop_version


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model"))


def talks(version: Path) -> list[list[dict[str, str]]]:
    return training_rows(version, read_manifest(version))["messages"].to_list()


@needs("datasets")
def test_datasets_loads_a_version_as_it_lies_in_the_store(shop: Path, tmp_path: Path) -> None:
    loaded = asked("datasets-load", str(shop), "100000", cache=tmp_path)
    assert loaded["splits"] == {"train": read_manifest(shop).train_rows}
    assert [row["messages"] for row in loaded["rows"]] == talks(shop)


@needs("datasets")
@pytest.mark.parametrize("name", LAYOUTS)
def test_datasets_loads_every_layout(name: str, shop: Path, tmp_path: Path) -> None:
    export_version(shop, tmp_path / "out", name)
    loaded = asked("datasets-load", str(tmp_path / "out"), "100000", cache=tmp_path)
    assert list(loaded["splits"]) == ["train"]
    contents = [m["content"] for talk in talks(shop) for m in talk]
    if name == "csv":
        assert [without_formula(row["content"]) for row in loaded["rows"]] == contents
    elif name in ("messages", "parquet"):
        assert [m["content"] for row in loaded["rows"] for m in row["messages"]] == contents
    else:
        assert loaded["splits"]["train"] == read_manifest(shop).train_rows


@needs("datasets")
@pytest.mark.parametrize("name", ["csv", "parquet", "messages"])
def test_odd_texts_reach_datasets_as_they_are(name: str, tmp_path: Path) -> None:
    export_format = EXPORT_FORMATS.load(name)()
    recipe = Recipe.model_validate({"version": 1, "name": "odd", "inputs": [{"path": "a.csv"}]})
    loader = {"split": "train", "path": f"train-*{export_format.suffix}"}
    (tmp_path / "README.md").write_text(
        front_matter(recipe, loader, export_format.features, export_format.options) + "\n", encoding="utf-8"
    )
    records = odd_records()
    export_format.write(records, tmp_path / f"train-00000{export_format.suffix}")
    rows = asked("datasets-load", str(tmp_path), "100000", cache=tmp_path)["rows"]
    contents = [m["content"] for talk in records["messages"].to_list() for m in talk]
    found = (
        [without_formula(r["content"]) for r in rows]
        if name == "csv"
        else [m["content"] for r in rows for m in r["messages"]]
    )
    assert found == contents


@needs("datasets")
def test_a_column_whose_first_value_comes_late_breaks_no_loader(tmp_path: Path) -> None:
    """Twelve megabytes without a parent, a tag or a history, and then one of each: where loaders that guess break."""
    for name in ("messages", "alpaca"):
        folder = tmp_path / name
        folder.mkdir()
        late_export(folder, name)
        loaded = asked("datasets-load", str(folder), "1", cache=tmp_path)
        assert loaded["splits"] == {"train": 6001}


def late_export(folder: Path, name: str) -> None:
    talk = [{"role": r, "content": "x"} for _ in range(2) for r in ("user", "assistant")]
    rows = [record(f"{n:032x}", "问" * 300, "答" * 400) for n in range(6000)]
    rows.append(record("f" * 32, "", "", messages=talk, parent="0" * 32, tags=["late"]))
    export_format = EXPORT_FORMATS.load(name)()
    path = folder / f"train-00000{export_format.suffix}"
    export_format.write(frame_of(rows), path)
    assert path.stat().st_size > 12 * MIB
    recipe = Recipe.model_validate({"version": 1, "name": "late", "inputs": [{"path": "a.csv"}]})
    loader = {"split": "train", "path": path.name}
    (folder / "README.md").write_text(front_matter(recipe, loader, export_format.features, {}) + "\n", encoding="utf-8")
    info = {"late": {"file_name": path.name, **(export_format.llama_factory or {})}}
    (folder / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")


@needs("datasets")
@pytest.mark.parametrize("name", LAYOUTS)
def test_mlcroissant_finds_nothing_wrong_and_reads_the_rows(name: str, shop: Path, tmp_path: Path) -> None:
    export_version(shop, tmp_path / "out", name)
    found = asked("datasets-croissant", str(tmp_path / "out" / "croissant.json"), cache=tmp_path)
    assert found["errors"] == []
    assert len(found["rows"]) == 5
    assert all(row["train-00000/id"] for row in found["rows"])


@needs("trl")
def test_trl_tunes_on_an_export(shop: Path, model: Path, tmp_path: Path) -> None:
    export_version(shop, tmp_path / "out", "messages")
    found = asked("trl-sft", str(tmp_path / "out"), str(model), str(tmp_path / "work"), cache=tmp_path)
    assert found["rows"] == read_manifest(shop).train_rows
    assert found["loss"] > 0
    for text, talk in zip(found["texts"], talks(shop), strict=False):
        assert text.startswith("<|im_start|>")
        assert all(m["content"] in text for m in talk)


@needs("llamafactory")
@pytest.mark.parametrize("name", ["messages", *OTHERS_OF_LLAMA_FACTORY])
def test_llamafactory_learns_the_same_conversations(name: str, shop: Path, model: Path, tmp_path: Path) -> None:
    export_version(shop, tmp_path / "out", name)
    found = asked("llamafactory-load", str(tmp_path / "out"), str(model), str(tmp_path / "work"), cache=tmp_path)
    assert found["names"] == ["shop"]
    assert found["rows"] == read_manifest(shop).train_rows
    systems = [[{"role": "system", "content": row["_system"]}] if row["_system"] else [] for row in found["aligned"]]
    learnt = [
        [*system, *row["_prompt"], *row["_response"]] for system, row in zip(systems, found["aligned"], strict=True)
    ]
    assert sorted(learnt, key=str) == sorted(talks(shop), key=str)
    assert all(text.strip() for text in found["learnt"])


@pytest.mark.slow
@needs("llamafactory")
def test_llamafactory_reads_a_late_history(model: Path, tmp_path: Path) -> None:
    late_export(tmp_path, "alpaca")
    found = asked("llamafactory-load", str(tmp_path), str(model), str(tmp_path / "work"), cache=tmp_path)
    assert found["rows"] == 6001
    assert len(found["aligned"][0]["_prompt"]) == 3
