"""Answers are read as they are learnt: their own tokens alone, with the question and to an empty one."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from schemas.errors import InputError
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.record import Message
from schemas.run_files import RunFiles
from schemas.scores import AnswerLosses, AnswersRead, UnreadAnswer
from tests.train.families import FAMILIES
from tests.train.talkative import END, talkative_model
from tests.train.tiny import tiny_tokenizer
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED
from train.scoring.__main__ import score
from train.scoring.samples import AnswerSamples, samples_of

ANSWERS = {"Two primes?": f"2 and 3.{END}", "A colour?": f"Blue.{END}", "A city?": f"Rome.{END}"}
ROLES = ("user", "assistant")


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talkative_model(tmp_path_factory.mktemp("talker"), ANSWERS)


def talk(id: str, *turns: str) -> UnreadAnswer:
    messages = [Message.model_validate({"role": ROLES[n % 2], "content": text}) for n, text in enumerate(turns)]
    return UnreadAnswer(id=id, messages=tuple(messages))


def job(run: Path, model: Path, talks: list[UnreadAnswer], **settings: Any) -> Job:
    run.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{answer.model_dump_json()}\n" for answer in talks)
    RunFiles(run).unread_answers.write_text(lines, encoding="utf-8")
    train = TrainSettings(**{"model": str(model), "batch": 2, "max_tokens": 128, **settings})
    return Job(version="", run=str(run), train=train, exam=ExamSettings())


def read(wanted: Job) -> dict[str, AnswerLosses]:
    score(wanted)
    found = AnswersRead.model_validate_json(RunFiles(Path(wanted.run)).answers_read.read_bytes())
    assert [one.id for one in found.answers] == sorted(one.id for one in found.answers)
    return {one.id: one for one in found.answers}


def test_the_loss_is_that_of_the_answers_own_tokens(tmp_path: Path, tiny: Path) -> None:
    """Held against transformers, one text at a time."""
    talks = [
        talk("a", "A city?", "Rome."),
        talk("b", "x", "y", "几点开门？", "九点。"),
        talk("c", "?", "A long answer, this."),
    ]
    found = read(job(tmp_path, tiny, talks))
    chat, model = ChatFormat(tiny_tokenizer()), AutoModelForCausalLM.from_pretrained(tiny)
    for one in talks:
        turns = [message.model_dump() for message in one.messages]
        for before, loss in (
            (turns[:-1], found[one.id].loss),
            ([{"role": "user", "content": ""}], found[one.id].loss_alone),
        ):
            prompt, answer = chat.prompt_ids(before), chat.ids(turns[-1]["content"] + END)
            labels = [IGNORED] * len(prompt) + answer
            with torch.inference_mode():
                expected = model(input_ids=torch.tensor([prompt + answer]), labels=torch.tensor([labels])).loss.item()
            assert loss == pytest.approx(expected, rel=1e-3)
            assert found[one.id].tokens == len(answer)


def test_a_question_helps_with_its_own_answer_and_not_with_another(tmp_path: Path, talker: Path) -> None:
    questions, answers = list(ANSWERS), [answer.removesuffix(END) for answer in ANSWERS.values()]
    own = [talk(f"own{n}", question, answers[n]) for n, question in enumerate(questions)]
    other = [talk(f"other{n}", question, answers[n - 1]) for n, question in enumerate(questions)]
    found = read(job(tmp_path, talker, [*own, *other]))
    for n in range(len(questions)):
        known, wrong = found[f"own{n}"], found[f"other{(n + 1) % len(questions)}"]  # the same answer
        assert wrong.loss_alone == pytest.approx(known.loss_alone, rel=1e-3)
        assert math.exp(known.loss) < 1.2 and wrong.loss > 10 * known.loss


@pytest.mark.parametrize("thinking", ["off", "empty", "keep"])
@pytest.mark.parametrize("name", FAMILIES)
def test_both_samples_have_labels_on_the_answer_alone(name: str, thinking: Any) -> None:
    chat = ChatFormat(FAMILIES[name].tokenizer(), None, thinking)
    found = samples_of(talk("r", "first question", "first answer", "second question", "the answer"), chat, 4096, 0)
    assert isinstance(found, AnswerSamples)
    for sample in found:
        learnt = [token for token, label in zip(sample.ids, sample.labels, strict=True) if label != IGNORED]
        text = chat.tokenizer.decode(learnt)
        assert "the answer" in text and "first" not in text and "question" not in text
    assert "question" not in chat.tokenizer.decode(found.alone.ids)
    assert "second question" in chat.tokenizer.decode(found.answered.ids)


def test_the_system_message_of_a_record_stands_before_both(tiny: Path) -> None:
    chat = ChatFormat(tiny_tokenizer())
    messages = (Message(role="system", content="Be brief."), *talk("r", "A city?", "Rome.").messages)
    found = samples_of(UnreadAnswer(id="r", messages=messages), chat, 256, None)
    assert isinstance(found, AnswerSamples)
    assert all("Be brief." in chat.tokenizer.decode(sample.ids) for sample in found)


@pytest.mark.parametrize(
    ("turns", "tokens", "fault"),
    [
        (("A city?", "Rome."), 128, ""),
        (("x" * 200, "y", "A city?", "Rome."), 128, ""),  # the oldest exchange is cut, as in a training
        (("A city?", "Rome, " * 40), 128, "too_long"),
        (("x" * 200, "Rome."), 128, "too_long"),
        (("A city?", "<think>Rome"), 128, "only_thinking"),
    ],
)
def test_what_a_training_would_skip_has_a_reason_and_no_loss(
    tmp_path: Path, tiny: Path, turns: tuple[str, ...], tokens: int, fault: str
) -> None:
    found = read(job(tmp_path, tiny, [talk("a", *turns)], max_tokens=tokens))["a"]
    assert found.fault == fault and (found.tokens > 0) == (found.loss > 0) == (not fault)


def test_a_work_that_was_interrupted_goes_on_where_it_stood(tmp_path: Path, tiny: Path) -> None:
    talks = [talk(f"t{n}", f"Question {n}?", "Answer " * (n + 1)) for n in range(5)]
    wanted = job(tmp_path, tiny, talks)
    files, whole = RunFiles(Path(wanted.run)), read(wanted)
    lines = files.losses.read_bytes().splitlines(keepends=True)
    assert len(lines) == 5  # ten samples, two a batch
    for kept in range(len(lines)):
        files.losses.write_bytes(b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2])
        assert read(wanted) == whole
        assert files.losses.read_bytes().startswith(b"".join(lines[:kept]))
    files.losses.write_bytes(b"{}\n" + b"".join(lines))
    assert read(wanted) == whole and files.losses.read_bytes() == b"{}\n" + b"".join(lines)


def test_the_losses_do_not_depend_on_the_order_of_the_rows(tmp_path: Path, tiny: Path) -> None:
    talks = [talk(f"t{n}", "Question?", "Answer " * (n % 3 + 1)) for n in range(5)]
    assert read(job(tmp_path / "a", tiny, talks)) == read(job(tmp_path / "b", tiny, talks[::-1]))


def test_other_weights_do_not_get_the_losses_of_these(tmp_path: Path, tiny: Path, talker: Path) -> None:
    talks = [talk("a", "A city?", "Rome.")]
    assert read(job(tmp_path, tiny, talks))["a"].loss > 3
    assert read(job(tmp_path, talker, talks))["a"].loss < 0.2
    assert len({json.loads(line)["key"] for line in RunFiles(tmp_path).losses.read_bytes().splitlines()}) == 2


def test_nothing_to_read_is_one_sentence(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(InputError, match="no answers to read"):
        score(job(tmp_path, tiny, []))
