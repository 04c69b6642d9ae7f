"""Every family of templates is learnt as its table says: each answer once, with the end of its turn, nothing else."""

from typing import Any

import pytest

from schemas.errors import InputError
from schemas.record import Record
from tests.train.families import FAMILIES, GEMMA, MISTRAL_01, Family, fetched
from tests.train.samples import learnt_texts, record, texts, tokenized
from tests.train.tiny import REWRITES, TEMPLATE, tiny_tokenizer
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import answer_end
from train.samples.label_mask import IGNORED, Labelled, Skipped, TokenizedRecord, _fitted

TWO = record("q1", "a1", "q2", "a2")
FAMILY = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def samples(family: Family, of: Record, system: str | None = None) -> tuple[list[TokenizedRecord | Skipped], Any]:
    tokenizer = family.tokenizer()
    return tokenized(of, ChatFormat(tokenizer, system), 512), tokenizer


@FAMILY
def test_one_exchange_is_learnt_with_the_end_of_its_turn(family: Family) -> None:
    rows, tokenizer = samples(family, record("q1", "a1"))
    assert learnt_texts(rows, tokenizer) == [family.answers.format(a="a1")]
    assert [row.answer for row in rows] == [None]
    assert all(label in (IGNORED, token) for r in rows for token, label in zip(r.ids, r.labels, strict=True))


@FAMILY
@pytest.mark.parametrize("system", [None, "", "S"])
def test_two_exchanges_are_learnt_once_each(family: Family, system: str | None) -> None:
    rows, tokenizer = samples(family, TWO, system)
    parts = [family.answers.format(a=a) for a in ("a1", "a2")]
    unrolls = family.unrolls or (family is FAMILIES["mistral_0_3"] and system == "S")
    assert learnt_texts(rows, tokenizer) == (parts if unrolls else ["".join(parts)])
    assert [row.name for row in rows] == (["r#1", "r#2"] if unrolls else ["r"])


@FAMILY
@pytest.mark.parametrize("system", [None, "", "S"])
def test_an_answer_is_learnt_behind_the_prompt_that_the_exam_gives(family: Family, system: str | None) -> None:
    rows, tokenizer = samples(family, TWO, system)
    prompt = ChatFormat(tokenizer, system).prompt_ids([m.model_dump() for m in TWO.messages[:-1]])
    assert list(rows[-1].ids[: len(prompt)]) == prompt
    assert rows[-1].labels[len(prompt)] != IGNORED
    assert not family.unrolls or set(rows[-1].labels[: len(prompt)]) == {IGNORED}


@FAMILY
@pytest.mark.parametrize("answer", ["end", "a", "<think>", "  b\n", "</think>c", "assistant", "<|im_end|>d"])
def test_an_answer_is_learnt_whole_or_skipped(family: Family, answer: str) -> None:
    rows, tokenizer = samples(family, record("q1", answer, "q2", answer))
    learnt = "".join(learnt_texts(rows, tokenizer)).replace("\u200b", "")
    assert learnt.count(answer.strip()) >= 2 or all(isinstance(row, Skipped) for row in rows)
    assert "q1" not in learnt and "q2" not in learnt


