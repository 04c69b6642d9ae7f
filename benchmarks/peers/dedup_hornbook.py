"""Near-duplicates with Hornbook: exact ones, then near ones, each confirmed by exact Jaccard. THREADS says how many."""

import os
from pathlib import Path

import numpy as np
import polars as pl
from measured import SIZE, THRESHOLD, measure

from curate.duplicates.links import Search, together

THREADS = int(os.environ.get("THREADS", "1"))


def kept(path: Path, scratch: Path) -> int:
    texts = pl.read_ndjson(path)["text"]
    return len(np.unique(together(texts, Search(SIZE, THRESHOLD), THREADS)))


if __name__ == "__main__":
    measure("hornbook", "dedup", kept)
