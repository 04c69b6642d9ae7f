"""The arms of a sweep: each the recipe with one value changed, and what cannot be varied is told."""

from pathlib import Path
from typing import Any

import pytest

from curate.sweeps.arms import arms_of, variation_of, with_training
from schemas.errors import InputError, RecipeError
from tests.curate.build.test_build import RECIPE, write_inputs


def arms(folder: Path, *vary: str, recipe: str = RECIPE) -> list[Any]:
    path = write_inputs(folder)
    path.write_text(recipe, encoding="utf-8")
    return arms_of(path, [variation_of(text) for text in vary])


def options(arm: Any, stage: str) -> dict[str, Any]:
    return next(dict(choice.options) for choice in arm.file.recipe.stages if choice.name == stage)


def test_a_setting_of_a_stage_takes_each_value_and_the_rest_stays(tmp_path: Path) -> None:
    found = arms(tmp_path, "mix.shares.general=0,0.05,0.08")
    assert [options(arm, "mix")["shares"]["general"] for arm in found] == [0, 0.05, 0.08]
    assert [arm.name for arm in found][1] == "mix.shares.general=0.05"
    others = [[choice for choice in arm.file.recipe.stages if choice.name != "mix"] for arm in found]
    assert others[0] == others[1] == others[2]
    assert all(
        arm.file.steps[-1].does.shares == {"general": value} for arm, value in zip(found, [0, 0.05, 0.08], strict=True)
    )


def test_settings_of_training_and_of_two_things_at_once(tmp_path: Path) -> None:
    found = arms(tmp_path, "train.learning_rate=0.0001,0.001", "identity.rows=20,40")
    assert [(a.file.recipe.train.learning_rate, options(a, "identity")["rows"]) for a in found] == [
        (0.0001, 20), (0.0001, 40), (0.001, 20), (0.001, 40)
    ]  # fmt: skip
    assert with_training(found[0], seed=9).file.recipe.train.seed == 9 and found[0].file.recipe.train.seed == 7


def test_a_recipe_without_stages_varies_the_usual_ones(tmp_path: Path) -> None:
    recipe = RECIPE.split("stages:")[0]
    assert [options(arm, "identity") for arm in arms(tmp_path, "identity.negatives=0,50", recipe=recipe)] == [
        {"negatives": 0}, {"negatives": 50}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("vary", "why"),
    [
        ("mix.shares.general", "two or more"), ("mix.shares.general=", "two or more"), ("mix=1,2", "two or more"),
        ("train.rank=8", "two or more"), ("train.rank=8,8", "two or more"), ("dose.rows=1,2", "no stage 'dose'"),
        ("train.rank=8,none", "does not take train.rank=none"), ("mix.shares.general=0.1,7", "does not take"),
        ("identity.rowz=1,2", "does not take"), ("train.lr=1,2", "does not take"),
    ],
)  # fmt: skip
def test_what_cannot_be_varied_is_one_sentence(tmp_path: Path, vary: str, why: str) -> None:
    with pytest.raises((InputError, RecipeError), match=why) as caught:
        arms(tmp_path, vary)
    assert "\n" not in caught.value.sentence.en
