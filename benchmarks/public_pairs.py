"""What lexical similarity makes of real pairs of questions: `python -m benchmarks.public_pairs FILE.tsv.gz …`.

A line is two questions and a label, 1 where they mean the same (LCQMC, AFQMC). Printed is how many of each label would
be duplicates, with the limits of `dedup`, and with Jaccard 0.8 alone; a pair that differs in a fact never is one.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.duplicate_curve import wilson
from curate.duplicates.side_comparison import LIMITS, Limits, SideComparison
from curate.duplicates.texts.facts import facts_of_each
from curate.duplicates.texts.normalize import normalize

JACCARD_ALONE = Limits(0.8, 1.0, 0.8)


def pairs_of(file: Path) -> list[tuple[str, str, str]]:
    """Read the lines that are two questions and a label."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        fields = [line.rstrip("\n").split("\t") for line in lines]
    return [(first, second, label) for first, second, label in (line for line in fields if len(line) == 3)]


def called(pairs: list[tuple[str, str, str]], limits: Limits) -> dict[str, list[bool]]:
    """Tell for each label which of its pairs are called duplicates."""
    firsts, seconds = [first for first, _, _ in pairs], [second for _, second, _ in pairs]
    normalized = pl.DataFrame({"question": normalize(pl.Series([*firsts, *seconds]))})
    indices = np.arange(len(pairs))
    sides = SideComparison(normalized.with_columns(answer=pl.lit(None, pl.String)))
    near = sides.similarity(np.stack([indices, indices + len(pairs)], axis=1)).near(limits)
    same = [a == b for a, b in zip(facts_of_each(firsts), facts_of_each(seconds), strict=True)]
    found: dict[str, list[bool]] = {}
    for (_, _, label), is_near, is_same in zip(pairs, near, same, strict=True):
        found.setdefault(label, []).append(bool(is_near) and is_same)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="What lexical similarity makes of real pairs of questions.")
    parser.add_argument("files", type=Path, nargs="+")
    print("| file | limits | label | called duplicates | share (95 %) |\n|---|---|---|---|---|")
    for file in parser.parse_args().files:
        for name, limits in (("as in dedup", LIMITS), ("Jaccard 0.8 alone", JACCARD_ALONE)):
            for label, called_so in sorted(called(pairs_of(file), limits).items()):
                count, share = sum(called_so), wilson(sum(called_so), len(called_so))
                print(f"| {file.name} | {name} | {label} | {count} of {len(called_so)} | {share} |")


if __name__ == "__main__":
    main()
