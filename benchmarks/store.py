"""A million records: build, commit, verify, a second version with 1 % changes, diff and trace. CPU, memory, bytes.

Run with `python -m benchmarks.store FOLDER [ROWS]`. Each line is a process of its own, so that its peak is its own.
The rows come from `benchmarks.corpus`; the version with 1 % changes is built from a file in which every hundredth
answer is another.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import rows as generated
from curate.build.build import BuildOptions, build
from curate.history.diff import diff_versions
from curate.recipe.load import load_recipe
from curate.store.line_search import ids_of
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify

SEED = 7
RECIPE = """\
version: 1
name: million
inputs:
  - {path: rows.jsonl, format: {pairs: {question: question, answer: answer}}}
stages: [clean, mask, judge]
"""


def write_rows(folder: Path, count: int, *, changed: bool) -> None:
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for number, row in enumerate(generated(count, SEED)):
            if changed and number % 100 == 0:
                row = {**row, "answer": f"{row['answer']} ({number})"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")


def built(folder: Path) -> None:
    options = BuildOptions(jobs=int(os.environ.get("JOBS", "1")))
    build(load_recipe(folder / "recipe.yaml"), Store(folder), options=options)


def verified(folder: Path) -> None:
    verify(Store(folder).find("million"))


def compared(folder: Path) -> None:
    store = Store(folder)
    newest = store.find("million")
    diff_versions(store.version("million", read_manifest(newest).parents[0]), newest)


def a_row(folder: Path) -> str:
    return f"rows.jsonl:{_rows(folder) - 7}"


def a_changed_row(folder: Path) -> str:
    """A row that a stage has changed, as most of them are not."""
    ledger = pl.scan_parquet(Store(folder).find("million") / "ledger.parquet")
    fixed = ledger.filter(pl.col("verdict") == "fixed").select("id").head(1)
    return f"rows.jsonl:{ledger.join(fixed, on='id', how='semi').select(pl.col('row').min()).collect().item()}"


def an_id(folder: Path) -> str:
    """That of the first record of the last shard."""
    with max(Store(folder).find("million").glob("train-*.jsonl")).open("rb") as file:
        return ids_of(file.readline())[0]


def words(folder: Path) -> str:
    return f"({_rows(folder) // 100 * 100 - 100})"


def _rows(folder: Path) -> int:
    return int((folder / "count").read_text(encoding="ascii"))


WORK: dict[str, Callable[[Path], None]] = {
    "build": built, "build again": built, "verify": verified, "build with 1 % changed": built, "diff": compared,
}  # fmt: skip
TRACED: dict[str, Callable[[Path], str]] = {
    "trace a row": a_row, "trace a changed row": a_changed_row, "trace an id": an_id, "trace words": words,
}  # fmt: skip
PROGRAM = "from curate.cli import main; main()"


def measured(name: str, folder: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds, and the peak in MB, of a whole process; `trace` is the program as a user calls it."""
    work = ["-m", "benchmarks.store", "--only", name, str(folder)]
    if name in TRACED:
        work = ["-c", PROGRAM, "trace", "million", TRACED[name](folder), "--store", str(folder), "--json"]
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, *work], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, work)
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def size(folder: Path) -> float:
    """Megabytes on the disk; a file of several names counts once."""
    found = {p.stat().st_ino: p.stat().st_blocks * 512 for p in folder.rglob("*") if p.is_file()}
    return sum(found.values()) / 1e6


def main() -> None:
    if sys.argv[1] == "--only":
        WORK[sys.argv[2]](Path(sys.argv[3]))
        return
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "count").write_text(str(count), encoding="ascii")
    write_rows(folder, count, changed=False)
    table = Table(title=f"{count} rows through clean, mask and judge", title_justify="left")
    for head in ("", "wall s", "CPU s", "peak MB", "versions MB", "cache MB"):
        table.add_column(head, justify="left" if not head else "right")
    for name in (*WORK, *TRACED):
        if "changed" in name:
            write_rows(folder, count, changed=True)
        wall, cpu, peak = measured(name, folder)
        disk = (f"{size(folder / part):.0f}" for part in ("datasets", "cache"))
        print(f"{name}: {wall:.1f} s, {cpu:.1f} CPU s, {peak:.0f} MB", file=sys.stderr, flush=True)
        table.add_row(name, f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", *disk)
    Console().print(table)


if __name__ == "__main__":
    main()
