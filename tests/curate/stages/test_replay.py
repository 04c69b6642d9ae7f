"""Answers of the base model go into a version by the ids of records, out of a file alone."""

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
from curate.recipe.load import load_recipe
from curate.stages import Outcome, Tools
from curate.stages.replay import Replay
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.store.verify import verify
from curate.terminal.tables import print_version
from schemas.digest import digest
from schemas.errors import InputError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.manifest import Manifest
from tests.curate.records import record

GENERAL = [
    {"q": "Which   planet is the largest of all?", "a": "That would be Jupiter, by far the largest of them."},
    {"q": "Write to ann.lee@example.org for me, please.", "a": "Dear Ann, I hope that you are well today."},
    {"q": "How do I boil an egg until it is hard?", "a": "Nine minutes in boiling water will do it nicely."},
]
FAQ = [{"q": "几点开门？", "a": "早上九点开门。"}, {"q": "能刷卡吗？", "a": "现金和刷卡都收。"}]
BASE = "Jupiter is the largest planet, says the base."
PLAIN = "clean, mask"
ORDERS = {
    "first": "replay, clean, mask",
    "between": "clean, replay, mask",
    "behind": "clean, mask, replay",
    "behind_the_whole": "clean, mask, dedup, replay",
}
TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


def shop(folder: Path, stages: str = PLAIN) -> Path:
    for name, rows in (("general", GENERAL), ("faq", FAQ)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    recipe = "version: 1\nname: shop\ninputs:\n  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}\n"
    recipe += "  - {path: general.jsonl, kind: general, format: {pairs: {question: q, answer: a}}}\n"
    (folder / "recipe.yaml").write_text(f"{recipe}stages: [{stages}]\n", encoding="utf-8")
    return folder / "recipe.yaml"


def built(folder: Path, stages: str) -> Path:
    return build(load_recipe(shop(folder, stages)), Store(folder))


def answer_all(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "base_answers.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def rows(version: Path) -> dict[str, dict[str, Any]]:
    """The training rows by their ids."""
    names = [shard.name for shard in read_manifest(version).trained_on()]
    return {line["id"]: line for name in names for line in read_jsonl(version / name)}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version without answers: what `hornbook distill` would ask about."""
    return built(tmp_path_factory.mktemp("before"), PLAIN)


def general_ids(version: Path) -> list[str]:
    """The ids of the general rows, in the order of the raw file."""
    found = [(row["source"]["rows"], id) for id, row in rows(version).items() if row["kind"] == "general"]
    return [id for _, id in sorted(found)]


def counts(version: Path) -> dict[str, int]:
    [stage] = [stage for stage in read_manifest(version).stages if stage.stage == "replay"]
    return stage.reasons


@pytest.mark.parametrize("stages", ORDERS.values(), ids=ORDERS)
def test_the_id_of_a_version_meets_the_stage_wherever_it_stands(tmp_path: Path, before: Path, stages: str) -> None:
    """Cleaning and masking change two of these questions: an id is that of what was said before."""
    ids = general_ids(before)
    answer_all(tmp_path, *({"id": id, "answer": f"{BASE} {n}", "model": "m"} for n, id in enumerate(ids)))
    after = built(tmp_path, stages)
    assert general_ids(after) == ids
    assert [rows(after)[id]["messages"][-1]["content"] for id in ids] == [f"{BASE} {n}" for n in range(3)]
    for id, row in rows(before).items():
        same = {**row, "messages": row["messages"][:-1]}
        assert {**rows(after)[id], "messages": rows(after)[id]["messages"][:-1]} == same
        assert id in ids or rows(after)[id] == row
    assert counts(after) == {"fixed:answered_by_base": 3}
    assert unbalanced(verify(after).stages) == []
    ledger = pl.read_parquet(after / "ledger.parquet").filter(pl.col("stage") == "replay")
    assert sorted(ledger["id"].to_list()) == sorted(ids)
    assert "says the base" not in (after / "ledger.parquet").read_bytes().decode("utf-8", "replace")


def test_what_the_file_does_not_answer_stays_as_it_was(tmp_path: Path, before: Path) -> None:
    first, second, third = general_ids(before)
    answer_all(tmp_path, {"id": first, "answer": BASE})
    after = built(tmp_path, ORDERS["behind"])
    assert rows(after)[first]["messages"][-1]["content"] == BASE
    assert [rows(after)[id] for id in (second, third)] == [rows(before)[id] for id in (second, third)]


def test_only_drops_what_the_file_does_not_answer_and_nothing_else(tmp_path: Path, before: Path) -> None:
    first, second, third = general_ids(before)
    answer_all(tmp_path, {"id": second, "answer": BASE})
    after = built(tmp_path, f"{PLAIN}, {{replay: {{only: true}}}}")
    assert set(rows(before)) - set(rows(after)) == {first, third}
    assert counts(after) == {"dropped:no_base_answer": 2, "fixed:answered_by_base": 1}
    assert unbalanced(verify(after).stages) == []


def test_the_same_file_gives_the_same_bytes_in_any_store(tmp_path: Path, before: Path) -> None:
    ids = general_ids(before)
    lines = [{"id": id, "answer": BASE} for id in ids]
    answer_all(tmp_path, *lines)
    one = built(tmp_path, ORDERS["first"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer_all(elsewhere, *lines)
    other = built(elsewhere, ORDERS["first"])
    assert one.name == other.name
    assert read_manifest(one).shards == read_manifest(other).shards


def test_the_answers_are_part_of_the_id_and_of_the_manifest(tmp_path: Path, before: Path) -> None:
    first, *_ = general_ids(before)
    stages = ORDERS["behind"]
    answer_all(tmp_path)
    none = built(tmp_path, stages)
    answer_all(tmp_path, {"id": first, "answer": BASE})
    answered = built(tmp_path, stages)
    answer_all(tmp_path, {"id": first, "answer": BASE}, {"id": digest("nobody"), "answer": "x"})
    with_stranger = built(tmp_path, stages)
    assert len({none.name, answered.name, with_stranger.name}) == 3
    assert rows(answered) == rows(with_stranger)
    [file] = read_manifest(with_stranger).answers
    assert (file.path, file.answers) == ("base_answers.jsonl", 2)


def test_a_dataset_without_answers_has_the_manifest_it_always_had(before: Path) -> None:
    assert "answers" not in json.loads((before / "manifest.json").read_bytes())
    assert Manifest.model_validate_json((before / "manifest.json").read_bytes()).answers == ()
    verify(before)


@pytest.mark.parametrize("unmet", [0, 2])
def test_answers_to_records_that_are_not_there_are_counted(tmp_path: Path, before: Path, unmet: int) -> None:
    first, *_ = general_ids(before)
    strangers = [{"id": digest("nobody", n), "answer": "x"} for n in range(unmet)]
    answer_all(tmp_path, {"id": first, "answer": BASE}, *strangers)
    with (tmp_path / "out").open("w", encoding="utf-8") as nowhere:
        console = Console(width=200, record=True, file=nowhere)
        print_version(console, read_manifest(built(tmp_path, ORDERS["behind"])))
    text = console.export_text()
    assert ("2 answers of the base model name no general record" in text) is bool(unmet)
    assert ("name no general record" in text) is bool(unmet)


def test_a_changed_file_reruns_its_stage_and_later_ones_only(tmp_path: Path) -> None:
    answer_all(tmp_path)
    file = load_recipe(shop(tmp_path, "clean, mask, replay, quality"))
    planned = plan_of(file).stages
    answer_all(tmp_path, {"id": "a" * 32, "answer": "x"})
    after = plan_of(file).stages
    same = {old.name for old, new in zip(planned, after, strict=True) if old.key == new.key}
    assert same == {"read", "clean", "mask"}


def test_a_version_with_answers_is_forgotten_like_all_else(tmp_path: Path, before: Path) -> None:
    first, second, _ = general_ids(before)
    answer_all(tmp_path, *({"id": id, "answer": BASE} for id in (first, second)))
    built(tmp_path, ORDERS["behind"])
    store = Store(tmp_path)
    store.base_answers("shop").mkdir(parents=True)
    forget(store, "shop", find_targets(store, "shop", conditions_of(["source.row in general.jsonl:1"]), tmp_path))
    version = store.find("shop")
    verify(version)
    assert first not in rows(version) and rows(version)[second]["messages"][-1]["content"] == BASE
    assert not store.base_answers("shop").exists()


LINES = {
    "no_json": "x", "a_list": "[]", "no_answer": '{"id": "%s"}', "a_short_id": '{"id": "abc", "answer": "13912345678"}',
    "no_id": '{"answer": "13912345678"}', "blank": '{"id": "%s", "answer": " \\n"}', "null": "null",
    "more_keys": '{"id": "%s", "answer": "13912345678", "verdict": "edit"}', "cut": '{"id": "%s", "answer": "13912345',
}  # fmt: skip


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_that_is_no_answer_is_named_and_not_quoted(tmp_path: Path, line: str) -> None:
    good = json.dumps({"id": "a" * 32, "answer": BASE})
    path = answer_all(tmp_path)
    path.write_text(f"{good}\n\n{line.replace('%s', 'b' * 32)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"base_answers\.jsonl:3: no answer; one is") as caught:
        built(tmp_path, ORDERS["behind_the_whole"])
    assert caught.value.exit_code == 2
    assert "1391234" not in str(caught.value) + str(caught.value.sentence.zh)


def test_two_answers_to_one_record_are_one_sentence(tmp_path: Path) -> None:
    answer_all(tmp_path, *({"id": "a" * 32, "answer": answer} for answer in ("one", "two")))
    with pytest.raises(InputError, match=r"base_answers\.jsonl:2: the record was answered on line 1 already"):
        built(tmp_path, ORDERS["behind"])


def test_a_mistake_in_the_file_is_found_before_the_inputs_are_read(tmp_path: Path) -> None:
    answer_all(tmp_path).write_text("x\n", encoding="utf-8")
    seen: list[str] = []
    file = load_recipe(shop(tmp_path, ORDERS["behind_the_whole"]))
    with pytest.raises(InputError, match="no answer"):
        build(file, Store(tmp_path), lambda name, *_: seen.append(name))
    assert not [name for name in seen if "jsonl" in name]
    assert not (tmp_path / "datasets").exists()


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"replay: there is no file .*base_answers\.jsonl"):
        built(tmp_path, ORDERS["behind"])


def test_a_byte_order_mark_and_windows_lines_are_no_mistakes(tmp_path: Path, before: Path) -> None:
    first, *_ = general_ids(before)
    path = answer_all(tmp_path, {"id": first, "answer": BASE})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert counts(built(tmp_path, ORDERS["behind"])) == {"fixed:answered_by_base": 1}


def replayed(folder: Path, *records: dict[str, Any], only: bool = False) -> Outcome:
    answer_all(folder, *({"id": letter * 32, "answer": BASE} for letter in "abc"))
    return Replay(only=only).run(frame_of(list(records)), Tools(seed=7, identity=Identity(), folder=folder))


UNTOUCHED = {
    "domain": {"kind": "domain"}, "identity": {"kind": "identity"}, "refusal": {"kind": "refusal"},
    "exam": {"kind": "general", "tags": ["exam"]},
}  # fmt: skip


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize("fields", UNTOUCHED.values(), ids=UNTOUCHED)
def test_other_kinds_and_the_exam_are_left_alone(tmp_path: Path, fields: dict[str, Any], only: bool) -> None:
    records = [record(letter * 32, "问题在这里吗？", "是的。", **fields) for letter in "da"]
    outcome = replayed(tmp_path, *records, only=only)
    assert outcome.kept.equals(frame_of(records)) and outcome.events.is_empty()


def test_records_keep_their_order_and_what_was_asked_before(tmp_path: Path) -> None:
    talk = [{"role": role, "content": role} for role in ("system", "user", "assistant", "user", "assistant")]
    general = [
        record("c" * 32, "", "", kind="general", messages=talk),
        record("d" * 32, "问", "答", kind="domain"),
        record("a" * 32, "问", "答", kind="general"),
    ]
    outcome = replayed(tmp_path, *general)
    assert outcome.kept["id"].to_list() == [letter * 32 for letter in "cda"]
    assert outcome.kept["messages"].to_list()[0] == [*talk[:-1], {"role": "assistant", "content": BASE}]
    assert outcome.kept["messages"].to_list()[1] == general[1]["messages"]
    assert outcome.kept.drop("messages").equals(frame_of(general).drop("messages"))


def test_a_question_without_an_answer_gets_one(tmp_path: Path) -> None:
    outcome = replayed(tmp_path, record("a" * 32, "有人吗？", None, kind="general"))
    assert [m["content"] for m in outcome.kept["messages"][0]] == ["有人吗？", BASE]


def test_a_block_without_general_records_needs_no_file(tmp_path: Path) -> None:
    records = frame_of([record("a" * 32, "问", "答")])
    assert Replay(answers="nowhere.jsonl").run(records, TOOLS).kept.equals(records)


def test_the_change_is_shown_while_the_file_is_there(tmp_path: Path, before: Path) -> None:
    first, *_ = general_ids(before)
    answer_all(tmp_path, {"id": first, "answer": BASE})
    version = built(tmp_path, ORDERS["between"])
    changes = replay_changes(version, tmp_path, (first, "general.jsonl", [1]), {"replay"})
    assert changes is not None and {change.stage for change in changes} == {"replay"}
    answer_all(tmp_path)
    assert replay_changes(version, tmp_path, (first, "general.jsonl", [1]), {"replay"}) is None
