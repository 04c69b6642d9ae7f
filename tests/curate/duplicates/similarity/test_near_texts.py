"""Signatures are datasketch's, exact Jaccard decides, and nothing but the texts decides what is found."""

from random import Random

import numpy as np
import polars as pl
import pytest
from datasketch import MinHash
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.corpus import rows
from benchmarks.deduplication import GREETED
from curate.duplicates.side_comparison import Limits, SideComparison
from curate.duplicates.signature_index import SignatureIndex
from curate.duplicates.similarity.arrays import Mask, Pairs
from curate.duplicates.similarity.bitmaps import ShingleBitmaps
from curate.duplicates.similarity.candidates import Search, cluster_leaders, find_links, propose
from curate.duplicates.similarity.jaccard import jaccards
from curate.duplicates.similarity.minhash import PERMUTATIONS, hash_shingles, signatures, sketches
from curate.duplicates.similarity.shingles import SIZES, JoinedTexts, ShingleSizes, encode_shingles, jaccard, shingles
from curate.duplicates.similarity.union_find import union
from curate.system.parallel import Cores

TEXTS = [f"{row['question']}\n{row['answer']}" for row in rows(3_000, seed=3)]
ODD = [
    "",
    "好",
    "a",
    "ab好cd",
    "x" * 500,
    "退款" * 400,
    "🙂",
    "👍🏻",
    "  ",
    "café été",
    "\U00020000\U0002a6d6",
    "A1 b2",
]
FIRST = np.array([[0, 1]])
ANYTHING = st.text(alphabet="退款货能不吗24小时内好的谢 abcdexyz🙂é", max_size=16)


@pytest.mark.parametrize("size", [2, 3, SIZES, ShingleSizes(3, 5)])
def test_signatures_are_those_of_datasketch(size: int | ShingleSizes) -> None:
    texts = [*ODD, *TEXTS[:20]]
    ours = signatures(JoinedTexts.of(pl.Series(texts)), size)
    for n, text in enumerate(texts):
        theirs = MinHash(PERMUTATIONS, seed=1, hashfunc=int, scheme="affine32")
        for shingle in hash_shingles(encode_shingles(JoinedTexts.of(pl.Series([text])), size).codes):
            theirs.update(str(shingle).encode())
        assert np.array_equal(ours[:, n], theirs.hashvalues), text


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("退款到账", 2, {"退款", "款到", "到账"}),
        ("退款", 3, {"退款"}),
        ("", 3, set()),
        ("ab c", 3, {"ab ", "b c"}),
        ("支持5g", SIZES, {"支持", "持5", "5g"}),
        ("iphone能退", SIZES, {"iphon", "phone", "能退"}),
        ("好", SIZES, {"好"}),
        ("a比b", SIZES, {"a", "比b", "b"}),
        ("b比a", SIZES, {"b", "比a", "a"}),
        ("ok 好的", SIZES, {"ok", "好的"}),
        ("do it now", SIZES, {"do", "it", "now"}),
        ("   ", SIZES, set()),
        ("été", SIZES, {"été"}),
        ("👍", SIZES, {"👍"}),
    ],
)
def test_a_text_becomes_shingles_by_script(text: str, size: int | ShingleSizes, expected: set[str]) -> None:
    assert shingles(text, size) == expected


@settings(max_examples=100)
@given(st.lists(ANYTHING, max_size=6))
def test_every_shingle_is_a_number_of_its_own(texts: list[str]) -> None:
    for size in (2, 3, SIZES):
        codes, offsets = encode_shingles(JoinedTexts.of(pl.Series(texts, dtype=pl.String)), size)
        for n, text in enumerate(texts):
            assert len(set(codes[offsets[n] : offsets[n + 1]].tolist())) == len(shingles(text, size))
        assert len(set(codes.tolist())) == len(frozenset().union(*(shingles(text, size) for text in texts)))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("", "", 0.0), ("", "a", 0.0), ("ab", "ab", 1.0), ("ab", "abc", 0.0), ("abcd", "bcda", 1 / 3), ("好", "好", 1.0)],
)
def test_exact_jaccard(first: str, second: str, expected: float) -> None:
    assert jaccard(shingles(first, 3), shingles(second, 3)) == pytest.approx(expected)


