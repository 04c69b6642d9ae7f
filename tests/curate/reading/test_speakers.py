"""Where the speakers' words do not say who is the agent, it is found out and said how, or nothing is guessed."""

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from curate.build.build import build
from curate.publish.dataset_card import dataset_card
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.terminal.tables import print_version
from schemas.bilingual import NOTHING
from schemas.errors import InputError
from schemas.input import Input
from tests.curate.inputs import Intake, read_input

SETTINGS = {"format": {"turns": {"session": "sid", "role": "who", "text": "what"}}}
ASKS = ("在吗", "我的订单什么时候发货", "能退货吗", "好的谢谢")
SAYS = ("您好，请问有什么可以帮您", "请您稍等，正在为您查询", "亲，可以的", "不客气，祝您生活愉快")


def table(talks: list[list[tuple[str, str]]]) -> str:
    rows = ["sid\twho\twhat"]
    rows += [f"s{number}\t{who}\t{what}" for number, talk in enumerate(talks) for who, what in talk]
    return "\n".join(rows) + "\n"


def talk(customer: str, agent: str) -> list[tuple[str, str]]:
    return [turn for ask, say in zip(ASKS, SAYS, strict=True) for turn in ((customer, ask), (agent, say))]


def taken(folder: Path, content: str, **spec: Any) -> Intake:
    (folder / "log.tsv").write_text(content, encoding="utf-8")
    return read_input(Input.model_validate({"path": "log.tsv", **SETTINGS, **spec}), folder / "log.tsv")


FOUND = [
    pytest.param([talk("0", "1") for _ in range(5)], {"1"}, "speaker 1 is the agent", id="0 and 1"),
    pytest.param([talk("1", "0") for _ in range(5)], {"0"}, "speaker 0 is the agent", id="1 and 0"),
    pytest.param([talk(f"顾{n}", "小王") for n in range(6)], {"小王"}, "more sessions", id="one agent, many customers"),
    pytest.param([talk(f"顾{n}", ("小王", "小李")[n % 2]) for n in range(8)], {"小王", "小李"}, "more sessions",
                 id="two agents"),
    pytest.param([talk("客户", "小王") for _ in range(4)], {"小王"}, "the other speaker is the assistant",
                 id="one known side"),
]  # fmt: skip


@pytest.mark.parametrize(("talks", "agents", "evidence"), FOUND)
def test_the_agent_is_found_out_and_how_is_told(
    tmp_path: Path, talks: list[list[tuple[str, str]]], agents: set[str], evidence: str
) -> None:
    intake = taken(tmp_path, table(talks))
    words = [who for each in talks for who, _ in each]
    expected = ["assistant" if who in agents else "user" for who in words]
    assert intake.turns.sort("row")["role"].to_list() == expected
    assert evidence in intake.facts.speakers.en
    assert not any(name in str(intake.facts.speakers) for name in ("小王", "小李", "顾"))


def test_named_speakers_are_not_inferred(tmp_path: Path) -> None:
    assert taken(tmp_path, table([talk("用户", "客服")])).facts.speakers == NOTHING


def test_speakers_who_cannot_be_told_apart_are_no_guess(tmp_path: Path) -> None:
    same = [[("a1", "x"), ("b1", "y")], [("a2", "x"), ("b2", "y")]]
    with pytest.raises(InputError, match="unknown_role"):
        taken(tmp_path, table(same))
    alike = [[("0", "嗯"), ("1", "哦")] for _ in range(3)]
    with pytest.raises(InputError, match="could not be told from the customer"):
        taken(tmp_path, table(alike))


def test_a_session_that_stays_undecided_is_refused_row_by_row(tmp_path: Path) -> None:
    talks = [*[talk(f"顾{n}", "小王") for n in range(6)], [("甲", "x"), ("乙", "y")]]
    intake = taken(tmp_path, table(talks))
    assert intake.events["reason"].to_list() == ["unknown_role"] * 2
    assert intake.turns.height + 2 == intake.facts.rows
    assert intake.events.select(pl.col("verdict").unique()).item() == "dropped"


def test_the_report_says_how(tmp_path: Path) -> None:
    (tmp_path / "log.tsv").write_text(table([talk("0", "1") for _ in range(5)]), encoding="utf-8")
    recipe = (
        "version: 1\nname: shop\ninputs:\n- path: log.tsv\n  format: {turns: {session: sid, role: who, text: what}}\n"
    )
    (tmp_path / "recipe.yaml").write_text(recipe + "stages: [clean]\n", encoding="utf-8")
    file = load_recipe(tmp_path / "recipe.yaml")
    manifest = read_manifest(build(file, Store(tmp_path / "out")))
    assert "speaker 1 is the agent" in dataset_card(manifest, file.recipe)
    console = Console(width=80, file=io.StringIO(), record=True)
    print_version(console, manifest)
    assert "speaker 1 is the agent" in " ".join(console.export_text().split())
