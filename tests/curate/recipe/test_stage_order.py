"""A stage that must not stand where it does is one sentence, with line and column."""

from pathlib import Path

import pytest

from curate.recipe.load import load_recipe
from schemas.errors import RecipeError
from tests.curate.rewording.shop import RECIPE, write_shop

WRONG = {
    "no_mask": ("clean, reword, split", "must stand behind 'mask'"),
    "mask_behind": ("clean, reword, mask", "must stand behind 'mask'"),
    "behind_split": ("clean, mask, split, reword", "must stand before 'split'"),
    "twice": ("mask, reword, {reword: {file: b.jsonl}}", "stands twice"),
}
RIGHT = ("mask, reword, split", "mask, identity, {reword: {answers: true}}, split, mix", "mask, reword", "clean, split")


@pytest.mark.parametrize(("stages", "sentence"), WRONG.values(), ids=WRONG)
def test_rewordings_in_the_wrong_place_are_refused(tmp_path: Path, stages: str, sentence: str) -> None:
    recipe = write_shop(tmp_path)
    recipe.write_text(RECIPE.replace("clean, mask, %s", stages), encoding="utf-8")
    with pytest.raises(RecipeError, match=rf"recipe\.yaml:7:\d+: 'reword' {sentence}") as caught:
        load_recipe(recipe)
    assert "reword" in str(caught.value.sentence.zh)


@pytest.mark.parametrize("stages", RIGHT)
def test_other_orders_pass(tmp_path: Path, stages: str) -> None:
    recipe = write_shop(tmp_path)
    recipe.write_text(RECIPE.replace("clean, mask, %s", stages), encoding="utf-8")
    assert load_recipe(recipe).steps
