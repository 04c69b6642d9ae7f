"""SIGKILL at any moment while a model is asked: no call is paid twice, what came is not asked again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("openai", reason="the extra 'llm' is not installed: pip install 'hornbook[llm]'")

from tests.curate.llm.asking import asked, client, echo, questions
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("HORNBOOK_KILLS", "5"))
CONCURRENCY = 4
MOST_CALLS = 10
"""After so many calls of a run at the latest it is killed."""
COUNT = KILLS * (MOST_CALLS + CONCURRENCY) + 10
KEY = "sk-planted-for-the-kills"


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.002)


def slow_echo(call: Call) -> Reaction:
    return Reaction(content=echo(call).content, seconds=0.01)


def test_no_call_is_paid_twice_over_kills(tmp_path: Path) -> None:
    moments = random.Random(7)
    cache = tmp_path / "replies"
    with FaultyServer(slow_echo) as server:
        command = [sys.executable, "-m", "tests.curate.llm.asker", server.url, str(cache), str(COUNT)]
        environment = {**os.environ, "SHOP_KEY": KEY, "PYTHONPATH": str(ROOT)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, text=True, cwd=ROOT, env=environment, **pipes) as asker:
            assert asker.stdin and asker.stdout and asker.stderr
            for attempt in range(KILLS + 1):
                kept, before = len(list(cache.glob("??/*.json"))), len(server.calls)
                print(file=asker.stdin, flush=True)
                child = int(asker.stdout.readline())
                if attempt < KILLS:
                    most = before + moments.randint(1, MOST_CALLS)
                    wait_until(lambda most=most: len(server.calls) >= most)
                    time.sleep(moments.uniform(0, 0.02))
                    assert KEY.encode() not in Path(f"/proc/{child}/cmdline").read_bytes()
                    os.kill(child, signal.SIGKILL)
                code = int(asker.stdout.readline())
                assert code == (-signal.SIGKILL if attempt < KILLS else 0)
                asked = [call.data["question"] for call in server.calls[before:]]
                assert len(asked) == len(set(asked)) <= COUNT - kept  # nothing that was kept is asked again
            assert len(asked) == COUNT - kept
            asker.stdin.close()
            assert KEY not in asker.stderr.read()

        assert len(server.charged) == len(set(server.charged)) == COUNT
        assert COUNT < len(server.calls) <= COUNT + KILLS * CONCURRENCY  # what a server without the keys would charge
        assert {call.headers["authorization"] for call in server.calls} == {f"Bearer {KEY}"}
    assert not list(cache.rglob(".*"))
    assert not [path for path in cache.rglob("*.json") if KEY in path.read_text(encoding="utf-8")]


def test_a_call_that_is_paid_twice_would_be_seen(tmp_path: Path) -> None:
    with FaultyServer(slow_echo) as server:
        for folder in ("a", "b"):
            asked(client(server, tmp_path / folder), questions(2))
        assert len(server.charged) == 2  # one endpoint, one key: the server answers again what it answered
        asked(client(server, tmp_path / "c", model="other"), questions(2))
        assert len(server.charged) == 4
