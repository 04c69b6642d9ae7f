"""The page for the person with an export works as it stands: its commands are run, in both languages."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from curate.cli import main; main()"


@pytest.mark.parametrize(
    ("page", "printed_words", "book"),
    [
        pytest.param("first-version.md", "training set", "tweetsumm", marks=pytest.mark.slow),
        ("first-version.zh-CN.md", "训练集", "shop_chat_gbk"),
    ],
)
def test_the_commands_of_the_page_run_one_after_the_other(
    tmp_path: Path, page: str, printed_words: str, book: str
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    commands = re.findall(r"^\$ hornbook ([^#\n]+)", text, re.MULTILINE)
    assert len(commands) >= 6
    printed = []
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *shlex.split(command)], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, (command, done.stderr)
        printed.append(done.stdout)
    assert any(printed_words in each for each in printed)
    assert (tmp_path / "datasets" / book / "HEAD").is_file()
