"""A shop that was judged, as a version that is built once; a test that changes it takes a copy."""

import shutil
from pathlib import Path

import pytest

from tests.curate.llm.faulty_server import FaultyServer
from tests.curate.rewording.shop import built
from tests.curate.scoring.shop import marked, point_at, scored, write_shop
from tests.train.tiny import tiny_model


@pytest.fixture(scope="package")
def judged_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged") / "shop"
    recipe = write_shop(folder)
    before = recipe.read_text(encoding="utf-8")
    with FaultyServer(marked) as server:
        scored(point_at(recipe, server), "judge")
    recipe.write_text(before, encoding="utf-8")
    built(folder)
    return folder


@pytest.fixture
def shop(judged_shop: Path, tmp_path: Path) -> Path:
    shutil.copytree(judged_shop, tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("reader") / "tiny")
