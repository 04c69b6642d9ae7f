"""`hornbook rules try`: what other limits would change, from stored scores, as a rebuild would find it."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.stages import Tools
from curate.stages.quality import Quality
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.ledger import events_of
from schemas.manifest import Manifest
from schemas.recipe import Recipe
from tests.curate.records import record
from tests.program import hornbook

REPLIES = ("可以退", "三天内到账哦", "好的，已为您登记退款", "活动11月30日结束", "不行", "您好")
RECIPE = {
    "version": 1, "name": "shop", "inputs": [{"path": "a.csv"}],
    "stages": [{"judge": {"rules": {"reply_length": {"min": 3}}, "skip": ["url_only"]}}],
}  # fmt: skip


def records(count: int) -> list[dict[str, Any]]:
    kinds = ("domain", "general", "refusal")
    return [
        record(f"{n:032x}", "退款多久到账呢？", REPLIES[n % len(REPLIES)], kind=kinds[n % 3],
               source={"file": "a.csv", "digest": "d", "rows": [n + 1]}) for n in range(count)
    ]  # fmt: skip


def rules_of(settings: dict[str, Any]) -> dict[str, Any]:
    return {"rules": {"reply_length": {"min": 3, **settings}}, "skip": ["url_only"]}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("store")
    frame = frame_of(records(60))
    outcome = Quality.model_validate(rules_of({})).run(frame, Tools(seed=7, identity=Identity(), folder=root))
    for name, stages in (("shop", RECIPE["stages"]), ("bare", ["clean"]), ("old", RECIPE["stages"])):
        folder = root / "datasets" / name / "0123456789abcdef"
        folder.mkdir(parents=True)
        recipe = Recipe.model_validate({**RECIPE, "name": name, "stages": stages})
        manifest = Manifest(
            name=name, id="0123456789abcdef", recipe=recipe.canonical_digest(), seed=7, identity=Identity(), inputs=(),
            records=60, stages=(), shares=(), train_rows=60, exam_questions={}, shards=(),
        )  # fmt: skip
        (folder / "recipe.yaml").write_text(json.dumps(recipe.canonical()), encoding="utf-8")
        (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
        (folder.parent / "HEAD").write_text("0123456789abcdef\n", encoding="utf-8")
        rows = frame.select(
            "id", file=pl.col("source").struct.field("file"), row=pl.col("source").struct.field("rows").list.first()
        )
        events_of(rows, "end", "kept").write_parquet(folder / "ledger.parquet")
        if name != "old":
            outcome.tables["scores"].write_parquet(folder / "scores.parquet")
    return root


def tried(store: Path, *arguments: str) -> dict[str, Any]:
    done = hornbook("rules", "try", *arguments, "--json", cwd=store)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(
    "settings",
    [
        {"min": 7},
        {"min": 1},
        {"min": 3},
        {"max": 9, "min": 4},
        {"by_kind": {"general": {"min": 8}}},
        {"action": "review"},
    ],
)
def test_a_trial_says_what_a_rebuild_would_do(store: Path, settings: dict[str, Any]) -> None:
    answer = tried(store, "reply_length", *(f"--{key}={json.dumps(value)}" for key, value in settings.items()), "shop")
    rebuilt = Quality.model_validate(rules_of(settings)).run(
        frame_of(records(60)), Tools(seed=7, identity=Identity(), folder=store)
    )
    table = rebuilt.tables["scores"]
    for kind, counts in answer["kinds"].items():
        verdicts = table.filter(pl.col("kind") == kind)["verdict"]
        assert counts["after"] == {v: int((verdicts == v).sum()) for v in ("kept", "dropped", "review")}
    before = pl.read_parquet(store / "datasets/shop/0123456789abcdef/scores.parquet")
    assert answer["changed"] == (before["verdict"] != table["verdict"]).sum()
    assert len(answer["examples"]) == min(5, answer["changed"])
    assert all(line["file"] == "a.csv" and line["row"] == int(line["id"], 16) + 1 for line in answer["examples"])


def test_a_person_reads_a_table_without_any_text_of_a_row(store: Path) -> None:
    done = hornbook("rules", "try", "reply_length", "--min", "7", "shop", cwd=store)
    assert done.returncode == 0, done.stderr
    assert "min 3 → 7" in done.stdout
    assert "a.csv:" in done.stdout
    assert not any(reply in done.stdout for reply in REPLIES)
    assert (
        "去向会变" in hornbook("rules", "try", "reply_length", "--min", "7", "shop", "--lang", "zh", cwd=store).stdout
    )


def test_a_word_can_be_tried_too(store: Path) -> None:
    answer = tried(store, "language", "--allowed", "[en]", "shop")
    assert answer["kinds"]["general"]["after"]["review"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("reply_length", "--mni", "8", "shop"), "did you mean 'min'"),
        (("reply_lenght", "--min", "8", "shop"), "did you mean 'reply_length'"),
        (("abusive", "--also", "[x]", "shop"), "build again"),
        (("repeated_ngrams", "--characters", "60", "shop"), "build again"),
        (("human_agent_id", "--action", "drop", "shop"), "build again"),
        (("reply_length", "--min", "many", "shop"), "min"),
        (("reply_length", "--min"), "needs a value"),
        (("reply_length", "shop"), "hornbook rules try"),
        (("url_only", "--action", "review", "shop"), "skips"),
        (("reply_length", "--min", "8", "bare"), "0 stages"),
        (("reply_length", "--min", "8", "old"), "build it again"),
        (("reply_length", "--min", "8", "none"), "hornbook log"),
        (("reply_length", "--min", "[", "shop"), "cannot be read"),
    ],
)
def test_a_trial_that_cannot_be_made_is_refused_in_a_sentence(
    store: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = hornbook("rules", "try", *arguments, cwd=store)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_list_of_rules_and_one_rule_are_as_before(store: Path) -> None:
    listed = json.loads(hornbook("rules", "--json", cwd=store).stdout)
    assert len(listed) >= 30
    alone = json.loads(hornbook("rules", "reply_length", "--json", cwd=store).stdout)
    assert [rule["name"] for rule in alone] == ["reply_length"]
    assert "truncated_answer" in hornbook("rules", cwd=store).stdout
    assert hornbook("rules", "reply_length", "--min", "8", cwd=store).returncode == 2


@pytest.mark.parametrize(("lang", "heads"), [("en", ("keeps", "drops", "fixes")), ("zh", ("保留", "丢弃", "修复"))])
def test_a_rule_is_shown_with_its_examples(tmp_path: Path, lang: str, heads: tuple[str, ...]) -> None:
    lines = hornbook("rules", "agent_name", cwd=tmp_path, lang=lang).stdout.splitlines()
    starts = [next(n for n, line in enumerate(lines) if line.startswith(head)) for head in heads]
    assert starts == sorted(starts)
    assert '  "请问是小李收件吗"' in lines[starts[0] : starts[1]]
    assert '  "We are on it ^JP"' in lines[starts[1] : starts[2]]
    assert '  "We are on it ^JP" → "We are on it"' in lines[starts[2] :]
    assert not any("^JP" in line for line in hornbook("rules", cwd=tmp_path).stdout.splitlines() if line[:1] == " ")


def test_a_long_example_is_cut_and_one_of_several_columns_is_named(tmp_path: Path) -> None:
    printed = hornbook("rules", "reply_length", cwd=tmp_path).stdout
    assert "(9,000 characters)" in printed
    assert 'kind: "general"' in printed
    assert max(map(len, printed.splitlines())) < 200
