"""What stands against a training is looked for before the build, and not twice for nothing."""

from pathlib import Path

import pytest

from curate.recipe.load import RecipeFile, load_recipe
from curate.store.store import Store
from curate.trainer import model_job, run_name
from curate.workflow import check_model
from schemas.errors import InputError
from schemas.run_files import RunFiles

RECIPE = "version: 1\nname: b\ninputs: [{path: a.jsonl}]\ntrain: {model: m}\n"


@pytest.fixture
def file(tmp_path: Path) -> RecipeFile:
    """A recipe beside a folder that is no model: whoever looks at it refuses it."""
    (tmp_path / "m").mkdir()
    (tmp_path / "a.jsonl").write_text('{"messages": [{"role": "user", "content": "q"}]}\n', "utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, "utf-8")
    return load_recipe(tmp_path / "recipe.yaml")


def finished_run(file: RecipeFile, store: Store, name: str) -> Path:
    run = store.run("b", "v1", name)
    run.mkdir(parents=True)
    RunFiles(run).job.write_text(model_job(file, run).model_dump_json(), "utf-8")
    RunFiles(run).training.write_text("{}", "utf-8")
    return run


def test_a_model_stands_beside_the_recipe(file: RecipeFile, tmp_path: Path) -> None:
    assert model_job(file, tmp_path).train.model == str((tmp_path / "m").resolve())


def test_a_model_is_looked_at_before_the_first_training(file: RecipeFile, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.json"):
        check_model(file, Store(tmp_path), lambda *_: None)


def test_a_model_that_was_trained_with_these_settings_is_not_looked_at_again(file: RecipeFile, tmp_path: Path) -> None:
    finished_run(file, Store(tmp_path), run_name(file, "v1"))
    check_model(file, Store(tmp_path), lambda *_: None)


SLOWER = [pytest.param(change, marks=pytest.mark.slow) for change in ("unfinished", "the model is gone")]


@pytest.mark.parametrize("change", ["another trainer", *SLOWER])
def test_it_is_looked_at_again_when_that_proves_nothing(file: RecipeFile, tmp_path: Path, change: str) -> None:
    store = Store(tmp_path)
    run = finished_run(file, store, "0123456789ab" if change == "another trainer" else run_name(file, "v1"))
    if change == "unfinished":
        RunFiles(run).training.unlink()
    if change == "the model is gone":
        (tmp_path / "m").rmdir()
    with pytest.raises(InputError):
        check_model(file, store, lambda *_: None)
