"""Near-duplicates with Hornbook: exact ones, then near ones, each confirmed by exact Jaccard. THREADS says how many."""

import os
from pathlib import Path

import numpy as np
import polars as pl
from measured import SIZE, THRESHOLD, measure

from curate.duplicates.links import Search, grow, links
from curate.duplicates.signatures import sketches

THREADS = int(os.environ.get("THREADS", "1"))


def kept(path: Path, scratch: Path) -> int:
    texts = pl.read_ndjson(path)["text"].unique(maintain_order=True)
    found = links(texts, sketches(texts, SIZE, THREADS), Search(SIZE, THRESHOLD), THREADS)
    tree = np.arange(len(texts))
    grow(tree, found.pairs)
    return len(np.unique(tree))


if __name__ == "__main__":
    measure("hornbook", "dedup", kept)
