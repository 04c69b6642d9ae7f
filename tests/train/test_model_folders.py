"""Model folders run nothing: a poisoned one ends in one sentence, within seconds; an odd one loads all the same."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.train.model_folders import GOOD, MARKER, POISONED
from tests.train.versions import job, write_version
from train.models.model import load_model

SECONDS = 60
"""A folder is refused in less than one on a quiet machine."""
FORKS = """
import os, sys
import train.tune
from train.events import run_program

for line in sys.stdin:
    job, stdin, out, err, cwd = line.rstrip("\\n").split("\\t")
    if not (child := os.fork()):
        os.chdir(cwd)
        for number, (path, flags) in enumerate(((stdin, os.O_RDONLY), (out, 577), (err, 577))):
            os.dup2(os.open(path, flags, 0o644), number)
        sys.stdin = open(0, closefd=False)
        sys.argv = ["train.tune", job]
        try:
            run_program(train.tune.tune)
        except SystemExit as ended:
            code = ended.code
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        else:
            code = 0
        sys.stdout.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""The trainer, which is imported once and forked for each folder: a process of its own costs five seconds."""


@pytest.fixture(scope="module")
def trainer() -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        yield running
        running.communicate()


@pytest.fixture
def folder(tmp_path: Path, tiny: Path) -> Path:
    return shutil.copytree(tiny, tmp_path / "model")


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("case", POISONED)
def test_a_poisoned_folder_ends_in_one_sentence(
    tmp_path: Path, folder: Path, trainer: "subprocess.Popen[str]", case: str
) -> None:
    change, word = POISONED[case]
    change(folder)
    (tmp_path / "yes").write_text("yes\n" * 1000)
    work = job(write_version(tmp_path / "v"), tmp_path / "run", folder, max_steps=1)
    (tmp_path / "job.json").write_text(work.model_dump_json(), encoding="utf-8")
    files = [tmp_path / name for name in ("job.json", "yes", "out", "err")]
    assert trainer.stdin and trainer.stdout
    began = time.monotonic()
    trainer.stdin.write("\t".join(map(str, [*files, tmp_path])) + "\n")
    trainer.stdin.flush()
    code = int(trainer.stdout.readline())

    last = json.loads((tmp_path / "out").read_text(encoding="utf-8").splitlines()[-1])
    errors = (tmp_path / "err").read_text(encoding="utf-8")
    assert (code, last["event"], last.get("exit")) == (2, "error", 2), (last, errors)
    assert word in last["en"] and "\n" not in last["en"] + last["zh"]
    assert any("\u4e00" <= character <= "\u9fff" for character in last["zh"])
    assert "Traceback" not in errors and "[y/N]" not in (tmp_path / "out").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob(MARKER)) and not (tmp_path / "run" / "steps.jsonl").exists()
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("case", GOOD)
def test_an_odd_folder_loads_and_runs_nothing(tmp_path: Path, folder: Path, case: str) -> None:
    GOOD[case](folder)
    loaded = load_model(str(folder))
    assert loaded.tokenizer.pad_token_id is not None
    assert not list(tmp_path.rglob(MARKER))


def test_a_folder_loads_by_a_relative_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert load_model("model").digest == load_model(os.fspath(folder)).digest
