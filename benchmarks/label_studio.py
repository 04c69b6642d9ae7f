"""A thousand conversations of JDDC and CrossWOZ to a real Label Studio on this machine and back, by the clock.

Run with `python -m benchmarks.label_studio`, after `make clients CLIENTS=labelstudio`. The server runs beside it, on
the same cores. What two reviewers decided is imported, as nobody presses 2,000 keys for a benchmark.
"""

import gzip
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.reviewing.label_studio.task_text import TaskText
from schemas.digest import digest
from schemas.record import Message
from schemas.review import ReviewTask, shown_digest
from tests.curate.reviewing.label_studio.real_server import RealServer, missing, real_server
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.label_studio.tasks import by_key, chosen, way_to, written
from tests.public_data import DATA

LOGS = DATA / "logs-zh"
HALF = 500
IMPORT = 200
"""Tasks of one import with what was decided: it takes longer than one without."""


def crosswoz() -> Iterator[list[tuple[str, str]]]:
    with zipfile.ZipFile(LOGS / "crosswoz__val.json.zip") as archive:
        talks = json.loads(archive.read("val.json"))
    for talk in talks.values():
        yield [("user" if turn["role"] == "usr" else "assistant", turn["content"]) for turn in talk["messages"]]


def jddc() -> Iterator[list[tuple[str, str]]]:
    with gzip.open(LOGS / "jddc__sessions.tsv.gz", "rt", encoding="utf-8") as file:
        rows = (line.rstrip("\n").split("\t") for line in file)
        for _, session in groupby(rows, key=lambda row: row[0]):
            yield [("assistant" if row[2] == "1" else "user", row[6]) for row in session]


def tasks_of(name: str, talks: Iterable[list[tuple[str, str]]]) -> Iterator[ReviewTask]:
    for number, talk in zip(range(HALF), talks, strict=False):
        messages = tuple(Message.model_validate({"role": role, "content": text}) for role, text in talk)
        shown = (shown_digest([message.model_dump() for message in messages]),)
        yield ReviewTask(
            id=digest(name, number),
            asked="record",
            kind="domain",
            lang="zh",
            messages=messages,
            why=("sample",),
            shown=shown,
            source=f"{name}:{number + 1}",
        )


def decide(server: RealServer, project: int, tasks: list[ReviewTask]) -> None:
    """Import the tasks with two annotations each."""
    reviewer, text = Reviewer(server.url, server.people[0]), TaskText("zh")
    people = [person["id"] for person in reviewer.call("GET", "/api/users/")[:2]]

    def annotated(task: ReviewTask) -> dict[str, Any]:
        edit = [chosen("verdict", "edit"), written("answer_0", f"{task.messages[-1].content}（改）")]
        results = ([chosen("verdict", "accept")], edit)
        decisions = [
            {"result": result, "completed_by": person, "lead_time": 7.5}
            for person, result in zip(people, results, strict=True)
        ]
        return {"data": text.content(task), "annotations": decisions}

    for start in range(0, len(tasks), IMPORT):
        portion = [annotated(task) for task in tasks[start : start + IMPORT]]
        reviewer.call("POST", f"/api/projects/{project}/import", portion)


def measured(table: Table, what: str, limit: str, call: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = call()
    table.add_row(what, f"{time.perf_counter() - start:.2f} s", limit)
    return result


def main() -> None:
    if why := missing() or ("" if LOGS.is_dir() else f"there is no {LOGS}"):
        sys.exit(why)
    tasks = [*tasks_of("jddc", jddc()), *tasks_of("crosswoz", crosswoz())]
    table = Table("what", "seconds", "limit", title=f"{len(tasks)} records")
    with tempfile.TemporaryDirectory() as folder, real_server(Path(folder) / "server") as server:
        way = way_to(server.url, server.people[0].token, Path(folder))
        measured(table, "the SDK and a first call", "", lambda: way.status({}))
        pushed = measured(table, "push", "5 s", lambda: way.push(tasks, 2))
        again = measured(table, "push of nothing new", "2 s", lambda: way.push(tasks, 2))
        closed = measured(table, "close", "", lambda: way.close(by_key(tasks)))
        decide(server, int(pushed.where.rpartition("/projects/")[2].partition("/")[0]), tasks)
        opinions = measured(table, "pull of two decisions each", "8 s", lambda: list(way.pull(by_key(tasks))))
        status = measured(table, "status", "", lambda: way.status(by_key(tasks)))
    Console().print(table)
    right = (pushed.new, again.there, closed, len(opinions), status.decided) == (
        *[len(tasks)] * 3,
        2 * len(tasks),
        1000,
    )
    sys.exit(None if right else f"not all came: {pushed}, {again}, {closed}, {len(opinions)}, {status}")


if __name__ == "__main__":
    main()
