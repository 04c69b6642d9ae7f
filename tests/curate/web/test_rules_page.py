"""The pages of rules say what the command says, and write what was tried into the recipe."""

import json
import shutil
from html import unescape
from pathlib import Path
from time import process_time, sleep

import numpy as np
import polars as pl
import pytest
import yaml

from curate.build.build import build
from curate.commands.rules_try import try_rule_command
from curate.history.rule_agreement import MeasuredVersion
from curate.history.rule_trial import VERDICTS, RuleTrials
from curate.planning.recipe_edit import with_changes
from curate.recipe.load import load_recipe
from curate.stages.quality import RULES, configured_rule, decide_verdicts
from curate.store.line_search import find_in_sorted
from curate.store.store import Store
from curate.web.trials.edge_rows import edge_rows
from curate.web.trials.histogram import HEIGHT, WIDTH, ScoreBins
from curate.web.trials.record_texts import texts_dropped, texts_in_version
from curate.web.trials.rule_limits import with_limits
from schemas.errors import RecipeError
from schemas.plan_findings import ProposedSetting
from tests.curate.web.visitor import Visitor, words

HOSTILE = '<script>alert(1)</script>"onload=x\u202e'
RECIPE = """\
version: 1
name: shop
inputs: [{path: chats.jsonl, format: {pairs: {question: q, answer: a}}}]
stages:
  - clean
  - mask  # first
  - quality: {rules: {reply_length: {min: 5}}, skip: [url_only]}
  - dedup
"""
REPLIES = (
    "可以退",
    "三天内到账哦",
    f"好的{HOSTILE}",
    "请打13812345678找我们的客服",
    "不行",
    "一般三到五天，请您耐心等待",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one version; its recipe lies beside the raw rows."""
    folder = tmp_path_factory.mktemp("rules")
    rows = [{"q": f"第{n}件商品退款多久到账呢", "a": f"{REPLIES[n % 6]}{'。' * (n // 6)}"} for n in range(36)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "chats.jsonl").write_text(lines, encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    build(load_recipe(folder / "recipe.yaml"), Store(folder))
    return folder


@pytest.fixture(scope="module")
def visitor(shop: Path) -> Visitor:
    return Visitor(shop)


@pytest.fixture
def copied(shop: Path, tmp_path: Path) -> Path:
    """The shop in a folder of one's own, whose newest build read its rows there."""
    shutil.copytree(shop, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "cache" / "shop" / "plan.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace(str(shop), str(tmp_path)), encoding="utf-8")
    return tmp_path


def test_every_rule_is_listed_with_what_it_did(visitor: Visitor) -> None:
    page = visitor.page("/d/shop/rules")
    assert all(f"/d/shop/rules/{name}" in page for name in RULES.names())
    text = words(page)
    assert "Skipped in this version 1" in text
    assert "length of the reply" in text
    assert "min 5" in text
    chinese = words(visitor.page("/d/shop/rules?lang=zh"))
    assert "本版本跳过" in chinese
    assert "回复长度" in chinese
    visitor.page("/d/shop/rules?lang=en")


@pytest.mark.parametrize("query", ["min=7", "min=1&max=9", "max-general=10&min-general=2", "action=review", "min=5"])
def test_a_trial_on_the_page_is_that_of_the_command(
    shop: Path, visitor: Visitor, capsys: pytest.CaptureFixture[str], query: str
) -> None:
    part = visitor.part(f"/d/shop/rules/reply_length?{query}")
    given = dict(pair.split("=") for pair in query.split("&"))
    of_kind = {key.removesuffix("-general"): float(value) for key, value in given.items() if "-" in key}
    settings = {key: value for key, value in given.items() if "-" not in key}
    if of_kind:
        settings["by_kind"] = json.dumps({"general": of_kind, "identity": {"max": 2000}})
    arguments = [f"--{key}={value}" for key, value in settings.items()]
    try_rule_command(["reply_length", *arguments, "shop"], shop, as_json=True)
    command = json.loads(capsys.readouterr().out)
    expected = command["changed"]
    text = words(part)
    assert (f"{expected} of 36 rows would go elsewhere" in text) == bool(expected)
    after = command["kinds"]["domain"]["after"]
    assert [str(after[verdict]) for verdict in VERDICTS] == [
        cell for cell in text.partition("domain ")[2].split()[:9] if not cell.startswith(("+", "-"))
    ][:3]


def test_a_page_without_scripts_holds_the_same_part(visitor: Visitor) -> None:
    query = "/d/shop/rules/reply_length?min=7"
    page, part = visitor.page(query), visitor.part(query)
    assert part.strip() in page
    assert 'name="min"' in page
    assert 'value="7"' in page


@pytest.mark.parametrize("name", RULES.names())
def test_every_rule_has_a_page(visitor: Visitor, name: str) -> None:
    text = words(visitor.page(f"/d/shop/rules/{name}"))
    assert "What it keeps and what it drops" in text
    assert ("skips the rule" in text) == (name == "url_only")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/d/shop/rules/no_such_rule", 404),
        ("/d/none/rules", 404),
        ("/d/shop/rules?version=0123456789abcdef0123456789abcdef", 404),
        ("/d/shop/rules?version=../../x", 400),
        ("/d/shop/rules/reply_length?texts=7", 400),
        ("/d/shop/rules/UPPER", 400),
        ("/d/shop/rules/reply_length/recipe", 400),
        ("/d/shop/rules/reply_length/recipe?min=5", 400),
        ("/d/shop/rules/url_only/recipe?action=review", 400),
    ],
)
def test_an_address_that_names_nothing_is_refused(visitor: Visitor, address: str, status: int) -> None:
    assert visitor.get(address).status_code == status


