"""No exam question, and no rewording of one, stands in training."""

from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.duplicates.similarity.shingles import jaccard, shingles
from curate.duplicates.texts.normalize import alphanumeric
from curate.stages import Tools
from curate.stages.dedup import Dedup
from curate.stages.split import REWORDED, Split
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
ADJECTIVES = ("old", "quick", "silent", "golden", "bitter", "frozen", "narrow", "gentle", "crooked", "distant")
NOUNS = ("river", "lantern", "cathedral", "merchant", "orchard", "glacier", "notebook", "violin", "harbour", "desert")
GENERAL = [
    record(f"g{n:03}", f"Describe {a} {b} briefly", f"A {a} {b} is described here in some more words than usual.",
           kind="general", lang="en")
    for n, (a, b) in enumerate(product(ADJECTIVES, NOUNS))
]  # fmt: skip
NONE = {"identity": 0, "trap": 0, "unrelated": 0, "refusal": 0, "in_scope": 0, "perplexity": 0}

PHRASES = (
    "您的订单已经从仓库发出", "预计明天送达请保持电话畅通", "退款三天内原路退回", "请问这款电饭煲怎么保修",
    "不能退货", "能退货", "24小时", "谢谢", "亲",
)  # fmt: skip
TALK = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=5).map("，".join)


def split(records: list[dict], **numbers: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    outcome = Split(**{**NONE, **numbers}).run(frame_of(records), TOOLS)
    is_exam = outcome.kept["tags"].list.contains("exam")
    return outcome.kept.filter(~is_exam), outcome.kept.filter(is_exam), outcome.events


def test_the_exam_has_the_numbers_wanted_and_probes_do_not_share_rows() -> None:
    training, exam, events = split(GENERAL, unrelated=10, perplexity=10)
    probes = exam["tags"].list.last().value_counts().sort("tags")
    assert dict(probes.iter_rows()) == {"exam:perplexity": 10, "exam:unrelated": 10}
    assert not set(training["group"]) & set(exam["group"])
    assert training.height + exam.height + events.filter(pl.col("verdict") == "dropped").height == len(GENERAL)


def test_a_question_that_only_sounds_like_one_to_decline_is_not_asked_as_one() -> None:
    declined = [
        record(f"d{n}", f"{w}怎么治", "抱歉，我无法回答。", kind="refusal")
        for n, w in enumerate(("头痛", "失眠", "胃病"))
    ]
    answered = [
        record(f"a{n}", f"{w}在哪个柜台", "在一楼。", kind="refusal", tags=["answered"])
        for n, w in enumerate(("体温计", "棉签", "创可贴", "护腕"))
    ]
    _, exam, _ = split(declined + answered, refusal=1)
    assert set(exam["id"]) <= {"d0", "d1", "d2"} and exam.height == 1
    with pytest.raises(GateError):
        split(answered, refusal=1)


def test_rewordings_leave_training_with_their_question() -> None:
    questions = [f"你是{w}吗" for w in ("谁家的助手", "哪个公司开发的", "什么模型做的", "真人客服", "机器", "学生")]
    records = [
        record(f"{n}-{k}", q + end, "我是小喵", kind="identity", tags=["asks:name"])
        for n, q in enumerate(questions) for k, end in enumerate(("", "？", "呀"))
    ]  # fmt: skip
    training, exam, events = split(records, identity=2)
    assert exam.height == 2
    assert events.filter(pl.col("reason") == "near_exam").height == 4
    assert training.height == 12


@pytest.mark.parametrize("numbers", [{"identity": 1}, {"perplexity": 60}, {"trap": 1}, {"refusal": 1}])
def test_too_few_groups_are_an_error_with_the_numbers(numbers: dict[str, int]) -> None:
    with pytest.raises(GateError, match=str(next(iter(numbers.values())))):
        split(GENERAL, **numbers)


def test_without_a_number_it_is_the_usual_one_or_half_of_what_there_is() -> None:
    words = ["".join(chr(0x4E00 + (n * 371 + k * 1013) % 9000) for k in range(6)) for n in range(100)]
    general = [record(w, w, w * 10, kind="general") for w in words]
    outcome = Split(**{**NONE, "unrelated": None, "perplexity": None, "trap": None}).run(frame_of(general), TOOLS)
    counts = outcome.events.filter(pl.col("verdict") == "exam")["reason"].value_counts()
    assert dict(counts.iter_rows()) == {"unrelated": 36, "perplexity": 32}


def test_a_new_row_changes_few_choices() -> None:
    _, before, _ = split(GENERAL, unrelated=12)
    _, after, _ = split([*GENERAL, record("new", "Name one planet", "Mars.", kind="general", lang="en")], unrelated=12)
    assert len(set(before["id"]) & set(after["id"])) >= 11


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet="你是谁叫什么名字开发作者真人吗的呀", min_size=1, max_size=10), min_size=12, max_size=30)
)
def test_no_training_question_is_near_an_exam_question(questions: list[str]) -> None:
    records = [record(f"{n:02}", q, "我是小喵", kind="identity", tags=["asks:name"]) for n, q in enumerate(questions)]
    try:
        training, exam, _ = split(records, identity=2)
    except GateError:
        return
    reduced = [[alphanumeric(m[0]["content"]) for m in side["messages"]] for side in (training, exam)]
    assert not set(reduced[0]) & set(reduced[1])
    size, floor = REWORDED
    assert all(jaccard(shingles(a, size), shingles(b, size)) < floor for a, b in product(*reduced))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TALK, TALK), min_size=4, max_size=30), st.sampled_from(["domain", "refusal", "general"]))
def test_a_cluster_never_spans_the_split(talks: list[tuple[str, str]], kind: str) -> None:
    records = [record(f"{n:02}", q, a, kind=kind) for n, (q, a) in enumerate(talks)]
    found = Dedup().run(frame_of(records), TOOLS)
    probe = {"domain": "in_scope", "refusal": "refusal", "general": "unrelated"}[kind]
    try:
        kept = Split(**{**NONE, probe: 2}).run(found.kept, TOOLS).kept
    except GateError:
        return
    is_exam = pl.col("tags").list.contains("exam")
    side = dict(kept.select("id", is_exam).iter_rows())
    near = pl.col("verdict").is_in(["near_duplicate", "conflict"]) | (pl.col("jaccard") >= Dedup().related)
    lines = found.tables["clusters"].filter(near & (pl.col("verdict") != "exact_duplicate"))
    pairs = [pair for pair in lines.select("id", "twin").iter_rows() if set(pair) <= side.keys()]
    assert all(side[id] == side[twin] for id, twin in pairs)
    groups = kept.group_by("group").agg(is_exam.n_unique())
    assert groups["tags"].to_list() == [1] * groups.height
