"""Near-duplicates with rensa: its batch signatures over every shingle, then its LSH with the check by signature."""

from pathlib import Path

from measured import PERMUTATIONS, SIZE, THRESHOLD, measure, texts
from rensa import RMinHash, RMinHashDeduplicator


def kept(path: Path, scratch: Path) -> int:
    shingles = [[text[n : n + SIZE] for n in range(max(1, len(text) - SIZE + 1))] for text in texts(path)]
    signatures = RMinHash.from_token_sets(shingles, num_perm=PERMUTATIONS, seed=42)
    index = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=PERMUTATIONS, use_lsh=True)
    return sum(index.add_pairs((str(n), signature) for n, signature in enumerate(signatures)))


if __name__ == "__main__":
    measure("rensa", "dedup", kept)
