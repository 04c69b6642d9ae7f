"""The files of a version, named in one place for all who write or read one."""

from pathlib import Path
from typing import NamedTuple

MANIFEST = "manifest.json"
"""Written last: a folder without it is no version."""
RECIPE = "recipe.yaml"
LEDGER = "ledger.parquet"
EXAM_FILE = "exam.jsonl"
REVIEW_FILE = "review.jsonl"
"""Records that wait for a person."""
REWORDINGS = "rewordings.jsonl"
"""What a model wrote in other words, as the recipe names it: from here the version is built again without a call."""
MODEL_SCORES = "scores.jsonl"
"""What models think of answers, as the recipe names it: from here the version is built again without a call."""
CARD = "README.md"
DATASET_INFO = "dataset_info.json"
RUN = "run.json"
"""When, where and with what a version was written: no part of its content."""
TRAIN = "train"
"""How the names of the shards begin that are trained on."""
RECORDS = (f"{TRAIN}-", EXAM_FILE, REVIEW_FILE)
"""How the names of all files begin whose lines are records or questions: the id of a version is made of them."""


class VersionFiles(NamedTuple):
    """The paths of the files of one version, whether they are there or not."""

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / MANIFEST

    @property
    def recipe(self) -> Path:
        return self.folder / RECIPE

    @property
    def ledger(self) -> Path:
        return self.folder / LEDGER

    @property
    def exam(self) -> Path:
        return self.folder / EXAM_FILE

    @property
    def review(self) -> Path:
        return self.folder / REVIEW_FILE

    @property
    def rewordings(self) -> Path:
        return self.folder / REWORDINGS

    @property
    def model_scores(self) -> Path:
        return self.folder / MODEL_SCORES

    @property
    def card(self) -> Path:
        return self.folder / CARD

    @property
    def dataset_info(self) -> Path:
        return self.folder / DATASET_INFO

    @property
    def run(self) -> Path:
        return self.folder / RUN

    def table(self, name: str) -> Path:
        """Give the path of what a stage measured: `scores`, `clusters`, `conflicts`, `signatures`."""
        return self.folder / f"{name}.parquet"


def shard_name(number: int, stem: str = TRAIN, suffix: str = ".jsonl") -> str:
    """Name a shard by its number, from 0."""
    return f"{stem}-{number:05d}{suffix}"


def shard_names(suffix: str = ".jsonl") -> str:
    """Give a glob pattern of the names of all shards that are trained on."""
    return f"{TRAIN}-*{suffix}"


def is_trained_on(name: str) -> bool:
    """Tell whether a file of that name is a shard that is trained on."""
    return name.startswith(f"{TRAIN}-")


def holds_records(name: str) -> bool:
    """Tell whether the lines of a file of that name are records or questions."""
    return name.startswith(RECORDS)
