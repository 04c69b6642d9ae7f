"""One real server for all tests of a session, whatever process they run in."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.curate.reviewing.label_studio.real_server import Person, RealServer, missing, start
from tests.curate.reviewing.label_studio.reviewers import Reviewer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    if why := missing():
        pytest.skip(why)
    base = tmp_path_factory.getbasetemp()
    with shared_server((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "label-studio") as shared:
        yield shared


@pytest.fixture(scope="session")
def reviewers(server: RealServer) -> list[Reviewer]:
    return [Reviewer(server.url, person) for person in server.people]


@contextmanager
def shared_server(folder: Path) -> Iterator[RealServer]:
    """Join the server that another process has started, or start it, and end it when the last has gone."""
    folder.mkdir(exist_ok=True)
    state, mine, process = folder / "server.json", folder / f"user-{os.getpid()}", None
    with locked(folder):
        if state.exists():
            written = json.loads(state.read_text(encoding="utf-8"))
            server = RealServer(written["url"], tuple(Person(**one) for one in written["people"]), Path(written["log"]))
        else:
            process, server = start(folder / f"data-{os.getpid()}")
            people = [person._asdict() for person in server.people]
            state.write_text(json.dumps({"url": server.url, "people": people, "log": str(server.log)}))
        mine.touch()
    try:
        yield server
    finally:
        mine.unlink()
        while process and process.poll() is None:
            with locked(folder):
                if not any(is_running(int(user.name.removeprefix("user-"))) for user in folder.glob("user-*")):
                    state.unlink()
                    process.terminate()
                    process.wait()
            time.sleep(0.1)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_running(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