@pytest.mark.parametrize("query", ["min=many", "min=1e9", "min=-3", "max=0", "action=fix", "min=%00"])
def test_a_limit_that_is_none_is_refused_in_a_sentence(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/d/shop/rules/reply_length?{query}", **{"HX-Request": "true"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    whole = visitor.page(f"/d/shop/rules/reply_length?{query}")
    assert 'class="careful"' in whole


def test_texts_of_rows_are_text_and_dropped_ones_are_formed_again_masked(shop: Path, visitor: Visitor) -> None:
    kept = visitor.page("/d/shop/rules/reply_length?min=40")
    assert "<script>alert" not in kept
    assert "<script>alert" in words(kept)
    assert "\u202e" not in kept
    dropped = visitor.page("/d/shop/rules/reply_length?texts=1")
    assert "→ 可以退" in words(dropped)
    for page in (kept, dropped):
        assert "13812345678" not in unescape(page)
    first = visitor.page("/d/shop/rules/reply_length")
    assert "it is in no file of this version" in words(first)
    assert 'hx-trigger="load' in first


def test_a_text_that_would_show_personal_data_is_left_out(shop: Path, tmp_path: Path) -> None:
    recipe = RECIPE.replace("  - mask  # first\n", "").replace("min: 5", "max: 15")
    (tmp_path / "recipe.yaml").write_text(recipe, encoding="utf-8")
    shutil.copy(shop / "chats.jsonl", tmp_path)
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    scores = pl.read_parquet(version / "scores.parquet")
    found = texts_dropped(version, tmp_path, scores["id"].to_list(), "judge")
    assert found
    assert not [text for text in found.values() if "138" in text.answer]
    assert len(found) < scores.height


def test_a_limit_goes_into_the_recipe_and_nothing_else_changes(copied: Path) -> None:
    visitor = Visitor(copied)
    address = "/d/shop/rules/reply_length/recipe?min=7"
    page = visitor.page(address)
    assert "min: 7" in words(page)
    assert (copied / "recipe.yaml").read_text(encoding="utf-8") == RECIPE
    digest = page.partition('name="digest" value="')[2][:32]

    answer = visitor.send(address, {"digest": digest})
    assert answer.status_code == 303
    assert answer.headers["location"] == address
    assert (copied / "recipe.yaml").read_text(encoding="utf-8") == RECIPE.replace("min: 5", "min: 7")
    assert "The recipe says so now" in words(visitor.page(address))
    assert "/d/shop/rules/build" in visitor.page(address)


def test_a_recipe_that_was_changed_meanwhile_is_not_overwritten(copied: Path) -> None:
    visitor = Visitor(copied)
    address = "/d/shop/rules/reply_length/recipe?min=7"
    digest = visitor.page(address).partition('name="digest" value="')[2][:32]
    changed = RECIPE.replace("# first", "# changed")
    (copied / "recipe.yaml").write_text(changed, encoding="utf-8")
    assert visitor.send(address, {"digest": digest}).status_code == 400
    assert visitor.send(address, {}).status_code == 400
    assert (copied / "recipe.yaml").read_text(encoding="utf-8") == changed


def test_a_build_is_offered_as_a_job(copied: Path) -> None:
    visitor = Visitor(copied)
    answer = visitor.send("/d/shop/rules/build")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/d/shop/jobs/")
    (job,) = visitor.bench.jobs.of("shop")
    assert job.start.arguments[:2] == ("build", str(copied / "recipe.yaml"))
    while visitor.bench.jobs.running("shop") or job.state == "waiting":
        sleep(0.1)
        (job,) = visitor.bench.jobs.of("shop")
    assert job.state == "done"


def test_limits_of_kinds_are_written_whole_since_they_replace_those_of_the_rule() -> None:
    before = configured_rule("reply_length", {"min": 5})
    after = configured_rule(
        "reply_length", {"by_kind": {"general": {"min": 3, "max": 20000}, "identity": {"max": 2000}}}
    )
    after = after.model_copy(update={"min": 5})
    written = yaml.safe_load(with_limits(RECIPE, "reply_length", before, after))
    settings = written["stages"][2]["quality"]["rules"]["reply_length"]
    assert configured_rule("reply_length", settings) == after


def test_what_a_rule_does_can_be_written_too() -> None:
    before, after = (configured_rule("abusive", {"action": action}) for action in ("drop", "review"))
    written = yaml.safe_load(with_limits(RECIPE, "abusive", before, after))
    assert written["stages"][2]["quality"]["rules"]["abusive"] == {"action": "review"}


@pytest.mark.parametrize("recipe", ["version: 1\nname: shop\n", "stages: [clean]\n", ": [", "stages: 3\n"])
def test_a_recipe_without_the_stage_is_not_touched(recipe: str) -> None:
    before, after = (configured_rule("reply_length", {"min": n}) for n in (2, 3))
    with pytest.raises(RecipeError):
        with_limits(recipe, "reply_length", before, after)


def test_the_older_name_of_the_stage_is_understood() -> None:
    before, after = (configured_rule("reply_length", {"min": n}) for n in (2, 3))
    assert with_limits("stages: [judge]\n", "reply_length", before, after) == (
        "stages: [judge: {rules: {reply_length: {min: 3}}}]\n"
    )


def test_a_word_as_a_value_is_written_as_it_stands() -> None:
    change = ProposedSetting(keys=("quality", "rules", "abusive", "action"), value="review")
    assert with_changes("stages:\n  - quality\n", [change]) == (
        "stages:\n  - quality: {rules: {abusive: {action: review}}}\n"
    )


def measured(records: int = 4_000) -> MeasuredVersion:
    """A version with scores of a few rules at random, in which each rule meets each other."""
    draw = np.random.default_rng(7)
    rules = {
        "abusive": configured_rule("abusive", {}),
        "overclaims": configured_rule("overclaims", {}),
        "reply_length": configured_rule("reply_length", {"min": 5}),
        "symbol_ratio": configured_rule("symbol_ratio", {"action": "review"}),
    }
    table = pl.DataFrame(
        {
            "id": [f"{n:032x}" for n in range(records)],
            "kind": draw.choice(["domain", "general", "identity"], records),
            "abusive": draw.random(records) < 0.1,
            "overclaims": draw.random(records) < 0.1,
            "reply_length": draw.integers(0, 30, records).astype(np.uint32),
            "symbol_ratio": draw.random(records).astype(np.float32),
        }
    )
    decided = decide_verdicts(table, rules)
    return MeasuredVersion(rules, table.with_columns(decided["verdict"], decided["reason"]))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("reply_length", {"min": 12}),
        ("reply_length", {"min": 0, "max": 8}),
        ("reply_length", {"by_kind": {"general": {"min": 20}}}),
        ("reply_length", {"min": 9, "action": "review"}),
        ("symbol_ratio", {"max": 0.2}),
        ("symbol_ratio", {"action": "drop"}),
        ("overclaims", {"action": "drop"}),
        ("abusive", {"action": "review"}),
    ],
)
def test_a_trial_decides_as_the_stage_does(name: str, settings: dict[str, object]) -> None:
    version = measured()
    trial = RuleTrials(Path("shop"), version, name).trial(settings)
    decided = decide_verdicts(version.table, {**version.rules, name: trial.after})
    assert [VERDICTS[code] for code in trial.new] == decided["verdict"].to_list()
    assert trial.changed == (decided["verdict"] != version.table["verdict"]).sum()


