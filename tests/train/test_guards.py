"""Every guard is tripped by a poisoned version, and lets a sound one pass."""

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from schemas.errors import GateError, HornbookError, StoreError
from schemas.skip_reasons import SKIP_REASONS
from tests.train.families import GEMMA, GLM4
from tests.train.tiny import NAMED, TEMPLATE, tiny_tokenizer
from tests.train.versions import GOOD, IDENTITY, line, question, write_version
from train.guards import check_rows, check_template, check_turn_end, check_version
from train.label_mask import ENDLESS, IGNORED, REFUSED, REWRITTEN, TOO_LONG, Skipped, TokenizedRecord
from train.version_reader import read_version


def test_a_sound_version_passes(tmp_path: Path) -> None:
    version = read_version(write_version(tmp_path))
    check_version(version)
    assert [r.id for r in version.records] == ["r0", "r1", "r2"]


POISON = [
    ("placeholder", line("bad", "你是谁", "我是{{name}}", "identity")),
    ("placeholder", line("bad", "你是谁", "我是<NAME>", "domain")),
    ("placeholder", line("bad", "订单", "您的{{Order Number}}", "identity")),
    ("another assistant", line("bad", "你是谁", "我是ChatGPT", "general")),
    ("another assistant", line("bad", "who", "I am an AI assistant trained by OpenAI.", "general")),
    ("exam question", line("bad", "怎么称呼你？", "我是小喵", "identity")),
    ("exam question", line("bad", "怎么称呼你", "我是小喵", "domain")),
]


@pytest.mark.parametrize(("reason", "row"), POISON)
def test_a_poisoned_row_stops_the_run_and_is_named(tmp_path: Path, reason: str, row: dict) -> None:
    version = read_version(write_version(tmp_path, [*(line(f"r{n}", *pair) for n, pair in enumerate(GOOD)), row]))
    with pytest.raises(GateError, match=reason) as caught:
        check_version(version)
    assert "bad" in str(caught.value)
    assert row["messages"][1]["content"] not in str(caught.value)


HARMLESS = [
    line("ok", "订单", "您的{{Order Number}}已发货", "domain"),
    line("ok", "ChatGPT是什么", "ChatGPT 是 OpenAI 的产品。", "general"),
    line("ok", "你是ChatGPT吗", "我不是ChatGPT，我是小喵。", "identity"),
    line("ok", "怎么称呼您的上司", "叫经理。", "domain"),
    line("ok", "json", '{"name": 1}', "general"),
]


@pytest.mark.parametrize("row", HARMLESS)
def test_a_harmless_row_passes(tmp_path: Path, row: dict) -> None:
    check_version(read_version(write_version(tmp_path, [row])))


def test_a_text_for_perplexity_in_training_is_found(tmp_path: Path) -> None:
    held = {**question("q", "x", "perplexity"), "messages": line("x", "q1", "a1")["messages"]}
    with pytest.raises(GateError, match="exam question"):
        check_version(read_version(write_version(tmp_path, [line("r", "q1", "a1")], [held])))


def test_an_empty_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="nothing to train on"):
        check_version(read_version(write_version(tmp_path, [])))


@pytest.mark.parametrize("harm", ["flip", "delete", "manifest"])
def test_a_damaged_version_is_refused(tmp_path: Path, harm: str) -> None:
    version = write_version(tmp_path)
    shard = version / "train-00000.jsonl"
    if harm == "flip":
        shard.write_bytes(shard.read_bytes().replace(b"r0", b"r9"))
    else:
        (shard if harm == "delete" else version / "manifest.json").unlink()
    with pytest.raises(StoreError):
        read_version(version)


def test_a_row_with_every_label_masked_is_named() -> None:
    good = TokenizedRecord("good", "domain", (1, 2), (IGNORED, 2))
    check_rows([good])
    with pytest.raises(GateError, match="every label is masked: 1 rows, bad"):
        check_rows([good, TokenizedRecord("bad", "domain", (1, 2), (IGNORED, IGNORED))])
    with pytest.raises(GateError, match="all were skipped"):
        check_rows([])


def test_a_run_without_a_row_says_why() -> None:
    with pytest.raises(GateError, match=r"all were skipped \(2 longer than max_tokens, 1 with turns that") as caught:
        check_rows([], [Skipped("a", "too_long"), Skipped("b", "template_refuses"), Skipped("c", "too_long")])
    assert "2 段对话因超过 max_tokens" in caught.value.sentence.zh


def test_every_reason_to_skip_has_words() -> None:
    assert set(SKIP_REASONS) == {TOO_LONG, REFUSED, REWRITTEN, ENDLESS}


def test_a_model_that_could_not_learn_to_stop_is_refused() -> None:
    check_turn_end(tiny_tokenizer(), None)
    check_turn_end(tiny_tokenizer(GLM4), 5)
    with pytest.raises(GateError, match="never learn to stop"):
        check_turn_end(tiny_tokenizer(GLM4), None)


OURS = "{{ '<|im_start|>system\nYou are Miao, created by Tech Bar.<|im_end|>\n' }}" + TEMPLATE
NOBODY = "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}" + TEMPLATE
UNLISTED = "{{ '<|im_start|>system\nYou are Zork, trained by Nobody Inc.<|im_end|>\n' }}" + TEMPLATE


@pytest.mark.parametrize(
    ("template", "system"), [(NAMED, None), (UNLISTED, None), (TEMPLATE, "You are Qwen."), (GEMMA, "You are Qwen.")]
)
def test_a_system_prompt_that_names_another_assistant_is_refused(template: str, system: str | None) -> None:
    with pytest.raises(GateError, match="system prompt") as caught:
        check_template(tiny_tokenizer(template), system, IDENTITY)
    assert "system" in caught.value.sentence.zh


@pytest.mark.parametrize(
    ("template", "system"),
    [
        (NAMED, ""),
        (NAMED, "你是小喵。"),
        (TEMPLATE, None),
        (OURS, None),
        (NOBODY, None),
        (GEMMA, ""),
        (GEMMA, "你是小喵。"),
    ],
)
def test_a_system_prompt_of_our_own_or_of_nobody_passes(template: str, system: str | None) -> None:
    check_template(tiny_tokenizer(template), system, IDENTITY)


@pytest.mark.model
def test_the_default_models_own_prompt_is_refused() -> None:
    embedded = pytest.importorskip("train.models.default_model")
    try:
        tokenizer = AutoTokenizer.from_pretrained(embedded.default_model())
    except HornbookError as error:
        pytest.skip(str(error))
    with pytest.raises(GateError, match="system prompt"):
        check_template(tokenizer, None, IDENTITY)
    check_template(tokenizer, "", IDENTITY)
