"""A version as rows for people: what is trained on, what the exam asks, what waits for review; and what is said of it.

Whatever hides or moves in a text is written as a stand-in, and what a cell cannot hold goes on in the next row.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.store.shards import read_jsonl
from schemas.bilingual import Bilingual
from schemas.hidden_characters import with_stand_ins
from schemas.input import Input
from schemas.kind_names import KIND_NAMES
from schemas.manifest import Manifest
from schemas.reading_rows import COLUMNS, READING
from schemas.recipe import Recipe
from schemas.version_files import VersionFiles

MOST = 32_767
"""UTF-16 code units that a cell of Excel holds."""
BATCH = 20_000
"""Rows that are made at once."""
ROLES = {
    "system": Bilingual("System", "系统"),
    "user": Bilingual("User", "用户"),
    "assistant": Bilingual("Assistant", "助手"),
}
SPLIT = ("question", "answer", "conversation", "tags", "rows")
"""Cells that may be too long. The others stand again in each part, so that a sort or a filter takes all along."""
MEANINGS: dict[str, Bilingual] = {
    "id": Bilingual("the same in every version", "各版本中都不变"),
    "kind": Bilingual("what a record teaches, or what a question of the exam is about", "这一条教什么；考题则是考什么"),
    "lang": Bilingual("zh, en or mixed", "zh 中文，en 英文，mixed 中英混合"),
    "turns": Bilingual("how many messages the conversation has", "整段对话有几条消息"),
    "question": Bilingual("the last thing that the user says", "用户说的最后一句"),
    "answer": Bilingual(
        "what the assistant says to it; of the exam, the answer in the log", "助手的回答；考题则是日志里的回答"
    ),
    "conversation": Bilingual("all messages in their order", "全部消息，按先后顺序"),
    "file": Bilingual(
        "the raw file that it comes from, or the stage that wrote it", "来自哪个原始文件，或由哪个阶段写出"
    ),
    "rows": Bilingual("its rows in that file, from 1", "在该文件中的行号，从 1 起"),
    "tags": Bilingual(
        "notes of the stages; of the exam, what a right answer names", "各阶段留下的标记；考题则是答案该说出的内容"
    ),
    "part": Bilingual(
        f"a text of more than {MOST:,} characters goes on in the next row: same id, next part",
        f"超过 {MOST:,} 字的内容接在下一行：编号相同，分段加一",
    ),
}
"""What each column says."""
REMARKS: tuple[Bilingual, ...] = (
    Bilingual(
        "Characters that cannot be seen, or that turn the direction of reading, are written out, as \\u202e is.",
        "看不见的或会改变阅读方向的字符写成代码，例如 \\u202e。",
    ),
    Bilingual(
        "This workbook is for reading: what is changed here does not come back into the dataset; `hornbook review` "
        "brings changes back.",
        "本工作簿只供阅读：在这里改动不会回到数据集。要修改请用 hornbook review。",
    ),
    Bilingual(
        "The sheet Exam holds the questions of the exam: who trains on them can no longer examine.",
        "“考题”工作表是考试用题：拿去训练就无法再用来考试。",
    ),
)


def reading_rows(version: Path, training: pl.DataFrame) -> pl.DataFrame:
    """Write a version as rows with READING; `training` are its training records, by id."""
    files = VersionFiles(version)
    lines = _lines(training, files)
    frames = [pl.DataFrame(schema=READING)]
    while batch := list(islice(lines, BATCH)):
        frames.append(pl.DataFrame(batch, schema=READING, orient="row"))
    return pl.concat(frames)


def _lines(training: pl.DataFrame, files: VersionFiles) -> Iterator[tuple[Any, ...]]:
    for record in training.iter_rows(named=True):
        yield from _parts("train", _cells_of(record))
    for path, sheet, cells_of in ((files.exam, "exam", _question_cells), (files.review, "review", _cells_of)):
        if path.is_file():
            for line in sorted(read_jsonl(path), key=lambda line: str(line["id"])):
                yield from _parts(sheet, cells_of(line))


def _cells_of(record: dict[str, Any]) -> dict[str, Any]:
    source = record["source"]
    return {
        **_talk(record),
        "kind": record["kind"],
        "answer": _last(record, "assistant"),
        "file": source["file"],
        "rows": ", ".join(map(str, source["rows"])),
        "tags": ", ".join(record["tags"]),
    }


def _question_cells(question: dict[str, Any]) -> dict[str, Any]:
    return {
        **_talk(question),
        "kind": question["probe"],
        "answer": question["reference"],
        "file": "",
        "rows": "",
        "tags": ", ".join(question["expects"]),
    }


def _talk(line: dict[str, Any]) -> dict[str, Any]:
    messages = line["messages"]
    return {
        "id": line["id"],
        "lang": line["lang"],
        "turns": len(messages),
        "question": _last(line, "user"),
        "conversation": "\n".join(f"{ROLES[m['role']]}{Bilingual(': ', '：')}{m['content']}" for m in messages),
    }


def _last(line: dict[str, Any], role: str) -> str:
    return next((message["content"] for message in reversed(line["messages"]) if message["role"] == role), "")


def _parts(sheet: str, cells: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Write one record as a row, or as several where a text does not fit into a cell."""
    shown = {name: with_stand_ins(value) if isinstance(value, str) else value for name, value in cells.items()}
    pieces = {name: split(shown[name]) for name in SPLIT}
    for part in range(max(map(len, pieces.values()))):
        now = {name: of_text[part] if part < len(of_text) else "" for name, of_text in pieces.items()}
        row = {**shown, **now, "part": part + 1}
        yield (sheet, *(row[name] for name in COLUMNS))