def test_what_a_person_has_kept_is_not_sent_to_review_by_a_trial() -> None:
    version = measured()
    kept = version.table.with_columns(verdict=pl.col("verdict").replace("review", "kept"))
    trials = RuleTrials(Path("shop"), version._replace(table=kept), "overclaims")
    assert trials.trial({"action": "review"}).changed == 0


def test_columns_hold_every_row_once_and_stay_in_the_picture() -> None:
    for name in ("reply_length", "symbol_ratio"):
        trials = RuleTrials(Path("shop"), measured(), name)
        bins = ScoreBins(trials)
        fails = trials.fails(trials.rule)
        columns = bins.columns(fails)
        assert sum(column.n for column in columns) == 4_000
        assert sum(column.out for column in columns) == fails.sum()
        assert all(c.x >= 0 and c.x + c.width <= WIDTH + 1 and c.height <= HEIGHT for c in columns)
        assert all(0 <= line.x <= WIDTH for line in bins.lines(trials.rule, trials.rule))


def test_words_and_findings_are_counted_with_what_fails() -> None:
    trials = RuleTrials(Path("shop"), measured(), "abusive")
    bars = {bar.word: bar for bar in ScoreBins(trials).bars(trials.fails(trials.rule))}
    assert bars["true"].n == bars["true"].out > 0
    assert bars["false"].out == 0
    assert bars["true"].n + bars["false"].n == 4_000


