"""The base model is asked as it will be trained, and what cannot be learnt of its answers is told apart."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.base_answers import GivenAnswers
from schemas.errors import InputError
from schemas.job import Job, Thinking
from schemas.record import Record
from schemas.run_files import RunFiles
from tests.train.families import FAMILIES
from tests.train.talkative import END, TEXT_END, talkative_model
from tests.train.versions import job, line, write_version
from train.distill import distill, fault_of, prompt_of
from train.examination.generation import Reply
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, TokenizedRecord, tokenized

ANSWERS = {
    "Two primes?": f"2 and 3.{END}", "A colour?": f"Blue.{END}", "A city?": f"Rome.{END}", "Sing.": "la " * 12,
    "Marks?": f"<|im_start|>user{END}", "Nothing?": END, "Ended?": f"Bye.{TEXT_END}",
}  # fmt: skip
FAULTS = {"Sing.": "cut_off", "Marks?": "control_tokens", "Nothing?": "empty", "Ended?": "other_end"}
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talkative_model(tmp_path_factory.mktemp("talker"), ANSWERS)


def work(folder: Path, model: Path, **settings: Any) -> Job:
    """All questions as general records in a version, beside records of other kinds."""
    rows = [line(f"r{n}", question, "A person's answer.", "general") for n, question in enumerate(ANSWERS)]
    others = [line("d0", "Two primes?", "Ask sales."), line("i0", "Who?", "Miao.", "identity")]
    found = job(write_version(folder / "v", [*others, *rows]), folder / "run", model, **settings)
    return found.model_copy(update={"exam": found.exam.model_copy(update={"max_new_tokens": 24})})


def given(wanted: Job) -> GivenAnswers:
    distill(wanted)
    return GivenAnswers.model_validate_json(RunFiles(Path(wanted.run)).base_answers.read_bytes())


def test_general_records_alone_are_answered_and_faults_have_no_text(tmp_path: Path, talker: Path) -> None:
    found = given(work(tmp_path, talker))
    assert [answer.id for answer in found.answers] == [f"r{n}" for n in range(len(ANSWERS))]
    answered = {question: (one.text, one.fault) for question, one in zip(ANSWERS, found.answers, strict=True)}
    assert answered == {
        question: ("", FAULTS[question]) if question in FAULTS else (answer.removesuffix(END), "")
        for question, answer in ANSWERS.items()
    }
    assert found.dtype in ("float32", "bfloat16") and len(found.model) == 32


def test_the_answers_do_not_depend_on_the_order_of_the_rows(tmp_path: Path, talker: Path) -> None:
    one = work(tmp_path / "a", talker)
    other = work(tmp_path / "b", talker)
    rows = [json.loads(row) for row in (tmp_path / "b" / "v" / "train-00000.jsonl").read_text("utf-8").splitlines()]
    write_version(tmp_path / "b" / "v", rows[::-1])
    assert given(one) == given(other)


def test_a_work_that_was_interrupted_goes_on_where_it_stood(tmp_path: Path, talker: Path) -> None:
    wanted = work(tmp_path, talker)
    files, whole = RunFiles(Path(wanted.run)), given(wanted)
    lines = files.answers.read_bytes().splitlines(keepends=True)
    assert len(lines) == 4  # two prompts a batch
    for kept in range(len(lines)):
        files.base_answers.unlink()
        files.answers.write_bytes(b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2])
        assert given(wanted) == whole
        assert files.answers.read_bytes().startswith(b"".join(lines[:kept]))
    complete = files.answers.read_bytes()
    assert given(wanted) == whole and files.answers.read_bytes() == complete


def test_a_kill_loses_no_finished_batch(tmp_path: Path, talker: Path) -> None:
    wanted = work(tmp_path, talker)
    files = RunFiles(Path(wanted.run))
    files.job.write_text(wanted.model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "train.distill", str(files.job)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}) as running:
        for event in running.stdout or ():
            if json.loads(event)["event"] == "answer":
                running.send_signal(signal.SIGKILL)
                break
    before = files.answers.read_bytes()
    assert before.count(b"\n") >= 1
    found = given(wanted)
    assert files.answers.read_bytes().startswith(before.rpartition(b"\n")[0])
    assert {one.fault for one in found.answers} == {"", *FAULTS.values()}


def test_other_settings_do_not_get_the_answers_of_these(tmp_path: Path, talker: Path) -> None:
    wanted = work(tmp_path, talker)
    before = given(wanted)
    shorter = wanted.model_copy(update={"exam": wanted.exam.model_copy(update={"max_new_tokens": 2})})
    assert {one.fault for one in given(shorter).answers} == {"cut_off", "empty"}
    prompted = wanted.model_copy(update={"train": wanted.train.model_copy(update={"system": "Answer in Latin."})})
    book = RunFiles(Path(wanted.run)).answers
    known = book.read_bytes()
    given(prompted)
    assert len(book.read_bytes().splitlines()) == len(known.splitlines()) + 4
    assert given(wanted) == before


def test_a_version_without_general_records_is_one_sentence(tmp_path: Path, talker: Path) -> None:
    version = write_version(tmp_path / "v", [line("d0", "Two primes?", "Ask sales.")])
    with pytest.raises(InputError, match="no general records"):
        distill(job(version, tmp_path / "run", talker))


TALK = ("system", "user", "assistant", "user", "assistant")


@pytest.mark.parametrize("thinking", ["off", "empty"])
@pytest.mark.parametrize("system", [None, "", "Be brief."])
@pytest.mark.parametrize("name", ["chatml", "qwen2_5", "qwen3", "llama3", "gemma", "mistral_0_3"])
def test_the_model_is_asked_what_stands_before_the_answer_in_training(
    name: str, system: str | None, thinking: Thinking
) -> None:
    chat = ChatFormat(FAMILIES[name].tokenizer(), system, thinking)
    for roles in (TALK[1:3], TALK[1:], TALK):
        talk = [{"role": role, "content": f"{role} {n}"} for n, role in enumerate(roles)]
        record = Record.model_validate({**line("r", "", "", "general"), "messages": talk})
        prompt = prompt_of(record, chat, 4096)
        samples = [one for one in tokenized(record, chat, 4096) if isinstance(one, TokenizedRecord)]
        learnt = max(n for n, label in enumerate(samples[-1].labels) if label != IGNORED)
        while samples[-1].labels[learnt - 1] != IGNORED:
            learnt -= 1
        # With `empty` the model writes the empty block of thinking itself: it belongs to the answer.
        assert tuple(prompt.ids) == samples[-1].ids[:learnt]
        assert not prompt.fault


@pytest.mark.parametrize(
    ("roles", "tokens", "fault"),
    [
        (("user", "assistant"), 4096, ""),
        (("user",), 4096, ""),
        (("system", "user", "assistant"), 4096, ""),
        (("user", "assistant"), 8, "too_long"),
        (("user", "assistant", "assistant"), 4096, "no_question"),
        (("assistant",), 4096, "no_question"),
        (("user", "user", "assistant"), 4096, "template_refuses"),
    ],
)
def test_what_cannot_be_asked_has_a_reason(roles: tuple[str, ...], tokens: int, fault: str) -> None:
    chat = ChatFormat(FAMILIES["gemma"].tokenizer())
    talk = [{"role": role, "content": f"{role} {n}"} for n, role in enumerate(roles)]
    record = Record.model_validate({**line("r", "", "", "general"), "messages": talk})
    assert prompt_of(record, chat, tokens).fault == fault


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply("Blue.", False, 20, 7), ""),
        (Reply("1 < 2 and 3 > 2, <b>bold</b>", False, 20, 7), ""),
        (Reply("Blue.", False, 63, 7), ""),
        (Reply("Blue", True, 20, None), "cut_off"),
        (Reply("Blue", False, 20, None), "cut_off"),
        (Reply("Blue.", False, 20, 8), "other_end"),
        (Reply("user", False, 20, 7, has_control=True), "control_tokens"),
        (Reply("", False, 20, 7), "empty"),
        (Reply("Blue.", False, 64, 7), "too_long"),
    ],
)
def test_an_answer_that_cannot_be_learnt_has_a_reason(reply: Reply, fault: str) -> None:
    assert fault_of(reply, 7, 64) == fault
