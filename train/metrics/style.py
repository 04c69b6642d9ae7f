"""Style: are answers as long, as polite and as plain as those that people gave?"""

import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import less_is_better, rates_by_language
from train.metrics._reading import plain
from train.metrics._resampling import measured, of_each_language

LENGTH = Bilingual(
    "length of an answer as a share of that in the log, characters without gaps, median over questions: 100 % is as "
    "long, 200 % twice as long; models are compared by how near to it each answer is",
    "回答长度占日志原答案长度的比例（不计空白的字符数），取各题中位数：100% 即一样长，200% 即两倍长；"
    "模型之间按每条回答与原长度的接近程度比较",
)
TONE = Bilingual(
    "share of answers with polite words (please, thank, sorry, 您, 请, 亲, …) less that of the answers in the log: 0 "
    "is the tone of the shop, below it ruder, above it politer; models are compared by how many answers are as polite "
    "as theirs",
    "含礼貌用语（您、请、亲、谢谢、抱歉、please、thank 等）的回答比例减去日志原答案的该比例：0 即店里的语气，"
    "负数更生硬，正数更客气；模型之间按与各自原答案一致的条数比较",
)
FORMAT = Bilingual(
    "answers with Markdown, a list or emoji of which the answer in the log has none; less is better",
    "带有 Markdown、列表或表情符号、而日志原答案没有的回答；越低越好",
)
POLITE = re.compile(
    r"(?<![申邀聘])请(?![假求客])|(?<![母父双相至近乡])亲(?![自属人情子身手眼密戚友生])|谢|抱歉|不好意思|对不起|麻烦你|劳驾"
    r"|\b(?:please|kindly|thanks?|thank you|sorry|apologi[sz]e|apolog(?:y|ies)|appreciate|welcome|glad|happy to"
    r"|pleasure)\b"
)
FORMATS = (
    re.compile(r"(?m)\*\*[^*\n]+\*\*|^#{1,6} |```|`[^`\n]+`|\[[^\]\n]+\]\([^)\n]+\)|^\|.*\|\s*$"),
    re.compile(r"(?m)^\s*(?:[-*•·]\s|\d{1,2}(?:[、)]|\.(?!\d))\s?\S)"),
    re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\U0001f1e6-\U0001f1ff]"),
)
"""Markdown, lists, emoji."""


class StyleMetric(Metric):
    """Adds `formatted` to answers that other metrics mark."""

    probes: ClassVar[tuple[Probe, ...]] = ("in_scope",)
    is_side: ClassVar[bool] = True

    def marks(self, question: ExamQuestion) -> bool:
        return question.probe in self.probes and length(question.reference) > 0

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [
            "formatted" if is_formatted(answer, question.reference) else "right"
            for question, answer in zip(questions, answers, strict=True)
        ]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return less_is_better(
            rates_by_language("style_format", questions, verdicts, lambda v: v == "formatted", FORMAT)
        )

    def scored(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[Measure]:
        return [*of_each_language(questions, answers, _length), *of_each_language(questions, answers, _tone)]


def length(text: str) -> int:
    """Count characters without gaps."""
    return len("".join(text.split()))


def is_polite(text: str) -> bool:
    """Tell whether polite words stand in a text, in either language."""
    return "您" in text or POLITE.search(plain(text)) is not None


def is_formatted(answer: str, reference: str) -> bool:
    """Tell whether an answer has Markdown, a list or emoji of which the reference has none."""
    return any(kind.search(answer) and not kind.search(reference) for kind in FORMATS)


def _length(lang: str, questions: Sequence[ExamQuestion], answers: Sequence[str]) -> Measure:
    ratios = [length(answer) / length(q.reference) for q, answer in zip(questions, answers, strict=True)]
    nearness = [min(ratio, 1 / ratio) if ratio else 0.0 for ratio in ratios]
    values = np.asarray(ratios)
    return measured(f"style_length_{lang}", questions, nearness, lambda times: _medians(values, times), LENGTH)


def _medians(values: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the median of values, each of which is in a sample so many times; times: (samples, values)."""
    return np.array([np.median(np.repeat(values, sample.astype(int))) for sample in times])


def _tone(lang: str, questions: Sequence[ExamQuestion], answers: Sequence[str]) -> Measure:
    pairs = [(is_polite(answer), is_polite(q.reference)) for q, answer in zip(questions, answers, strict=True)]
    change = np.array([float(ours) - float(theirs) for ours, theirs in pairs])
    alike = [float(ours == theirs) for ours, theirs in pairs]
    return measured(f"style_tone_{lang}", questions, alike, lambda times: times @ change / times.sum(1), TONE)