def test_the_rows_at_the_edge_are_those_nearest_to_the_limit_that_is_tried() -> None:
    trials = RuleTrials(Path("shop"), measured(), "symbol_ratio")
    trial = trials.trial({"max": 0.5, "by_kind": {}})
    rows = edge_rows(trials, trial)
    scores = trials.score.to_numpy()
    assert [row.fails for row in rows] == [True] * 5 + [False] * 5
    expected = {*np.sort(scores[scores > 0.5])[:5].tolist(), *np.sort(scores[scores <= 0.5])[-5:].tolist()}
    assert {row.score for row in rows} == expected


def test_a_million_scores_are_tried_in_a_blink() -> None:
    version = measured(1_000_000)
    trials = RuleTrials(Path("shop"), version, "reply_length")
    bins = ScoreBins(trials)
    trials.trial({"min": 4})
    spent = []
    for limit in (7, 11, 25):
        begin = process_time()
        trial = trials.trial({"min": limit})
        bins.columns(trial.fails)
        edge_rows(trials, trial)
        spent.append(process_time() - begin)
    assert min(spent) < 0.1


def test_a_record_is_found_by_halving_wherever_it_stands(shop: Path, tmp_path: Path) -> None:
    (version,) = (shop / "datasets" / "shop").glob("[0-9a-f]*")
    (shard,) = version.glob("train-*")
    lines = shard.read_bytes().splitlines()
    for line in lines:
        id = json.loads(line)["id"]
        assert find_in_sorted(shard, id) == line
        assert id in texts_in_version(version, [id])
    assert find_in_sorted(shard, "0" * 32) is None
    assert find_in_sorted(shard, "f" * 32) is None
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    assert find_in_sorted(empty, "0" * 32) is None
