"""A real Label Studio server on this machine, out of the environment and the data folder that `make clients` makes."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from tests.clients import HOME

CLIENT = HOME / "labelstudio"
PROGRAM, DATA = CLIENT / "bin" / "label-studio", CLIENT / "data"
SECONDS = 120
"""At most, until it answers."""


class Person(NamedTuple):
    email: str
    password: str
    token: str


class RealServer(NamedTuple):
    url: str
    people: tuple[Person, ...]
    """Members of its organization; the first owns it."""
    log: Path


def missing() -> str:
    """Say why there can be no such server here; empty where there can."""
    if not (PROGRAM.is_file() and DATA.is_dir()):
        return "the client 'labelstudio' is not installed; `make clients` does it"
    return ""


@contextmanager
def real_server(folder: Path) -> Iterator[RealServer]:
    """Serve until the block ends, with the data in a fresh folder."""
    process, server = start(folder)
    try:
        yield server
    finally:
        process.terminate()
        process.wait()


def start(folder: Path) -> tuple[subprocess.Popen[bytes], RealServer]:
    shutil.copytree(DATA, folder)
    people = tuple(Person(**person) for person in json.loads((folder / "users.json").read_text(encoding="utf-8")))
    port, log = _free_port(), folder / "server.log"
    command = [str(PROGRAM), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--log-level", "ERROR"],
            env=_clean_environment(folder, port),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process, RealServer(f"http://127.0.0.1:{port}", people, log)


def _clean_environment(folder: Path, port: int) -> dict[str, str]:
    """It also reads variables with names like HOST, PORT, DEBUG and USERNAME."""
    return {
        "PATH": f"{CLIENT}/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_PORT": str(port),
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "True",
        "COLLECT_ANALYTICS": "False",
        "LATEST_VERSION_CHECK": "False",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LOG_LEVEL": "ERROR",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener, end = build_opener(ProxyHandler({})), time.monotonic() + SECONDS
    while True:
        written = log.read_text(encoding="utf-8", errors="replace")
        if process.poll() is not None or "is in use." in written or time.monotonic() > end:
            raise OSError(f"no Label Studio at {url}: {written[-2000:]}")  # where its port is taken, it moves on
        try:
            with opener.open(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
