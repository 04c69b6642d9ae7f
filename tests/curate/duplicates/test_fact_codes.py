"""The numbers of facts are equal exactly where the facts are, in any order and whatever was asked for before."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.facts import Facts, facts
from curate.duplicates.sides import Compare, words_of
from schemas.frame import frame_of

SAID = ["三天内退款", "3天内退款", "不能退款", "能退款", "no refund", "云朵杯怎么洗", "明天到", "后天到", "好", ""]


def asked(*pairs: tuple[str, str]) -> pl.DataFrame:
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
    st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(SAID)), min_size=1, max_size=12),
    st.sampled_from(["question", "answer", "conversation"]),
    st.randoms(use_true_random=False),
)
def test_numbers_are_equal_where_facts_are(pairs, compare: Compare, random) -> None:  # type: ignore[no-untyped-def]
    frame = asked(*pairs)
    order = list(range(len(pairs)))
    random.shuffle(order)
    codes = FactCodes(frame, pl.Series(order, dtype=pl.UInt32), compare, ())
    codes.of(np.array(order[: len(order) // 2], np.int64))
    told = [facts(text) for text in words_of(frame[order], compare)]
    one, other = np.array(list(product(range(len(order)), repeat=2))).T
    expected = [
        tuple(name for name in Facts._fields if getattr(told[a], name) != getattr(told[b], name))
        for a, b in zip(one, other, strict=True)
    ]
    assert codes.differ(one, other) == expected


@pytest.mark.parametrize(("name", "differs"), [((), ()), (("星辰",), ("names",)), (("星辰", "星河"), ("names",))])
def test_the_recipes_names_are_facts(name: tuple[str, ...], differs: tuple[str, ...]) -> None:
    codes = FactCodes(asked(("星辰怎么洗", ""), ("星河怎么洗", "")), pl.Series([0, 1]), "question", name)
    assert codes.differ(np.array([0]), np.array([1])) == [differs]
