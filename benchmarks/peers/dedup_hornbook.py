"""Near-duplicates with Hornbook: exact ones, then near ones, each confirmed by exact Jaccard. CORES says how many."""

import os
from pathlib import Path

import numpy as np
import polars as pl
from measured import SIZE, THRESHOLD, measure

from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.system.parallel import Cores

CORES = int(os.environ.get("CORES", "1"))


def kept(path: Path, scratch: Path) -> int:
    texts = pl.read_ndjson(path)["text"]
    with Cores(CORES) as cores:
        return len(np.unique(cluster_leaders(texts, Search(SIZE, THRESHOLD), cores)))


if __name__ == "__main__":
    measure("hornbook", "dedup", kept)
