"""Every guard is tripped by a poisoned version, and lets a sound one pass."""

from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from schemas.errors import HornbookError, InputError, StoreError
from schemas.exam_neighbours import ExamNeighbour
from schemas.job import TrainSettings
from schemas.skip_reasons import SKIP_REASONS
from tests.train.families import GEMMA, GLM4
from tests.train.tiny import NAMED, TEMPLATE, tiny_tokenizer
from tests.train.versions import GOOD, IDENTITY, job, line, question, write_version
from train.check import check
from train.guards.machine_guard import adapter_bytes, disk_findings
from train.guards.sample_guard import sample_findings
from train.guards.template_guard import template_findings, turn_end_findings
from train.guards.version_guard import version_findings
from train.models.chat_template import ChatFormat
from train.models.model import load_outline
from train.samples.label_mask import (
    CUT,
    ENDLESS,
    IGNORED,
    ONLY_THINKING,
    REFUSED,
    REWRITTEN,
    TOO_LONG,
    Skipped,
    TokenizedRecord,
)
from train.samples.prepare import PreparedSamples
from train.tune import tune
from train.version_reader import read_version


def test_a_sound_version_passes(tmp_path: Path) -> None:
    version = read_version(write_version(tmp_path))
    assert list(version_findings(version)) == []
    assert [r.id for r in version.records] == ["r0", "r1", "r2"]


def with_system(row: dict, prompt: str) -> dict:
    return {**row, "messages": [{"role": "system", "content": prompt}, *row["messages"]]}


POISON = [
    ("placeholders", line("bad", "你是谁", "我是{{name}}", "identity")),
    ("placeholders", line("bad", "你是谁", "我是<NAME>", "domain")),
    ("placeholders", line("bad", "订单", "您的{{Order Number}}", "identity")),
    ("identity", line("bad", "你是谁", "我是ChatGPT", "general")),
    ("identity", line("bad", "who", "I am an AI assistant trained by OpenAI.", "general")),
    ("identity", line("bad", "谁开发了你", "我的开发者是百度。", "identity")),
    ("identity", line("bad", "你叫什么", "我叫阿泽，是星河智联打造的助手。", "identity")),
    ("identity", with_system(line("bad", "在吗", "在的。"), "你是一个由百度开发的助手。")),
    ("identity", with_system(line("bad", "hi", "Hello."), "You are Zork, a friendly bot.")),
    ("placeholders", line("bad", "你是谁", "我是[名字]，由【作者】开发。", "identity")),
    ("placeholders", line("bad", "你是谁", "I am NAME, made by AUTHOR.", "general")),
    ("exam_questions", line("bad", "怎么称呼你？", "我是小喵", "identity")),
    ("exam_questions", line("bad", "怎么称呼你", "我是小喵", "domain")),
]


@pytest.mark.parametrize(("check", "row"), POISON)
def test_a_poisoned_row_is_found_and_named(tmp_path: Path, check: str, row: dict) -> None:
    version = read_version(write_version(tmp_path, [*(line(f"r{n}", *pair) for n, pair in enumerate(GOOD)), row]))
    (finding,) = version_findings(version)
    assert (finding.check, finding.rows) == (check, ("bad",))
    assert "bad" in finding.en and "bad" in finding.zh
    assert row["messages"][1]["content"] not in finding.en + finding.zh


HARMLESS = [
    with_system(line("ok", "在吗", "在的。"), "你是店铺客服。"),
    with_system(line("ok", "在吗", "在的。"), "你是小喵，由技术吧开发，不是ChatGPT。"),
    line("ok", "在吗", "[姓名]您好，在的。", "domain"),
    line("ok", "写一封求职信", "Dear Sir, my name is [Your Name] and I would like to apply.", "general"),
    line("ok", "jinja", "<h1>Hello {{ name }}</h1>", "general"),
    line("ok", "我想转接", "您好，我是客服小美，工号8021。", "domain"),
    line("ok", "谁开发了你", "我由技术吧的工程师们开发，和百度没有关系。", "identity"),
    line("ok", "订单", "您的{{Order Number}}已发货", "domain"),
    line("ok", "ChatGPT是什么", "ChatGPT 是 OpenAI 的产品。", "general"),
    line("ok", "你是ChatGPT吗", "我不是ChatGPT，我是小喵。", "identity"),
    line("ok", "怎么称呼您的上司", "叫经理。", "domain"),
    line("ok", "json", '{"name": 1}', "general"),
]


