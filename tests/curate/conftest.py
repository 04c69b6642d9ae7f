"""The demo as a version, built once for all tests that look at it; none may change it."""

from pathlib import Path

import pytest

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store

RECIPE = Path(__file__).parent.parent.parent / "examples" / "xiaomiao" / "recipe.yaml"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_recipe(RECIPE), Store(tmp_path_factory.mktemp("demo")))
