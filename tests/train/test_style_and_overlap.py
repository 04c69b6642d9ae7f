"""Text overlap and style give the values that can be computed by hand, and that the reference packages give."""

from typing import Any

import pytest
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU

from schemas.exam import ExamQuestion, Measure
from schemas.identity import Identity
from train.metrics.style import StyleMetric, is_formatted, is_polite
from train.metrics.text_overlap import TOKEN, TextOverlapMetric, rouge_l


def asked(reference: str, lang: str = "zh", number: int = 0, **more: Any) -> ExamQuestion:
    values: dict[str, Any] = {
        "id": f"q{number}", "probe": "in_scope", "lang": lang, "group": f"g{number}", "reference": reference,
        "messages": [{"role": "user", "content": "怎么退货"}],
    }  # fmt: skip
    return ExamQuestion.model_validate(values | more)


def found(
    metric: StyleMetric | TextOverlapMetric, pairs: list[tuple[str, str]], lang: str = "zh"
) -> dict[str, Measure]:
    """The measures of answers against references: (answer, reference)."""
    questions = [asked(reference, lang, n) for n, (_, reference) in enumerate(pairs)]
    answers = [answer for answer, _ in pairs]
    assert all(metric.marks(question) for question in questions)
    verdicts = metric.verdicts(questions, answers, Identity())
    measures = [*metric.measures(questions, verdicts), *metric.scored(questions, answers, Identity())]
    assert all(m.low <= m.value <= m.high and m.n == len(pairs) for m in measures)
    return {measure.name: measure for measure in measures}


PAIRS_ZH = [
    ("7天内可以无理由退货", "签收后7天内可以无理由退货"), ("请提供订单号", "麻烦您提供一下订单号"),
    ("在的", "您好，请讲"),
    ("顺丰发货，三天到", "默认顺丰，一般三天左右送达"), ("", "可以的"),
    ("支持微信和支付宝", "支持微信、支付宝和银行卡付款"),
]  # fmt: skip
PAIRS_EN = [
    ("Refunds take five days.", "A refund takes five working days."), ("Yes, it is.", "Yes, it's waterproof."),
    ("Please send me the order number.", "Could you send me your order number, please?"), ("No", "Sorry, no"),
    ("We ship to Norway for 9.90 euros.", "We ship to Norway for 9.90 euros."), ("", "Of course"),
]  # fmt: skip


class Tokens:
    """Our tokens, for the reference implementation."""

    def tokenize(self, text: str) -> list[str]:
        return TOKEN.findall(text.lower())


@pytest.mark.parametrize(("answer", "reference"), PAIRS_ZH + PAIRS_EN)
def test_rouge_is_that_of_the_reference_implementation(answer: str, reference: str) -> None:
    theirs = RougeScorer(["rougeL"], tokenizer=Tokens()).score(reference, answer)["rougeL"].fmeasure
    assert rouge_l(answer, reference) == pytest.approx(theirs)


def test_rouge_of_english_is_also_that_of_its_own_tokens() -> None:
    scorer = RougeScorer(["rougeL"])
    for answer, reference in PAIRS_EN:
        assert rouge_l(answer, reference) == pytest.approx(scorer.score(reference, answer)["rougeL"].fmeasure)


@pytest.mark.parametrize(
    ("answer", "reference", "value"),
    [
        ("可以退货", "可以退货", 1.0),
        ("可以退货", "不可以换", 2 * 2 / 8),  # 可以
        ("退货可以", "可以退货", 2 * 2 / 8),
        ("USB-C", "usb c", 1.0),
        ("好的", "OK", 0.0),
        ("", "可以", 0.0),
        ("！？", "可以", 0.0),
    ],
)
def test_rouge_by_hand(answer: str, reference: str, value: float) -> None:
    assert rouge_l(answer, reference) == pytest.approx(value)


@pytest.mark.parametrize(("pairs", "lang", "tokenize"), [(PAIRS_ZH, "zh", "zh"), (PAIRS_EN, "en", "13a")])
def test_bleu_is_that_of_sacrebleu_over_all_answers(pairs: list[tuple[str, str]], lang: str, tokenize: str) -> None:
    bleu = BLEU(tokenize=tokenize)
    theirs = bleu.corpus_score([answer for answer, _ in pairs], [[reference for _, reference in pairs]]).score / 100
    ours = found(TextOverlapMetric(), pairs, lang)[f"bleu_{lang}"]
    assert ours.value == pytest.approx(theirs)
    assert f"tok:{tokenize}" in ours.definition_en and str(bleu.get_signature()) in ours.definition_zh
    assert 0 < ours.low < ours.high <= 1 and all(0 <= score <= 1 for score in ours.scores.values())