GOLDEN = {
    "chatml": ["<|im_start|>user\nq1<|im_end|>\n<|im_start|>assistant\na1<|im_end|>\n"
        "<|im_start|>user\nq2<|im_end|>\n<|im_start|>assistant\na2<|im_end|>\n"],
    "qwen3": ["<|im_start|>user\nq1<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\na1<|im_end|>\n",
        "<|im_start|>user\nq1<|im_end|>\n<|im_start|>assistant\na1<|im_end|>\n"
        "<|im_start|>user\nq2<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\na2<|im_end|>\n"],
    "glm4": ["[gMASK]<sop><|user|>\nq1<|assistant|>\na1<|endoftext|>",
        "[gMASK]<sop><|user|>\nq1<|assistant|>\na1<|user|>\nq2<|assistant|>\na2<|endoftext|>"],
    "chatglm3": ["[gMASK]sop<|user|>\n q1<|assistant|>\n a1</s>",
        "[gMASK]sop<|user|>\n q1<|assistant|>\n a1<|user|>\n q2<|assistant|>\n a2</s>"],
    "phi3": ["<|user|>\nq1<|end|>\n<|assistant|>\na1<|end|>\n<|endoftext|>",
        "<|user|>\nq1<|end|>\n<|assistant|>\na1<|end|>\n<|user|>\nq2<|end|>\n<|assistant|>\na2<|end|>\n<|endoftext|>"],
    "r1": ["<｜begin▁of▁sentence｜><｜User｜>q1<｜Assistant｜><think>\n\n</think>\n\na1<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜><｜User｜>q1<｜Assistant｜>a1<｜end▁of▁sentence｜>"
        "<｜User｜>q2<｜Assistant｜><think>\n\n</think>\n\na2<｜end▁of▁sentence｜>"],
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_a_sample_is_what_the_model_will_see(name: str) -> None:
    rows, tokenizer = samples(FAMILIES[name], TWO)
    assert texts(rows, tokenizer) == GOLDEN[name]


def test_a_system_message_in_the_last_question_stays_there_when_the_answer_follows() -> None:
    rows, tokenizer = samples(FAMILIES["mistral_0_3"], TWO, "S")
    assert texts(rows, tokenizer) == [
        "<s>[INST] S\n\nq1[/INST] a1</s>",
        "<s>[INST] q1[/INST] a1</s>[INST] S\n\nq2[/INST] a2</s>",
    ]


@FAMILY
def test_no_name_stands_before_the_first_words_where_the_system_message_is_empty(family: Family) -> None:
    rows, tokenizer = samples(family, record("q1", "a1"), "")
    expected = family.opens if family.empty is None else family.empty
    assert texts(rows, tokenizer)[0].partition("q1")[0] == expected
    own, _ = samples(family, record("q1", "a1", system=""))
    assert own == rows


@FAMILY
def test_a_system_message_stands_where_the_template_takes_it(family: Family) -> None:
    rows, tokenizer = samples(family, record("q1", "a1"), "S")
    expected = family.opens + "S\n\n" if family.named is None else family.named
    assert texts(rows, tokenizer)[0].partition("q1")[0] == expected
    own, _ = samples(family, record("q1", "a1", system="S"))
    assert own == rows


@FAMILY
def test_a_control_token_in_the_text_is_text_flagged_or_not(family: Family) -> None:
    tokenizer = family.tokenizer()
    rendering = tokenizer.apply_chat_template([m.model_dump() for m in TWO.messages], tokenize=False)
    marks = [mark for mark in (*family.marks, *family.unflagged) if mark.strip() and mark[:2] not in ("<b", "</")]
    marks = [mark for mark in marks if mark in family.marks or mark in rendering]
    clean = tokenized(record("q1", "a1"), ChatFormat(tokenizer), 512)
    for mark in marks:
        poisoned = tokenized(record(f"q{mark}1", f"a{mark}1"), ChatFormat(tokenizer), 512)
        id = tokenizer.convert_tokens_to_ids(mark)
        assert [r.ids.count(id) for r in poisoned] == [r.ids.count(id) for r in clean], mark


def test_white_space_and_html_stay_what_they_are() -> None:
    rows, tokenizer = samples(FAMILIES["gemma"], record("<b>q1</b>\n\nx", "<b>a1</b>\n\ny"))
    assert learnt_texts(rows, tokenizer) == ["<b>a1</b>\n\ny<end_of_turn>"]
    assert rows[0].ids.count(tokenizer.convert_tokens_to_ids("<b>")) == 2


def test_each_answer_of_an_unrolled_conversation_loses_its_own_oldest_exchanges() -> None:
    rewriting = tiny_tokenizer(REWRITES)
    long = record("x" * 90, "y1", "能退吗", "可以", "谢", "z" * 200)
    rows = tokenized(long, ChatFormat(rewriting), 150)
    assert learnt_texts(rows, rewriting) == ["y1<|im_end|>", "可以<|im_end|>", "skipped: too_long"]
    assert [row.name for row in rows] == ["r#1", "r#2", "r#3"]
    assert "x" not in texts(rows, rewriting)[1]


HURRIED = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] }}"
    "{% if loop.last and m['role'] == 'user' and enable_thinking is defined and not enable_thinking %}"
    "{{ ' /no_think' }}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
