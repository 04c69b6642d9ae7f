"""A chat template is a program that came with the model: it is tried on a short conversation before it is trusted.

The sandbox that runs it keeps it from files, but not from looping, counting or growing without end, and some of that
no exception can interrupt: `10 ** 10 ** 10` is one operation. So the trial has a process of its own, with limits.
"""

import multiprocessing
import os
import resource
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jinja2.exceptions import TemplateError

from train.models.folder_checks import unusable

CPU_SECONDS, SECONDS = 3, 60
"""How long a trial may take: of a processor, and by the clock of a machine that is busy."""
BYTES = 1 << 29
"""Memory that a trial may take beyond what is there."""
LONGEST = 100_000
"""Characters of a short conversation; the longest system prompts of real templates take a tenth of that."""
WORDS = ("hornbookasks", "hornbookanswers", "hornbookasksagain", f"hornbookanswersaga{'i' * 40}n")
"""What is said; the last word is long, because a pattern that searches for ever takes twice as long for each letter."""
TALK = [{"role": ("user", "assistant")[n % 2], "content": word} for n, word in enumerate(WORDS)]


def check_chat_template(tokenizer: Any, folder: Path) -> None:
    """Raise InputError when the template does not render a short conversation, quickly and with all its words."""
    if not tokenizer.chat_template:
        raise unusable(folder, "it has no chat template", "没有对话模板（chat template）")

    ours, theirs = multiprocessing.Pipe(duplex=False)
    trial = multiprocessing.get_context("fork").Process(target=_try_out, args=(tokenizer, theirs), daemon=True)
    trial.start()
    theirs.close()
    outcome = "endless"
    try:
        if ours.poll(SECONDS):
            with suppress(EOFError):  # the system ended it
                outcome = ours.recv()
    finally:
        trial.kill()
        trial.join()

    if outcome == "endless":
        raise unusable(
            folder,
            "its chat template or its tokenizer goes on without end, even on a short conversation",
            "它的对话模板（chat template）或分词器连一段很短的对话也处理不完",
        )
    if outcome == "words":
        raise unusable(
            folder,
            "its chat template leaves out what a conversation says",
            "它的对话模板（chat template）丢掉了对话的内容",
        )
    if outcome:
        raise unusable(
            folder,
            f"its chat template or its tokenizer fails on a short conversation ({outcome})",
            f"它的对话模板（chat template）或分词器处理不了一段很短的对话（{outcome}）",
        )


def _try_out(tokenizer: Any, answer: Connection) -> None:
    """Render the beginnings of the conversation, and send what is wrong with them; "" for nothing."""
    _limit()
    try:
        answer.send(_fault(tokenizer))
    except MemoryError:
        answer.send("endless")
    except BaseException as error:  # noqa: BLE001 - a template may raise whatever it likes, a tokenizer more than that
        answer.send(type(error).__name__)


def _fault(tokenizer: Any) -> str:
    for turns in range(1, len(TALK) + 1):
        text = tokenizer.apply_chat_template(TALK[:turns], tokenize=False, add_generation_prompt=turns % 2 == 1)
        if len(text) > LONGEST:
            return "endless"
        if not all(word in text for word in WORDS[:turns]):
            return "words"
        tokenizer(text, add_special_tokens=False)

    # Many templates refuse a system message, and may; they must come to an end with one, too.
    with suppress(TemplateError):
        system = {"role": "system", "content": WORDS[0]}
        if len(tokenizer.apply_chat_template([system, *TALK], tokenize=False)) > LONGEST:
            return "endless"
    return ""


def _limit() -> None:
    """Let the system end this process when it takes too long, and refuse it too much memory and a voice."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 2)  # where a tokenizer would complain
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(OSError):  # Linux alone tells how much is there
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
