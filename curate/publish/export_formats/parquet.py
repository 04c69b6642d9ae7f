"""Parquet: the records as they are, with their types."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from curate.publish.export_formats import LLAMA_FACTORY_MESSAGES, ExportFormat
from schemas.bilingual import Bilingual
from schemas.frame import SCHEMA


class ParquetExport(ExportFormat):
    """All fields of a record with their types, `messages` of `role` and `content`."""

    title_zh: ClassVar[str] = "Parquet，保留全部字段和类型"
    for_whom: ClassVar[Bilingual] = Bilingual(
        "for engineers: all fields with their types", "给工程师：保留全部字段和类型"
    )
    suffix: ClassVar[str] = ".parquet"
    media_type: ClassVar[str] = "application/x-parquet"
    features: ClassVar[tuple[dict[str, Any], ...]] = ()
    """The file itself says them."""
    llama_factory: ClassVar[dict[str, Any] | None] = LLAMA_FACTORY_MESSAGES

    def write(self, records: pl.DataFrame, path: Path) -> None:
        records.select(SCHEMA.names()).sort("id").write_parquet(path, compression="zstd")

    def read(self, path: Path) -> pl.DataFrame:
        return pl.read_parquet(path).cast(SCHEMA).sort("id")
