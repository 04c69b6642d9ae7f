"""The benchmark of deduplication poisons what it says it poisons, and states what was wanted of what was measured."""

from itertools import islice

import numpy as np
import polars as pl

from benchmarks.corpus import rows
from benchmarks.deduplication import GREETED, Runs, poisoned, ratios
from curate.duplicates.similarity.jaccard import jaccards


def test_one_text_in_fifty_is_thanks_and_one_in_five_a_greeting_near_all_others() -> None:
    poisoned_rows = list(poisoned(islice(rows(3_000, 7), 3_000)))
    assert len(poisoned_rows) == 3_000
    texts = pl.Series([f"{row['question']}\n{row['answer']}" for row in poisoned_rows])
    assert sum(text == "谢谢\n" for text in texts) == 3_000 // 50
    greetings = texts.filter(texts.str.ends_with(GREETED))
    assert greetings.n_unique() == 3_000 // 5
    pairs = np.stack([np.zeros(599, np.int64), np.arange(1, 600)], axis=1)
    assert jaccards(greetings, pairs, 3).min() > 0.9


def test_two_hundred_thousand_greetings_are_two_hundred_thousand_texts() -> None:
    empty = ({"question": "", "answer": ""} for _ in range(1_000_000))
    assert len({row["question"] for row in poisoned(empty) if row["question"].startswith("在吗")}) == 200_000


def test_ratios_are_those_of_the_largest_run_and_only_of_what_was_measured() -> None:
    run = {"cpu_s": 2.0, "wall_s": 3.0, "peak_mb": 100.0, "removed": 5}
    runs: Runs = {("hornbook", 1_000): run | {"cpu_s": 0.2}, ("hornbook", 10_000): run, ("poisoned", 10_000): run}
    assert {what: round(number, 2) for what, number, _ in ratios(runs)} == {
        "CPU, poisoned / plain": 1.0,
        "memory, poisoned / plain": 1.0,
        "exponent of CPU from 1,000 to 10,000": 1.0,
    }
    assert not list(ratios({}))
