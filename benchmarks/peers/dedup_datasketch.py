"""Near-duplicates with datasketch: MinHash in bulk over xxhash, its LSH, and its estimate from the signatures."""

from pathlib import Path

import xxhash
from datasketch import MinHash, MinHashLSH
from measured import PERMUTATIONS, SIZE, THRESHOLD, measure, texts


def kept(path: Path, scratch: Path) -> int:
    shingles = [{text[n : n + SIZE].encode() for n in range(max(1, len(text) - SIZE + 1))} for text in texts(path)]
    signatures = list(MinHash.bulk(shingles, num_perm=PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest))
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    count = 0
    for n, signature in enumerate(signatures):
        if not any(signatures[match].jaccard(signature) >= THRESHOLD for match in index.query(signature)):
            index.insert(n, signature)
            count += 1
    return count


if __name__ == "__main__":
    measure("datasketch", "dedup", kept)
