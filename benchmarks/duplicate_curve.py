"""How many near-duplicates of the corpus with known clusters go, and how many of those that go are one.

`python -m benchmarks.duplicate_curve` prints the table of docs/duplicates.md, one line for each pair of limits.
"""

import argparse
from collections import Counter
from pathlib import Path

import polars as pl

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


def frame(made: list[Row]) -> pl.DataFrame:
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
            for n, row in enumerate(made)
        ]
    )


def main() -> None:
    asked = argparse.ArgumentParser(description="Recall and precision on a corpus with known clusters.")
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    made = list(rows(given.rows, given.seed))
    repeats = sum(number - 1 for number in Counter(row.cluster for row in made).values())
    records, tools = frame(made), Tools(seed=7, identity=Identity(), folder=Path())
    differ = sum(bool(row.fact) for row in made)
    print(f"{len(made):,} rows, {repeats:,} of them repeat another, {differ:,} differ in one fact")
    print("| threshold | edit | related | recall | precision |\n|---|---|---|---|---|")
    for threshold, edit, related in LIMITS:
        stage = Dedup(threshold=threshold, edit=edit, related=related)
        gone = stage.run(records, tools).events.filter(verdict="dropped").select("id", "twin").rows()
        right = sum(made[int(id)].cluster == made[int(twin)].cluster for id, twin in gone)
        print(
            f"| {threshold} | {edit} | {related} | {right / repeats:.4f} | {right / max(len(gone), 1):.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
