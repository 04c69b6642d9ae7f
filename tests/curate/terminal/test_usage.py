"""The command line speaks the language of the session: help pages, wrong options, Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.curate.commands.test_command_line import hornbook

ENGLISH = ("Usage", "Options", "Arguments", "Commands", "Missing", "Show this", "No such", "Invalid", "Try ", "Error")


@pytest.mark.parametrize("arguments", [("--help",), ("build", "--help"), ("init", "--help"), ("rules", "--help")])
def test_a_help_page_has_titles_in_the_language_of_the_session(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    chinese = hornbook(*arguments, cwd=tmp_path, lang="zh").stdout
    assert "用法：hornbook" in chinese and "选项" in chinese and "显示这份说明" in chinese
    assert not [word for word in ENGLISH if re.search(rf"\b{word}", chinese)]
    english = hornbook(*arguments, cwd=tmp_path).stdout
    assert "Usage: hornbook" in english and "Options" in english and "Show this message and exit." in english


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (("build",), "Missing argument 'recipe'.", "缺少参数 recipe"),
        (("export", "x"), "Missing option '--to'.", "缺少选项 --to"),
        (("buidl",), "No such command 'buidl'. Did you mean 'build'?", "没有命令 buidl；是否想写 build？"),
        (("zzz",), "No such command 'zzz'.", "没有命令 zzz"),
        (("build", "a", "--nope"), "No such option: --nope", "没有选项 --nope"),
        (("build", "a", "b", "c"), "extra argument", "多出的参数：b c"),
        (("build", "a", "--jobs"), "requires an argument", "选项 --jobs 后面要有值"),
        (("build", "a", "--json=3"), "does not take a value", "选项 --json 后面不要写值"),
        (("build", "a", "--jobs", "x"), "valid integer", "--jobs 必须是整数"),
        (("build", "a", "--jobs", "0"), "greater than or equal to 1", "--jobs 不能小于 1"),
        (("build", "a", "--jobs", "99"), "less than or equal to 64", "--jobs 不能大于 64"),
        (("clusters", "a", "--threshold", "x"), "valid number", "--threshold 必须是数字"),
        (("run", "a", "--until", "x"), "is not one of", "--until 只能是 build, train, exam, report"),
        (("rules", "a", "b"), "what is b?", "不认识 b"),
    ],
)
def test_a_wrong_command_line_is_told_in_both_languages(
    tmp_path: Path, arguments: tuple[str, ...], english: str, chinese: str
) -> None:
    for lang, message in (("en", english), ("zh", chinese)):
        done = hornbook(*arguments, cwd=tmp_path, lang=lang)
        assert done.returncode == 2
        assert message in done.stderr.splitlines()[0]
        assert not done.stdout
    assert not [word for word in ENGLISH if re.search(rf"\b{word}", done.stderr)]


def test_a_command_line_without_a_command_is_answered_with_help(tmp_path: Path) -> None:
    done = hornbook(cwd=tmp_path, lang="zh")
    assert done.returncode == 2
    assert "用法：" in done.stdout + done.stderr


LINES = "".join(
    f'{{"question": "第{n}件商品多久发货", "answer": "您好，第{n}件四十八小时内发出。"}}\n' for n in range(400_000)
)
RECIPE = "version: 1\nname: shop\ninputs:\n  - path: log.jsonl\nstages: [clean, mask, judge]\n"


def start_build(folder: Path, lang: str, jobs: str) -> subprocess.Popen[str]:
    """Start a build, as the leader of a session of its own, and wait until it writes."""
    (folder / "log.jsonl").write_text(LINES, encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    program = "from curate.cli import main; main()"
    running = subprocess.Popen(
        [sys.executable, "-P", "-c", program, "build", "recipe.yaml", "--jobs", jobs],
        cwd=folder,
        env={**os.environ, "HORNBOOK_LANG": lang},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (folder / "datasets" / "shop" / ".lock").is_file():
        assert running.poll() is None
        time.sleep(0.01)
    return running


@pytest.mark.parametrize(
    ("lang", "jobs", "message"),
    [("en", "1", "interrupted while building; no new version was written"), ("zh", "2", "构建被中断；没有写出新版本")],
)
def test_ctrl_c_is_one_sentence_and_leaves_nothing_half_done(
    tmp_path: Path, lang: str, jobs: str, message: str
) -> None:
    running = start_build(tmp_path, lang, jobs)
    time.sleep(0.3)
    os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to every process of the command
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert message in err and "Traceback" not in err and not out
    assert not (tmp_path / "datasets").exists()


def workers_of(leader: int) -> list[int]:
    """Find the processes that a leader has started and that do its work."""
    command = ["ps", "-ww", "-eo", "pid=,ppid=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [int(pid) for pid, parent, args in rows if int(parent) == leader and "spawn_main" in args]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("lang", "message"), [("en", "was killed from outside"), ("zh", "被外部终止")])
def test_a_process_that_is_killed_ends_the_build_in_one_sentence(tmp_path: Path, lang: str, message: str) -> None:
    """Poisoned: a system that runs out of memory kills the largest process, and that need not be the leader."""
    running = start_build(tmp_path, lang, "2")
    while not (started := workers_of(running.pid)):
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(started[0], signal.SIGKILL)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 4
    assert message in err and "Traceback" not in err and not out
    assert not (tmp_path / "datasets").exists()
