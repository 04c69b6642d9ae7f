"""A shop with a rewording of every question, as a version that is built once; a test that changes it takes a copy."""

import shutil
from pathlib import Path

import pytest

from tests.curate.rewording.shop import DOMAIN, TALKS, built, write_rewordings, write_shop


@pytest.fixture(scope="package")
def reworded_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reworded") / "shop"
    write_shop(folder, DOMAIN)
    write_rewordings(folder, {question: [text] for question, (_, text) in TALKS.items()})
    built(folder)
    return folder


@pytest.fixture
def shop(reworded_shop: Path, tmp_path: Path) -> Path:
    shutil.copytree(reworded_shop, tmp_path / "shop")
    return tmp_path / "shop"
