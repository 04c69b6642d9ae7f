"""The demo and the shop, each built once for all tests that look at it; none may change it."""

import shutil
from pathlib import Path

import pytest

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store
from tests.curate.build.test_build import write_inputs

RECIPE = Path(__file__).parent.parent.parent / "examples" / "xiaomiao" / "recipe.yaml"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_recipe(RECIPE), Store(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw files, a recipe, and the store with its one version. Who changes it takes a copy: see `copied_shop`."""
    folder = tmp_path_factory.mktemp("shop")
    build(load_recipe(write_inputs(folder)), Store(folder))
    return folder


@pytest.fixture(scope="session")
def shop_version(shop_folder: Path) -> Path:
    return Store(shop_folder).find("shop")


@pytest.fixture
def copied_shop(shop_folder: Path, tmp_path: Path) -> Path:
    """The built shop in a folder of one's own."""
    shutil.copytree(shop_folder, tmp_path, dirs_exist_ok=True)
    return tmp_path
