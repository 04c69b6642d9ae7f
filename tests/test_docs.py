"""The documentation says what is so: pages are written from the code, commands exist, examples run."""

import re
from pathlib import Path

import polars as pl
import pytest

import curate.reading.readers
from curate.commands.app import app
from curate.reading.readers import Reader
from curate.reference import reference
from rules import COLUMNS, Rule
from schemas.bilingual import speaking
from schemas.catalog import Catalog
from tests.rules.test_rules import frame_with

ROOT = Path(__file__).parent.parent
GROUPS = {group.name for group in app.registered_groups if group.name}
COMMANDS = {command.callback.__name__ for command in app.registered_commands if command.callback} | GROUPS
PAGES = (
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md"))),
)


def test_the_reference_is_written_from_the_code() -> None:
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == reference(), "run: make docs"


def test_the_chinese_reference_is_written_from_the_code_and_complete() -> None:
    speaking.set("zh")
    try:
        written = reference()
    finally:
        speaking.set("en")
    assert (ROOT / "docs" / "reference.zh-CN.md").read_text(encoding="utf-8") == written, "run: make docs"
    parts = re.compile(r"^- `(\w+)`", re.MULTILINE)
    assert parts.findall(written) == parts.findall(reference())
    assert all(reader.title_zh in written for reader in Catalog(curate.reading.readers, Reader).all().values())


def test_the_chinese_page_of_the_recipe_shows_what_the_english_one_shows() -> None:
    english, chinese = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("recipe.md", "recipe.zh-CN.md"))
    for pattern in (r"^## ", r"^### ", r"^\| `\w+` \|", r"^```yaml"):
        assert len(re.findall(pattern, chinese, re.M)) == len(re.findall(pattern, english, re.M)), pattern
    blocks = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
    without_notes = [[re.sub(r"\s*#.*", "", b) for b in blocks.findall(page)] for page in (chinese, english)]
    assert without_notes[0] == without_notes[1]


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
            assert rule().passes(rule().score(frame_with(example)))[0] is keeps
    assert len(rule().score(pl.DataFrame(schema=COLUMNS))) == 0


def test_the_changelog_names_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
