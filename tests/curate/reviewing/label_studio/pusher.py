"""Pushes in a process of its own, to be killed: for every line on standard input a child that pushes all the tasks.

    python -m tests.curate.reviewing.label_studio.pusher FOLDER

A line has an address, a token, the name of a dataset, and which text the records have. Prints the number of each child,
and how it ended. The imports are made once.
"""

import os
import sys
from pathlib import Path

import curate.reviewing.label_studio.server  # noqa: F401  loaded once, for all children
from schemas.review import ReviewTask
from tests.curate.reviewing.label_studio.tasks import conflict_task, review_task, way_to


def tasks_to_push(text: str) -> list[ReviewTask]:
    """Records in three texts of one answer, and conflicts."""
    return [*(review_task(n, f"问题 {n}？", f"{text} {n}") for n in range(6)), conflict_task(7), conflict_task(8)]


def main() -> None:
    for line in sys.stdin:
        url, token, dataset, text = line.split()
        child = os.fork()
        if not child:
            way_to(url, token, Path(sys.argv[1]), dataset).push(tasks_to_push(text), 1)
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
