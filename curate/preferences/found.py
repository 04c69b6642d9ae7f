"""Pairs that were found, and how many were left out, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.bilingual import Bilingual
from schemas.preferences import ORIGINS, AnswerPair, Origin

ORIGIN_NAMES: dict[Origin, Bilingual] = {
    "edit": Bilingual("edits", "改写"),
    "conflict": Bilingual("decided conflicts", "已裁定的冲突"),
    "blind": Bilingual("blind comparisons", "盲评"),
}
"""How a person reads where pairs come from."""
LeftOut = Counter[tuple[Origin, str]]
"""How many pairs were left out, by origin and reason."""
WHY_LEFT_OUT: dict[str, Bilingual] = {
    "text_gone": Bilingual(
        "the rejected answer cannot be had any more: its raw rows, or the version that held it, are gone",
        "被否定的回答已无法取得：原始行或当时的版本已不在",
    ),
    "not_trained_on": Bilingual(
        "the chosen answer is not in the training set: a rule or a later stage took it out, or the exam has it",
        "选中的回答不在训练集中：被规则或后面的阶段去掉，或留作考题",
    ),
    "no_answer": Bilingual("one side has no answer", "有一方没有回答"),
    "other_turns": Bilingual(
        "the turns do not alternate, or are not those of both sides", "轮次不是一问一答，或两边的轮次对不上"
    ),
    "unanswered": Bilingual("nobody chose", "没有人作出选择"),
    "tie": Bilingual("a tie", "平局"),
    "disagreement": Bilingual("the reviewers disagree", "评审者意见不一"),
    "cut_off": Bilingual("the preferred answer was cut off", "选中的回答被截断"),
    "fails_rules": Bilingual("the preferred answer fails a rule", "选中的回答没有通过规则"),
    "equal": Bilingual("both sides are the same", "两边相同"),
    "private": Bilingual("there is personal data in it", "含有个人信息"),
    "repeated": Bilingual("another pair says the same", "与另一对重复"),
    "contradicted": Bilingual("another pair says the opposite", "与另一对相反"),
}
"""Why a pair is left out, by the name that `--json` gives it."""


@dataclass(frozen=True)
class FoundPairs:
    """Pairs, and how many were left out, by origin and by reason."""

    pairs: tuple[AnswerPair, ...] = ()
    left_out: LeftOut = field(default_factory=Counter)

    def without(self, reasons: Sequence[str | None]) -> "FoundPairs":
        """Leave out the pairs for which there is a reason, given one by one."""
        judged = list(zip(self.pairs, reasons, strict=True))
        left_out = Counter((pair.origin, reason) for pair, reason in judged if reason)
        return FoundPairs(tuple(pair for pair, reason in judged if not reason), self.left_out + left_out)

    def counts(self) -> dict[str, int]:
        """Count the pairs by origin, those that there are."""
        counts = Counter(pair.origin for pair in self.pairs)
        return {origin: counts[origin] for origin in ORIGINS if counts[origin]}

    def reasons(self) -> dict[str, dict[str, int]]:
        """Count what was left out by origin and reason."""
        by_origin = {
            origin: {why: self.left_out[origin, why] for why in WHY_LEFT_OUT if self.left_out[origin, why]}
            for origin in ORIGINS
        }
        return {origin: counts for origin, counts in by_origin.items() if counts}


def together(parts: Sequence[FoundPairs]) -> FoundPairs:
    """Put what was found in several ways into one."""
    left_out = sum((part.left_out for part in parts), LeftOut())
    return FoundPairs(tuple(pair for part in parts for pair in part.pairs), left_out)


def left_out_in_words(found: FoundPairs) -> Bilingual:
    """Say what was left out, and why; empty where nothing was."""
    parts = [
        Bilingual(
            f"{number} from {ORIGIN_NAMES[origin].en} ({WHY_LEFT_OUT[why].en})",
            f"{ORIGIN_NAMES[origin].zh} {number} 对（{WHY_LEFT_OUT[why].zh}）",
        )
        for (origin, why), number in sorted(found.left_out.items())
    ]
    return Bilingual(", ".join(part.en for part in parts), "，".join(part.zh for part in parts))
