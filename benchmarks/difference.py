"""The difference between a version and one that has a row in a hundred changed, one gone and one new: CPU and memory.

    python -m benchmarks.difference [--rows 1000000]

The versions are written line by line, as a build does, and the difference is made by a program of its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from benchmarks.corpus import write_corpus
from schemas.digest import canonical, digest, digest_bytes
from schemas.ledger import EVENTS
from schemas.manifest import Manifest, Shard

SHARD = 50_000
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from curate.history.diff import diff_versions
begin, clock = time.process_time(), time.perf_counter()
diff = diff_versions(Path(sys.argv[1]), Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"cpu_s": round(time.process_time() - begin, 2), "wall_s": round(time.perf_counter() - clock, 2),
                  "peak_mb": used, "rows": diff.totals, "answers": diff.answers.height}))
"""


def records(corpus: Path, change: int) -> Iterator[dict[str, Any]]:
    """The rows of the corpus as records; with `change`, a hundredth of them is another, gone, or new."""
    with corpus.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            row = json.loads(line)
            if number % 100 == 1 + change:
                continue
            answer = row["answer"] + " 已更新。" * (change and number % 100 == 50)
            yield {
                "id": digest(row["question"], answer, number),
                "messages": [{"role": "user", "content": row["question"]}, {"role": "assistant", "content": answer}],
                "kind": "domain",
                "lang": "zh",
                "source": {"file": "corpus.jsonl", "digest": digest(change), "rows": [number]},
                "parent": None,
                "group": digest(number),
                "tags": [],
            }


def write_one(folder: Path, rows: list[dict[str, Any]]) -> None:
    """A version with these records; its ledger is empty."""
    folder.mkdir()
    rows.sort(key=lambda row: row["id"])
    shards = []
    lines = (f"{canonical(row)}\n".encode() for row in rows)
    while block := b"".join(islice(lines, SHARD)):
        path = folder / f"train-{len(shards):05d}.jsonl"
        path.write_bytes(block)
        shards.append(Shard(name=path.name, digest=digest_bytes(block), bytes=len(block), rows=block.count(b"\n")))
    pl.DataFrame(schema=EVENTS).write_parquet(folder / "ledger.parquet")
    manifest = Manifest(
        name="book", id=folder.name, recipe="", seed=7, identity=None, inputs=(), records=len(rows), stages=(),
        shares=(), train_rows=len(rows), exam_questions={}, shards=tuple(shards),
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        write_corpus(corpus, rows, seed=7)
        for change in (0, 1):
            write_one(Path(folder) / str(change), list(records(corpus, change)))
        command = [sys.executable, "-c", MEASURED, str(Path(folder) / "0"), str(Path(folder) / "1")]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


if __name__ == "__main__":
    main()