@settings(max_examples=60)
@given(st.lists(ANYTHING, max_size=20, unique=True))
def test_links_are_exact(texts: list[str]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    found = find_links(series, sketches(series, 2), Search(2, 0.5))
    exact = [jaccard(shingles(texts[a], 2), shingles(texts[b], 2)) for a, b in found.pairs.tolist()]
    assert found.jaccard.tolist() == exact
    assert all(similarity >= 0.5 for similarity in exact)


@settings(max_examples=60)
@given(st.lists(ANYTHING, max_size=20))
def test_equal_texts_are_joined_and_empty_ones_stand_alone(texts: list[str]) -> None:
    leaders = cluster_leaders(pl.Series(texts, dtype=pl.String), Search(2, 0.5)).tolist()
    for n, text in enumerate(texts):
        assert leaders[n] == (leaders[texts.index(text)] if text else n)
        assert leaders[leaders[n]] == leaders[n] <= n


def smallest_of_each(texts: list[str], floor: float, size: int | ShingleSizes) -> dict[str, str]:
    """For every text the smallest one that it is joined with."""
    tree = cluster_leaders(pl.Series(texts), Search(size, floor)).tolist()
    smallest: dict[int, str] = {}
    for leader, text in zip(tree, texts, strict=True):
        smallest[leader] = min(smallest.get(leader, text), text)
    return {text: smallest[leader] for leader, text in zip(tree, texts, strict=True)}


@pytest.mark.parametrize(("size", "floor"), [(3, 0.8), (SIZES, 0.8), (SIZES, 0.6)])
def test_nearly_all_pairs_of_a_brute_force_join_are_found_and_no_other(size: int | ShingleSizes, floor: float) -> None:
    texts = pl.Series(sorted(set(TEXTS[:1_200])))
    first, second = np.triu_indices(len(texts), 1)
    sets = [shingles(text, size) for text in texts]
    sizes = np.array([len(of_text) for of_text in sets])
    possible = np.minimum(sizes[first], sizes[second]) >= floor * np.maximum(sizes[first], sizes[second])
    every = {
        (int(a), int(b))
        for a, b in zip(first[possible], second[possible], strict=True)
        if jaccard(sets[a], sets[b]) >= floor
    }
    found = find_links(texts, sketches(texts, size), Search(size, floor))
    assert {tuple(pair) for pair in found.pairs.tolist()} <= every
    tree = np.arange(len(texts))
    union(tree, found.pairs)
    assert sum(tree[a] == tree[b] for a, b in every) >= 0.985 * len(every) > 9


def test_cores_change_nothing() -> None:
    texts = pl.Series(f"{n}{text}" for n in range(16) for text in TEXTS).unique(maintain_order=True)
    with Cores(1) as one_core, Cores(2, worth=0) as two_cores:
        serial, shared = (sketches(texts, SIZES, cores) for cores in (one_core, two_cores))
        assert np.array_equal(serial, shared)
        first, second = (find_links(texts, serial, Search(SIZES, 0.6), cores) for cores in (one_core, two_cores))
        assert two_cores.shared
    assert np.array_equal(first.pairs, second.pairs)
    assert np.array_equal(first.jaccard, second.jaccard)


def test_shards_change_nothing() -> None:
    texts = pl.Series(TEXTS)
    whole = sketches(texts, SIZES)
    assert np.array_equal(
        whole, np.concatenate([sketches(texts[n : n + 700], SIZES) for n in range(0, len(texts), 700)])
    )


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_order_changes_nothing_about_what_is_joined(random: Random) -> None:
    base = TEXTS[:40]
    texts = [*base, *(text + "哦" for text in base[::2]), *base[::5]]
    first = smallest_of_each(texts, 0.8, 3)
    random.shuffle(texts)
    assert smallest_of_each(texts, 0.8, 3) == first


def test_a_bucket_of_any_size_costs_what_its_texts_cost() -> None:
    """Poisoned: twenty thousand greetings that are all near each other have two hundred million pairs."""
    texts = pl.Series(
        [f"您好很高兴为您服务请问有什么可以帮您{chr(0x4E00 + n % 150)}{chr(0x5E00 + n // 150)}" for n in range(20_000)]
    )
    found = find_links(texts, sketches(texts, 2), Search(2, 0.6))
    assert len(found.pairs) < 10 * len(texts)
    tree = np.arange(len(texts))
    union(tree, found.pairs)
    assert not tree.any()


def test_near_texts_are_measured_about_once_each() -> None:
    """Poisoned: most of a bucket is near each other, but not near its first; measuring each once settles them all."""
    own = [f"{chr(0x4E00 + n % 500)}{chr(0x6E00 + n // 500)}" for n in range(5_000)]
    texts = pl.Series([f"在吗{name}\n{GREETED}" for name in own])
    measured: list[int] = []

    def confirm(pairs: Pairs, _: Mask) -> Pairs:
        measured.append(len(pairs))
        return pairs[jaccards(texts, pairs, 3) >= 0.8]

    propose(sketches(texts, 3), np.arange(len(texts)), 0.8, confirm)
    assert len(texts) - 1 <= sum(measured) < 1.5 * len(texts)


def test_the_exact_measure_is_exact() -> None:
    """Of texts without a shingle, too, wherever they stand: the next one does not take their row."""
    texts = pl.Series([" ", *TEXTS[:150], "", "\u3000 ", *TEXTS[150:300], "  "])
    pairs = np.array([(a, b) for a in range(0, 304, 3) for b in range(a + 1, 304, 7)] + [(0, 152), (0, 303)])
    exact = [jaccard(shingles(texts[a], SIZES), shingles(texts[b], SIZES)) for a, b in pairs.tolist()]
    assert jaccards(texts, pairs, SIZES).tolist() == exact


@settings(max_examples=60)
@given(st.lists(ANYTHING.filter(bool), min_size=2, max_size=12, unique=True), st.sampled_from([0.3, 0.6, 0.8, 1.0]))
def test_bitmaps_rule_out_nothing_that_is_near(texts: list[str], floor: float) -> None:
    pairs = np.stack(np.triu_indices(len(texts), 1), axis=1)
    possible = ShingleBitmaps(pl.Series(texts), SIZES).may_reach(pairs, floor)
    near = [jaccard(shingles(texts[a], SIZES), shingles(texts[b], SIZES)) >= floor for a, b in pairs.tolist()]
    assert (possible >= np.array(near)).all()


SENTENCES = st.text(alphabet="退款货能不吗小时内好的谢abcdefgh 0123", min_size=1, max_size=30)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and the same with some letters left out or replaced."""
    text = draw(SENTENCES)
    edits = draw(st.dictionaries(st.integers(0, len(text) - 1), st.sampled_from(["", "x", "店"]), max_size=4))
    return text, "".join(edits.get(offset, letter) for offset, letter in enumerate(text))


@settings(max_examples=200)
@example(("0", "0"), ("00000", "0000"), 0.3, 0.8)
@given(edited(), edited(), st.sampled_from([0.3, 0.6, 0.8]), st.sampled_from([0.75, 0.8, 0.9, 0.95, 1.0]))
def test_sides_rule_out_nothing_that_is_near(
    question: tuple[str, str], answer: tuple[str, str], floor: float, edit: float
) -> None:
    sides = SideComparison(pl.DataFrame({"question": question, "answer": answer}))
    similarity = sides.similarity(FIRST)
    far = similarity.jaccard[0] < floor and similarity.edit[0] < edit
    assert far or sides.may_be_near(FIRST, Limits(1, edit, floor))[0]


@pytest.mark.parametrize("size", range(10, 70, 10))
def test_a_side_at_the_very_limit_of_edits_is_measured(size: int) -> None:
    """Of Latin words, in which an edit in ten leaves few shingles: 1 - 0.9 is less than a tenth to a computer."""
    text = ("abcdefghijklmnopqrstuvwxyz0123456789" * 2)[:size]
    shorter = "".join(letter for offset, letter in enumerate(text) if offset % 10 != 5)
    sides = SideComparison(pl.DataFrame({"question": [text, shorter], "answer": ["好的"] * 2}))
    assert sides.similarity(FIRST).jaccard[0] < 0.6 and sides.similarity(FIRST).edit[0] == 0.9
    assert sides.may_be_near(FIRST, Limits(0.8, 0.9, 0.6))[0]
    assert not sides.may_be_near(FIRST, Limits(0.8, 0.91, 0.6))[0]


def test_bitmaps_rule_out_most_of_what_is_not_near() -> None:
    pairs = np.stack(np.triu_indices(300, 1), axis=1)
    texts = pl.Series(TEXTS).unique(maintain_order=True).head(300)
    possible = ShingleBitmaps(texts, 3).may_reach(pairs, 0.8)
    near = jaccards(texts, pairs, 3) >= 0.8
    assert near.sum() <= possible.sum() <= 0.01 * len(pairs)


def test_the_index_signs_new_texts_alone_and_is_the_same_as_a_full_one(tmp_path) -> None:  # type: ignore[no-untyped-def]
    old, new = pl.Series(TEXTS[:200]).unique(maintain_order=True), pl.Series(TEXTS[:300]).unique(maintain_order=True)
    before = SignatureIndex(SIZES)
    before.sketches(old)
    before.table.write_parquet(tmp_path / "signatures.parquet")
    after, full = SignatureIndex(SIZES, tmp_path), SignatureIndex(SIZES)
    assert np.array_equal(after.sketches(new), full.sketches(new))
    assert after.table.equals(full.table)
    assert (after.signed, full.signed) == (len(new) - len(old), len(new))
    assert SignatureIndex(ShingleSizes(3, 5), tmp_path).inherited.is_empty()
