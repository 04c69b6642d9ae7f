"""SIGKILL at any moment, two writers at once, a full disk: what was acknowledged is there, nothing is half there."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curate.store.store import Store
from curate.store.verify import verify
from tests.curate.build.test_build import write_inputs
from tests.curate.store.test_store import put

ROOT = str(Path(__file__).parents[3])
KILLS = int(os.environ.get("HORNBOOK_KILLS", "20"))
"""`make fuzz` kills a hundred times."""
WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from schemas.errors import LockedError
from tests.curate.store.test_store import put
from curate.store.store import Store
number = int(sys.argv[3])
print("ready", flush=True)
while True:
    try:
        put(Store(Path(sys.argv[1])), f"{number:08x}", b"row %d\\n" % number * 2000)
    except LockedError as error:
        assert error.exit_code == 3
        continue
    print(f"{number:08x}", flush=True)
    number += 1
"""


def test_kills_of_two_writers_leave_only_whole_versions(tmp_path: Path) -> None:
    moments = random.Random(7)
    acknowledged: set[str] = set()
    for attempt in range(KILLS // 2):
        numbers = (attempt * 100_000, (1000 + attempt) * 100_000)
        commands = [[sys.executable, "-c", WRITER, str(tmp_path), ROOT, str(number)] for number in numbers]
        with contextlib.ExitStack() as running:
            writers = [running.enter_context(subprocess.Popen(c, stdout=subprocess.PIPE, text=True)) for c in commands]
            for writer in writers:
                assert writer.stdout
                assert writer.stdout.readline() == "ready\n"
            for writer in writers:
                time.sleep(moments.uniform(0, 0.03))
                os.kill(writer.pid, signal.SIGKILL)
            for writer in writers:
                assert writer.stdout
                acknowledged |= {line.strip() for line in writer.stdout if len(line) == 9}
    store = Store(tmp_path)
    assert acknowledged <= set(store.versions("book"))
    assert len(acknowledged) > KILLS // 4
    for id in store.versions("book"):
        assert verify(store.version("book", id)).id == id
    put(store, "ffffffff", b"the next one\n")
    assert store.head("book") == "ffffffff"
    assert not store.stale("book")


def test_two_builds_at_once_give_one_version_and_one_refusal_or_two_of_the_same(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    main = "from curate.cli import main; main()"
    command = [sys.executable, "-c", main, "build", str(recipe), "--store", str(tmp_path)]
    with contextlib.ExitStack() as running:
        builds = [
            running.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
            for _ in range(2)
        ]
        errors = [build.communicate()[1] for build in builds]
    codes = sorted(build.returncode for build in builds)
    assert codes in ([0, 3], [0, 0]), errors
    [id] = Store(tmp_path).versions("shop")
    verify(Store(tmp_path).version("shop", id))


@contextlib.contextmanager
def small(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("cannot mount a tmpfs here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_harms_no_version(tmp_path: Path) -> None:
    with small(tmp_path / "small", "2m") as folder:
        store = Store(folder)
        kept = []
        with pytest.raises(OSError, match="No space left"):
            for number in range(100):
                put(store, f"{number:08x}", bytes([65 + number % 26]) * 150_000)
                kept.append(f"{number:08x}")
        assert len(kept) >= 5
        assert store.versions("book") == kept
        for id in kept:
            verify(store.version("book", id))


@pytest.mark.parametrize(
    "size", ["64k", "480k", "1000k", *(pytest.param(size, marks=pytest.mark.slow) for size in ("256k", "700k"))]
)
def test_a_full_disk_ends_in_one_sentence_and_harms_nothing(tmp_path: Path, size: str) -> None:
    recipe = write_inputs(tmp_path)
    main = "from curate.cli import main; main()"
    with small(tmp_path / "small", size) as folder:
        command = [sys.executable, "-c", main, "build", str(recipe), "--store", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (4, False)
        assert "No space left" in done.stderr
        assert Store(folder).versions("shop") == []
