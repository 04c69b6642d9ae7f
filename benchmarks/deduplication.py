"""Near-duplicates among short Chinese and English texts: ours beside datasketch, in one run, in CPU seconds.

Run with `make bench`. Both propose by MinHash with 128 permutations over character 3-grams and check candidates by
exact Jaccard similarity at 0.8; datasketch bands them with its own LSH.
"""

import time
from collections.abc import Callable
from importlib.metadata import version

from datasketch import MinHash, MinHashLSH
from rich.console import Console
from rich.table import Table

from curate.minhash import PERMUTATIONS, jaccard, near_pairs, shingles
from schemas.digest import digest

TEXTS = 10_000
THRESHOLD, SIZE = 0.8, 3
PARTS = (
    ("您好，", "亲，", "请问", "Hello, ", "Hi there, "),
    ("我的订单", "昨天买的耳机", "上周的退款", "my order", "the parcel from last week", "my refund"),
    ("还没有收到", "什么时候能到", "可以换一个吗", "has not arrived yet", "came broken", "is still pending"),
    ("，麻烦帮我看一下", "，已经等了很久了", "，谢谢", ", please have a look", ", I have waited for days", ", thanks"),
)


def generated(count: int) -> list[str]:
    """Texts of about 60 characters from parts, a tenth of them near-copies of another: the same every time."""
    texts = []
    for n in range(count):
        seed = digest("bench", n if n % 10 else n + 1)
        picks = [int(seed[k : k + 4], 16) for k in range(0, 32, 4)]
        words = [part[pick % len(part)] for part, pick in zip(PARTS, picks, strict=False)]
        texts.append("".join(words) + seed[:20] + ("" if n % 10 else "~"))
    return texts


def ours(texts: list[str]) -> set[tuple[int, int]]:
    return {(p.first, p.second) for p in near_pairs(texts, THRESHOLD, SIZE)}


def datasketch(texts: list[str]) -> set[tuple[int, int]]:
    sets = [shingles(text, SIZE) for text in texts]
    made = MinHash.bulk([[s.encode() for s in some] for some in sets], num_perm=PERMUTATIONS)
    index = MinHashLSH(threshold=THRESHOLD - 0.15, num_perm=PERMUTATIONS)
    found = set()
    for n, signature in enumerate(made):
        found |= {(other, n) for other in index.query(signature) if jaccard(sets[other], sets[n]) >= THRESHOLD}
        index.insert(n, signature)
    return found


def measured(work: Callable[[list[str]], set[tuple[int, int]]], texts: list[str]) -> tuple[float, int]:
    """The median CPU seconds of three runs, and the pairs found."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        found = work(texts)
        seconds.append(time.process_time() - start)
    return sorted(seconds)[1], len(found)


def main() -> None:
    texts = generated(TEXTS)
    mine, theirs = measured(ours, texts), measured(datasketch, texts)
    table = Table(title=f"near-duplicates among {TEXTS} short texts, Jaccard >= {THRESHOLD}", title_justify="left")
    for head in ("", "CPU s", "ratio", "pairs"):
        table.add_column(head, justify="left" if not head else "right")
    table.add_row("hornbook", f"{mine[0]:.2f}", "1.0", str(mine[1]))
    table.add_row(
        f"datasketch {version('datasketch')} bulk", f"{theirs[0]:.2f}", f"{theirs[0] / mine[0]:.1f}", str(theirs[1])
    )
    Console().print(table)


if __name__ == "__main__":
    main()
