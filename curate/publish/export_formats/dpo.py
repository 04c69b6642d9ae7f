"""Pairs of answers for a training on preferences, one pair a line, as TRL and LLaMA-Factory read them."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import LLAMA_FACTORY_MESSAGES, ExportFormat, text
from curate.store.shards import read_jsonl
from schemas.bilingual import Bilingual
from schemas.digest import canonical
from schemas.preferences import PREFERENCES

NAMES = ("id", "origin", "record", "other", "kind", "lang")
SIDES = ("chosen", "rejected")


def _message() -> list[dict[str, str]]:
    """Declare the fields of a message: anew each time, or YAML would refer from one column to another."""
    return [text("role"), text("content")]


class DpoExport(ExportFormat):
    """`prompt`, `chosen` and `rejected`, lists of `role` and `content`, in JSONL: people prefer what is chosen.

    TRL takes a list of messages where LLaMA-Factory takes one message and, given a list, leaves the pair out. So each
    answer stands there twice: the other columns are `chosen_message` and `rejected_message`.
    """

    title_zh: ClassVar[str] = "偏好对，prompt、chosen、rejected（JSONL）"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for a training on preferences: pairs of answers", "偏好训练用：成对的回答"
    )
    suffix: ClassVar[str] = ".jsonl"
    media_type: ClassVar[str] = "application/jsonlines"
    columns: ClassVar[pl.Schema] = PREFERENCES
    unit: ClassVar[Bilingual] = Bilingual("pairs of answers", "对回答")
    features: ClassVar[tuple[dict[str, Any], ...]] = (
        *map(text, NAMES),
        {"name": "turn", "dtype": "int64"},
        {"name": "prompt", "list": _message()},
        {"name": "chosen", "list": _message()},
        {"name": "rejected", "list": _message()},
        {"name": "chosen_message", "struct": _message()},
        {"name": "rejected_message", "struct": _message()},
    )
    llama_factory: ClassVar[dict[str, Any] | None] = {
        **LLAMA_FACTORY_MESSAGES,
        "ranking": True,
        "columns": {"messages": "prompt", **{side: f"{side}_message" for side in SIDES}},
    }

    def write(self, rows: pl.DataFrame, path: Path) -> None:
        lines = (canonical(_line(pair)) for pair in rows.sort("id").iter_rows(named=True))
        path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8"))

    def read(self, path: Path) -> pl.DataFrame:
        pairs = [
            {
                **{name: line[name] for name in (*NAMES, "turn", "prompt")},
                **{side: _answer(line, side) for side in SIDES},
            }
            for line in read_jsonl(path)
        ]
        return pl.DataFrame(pairs, schema=PREFERENCES).sort("id")


def _line(pair: dict[str, Any]) -> dict[str, Any]:
    answers = {side: {"role": "assistant", "content": pair[side]} for side in SIDES}
    as_lists = {side: [message] for side, message in answers.items()}
    return {**pair, **as_lists, **{f"{side}_message": message for side, message in answers.items()}}


def _answer(line: dict[str, Any], side: str) -> str:
    """Read one answer, which stands there in both ways."""
    text: str = line[f"{side}_message"]["content"]
    return text if line[side] == [line[f"{side}_message"]] else ""
