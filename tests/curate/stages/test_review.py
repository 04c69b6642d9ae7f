"""What people decided about records goes into the next version, its ledger and its id."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from curate.build.build import build
from curate.build.plan import plan_of
from curate.erasure.conditions import conditions_of
from curate.erasure.erase import find_targets, forget
from curate.history.replay import replay_changes
from curate.ledger import unbalanced
from curate.publish.export import training_rows
from curate.recipe.load import load_recipe
from curate.stages import Outcome, Tools
from curate.stages.quality import Quality
from curate.stages.review import Review
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from curate.terminal.tables import print_version
from schemas.digest import digest
from schemas.errors import GateError, InputError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.manifest import Manifest
from tests.curate.records import record

RECIPE = """\
version: 1
name: faq
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask, review, quality]
"""
ROWS = [
    {"q": "你们几点开门？", "a": "早上九点开门，晚上六点关门。"},
    {"q": "可以刷卡吗？", "a": "可以，现金和刷卡都收。"},
    {"q": "有停车场吗？", "a": "地下一层有停车场，前两小时免费。"},
]


def build_reviewed(folder: Path, reviews: list[dict[str, Any]]) -> Path:
    (folder / "faq.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return decided(folder, reviews)


def decided(folder: Path, reviews: list[dict[str, Any]]) -> Path:
    (folder / "reviews.jsonl").write_text("".join(json.dumps(line) + "\n" for line in reviews), encoding="utf-8")
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def answers_of(version: Path) -> dict[str, str]:
    """The answer of each training row by its question."""
    rows = training_rows(version, read_manifest(version)).iter_rows(named=True)
    return {row["messages"][0]["content"]: row["messages"][-1]["content"] for row in rows}


def ids(version: Path) -> list[str]:
    """The ids of the three records, in the order of their rows."""
    rows = training_rows(version, read_manifest(version)).iter_rows(named=True)
    return [id for _, id in sorted((row["source"]["rows"], row["id"]) for row in rows)]


def test_what_was_rejected_goes_and_what_was_edited_says_what_was_written(tmp_path: Path) -> None:
    first, second, third = ids(build_reviewed(tmp_path, []))
    lines = [
        {"id": first, "verdict": "accept", "by": "ab"},
        {"id": second, "verdict": "reject"},
        {"id": third, "verdict": "edit", "answer": "没有停车场。", "by": "cd"},
    ]
    version = decided(tmp_path, lines)
    assert answers_of(version) == {"你们几点开门？": ROWS[0]["a"], "有停车场吗？": "没有停车场。"}
    manifest = verify(version)
    assert unbalanced(manifest.stages) == []
    stage = next(stage for stage in manifest.stages if stage.stage == "review")
    assert stage.reasons == {"dropped:rejected": 1, "fixed:edited": 1, "kept:accepted": 1}
    ledger = pl.read_parquet(version / "ledger.parquet").filter(pl.col("stage") == "review").sort("reason")
    assert ledger.select("id", "verdict", "reason", "by").rows() == [
        (first, "kept", "accepted", "ab"), (third, "fixed", "edited", "cd"), (second, "dropped", "rejected", ""),
    ]  # fmt: skip
    assert "没有停车场" not in (version / "ledger.parquet").read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize(("unknown", "message"), [(0, None), (2, "2 reviews name no record")])
def test_reviews_of_records_that_are_not_there_are_counted(tmp_path: Path, unknown: int, message: str | None) -> None:
    first = ids(build_reviewed(tmp_path, []))[0]
    lost = [{"id": digest("nobody", n), "verdict": "reject"} for n in range(unknown)]
    version = decided(tmp_path, [{"id": first, "verdict": "accept"}, *lost])
    with (tmp_path / "out").open("w", encoding="utf-8") as nowhere:
        console = Console(width=200, record=True, file=nowhere)
        print_version(console, read_manifest(version))
    text = console.export_text()
    assert message in text if message else "name no record" not in text


def test_the_reviews_are_part_of_the_id(tmp_path: Path) -> None:
    none = build_reviewed(tmp_path, [])
    first = ids(none)[0]
    rejected = decided(tmp_path, [{"id": first, "verdict": "reject"}])
    again = decided(tmp_path, [{"id": first, "verdict": "reject"}])
    said_twice = decided(tmp_path, [{"id": first, "verdict": "accept"}, {"id": first, "verdict": "reject"}])
    assert rejected == again
    assert len({none.name, rejected.name, said_twice.name}) == 3
    assert answers_of(said_twice) == answers_of(rejected)
    [file] = read_manifest(said_twice).reviews
    assert (file.path, file.reviews) == ("reviews.jsonl", 1)
    assert read_manifest(rejected).reviews[0].digest != file.digest


def test_a_dataset_without_reviews_has_the_manifest_it_always_had(tmp_path: Path) -> None:
    build_reviewed(tmp_path, [])
    path = tmp_path / "recipe.yaml"
    path.write_text(RECIPE.replace("review, ", ""), encoding="utf-8")
    version = build(load_recipe(path), Store(tmp_path))
    assert "reviews" not in json.loads((version / "manifest.json").read_bytes())
    assert Manifest.model_validate_json((version / "manifest.json").read_bytes()).reviews == ()
    verify(version)


def test_changed_reviews_rerun_their_stage_and_later_ones_only(tmp_path: Path) -> None:
    first = ids(build_reviewed(tmp_path, []))[0]
    file = load_recipe(tmp_path / "recipe.yaml")
    before = plan_of(file).stages
    (tmp_path / "reviews.jsonl").write_text(json.dumps({"id": first, "verdict": "reject"}), encoding="utf-8")
    after = plan_of(file).stages
    same = [old.name for old, new in zip(before, after, strict=True) if old.key == new.key]
    assert same == ["read", "clean", "mask"]


def test_what_a_person_accepted_is_not_sent_to_review_again() -> None:
    quality = Quality.model_validate({"rules": {"reply_length": {"min": 5, "action": "review"}}})
    short = [record("a", "有停车场吗？", "有"), record("b", "有停车场吗？", "有", tags=["reviewed"])]
    outcome = quality.run(frame_of(short), TOOLS)
    assert outcome.kept["id"].to_list() == ["b"]
    assert outcome.events.filter(pl.col("verdict") == "review")["id"].to_list() == ["a"]


def test_what_a_rule_drops_is_dropped_whoever_accepted_it() -> None:
    quality = Quality.model_validate({"rules": {"reply_length": {"min": 5}}})
    outcome = quality.run(frame_of([record("b", "有停车场吗？", "有", tags=["reviewed"])]), TOOLS)
    assert outcome.kept.is_empty()


TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


def reviewed(folder: Path, line: dict[str, Any], **more: Any) -> Outcome:
    (folder / "reviews.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    records = frame_of([record("c" * 32, "问题在这里吗？", "是的。"), record("a" * 32, "有人吗？", "有。", **more)])
    return Review().run(records, Tools(seed=7, identity=Identity(), folder=folder))


def test_an_edit_answers_what_had_no_answer(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": "有人吗？"}]
    edit = {"id": "a" * 32, "verdict": "edit", "answer": "在的。"}
    kept = reviewed(tmp_path, edit, messages=messages).kept
    assert [m["content"] for m in kept["messages"][1]] == ["有人吗？", "在的。"]
    assert kept["tags"].to_list() == [[], ["reviewed"]]


def test_what_nobody_reviewed_stays_as_it_was_and_where_it_was(tmp_path: Path) -> None:
    outcome = reviewed(tmp_path, {"id": "b" * 32, "verdict": "reject"})
    assert outcome.kept["id"].to_list() == ["c" * 32, "a" * 32]
    assert outcome.events.is_empty()


@pytest.mark.parametrize(
    "line",
    [
        "{}", "[]", "x", '{"id": "short", "verdict": "accept"}', '{"id": "%s", "verdict": "maybe"}',
        '{"id": "%s", "verdict": "edit"}', '{"id": "%s", "verdict": "edit", "answer": " "}',
        '{"id": "%s", "verdict": "accept", "answer": "13912345678"}', '{"id": "%s", "verdict": "accept", "x": 1}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_review_is_named_and_not_quoted(tmp_path: Path, line: str) -> None:
    build_reviewed(tmp_path, [])
    good = json.dumps({"id": "a" * 32, "verdict": "accept"})
    (tmp_path / "reviews.jsonl").write_text(f"{good}\n\n{line.replace('%s', 'b' * 32)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"reviews\.jsonl: no review on line 3;") as caught:
        build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    assert "13912345678" not in str(caught.value)


def test_a_file_of_reviews_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    build_reviewed(tmp_path, [])
    (tmp_path / "reviews.jsonl").unlink()
    with pytest.raises(InputError, match=r"review: there is no file .*reviews\.jsonl"):
        build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))


def test_a_folder_in_place_of_reviews_is_told_for_what_it_is(tmp_path: Path) -> None:
    build_reviewed(tmp_path, [])
    (tmp_path / "reviews.jsonl").unlink()
    (tmp_path / "reviews.jsonl").mkdir()
    with pytest.raises(InputError, match=r"review: .*reviews\.jsonl is a folder; name the files in it"):
        build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))


def test_reviews_that_change_while_they_are_read_stop_the_build(tmp_path: Path) -> None:
    first = ids(build_reviewed(tmp_path, []))[0]
    (tmp_path / "faq.jsonl").write_text(json.dumps(ROWS[0]) + "\n", encoding="utf-8")
    reject = json.dumps({"id": first, "verdict": "reject"})

    def meddle(*_: object) -> None:
        (tmp_path / "reviews.jsonl").write_text(reject, encoding="utf-8")

    file, store = load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path)
    with pytest.raises(InputError, match=r"reviews\.jsonl changed while it was read"):
        build(file, store, meddle)
    (tmp_path / "reviews.jsonl").write_bytes(b"")
    assert ids(build(file, store)) == [first]


def test_personal_data_in_an_edit_stops_the_build(tmp_path: Path) -> None:
    first = ids(build_reviewed(tmp_path, []))[0]
    with pytest.raises(GateError, match="mobile") as caught:
        decided(tmp_path, [{"id": first, "verdict": "edit", "answer": "请打电话13912345678找我。"}])
    assert "13912345678" not in str(caught.value) and first in str(caught.value)


def test_what_was_reviewed_is_forgotten_like_all_else(tmp_path: Path) -> None:
    first, second, _ = ids(build_reviewed(tmp_path, []))
    decided(tmp_path, [{"id": first, "verdict": "edit", "answer": "十点。"}, {"id": second, "verdict": "accept"}])
    store = Store(tmp_path)
    forget(store, "faq", find_targets(store, "faq", conditions_of(["source.row in faq.jsonl:1"]), tmp_path))
    for id in store.versions("faq"):
        folder = store.version("faq", id)
        verify(folder)
        assert not [p.name for p in folder.iterdir() if first.encode() in p.read_bytes()]
        assert not [p.name for p in folder.iterdir() if "十点".encode() in p.read_bytes()]
    ledger = pl.read_parquet(store.find("faq") / "ledger.parquet")
    assert second in ledger["id"].to_list()


def test_the_change_that_an_edit_made_is_shown_while_the_reviews_are_there(tmp_path: Path) -> None:
    first = ids(build_reviewed(tmp_path, []))[0]
    version = decided(tmp_path, [{"id": first, "verdict": "edit", "answer": "早上十点开门。"}])
    changes = replay_changes(version, tmp_path, (first, "faq.jsonl", [1]), {"review"})
    assert changes is not None and [change.stage for change in changes] == ["review"]
    (tmp_path / "reviews.jsonl").write_text("", encoding="utf-8")
    assert replay_changes(version, tmp_path, (first, "faq.jsonl", [1]), {"review"}) is None


def test_the_address_of_a_reviewer_is_not_published(tmp_path: Path) -> None:
    first, second, _ = ids(build_reviewed(tmp_path, []))
    lines = [
        {"id": first, "verdict": "accept", "by": "anna.li@example.com"},
        {"id": second, "verdict": "accept", "by": "anna"},
    ]
    version = decided(tmp_path, lines)
    ledger = pl.read_parquet(version / "ledger.parquet").filter(pl.col("stage") == "review").sort("by")
    assert ledger["by"][0] == "anna" and ledger["by"][1].startswith("reviewer-")
    assert b"example.com" not in (version / "ledger.parquet").read_bytes()
