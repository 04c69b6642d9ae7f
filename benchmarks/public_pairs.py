"""What lexical likeness makes of real pairs of questions: `python -m benchmarks.public_pairs FILE.tsv.gz …`.

A line is two questions and a label, 1 where they mean the same (LCQMC, AFQMC). Printed is how many of each label would
be duplicates, with the limits of `dedup`, and with Jaccard 0.8 alone; a pair that differs in a fact never is one.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.duplicate_curve import wilson
from curate.duplicates.clusters import Limits, Sides
from curate.duplicates.facts import facts_of_each
from curate.duplicates.normalize import near_views

USUAL, JACCARD_ALONE = Limits(0.8, 0.9, 0.6, 16), Limits(0.8, 1.0, 0.8)


def pairs_of(file: Path) -> list[tuple[str, str, str]]:
    """The lines that are two questions and a label."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        fields = [line.rstrip("\n").split("\t") for line in lines]
    return [(one, other, label) for one, other, label in (some for some in fields if len(some) == 3)]


def called(pairs: list[tuple[str, str, str]], limits: Limits) -> dict[str, list[bool]]:
    """For each label, which of its pairs are called duplicates."""
    ones, others = [one for one, _, _ in pairs], [other for _, other, _ in pairs]
    views = pl.DataFrame({"question": near_views(pl.Series([*ones, *others]))})
    places = np.arange(len(pairs))
    sides = Sides(views.with_columns(answer=pl.lit(None, pl.String)))
    near = sides.likeness(np.stack([places, places + len(pairs)], axis=1)).near(limits)
    same = [a == b for a, b in zip(facts_of_each(ones), facts_of_each(others), strict=True)]
    found: dict[str, list[bool]] = {}
    for (_, _, label), is_near, is_same in zip(pairs, near, same, strict=True):
        found.setdefault(label, []).append(bool(is_near) and is_same)
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description="What lexical likeness makes of real pairs of questions.")
    asked.add_argument("files", type=Path, nargs="+")
    print("| file | limits | label | called duplicates | share (95 %) |\n|---|---|---|---|---|")
    for file in asked.parse_args().files:
        for name, limits in (("as in dedup", USUAL), ("Jaccard 0.8 alone", JACCARD_ALONE)):
            for label, some in sorted(called(pairs_of(file), limits).items()):
                print(
                    f"| {file.name} | {name} | {label} | {sum(some)} of {len(some)} | {wilson(sum(some), len(some))} |"
                )


if __name__ == "__main__":
    main()
