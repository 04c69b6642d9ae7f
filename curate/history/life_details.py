"""What is beside the events of a life: what stages changed in the record's texts, and what people decided about it."""

from pathlib import Path

import polars as pl

from curate.decisions.agreed_reviews import ReviewsById
from curate.decisions.reviews import read_reviews
from curate.history.trace import Change, Life
from curate.store.read_version import read_manifest
from schemas.review import ReviewDecision


def changes_in(version: Path, raw_folder: Path | None, life: Life) -> list[Change] | None:
    """Find what the stages changed in the texts of a record. None where the raw rows are not there any more."""
    fixed = set(life.events.filter(pl.col("verdict") == "fixed")["stage"])
    if not fixed:
        return []

    # The stages and what they need take as long to load as everything else: only where there is a change to show.
    from curate.history.replay import replay_changes

    rows = life.events.filter(pl.col("row").is_not_null(), pl.col("id").is_not_null())
    if raw_folder is None or rows["id"].n_unique() != 1:
        return None
    return replay_changes(
        version, raw_folder, (rows["id"][0], rows["file"][0], sorted(rows["row"].unique().to_list())), fixed
    )


def decisions_about(version: Path, raw_folder: Path | None, life: Life) -> list[ReviewDecision]:
    """List what people have decided about a record, in the files of reviews that the version was made with."""
    files = read_manifest(version).reviews
    ids = {id for id in life.events["id"].unique() if id}
    if raw_folder is None or len(ids) != 1:
        return []
    decisions: list[ReviewDecision] = []
    for path in (raw_folder / file.path for file in files):
        if path.is_file():
            decisions += ReviewsById(read_reviews(path)).of(*ids)
    return decisions
