"""Rows for people who read a dataset as a table: one a record, of what is trained on, asked and waited for."""

import polars as pl

from schemas.bilingual import Bilingual

SHEETS: dict[str, Bilingual] = {
    "train": Bilingual("Training", "训练"),
    "exam": Bilingual("Exam", "考题"),
    "review": Bilingual("Review", "待审"),
}
"""What a row may be of, in this order."""
COLUMNS: dict[str, Bilingual] = {
    "id": Bilingual("id", "编号"),
    "kind": Bilingual("kind", "类别"),
    "lang": Bilingual("language", "语言"),
    "turns": Bilingual("messages", "消息数"),
    "question": Bilingual("question", "问题"),
    "answer": Bilingual("answer", "回答"),
    "conversation": Bilingual("whole conversation", "完整对话"),
    "file": Bilingual("source file", "来源文件"),
    "rows": Bilingual("row", "原始行"),
    "tags": Bilingual("tags", "标签"),
    "part": Bilingual("part", "分段"),
}
"""The columns of a row, as people read them."""
NUMBERS = ("turns", "part")
READING = pl.Schema({"sheet": pl.String, **{name: pl.Int64 if name in NUMBERS else pl.String for name in COLUMNS}})
"""`kind` is that of a record, or the probe of a question. `rows` are row numbers with commas between them.

A text that is longer than a cell goes on in the next row, with the same id and the next `part`, from 1.
"""
