"""The numbers of facts are equal exactly where the facts are, in any order and whatever was read before."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.sides import Compare, raw_texts
from curate.duplicates.texts.facts import Facts, facts
from schemas.frame import frame_of

TEXTS = ["三天内退款", "3天内退款", "不能退款", "能退款", "no refund", "云朵杯怎么洗", "明天到", "后天到", "好", ""]


def frame_of_pairs(*pairs: tuple[str, str]) -> pl.DataFrame:
    source = {"file": "a.csv", "digest": "", "rows": [1]}
    return frame_of(
        [
            {
                "id": str(n),
                "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
                "kind": "domain",
                "lang": "zh",
                "source": source,
                "parent": None,
                "group": str(n),
                "tags": [],
            }
            for n, (question, answer) in enumerate(pairs)
        ]
    )


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), min_size=1, max_size=12),
    st.sampled_from(["question", "answer", "conversation"]),
    st.randoms(use_true_random=False),
)
def test_numbers_are_equal_where_facts_are(pairs, compare: Compare, random) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of_pairs(*pairs)
    order = list(range(len(pairs)))
    random.shuffle(order)
    codes = FactCodes(frame, pl.Series(order, dtype=pl.UInt32), compare, ())
    codes.of(np.array(order[: len(order) // 2], np.int64))
    expected_facts = [facts(text) for text in raw_texts(frame[order], compare)]
    first, second = np.array(list(product(range(len(order)), repeat=2))).T
    expected = [
        tuple(name for name in Facts._fields if getattr(expected_facts[a], name) != getattr(expected_facts[b], name))
        for a, b in zip(first, second, strict=True)
    ]
    assert codes.differ(first, second) == expected


@pytest.mark.parametrize(("name", "differs"), [((), ()), (("星辰",), ("names",)), (("星辰", "星河"), ("names",))])
def test_the_recipes_names_are_facts(name: tuple[str, ...], differs: tuple[str, ...]) -> None:
    codes = FactCodes(frame_of_pairs(("星辰怎么洗", ""), ("星河怎么洗", "")), pl.Series([0, 1]), "question", name)
    assert codes.differ(np.array([0]), np.array([1])) == [differs]