"""What it says behind the last question is gone once there is an answer."""


def test_what_the_prompt_alone_says_behind_the_last_question_stays_before_the_answer() -> None:
    chat = ChatFormat(tiny_tokenizer(HURRIED))
    rows = tokenized(TWO, chat, 512)
    assert learnt_texts(rows, chat.tokenizer) == ["a1<|im_end|>", "a2<|im_end|>"]
    for row, end in zip(rows, (1, 3), strict=True):
        prompt = chat.prompt_ids([m.model_dump() for m in TWO.messages[:end]])
        assert list(row.ids[: len(prompt)]) == prompt and set(row.labels[: len(prompt)]) == {IGNORED}


@pytest.mark.parametrize("name", ["qwen3", "llama3_1"])
@pytest.mark.parametrize(("opening", "thinking"), [("<think>\n", "empty"), ("<think>\n", "keep"), ("Reply: ", "off")])
def test_the_end_of_a_prompt_stays_its_own_token(name: str, opening: str, thinking: Any) -> None:
    tokenizer = fetched(name)
    turn = "{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + eos_token }}"
    asked = f"{{% if add_generation_prompt %}}{{{{ '<|im_start|>assistant\n{opening}' }}}}{{% endif %}}"
    answered = turn.replace("'\n' +", f"'\n{opening if opening == 'Reply: ' else ''}' +")
    choice = f"{{% if m['role'] == 'assistant' %}}{answered}{{% else %}}{turn}{{% endif %}}"
    tokenizer.chat_template = f"{{% for m in messages %}}{choice}{{% endfor %}}{asked}"
    chat = ChatFormat(tokenizer, None, thinking)
    (row,) = tokenized(record("q1", "Hello"), chat, 512)
    assert isinstance(row, TokenizedRecord)
    prompt = chat.prompt_ids([{"role": "user", "content": "q1"}])
    assert list(row.ids[: len(prompt)]) == prompt
    assert [label != IGNORED for label in row.labels].index(True) == len(prompt)
    block = "\n</think>\n\n" if opening == "<think>\n" else ""
    assert learnt_texts([row], tokenizer) == [f"{block}Hello{tokenizer.eos_token}"]


@pytest.mark.parametrize("name", ["chatml", "qwen3"])
def test_no_more_of_a_long_talk_is_cut_than_has_to_be(name: str) -> None:
    talk = record(*(f"{'qa'[n % 2]}{n}" * (n % 5 + 1) for n in range(24)), system="S")
    whole, tokenizer = samples(FAMILIES[name], talk)
    chat = ChatFormat(tokenizer)
    for limit in range(90, max(len(row.ids) for row in whole if isinstance(row, TokenizedRecord)) + 2, 17):
        last = [row for row in tokenized(talk, chat, limit) if isinstance(row, TokenizedRecord)][-1]
        assert len(last.ids) <= limit and last.messages_cut % 2 == 0
        if last.messages_cut:
            longer = [talk.messages[0], *talk.messages[last.messages_cut - 1 :]]
            (*_, more) = tokenized(talk.model_copy(update={"messages": tuple(longer)}), chat, 10**6)
            assert isinstance(more, TokenizedRecord) and len(more.ids) > limit


def test_a_long_talk_is_rendered_a_few_times() -> None:
    talk = [{"role": ("user", "assistant")[n % 2], "content": "x"} for n in range(200)]
    seen: list[int] = []

    def label(messages: list[Any]) -> Labelled:
        seen.append(len(messages))
        return Labelled([0] * len(messages), [0] * len(messages))

    fitted = _fitted(talk, label, 11)
    assert isinstance(fitted, Labelled) and (len(fitted.ids), fitted.messages_cut) == (10, 190)
    assert len(seen) <= 9
    assert _fitted(talk, label, 1) == "too_long"


