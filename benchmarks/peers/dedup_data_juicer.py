"""Near-duplicates with data-juicer: document_minhash_deduplicator over characters, one process."""

from pathlib import Path

from data_juicer.core.data import NestedDataset
from data_juicer.ops import load_ops
from datasets import load_dataset
from measured import PERMUTATIONS, SIZE, THRESHOLD, measure

OPERATORS = [
    {
        "document_minhash_deduplicator": {
            "tokenization": "character",
            "window_size": SIZE,
            "lowercase": False,
            "num_permutations": PERMUTATIONS,
            "jaccard_threshold": THRESHOLD,
            "num_proc": 1,
        }
    }
]


def kept(path: Path, scratch: Path) -> int:
    rows = load_dataset("json", data_files=str(path), split="train", cache_dir=str(scratch / "cache"))
    unique = NestedDataset(rows).process(load_ops(OPERATORS), open_monitor=False)
    unique.to_json(str(scratch / "kept.jsonl"), force_ascii=False)
    return len(unique)


if __name__ == "__main__":
    measure("py-data-juicer", "dedup", kept)
