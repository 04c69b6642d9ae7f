"""What every runner here shares: the file of texts that a peer reads, and the one line of JSON that a run prints."""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

THRESHOLD, SIZE, PERMUTATIONS = 0.8, 3, 128
FEW = 300
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def joined(path: Path, to: Path, limit: int | None = None) -> int:
    """Writes `{"text": question and answer}` for each row, which all peers can read, and answers how many."""
    with path.open(encoding="utf-8") as lines, to.open("w", encoding="utf-8") as out:
        rows = map(json.loads, islice(lines, limit))
        made = ({"text": f"{row['question']}\n{row['answer']}"} for row in rows)
        return sum(out.write(json.dumps(each, ensure_ascii=False) + "\n") > 0 for each in made)


def texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def spent() -> float:
    """User and system seconds of this process and its finished children so far."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, WHO))


def prepared(folder: Path, limit: int | None = None) -> tuple[Path, Path, int]:
    """The file of texts in a folder of its own, an empty folder beside it, and the number of rows."""
    given, scratch = folder / "given" / "texts.jsonl", folder / "scratch"
    given.parent.mkdir(parents=True)
    scratch.mkdir()
    return given, scratch, joined(Path(sys.argv[1]), given, limit)


def measure(peer: str, task: str, work: Callable[[Path, Path], int]) -> None:
    """Runs `work(texts, scratch)`, which answers how many rows it keeps, over the file named on the command line.

    It runs on a few rows first, so that imports and dictionaries loaded at the first use are not measured, as little as
    the joining of question and answer.
    """
    with TemporaryDirectory(prefix="peer-") as folder:
        given, scratch, _ = prepared(Path(folder) / "warm", FEW)
        work(given, scratch)
        given, scratch, rows = prepared(Path(folder) / "all")
        start, begun = spent(), time.perf_counter()
        kept = work(given, scratch)
        seconds, wall = spent() - start, time.perf_counter() - begun
    peak = max(resource.getrusage(who).ru_maxrss for who in WHO) / 1024
    line = {"peer": peer, "version": version(peer), "task": task, "rows": rows, "cpu_s": round(seconds, 2)}
    line |= {"wall_s": round(wall, 2), "peak_mb": round(peak), "kept": kept}
    print(json.dumps(line | ({"removed": rows - kept} if task == "dedup" else {})))
