"""What a training makes of one row, in sentences for the page and the terminal."""

from collections.abc import Iterator

from curate.report.labels import KINDS, label
from curate.report.visible_text import on_one_line
from schemas.bilingual import Bilingual
from schemas.labelled_row import LabelledRow, LabelledSample
from schemas.skip_reasons import SKIP_REASONS

MODEL_SHOWN, SYSTEM_SHOWN = 200, 24
"""Characters of the model's name and of the system message that the line of settings shows."""
NO_SYSTEM: dict[str | None, Bilingual] = {None: Bilingual("none", "无"), "": Bilingual("empty", "空")}


def which_row(row: LabelledRow) -> Bilingual:
    """Name the row by its number, id and kind."""
    kind, id = label(KINDS, row.kind), on_one_line(row.id, 40)
    return Bilingual(
        f"row {row.row} of {row.rows}: {id} ({kind})", f"第 {row.row} 行（共 {row.rows} 行）：{id}（{kind}）"
    )


def settings_note(row: LabelledRow, origin: Bilingual) -> Bilingual:
    """Say which settings are in force; `origin` says whose they are."""
    model = on_one_line(row.model, MODEL_SHOWN)
    shown = on_one_line(row.system or "", SYSTEM_SHOWN)
    system = Bilingual(f"“{shown}”", f"“{shown}”") if row.system else NO_SYSTEM[row.system]
    others = f"thinking {row.thinking}", f"max_tokens {row.max_tokens}"
    return Bilingual(
        f"{origin.en}: " + ", ".join((f"model {model}", f"system {system.en}", *others)),
        f"{origin.zh}：" + "，".join((f"model {model}", f"system {system.zh}", *others)),
    )


def sample_notes(sample: LabelledSample, max_tokens: int) -> Iterator[Bilingual]:
    """Count the tokens of a sample, and say what was cut to make it fit."""
    name = on_one_line(sample.name, 60)
    yield Bilingual(
        f"{name}: {sample.tokens} tokens, {sample.learnt} of them learnt",
        f"{name}：{sample.tokens} 个词元，其中学习 {sample.learnt} 个",
    )
    if cut := sample.messages_cut:
        yield Bilingual(
            f"cut to fit max_tokens {max_tokens}: the {cut} oldest messages are left out",
            f"为不超过 max_tokens（{max_tokens}），已截去最早的 {cut} 条消息",
        )


def left_out_notes(row: LabelledRow) -> Iterator[Bilingual]:
    """Say what of the row is not trained on, and why."""
    for one in row.untrained:
        reason = SKIP_REASONS[one.reason]
        if one.answer is None:
            yield Bilingual(f"this row is not trained on: {reason.en}", f"这一行不训练：{reason.zh}")
        else:
            yield Bilingual(
                f"answer {one.answer} is not trained on: {reason.en}", f"第 {one.answer} 个回答不训练：{reason.zh}"
            )
    if row.thought_left_out:
        yield Bilingual(
            f"an answer holds a thought (<think>) that is left out (thinking: {row.thinking})",
            f"有回答带有思考过程（<think>），已略去（thinking: {row.thinking}）",
        )
