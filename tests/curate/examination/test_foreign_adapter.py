"""An adapter from elsewhere is examined in a folder of its own, on the model that it says it belongs to."""

import json
from pathlib import Path

import pytest

from curate.examination.foreign_adapter import exam_of_adapter
from schemas.errors import InputError
from schemas.job import ExamSettings, Job, TrainSettings

WORK = Job(version="v", run="/runs/book/v1/abc", train=TrainSettings(model="smollm2"), exam=ExamSettings())


def adapter(folder: Path, base: object = "Qwen/Qwen3-0.6B", weights: bytes = b"w") -> Path:
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": base}))
    (folder / "adapter_model.safetensors").write_bytes(weights)
    return folder


def test_it_has_a_folder_beside_the_runs(tmp_path: Path) -> None:
    found = exam_of_adapter(WORK, adapter(tmp_path / "a"), None)
    assert Path(found.run).parent == Path("/runs/book/v1") and Path(found.run).name.startswith("adapter-")
    assert found.adapter == str((tmp_path / "a").resolve()) and found.train.model == "smollm2"
    assert exam_of_adapter(WORK, adapter(tmp_path / "b"), None).run == found.run
    for other in (adapter(tmp_path / "c", weights=b"x"), adapter(tmp_path / "d", base="Y")):
        assert exam_of_adapter(WORK, other, None).run != found.run
    assert exam_of_adapter(WORK, tmp_path / "a", "elsewhere").run != found.run


def test_the_model_is_the_one_named_or_its_own_or_that_of_the_recipe(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    own = adapter(tmp_path / "a", base=str(model))
    assert exam_of_adapter(WORK, own, None).train.model == str(model)
    assert exam_of_adapter(WORK, own, "Qwen3").train.model == "Qwen3"
    for name, base in enumerate(("", None, 7, "no/such/folder")):
        assert exam_of_adapter(WORK, adapter(tmp_path / str(name), base=base), None).train.model == "smollm2"


@pytest.mark.parametrize("missing", ["adapter_config.json", "adapter_model.safetensors"])
def test_a_folder_without_an_adapter_is_one_sentence(tmp_path: Path, missing: str) -> None:
    (adapter(tmp_path / "a") / missing).unlink()
    with pytest.raises(InputError, match=f"is no adapter: {missing} is missing"):
        exam_of_adapter(WORK, tmp_path / "a", None)


@pytest.mark.parametrize("text", ["", "[]", "{", "3"])
def test_damaged_settings_are_one_sentence(tmp_path: Path, text: str) -> None:
    (adapter(tmp_path / "a") / "adapter_config.json").write_text(text)
    with pytest.raises(InputError, match=r"adapter_config\.json is damaged"):
        exam_of_adapter(WORK, tmp_path / "a", None)
