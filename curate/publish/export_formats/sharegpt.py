"""ShareGPT, one conversation a line."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import ExportFormat, text
from curate.publish.export_formats._jsonl import OURS, read_rows, write_rows
from schemas.bilingual import Bilingual
from schemas.formats.sharegpt import Sharegpt as SharegptFormat


class SharegptExport(ExportFormat):
    """`conversations` of `from` (system, human, gpt) and `value`, in JSONL."""

    title_zh: ClassVar[str] = "ShareGPT，每行一段对话（JSONL）"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for training with LLaMA-Factory, as ShareGPT writes it", "训练用：LLaMA-Factory，ShareGPT 写法"
    )
    suffix: ClassVar[str] = ".jsonl"
    media_type: ClassVar[str] = "application/jsonlines"
    features: ClassVar[tuple[dict[str, Any], ...]] = (
        *map(text, OURS),
        {"name": "conversations", "list": [text("from"), text("value")]},
    )
    llama_factory: ClassVar[dict[str, Any] | None] = {
        "formatting": "sharegpt",
        "columns": {"messages": "conversations"},
        "tags": {
            "role_tag": "from",
            "content_tag": "value",
            "user_tag": "human",
            "assistant_tag": "gpt",
            "system_tag": "system",
        },
    }

    def write(self, records: pl.DataFrame, path: Path) -> None:
        write_rows(records, path, SharegptFormat())

    def read(self, path: Path) -> pl.DataFrame:
        return read_rows(path, SharegptFormat())
