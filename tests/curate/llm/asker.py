"""Asks in a process of its own, to be killed: for every line on standard input a child that asks all the questions.

    python -m tests.curate.llm.asker URL FOLDER COUNT

Prints the number of each child, and how it ended. The imports are made once.
"""

import os
import sys
from pathlib import Path

from curate.llm.client import Client
from schemas.llm import LlmSettings
from tests.curate.llm.asking import is_echo, questions


def ask(url: str, folder: str, count: int) -> int:
    settings = LlmSettings(base_url=url, model="tiny", key_env="SHOP_KEY", timeout=10, concurrency=4)
    replies = list(Client(settings, Path(folder)).ask(questions(count)))
    return 0 if len(replies) == count and is_echo([reply for _, reply in replies]) else 1


def main() -> None:
    url, folder, count = sys.argv[1:]
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(ask(url, folder, int(count)))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
