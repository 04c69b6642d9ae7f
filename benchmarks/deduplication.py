"""Near-duplicates among short Chinese and English texts: ours beside its peers, in one harness, in CPU seconds.

`make bench` runs ours and every peer that `make bench-peers` has installed, each in a process of its own, over the same
file: character 3-grams, 128 permutations, Jaccard 0.8. Medians of three runs; one run where it takes over a minute. CPU
seconds are user and system, of the process and its children; the peak is that of the largest process. Only ours and
text-dedup confirm a pair exactly. `poisoned` is ours on as many texts, of which one in fifty is 谢谢 and one in five a
greeting that is near all others. `stage dedup` is the whole stage with the defaults of a recipe: normalized texts,
both sides, edits, facts, clusters. Half an hour on quiet cores; `--rows` and `--only` run a part.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import rows

HERE = Path(__file__).parent
OURS, ON_TWO, POISONED = "hornbook", "2-cores", "poisoned"
STAGE, STAGE_ON_TWO = "stage dedup", "stage, 2-cores"
PEERS = ("rensa", "datasketch", "text-dedup", "datatrove", "data-juicer")
OWN = (OURS, POISONED, ON_TWO, STAGE, STAGE_ON_TWO)
MAX_ROWS = {"text-dedup": 10_000, "datatrove": 10_000, "data-juicer": 10_000, "datasketch": 1_000_000}
"""Rows above which a peer is not run: it would take the hour."""
LONG, LIMIT = 60, 1800
"""Seconds after which a run is not repeated, and is given up."""
THANKS, GREETING = 50, 5
"""One text in fifty, and one in five, is poisoned."""
GREETED = (
    "您好，很高兴为您服务，我是您的专属客服，请问有什么可以帮您的呢？如需查询订单请提供订单编号，如需退换货请说明原因并上传照片，"
    "如需开具发票请提供抬头和税号，我们会在第一时间为您处理，感谢您的耐心等待与支持，祝您购物愉快"
)

Runs = dict[tuple[str, int], dict[str, Any]]
"""What was measured, by runner and number of rows."""


class Runner(NamedTuple):
    name: str
    python: Path
    script: Path
    cores: int = 1


def runners(peers: Path) -> Iterator[Runner]:
    """List our own runners and those of the peers, installed or not."""
    ours = HERE / "peers" / "dedup_hornbook.py"
    for name in (OURS, POISONED):
        yield Runner(name, Path(sys.executable), ours)
    yield Runner(ON_TWO, Path(sys.executable), ours, 2)
    for name, cores in ((STAGE, 1), (STAGE_ON_TWO, 2)):
        yield Runner(name, Path(sys.executable), HERE / "peers" / "dedup_stage.py", cores)
    for name in PEERS:
        yield Runner(name, peers / name / "bin" / "python", HERE / "peers" / f"dedup_{name.replace('-', '_')}.py")


def measured(runner: Runner, corpus: Path) -> dict[str, Any] | str:
    """Run once, and read what the run printed; or say in a word why there is nothing."""
    cores = str(runner.cores)
    limits = {name: cores for name in ("CORES", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS")}
    env = {**os.environ, **limits, "PYTHONPATH": str(HERE.parent), "HF_HUB_OFFLINE": "1"}
    try:
        finished = subprocess.run(
            [runner.python, runner.script, corpus], capture_output=True, text=True, check=False, env=env, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return f"not done in {LIMIT} s"
    last = finished.stdout.strip().rpartition("\n")[2]
    return json.loads(last) if finished.returncode == 0 and last.startswith("{") else "failed"


def medians(runner: Runner, corpus: Path, repeats: int) -> dict[str, Any] | str:
    """Run `repeats` times, or once where that takes over LONG seconds, and take the medians."""
    runs: list[dict[str, Any]] = []
    while len(runs) < repeats:
        run = measured(runner, corpus)
        if isinstance(run, str):
            return run
        runs.append(run)
        if run["wall_s"] > LONG:
            break
    middle = {name: median(run[name] for run in runs) for name in ("cpu_s", "wall_s", "peak_mb")}
    return runs[0] | middle | {"runs": len(runs)}


def missing(runner: Runner, count: int) -> str | None:
    """Say why a runner is not run on this many rows; for one that is not installed, what pip printed."""
    if count > MAX_ROWS.get(runner.name, count):
        return f"only up to {MAX_ROWS[runner.name]:,} rows"
    if runner.python.is_file():
        return None
    log_file = runner.python.parents[2] / f"{runner.name}.log"
    last = log_file.read_text(encoding="utf-8").strip().rpartition("\n")[2] if log_file.is_file() else ""
    return f"not installed: {last[:60]}" if last else "not installed"


def write_rows(rows: Iterator[dict[str, str]], to: Path) -> None:
    """Write the rows as JSON Lines."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with to.open("w", encoding="utf-8", newline="\n") as out:
        while block := "".join(islice(lines, 10_000)):
            out.write(block)


def poisoned(rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Replace rows by 谢谢 and by greetings, each of these with two characters of its own."""
    for n, row in enumerate(rows):
        if n % THANKS == 0:
            yield {"question": "谢谢", "answer": ""}
        elif n % GREETING == 1:
            own = chr(0x4E00 + n // GREETING % 500) + chr(0x6E00 + n // GREETING // 500)
            yield {"question": f"在吗{own}", "answer": GREETED}
        else:
            yield row


def corpora(folder: Path, count: int, corpus: Path | None) -> dict[bool, Path]:
    """Write the file to run on, and under True the poisoned one."""
    files = {False: folder / f"{count}.jsonl", True: folder / f"{count}-poisoned.jsonl"}
    for is_poisoned, path in files.items():
        if corpus:
            plain: Iterator[dict[str, str]] = map(json.loads, islice(corpus.open(encoding="utf-8"), count))
        else:
            plain = rows(count, 7)
        write_rows(poisoned(plain) if is_poisoned else plain, path)
    return files


def table(count: int, lines: list[tuple[str, dict[str, Any] | str]]) -> Table:
    """Show what was measured on this many rows, runner by runner, or why there is nothing."""
    shown = Table(title=f"{count:,} texts", title_justify="left")
    for head in ("", "version", "CPU s", "× ours", "wall s", "peak MiB", "removed", "runs"):
        shown.add_column(head, justify="left" if head in ("", "version") else "right")
    ours = next((run["cpu_s"] for name, run in lines if name == OURS and isinstance(run, dict)), None)
    for name, run in lines:
        if isinstance(run, str):
            shown.add_row(name, run)
            continue
        times = f"{run['cpu_s'] / ours:.2f}" if ours else ""
        numbers = [f"{run['cpu_s']:.2f}", times, f"{run['wall_s']:.1f}", f"{run['peak_mb']:,.0f}"]
        shown.add_row(name, run["version"], *numbers, f"{run['removed']:,}", str(run["runs"]))
    return shown


def ratios(runs: Runs) -> Iterator[tuple[str, float, str]]:
    """Compare what was measured in the largest run with what was wanted: its name, the ratio, and the limit."""
    most = max((count for _, count in runs), default=0)
    largest = {name: run for (name, count), run in runs.items() if count == most}
    ours = largest.get(OURS)
    if not ours:
        return

    # against the peers
    for name, cpu, memory in (("datasketch", "≤ 0.17", "≤ 0.17"), ("rensa", "≤ 1.10, aim 0.33", "≤ 0.50")):
        if peer := largest.get(name):
            yield f"CPU, ours / {name}", ours["cpu_s"] / peer["cpu_s"], cpu
            yield f"memory, ours / {name}", ours["peak_mb"] / peer["peak_mb"], memory

    # against ourselves: on two cores, on poisoned texts, on fewer rows
    for name, name_on_two in ((OURS, ON_TWO), (STAGE, STAGE_ON_TWO)):
        if name in largest and name_on_two in largest:
            serial, shared = largest[name], largest[name_on_two]
            yield f"wall, {name}, one core / two", serial["wall_s"] / shared["wall_s"], "as high as it goes, 2 at most"
            yield f"removed, {name}, one core / two", serial["removed"] / shared["removed"], "1"
    if on_poisoned := largest.get(POISONED):
        yield "CPU, poisoned / plain", on_poisoned["cpu_s"] / ours["cpu_s"], "≤ 1.10"
        yield "memory, poisoned / plain", on_poisoned["peak_mb"] / ours["peak_mb"], "≤ 1.10"
    fewer = max((count for name, count in runs if name == OURS and count < most), default=0)
    if fewer:
        grown = log(ours["cpu_s"] / runs[OURS, fewer]["cpu_s"]) / log(most / fewer)
        yield f"exponent of CPU from {fewer:,} to {most:,}", grown, "≤ 1.10"


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares finders of near-duplicates.")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=[*OWN, *PEERS], help="not all of them")
    parser.add_argument("--peers", type=Path, default=Path(os.environ.get("PEERS", "/tmp/hornbook-peers")))
    parser.add_argument("--corpus", type=Path, help="a file of {question, answer} instead of a generated one")
    arguments = parser.parse_args()

    console, runs = Console(width=110), Runs()
    for count in sorted(arguments.rows):
        lines: list[tuple[str, dict[str, Any] | str]] = []
        with TemporaryDirectory(prefix="bench-") as folder:
            files = corpora(Path(folder), count, arguments.corpus)
            for runner in runners(arguments.peers):
                if arguments.only and runner.name not in arguments.only:
                    continue
                result = missing(runner, count) or medians(runner, files[runner.name == POISONED], arguments.repeats)
                lines.append((runner.name, result))
                if isinstance(result, dict):
                    runs[runner.name, count] = result
                    print(json.dumps({"runner": runner.name, **result}), file=sys.stderr, flush=True)
        console.print(table(count, lines))

    wanted = Table("of the largest run", "measured", "wanted", title_justify="left")
    for what, number, limit in ratios(runs):
        wanted.add_row(what, f"{number:.2f}", limit)
    console.print(wanted)


if __name__ == "__main__":
    main()