def split(text: str) -> list[str]:
    """Cut a text into pieces that a cell holds; no character is cut in two."""
    if 2 * len(text) <= MOST:
        return [text]
    units = text.encode("utf-16-le")
    pieces, start = [], 0
    while start < len(units):
        end = min(start + 2 * MOST, len(units))
        if end < len(units) and 0xD8 <= units[end - 1] <= 0xDB:  # the first half of a character
            end -= 2
        pieces.append(units[start:end].decode("utf-16-le"))
        start = end
    return pieces


def joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the parts of each record together again: the texts, for a scan that must not miss what a cut went through."""
    texts = [pl.col(name).str.join("") for name in SPLIT if name != "rows"]
    return rows.group_by("sheet", "id", maintain_order=True).agg(*texts, pl.col("file").first()).drop("sheet")


def about(manifest: Manifest, recipe: Recipe) -> tuple[tuple[str, str], ...]:
    """Say what a version is, as pairs of a heading and a text. All of it stands in card, LICENSE and NOTICE, too."""
    names = [name for name in (manifest.identity.zh, manifest.identity.en) if name] if manifest.identity else []
    unsaid = Bilingual("not stated", "未注明")
    lines: list[tuple[Bilingual, Any]] = [
        (Bilingual("dataset", "数据集"), manifest.name),
        (Bilingual("version", "版本"), manifest.id),
        (Bilingual("assistant", "助手"), ", ".join(f"{name.name} ({name.author})" for name in names) or unsaid),
        (Bilingual("licence", "许可证"), recipe.licence or unsaid),
        (Bilingual("training rows", "训练数据"), manifest.train_rows),
        *((Bilingual(f"· {KIND_NAMES[s.kind].en}", f"· {KIND_NAMES[s.kind].zh}"), s.rows) for s in manifest.shares),
        (Bilingual("exam questions", "考题"), sum(manifest.exam_questions.values())),
        *((Bilingual(f"source {spec.path}", f"来源 {spec.path}"), _terms(spec)) for spec in recipe.inputs),
        *((Bilingual(f"column “{name.en}”", f"“{name.zh}”列"), MEANINGS[key]) for key, name in COLUMNS.items()),
        *((Bilingual("note", "说明"), remark) for remark in REMARKS),
    ]
    return tuple((with_stand_ins(str(heading)), split(with_stand_ins(str(text)))[0]) for heading, text in lines)


def _terms(spec: Input) -> Bilingual:
    """Say what kind of file it is, under which licence, and whom to name."""
    en, zh = spec.licence or "no licence declared", spec.licence or "未声明许可证"
    by = f"; {spec.attribution}" if spec.attribution else ""
    return Bilingual(f"{KIND_NAMES[spec.kind].en}; {en}{by}", f"{KIND_NAMES[spec.kind].zh}；{zh}{by}")
