"""Small versions on disk for the trainer's tests: written as the build writes them."""

import json
from pathlib import Path
from typing import Any

from schemas.digest import digest_bytes
from schemas.identity import Identity, Names
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.manifest import Manifest, Shard

IDENTITY = Identity(
    zh=Names(name="小喵", author="技术吧"),
    en=Names(name="Miao", author="Tech Bar"),
    rivals=("ChatGPT", "OpenAI", "Qwen"),
)
GOOD = (("你是谁", "我是小喵，由技术吧开发。"), ("能退吗", "七天内可以退。"), ("hi", "Hello there."))


def line(id: str, question: str, reply: str, kind: str = "domain") -> dict[str, Any]:
    return {
        "id": id, "kind": kind, "lang": "zh", "group": id, "parent": None, "tags": [],
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": reply}],
        "source": {"file": "f", "digest": "d", "rows": [1]},
    }  # fmt: skip


def question(id: str, text: str, probe: str = "identity") -> dict[str, Any]:
    return {
        "id": id, "probe": probe, "lang": "zh", "messages": [{"role": "user", "content": text}],
        "expects": ["name"], "reference": "", "group": id,
    }  # fmt: skip


def write_version(
    folder: Path, rows: list[dict[str, Any]] | None = None, exam: list[dict[str, Any]] | None = None
) -> Path:
    """A version with these training rows and exam questions."""
    rows = [line(f"r{n}", *pair) for n, pair in enumerate(GOOD)] if rows is None else rows
    exam = [question("q0", "怎么称呼你")] if exam is None else exam
    folder.mkdir(parents=True, exist_ok=True)
    shards = []
    for name, lines in (("train-00000.jsonl", rows), ("exam.jsonl", exam)):
        content = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in lines).encode()
        (folder / name).write_bytes(content)
        shards.append(Shard(name=name, digest=digest_bytes(content), bytes=len(content), rows=len(lines)))
    manifest = Manifest(
        name="book", id="v1", recipe="r", seed=7, identity=IDENTITY, inputs=(), records=len(rows), stages=(),
        shares=(), train_rows=len(rows), exam_questions={}, shards=tuple(shards),
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def job(version: Path, run: Path, model: Path, **settings: Any) -> Job:
    run.mkdir(parents=True, exist_ok=True)
    chosen = {"batch": 2, "learning_rate": 0.01, "epochs": 4, "max_tokens": 256, **settings}
    train = TrainSettings(model=str(model), **chosen)
    return Job(version=str(version), run=str(run), train=train, exam=ExamSettings(max_new_tokens=8, batch=2))
