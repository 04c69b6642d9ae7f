"""The documentation says what is so: pages are written from the code, commands exist, examples run."""

import re
from pathlib import Path

import polars as pl
import pytest

from curate.command_line import app
from curate.reference import reference
from rules import VIEW, Rule
from tests.rules.test_rules import seen

ROOT = Path(__file__).parent.parent
COMMANDS = {command.callback.__name__ for command in app.registered_commands if command.callback}
PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/recipe.md", "docs/export.md",
         "docs/export.zh-CN.md")  # fmt: skip


def test_the_reference_is_written_from_the_code() -> None:
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == reference(), "run: make docs"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`|\$ )hornbook ([a-z]+)", text, re.MULTILINE))
    assert named <= COMMANDS, named - COMMANDS


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_opens_with_the_two_commands(page: str) -> None:
    opening = (ROOT / page).read_text(encoding="utf-8")[:1500]
    assert "make demo" in opening
    assert "make test" in opening


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_links_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert not [link for link in links if not ((ROOT / page).parent / link).exists()]


def test_the_rule_in_contributing_works_as_it_stands() -> None:
    code = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code, names)
    rule = names["ReplyTooLong"]
    assert isinstance(rule, type) and issubclass(rule, Rule)
    for keeps, examples in ((True, rule.examples.keeps), (False, rule.examples.drops)):
        for example in examples:
            assert rule().passes(rule().score(seen(example)))[0] is keeps
    assert len(rule().score(pl.DataFrame(schema=VIEW))) == 0


def test_the_changelog_names_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
