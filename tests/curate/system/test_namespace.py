"""Hornbook refuses to run when one of its four names belongs to somebody else."""

from pathlib import Path

import pytest

from curate.system.namespace import HOME, PACKAGES, check_namespace
from schemas.errors import InputError


@pytest.mark.parametrize("name", PACKAGES)
def test_a_foreign_package_of_our_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=f"'{name}' belongs to"):
        check_namespace([str(tmp_path), str(HOME)])


@pytest.mark.parametrize("search", [[], [str(HOME)], ["/nowhere", str(HOME)]])
def test_our_own_passes(search: list[str]) -> None:
    check_namespace(search)
