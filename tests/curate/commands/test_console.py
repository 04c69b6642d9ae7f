"""A console that cannot show a character shows another; no command ends with a traceback for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from curate.system.namespace import HOME


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_what_a_console_cannot_show_is_replaced(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("问题,回答\n能退吗😀,七天内可以退货👍🏻\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(HOME)}
    code = "from curate.cli import main; main()"
    command = [sys.executable, "-c", code, "inspect", str(path)]
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr
