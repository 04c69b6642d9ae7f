"""Reading, cleaning, masking and judging of generated rows: ours step by step, and beside the filters of peers.

    python -m benchmarks.cleaning [--rows 1000000] [--peers DIRECTORY]

CPU seconds of one process, user and system; peak memory as the system counts it. The whole build is measured as a
program of its own: it writes the version, too. Peers run on the first 100,000 rows in environments of their own, which
`make bench-peers` makes; ours runs on the same rows for the ratio. What each of them does stands in benchmarks/peers.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import write_corpus
from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.input_reader import InputReader
from curate.stages import Tools
from curate.stages.clean import Clean
from curate.stages.mask import Mask
from curate.stages.quality import Quality
from schemas.identity import Identity
from schemas.input import Input

PEER_ROWS = 100_000
PEERS = ("datatrove", "data-juicer")
FOLDER = Path(__file__).resolve().parent


@contextmanager
def spent(on: str, seconds: Counter[str]) -> Iterator[None]:
    """Add the CPU seconds of a block of code to those of its step."""
    start = time.process_time()
    yield
    seconds[on] += time.process_time() - start


def each_step(path: Path) -> tuple[Counter[str], int]:
    """Measure the CPU seconds of each step over the rows of the file, block by block; count the records kept."""
    seconds: Counter[str] = Counter()
    stages = {"clean": Clean(), "mask": Mask(), "quality": Quality()}
    tools = Tools(seed=7, identity=Identity(), folder=path.parent)
    spec, counter, kept = Input(path=path.name), ContentCounter(), 0

    with spent("read", seconds):
        chunks = InputReader(spec, path).chunks()
    while True:
        with spent("read", seconds):
            chunk = next(chunks, None)
        if chunk is None:
            return seconds, kept
        with spent("sessions", seconds):
            frame = form_sessions(chunk.turns, spec, "", counter).records
        for name, stage in stages.items():
            with spent(name, seconds):
                frame = stage.run(frame, tools).kept
        kept += frame.height


def whole_build(path: Path, folder: Path) -> tuple[float, float]:
    """Measure CPU seconds and peak MB of `hornbook build` with the same stages, version and ledger written."""
    recipe = folder / "recipe.yaml"
    # By its name alone: the gate reads paths, and a scratch folder called `bench-vxbo1h45` looks like a WeChat id.
    inputs = [{"path": path.relative_to(folder).as_posix()}]
    settings = {"version": 1, "name": "bench", "inputs": inputs, "stages": ["clean", "mask", "quality"]}
    recipe.write_text(yaml.safe_dump(settings), encoding="utf-8")

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = "from curate.cli import main; main()"
    command = [sys.executable, "-c", program, "build", str(recipe), "--store", str(folder), "--json"]
    subprocess.run(command, check=True, capture_output=True, cwd=FOLDER.parent)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024


def peer(name: str, path: Path, peers: Path) -> dict[str, Any] | str:
    """Run a peer, and return what its runner prints, or why there is nothing."""
    python = peers / name / "bin" / "python"
    if not python.is_file():
        return "not installed"
    runner = FOLDER / "peers" / f"filter_{name.replace('-', '_')}.py"
    done = subprocess.run([python, runner, path], capture_output=True, text=True, cwd=runner.parent)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        return f"failed with {done.returncode}"
    return dict(json.loads(lines[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures reading, cleaning, masking and judging.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, default=None)
    options = parser.parse_args()

    with TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        path = folder / "rows.jsonl"
        write_corpus(path, options.rows, seed=7)
        seconds, peak = whole_build(path, folder)  # first: children share one peak
        Console().print(_ours(path, options.rows, seconds, peak))

        if options.peers is not None:
            few = folder / "few.jsonl"
            with path.open(encoding="utf-8") as lines, few.open("w", encoding="utf-8") as out:
                out.writelines(islice(lines, PEER_ROWS))
            Console().print(_beside(few, options.peers))


def _ours(path: Path, rows: int, build: float, peak: float) -> Table:
    seconds, kept = each_step(path)
    table = Table("part", "CPU s", "rows / CPU s", title=f"{rows:,} rows, {kept:,} kept", title_justify="left")
    for name, taken in (*seconds.items(), ("all five", seconds.total()), ("hornbook build", build)):
        table.add_row(name, f"{taken:.2f}", f"{rows / taken:,.0f}")
    table.add_row("peak of hornbook build", f"{peak:,.0f} MB", "")
    return table


def _beside(few: Path, peers: Path) -> Table:
    seconds, kept = each_step(few)
    ours = seconds.total()
    title = f"{PEER_ROWS:,} rows, like filters"
    table = Table("who", "version", "CPU s", "of ours", "peak MB", "kept", title=title, title_justify="left")
    table.add_row("Hornbook", "", f"{ours:.2f}", "1.0", "", f"{kept:,}")
    for name in PEERS:
        line = peer(name, few, peers)
        if isinstance(line, str):
            table.add_row(name, line)
            continue
        ratio = f"{line['cpu_s'] / ours:.1f}"
        table.add_row(name, line["version"], f"{line['cpu_s']:.2f}", ratio, f"{line['peak_mb']:,}", f"{line['kept']:,}")
    return table


if __name__ == "__main__":
    main()
