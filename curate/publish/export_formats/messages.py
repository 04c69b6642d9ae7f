"""OpenAI messages, one conversation a line: what most trainers read."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import LLAMA_FACTORY_MESSAGES, ExportFormat, text
from curate.publish.export_formats._jsonl import OURS, read_rows, write_rows
from schemas.bilingual import Bilingual
from schemas.formats.messages import Messages as MessagesFormat


class MessagesExport(ExportFormat):
    """`messages` of `role` and `content`, in JSONL."""

    title_zh: ClassVar[str] = "OpenAI messages，每行一段对话（JSONL）"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for training: what most trainers read (TRL, LLaMA-Factory)", "训练用：多数训练工具都能读（TRL、LLaMA-Factory）"
    )
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
