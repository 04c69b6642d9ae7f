"""Finds what is lost on the way from records to samples: skipped rows, cut conversations, samples without a label."""

from collections import Counter
from collections.abc import Iterator

from schemas.job import TrainSettings
from schemas.preflight import Finding
from schemas.skip_reasons import SKIP_REASONS
from train.samples.prepare import PreparedSamples


def sample_findings(prepared: PreparedSamples, settings: TrainSettings) -> Iterator[Finding]:
    """Find more skipped or cut rows than the recipe allows, and samples that teach nothing and would hide it."""
    whole = [skipped for skipped in prepared.skipped if skipped.answer is None]
    if len(whole) > settings.max_skipped * prepared.records or not prepared.samples:
        yield _too_many_skipped(prepared, settings)

    truncated = prepared.truncated
    if len(truncated) > settings.max_truncated * prepared.records:
        yield _too_many_truncated(prepared, settings)

    if masked := [sample.name for sample in prepared.samples if sample.label_tokens() == 0]:
        yield Finding(
            check="labels",
            en=f"every label is masked: {len(masked)} samples, {_first(masked)}",
            zh=f"所有标签都被屏蔽：{len(masked)} 个样本，{_first(masked)}",
            rows=tuple(masked),
        )


def _too_many_truncated(prepared: PreparedSamples, settings: TrainSettings) -> Finding:
    truncated, limit = prepared.truncated, _percent(settings.max_truncated)
    cut = sum(skipped.reason == "cut_with_oldest" for skipped in prepared.skipped)
    en, zh = (f", {cut} answers with them", f"，连同 {cut} 条回答") if cut else ("", "")
    return Finding(
        check="truncated",
        en=f"{len(truncated)} of {prepared.records} rows are longer than max_tokens ({settings.max_tokens}) and would "
        f"lose their oldest exchanges{en}; more than max_truncated ({limit}) allows. Raise `train: {{max_tokens: …}}`",
        zh=f"{prepared.records} 行中有 {len(truncated)} 行超过 max_tokens（{settings.max_tokens}），"
        f"会被截去最早的几轮{zh}；超出了 max_truncated（{limit}）的限度。请调大 `train: {{max_tokens: …}}`",
        rows=truncated,
    )


def _too_many_skipped(prepared: PreparedSamples, settings: TrainSettings) -> Finding:
    whole = [skipped for skipped in prepared.skipped if skipped.answer is None]
    counts = Counter(skipped.reason for skipped in whole).most_common()
    en = ", ".join(f"{n} {SKIP_REASONS[reason].en}" for reason, n in counts)
    zh = "，".join(f"{n} 段对话{SKIP_REASONS[reason].zh}" for reason, n in counts)
    ids = [skipped.id for skipped in whole]
    if not prepared.samples:
        return Finding(
            check="skipped",
            en=f"all were skipped: {len(whole)} of {prepared.records} rows cannot be trained on ({en}): {_first(ids)}",
            zh=f"{prepared.records} 行全部无法训练（{zh}）：{_first(ids)}",
            rows=tuple(ids),
        )
    limit = _percent(settings.max_skipped)
    return Finding(
        check="skipped",
        en=f"{len(whole)} of {prepared.records} rows cannot be trained on ({en}), more than max_skipped "
        f"({limit}) allows: {_first(ids)}",
        zh=f"{prepared.records} 行中有 {len(whole)} 行无法训练（{zh}），"
        f"超出了 max_skipped（{limit}）的限度：{_first(ids)}",
        rows=tuple(ids),
    )


def _percent(share: float) -> str:
    """Write a share as the recipe's author would: 0.001 is 0.1%, and no rounding makes a limit of it that is not."""
    return f"{share * 100:.6g}%"


def _first(ids: list[str]) -> str:
    return ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")
