"""On rows whose clusters are known, nearly all repeats go and nearly nothing else; real pairs of other meaning stay."""

import gzip
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from benchmarks import duplicate_heldout
from benchmarks.duplicate_corpus import rows
from benchmarks.public_pairs import called, pairs_of
from curate.duplicates.side_comparison import LIMITS
from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.duplicates.similarity.shingles import jaccard, shingles
from curate.stages import Tools
from curate.stages.dedup import Dedup
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record
from tests.public_data import DATA, needs_public_data

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


def test_near_duplicates_are_found_at_95_of_100_and_99_of_100_are_right() -> None:
    corpus = list(rows(4_000, seed=11))
    records = [record(f"{n:05}", row.question, row.answer) for n, row in enumerate(corpus)]
    outcome = Dedup().run(frame_of(records), TOOLS)
    dropped = outcome.events.filter(verdict="dropped").select("id", "twin").rows()
    right = sum(corpus[int(id)].cluster == corpus[int(twin)].cluster for id, twin in dropped)
    repeats = sum(number - 1 for number in Counter(row.cluster for row in corpus).values())
    assert right >= 0.99 * len(dropped)
    assert right >= 0.95 * repeats > 1_000


def test_so_it_is_on_templates_that_no_limit_was_chosen_on() -> None:
    corpus = list(rows(3_000, 5, duplicate_heldout.base))
    records = [record(f"{n:05}", row.question, row.answer) for n, row in enumerate(corpus)]
    outcome = Dedup(names=duplicate_heldout.NAMES).run(frame_of(records), TOOLS)
    dropped = outcome.events.filter(verdict="dropped").select("id", "twin").rows()
    right = sum(corpus[int(id)].cluster == corpus[int(twin)].cluster for id, twin in dropped)
    assert right >= 0.99 * len(dropped)
    assert right >= 0.95 * (len(corpus) - len({row.cluster for row in corpus})) > 800


def test_no_row_that_differs_in_one_fact_goes_with_its_neighbour() -> None:
    corpus = list(rows(4_000, seed=12))
    outcome = Dedup().run(frame_of([record(f"{n:05}", r.question, r.answer) for n, r in enumerate(corpus)]), TOOLS)
    dropped = outcome.events.filter(verdict="dropped").select("id", "twin").rows()
    facts_lost = [id for id, twin in dropped if corpus[int(id)].fact != corpus[int(twin)].fact]
    assert sum(1 for row in corpus if row.fact) > 100
    assert not facts_lost


def test_the_corpus_is_the_same_every_time() -> None:
    assert list(rows(500, seed=1)) == list(rows(500, seed=1)) == list(rows(900, seed=1))[:500]


@needs_public_data
@pytest.mark.parametrize("name", ["lcqmc", "afqmc"])
def test_questions_that_mean_something_else_are_hardly_ever_duplicates(name: str) -> None:
    others = called(pairs_of(DATA / "dup-pairs" / f"{name}__dev.tsv.gz"), LIMITS)["0"]
    assert len(others) > 1_000
    assert sum(others) <= 0.01 * len(others)


@needs_public_data
def test_edited_instructions_at_the_threshold_are_found_and_no_other() -> None:
    versions = [
        json.loads(gzip.decompress(path.read_bytes()))
        for path in sorted((DATA / "dup-pairs").glob("alpaca-chinese-carbonz0__*.json.gz"))
    ]
    edited = [
        ("\n".join(map(str, before.values())), "\n".join(map(str, after.values())))
        for before, after in zip(*versions, strict=True)
        if before != after
    ]
    assert len(edited) == 187
    wanted = {pair for pair in edited if jaccard(shingles(pair[0], 3), shingles(pair[1], 3)) >= 0.8}
    found = {
        pair for pair in edited if pair[0] != pair[1] and not cluster_leaders(pl.Series(pair), Search(3, 0.8)).any()
    }
    assert found == wanted
