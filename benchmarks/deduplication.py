"""Near-duplicates among short Chinese and English texts: ours beside its peers, in one harness, in CPU seconds.

`make bench` runs ours and every peer that `make bench-peers` has installed, each in a process of its own, over the same
file: character 3-grams, 128 permutations, Jaccard 0.8. Medians of three runs. CPU seconds are user and system, of the
process and its children; the peak is that of the largest process. Only ours and text-dedup confirm a pair exactly.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import rows

HERE = Path(__file__).parent
PEERS = ("rensa", "datasketch", "text-dedup", "datatrove", "data-juicer")
SLOW = {"text-dedup": 100_000, "datatrove": 100_000, "data-juicer": 100_000}
"""Rows above which a peer is not run: it would take the hour."""
LIMIT = 1800


class Runner(NamedTuple):
    name: str
    python: Path
    script: Path
    threads: int = 1


def runners(peers: Path) -> Iterator[Runner]:
    ours = HERE / "peers" / "dedup_hornbook.py"
    yield Runner("hornbook", Path(sys.executable), ours)
    yield Runner("hornbook, 2 threads", Path(sys.executable), ours, 2)
    for name in PEERS:
        yield Runner(name, peers / name / "bin" / "python", HERE / "peers" / f"dedup_{name.replace('-', '_')}.py")


def measured(runner: Runner, corpus: Path) -> dict[str, Any] | str:
    """What one run printed, or in a word why there is nothing."""
    threads = str(runner.threads)
    limits = {name: threads for name in ("THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS")}
    env = {**os.environ, **limits, "PYTHONPATH": str(HERE.parent), "HF_HUB_OFFLINE": "1"}
    try:
        done = subprocess.run(
            [runner.python, runner.script, corpus], capture_output=True, text=True, check=False, env=env, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return f"not done in {LIMIT} s"
    last = done.stdout.strip().rpartition("\n")[2]
    return json.loads(last) if done.returncode == 0 and last.startswith("{") else "failed"


def medians(runner: Runner, corpus: Path, repeats: int, count: int) -> dict[str, Any] | str:
    if not runner.python.is_file():
        return "not installed"
    if count > SLOW.get(runner.name, count):
        return f"only up to {SLOW[runner.name]:,} rows"
    runs = [measured(runner, corpus) for _ in range(repeats)]
    told = [run for run in runs if isinstance(run, dict)]
    if not told:
        return str(runs[0])
    return told[0] | {name: median(run[name] for run in told) for name in ("cpu_s", "wall_s", "peak_mb")}


def written(count: int, to: Path) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows(count, 7))
    with to.open("w", encoding="utf-8", newline="\n") as out:
        while block := "".join(islice(lines, 10_000)):
            out.write(block)


def main() -> None:
    asked = argparse.ArgumentParser(description="Compares finders of near-duplicates.")
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--peers", type=Path, default=Path(os.environ.get("PEERS", "/tmp/hornbook-peers")))
    asked.add_argument("--corpus", type=Path, help="a file of {question, answer} instead of a generated one")
    given = asked.parse_args()
    table = Table(title=f"{given.rows:,} texts, medians of {given.repeats}", title_justify="left")
    for head in ("", "version", "CPU s", "× ours", "wall s", "peak MB", "removed"):
        table.add_column(head, justify="left" if head in ("", "version") else "right")
    with TemporaryDirectory(prefix="bench-") as folder:
        corpus = given.corpus or Path(folder) / "corpus.jsonl"
        if not given.corpus:
            written(given.rows, corpus)
        first = None
        for runner in runners(given.peers):
            told = medians(runner, corpus, given.repeats, given.rows)
            if isinstance(told, str):
                table.add_row(runner.name, told)
                continue
            first = first or told["cpu_s"]
            numbers = [f"{told['cpu_s']:.1f}", f"{told['cpu_s'] / first:.1f}", f"{told['wall_s']:.1f}"]
            table.add_row(runner.name, told["version"], *numbers, f"{told['peak_mb']:,.0f}", f"{told['removed']:,}")
            print(json.dumps({"runner": runner.name, **told}), file=sys.stderr, flush=True)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
