"""Thinking is one choice: what is learnt, what the exam's prompt holds and what a server renders agree."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from schemas.job import TrainSettings
from tests.train.families import FAMILIES, REAL, Family, fetched
from tests.train.samples import learnt_texts, record, texts
from tests.train.test_generation import answer
from tests.train.tiny import tiny_model
from tests.train.versions import job, line, write_version
from train.models.chat_template import ChatFormat
from train.models.thinking import Thought, joined, opens_thought, split_thought
from train.preflight import prepare
from train.samples.label_mask import IGNORED, Skipped, TokenizedRecord, tokenized
from train.tune import tune

MODES = ("off", "empty", "keep")
FAMILY = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
MODE = pytest.mark.parametrize("mode", MODES)

MESSAGES = [
    ("<think>\n用户想退货。\n</think>\n\n七天内可以退。", "用户想退货。", "七天内可以退。"),
    ("<think>x</think>y", "x", "y"),
    ("\n<think>\nx\n\nz\n</think>\n\ny", "x\n\nz", "y"),
    ("<think>\n\n</think>\n\ny", "", "y"),
    ("<think></think>y", "", "y"),
    ("先查政策，再回答。\n</think>\n\n七天内可以退。", "先查政策，再回答。", "七天内可以退。"),
    ("\n</think>\n\ny", "", "y"),
    ("<think>没有写完", "没有写完", ""),
    ("<think>\n只想没有说\n</think>\n", "只想没有说", ""),
    ("<think>a</think>b<think>c</think>d", "a", "bd"),
    ("好的。<think>c</think>可以", None, "好的。可以"),
]
TEXTS = [
    "七天内可以退。",
    "把思考放在 <think> 标签里。",
    "在 </think> 之后输出答案。",
    "先写 </think>，再写 <think>",
    "I think so. </thinking>",
    "if a < think > b: pass",
    "",
    "  两边有空格  ",
]


@pytest.mark.parametrize(("text", "thought", "answer"), MESSAGES)
def test_a_thought_is_taken_off_the_answer(text: str, thought: str | None, answer: str) -> None:
    assert split_thought(text) == Thought(thought, answer)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_speaks_of_thinking_stays_whole(text: str) -> None:
    assert split_thought(text) == Thought(None, text)


@given(st.text(alphabet=st.sampled_from("ab 好\n<>/think")), st.text(alphabet=st.sampled_from("xy 好\n<>/")))
def test_what_is_joined_is_split_again(thought: str, answer: str) -> None:
    if "think>" in thought + answer or answer != answer.lstrip():
        return
    message = Thought(thought.strip(), answer)
    assert split_thought(joined(message)) == message


@pytest.mark.parametrize("text", ["<think>" * 50_000, "</think>" * 50_000, "a\n" * 100_000 + "</think", "\n" * 200_000])
def test_a_long_text_is_split_in_linear_time(text: str) -> None:
    split_thought(text)


@FAMILY
@MODE
def test_what_is_learnt_of_rows_without_thoughts(family: Family, mode: Any) -> None:
    tokenizer = family.tokenizer()
    kept = family.empty_block if family.kept_block is None else family.kept_block
    block = {"off": "", "empty": family.empty_block, "keep": kept}[mode]
    parts = [block + family.answers.format(a=a) for a in ("a1", "a2")]
    rows = tokenized(record("q1", "a1", "q2", "a2"), ChatFormat(tokenizer, None, mode), 512)
    assert "".join(learnt_texts(rows, tokenizer)) == "".join(parts)


THOUGHTS = record("q1", "<think>t1</think>a1", "q2", "<think>\nt2\n</think>\n\na2")


@FAMILY
@pytest.mark.parametrize("mode", ["off", "empty"])
def test_thoughts_are_left_out_unless_they_are_kept(family: Family, mode: Any) -> None:
    chat = ChatFormat(family.tokenizer(), None, mode)
    rows = tokenized(THOUGHTS, chat, 512)
    assert rows == tokenized(record("q1", "a1", "q2", "a2"), chat, 512)


@FAMILY
def test_a_thought_that_is_kept_is_learnt_before_its_answer(family: Family) -> None:
    tokenizer = family.tokenizer()
    rows = tokenized(THOUGHTS, ChatFormat(tokenizer, None, "keep"), 512)
    learnt, seen = "".join(learnt_texts(rows, tokenizer)), "".join(texts(rows, tokenizer))
    for n in "12":
        assert len(re.findall(rf"t{n}\s*</think>\s*a{n}", learnt)) == learnt.count(f"t{n}") == 1
        assert re.search(rf"<think>\s*t{n}\s*</think>\s*a{n}", seen)
    assert "q1" not in learnt and "q2" not in learnt


@FAMILY
@MODE
@pytest.mark.parametrize("system", [None, "S"])
def test_what_is_learnt_follows_the_prompt_of_the_exam(family: Family, mode: Any, system: str | None) -> None:
    chat = ChatFormat(family.tokenizer(), system, mode)
    for talk in (record("q1", "a1"), record("q1", "a1", "q2", "a2"), record("q1", "a1", "q2", "<think>t</think>a2")):
        sample = tokenized(talk, chat, 512)[-1]
        prompt = chat.prompt_ids([m.model_dump() for m in talk.messages[:-1]])
        assert isinstance(sample, TokenizedRecord)
        assert list(sample.ids[: len(prompt)]) == prompt and sample.labels[len(prompt)] != IGNORED


SERVED = [
    [{"role": "user", "content": "q1"}],
    [{"role": "user", "content": "q1"}, {"role": "assistant", "content": "a1"}, {"role": "user", "content": "q2"}],
]


def serves_what_was_trained(chat: ChatFormat, served: Any) -> None:
    for talk in SERVED:
        prompt = served.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
        assert prompt == chat.prompt(talk)
        asked = served.apply_chat_template(talk, tokenize=False, add_generation_prompt=True, enable_thinking=True)
        assert chat.thinking != "off" or asked == prompt


@FAMILY
@MODE
def test_the_template_beside_the_adapter_renders_the_prompts_of_the_training(family: Family, mode: Any) -> None:
    chat, served = ChatFormat(family.tokenizer(), None, mode), family.tokenizer()
    served.chat_template = chat.served_template()
    serves_what_was_trained(chat, served)
    assert (served.chat_template != chat.tokenizer.chat_template) == (mode in family.rewritten_for)


@pytest.mark.parametrize("name", REAL)
@MODE
def test_a_real_template_beside_the_adapter_does(name: str, mode: Any) -> None:
    chat, served = ChatFormat(fetched(name), None, mode), fetched(name)
    served.chat_template = chat.served_template()
    serves_what_was_trained(chat, served)


def test_the_folder_of_the_adapter_holds_that_template(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "m", FAMILIES["qwen3"].template)
    tune(job(write_version(tmp_path / "v"), tmp_path / "run", model, max_steps=1))
    served = AutoTokenizer.from_pretrained(tmp_path / "run" / "adapter")
    serves_what_was_trained(ChatFormat(AutoTokenizer.from_pretrained(model)), served)


def test_a_record_that_is_nothing_but_thinking_is_skipped_with_a_reason() -> None:
    tokenizer = FAMILIES["qwen3"].tokenizer()
    for text in ("<think>x", "<think>x</think>"):
        for mode in MODES:
            assert tokenized(record("q", text), ChatFormat(tokenizer, None, mode), 512) == [
                Skipped("r", "only_thinking")
            ]


@MODE
def test_broken_marks_and_marks_of_the_user_are_text(mode: Any) -> None:
    tokenizer = FAMILIES["qwen3"].tokenizer()
    marks = tokenizer.convert_tokens_to_ids(["<think>", "</think>"])
    chat = ChatFormat(tokenizer, None, mode)
    clean = tokenized(record("q", "a"), chat, 512)
    for talk in (record("<think>q</think>", "a"), record("q", "在 </think> 之后"), record("q", "先 <think> 再")):
        rows = tokenized(talk, chat, 512)
        assert [sum(row.ids.count(m) for row in rows) for m in marks] == [
            sum(row.ids.count(m) for row in clean) for m in marks
        ]


def test_rows_with_thoughts_are_counted(tmp_path: Path, tiny: Path) -> None:
    rows = [line("r0", "q", "<think>x</think>a"), line("r1", "q2", "a"), line("r2", "<think>q3</think>", "a")]
    _, found = prepare(job(write_version(tmp_path / "v", rows), tmp_path, tiny))
    assert found.with_thoughts == ("r0",) and found.rows == 3


@pytest.mark.parametrize(
    ("written", "thinking"),
    [("off", "off"), ("'off'", "off"), ("no", "off"), ("false", "off"), ("keep", "keep"), ("empty", "empty")],
)
def test_off_is_understood_as_yaml_reads_it(written: str, thinking: str) -> None:
    assert TrainSettings(**yaml.safe_load(f"thinking: {written}")).thinking == thinking


@pytest.mark.parametrize("written", ["on", "true", "none", "null", "1"])
def test_another_word_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="thinking"):
        TrainSettings(**yaml.safe_load(f"thinking: {written}"))


def test_a_prompt_knows_whether_a_thought_is_open() -> None:
    assert opens_thought("x<think>\n") and opens_thought("<think></think><think>")
    assert not opens_thought("x") and not opens_thought("<think>\n\n</think>\n\n")


def test_an_answer_is_given_without_what_was_thought(tiny: Path) -> None:
    tokenizer = FAMILIES["qwen3"].tokenizer()
    assert answer(tiny, tokenizer, "<|im_end|>", None) == "OK"
    assert answer(tiny, tokenizer, "</think>", None) == "Z" * 9
    assert answer(tiny, tokenizer, "<think>", None) == "OK<think>" + "Z" * 9
    assert answer(tiny, FAMILIES["r1"].tokenizer(), "</think>", None) == "Z" * 9


@pytest.mark.parametrize(("mode", "spoken"), [("off", "OK"), ("keep", ""), ("empty", "")])
def test_an_answer_that_is_still_a_thought_says_nothing(tiny: Path, mode: Any, spoken: str) -> None:
    tokenizer = FAMILIES["r1"].tokenizer()
    assert answer(tiny, tokenizer, "<｜end▁of▁sentence｜>", None, mode) == spoken