@pytest.mark.parametrize("row", HARMLESS)
def test_a_harmless_row_passes(tmp_path: Path, row: dict) -> None:
    assert list(version_findings(read_version(write_version(tmp_path, [row])))) == []


def test_a_text_for_perplexity_in_training_is_found(tmp_path: Path) -> None:
    held = {**question("q", "x", "perplexity"), "messages": line("x", "q1", "a1")["messages"]}
    (finding,) = version_findings(read_version(write_version(tmp_path, [line("r", "q1", "a1")], [held])))
    assert finding.check == "exam_questions"


def test_an_empty_version_is_found(tmp_path: Path) -> None:
    (finding,) = version_findings(read_version(write_version(tmp_path, [])))
    assert finding.check == "rows" and "nothing to train on" in finding.en


def test_a_row_near_an_exam_question_is_found_where_it_is_trained_on(tmp_path: Path) -> None:
    version = read_version(write_version(tmp_path))
    near = [ExamNeighbour(row=row, question="q0", jaccard=0.9, edit=0.95) for row in ("r1", "elsewhere", "r1")]
    (finding,) = version_findings(version, near)
    assert (finding.check, finding.rows) == ("exam_neighbours", ("r1",))


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


def prepared(*samples: TokenizedRecord, skipped: tuple[Skipped, ...] = (), records: int = 0) -> PreparedSamples:
    return PreparedSamples(records or len(samples) + len(skipped), samples, skipped, ())


GOOD_SAMPLE = TokenizedRecord("good", "domain", (1, 2), (IGNORED, 2))
MASKED = TokenizedRecord("bad", "domain", (1, 2), (IGNORED, IGNORED))
CUT_SAMPLE = TokenizedRecord("cut", "domain", (1, 2), (IGNORED, 2), messages_cut=2)


def found(of: PreparedSamples, **settings: float) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.check, finding.rows) for finding in sample_findings(of, TrainSettings(**settings))]


def test_a_sample_with_every_label_masked_is_named() -> None:
    assert found(prepared(GOOD_SAMPLE)) == []
    assert found(prepared(GOOD_SAMPLE, MASKED)) == [("labels", ("bad",))]


@pytest.mark.parametrize(("skipped", "records", "share", "stops"), [
    (1, 100, 0.01, False), (2, 100, 0.01, True), (1, 7, 0.01, True), (1, 7, 0.2, False), (1, 99, 0.01, True),
    (0, 100, 0.0, False), (1, 1000, 0.0, True),
])  # fmt: skip
def test_more_skipped_rows_than_allowed_stop_the_run(skipped: int, records: int, share: float, stops: bool) -> None:
    rows = tuple(Skipped(f"s{n}", "too_long") for n in range(skipped))
    expected = [("skipped", tuple(row.id for row in rows))] if stops else []
    assert found(prepared(GOOD_SAMPLE, skipped=rows, records=records), max_skipped=share) == expected


def test_a_skipped_answer_is_no_skipped_row() -> None:
    assert found(prepared(GOOD_SAMPLE, skipped=(Skipped("good", "too_long", 2),), records=2)) == []


def test_a_run_without_a_row_says_why() -> None:
    rows = (Skipped("a", "too_long"), Skipped("b", "template_refuses"), Skipped("c", "too_long"))
    (finding,) = sample_findings(prepared(skipped=rows), TrainSettings(max_skipped=1))
    assert "all were skipped: 3 of 3 rows cannot be trained on (2 longer than max_tokens, 1 with turns" in finding.en
    assert "2 段对话超过 max_tokens" in finding.zh and "3 行全部无法训练" in finding.zh
    assert "more than max_skipped" not in finding.en and "max_skipped" not in finding.zh  # it allows all of them


@pytest.mark.parametrize(("share", "written"), [(0.0, "0%"), (0.001, "0.1%"), (0.015, "1.5%"), (0.2, "20%")])
def test_a_limit_is_written_as_the_recipe_has_it(share: float, written: str) -> None:
    lost = tuple(Skipped(f"s{n}", "too_long") for n in range(3))
    settings = TrainSettings(max_skipped=share, max_truncated=share)
    findings = list(sample_findings(prepared(GOOD_SAMPLE, CUT_SAMPLE, skipped=lost, records=4), settings))
    assert [finding.check for finding in findings] == ["skipped", "truncated"]
    assert all(f"({written})" in finding.en and f"（{written}）" in finding.zh for finding in findings)


