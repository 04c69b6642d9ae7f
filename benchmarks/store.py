"""A million records: build, commit, verify, a second version with 1 % changes, and trace. CPU, peak memory, bytes.

Run with `python -m benchmarks.store FOLDER [ROWS]`. Each line is a process of its own, so that its peak is its own.
The rows come from `benchmarks.corpus`; the version with 1 % changes is built from a file in which every hundredth
answer is another.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import rows as generated
from curate.build import How, build
from curate.commands.trace import trace_command
from curate.recipe_file import load_recipe
from curate.store import Store
from curate.verifying import verify

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
    build(load_recipe(folder / "recipe.yaml"), Store(folder), how=How(jobs=int(os.environ.get("JOBS", "1"))))


def verified(folder: Path) -> None:
    verify(Store(folder).find("million"))


def traced(folder: Path) -> None:
    trace_command("million", f"rows.jsonl:{_rows(folder) - 7}", folder, as_json=True)


def traced_words(folder: Path) -> None:
    trace_command("million", f"({_rows(folder) // 100 * 100 - 100})", folder, as_json=True)


def _rows(folder: Path) -> int:
    return int((folder / "count").read_text(encoding="ascii"))


WORK: dict[str, Callable[[Path], None]] = {
    "build": built, "build again": built, "verify": verified, "build with 1 % changed": built, "trace a row": traced,
    "trace words": traced_words,
}  # fmt: skip


def measured(name: str, folder: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds, and the peak in MB."""
    started = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.store", "--only", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall = time.monotonic() - started
    cpu, peak = done.stderr.splitlines()[-1].split()
    return wall, float(cpu), float(peak)


def _only(name: str, folder: Path) -> None:
    WORK[name](folder)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(u.ru_utime + u.ru_stime for u in used)
    print(cpu, max(u.ru_maxrss for u in used) / 1024, file=sys.stderr)


def size(folder: Path) -> float:
    """Megabytes on the disk; a file of several names counts once."""
    found = {p.stat().st_ino: p.stat().st_blocks * 512 for p in folder.rglob("*") if p.is_file()}
    return sum(found.values()) / 1e6


def main() -> None:
    if sys.argv[1] == "--only":
        _only(sys.argv[2], Path(sys.argv[3]))
        return
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "count").write_text(str(count), encoding="ascii")
    write_rows(folder, count, changed=False)
    table = Table(title=f"{count} rows through clean, mask and judge", title_justify="left")
    for head in ("", "wall s", "CPU s", "peak MB", "versions MB", "cache MB"):
        table.add_column(head, justify="left" if not head else "right")
    for name in WORK:
        if "changed" in name:
            write_rows(folder, count, changed=True)
        wall, cpu, peak = measured(name, folder)
        disk = (f"{size(folder / part):.0f}" for part in ("datasets", "cache"))
        print(f"{name}: {wall:.1f} s, {cpu:.1f} CPU s, {peak:.0f} MB", file=sys.stderr, flush=True)
        table.add_row(name, f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", *disk)
    Console().print(table)


if __name__ == "__main__":
    main()
