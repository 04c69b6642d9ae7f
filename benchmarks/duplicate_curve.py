"""How many near-duplicates of the corpus with known clusters go, and how many of those that go are one.

`python -m benchmarks.duplicate_curve` prints the table of docs/duplicates.md, one line for each pair of limits.
"""

import argparse
from collections import Counter
from pathlib import Path

import polars as pl

from benchmarks import duplicate_corpus, duplicate_heldout
from benchmarks.duplicate_corpus import Row, rows
from curate.stages import Tools
from curate.stages.dedup import Dedup
from schemas.frame import frame_of
from schemas.identity import Identity

LIMITS = (
    *((0.9, 1.0, 0.9), (0.8, 1.0, 0.8), (0.7, 1.0, 0.7), (0.6, 1.0, 0.6), (0.5, 1.0, 0.5)),
    *((0.8, 0.95, 0.6), (0.8, 0.9, 0.6), (0.8, 0.85, 0.6), (0.8, 0.9, 0.5), (0.7, 0.9, 0.6)),
)
"""threshold, edit, related (where candidates are looked for)."""


def frame(rows: list[Row]) -> pl.DataFrame:
    """Make records of the rows, which their numbers name."""
    source = {"file": "corpus", "digest": "", "rows": [1]}
    return frame_of(
        [
            {
                "id": f"{n:06}",
                "messages": [{"role": "user", "content": row.question}, {"role": "assistant", "content": row.answer}],
                "kind": "domain",
                "lang": "zh",
                "source": source,
                "parent": None,
                "group": f"{n:06}",
                "tags": [],
            }
            for n, row in enumerate(rows)
        ]
    )


def wilson(right: int, count: int, z: float = 1.96) -> str:
    """Write a share with its Wilson score interval (Wilson 1927), of 95 % for z = 1.96.

    With share p of n the middle is (p + z²/2n) / (1 + z²/n), half the width z √(p(1-p)/n + z²/4n²) / (1 + z²/n).
    """
    share, over = right / max(count, 1), 1 + z * z / max(count, 1)
    middle = (share + z * z / (2 * max(count, 1))) / over
    half = z / over * (share * (1 - share) / max(count, 1) + z * z / (4 * max(count, 1) ** 2)) ** 0.5
    return f"{share:.4f} ({middle - half:.4f}–{middle + half:.4f})"


def measured(rows: list[Row], stage: Dedup) -> tuple[str, str]:
    """Measure recall and precision of what a stage drops."""
    repeats = sum(number - 1 for number in Counter(row.cluster for row in rows).values())
    outcome = stage.run(frame(rows), Tools(seed=7, identity=Identity(), folder=Path()))
    dropped = outcome.events.filter(verdict="dropped").select("id", "twin").rows()
    right = sum(rows[int(id)].cluster == rows[int(twin)].cluster for id, twin in dropped)
    return wilson(right, repeats), wilson(right, len(dropped))


def main() -> None:
    parser = argparse.ArgumentParser(description="Recall and precision on a corpus with known clusters.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only-default", action="store_true", help="the limits of `dedup` alone")
    parser.add_argument("--held-out", action="store_true", help="on templates that no limit was chosen on")
    arguments = parser.parse_args()

    base = duplicate_heldout.base if arguments.held_out else duplicate_corpus.base
    corpus = list(rows(arguments.rows, arguments.seed, base))
    clusters = {row.cluster for row in corpus}
    repeats, differ = len(corpus) - len(clusters), sum(bool(row.fact) for row in corpus)
    print(f"{len(corpus):,} rows, {repeats:,} of them repeat another, {differ:,} differ in one fact")

    print("| threshold | edit | related | names | recall | precision |\n|---|---|---|---|---|---|")
    for threshold, edit, related in LIMITS[6:7] if arguments.only_default else LIMITS:
        for names in ((), duplicate_heldout.NAMES) if arguments.held_out else ((),):
            recall, precision = measured(corpus, Dedup(threshold=threshold, edit=edit, related=related, names=names))
            limits = f"{threshold} | {edit} | {related} | {len(names)}"
            print(f"| {limits} | {recall} | {precision} |", flush=True)


if __name__ == "__main__":
    main()
