"""The commands as a user runs them: exit codes, one JSON document, two languages, the life of a row."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from curate.store.store import Store
from tests.curate.build.test_build import write_inputs


def hornbook(*arguments: str, cwd: Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HORNBOOK_LANG": lang, "COLUMNS": "120"}
    command = [sys.executable, "-P", "-c", "from curate.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_inputs(folder)
    done = hornbook("build", "recipe.yaml", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["train_rows"] > 100
    assert "write" in done.stderr
    return folder


def test_what_a_version_is_can_be_read(shop: Path) -> None:
    assert "4" in hornbook("show", "shop", cwd=shop).stdout
    shown = json.loads(hornbook("show", "shop", "--json", cwd=shop).stdout)
    logged = json.loads(hornbook("log", "--json", cwd=shop).stdout)
    assert [line["id"] for line in logged] == [shown["id"]]
    assert logged[0]["head"] is True
    assert json.loads(hornbook("verify", "shop", "--json", cwd=shop).stdout)["sound"] is True
    assert json.loads(hornbook("schema", cwd=shop).stdout)["title"] == "Recipe"
    assert "train" in json.loads(hornbook("doctor", "--json", cwd=shop).stdout)["missing"]
    assert {r["name"] for r in json.loads(hornbook("rules", "--json", cwd=shop).stdout)} >= {"reply_length"}


def test_a_row_can_be_followed_and_back(shop: Path) -> None:
    followed = json.loads(hornbook("trace", "shop", "chat.tsv:2", "--json", cwd=shop).stdout)
    life = followed["events"]
    assert life[0]["stage"] == "session"
    assert life[-1]["stage"] == "end"
    back = json.loads(hornbook("trace", "shop", life[0]["id"][:12], "--json", cwd=shop).stdout)
    assert back == followed
    broken = json.loads(hornbook("trace", "shop", "chat.tsv:184", "--json", cwd=shop).stdout)
    assert [(e["stage"], e["verdict"], e["reason"]) for e in broken["events"]] == [
        ("read", "dropped", "wrong_cell_count"), ("end", "dropped", "wrong_cell_count"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build", "none.yaml"), 2, "cannot be read"),
        (("show", "nothing"), 2, "hornbook log"),
        (("trace", "shop", "chat.tsv:99999"), 2, "nothing in"),
        (("rules", "no_such_rule"), 2, "known:"),
        (("--lang", "xx", "log"), 2, "en | zh"),
        (("exam", "recipe.yaml"), 2, "hornbook train"),
    ],
)
def test_a_mistake_is_one_sentence_and_a_code(shop: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = hornbook(*arguments, cwd=shop)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_messages_and_help_speak_chinese(shop: Path) -> None:
    assert "无法读取配方" in hornbook("build", "none.yaml", cwd=shop, lang="zh").stderr
    assert "无法读取配方" in hornbook("build", "none.yaml", "--lang", "zh", cwd=shop).stderr
    assert "构建" in hornbook("--help", "--lang=zh", cwd=shop).stdout
    assert "训练集" in hornbook("show", "shop", "--lang", "zh", cwd=shop).stdout


def test_stages_and_verdicts_are_told_in_the_language_of_the_session(shop: Path) -> None:
    chinese = hornbook("trace", "shop", "chat.tsv:184", cwd=shop, lang="zh").stdout
    assert "read 读取" in chinese and "丢弃" in chinese and "单元格数与列数不符" in chinese
    assert "dropped" not in chinese
    english = hornbook("trace", "shop", "chat.tsv:184", cwd=shop).stdout
    assert "read" in english and "dropped" in english and not [letter for letter in english if "一" <= letter <= "鿿"]
    assert "dedup 去重" in hornbook("show", "shop", cwd=shop, lang="zh").stdout
    assert "mask 脱敏" in hornbook("status", "recipe.yaml", cwd=shop, lang="zh").stdout


def test_a_row_of_a_file_elsewhere_is_told_by_the_name_of_the_file_and_found_by_it(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    rows = (
        '{"question": "能退货吗", "answer": "嗯"}',
        '{"question": "运费谁出", "answer": "运费由我们承担，您放心。"}',
    )
    (tmp_path / "far" / "log.jsonl").write_text("\n".join(rows), encoding="utf-8")
    path = str(tmp_path / "far" / "log.jsonl")
    (tmp_path / "recipe.yaml").write_text(
        f"version: 1\nname: far\ninputs:\n  - path: {path}\nstages: [clean, mask, judge]\n", encoding="utf-8"
    )
    assert hornbook("build", "recipe.yaml", cwd=tmp_path).returncode == 0
    shown = hornbook("dropped", "far", "--sample", "1", cwd=tmp_path).stdout
    assert " log.jsonl:1 " in shown
    assert hornbook("trace", "far", "log.jsonl:1", cwd=tmp_path).stdout.count(" log.jsonl:1 ") >= 1


def test_a_dataset_that_is_being_written_is_locked(shop: Path) -> None:
    with Store(shop).writing("shop"):
        done = hornbook("build", "recipe.yaml", cwd=shop)
    assert done.returncode == 3


def test_a_users_own_train_py_does_not_win(shop: Path) -> None:
    (shop / "train.py").write_text("raise SystemExit('mine')", encoding="utf-8")
    assert hornbook("log", cwd=shop).returncode == 0
    (shop / "train.py").unlink()


def test_damage_ends_with_five_and_the_file(shop: Path) -> None:
    shard = next(shop.glob("datasets/shop/*/train-00000.jsonl"))
    whole = shard.read_bytes()
    shard.write_bytes(whole.replace(b"user", b"USER", 1))
    done = hornbook("verify", "shop", cwd=shop)
    shard.write_bytes(whole)
    assert done.returncode == 5
    assert "train-00000.jsonl" in done.stderr


def on_a_terminal(*arguments: str, cwd: Path) -> str:
    """What a command writes to a standard error that is a terminal."""
    main, writer = pty.openpty()
    command = [sys.executable, "-P", "-c", "from curate.cli import main; main()", *arguments]
    env = {**os.environ, "HORNBOOK_LANG": "en"}
    done = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=writer, cwd=cwd, env=env)
    os.close(writer)
    output = b""
    try:
        while chunk := os.read(main, 4096):
            output += chunk
    except OSError:  # how a terminal says that nobody is there any more
        pass
    os.close(main)
    assert done.wait(60) == 2
    return output.decode()


FRENCH = "Votre commande a été expédiée, désolé pour le délai à l’aéroport."


@pytest.mark.parametrize("command", [("inspect", "log.csv"), ("run", "recipe.yaml", "--until", "build")])
def test_the_candidates_of_an_undecided_file_are_shown_to_a_person_alone(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "log.csv").write_bytes(f"question,answer\n\x1b[2J{FRENCH},x\n".encode("cp1252"))
    (tmp_path / "recipe.yaml").write_text("version: 1\nname: shop\ninputs:\n  - path: log.csv\n", encoding="utf-8")
    shown = on_a_terminal(*command, cwd=tmp_path)
    assert "cp1252" in shown and FRENCH in shown
    assert "\x1b[2J" not in shown
    piped = hornbook(*command, cwd=tmp_path)
    assert piped.returncode == 2
    assert "the encoding cannot be decided" in piped.stderr
    assert "Votre" not in piped.stdout + piped.stderr
    assert "Votre" not in on_a_terminal(*command, "--json", cwd=tmp_path)


def test_the_progress_of_verify_counts_and_repeats_no_line(shop: Path) -> None:
    lines = hornbook("verify", "shop", cwd=shop).stderr.splitlines()
    assert len(lines) == len(set(lines)) > 1
    assert all(line.startswith("verify  ") for line in lines)
    done, total = zip(*(map(int, line.rpartition("  ")[2].split("/")) for line in lines), strict=True)
    assert list(done) == sorted(done) and done[-1] + 1 == total[-1] == total[0]


def test_lines_read_in_another_encoding_are_told(tmp_path: Path) -> None:
    rows = [f"第{n}件什么时候发货,您好，第{n}件明天就能发出\n" for n in range(30)]
    lines = [row.encode("gb18030" if n in (3, 7) else "utf-8") for n, row in enumerate(rows)]
    (tmp_path / "log.csv").write_bytes(b"question,answer\n" + b"".join(lines))
    (tmp_path / "recipe.yaml").write_text(
        "version: 1\nname: mixed\ninputs:\n  - path: log.csv\n    line_encodings: [gb18030]\nstages: [clean, mask]\n",
        encoding="utf-8",
    )
    assert "2 lines read as gb18030" in hornbook("build", "recipe.yaml", cwd=tmp_path).stdout
    assert "2 行按 gb18030 读取" in hornbook("show", "mixed", cwd=tmp_path, lang="zh").stdout
