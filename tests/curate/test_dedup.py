"""MinHash proposes, exact Jaccard decides, and short texts keep what is distinct."""

from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.likeness import differs_in_fact, plain_view
from curate.minhash import jaccard, near_pairs, shingles
from curate.stages import Tools
from curate.stages.dedup import Dedup
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
PROBE = Path(__file__).with_name("probe_short_texts.txt").read_text(encoding="utf-8").split()


def run(*records: dict) -> tuple[list[str], dict[str, tuple[str, str]]]:
    outcome = Dedup().run(frame_of(list(records)), TOOLS)
    dropped = outcome.events.filter(pl.col("verdict") == "dropped")
    return sorted(outcome.kept["id"]), {e["id"]: (e["reason"], e["twin"]) for e in dropped.to_dicts()}


def test_the_probe_of_fifty_short_texts_keeps_fifty() -> None:
    assert len(set(PROBE)) == 50
    kept, _ = run(*[record(f"{n:02}", line, line) for n, line in enumerate(PROBE)])
    assert len(kept) == 50
    kept, _ = run(*[record(f"{n:02}", line, "亲，可以的哦，有问题随时联系我们。") for n, line in enumerate(PROBE)])
    assert len(kept) == 50


def hash_of(shingle: bytes) -> int:
    text = shingle.decode()
    return int(window_hashes(code_points(text), len(text))[0])


def test_signatures_are_those_of_datasketch() -> None:
    texts = [*PROBE, "x" * 500, "", "ab", "退款会在三个工作日内原路返回您的支付账户" * 40]
    ours = signatures(texts, 3)
    for n, text in enumerate(texts):
        theirs = MinHash(PERMUTATIONS, seed=1, hashfunc=hash_of, scheme="affine32")
        for shingle in shingles(text, 3):
            theirs.update(shingle.encode())
        assert np.array_equal(ours[:, n], theirs.hashvalues), text


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("", "", 0.0), ("", "a", 0.0), ("ab", "ab", 1.0), ("ab", "abc", 0.0), ("abcd", "bcda", 1 / 3), ("好", "好", 1.0)],
)
def test_exact_jaccard(one: str, other: str, likeness: float) -> None:
    assert jaccard(shingles(one, 3), shingles(other, 3)) == pytest.approx(likeness)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("24小时内退款", "48小时内退款", True), ("能退货吗", "不能退货吗", True), ("保修一年", "保修两年", True),
        ("5kg装", "5g装", True), ("iPhone支持", "iPad支持", True), ("You can return it", "You cannot return it", True),
        ("it isn't ok", "it is ok", True), ("满100减10", "满100减20", True), ("没收到", "收到", True),
        ("亲，可以退", "亲亲，可以退", False), ("３天到", "3天到", False), ("好的！", "好的", False),
        ("Refund is done", "The refund is done", False), ("支持 5 G", "支持5G", False), ("一般都可以", "都可以", False),
        ("Your order has shipped", "Your order has been shipped", False), ("谢谢亲", "谢谢您", False),
    ],
)  # fmt: skip
def test_a_pair_that_differs_in_fact_is_a_conflict(one: str, other: str, differs: bool) -> None:
    assert differs_in_fact(one, other) is differs


LONG = "您好，您的订单已经从仓库发出，预计明天下午送达，请保持电话畅通，如有问题请随时联系我们的在线客服"


def test_near_duplicates_go_and_name_their_survivor() -> None:
    kept, dropped = run(
        record("a", "到哪了", LONG), record("b", "到哪了", LONG + "哦亲"), record("c", "能退吗", "可以退的")
    )
    assert kept == ["b", "c"]
    assert dropped == {"a": ("near_duplicate", "b")}


def test_exact_duplicates_go_in_every_kind_and_near_ones_only_where_that_is_safe() -> None:
    kept, dropped = run(
        record("a", "你是谁", "我是小喵", kind="identity"), record("b", "你是谁", "我是小喵", kind="identity"),
        record("c", "你是谁啊", "我是小喵", kind="identity"), record("d", "你是谁", "我是小喵呀", kind="identity"),
    )  # fmt: skip
    assert kept == ["a", "c", "d"]
    assert dropped == {"b": ("exact_duplicate", "a")}


def test_one_answer_to_many_short_questions_is_no_duplicate() -> None:
    kept, _ = run(record("a", "能退货吗", LONG), record("b", "怎么付款", LONG), record("c", "到哪了", LONG))
    assert kept == ["a", "b", "c"]


def test_conflicts_stay_both_are_noted_and_share_a_group() -> None:
    other = LONG.replace("明天", "3天后")
    outcome = Dedup().run(frame_of([record("a", "到哪了", LONG), record("b", "到哪了", other)]), TOOLS)
    assert outcome.kept.height == 2
    assert outcome.kept["group"].n_unique() == 1
    assert outcome.events.select("verdict", "reason").row(0) == ("kept", "conflict")


ALPHABET = st.text(alphabet="退款货能不吗24小时内好的谢", max_size=14)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ALPHABET, ALPHABET), max_size=14), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_no_record_vanishes(said: list[tuple[str, str]], random: Random) -> None:
    records = [record(f"{n:03}", f"问{q}", f"答{a}") for n, (q, a) in enumerate(said)]
    first = run(*records)
    random.shuffle(records)
    assert run(*records) == first
    assert len(first[0]) + len(first[1]) == len(records)


@settings(max_examples=40, deadline=None)
@given(st.lists(ALPHABET, max_size=20))
def test_pairs_are_exact_and_equal_texts_are_always_found(texts: list[str]) -> None:
    pairs = near_pairs(texts, 0.5, 2)
    assert all(p.jaccard == jaccard(shingles(texts[p.first], 2), shingles(texts[p.second], 2)) >= 0.5 for p in pairs)
    firsts: dict[str, int] = {}
    found = {(p.first, p.second) for p in pairs}
    for n, text in enumerate(texts):
        if text and firsts.setdefault(text, n) != n:
            assert (firsts[text], n) in found


def test_nearly_all_pairs_at_the_threshold_are_proposed() -> None:
    base = [f"第{n:03}号商品的退款流程是先申请再寄回最后等待财务审核{chr(0x4E00 + 7 * n) * 3}" for n in range(60)]
    texts = [plain_view(t) for b in base for t in (b, b + "的哦", b.replace("先申请", "先提交"))]
    sets = [shingles(t, 3) for t in texts]
    every = {(i, j) for i in range(len(texts)) for j in range(i + 1, len(texts)) if jaccard(sets[i], sets[j]) >= 0.8}
    found = {(p.first, p.second) for p in near_pairs(texts, 0.8, 3)}
    assert found <= every
    assert len(found) >= 0.985 * len(every)
