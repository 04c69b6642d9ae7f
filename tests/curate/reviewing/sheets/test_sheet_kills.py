"""Killed anywhere in its work, a push is completed by the next one: the same files, every task out once."""

import subprocess
import sys
from pathlib import Path

from curate.reviewing.sheets.journal import SheetJournal
from tests.curate.reviewing.sheets.sample import TASKS, pushed

KILLS = 16
LONGEST = 1.5
"""After so many times what a push takes the last one is killed."""
CHILD = """
import os, signal, sys, time
from pathlib import Path
from tests.curate.reviewing.sheets.sample import pushed
root, kills, longest = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
pushed(root / "warm")
before = time.perf_counter()
pushed(root / "timed")
longest *= time.perf_counter() - before
for kill in range(kills):
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_REAL, longest * (kill + 1) / kills)  # its signal ends a process
        pushed(root / str(kill))
        os._exit(0)
    print(os.waitpid(child, 0)[1])
"""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def test_a_push_that_was_killed_is_completed_by_the_next_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(tmp_path), str(KILLS), str(LONGEST)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    whole = files(tmp_path / "warm")
    assert len(whole) == 2 and any(line != "0" for line in done.stdout.split())
    for kill in range(KILLS):
        folder = tmp_path / str(kill)
        queue, way = pushed(folder)
        assert files(folder) == whole, kill
        [sheet] = SheetJournal(queue.folder).sheets().values()
        assert len(sheet.open_rows()) == len(TASKS)
        assert way.push(TASKS, 1)[:3] == (0, len(TASKS), 0)