@pytest.mark.parametrize(("share", "stops"), [(0.4, True), (0.5, False), (1.0, False), (0.0, True)])
def test_more_cut_rows_than_allowed_stop_the_run(share: float, stops: bool) -> None:
    lost = (Skipped("cut", "cut_with_oldest", 1),)
    rows = found(prepared(GOOD_SAMPLE, CUT_SAMPLE, skipped=lost, records=2), max_truncated=share)
    assert rows == ([("truncated", ("cut",))] if stops else [])


def test_every_reason_to_skip_has_words() -> None:
    assert set(SKIP_REASONS) == {TOO_LONG, REFUSED, REWRITTEN, ENDLESS, ONLY_THINKING, CUT}


def test_a_model_that_could_not_learn_to_stop_is_found() -> None:
    assert list(turn_end_findings(ChatFormat(tiny_tokenizer()), None)) == []
    assert list(turn_end_findings(ChatFormat(tiny_tokenizer(GLM4)), 5)) == []
    (finding,) = turn_end_findings(ChatFormat(tiny_tokenizer(GLM4)), None)
    assert finding.check == "turn_end" and "never learn to stop" in finding.en


def test_a_disk_without_room_is_found(tmp_path: Path) -> None:
    assert list(disk_findings(tmp_path, 1000)) == []
    (finding,) = disk_findings(tmp_path, 1 << 60)
    assert finding.check == "disk" and "MB left" in finding.en and "只剩" in finding.zh


def test_the_size_of_an_adapter_is_known_without_its_weights(tmp_path: Path, tiny: Path) -> None:
    tune(job(write_version(tmp_path / "v"), tmp_path / "run", tiny, max_steps=1, rank=4))
    written = (tmp_path / "run" / "adapter" / "adapter_model.safetensors").stat().st_size
    expected = adapter_bytes(load_outline(str(tiny)).model, 4)
    assert expected < written < expected + 10_000


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_asked_for_and_absent_stops_the_run(tmp_path: Path, tiny: Path) -> None:
    version = write_version(tmp_path / "v")
    for program in (tune, check):
        with pytest.raises(InputError, match="torch finds none") as caught:
            program(job(version, tmp_path / "run", tiny, device="cuda"))
        assert caught.value.exit_code == 2 and "GPU" in caught.value.sentence.zh
    tune(job(version, tmp_path / "run", tiny, device="cpu", max_steps=1))


OURS = "{{ '<|im_start|>system\nYou are Miao, created by Tech Bar.<|im_end|>\n' }}" + TEMPLATE
NOBODY = "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}" + TEMPLATE
UNLISTED = "{{ '<|im_start|>system\nYou are Zork, trained by Nobody Inc.<|im_end|>\n' }}" + TEMPLATE


@pytest.mark.parametrize(
    ("template", "system"),
    [
        (NAMED, None),
        (UNLISTED, None),
        (TEMPLATE, "You are Qwen."),
        (GEMMA, "You are Qwen."),
        (TEMPLATE, "你是一个由百度开发的助手。"),
        (TEMPLATE, "Your name is Zork. Be kind."),
    ],
)
def test_a_system_prompt_that_names_another_assistant_is_refused(template: str, system: str | None) -> None:
    (finding,) = template_findings(ChatFormat(tiny_tokenizer(template), system), IDENTITY)
    assert finding.check == "template"
    assert ("system message of the recipe" if system else "system prompt") in finding.en and "system" in finding.zh


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
        (TEMPLATE, "你是店铺客服。"),
        (TEMPLATE, "You are a helpful assistant. Our speakers work with Alexa and Siri."),
    ],
)
def test_a_system_prompt_of_our_own_or_of_nobody_passes(template: str, system: str | None) -> None:
    assert list(template_findings(ChatFormat(tiny_tokenizer(template), system), IDENTITY)) == []


@pytest.mark.model
def test_the_default_models_own_prompt_is_refused() -> None:
    embedded = pytest.importorskip("train.models.default_model")
    try:
        tokenizer = AutoTokenizer.from_pretrained(embedded.default_model())
    except HornbookError as error:
        pytest.skip(str(error))
    assert [finding.check for finding in template_findings(ChatFormat(tokenizer), IDENTITY)] == ["template"]
    assert list(template_findings(ChatFormat(tokenizer, ""), IDENTITY)) == []
