"""A version is there whole or not at all, and never changes."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from curate.store import Store, read_manifest
from curate.verifying import verify
from schemas.digest import digest_bytes
from schemas.errors import InputError, LockedError, StoreError
from schemas.manifest import Manifest, Shard


def manifest(id: str, shards: tuple[Shard, ...] = ()) -> Manifest:
    return Manifest(
        name="book", id=id, recipe="r", seed=7, identity=None, inputs=(), records=0, stages=(), shares=(),
        train_rows=0, exam_questions={}, shards=shards,
    )  # fmt: skip


def put(store: Store, id: str, content: bytes) -> Path:
    with store.writing("book") as folder:
        (folder / "train-00000.jsonl").write_bytes(content)
        shard = Shard(name="train-00000.jsonl", digest=digest_bytes(content), bytes=len(content), rows=1)
        return store.publish(folder, manifest(id, (shard,)))


def test_a_published_version_is_found_by_name_and_by_the_start_of_its_id(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = put(store, "aa11", b"1\n"), put(store, "bb22", b"2\n")
    assert store.versions("book") == ["aa11", "bb22"]
    assert store.find("book") == second
    assert store.find("book/aa") == first
    assert store.find(str(first)) == first
    for wanted in ("other", "book/cc", "book/x"):
        with pytest.raises(InputError):
            store.find(wanted)


def test_a_version_never_changes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = put(store, "aa11", b"1\n")
    put(store, "aa11", b"another\n")
    assert (path / "train-00000.jsonl").read_bytes() == b"1\n"


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.writing("book"), pytest.raises(LockedError), Store(tmp_path).writing("book"):
        pass


def test_what_a_dead_writer_left_is_swept(tmp_path: Path) -> None:
    stale = tmp_path / "datasets" / "book" / ".building-1"
    stale.mkdir(parents=True)
    (stale / "train-00000.jsonl").write_bytes(b"half")
    with Store(tmp_path).writing("book"):
        assert not stale.exists()


def test_a_version_that_is_being_written_is_not_visible(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.writing("book") as folder:
        (folder / "manifest.json").write_text(manifest("aa11").model_dump_json(), encoding="utf-8")
        assert store.versions("book") == []
        with pytest.raises(InputError):
            store.find("book")


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError), store.writing("book") as folder:
        (folder / "train-00000.jsonl").write_bytes(b"half")
        raise RuntimeError
    assert store.versions("book") == []
    assert [p.name for p in store.book("book").iterdir()] == [".lock"]


@pytest.mark.parametrize("harm", ["flip", "cut", "delete"])
def test_verify_names_the_damaged_file(tmp_path: Path, harm: str) -> None:
    path = put(Store(tmp_path), "aa11", b"0123456789\n")
    shard = path / "train-00000.jsonl"
    verify(path)
    {"flip": lambda: shard.write_bytes(b"0123456780\n"), "cut": lambda: shard.write_bytes(b"01234"),
     "delete": shard.unlink}[harm]()  # fmt: skip
    with pytest.raises(StoreError, match=r"train-00000\.jsonl"):
        verify(path)


def test_a_broken_manifest_is_a_store_error(tmp_path: Path) -> None:
    path = put(Store(tmp_path), "aa11", b"1\n")
    (path / "manifest.json").write_bytes(b'{"name": "book"')
    with pytest.raises(StoreError):
        read_manifest(path)


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.curate.test_store import put
from curate.store import Store
number = int(sys.argv[3])
while True:
    put(Store(Path(sys.argv[1])), f"{number:08x}", b"row\\n" * 20000)
    print(f"{number:08x}", flush=True)
    number += 1
"""


def test_a_kill_at_any_moment_leaves_only_whole_versions(tmp_path: Path) -> None:
    root = str(Path(__file__).parent.parent.parent)
    said: set[str] = set()
    for attempt in range(10):
        command = [sys.executable, "-c", WRITER, str(tmp_path), root, str(attempt * 100_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            said.add(writer.stdout.readline().strip())
            time.sleep(0.013 * attempt)
            os.kill(writer.pid, signal.SIGKILL)
            said |= {line.strip() for line in writer.stdout if len(line) == 9}
    store = Store(tmp_path)
    assert said <= set(store.versions("book"))
    for id in store.versions("book"):
        assert verify(store.version("book", id)).id == id
    put(store, "ffffffff", b"the next one\n")
    assert store.head("book") == "ffffffff"


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
        "print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.kill()
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
