"""The page on a version of a million records: how soon it answers, and how long its list, its search and a row take.

Run with `python -m benchmarks.workbench [ROWS]`. The version is built from `benchmarks.corpus` into a temporary store,
and the page is the program as a user starts it. Each line is measured at the browser's end of the connection, TIMES
times, one after the other, beside what the server was on a core for; each search is for another text, so that none is
remembered.
"""

import http.client
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.store import PROGRAM, built, write_rows
from curate.store.shards import read_jsonl
from curate.store.store import Store
from schemas.version_files import VersionFiles

NAME = "million"
TIMES = 20
FREQUENT = (
    "您",
    "的",
    "天",
    "请",
    "a",
    "e",
    "7",
    "，",
    "order",
    "可以",
    "the",
    "我",
    "。",
    "是",
    "n",
    "you",
    "发",
    "0",
    "t",
    "下单",
)
"""Texts that many records hold, ids and file names, too."""
PATIENCE = 600
"""Seconds that the index may take."""


class Line(NamedTuple):
    """What was measured, in milliseconds, and the limit that was set."""

    what: str
    times: Sequence[float]
    limit: str = ""
    cpu: float = 0.0
    """Of the server, on average."""


class Browser:
    """Opens the address that the program prints, and keeps one connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        self._headers: dict[str, str] = {}
        cookie = self._answer(f"/?{parts.query}")[1].getheader("Set-Cookie") or ""
        self._headers["Cookie"] = cookie.split(";")[0]

    def page(self, path: str, *, is_part: bool = False) -> str:
        body, answer = self._answer(path, {"HX-Request": "true"} if is_part else {})
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return body

    def _answer(self, path: str, more: dict[str, str] | None = None) -> tuple[str, http.client.HTTPResponse]:
        self._connection.request("GET", path, headers={**self._headers, **(more or {})})
        answer = self._connection.getresponse()
        return answer.read().decode(), answer


@contextmanager
def started(folder: Path) -> Iterator[tuple[Browser, float, int]]:
    """Start the page, and give a browser, the seconds until it answered with a page of the dataset, and the process."""
    start = time.perf_counter()
    command = [sys.executable, "-c", PROGRAM, "ui", "--store", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        match = re.search(r"http\S+", process.stdout.readline() if process.stdout else "")
        if match is None:
            raise SystemExit("the page did not start")
        browser = Browser(match[0])
        browser.page(f"/d/{NAME}/jobs")
        yield browser, time.perf_counter() - start, process.pid
    finally:
        process.terminate()
        process.wait()


def indexed(browser: Browser) -> float:
    """Open the list as a browser does, again and again until it is there; give the seconds."""
    start = time.perf_counter()
    while 'class="found"' not in browser.page(f"/d/{NAME}/rows"):
        time.sleep(0.1)
    return time.perf_counter() - start


def spent(process: int) -> float:
    """Read how long all threads of a process have been on a core, in milliseconds."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(path.read_text(encoding="ascii").split()[0]) for path in threads) / 1e6


def timed(ask: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        start = time.perf_counter()
        ask(text)
        times.append(1000 * (time.perf_counter() - start))
    return times


def chosen(version: Path) -> tuple[list[str], list[str], list[str]]:
    """Choose texts that few records hold, and ids of records that are trained on and of dropped ones."""
    draw = random.Random(7)
    shards = sorted(version.glob("train-*"))
    records = [record for shard in draw.sample(shards, min(4, len(shards))) for record in read_jsonl(shard)]
    picked = draw.sample(records, TIMES)
    rare = [record["messages"][-1]["content"][-24:-4] for record in picked]
    ledger = pl.scan_parquet(VersionFiles(version).ledger)
    is_dropped = (pl.col("verdict") == "dropped") & (pl.col("stage") == "judge")
    dropped = ledger.filter(is_dropped).select("id").head(TIMES).collect()["id"].to_list()
    return rare, [record["id"] for record in picked], dropped


def measured(browser: Browser, process: int, picked: tuple[list[str], list[str], list[str]]) -> Iterator[Line]:
    """Measure what people do with the list."""
    rare, trained, dropped = picked
    address = f"/d/{NAME}/rows"

    def drawer(id: str) -> str:
        return browser.page(f"{address}?row={id}", is_part=True)

    def line(what: str, queries: Sequence[str], limit: str = "") -> Line:
        return asked(what, lambda query: browser.page(f"{address}?{query}"), queries, limit)

    def asked(what: str, ask: Callable[[str], object], texts: Sequence[str], limit: str = "") -> Line:
        before = spent(process)
        times = timed(ask, texts)
        return Line(what, times, limit, (spent(process) - before) / len(texts))

    filters = "kind=domain&language=zh&verdict=train&stage=mask&source=0"
    texts = [f"text={quote(text)}" for text in (*rare, *FREQUENT)]
    yield line("rows", [""] * TIMES, "100 ms")
    yield line("rows, five filters", [filters] * TIMES, "100 ms")
    yield line("rows, deep in the list", [f"after={id}" for id in trained], "100 ms")
    yield line("rows, deep, with a filter", [f"after={id}&language=zh" for id in trained], "100 ms")
    yield line("search: in few records", texts[:TIMES], "1 s")
    yield line("search: in many records", texts[TIMES:], "1 s")
    yield line("search: in none", [f"text={quote('并无此语')}{n}" for n in range(TIMES)], "1 s")
    yield line("the same search, another page", [f"text={quote('并无此语')}19&after={id}" for id in trained], "100 ms")
    yield asked("a row", drawer, trained)
    yield asked("a dropped row, its text made again", drawer, dropped)
    yield line("50 dropped rows, their texts made again", ["verdict=dropped&texts=1"] * 5)


def peak(process: int) -> float:
    """Read how much memory a process has had at most, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_rows(folder, count, changed=False)
        built(folder)
        picked = chosen(Store(folder).find(NAME))
        with started(folder) as (browser, ready, process):
            lines = [Line("ready", [1000 * ready], "1500 ms", spent(process))]
            lines.append(Line("the index, once", [1000 * indexed(browser)], "", spent(process) - lines[0].cpu))
            lines += measured(browser, process, picked)
            most = peak(process)
        with started(folder) as (browser, ready, process):  # once more, with the index there
            again = [Line("ready, started again", [1000 * ready], "1500 ms", spent(process))]
            first = timed(browser.page, [f"/d/{NAME}/rows"])
            again.append(Line("the first list after it", first, "", spent(process) - again[0].cpu))
        index = sum(path.stat().st_size for path in Store(folder).cache(NAME).glob("page/*")) / 1e6
    table = Table(title=f"{count} rows, {most:.0f} MB at most, an index of {index:.0f} MB", title_justify="left")
    for head in ("", "n", "median ms", "worst ms", "CPU ms", "limit"):
        table.add_column(head, justify="left" if not head else "right")
    for line in (*lines, *again):
        times = (f"{milliseconds:.0f}" for milliseconds in (median(line.times), max(line.times), line.cpu))
        table.add_row(line.what, str(len(line.times)), *times, line.limit)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
