"""A run that trains on a part of the rows says so, and why."""

from typing import Any

import pytest

from curate.report.training_notes import training_notes
from curate.terminal.tables import print_training
from schemas.bilingual import Bilingual

WHOLE = {
    "records": 7,
    "rows": 7,
    "samples": 13,
    "skipped": [],
    "truncated": 0,
    "with_thoughts": 0,
    "thinking": "off",
    "system_in_first_question": False,
}
LONG = {"id": "r", "answer": None, "reason": "too_long"}
REFUSED = {"id": "s", "answer": None, "reason": "template_refuses"}
PART = {"id": "t", "answer": 2, "reason": "template_rewrites_answer"}


@pytest.mark.parametrize(
    ("facts", "en", "zh"),
    [
        ({}, ["trained on 7 of 7 conversations, in 13 samples"], ["7 段对话中训练了 7 段，共 13 个样本"]),
        (
            {"rows": 4, "skipped": [REFUSED, LONG, LONG]},
            [
                "trained on 4 of 7 conversations, in 13 samples",
                "skipped 3 conversations: 2 longer than max_tokens, 1 with turns that the chat template refuses",
            ],
            [
                "7 段对话中训练了 4 段，共 13 个样本",
                "跳过 3 段对话：2 段对话超过 max_tokens，1 段对话不被对话模板接受",
            ],
        ),
        (
            {"truncated": 2, "with_thoughts": 3},
            [
                "trained on 7 of 7 conversations, in 13 samples",
                "cut 2 conversations to fit max_tokens: their oldest exchanges are left out",
                "3 conversations hold thoughts (<think>), which are left out (thinking: off)",
            ],
            [
                "7 段对话中训练了 7 段，共 13 个样本",
                "2 段对话超过 max_tokens，已截去最早的几轮",
                "3 段对话带有思考过程（<think>），已略去（thinking: off）",
            ],
        ),
        (
            {"with_thoughts": 1, "thinking": "keep"},
            [
                "trained on 7 of 7 conversations, in 13 samples",
                "1 conversations hold thoughts (<think>), which are learnt",
            ],
            ["7 段对话中训练了 7 段，共 13 个样本", "1 段对话带有思考过程（<think>），已一并学习"],
        ),
        (
            {"skipped": [PART], "system_in_first_question": True},
            [
                "trained on 7 of 7 conversations, in 13 samples",
                "skipped 1 answers: 1 with an answer that the chat template rewrites",
                "the chat template takes no system message: it stands before the user's first words",
            ],
            [
                "7 段对话中训练了 7 段，共 13 个样本",
                "跳过 1 条回答：1 条回答会被对话模板改写",
                "对话模板不接受系统消息：已放在用户第一句话之前",
            ],
        ),
    ],
)
def test_the_notes_count_what_was_trained_on_and_what_not(
    facts: dict[str, Any], en: list[str], zh: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    notes = list(training_notes({**WHOLE, **facts}))
    assert [note.en for note in notes] == en
    assert [note.zh for note in notes] == zh
    print_training({**WHOLE, **facts})
    assert capsys.readouterr().out.splitlines() == en
    assert all(isinstance(note, Bilingual) for note in notes)
