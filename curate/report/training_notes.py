"""What a training run made of the training rows, in sentences for the page and the terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.bilingual import Bilingual
from schemas.skip_reasons import SKIP_REASONS


def training_notes(facts: Mapping[str, Any]) -> Iterator[Bilingual]:
    """Say how many conversations were trained on, what was skipped and why, and where the system message went.

    `facts` is what `train.json` holds; that of an older release counts fewer things.
    """
    rows, records, samples = facts["rows"], facts["records"], facts["samples"]
    yield Bilingual(
        f"trained on {rows} of {records} conversations, in {samples} samples",
        f"{records} 段对话中训练了 {rows} 段，共 {samples} 个样本",
    )
    skipped: Sequence[Mapping[str, Any]] = facts["skipped"]
    if whole := [s["reason"] for s in skipped if s["answer"] is None]:
        yield _skipped(whole, Bilingual("conversations", "段对话"))
    if answers := [s["reason"] for s in skipped if s["answer"] is not None]:
        yield _skipped(answers, Bilingual("answers", "条回答"))
    if truncated := facts.get("truncated"):
        yield Bilingual(
            f"cut {truncated} conversations to fit max_tokens: their oldest exchanges are left out",
            f"{truncated} 段对话超过 max_tokens，已截去最早的几轮",
        )
    if thoughts := facts.get("with_thoughts"):
        yield thoughts_note(thoughts, facts["thinking"])
    if facts["system_in_first_question"]:
        yield Bilingual(
            "the chat template takes no system message: it stands before the user's first words",
            "对话模板不接受系统消息：已放在用户第一句话之前",
        )


def thoughts_note(conversations: int, thinking: str) -> Bilingual:
    """Say what became of the thoughts in answers."""
    if thinking == "keep":
        return Bilingual(
            f"{conversations} conversations hold thoughts (<think>), which are learnt",
            f"{conversations} 段对话带有思考过程（<think>），已一并学习",
        )
    return Bilingual(
        f"{conversations} conversations hold thoughts (<think>), which are left out (thinking: {thinking})",
        f"{conversations} 段对话带有思考过程（<think>），已略去（thinking: {thinking}）",
    )


def _skipped(reasons: Sequence[str], unit: Bilingual) -> Bilingual:
    """Say how many conversations or answers were skipped, and why, the most frequent reason first."""
    counts = Counter(reasons).most_common()
    return Bilingual(
        f"skipped {len(reasons)} {unit.en}: " + ", ".join(f"{n} {SKIP_REASONS[reason].en}" for reason, n in counts),
        f"跳过 {len(reasons)} {unit.zh}："
        + "，".join(f"{n} {unit.zh}{SKIP_REASONS[reason].zh}" for reason, n in counts),
    )
