"""How often people agreed with a rule: counted from what they decided about rows that it showed, once a text."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from curate.commands.rules_try import try_rule_command
from curate.history.rule_agreement import RuleAgreement, rule_agreements
from curate.stages import Tools
from curate.stages.quality import Quality
from curate.store.store import Store
from schemas.errors import InputError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.manifest import Manifest
from schemas.recipe import Recipe
from schemas.review import ReviewDecision
from schemas.statistics.intervals import wilson
from tests.curate.records import record
from tests.program import hornbook

OLD, NEW = "0123456789abcdef", "fedcba9876543210"
RULES = {"reply_length": {"min": 6, "action": "review"}}
SECRET = "只有审核的人看得到"


def version(root: Path, name: str, id: str, lengths: Sequence[int], stages: list[Any]) -> None:
    """A version with a record for each length of an answer; the ids begin as the lengths do."""
    folder = root / "datasets" / name / id
    folder.mkdir(parents=True)
    recipe = Recipe.model_validate({"version": 1, "name": name, "inputs": [{"path": "a.csv"}], "stages": stages})
    manifest = Manifest(
        name=name, id=id, recipe=recipe.canonical_digest(), seed=7, identity=Identity(), inputs=(), records=0,
        stages=(), shares=(), train_rows=0, exam_questions={}, shards=(),
    )  # fmt: skip
    (folder / "recipe.yaml").write_text(json.dumps(recipe.canonical()), encoding="utf-8")
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    (folder.parent / "HEAD").write_text(f"{id}\n", encoding="utf-8")
    settings = next((stage["quality"] for stage in stages if isinstance(stage, dict)), None)
    if settings is not None:
        frame = frame_of([record(record_id(n), "退款多久到账呢？", "好" * n) for n in lengths])
        outcome = Quality.model_validate(settings).run(frame, Tools(seed=7, identity=Identity(), folder=root))
        outcome.tables["scores"].write_parquet(folder / "scores.parquet")


def record_id(length: int) -> str:
    return f"{length:08x}" + "a" * 24


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A version that showed answers of 1 to 30 characters, and a newer one in which the short ones were rejected."""
    root = tmp_path_factory.mktemp("store")
    version(root, "shop", OLD, range(1, 31), [{"quality": {"rules": RULES}}])
    version(root, "shop", NEW, range(9, 31), [{"quality": {"rules": RULES, "skip": ["url_only"]}}])
    version(root, "bare", OLD, (), ["clean"])
    return Store(root)


def decision(length: int, verdict: str, *why: str, by: str = "ab", **more: Any) -> ReviewDecision:
    answer = {"answer": "好的，马上办。"} if verdict == "edit" else {}
    fields = {"why": why, "version": f"shop/{OLD}", "by": by, "note": SECRET, **answer, **more}
    return ReviewDecision.model_validate({"id": record_id(length), "verdict": verdict, **fields})


def agreed(store: Store, decisions: Sequence[ReviewDecision], only: str | None = None) -> dict[str, RuleAgreement]:
    return {one.rule: one for one in rule_agreements(store, store.find("shop"), decisions, only)}


FLAGGED = [decision(n, "reject" if n < 4 else "accept", "flagged:reply_length") for n in range(1, 6)]
NEAR = [decision(n, "accept" if n > 7 else "edit", "near:reply_length", "sample") for n in range(6, 14)]


def test_a_rule_is_right_where_it_fails_what_is_bad_and_passes_what_is_good(store: Store) -> None:
    found = agreed(store, [*FLAGGED, *NEAR])["reply_length"]
    assert (found.n, found.agreed) == (13, 9)
    assert {way: (rows.n, rows.agreed) for way, rows in found.shown.items()} == {"flagged": (5, 3), "near": (8, 6)}
    assert found.share == 9 / 13 and (found.low, found.high) == wilson(9, 13)
    assert (found.undecided, found.unscored) == (0, 0)


def test_scores_of_what_was_rejected_come_from_the_version_that_was_shown(store: Store) -> None:
    found = agreed(store, [*FLAGGED, *NEAR])["reply_length"]
    (least,) = [limit for limit in found.limits if limit.limit == "min"]
    assert (least.n, least.today, least.today_agrees) == (13, 6, 9)
    assert least.agrees == 11


def test_a_version_that_is_gone_leaves_the_scores_of_today(store: Store) -> None:
    gone = [one.model_copy(update={"version": "shop/00000000"}) for one in [*FLAGGED, *NEAR]]
    found = agreed(store, gone)["reply_length"]
    assert (found.n, found.unscored) == (10, 3)  # of 6, 7 and 8 near the limit there is no score any more
    assert found.limits == ()  # five scores are too few


def test_below_ten_rows_there_is_a_count_and_nothing_else(store: Store) -> None:
    found = agreed(store, FLAGGED)["reply_length"]
    assert (found.n, found.agreed, found.share, found.low, found.high, found.limits) == (5, 3, None, None, None, ())


