"""Near-duplicates with datatrove: its four MinHash stages, one task, over characters."""

from pathlib import Path

import numpy as np
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from measured import SIZE, measure

BUCKETS, HASHES = 9, 13
CONFIG = MinhashConfig(n_grams=SIZE, num_buckets=BUCKETS, hashes_per_bucket=HASHES)
"""The banding that the other peers compute for 128 hashes and 0.8. A candidate is not checked."""


class OverCharacters(MinhashDedupSignature):
    """Its own shingles are of words."""

    def get_shingles(self, text: str) -> np.ndarray:
        hashes = [self._hash_func(text[n : n + SIZE]) for n in range(max(1, len(text) - SIZE + 1))]
        return np.array(hashes, np.uint64).reshape((-1, 1))


def kept(path: Path, scratch: Path) -> int:
    read = JsonlReader(str(path.parent))
    signatures, pairs, removed, out = (str(scratch / name) for name in ("signatures", "pairs", "removed", "out"))
    stages = (
        ([read, OverCharacters(signatures, CONFIG)], 1),
        ([MinhashDedupBuckets(signatures, pairs, config=CONFIG)], BUCKETS),
        ([MinhashDedupCluster(pairs, removed, config=CONFIG)], 1),
        ([read, MinhashDedupFilter(removed), JsonlWriter(out, compression=None)], 1),
    )
    for number, (steps, tasks) in enumerate(stages):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(scratch / f"log{number}")).run()
    return sum(sum(1 for _ in file.open("rb")) for file in Path(out).glob("*.jsonl"))


if __name__ == "__main__":
    measure("datatrove", "dedup", kept)
