"""OpenAI messages, one conversation a line: what most trainers read."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import LLAMA_FACTORY_MESSAGES, ExportFormat, text
from curate.publish.export_formats._jsonl import OURS, read_rows, write_rows
from schemas.formats.messages import Messages as MessagesFormat


class MessagesExport(ExportFormat):
    """`messages` of `role` and `content`, in JSONL."""

    title_zh: ClassVar[str] = "OpenAI messages，每行一段对话（JSONL）"
    suffix: ClassVar[str] = ".jsonl"
    media_type: ClassVar[str] = "application/jsonlines"
    features: ClassVar[tuple[dict[str, Any], ...]] = (
        *map(text, OURS),
        {"name": "messages", "list": [text("role"), text("content")]},
    )
    llama_factory: ClassVar[dict[str, Any] | None] = LLAMA_FACTORY_MESSAGES

    def write(self, records: pl.DataFrame, path: Path) -> None:
        write_rows(records, path, MessagesFormat())

    def read(self, path: Path) -> pl.DataFrame:
        return read_rows(path, MessagesFormat())
