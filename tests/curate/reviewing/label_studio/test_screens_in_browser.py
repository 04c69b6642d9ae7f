"""The whole way in each language: pushed by the command, decided by hotkeys on the real screens, pulled, built."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients import HOME
from tests.curate.reviewing.label_studio.real_server import Person, RealServer
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.shop import answers, noted, waiting, write_shop

PYTHON = HOME / "browser" / "bin" / "python"
DRIVER = Path(__file__).parents[3] / "clients" / "review_screens.py"
PICTURES = os.environ.get("HORNBOOK_PICTURES")
"""A folder for pictures of the screens; none are made without it."""
BETTER = "价格以页面显示为准，下单即送内存卡一张。"
pytestmark = pytest.mark.skipif(
    not PYTHON.is_file() or shutil.which("chromium") is None,
    reason="the client 'browser' or Debian's chromium is not installed; `make clients` says what is missing",
)


def label(server: RealServer, person: Person, steps: dict[int, dict[str, Any]]) -> Any:
    """Let a person decide about one task of each project in the browser, and give what was seen."""
    projects = [{"number": number, "tasks": 1, "steps": [step]} for number, step in steps.items()]
    asked = {"url": server.url, "email": person.email, "password": person.password, "projects": projects}
    done = subprocess.run(
        [str(PYTHON), str(DRIVER)], input=json.dumps(asked), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    worked = json.loads(done.stdout)
    assert worked["outside"] == []
    return [screen for [screen] in worked["seen"]]


def hornbook(folder: Path, server: RealServer, lang: str, *arguments: str) -> str:
    environment = {**os.environ, "LABEL_STUDIO_URL": server.url, "LABEL_STUDIO_API_KEY": server.people[0].token}
    code = "from curate.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "--lang", lang, *arguments],
        cwd=folder, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def picture(name: str) -> dict[str, str]:
    return {"picture": str(Path(PICTURES) / name)} if PICTURES else {}


@pytest.mark.parametrize(
    ("lang", "who", "cannot_tell"), [("zh", 1, "说不准"), pytest.param("en", 2, "cannot tell", marks=pytest.mark.slow)]
)
def test_what_is_decided_by_hotkeys_stands_in_the_next_version(  # noqa: PLR0913
    tmp_path: Path, server: RealServer, reviewers: list[Reviewer], lang: str, who: int, cannot_tell: str
) -> None:
    name = f"shop{lang}"
    first = write_shop(tmp_path, name=name)
    [price] = waiting(tmp_path, first, "flagged")
    assert server.url in hornbook(tmp_path, server, lang, "review", "push", "recipe.yaml", "--to", "label-studio")
    projects = {project["description"]: project["id"] for project in reviewers[0].projects(name)}
    record, conflict = (
        next(id for description, id in projects.items() if f" {asked} " in description)
        for asked in ("record", "conflict")
    )

    # 1. the record is edited, and of the two answers that contradict each other the second holds
    person = server.people[who]
    edit = {"press": ["2"], "write": {"0": BETTER}, **picture(f"record-{lang}.png")}
    second_holds = {"press": ["1", "b"], **picture(f"conflict-{lang}.png")}
    one, other = label(server, person, {record: edit, conflict: second_holds})
    assert "3299" in one["text"] and cannot_tell in one["text"].lower() and one["fits"]
    assert "15天" in other["text"] and "7天" in other["text"] and other["fits"]

    # 2. it comes back, and the next version does it
    pulled = json.loads(hornbook(tmp_path, server, lang, "review", "pull", "recipe.yaml", "--json"))
    assert (pulled["new"], pulled["refused"]) == (3, [])
    hornbook(tmp_path, server, lang, "build", "recipe.yaml")
    manifests = (tmp_path / "datasets" / name).glob("*/manifest.json")
    [second] = [path.parent for path in manifests if path.parent != first]
    now = answers(second)
    assert now["这台显示器现在多少钱？"] == BETTER
    assert len([question for question in now if "显示器签收" in question]) == 1
    assert noted(second)[price.id] == ["edited"]
    life = hornbook(tmp_path, server, lang, "trace", name, price.id)
    assert person.email in life and "label-studio:" in life
