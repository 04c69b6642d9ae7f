"""Alpaca, one conversation a line: the last exchange, with those before it as history."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import ExportFormat, text
from curate.publish.export_formats._jsonl import OURS, read_rows, write_rows
from schemas.bilingual import Bilingual
from schemas.formats.alpaca import Alpaca as AlpacaFormat


class AlpacaExport(ExportFormat):
    """`instruction`, `input` (empty), `output`, `history` and `system`, in JSONL.

    Questions and answers must take turns, and a system message must not be empty.
    """

    title_zh: ClassVar[str] = "Alpaca，历史轮次放在 history（JSONL）"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for training with LLaMA-Factory, as Alpaca writes it", "训练用：LLaMA-Factory，Alpaca 写法"
    )
    suffix: ClassVar[str] = ".jsonl"
    media_type: ClassVar[str] = "application/jsonlines"
    features: ClassVar[tuple[dict[str, Any], ...]] = (
        *map(text, OURS),
        *map(text, ("instruction", "input", "output", "system")),
        {"name": "history", "list": {"list": "string"}},
    )
    llama_factory: ClassVar[dict[str, Any] | None] = {
        "formatting": "alpaca",
        "columns": {
            "prompt": "instruction",
            "query": "input",
            "response": "output",
            "history": "history",
            "system": "system",
        },
    }

    def write(self, records: pl.DataFrame, path: Path) -> None:
        write_rows(records, path, AlpacaFormat())

    def read(self, path: Path) -> pl.DataFrame:
        return read_rows(path, AlpacaFormat())
