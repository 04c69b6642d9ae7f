"""Text overlap: ROUGE-L and BLEU of the answers to questions of the business against those in the log.

They say how much of the wording is kept, not whether an answer is right: "7 days" for "30 days" costs next to nothing.
ROUGE-L stands here in a few lines, over rapidfuzz: rouge-score loads nltk and scipy, 0.9 s, for a stemmer that we do
not use. A test holds the two equal.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from sacrebleu.metrics.bleu import BLEU

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._resampling import measured, of_each_language

TOKEN = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
"""A Han character is a token, so that no dictionary decides; else a run of Latin letters and digits."""
TOKENIZERS = {"zh": "zh", "en": "13a"}
ORDERS = 4
ROUGE = Bilingual(
    "ROUGE-L (F1 of the longest common subsequence; tokens are Han characters and lower-case words, no stemming) of "
    "answers against those of the log, mean over questions, 0 to 1; wording, not truth",
    "回答与日志原答案的 ROUGE-L（最长公共子序列的 F1；按汉字和小写英文词切分，不做词干化），对各题取平均，0 到 1；"
    "只反映措辞，不代表对错",
)


class TextOverlapMetric(Metric):
    """What is usually reported of fine-tuned models; beside the facts it says little."""

    probes: ClassVar[tuple[Probe, ...]] = ("in_scope",)
    is_side: ClassVar[bool] = True

    def marks(self, question: ExamQuestion) -> bool:
        return question.probe in self.probes and bool(TOKEN.search(question.reference.lower()))

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [""] * len(questions)

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return []

    def scored(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[Measure]:
        return [measure for one in (_rouge, _bleu) for measure in of_each_language(questions, answers, one)]


def rouge_l(answer: str, reference: str) -> float:
    """Compute the F1 of the longest common subsequence of tokens: 0 to 1 (C.-Y. Lin, 2004)."""
    ours, theirs = TOKEN.findall(answer.lower()), TOKEN.findall(reference.lower())
    if not ours or not theirs:
        return 0.0
    return 2 * LCSseq.similarity(ours, theirs) / (len(ours) + len(theirs))


def _rouge(lang: str, questions: Sequence[ExamQuestion], answers: Sequence[str]) -> Measure:
    scores = [rouge_l(answer, question.reference) for question, answer in zip(questions, answers, strict=True)]
    values = np.asarray(scores)
    return measured(f"rouge_l_{lang}", questions, scores, lambda times: times @ values / times.sum(1), ROUGE)


def _bleu(lang: str, questions: Sequence[ExamQuestion], answers: Sequence[str]) -> Measure:
    """Compute BLEU of all answers at once: its n-grams are counted over the corpus, and no mean of sentences."""
    corpus, by_sentence = (BLEU(tokenize=TOKENIZERS[lang], effective_order=by_one) for by_one in (False, True))
    found = [by_sentence.sentence_score(a, [q.reference]) for q, a in zip(questions, answers, strict=True)]
    counts = np.array([[*one.counts, *one.totals, one.sys_len, one.ref_len] for one in found], dtype=float)
    scores = [min(one.score / 100, 1.0) for one in found]

    corpus.corpus_score(list(answers), [[question.reference for question in questions]])
    signature = corpus.get_signature()  # known once something was scored
    definition = Bilingual(
        f"BLEU of all answers against those of the log, 0 to 1 (sacrebleu {signature}); models are compared by BLEU "
        "of single answers; wording, not truth",
        f"全部回答对日志原答案的 BLEU，0 到 1（sacrebleu {signature}）；模型之间按单条回答的 BLEU 比较；"
        "只反映措辞，不代表对错",
    )
    return measured(f"bleu_{lang}", questions, scores, lambda times: _corpus_bleu(times @ counts), definition)


def _corpus_bleu(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute BLEU of samples out of summed counts, totals and lengths; shape (samples, 2 * ORDERS + 2)."""
    return np.array(
        [
            BLEU.compute_bleu(
                correct=[int(n) for n in row[:ORDERS]],
                total=[int(n) for n in row[ORDERS : 2 * ORDERS]],
                sys_len=int(row[-2]),
                ref_len=int(row[-1]),
                smooth_method="exp",
            ).score
            / 100
            for row in sums
        ]
    )