@pytest.mark.parametrize(
    ("decisions", "n", "agreed_on", "undecided"),
    [
        ([decision(1, "reject", "dropped:reply_length")], 1, 1, 0),
        ([decision(1, "edit", "dropped:reply_length")], 1, 1, 0),
        ([decision(1, "accept", "dropped:reply_length")], 1, 0, 0),
        ([decision(1, "unsure", "dropped:reply_length")], 0, 0, 1),
        # what several say counts once, and not where they differ
        ([decision(1, "reject", "dropped:reply_length", by=by) for by in "abc"], 1, 1, 0),
        ([decision(1, verdict, "dropped:reply_length", by=verdict) for verdict in ("reject", "accept")], 0, 0, 1),
        # of one person the newest counts
        ([decision(1, verdict, "dropped:reply_length") for verdict in ("accept", "reject")], 1, 1, 0),
        # in two ways: once
        ([decision(1, "reject", "near:reply_length", "flagged:reply_length")], 1, 1, 0),
        # two texts of one record are two rows
        ([decision(1, "reject", "dropped:reply_length", shown=(text,)) for text in ("x", "y")], 2, 2, 0),
    ],
)
def test_every_text_counts_once(
    store: Store, decisions: list[ReviewDecision], n: int, agreed_on: int, undecided: int
) -> None:
    found = agreed(store, decisions)["reply_length"]
    assert (found.n, found.agreed, found.undecided) == (n, agreed_on, undecided)


@pytest.mark.parametrize(
    "why",
    [
        (),
        ("sample",),
        ("conflict",),
        ("generated", "exam:identity"),
        ("flagged:conflict",),
        ("flagged:",),
        ("dropped",),
    ],
)
def test_what_no_rule_showed_says_nothing_of_rules(store: Store, why: tuple[str, ...]) -> None:
    assert agreed(store, [decision(1, "reject", *why)]) == {}


def test_an_id_that_was_cut_short_is_found_where_it_is_the_only_one(store: Store) -> None:
    short = [one.model_copy(update={"id": one.id[:8]}) for one in [*FLAGGED, *NEAR]]
    assert agreed(store, short) == agreed(store, [*FLAGGED, *NEAR])


def test_one_rule_is_asked_about_alone(store: Store) -> None:
    decisions = [*FLAGGED, decision(2, "reject", "dropped:abusive")]
    assert set(agreed(store, decisions)) == {"abusive", "reply_length"}
    assert set(agreed(store, decisions, "abusive")) == {"abusive"}
    assert agreed(store, FLAGGED, "abusive")["abusive"].n == 0


def test_a_version_without_scores_is_one_sentence(store: Store) -> None:
    with pytest.raises(InputError, match="0 stages 'quality'"):
        rule_agreements(store, store.find("bare"), FLAGGED)


def write(store: Store, name: str, decisions: Sequence[ReviewDecision]) -> str:
    lines = "".join(one.model_dump_json(exclude_defaults=True) + "\n" for one in decisions)
    (store.root / name).write_text(lines, encoding="utf-8")
    return name


PRINTED = {
    "en": (
        "reply_length: people agreed with it on 9 of 13 rows, 69% (95 %: 42% to 87%): sent to review 3 of 5",
        "min: 6 agrees with 9 of 13; 4 with 11, and with",
        "no sample of all",
    ),
    "zh": (
        "reply_length：13 条中有 9 条，人与规则看法一致，占 69%（95% 区间 42% 到 87%）：送审的 5 条中 3 条",
        "min：现在的 6，13 条中一致 9 条；改成 4 一致 11 条，逐条留出再选限值则一致",
        "不是全部数据的抽样",
    ),
}


def test_the_command_prints_what_people_agreed_with(store: Store) -> None:
    one, two = write(store, "one.jsonl", FLAGGED), write(store, "two.jsonl", NEAR)
    arguments = ("rules", "try", "reply_length", "--reviews", one, f"--reviews={two}", "shop")
    document = json.loads(hornbook(*arguments, "--json", cwd=store.root).stdout)
    assert document["decisions"] == 13
    (found,) = document["rules"]
    assert found == agreed(store, [*FLAGGED, *NEAR])["reply_length"].model_dump(mode="json")

    for lang, words in PRINTED.items():
        printed = hornbook(*arguments, cwd=store.root, lang=lang).stdout
        assert not [word for word in words if word not in printed], printed
        assert SECRET not in printed and "ab" not in printed.split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--reviews", "few.jsonl", "--min", "3", "reply_length", "shop"), "one at a time"),
        (("--reviews", "few.jsonl"), "which version"),
        (("--reviews", "few.jsonl", "reply_length", "shop", "more"), "which version"),
        (("--reviews", "few.jsonl", "reply_lenght", "shop"), "did you mean 'reply_length'"),
        (("--reviews", "gone.jsonl", "shop"), "cannot be read"),
        (("--reviews",), "needs a value"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(store: Store, arguments: tuple[str, ...], message: str) -> None:
    write(store, "few.jsonl", FLAGGED)
    in_store = [str(store.root / word) if word.endswith(".jsonl") else word for word in arguments]
    with pytest.raises(InputError, match=message):
        try_rule_command(in_store, store.root, as_json=False)


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        (FLAGGED, "reply_length: 5 rows are decided; fewer than 10 say nothing\n"),
        ([decision(1, "reject", "sample")], "no decision is about a row that a rule showed\n"),
        ([decision(1, "unsure", "dropped:abusive")], "people differ or cannot tell: 1\n"),
    ],
)
def test_few_decisions_and_none_are_told_for_what_they_are(
    store: Store, capsys: pytest.CaptureFixture[str], decisions: list[ReviewDecision], sentence: str
) -> None:
    path = store.root / write(store, "few.jsonl", decisions)
    try_rule_command(["--reviews", str(path), "shop"], store.root, as_json=False)
    assert capsys.readouterr().out.endswith(sentence)
