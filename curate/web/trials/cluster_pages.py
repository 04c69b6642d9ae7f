"""Clusters of duplicates a page at a time, the largest first, with what each record says otherwise than its twin."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.duplicates.cluster_order import in_families, read_table
from curate.duplicates.cluster_table import CLUSTERS, near_at
from curate.history.earlier_texts import rows_of
from curate.report.diff_page import letter_edits
from curate.stages.dedup import Dedup
from curate.store.read_version import read_recipe
from curate.web.trials.record_texts import RecordText, source_words, texts_in_version
from schemas.bilingual import Bilingual

EACH_PAGE = 10
MOST_LINES = 12
"""Records of one cluster that are shown."""
LONGEST = 600
"""Letters that differ, up to which they are marked one by one."""
LIKENESS: tuple[tuple[float, Bilingual], ...] = (
    (0.95, Bilingual("nearly letter for letter", "几乎一字不差")),
    (0.8, Bilingual("very much alike", "非常相似")),
    (0.6, Bilingual("much alike", "比较相似")),
    (0.0, Bilingual("somewhat alike", "略有相似")),
)
"""From which similarity on each word is used."""

Marked = list[tuple[str, str]]
"""A text in pieces: `=` in both texts, `-` in the twin, `+` in this one alone."""


class ClusterLine(NamedTuple):
    """One record. Texts are marked against the twin, where there is one; `equals` counts the records that equal it."""

    id: str
    verdict: str
    twin: str
    jaccard: float
    edit: float
    differs: list[str]
    question: Marked
    answer: Marked
    equals: int
    date: str
    source: str

    @property
    def likeness(self) -> str:
        return str(next(words for limit, words in LIKENESS if max(self.jaccard, self.edit) >= limit))


class Cluster(NamedTuple):
    """One cluster: what stays first. `left_out` are records, none of them equal to another, that are not shown."""

    key: str
    size: int
    lines: list[ClusterLine]
    left_out: int


class ClusterPage(NamedTuple):
    """One page of clusters; `before` and `after` are the keys of the pages beside it, empty where there is none."""

    clusters: list[Cluster]
    before: str
    after: str


class TriedThresholds(NamedTuple):
    """How many would be near duplicates at other thresholds, and below which nothing was looked for."""

    threshold: float
    edit: float
    near: int
    in_version: int
    floor: float
    floor_of_edit: float


class ClusterBook:
    """All clusters of a version, in their order. Raises InputError where its recipe has no stage `dedup`."""

    def __init__(self, version: Path) -> None:
        self.version = version
        self._table = table = read_table(version, CLUSTERS)
        self._dedup = Dedup.of(read_recipe(version))
        families = in_families(table)
        is_exact = pl.col("verdict") == "exact_duplicate"
        equal = families.filter(is_exact).group_by("twin").len()
        self._equals: Mapping[str, int] = dict(equal.iter_rows())
        self._lines = families.filter(~is_exact).with_row_index("line")
        self._heads = self._lines.group_by("cluster", maintain_order=True).agg(
            pl.col("size").first(), pl.col("line").min().alias("start"), pl.len().alias("lines")
        )
        counts = table["verdict"].value_counts()
        self.counts: dict[str, int] = dict(counts.iter_rows())
        self.total = self._heads.height

    def page(self, *, after: str = "", before: str = "") -> ClusterPage:
        """Give the clusters behind a key, or those before one."""
        start = self._place_of(after) + 1 if after else 0
        if before:
            start = max(0, self._place_of(before) - EACH_PAGE)
        heads = self._heads.slice(start, EACH_PAGE).to_dicts()
        wanted = [self._lines.slice(head["start"], min(head["lines"], MOST_LINES)).to_dicts() for head in heads]
        ids = [line["id"] for lines in wanted for line in lines]
        texts = texts_in_version(self.version, ids)
        sources = _sources(self.version, tuple(sorted(id for id in ids if id not in texts or not texts[id].source)))
        clusters = [
            Cluster(_key(head), head["size"], self._marked(lines, texts, sources), head["lines"] - len(lines))
            for head, lines in zip(heads, wanted, strict=True)
        ]
        is_last = start + EACH_PAGE >= self.total
        first, last = (clusters[0].key, clusters[-1].key) if clusters else ("", "")
        return ClusterPage(clusters, first if start else "", "" if is_last else last)

    def thresholds(self, threshold: float | None, edit: float | None) -> TriedThresholds:
        """Count the near duplicates at other thresholds; one that is None is that of the version."""
        dedup = self._dedup
        threshold = dedup.threshold if threshold is None else threshold
        edit = dedup.edit if edit is None else edit
        near = near_at(self._table, threshold, edit).height
        return TriedThresholds(threshold, edit, near, self.counts.get("near_duplicate", 0), dedup.floor, dedup.edit)

    def _place_of(self, key: str) -> int:
        """Find which cluster has a key: how many stand before the first that comes not before it, less one."""
        size, _, name = key.partition("-")
        is_before = (pl.col("size") > int(size)) | ((pl.col("size") == int(size)) & (pl.col("cluster") < name))
        return self._heads.select(is_before.sum()).item()

    def _marked(
        self, lines: Sequence[dict[str, Any]], texts: Mapping[str, RecordText], sources: Mapping[str, str]
    ) -> list[ClusterLine]:
        by_id = {line["id"]: line for line in lines}
        marked = []
        for line in lines:
            twin = by_id.get(line["twin"] or "", {})
            known = texts.get(line["id"], RecordText("", ""))
            question, answer = (marked_text(twin.get(side), line[side]) for side in ("question", "answer"))
            marked.append(
                ClusterLine(
                    line["id"],
                    line["verdict"],
                    line["twin"] or "",
                    line["jaccard"] or 0.0,
                    line["edit"] or 0.0,
                    line["differs"] or [],
                    question,
                    answer,
                    self._equals.get(line["id"], 0),
                    known.date,
                    known.source or sources.get(line["id"], ""),
                )
            )
        return marked


@lru_cache(maxsize=2)
def clusters_of(version: Path) -> ClusterBook:
    """Read the clusters of a version. InputError where it has none."""
    return ClusterBook(version)


def marked_text(was: str | None, now: str | None) -> Marked:
    """Mark in what a text differs from another one; nothing where there is no other, or too much differs."""
    edits = letter_edits(was, now or "", LONGEST) if was is not None else None
    return edits if edits is not None else [("=", now or "")]


@lru_cache(maxsize=32)
def _sources(version: Path, ids: tuple[str, ...]) -> Mapping[str, str]:
    """Find the raw rows of records that are in no file of the version."""
    return {id: source_words(file, rows) for id, (file, rows) in rows_of(version, ids).items()} if ids else {}


def _key(head: Mapping[str, Any]) -> str:
    return f"{head['size']}-{head['cluster']}"