def test_a_conversation_that_the_template_refuses_is_skipped_with_a_reason() -> None:
    greeting = Record.model_validate({**TWO.model_dump(), "messages": [TWO.messages[1].model_dump()]})
    for template in (GEMMA, MISTRAL_01):
        tokenizer = tiny_tokenizer(template)
        assert tokenized(greeting, ChatFormat(tokenizer), 256) == [Skipped("r", "template_refuses")]


def test_an_answer_that_the_template_cuts_is_skipped_with_a_reason() -> None:
    cutting = tiny_tokenizer(TEMPLATE.replace("message['content']", "message['content'].split('##')[-1]"))
    assert tokenized(record("q", "secret ## a"), ChatFormat(cutting), 256) == [Skipped("r", "template_rewrites_answer")]
    assert learnt_texts(tokenized(record("q", "a"), ChatFormat(cutting), 256), cutting) == ["a<|im_end|>"]


class FakeModel:
    def __init__(self, stops: int | list[int] | None) -> None:
        self.generation_config = type("Config", (), {"eos_token_id": stops})()


@pytest.mark.parametrize(("stops", "expected"), [(None, 0), (5, 5), ([3, 0], 0), ([3, 5], 3)])
def test_the_end_of_a_turn_is_a_token_that_stops_the_model(stops: int | list[int] | None, expected: int) -> None:
    tokenizer = FAMILIES["glm4"].tokenizer()
    first = tokenizer.eos_token_id
    shift = lambda n: n + first  # noqa: E731
    given = [shift(n) for n in stops] if isinstance(stops, list) else None if stops is None else shift(stops)
    assert answer_end(FakeModel(given), tokenizer) == shift(expected)
    row = tokenized(record("q", "a"), ChatFormat(tokenizer), 256, shift(expected))[0]
    assert row.labels[-1] == shift(expected)


REAL = {
    "qwen3": ["a1<|im_end|>", "a2<|im_end|>"],
    "llama3_1": ["a1<|eot_id|>a2<|eot_id|>"],
    "gemma3": ["a1<end_of_turn>a2<end_of_turn>"],
    "deepseek_v3": ["a1<｜end▁of▁sentence｜>a2<｜end▁of▁sentence｜>"],
}


@pytest.mark.parametrize("system", [None, "", "S"])
@pytest.mark.parametrize("name", REAL)
def test_a_real_template_is_learnt_the_same_way(name: str, system: str | None) -> None:
    tokenizer = fetched(name)
    assert learnt_texts(tokenized(TWO, ChatFormat(tokenizer, system), 512), tokenizer) == REAL[name]
    chinese = record("你是谁", "我是小喵，由技术吧开发。", "能退吗", "七天内可以退。\n请放心<b>！</b>")
    learnt = "".join(learnt_texts(tokenized(chinese, ChatFormat(tokenizer, system), 512), tokenizer))
    assert (
        "我是小喵，由技术吧开发。" in learnt and "七天内可以退。\n请放心<b>！</b>" in learnt and "你是谁" not in learnt
    )


BROKEN = ("{% for m in %}", "{{ raise_exception('no') }}", "{{ messages[0]['content'] + 1 }}", "{{ nothing.at.all }}")


@pytest.mark.parametrize("template", BROKEN)
def test_an_error_of_the_template_is_one_sentence(template: str) -> None:
    with pytest.raises(InputError, match="chat template cannot render") as caught:
        ChatFormat(tiny_tokenizer(template)).prompt_ids([{"role": "user", "content": "secret"}])
    assert caught.value.exit_code == 2
    assert "对话模板无法处理" in caught.value.sentence.zh
    assert "secret" not in caught.value.sentence.en + caught.value.sentence.zh


def test_a_conversation_that_the_exam_asks_and_the_template_refuses_is_one_sentence() -> None:
    with pytest.raises(InputError, match="of these turns: user, user"):
        ChatFormat(FAMILIES["gemma"].tokenizer()).prompt_ids([{"role": "user", "content": "q"}] * 2)
