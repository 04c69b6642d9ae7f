"""A copy elsewhere is whole or no version; what arrives is what was sent."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curate.store.read_version import read_manifest
from curate.store.remote import LocalFolder, RemoteFolder, UrlFolder, pull, push, remote_folder
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest_bytes
from schemas.errors import HornbookError, InputError, ServiceError, StoreError
from schemas.manifest import Manifest, Shard
from schemas.version_files import MANIFEST
from tests.clients import needs, python_of
from tests.curate.history.test_diff import ONE, pairs, version
from tests.curate.store.test_store import put
from tests.program import hornbook

fsspec = pytest.importorskip("fsspec")
SERVER = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server that speaks S3, with an empty bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    server = subprocess.Popen([str(python_of("s3")), "-c", SERVER, str(port)], stdout=log, stderr=log)
    environment = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        wait_for(port)
        fsspec.filesystem("s3").mkdir("books")
        yield "s3://books/shelf"
    finally:
        server.kill()
        server.wait()
        log.close()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError


@pytest.fixture(params=["folder", "file", pytest.param("s3", marks=needs("s3"))])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{tmp_path.name}"
    return f"{'file://' if request.param == 'file' else ''}{tmp_path / 'elsewhere'}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return version(tmp_path_factory.mktemp("shop"), pairs())


def test_a_version_goes_and_comes_back_as_it_was(url: str, shop: Path, tmp_path: Path) -> None:
    assert push(shop, url) is True
    assert push(shop, url) is False
    back = pull("shop", url, Store(tmp_path / "other"))
    assert verify(back).id == shop.name
    assert pull(f"shop/{shop.name[:8]}", url, Store(tmp_path / "other")) == back
    for shard in read_manifest(shop).shards:
        assert (back / shard.name).read_bytes() == (shop / shard.name).read_bytes()


def test_several_versions_lie_side_by_side(url: str, shop: Path, tmp_path: Path) -> None:
    second = version(tmp_path / "second", [ONE, *pairs()])
    push(shop, url)
    push(second, url)
    with pytest.raises(InputError, match="2 versions"):
        pull("shop", url, Store(tmp_path / "other"))
    assert pull(f"shop/{second.name[:10]}", url, Store(tmp_path / "other")).name == second.name
    with pytest.raises(InputError, match="no versions"):
        pull("other", url, Store(tmp_path / "other"))


def test_a_copy_without_a_manifest_is_no_version_and_a_second_push_completes_it(
    url: str, shop: Path, tmp_path: Path
) -> None:
    remote = remote_folder(url)
    shards = read_manifest(shop).shards
    for shard in shards[:3]:
        remote.put(shop / shard.name, f"shop/{shop.name}/{shard.name}")
    damaged = tmp_path / "half"
    damaged.write_bytes(b"half")
    remote.put(damaged, f"shop/{shop.name}/{shards[3].name}")
    with pytest.raises(InputError, match="no versions"):
        pull("shop", url, Store(tmp_path / "other"))
    assert push(shop, url) is True
    verify(pull("shop", url, Store(tmp_path / "other")))


@pytest.mark.parametrize("harm", ["flip", "cut", "grow", "manifest", "stranger"])
def test_what_was_damaged_on_the_way_does_not_get_in(harm: str, url: str, shop: Path, tmp_path: Path) -> None:
    push(shop, url)
    remote = remote_folder(url)
    folder = f"shop/{shop.name}"
    name = MANIFEST if harm in ("manifest", "stranger") else "train-00000.jsonl"
    content = (shop / name).read_bytes()
    other = tmp_path / "harmed"
    other.write_bytes({
        "flip": content.replace("售后".encode(), "售前".encode(), 1), "cut": content[:-1], "grow": content + b"\n",
        "manifest": content[: len(content) // 2], "stranger": content.replace(shop.name.encode(), b"0" * 32),
    }[harm])  # fmt: skip
    remote.put(other, f"{folder}/{name}")
    with pytest.raises(StoreError):
        pull("shop", url, Store(tmp_path / "other"))
    assert Store(tmp_path / "other").versions("shop") == []
    if harm in ("manifest", "stranger"):
        with pytest.raises(StoreError):
            push(shop, url)


def test_a_manifest_whose_names_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("../../evil", "/etc/evil", "a/b", ".hidden", "..", "manifest.json"):
        source = tmp_path / "source" / "book" / "aa11"
        source.mkdir(parents=True, exist_ok=True)
        shard = Shard(name=name, digest=digest_bytes(b"x"), bytes=1, rows=0)
        manifest = Manifest(
            name="book", id="aa11", recipe="r", seed=7, identity=None, inputs=(), records=0, stages=(), shares=(),
            train_rows=0, exam_questions={}, shards=(shard,),
        )  # fmt: skip
        (source / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
        with pytest.raises(StoreError):
            pull("book", str(tmp_path / "source"), Store(tmp_path / "store"))
    assert not list(tmp_path.rglob("evil"))


def test_the_manifest_is_created_once(url: str, tmp_path: Path, shop: Path) -> None:
    remote = remote_folder(url)
    remote.put(shop / "train-00000.jsonl", "book/aa/first")
    remote.create("book/aa/manifest.json", b"one")
    with pytest.raises(OSError):
        remote.create("book/aa/manifest.json", b"two")
    with remote.open("book/aa/manifest.json") as file:
        assert file.read() == b"one"
    assert [n for n in remote.names("book/aa") if not n.startswith(".")] == ["first", "manifest.json"]


class Losing(LocalFolder):
    """A folder that loses the end of every file, as a full disk or a bad proxy does."""

    def put(self, source: Path, path: str) -> None:
        super().put(source, path)
        target = self.root / path
        target.write_bytes(target.read_bytes()[:-1])


def test_a_place_that_loses_bytes_gets_no_manifest(tmp_path: Path, shop: Path) -> None:
    remote: RemoteFolder = Losing(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"train-00000\.jsonl"):
        push(shop, str(tmp_path / "elsewhere"), remote=remote)
    assert not list((tmp_path / "elsewhere").rglob(MANIFEST))


def test_a_damaged_version_is_not_sent(tmp_path: Path) -> None:
    path = put(Store(tmp_path), "aa11", b"1\n")
    (path / "train-00000.jsonl").write_bytes(b"2\n")
    with pytest.raises(StoreError):
        push(path, str(tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_nothing_opens_is_one_sentence(shop: Path) -> None:
    with pytest.raises(InputError, match=r"hornbook\[remote\]"):
        push(shop, "nosuchscheme://x")


@needs("s3")
def test_a_place_that_fails_is_an_outside_service(s3: str, shop: Path, tmp_path: Path) -> None:
    assert isinstance(remote_folder(s3), UrlFolder)
    for failing in (lambda: push(shop, "s3://no-such-bucket/x"), lambda: pull("shop", f"{s3}/none", Store(tmp_path))):
        with pytest.raises(HornbookError) as caught:
            failing()
        assert isinstance(caught.value, ServiceError | InputError)
        assert "http" not in str(caught.value)


KILLED = """
import sys
from pathlib import Path
from curate.store.remote import push
push(Path(sys.argv[1]), sys.argv[2])
print("done", flush=True)
"""


def test_a_push_that_is_killed_leaves_no_half_copy(tmp_path: Path, shop: Path) -> None:
    root = Path(__file__).parents[3]
    for attempt in range(6):
        url = str(tmp_path / str(attempt))
        with subprocess.Popen([sys.executable, "-c", KILLED, str(shop), url], cwd=root, stdout=subprocess.PIPE) as run:
            while not (tmp_path / str(attempt)).exists() and run.poll() is None:
                time.sleep(0.001)
            time.sleep(0.002 * attempt)
            os.kill(run.pid, signal.SIGKILL)
        if list((tmp_path / str(attempt)).rglob(MANIFEST)):
            verify(pull("shop", url, Store(tmp_path / f"store{attempt}")))
        else:
            assert push(shop, url) is True
            verify(pull("shop", url, Store(tmp_path / f"store{attempt}")))


def test_the_commands_push_and_pull(shop: Path, tmp_path: Path) -> None:
    sent = hornbook("push", str(shop), "--to", "elsewhere", "--json", cwd=tmp_path)
    assert sent.returncode == 0, sent.stderr
    assert json.loads(sent.stdout)["sent"] is True
    back = hornbook("pull", "shop", "--from", "elsewhere", "--json", cwd=tmp_path)
    assert json.loads(back.stdout)["version"] == shop.name
    assert hornbook("pull", "none", "--from", "elsewhere", cwd=tmp_path).returncode == 2
