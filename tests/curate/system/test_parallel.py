"""Several cores give the same as one, in the same order, and no process outlives the one that started it."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import parent_process
from pathlib import Path

import pytest

from curate.system.parallel import Cores
from schemas.errors import ServiceError

WORK = """
import sys, time
from curate.system.parallel import Cores

def work(piece):
    time.sleep(0.02)
    return piece

if __name__ == "__main__":
    with Cores(2) as cores:
        for n, done in enumerate(cores.map(work, lambda n: n, range(5_000))):
            if n == int(sys.argv[1]):
                print("begun", flush=True)
"""


def squared(number: int) -> int:
    return number * number


def slow(number: int) -> tuple[int, int]:
    time.sleep(0.01)
    return number, os.getpid()


def bad(number: int) -> int:
    """Cannot be done by any process but the first."""
    time.sleep(0.01)
    if parent_process():
        raise ValueError("a piece that cannot be done")
    return number


def killed(number: int) -> int:
    """Kills any process but the first, as a system does that runs out of memory."""
    time.sleep(0.01)
    if parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("count", [0, 1, 2, 3, 300])
def test_what_comes_back_stands_in_the_order_of_what_was_given(count: int) -> None:
    with Cores(2, worth=0) as cores:
        assert list(cores.map(squared, lambda n: n + 1, range(count))) == [(n + 1) ** 2 for n in range(count)]
        assert cores.shared is (count > 1)


def test_other_processes_do_their_part_in_its_place() -> None:
    with Cores(3, worth=0) as cores:
        done = list(cores.map(slow, lambda n: n, range(300)))
    assert [number for number, _ in done] == list(range(300))
    assert len({process for _, process in done}) > 1


def test_one_core_and_a_job_that_is_not_worth_it_start_no_process() -> None:
    an_hour = (
        3600.0  # the cores take the time of the first pieces: on a busy machine a short job may look like a long one
    )
    with Cores(1, worth=0) as one, Cores(2, worth=an_hour) as cores:
        assert list(one.map(squared, lambda n: n, range(300)))
        assert list(cores.map(squared, lambda n: n, range(300)))
        assert not one.shared and not cores.shared


def test_an_error_of_another_process_is_that_of_the_work() -> None:
    with Cores(3, worth=0) as cores, pytest.raises(ValueError, match="a piece that cannot be done"):
        list(cores.map(bad, lambda n: n, range(300)))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_is_killed_ends_the_work_in_a_sentence() -> None:
    """Poisoned: what it was doing is lost, and nothing goes on as if it were not."""
    with Cores(3, worth=0) as cores, pytest.raises(ServiceError, match="was killed from outside"):
        list(cores.map(killed, lambda n: n, range(300)))


def test_a_program_that_no_other_process_can_import_works_alone(tmp_path: Path) -> None:
    """Poisoned: without a guard of its main part, every process that is started begins the program anew and fails."""
    program = WORK.replace('if __name__ == "__main__":', "if True:").replace("sleep(0.02)", "sleep(0.01)")
    (tmp_path / "work.py").write_text(program.replace("5_000", "200"), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, tmp_path / "work.py", "199"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "begun\n")


def alive(group: int) -> list[int]:
    """The processes of a session that have not ended."""
    every = subprocess.run(["ps", "-eo", "pid=,sid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in every.splitlines())
    return [int(pid) for pid, session, state in rows if int(session) == group and not state.startswith("Z")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("begun", [1, 3, 200], ids=["starting", "started", "at work"])
@pytest.mark.parametrize(("number", "group"), [("SIGKILL", False), ("SIGINT", False), ("SIGINT", True)])
def test_no_process_outlives_the_one_that_started_it(tmp_path: Path, number: str, group: bool, begun: int) -> None:
    """Poisoned: killed, or interrupted alone or as a terminal does it, at three moments."""
    (tmp_path / "work.py").write_text(WORK, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(
        [sys.executable, tmp_path / "work.py", str(begun)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout and running.stdout.readline() == "begun\n"
    assert len(alive(running.pid)) > 1
    (os.killpg if group else os.kill)(running.pid, getattr(signal, number))
    _, err = running.communicate(timeout=30)
    assert err.count("Traceback") <= (number == "SIGINT")
    until = time.monotonic() + 10
    while alive(running.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(running.pid)
