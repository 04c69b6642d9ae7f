"""A catalog finds what lies in a folder, by the names of the files; helpers with an underscore are no part of it."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from schemas.catalog import Catalog


@pytest.fixture
def animals(tmp_path: Path) -> Iterator[Catalog]:
    folder = tmp_path / "animals_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("class Animal: ...\n", encoding="utf-8")
    (folder / "cat.py").write_text(
        "from animals_of_a_test import Animal\n"
        "from animals_of_a_test._legs import LEGS\n"
        "class Cat(Animal): legs = LEGS\n",
        encoding="utf-8",
    )
    (folder / "_legs.py").write_text("LEGS = 4\n", encoding="utf-8")
    (folder / "nothing.py").write_text("", encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        package = import_module("animals_of_a_test")
        yield Catalog(package, package.Animal, {"kitten": "cat"})
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith("animals_of_a_test")]:
            del sys.modules[name]


def test_a_helper_with_an_underscore_is_no_thing_of_the_catalog(animals: Catalog) -> None:
    assert animals.names() == ("cat", "nothing")
    assert animals.load("cat").legs == 4
    assert "_legs" not in animals
    with pytest.raises(KeyError):
        animals.load("_legs")


def test_a_thing_is_found_under_its_other_name_and_listed_once(animals: Catalog) -> None:
    assert "kitten" in animals
    assert animals.load("kitten") is animals.load("cat")
    assert "kitten" not in animals.names()


def test_a_file_without_its_thing_is_an_error(animals: Catalog) -> None:
    with pytest.raises(TypeError, match="nothing must hold one Animal"):
        animals.load("nothing")
