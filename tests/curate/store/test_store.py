"""A version is there whole or not at all, and never changes."""

import fcntl
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from curate.store.gc import collect_garbage, find_garbage, reachable
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
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


def test_a_second_writer_is_told_at_once_who_writes(tmp_path: Path) -> None:
    with Store(tmp_path).writing("book"), pytest.raises(LockedError) as caught, Store(tmp_path).writing("book"):
        pass
    assert f"process {os.getpid()} on " in str(caught.value)
    assert re.search(r"for \d+ seconds", str(caught.value))
    assert caught.value.exit_code == 3


def test_a_lock_without_an_owner_is_a_lock(tmp_path: Path) -> None:
    with Store(tmp_path).writing("book"):
        (tmp_path / "datasets" / "book" / ".lock").write_bytes(b"")
        with pytest.raises(LockedError), Store(tmp_path).writing("book"):
            pass


def test_versions_make_a_history(tmp_path: Path) -> None:
    store = Store(tmp_path)
    paths = [put(store, id, id.encode()) for id in ("aa11", "bb22", "cc33")]
    assert [read_manifest(path).parents for path in paths] == [(), ("aa11",), ("bb22",)]
    put(store, "aa11", b"aa11")
    assert store.head("book") == "aa11"
    assert read_manifest(paths[0]).parents == ()


def test_a_tag_is_found_moved_and_taken_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = put(store, "aa11", b"1\n"), put(store, "bb22", b"2\n")
    store.tag(first, "good")
    assert store.find("book/good") == first
    store.tag(second, "good")
    assert store.find("book/good") == second
    assert store.tags("book") == {"good": "bb22"}
    store.untag("book", "good")
    with pytest.raises(InputError):
        store.find("book/good")
    with pytest.raises(InputError):
        store.untag("book", "good")


@pytest.mark.parametrize("tag", ["abcd", "aa11", "../x", ".hidden", "", "A", "a" * 65, "a/b"])
def test_what_cannot_be_a_tag_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(InputError):
        Store(tmp_path).tag(put(Store(tmp_path), "aa11", b"1\n"), tag)


def test_a_file_that_the_parent_has_too_is_shared(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second, third = put(store, "aa11", b"1\n"), put(store, "bb22", b"1\n"), put(store, "cc33", b"2\n")
    inodes = [(path / "train-00000.jsonl").stat().st_ino for path in (first, second, third)]
    assert inodes[0] == inodes[1] != inodes[2]
    for path in (first, second, third):
        verify(path)


def test_a_folder_whose_manifest_has_no_name_yet_is_no_version_and_is_swept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, "aa11", b"1\n")
    half = tmp_path / "datasets" / "book" / "bb22"
    half.mkdir()
    (half / ".manifest.json").write_bytes(manifest("bb22").to_json())
    assert store.versions("book") == ["aa11"]
    put(store, "cc33", b"3\n")
    assert not half.exists()


def test_a_version_that_lost_its_manifest_is_not_swept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = put(store, "aa11", b"1\n")
    (path / "manifest.json").unlink()
    put(store, "bb22", b"2\n")
    assert (path / "train-00000.jsonl").read_bytes() == b"1\n"


def test_garbage_is_what_nothing_names(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for id in ("aa11", "bb22", "cc33", "aa11"):
        put(store, id, id.encode())
    store.tag(store.version("book", "bb22"), "good")
    assert reachable(store, "book") == {"aa11", "bb22"}
    stale = tmp_path / "datasets" / "book" / ".building-1"
    stale.mkdir()
    assert [thing.path.name for thing in find_garbage(store, "book", "plan.json")] == [".building-1", "cc33"]
    collect_garbage(store, "book", "plan.json")
    assert store.versions("book") == ["aa11", "bb22"]
    assert not stale.exists()


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
    assert [p.name for p in store.dataset("book").iterdir()] == [".lock"]


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
