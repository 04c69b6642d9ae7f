"""`init` on what people hand over: a folder with other things in it, rows that are broken, names in the other form."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from curate.build.build import build
from curate.inspect.first_recipe import write_recipe
from curate.recipe.load import load_recipe
from curate.store.quarantine import MaxBad
from curate.store.store import Store
from curate.system.file_names import as_on_disk
from curate.system.namespace import HOME
from schemas.errors import GateError, InputError

HEADER = "会话,时间,角色,内容"
WORDS = ["台灯能退吗，已经拆了", "还有红色的吗", "几天能到杭州", "发票怎么开呢", "运费谁来出"]


def talk(n: int) -> list[str]:
    return [f"s{n},09:{n:02}:00,客户,{WORDS[n % 5]}第{n}次", f"s{n},09:{n:02}:30,客服,好的，第{n}次都给您办妥了"]


TALKS = [line for n in range(30) for line in talk(n)]


def hornbook(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HOME), "HORNBOOK_LANG": "en", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", "from curate.cli import main; main()", *words]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "七月.csv").write_text("\n".join([HEADER, *TALKS]), encoding="utf-8")
    (folder / "readme.txt").write_text("this folder holds the export of july\n", encoding="utf-8")
    (folder / "shot.png").write_bytes(b"\x89PNG\r\n")
    (folder / "八月.csv").write_bytes(b"")
    (folder / ".DS_Store").write_bytes(b"\0\1")
    return folder


def test_what_lies_beside_a_log_is_left_out_and_told(export: Path) -> None:
    ran = hornbook(export.parent, "init", "--from", "export")
    assert ran.returncode == 0, ran.stderr
    assert "export/readme.txt is left out: it has one column of texts, and nothing that says who speaks" in ran.stdout
    assert "export/八月.csv is left out: it is empty" in ran.stdout
    assert "export/shot.png is left out: files of its kind are not read" in ran.stdout
    assert [spec.path for spec in load_recipe(export.parent / "recipe.yaml").recipe.inputs] == ["export/七月.csv"]


@pytest.mark.parametrize("columns", ["甲\t乙", "sku\tprice", "Incident\tComment"])
def test_a_table_beside_a_log_may_be_one_and_is_asked_for(export: Path, columns: str) -> None:
    (export / "other.tsv").write_text(f"{columns}\n1\t2\n3\t4\n", encoding="utf-8")
    with pytest.raises(InputError, match="which columns hold the conversation"):
        write_recipe([export], export.parent / "recipe.yaml")


def test_a_file_that_is_typed_is_never_left_out(export: Path) -> None:
    with pytest.raises(InputError, match="which columns hold the conversation"):
        write_recipe([export / "七月.csv", export / "readme.txt"], export.parent / "recipe.yaml")


def test_broken_rows_are_counted_by_init_and_the_build_that_it_prints_passes(tmp_path: Path) -> None:
    lines = [HEADER, *TALKS]
    for position in (5, 20, 35):
        lines.insert(position, "s9,只有两列")
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    ran = hornbook(tmp_path, "init", "--from", "a.csv")
    assert "3 rows cannot be read (" in ran.stdout and "`max_bad: 3` in the recipe" in ran.stdout
    assert "next: hornbook build recipe.yaml" in ran.stderr
    file = load_recipe(tmp_path / "recipe.yaml")
    with pytest.raises(GateError):
        build(file, Store(tmp_path / "store"), max_bad=MaxBad.of("2"))
    assert build(file, Store(tmp_path / "store")).is_dir()


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_a_name_in_either_form_is_one_file(tmp_path: Path, typed: str, stored: str) -> None:
    name = "donnée é/août.csv"
    on_disk = tmp_path / unicodedata.normalize(stored, name)
    on_disk.parent.mkdir()
    on_disk.write_text("\n".join([HEADER, *TALKS]), encoding="utf-8")
    path = tmp_path / unicodedata.normalize(typed, name)
    assert as_on_disk(path) == on_disk
    assert as_on_disk(tmp_path / "nothing" / "août.csv") == tmp_path / "nothing" / "août.csv"
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        f"version: 1\nname: a\ninputs:\n  - path: {path.relative_to(tmp_path).as_posix()}\n"
        "    format: {turns: {session: 会话, role: 角色, text: 内容}}\nstages: []\n",
        encoding="utf-8",
    )
    assert build(load_recipe(recipe), Store(tmp_path / "store")).is_dir()


def test_two_names_that_differ_in_form_alone_are_two_files(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "é.csv") for form in ("NFC", "NFD")]
    for name in names:
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [as_on_disk(tmp_path / name).name for name in names] == names


def test_a_name_or_a_column_does_not_command_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Jb.csv").write_text(
        "\n".join([f"{HEADER},\x1b[1A备注\x9b2K", *(f"{line},x" for line in TALKS)]), encoding="utf-8"
    )
    for command in (("init", "--from"), ("inspect",)):
        ran = hornbook(tmp_path, *command, "a\x1b[2Jb.csv")
        assert ran.returncode == 0, ran.stderr
        assert not {"\x1b", "\x9b"} & set(ran.stdout + ran.stderr)
        assert "a·[2Jb.csv" in ran.stdout
