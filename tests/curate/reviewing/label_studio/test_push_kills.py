"""SIGKILL while tasks are pushed: no task twice, none missing, whatever the server did with the last call."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

pytest.importorskip("label_studio_sdk", reason="the extra 'review' is not installed: pip install 'hornbook[review]'")

from tests.curate.reviewing.label_studio.proxy import PASSES, Fate, Moment, Proxy, Request
from tests.curate.reviewing.label_studio.pusher import tasks_to_push
from tests.curate.reviewing.label_studio.real_server import RealServer
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.label_studio.tasks import review_task, way_to

ROOT = Path(__file__).parents[4]
KILLS = int(os.environ.get("HORNBOOK_KILLS", "50"))
WRITES: tuple[Moment, ...] = ("at once", "after the work")
"""A push makes two projects and fills them: each of these calls is once not made, and once made without an answer."""


class Pusher:
    """The process that pushes, and what it is to be killed at."""

    def __init__(self, streams: tuple[IO[str], IO[str]], server: RealServer) -> None:
        self._to, self._from = streams
        self._token = server.people[0].token
        self.fate: Callable[[Request], Fate] = lambda request: PASSES
        self._child = 0

    def __call__(self, request: Request) -> Fate:
        fate = self.fate(request)
        if fate.cut:
            os.kill(self._child, signal.SIGKILL)
        return fate

    def push(self, url: str, dataset: str, text: str = "答") -> int:
        print(url, self._token, dataset, text, file=self._to, flush=True)
        self._child = int(self._from.readline())
        return int(self._from.readline())


@contextmanager
def pusher(server: RealServer, folder: Path) -> Iterator[tuple[Pusher, Proxy]]:
    command = [sys.executable, "-m", "tests.curate.reviewing.label_studio.pusher", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, cwd=ROOT, env=environment, **pipes) as process:
        assert process.stdin and process.stdout
        pushing = Pusher((process.stdin, process.stdout), server)
        with Proxy(pushing, server.url) as proxy:
            yield pushing, proxy
        process.stdin.close()


def first_write(moment: Moment) -> Callable[[Request], Fate]:
    return lambda request: Fate(cut=True, when=moment) if request.writes else PASSES


def there(reviewer: Reviewer, dataset: str) -> Counter[str]:
    projects = reviewer.projects(dataset)
    assert len(projects) <= 2
    return Counter(task["data"]["key"] for project in projects for task in reviewer.tasks(project["id"]))


def test_no_task_is_lost_or_doubled_where_each_call_that_writes_is_killed(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    keys = Counter(task.key for task in tasks_to_push("答"))
    with pusher(server, tmp_path) as (pushing, proxy):
        for moment in WRITES * 4:
            pushing.fate = first_write(moment)
            assert pushing.push(proxy.url, "killed") == -signal.SIGKILL
        assert not there(reviewers[0], "killed") - keys
        pushing.fate = lambda request: PASSES
        assert pushing.push(proxy.url, "killed") == 0
        assert there(reviewers[0], "killed") == keys


@pytest.mark.slow
def test_no_task_is_lost_or_doubled_over_kills_at_any_moment(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    """The texts change on the way, so that old tasks are closed too. What a killed push has asked for may come late,
    even after the next one: the one after that finds it.
    """
    moments = random.Random(11)
    kills = 0
    with pusher(server, tmp_path) as (pushing, proxy):
        while kills < KILLS:
            dataset = f"kills-{kills}"
            for attempt in range(4):
                last = len(proxy.requests) + moments.randint(1, 9)
                when = moments.choice(("at once", "after the work", "during the work"))
                pushing.fate = lambda r, last=last, when=when: Fate(cut=r.number >= last, when=when)
                kills += pushing.push(proxy.url, dataset, f"答{attempt // 2}") == -signal.SIGKILL
            pushing.fate = lambda request: PASSES
            assert pushing.push(proxy.url, dataset, "终") == 0
            proxy.wait_for_the_server()
            assert pushing.push(proxy.url, dataset, "终") == 0
            assert there(reviewers[0], dataset) == Counter(task.key for task in tasks_to_push("终"))


def test_a_task_that_is_sent_without_a_look_would_be_seen(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    task = review_task(1)
    way_to(server.url, server.people[0].token, tmp_path, "poisoned").push([task], 1)
    (project,) = reviewers[0].projects("poisoned")
    content = reviewers[0].tasks(project["id"])[0]["data"]
    reviewers[0].call("POST", f"/api/projects/{project['id']}/import", [{"data": content}])
    assert there(reviewers[0], "poisoned") == {task.key: 2}
