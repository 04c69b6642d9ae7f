"""The lines of a page of the list: what the index knows of each, and the beginning of what is asked and answered."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple

from curate.web.rows.loaded_index import IndexLine
from schemas.stage_names import typed_name

BEGINNING = 200
"""Characters of a text that the list is given."""
SEEN = 100
"""Those that it shows at least."""
AROUND = 24
"""Characters before a hit that are shown, and half of those behind it."""
LEFT = ("dropped", "review")


class ListedRow(NamedTuple):
    """A line of the list. `stage` is where it left, `question` and `answer` are the beginnings of the first of each;
    `turns` counts the messages, 0 where the version does not hold them. `hit` is the text that was looked for, with
    what stands before and behind it, where it is not among these.
    """

    line: IndexLine
    stage: str
    question: str
    answer: str
    turns: int
    hit: tuple[str, str, str] | None = None

    @property
    def source(self) -> str:
        """Name the raw file and the first row, or who wrote it."""
        return self.line.file if self.line.row is None else f"{self.line.file}:{self.line.row}"


def listed_rows(
    folder: Path, lines: Sequence[IndexLine], made_again: Mapping[str, Any], text: str = ""
) -> list[ListedRow]:
    """Read the texts of these lines out of the files of a version; `made_again` are those that it does not hold, and
    `text` is what was looked for.
    """
    with ExitStack() as opened:
        files: dict[str, IO[bytes]] = {}
        rows = []
        for line in lines:
            messages = made_again.get(line.key, ())
            if line.shard is not None:
                if line.shard not in files:
                    files[line.shard] = opened.enter_context((folder / line.shard).open("rb"))
                messages = messages_of(record_at(files[line.shard], line))
            rows.append(_listed(line, messages, text))
        return rows


def record_at(file: IO[bytes], line: IndexLine) -> dict[str, Any]:
    """Read the record of a line of the index that has one."""
    file.seek(line.offset or 0)
    record: dict[str, Any] = json.loads(file.read(line.length or 0))
    return record


def messages_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the messages of a record; a question of the exam has its reference as the last answer."""
    answer = [{"role": "assistant", "content": record["reference"]}] if record.get("reference") else []
    return [*record["messages"], *answer]


def leaving_stage(line: IndexLine) -> str:
    """Name the stage at which a record or a row left, as the ledger has it; empty for what stayed."""
    notes = [note.split(":", 2) for note in line.notes.split(" ") if note]
    left = [stage for stage, verdict, reason in notes if verdict in LEFT and reason == (line.reason or "")]
    return left[0] if left and line.ends in LEFT else ""


def _listed(line: IndexLine, messages: Sequence[Mapping[str, Any]], text: str) -> ListedRow:
    roles = [message["role"] for message in messages]
    asked = roles.index("user") if "user" in roles else None
    answered = roles.index("assistant", asked or 0) if "assistant" in roles[asked or 0 :] else None
    question, answer = (messages[at]["content"][:BEGINNING] if at is not None else "" for at in (asked, answered))
    hit = _hit(messages, text) if text and text not in question[:SEEN] and text not in answer[:SEEN] else None
    return ListedRow(line, typed_name(leaving_stage(line)), question, answer, len(messages), hit)


def _hit(messages: Sequence[Mapping[str, Any]], text: str) -> tuple[str, str, str] | None:
    """Find the first message that holds the text, and what stands around it there."""
    for content in (message["content"] for message in messages):
        if (at := content.find(text)) >= 0:
            end = at + len(text)
            return content[max(0, at - AROUND) : at], text, content[end : end + 2 * AROUND]
    return None
