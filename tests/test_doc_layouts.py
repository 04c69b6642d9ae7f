"""Every layout stands in the documentation with an example, in both languages, and every example is read."""

import json
import re
from pathlib import Path

import pytest

import schemas.formats
from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store
from schemas.catalog import Catalog
from schemas.formats import Format

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("layouts.md", "layouts.zh-CN.md")
EXAMPLE = re.compile(r"^## (.+?)\n+```\w+\n(.*?)```\n+```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)
RECIPE = """\
version: 1
name: example
identity:
  zh: {{name: 小喵, author: 技术吧}}
  en: {{name: Miao, author: Tech Bar}}
inputs:
{}stages: [{}]
"""


def examples(page: str) -> list[tuple[str, str, str]]:
    """The title, the lines of the file and the input of each example."""
    return EXAMPLE.findall((DOCS / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_layout_has_an_example(page: str) -> None:
    titles = {title for title, _, _ in examples(page)}
    assert titles >= {f"`{name}`" for name in Catalog(schemas.formats, Format).names()}
    assert len(titles) == len(re.findall("^## ", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE))


CASES = [pytest.param(*example, id=f"{page}: {example[0]}") for page in PAGES for example in examples(page)]


@pytest.mark.parametrize(("title", "content", "block"), CASES)
def test_the_example_of_a_layout_is_read(tmp_path: Path, title: str, content: str, block: str) -> None:
    name = re.search(r"path: ([\w.]+)", block)
    assert name
    (tmp_path / name[1]).write_text(content, encoding="utf-8")
    inputs = "".join(f"  {line}\n" for line in block.splitlines())
    (tmp_path / "recipe.yaml").write_text(RECIPE.format(inputs, "decline" * ("refusal" in block)), encoding="utf-8")
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path / "store"))
    rows = [json.loads(line) for line in (version / "train-00000.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 2, title
    assert all([message["role"] for message in row["messages"]][-1] == "assistant" for row in rows)
