"""The page about the store promises nothing without a test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = ("docs/store.md", "docs/store.zh-CN.md")


def named(page: str) -> list[str]:
    return re.findall(r"`(test_\w+|Test\w+)`", (ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_the_page_names_is_there(page: str) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)|^(Test\w+) =", sources, re.MULTILINE))
    assert set(named(page)) <= {name for pair in there for name in pair}


@pytest.mark.parametrize("page", PAGES)
def test_every_point_of_the_page_names_a_test(page: str) -> None:
    points = [line for line in (ROOT / page).read_text(encoding="utf-8").split("\n") if line.startswith("- ")]
    assert len(points) > 20
    assert not [point for point in points if "`test_" not in point and "`TestStore`" not in point]


def test_both_pages_promise_the_same() -> None:
    assert sorted(named(PAGES[0])) == sorted(named(PAGES[1]))