def test_the_same_answers_overlap_whole_and_others_not_at_all() -> None:
    same = found(TextOverlapMetric(), [(text, text) for _, text in PAIRS_ZH])
    assert same["rouge_l_zh"].value == same["rouge_l_zh"].low == 1.0
    other = found(TextOverlapMetric(), [("好", "稍等片刻马上查"), ("行", "您拨打客服热线")])
    assert other["rouge_l_zh"].value == 0.0 and other["bleu_zh"].value < 0.05


def test_a_question_of_the_log_whose_answer_is_unknown_or_no_words_is_not_compared() -> None:
    for metric in (TextOverlapMetric(), StyleMetric()):
        assert not metric.marks(asked(""))
        assert not metric.marks(asked("可以", probe="look_alike"))
    assert not TextOverlapMetric().marks(asked("……"))
    assert TextOverlapMetric().scored([], [], Identity()) == []


def test_families_widen_the_interval() -> None:
    pairs = [("可以退货", "可以退货"), ("好", "稍等片刻马上查")] * 20
    questions = [asked(reference, number=n) for n, (_, reference) in enumerate(pairs)]
    alone = TextOverlapMetric().scored(questions, [answer for answer, _ in pairs], Identity())[0]
    families = [q.model_copy(update={"group": f"{n % 2}{n // 10}"}) for n, q in enumerate(questions)]
    together = TextOverlapMetric().scored(families, [answer for answer, _ in pairs], Identity())[0]
    assert together.value == alone.value == 0.5
    assert together.families == 8 and together.family_of
    assert together.high - together.low > alone.high - alone.low


def test_length_is_the_median_share_of_the_reference() -> None:
    measure = found(StyleMetric(), [("好的", "好的好的"), ("好 的", "好的"), ("好的好的好的", "好的")])[
        "style_length_zh"
    ]
    assert measure.value == 1.0 and (measure.low, measure.high) == (0.5, 3.0)
    assert list(measure.scores.values()) == pytest.approx([0.5, 1.0, 1 / 3])


def test_tone_is_the_share_of_polite_answers_less_that_of_the_references() -> None:
    pairs = [("请稍等", "您稍等"), ("等着", "请稍等"), ("等着", "亲，稍等哦"), ("谢谢", "收到")]
    measure = found(StyleMetric(), pairs)["style_tone_zh"]
    assert measure.value == pytest.approx(2 / 4 - 3 / 4)
    assert list(measure.scores.values()) == [1.0, 0.0, 0.0, 0.0]
    assert found(StyleMetric(), [("Thanks!", "ok"), ("No.", "no")], "en")["style_tone_en"].value == 0.5


@pytest.mark.parametrize(
    ("text", "polite"),
    [
        ("您的订单", True), ("亲，在的", True), ("亲亲稍等", True), ("请稍等", True), ("抱歉呢", True), ("謝謝", True),
        ("Please wait", True), ("I apologize", True), ("thanks", True), ("Happy to help", True),
        ("你的订单", False), ("母亲节活动", False), ("亲自去取", False), ("申请退款", False), ("请假三天", False),
        ("pleased with it", False), ("no", False), ("unkindly", False), ("亲属代签", False), ("聘请", False),
    ],
)  # fmt: skip
def test_polite_words(text: str, polite: bool) -> None:
    assert is_polite(text) is polite


@pytest.mark.parametrize(
    ("answer", "reference", "formatted"),
    [
        ("**注意**：先拔电源", "先拔电源", True), ("1. 拔电源\n2. 等十秒", "先拔电源再等十秒", True),
        ("- a\n- b", "a and b", True),
        ("好的😊", "好的", True), ("## Steps\nunplug", "Unplug it.", True),
        ("see [here](https://a.b)", "see here", True),
        ("`reset`", "reset", True), ("| a | b |", "a, b", True),
        ("好的😊", "在的🌹", False), ("1、拔电源", "1. 拔电源", False),
        ("3.5mm 耳机孔", "有", False), ("5*3=15", "15", False),
        ("2-3天", "三天", False), ("C# 和 #1", "x", False), ("a | b", "a, b", False), ("好的~", "好的", False),
        ("10.5元", "10元", False), ("【提示】先拔电源", "先拔电源", False),
    ],
)  # fmt: skip
def test_formats_that_the_reference_has_not(answer: str, reference: str, formatted: bool) -> None:
    assert is_formatted(answer, reference) is formatted


def test_formats_are_counted_and_less_is_better() -> None:
    measure = found(StyleMetric(), [("**a**", "a"), ("a", "a")])["style_format_zh"]
    assert measure.value == 0.5 and measure.hits == ("q0",) and not measure.more_is_better
