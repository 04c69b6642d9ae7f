"""One row of a version is shown as it is trained: found by number or id, with what is cut and what is left out."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.digest import digest_bytes
from schemas.errors import InputError, StoreError
from schemas.job import TrainSettings
from schemas.labelled_row import LabelledRow
from schemas.manifest import Manifest, Shard
from schemas.record import Record
from tests.train.families import FAMILIES
from tests.train.samples import record
from tests.train.versions import job, line, write_version
from train.events import run_program
from train.labels import labelled_row, show_labels
from train.models.chat_template import ChatFormat
from train.version_reader import TrainingRow, read_row

IDS = ("a1", "a10", "a2", "b7", "12345678ff")
SECRET = "某位顾客的话"


def sharded(folder: Path, *shards: list[str]) -> Path:
    """A version whose shards hold these lines."""
    write_version(folder, [])
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    listed = []
    for number, lines in enumerate(shards):
        content = "".join(f"{text}\n" for text in lines).encode()
        name = f"train-{number:05d}.jsonl"
        (folder / name).write_bytes(content)
        listed.append(Shard(name=name, digest=digest_bytes(content), bytes=len(content), rows=len(lines)))
    changed = manifest.model_copy(update={"shards": tuple(listed)})
    (folder / "manifest.json").write_text(changed.model_dump_json(), encoding="utf-8")
    return folder


def row(id: str) -> str:
    return json.dumps(line(id, f"{SECRET}{id}", f'"id":"{id}z"'), ensure_ascii=False, separators=(",", ":"))


@pytest.fixture
def version(tmp_path: Path) -> Path:
    rows = [row(id) for id in IDS]
    return sharded(tmp_path / "v", rows[:2], rows[2:])


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("1", 1), ("2", 2), ("3", 3), ("5", 5), ("005", 5), ("a1", 1), ("a10", 2), ("a2", 3), ("b", 4), ("b7", 4),
     ("12345678", 5), ("1234", 5), ("12345678ff", 5)],
)  # fmt: skip
def test_a_row_is_found_by_its_number_or_by_how_its_id_begins(version: Path, wanted: str, number: int) -> None:
    found = read_row(version, wanted)
    assert (found.number, found.of, found.record.id) == (number, 5, IDS[number - 1])


WRONG = (
    "0",
    "6",
    "-1",
    "+1",
    "1.0",
    "99",
    "9" * 5000,
    "c",
    "A1",
    "",
    " ",
    "a",
    "１",
    'a1"',
    'a1","kind',
    "a1z",
    "b7\n",
)


@pytest.mark.parametrize("wanted", WRONG)
def test_a_row_that_is_not_there_is_one_sentence(version: Path, wanted: str) -> None:
    with pytest.raises(InputError, match="begin") as caught:
        read_row(version, wanted)
    assert caught.value.exit_code == 2
    assert SECRET not in str(caught.value.sentence)
    assert ("more than one" in caught.value.sentence.en) is (wanted == "a")
    assert "训练行" in caught.value.sentence.zh


def test_a_version_without_rows_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no training rows"):
        read_row(sharded(tmp_path, []), "1")


def test_no_other_row_is_parsed_and_no_other_shard_is_read(tmp_path: Path) -> None:
    version = sharded(tmp_path, [row("a1")], ["no JSON", row("a2"), '{"id": "a3", "kind": 5}'], ["", "no JSON"])
    (version / "train-00000.jsonl").write_bytes(b"damaged")
    (version / "train-00002.jsonl").unlink()
    assert read_row(version, "3").record.id == "a2"
    with pytest.raises(StoreError, match="train-00000"):
        read_row(version, "a2")


@pytest.mark.parametrize("wanted", ["1", "2", "a1", "b", "5"])
def test_a_shard_that_is_read_is_what_was_written(version: Path, wanted: str) -> None:
    for name in ("train-00000.jsonl", "train-00001.jsonl"):
        path = version / name
        path.write_bytes(path.read_bytes()[:-2] + b" \n")
    with pytest.raises(StoreError, match="damaged"):
        read_row(version, wanted)


def test_a_line_that_is_no_record_is_damage_and_is_not_quoted(tmp_path: Path) -> None:
    version = sharded(tmp_path, [f'{{"id":"a1","kind":"{SECRET}"}}'])
    with pytest.raises(StoreError) as caught:
        read_row(version, "a1")
    assert SECRET not in str(caught.value.sentence) and caught.value.__cause__ is None


def test_a_manifest_that_counts_too_many_rows_is_damage(version: Path) -> None:
    text = (version / "manifest.json").read_text(encoding="utf-8")
    (version / "manifest.json").write_text(text.replace('"rows":3', '"rows":4'), encoding="utf-8")
    with pytest.raises(StoreError, match="train-00001"):
        read_row(version, "6")


def labelled(family: str, of: Record, **settings: Any) -> LabelledRow:
    chosen = TrainSettings(**settings)
    chat = ChatFormat(FAMILIES[family].tokenizer(), chosen.system, chosen.thinking)
    return labelled_row(TrainingRow(1, 1, of), chat, chosen, chat.tokenizer.eos_token_id)


def learnt(row: LabelledRow) -> list[str]:
    return ["".join(piece.text for piece in sample.pieces if piece.learnt) for sample in row.samples]


def test_a_row_says_what_is_learnt_under_which_settings() -> None:
    found = labelled("chatml", record("能退吗", "可以。"), system="S", max_tokens=99, model="m")
    assert (found.id, found.kind, found.row, found.rows) == ("r", "domain", 1, 1)
    assert (found.model, found.system, found.thinking, found.max_tokens) == ("m", "S", "off", 99)
    (sample,) = found.samples
    assert learnt(found) == ["可以。<|im_end|>"]
    assert (sample.name, sample.learnt, sample.messages_cut) == ("r", 10, 0)
    assert sample.tokens == sum(piece.tokens for piece in sample.pieces)
    assert [piece.text for piece in sample.pieces if piece.control] == ["<|im_start|>", "<|im_end|>"] * 3
    assert found.untrained == () and found.thought_left_out is False


def test_a_conversation_that_is_cut_names_what_went() -> None:
    found = labelled("chatml", record("q" * 90, "a1", "q2", "a2"), max_tokens=100)
    assert learnt(found) == ["a2<|im_end|>"]
    assert found.samples[0].messages_cut == 2
    assert [(one.answer, one.reason) for one in found.untrained] == [(1, "cut_with_oldest")]


def test_a_conversation_that_is_unrolled_is_a_sample_for_each_answer() -> None:
    found = labelled("qwen3", record("q1", "a1", "q2", "a2", "q3", "x" * 200), max_tokens=160)
    assert [sample.name for sample in found.samples] == ["r#1", "r#2"]
    assert learnt(found) == ["a1<|im_end|>", "a2<|im_end|>"]
    assert [(one.answer, one.reason) for one in found.untrained] == [(3, "too_long")]


def test_a_row_that_is_skipped_has_a_reason_and_no_sample() -> None:
    greeting = Record.model_validate({**line("r", "q", "a"), "messages": [{"role": "assistant", "content": "a"}]})
    for family, of, reason in (
        ("gemma", greeting, "template_refuses"),
        ("chatml", record("q", "<think>only"), "only_thinking"),
        ("chatml", record("q" * 300, "a"), "too_long"),
    ):
        found = labelled(family, of, max_tokens=100)
        assert found.samples == () and found.thought_left_out is False
        assert [(one.id, one.answer, one.reason) for one in found.untrained] == [("r", None, reason)]


@pytest.mark.parametrize(
    ("answer", "thinking", "left_out"),
    [
        ("<think>hm</think>\n\na", "off", True),
        ("<think>hm</think>\n\na", "empty", True),
        ("<think>hm</think>\n\na", "keep", False),
        ("<think>hm</think>\n\na<think>more</think>b", "keep", True),
        ("hm\n</think>\n\na", "off", True),
        ("hm\n</think>\n\na", "keep", False),
        ("a", "off", False),
        ("a", "keep", False),
        ("the mark <think> opens it", "off", False),
        ("1 </think> 2", "keep", False),
    ],
)
def test_a_thought_that_is_left_out_is_told(answer: str, thinking: str, left_out: bool) -> None:
    found = labelled("qwen3", record("<think>q</think>", answer), thinking=thinking)
    assert len(found.samples) == 1
    assert found.thought_left_out is left_out
    assert ("hm" in learnt(found)[0]) is (thinking == "keep" and "hm" in answer)


@pytest.fixture
def argument(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The job file that the command line of the program names."""
    work = job(write_version(tmp_path / "v"), tmp_path / "run", tiny, max_tokens=64)
    path = tmp_path / "job.json"
    path.write_text(work.model_copy(update={"row": "r"}).model_dump_json(), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["train.labels", str(path)])
    return path


def test_the_program_prints_one_document_and_leaves_nothing_in_the_run(
    argument: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    argument.write_text(argument.read_text(encoding="utf-8").replace('"row":"r"', '"row":"r2"'), encoding="utf-8")
    run_program(show_labels)
    events = [json.loads(text) for text in capfd.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["phase", "labels"]
    found = LabelledRow.model_validate_json(events[-1]["document"])
    assert (found.row, found.rows, found.max_tokens, learnt(found)) == (3, 3, 64, ["Hello there.<|im_end|>"])
    assert list((argument.parent / "run").iterdir()) == []


@pytest.mark.usefixtures("argument")
def test_the_program_ends_with_the_code_of_its_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_program(show_labels)
    last = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (ended.value.code, last["event"], last["exit"]) == (2, "error", 2)
    assert "more than one" in last["en"] and "不止一行" in last["zh"]
