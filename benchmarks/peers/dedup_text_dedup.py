"""Near-duplicates with text-dedup: its MinHash program as it is, with its check by exact Jaccard, over characters."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from datasets import load_from_disk
from measured import PERMUTATIONS, SIZE, THRESHOLD, measure
from text_dedup import minhash
from text_dedup.config import MinHashAlgorithmConfig, OutputConfig
from text_dedup.config.io import LocalInputConfig


def characters(self: MinHashAlgorithmConfig) -> Callable[[str], list[str]]:
    """In place of its own words between blanks, of which a Chinese sentence has few."""
    return list


def kept(path: Path, scratch: Path) -> int:
    files = {"path": "json", "data_files": str(path), "split": "train", "cache_dir": str(scratch / "cache")}
    algorithm = MinHashAlgorithmConfig(
        algorithm_name="minhash",
        text_column="text",
        num_perm=PERMUTATIONS,
        ngram_size=SIZE,
        threshold=THRESHOLD,
        min_length=1,
        check_false_positive=True,
        num_proc=1,
    )
    output = OutputConfig(output_dir=str(scratch / "out"))
    files_read = LocalInputConfig(file_type="json", read_arguments=files)
    minhash.main(SimpleNamespace(input=files_read, algorithm=algorithm, output=output))
    return len(load_from_disk(output.output_dir))


if __name__ == "__main__":
    MinHashAlgorithmConfig._get_tokenize_func = characters
    measure("text-dedup", "dedup", kept)
