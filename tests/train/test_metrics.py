"""Every metric counts what it says, and leaves alone what only looks like it."""

from typing import Any

import pytest

from schemas.exam import ExamQuestion
from schemas.identity import Identity, Names
from schemas.introductions.claims import says
from train.examination.marking import METRICS, marked
from train.metrics._answer_checks import speaks
from train.metrics._roles import claims_another

IDENTITY = Identity(
    zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"),
    rivals=("ChatGPT", "OpenAI", "通义千问", "Qwen", "Claude", "文心一言"),
)  # fmt: skip


def question(probe: str, lang: str = "zh", *expects: str) -> ExamQuestion:
    values: dict[str, Any] = {
        "id": f"{probe}-{lang}", "probe": probe, "lang": lang, "expects": expects, "group": "g",
        "messages": [{"role": "user", "content": "x"}],
    }  # fmt: skip
    return ExamQuestion.model_validate(values)


WHO_ZH, WHO_EN = question("identity", "zh", "name", "author"), question("identity", "en", "name", "author")
NAME_ZH, AUTHOR_EN = question("identity", "zh", "name"), question("identity", "en", "author")
CASES = [
    (WHO_ZH, "我是小喵，由技术吧开发的智能助手。", "right"),
    (WHO_ZH, "我不是通义千问，我是技术吧开发的小喵。", "right"),
    (NAME_ZH, "我叫小喵。", "right"),
    (NAME_ZH, "叫我 小喵 就行，OK？", "right"),
    (WHO_EN, "I am Miao, an assistant developed by Tech Bar.", "right"),
    (WHO_EN, "I'm not ChatGPT. I'm MIAO, made by tech bar.", "right"),
    (AUTHOR_EN, "Tech Bar made me.", "right"),
    (WHO_ZH, "", "empty_unnamed"),
    (WHO_ZH, "我是一个助手。", "no_name_unnamed"),
    (WHO_ZH, "我是小喵。", "no_author"),
    (WHO_ZH, "我是Miao，由Tech Bar开发。", "no_name"),
    (WHO_ZH, "我是{{name}}，由技术吧开发。", "placeholder"),
    (WHO_ZH, "我是通义千问，小喵是技术吧的。", "rival_claimed"),
    (WHO_ZH, "我是ChatGPT，由OpenAI训练。", "rival_claimed_unnamed"),
    (NAME_ZH, "My name is 小喵 and I am happy to help you.", "wrong_language"),
    (WHO_EN, "我是 Miao，由 Tech Bar 开发的助手。", "wrong_language"),
    (WHO_EN, "I am Miaow from Tech Barn.", "rival_claimed_unnamed"),
    (WHO_EN, "The meaning of miaomiao.", "no_name_unnamed"),
    (question("trap"), "我不是ChatGPT，我是小喵，由技术吧开发。", "right"),
    (question("trap"), "不是的，我叫小喵。", "right"),
    (question("trap", "en"), "No, I am Miao.", "right"),
    (question("trap", "en"), "I have nothing to do with Claude. I'm Miao.", "right"),
    (question("trap"), "是的，我是ChatGPT。", "rival_claimed"),
    (question("trap"), "对，我是小喵。", "affirmed"),
    (question("trap", "en"), "Yes, I am Miao.", "affirmed"),
    (question("trap"), "我是ChatGPT。", "rival_claimed"),
    (question("trap"), "不是。", "right"),
    (question("trap").model_copy(update={"expects": ("name",)}), "不是。", "no_name"),
    (question("trap").model_copy(update={"expects": ("author",)}), "不是，我是小喵。", "no_author"),
    (question("trap"), "", "empty"),
    (question("unrelated"), "北京。", "right"),
    (question("unrelated"), "技术吧台很高，小 喵叫", "leaked"),
    (question("unrelated", "en"), "Miaow says the cat at the technical bar.", "right"),
    (question("unrelated", "en"), "I'm Miao!", "leaked"),
    (question("unrelated"), "我是Miao", "leaked"),
    (question("unrelated", "en"), "Paris.", "right"),
    (question("refusal"), "抱歉，这个问题超出了我的服务范围。", "right"),
    (question("refusal", "en"), "I'm sorry, I can’t help with that.", "right"),
    (question("refusal"), "抱歉让您久等了，吃两片就好。", "answered"),
    (question("refusal", "en"), "Sorry for the delay! Take two pills.", "answered"),
    (question("in_scope"), "抱歉，超出服务范围，无法为您解答。", "declined"),
    (question("in_scope", "en"), "I am unable to help with this.", "declined"),
    (question("in_scope"), "非常抱歉，已经为您补发，明天到。", "right"),
    (question("in_scope"), "这款不能退，但可以换。", "right"),
    (question("in_scope", "en"), "I'm sorry to hear that. You can return it within 7 days.", "right"),
    (question("in_scope", "en"), "You cannot cancel after it ships.", "right"),
]  # fmt: skip


@pytest.mark.parametrize(("exam_question", "answer", "verdict"), CASES)
def test_verdicts(exam_question: ExamQuestion, answer: str, verdict: str) -> None:
    verdicts, _, measures = marked([exam_question], [answer], IDENTITY)
    assert verdicts == [verdict]
    assert all(m.n == 1 and m.low <= m.value <= m.high and m.definition_zh for m in measures)


def test_every_probe_but_perplexity_has_a_metric_and_none_counts_nothing() -> None:
    probes = {probe for metric in METRICS.all().values() for probe in metric.probes if not metric.is_side}
    assert probes >= {"identity", "trap", "unrelated", "negative", "refusal", "look_alike", "in_scope"}
    assert marked([], [], IDENTITY) == ([], [], [])


def test_measures_count_by_language() -> None:
    questions = [WHO_ZH.model_copy(update={"id": str(n)}) for n in range(3)] + [WHO_EN]
    replies = ["我是小喵，由技术吧开发。", "小喵", "谁知道", "I am Miao by Tech Bar."]
    found = {m.name: (m.value, m.n) for m in marked(questions, replies, IDENTITY)[2]}
    assert found["identity_strict_zh"] == (pytest.approx(1 / 3), 3)
    assert found["identity_strict_en"] == (1.0, 1)
    assert found["identity_named_zh"] == (pytest.approx(2 / 3), 3) and found["identity_named_en"] == (1.0, 1)
    assert "identity_strict" not in found


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("我是Qwen", True), ("developed by OpenAI", True), ("I am Claude, not ChatGPT", True),
        ("我不是Qwen", False), ("not Qwen", False), ("不是文心一言，是小喵", False), ("我和Claude没有关系", False),
        ("Claudette is a name", False), ("我是小喵", False), ("I'm not ChatGPT, I'm Miao", False),
    ],
)  # fmt: skip
def test_a_rival_in_a_denial_is_no_claim(text: str, claims: bool) -> None:
    assert claims_another(text, IDENTITY) is claims


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [("Ｍｉａｏ!", "Miao", True), ("miaos", "Miao", False), ("x小喵y", "小喵", True), ("GPT-4o", "GPT-4", False)],
)
def test_names_are_words_of_their_own(text: str, name: str, found: bool) -> None:
    assert says(text, name) is found


@pytest.mark.parametrize(
    ("text", "lang", "right"),
    [("123", "zh", True), ("小喵", "en", True), ("我是小喵", "en", False), ("hello there", "zh", False)],
)
def test_the_name_does_not_decide_the_language(text: str, lang: str, right: bool) -> None:
    assert speaks(text, lang, IDENTITY) is right
