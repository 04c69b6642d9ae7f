"""report.html: one page that explains a version and what was learnt from it, with nothing fetched from anywhere."""

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from curate.report.charts import curve, interval
from curate.report.labels import KINDS, MEASURES, ORDER, PROBES, is_better, named, shown
from schemas.bilingual import Language, Words, speaking
from schemas.exam import Answer, ExamResult, Question, Sheet
from schemas.manifest import Manifest

SHOWN = 4
"""Answers of each probe that the page shows: wrong ones first."""
PAGES = Environment(
    loader=PackageLoader("curate.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_report(
    manifest: Manifest,
    samples: Sequence[dict[str, Any]],
    *,
    exam: ExamResult | None,
    questions: Sequence[Question],
    train: dict[str, Any] | None,
) -> str:
    """The page in the language of the session. `samples` are training records, `train` the trainer's summary with
    its `steps`; without exam or training their parts are left out.
    """
    language: Language = speaking.get()
    return PAGES.get_template("report.html").render(
        say=lambda en, zh: str(Words(en, zh)),
        language="zh-CN" if language == "zh" else "en",
        manifest=manifest,
        names=[n for n in (manifest.identity.zh, manifest.identity.en) if n] if manifest.identity else [],
        widest=max((s.rows_in + s.added for s in manifest.stages), default=1) or 1,
        kind=lambda key: named(KINDS, key),
        probe=lambda key: named(PROBES, key),
        samples=samples,
        measures=_measures(exam) if exam else [],
        worse=_worse(exam) if exam else [],
        answers=_answers(exam, questions) if exam else {},
        train=_training(train) if train else None,
    )


def _measures(exam: ExamResult) -> list[dict[str, Any]]:
    """A line per measure, in the order that people ask for them."""
    base = {m.name: m for m in exam.base.measures}
    lines = []
    for m in sorted(exam.tuned.measures, key=lambda m: ORDER.index(m.name) if m.name in ORDER else len(ORDER)):
        before = base[m.name].value
        label = f"{shown(m.name, before)} → {shown(m.name, m.value)}"
        top = 1.0 if not m.name.startswith("perplexity") else 1.1 * max(before, m.high)
        lines.append(
            {
                "name": named(MEASURES, m.name).strip(),
                "indented": named(MEASURES, m.name).startswith(" "),
                "base": shown(m.name, before),
                "tuned": shown(m.name, m.value),
                "range": f"{shown(m.name, m.low)} – {shown(m.name, m.high)}",
                "n": m.n,
                "better": is_better(before, m),
                "definition": str(Words(m.definition_en, m.definition_zh)),
                "chart": interval(before, (m.value, m.low, m.high), top, label),
            }
        )
    return lines


def _worse(exam: ExamResult) -> list[str]:
    return [f"{line['name']}: {line['base']} → {line['tuned']}" for line in _measures(exam) if line["better"] is False]


def _answers(exam: ExamResult, questions: Sequence[Question]) -> dict[str, list[dict[str, str]]]:
    """By probe: question, both answers and the verdict on the tuned one; the wrong ones first."""
    asked = {q.id: q for q in questions}
    before = {a.question: a for a in exam.base.answers}
    shown_answers: dict[str, list[dict[str, str]]] = {}
    for answer in _wrong_first(exam.tuned):
        lines = shown_answers.setdefault(answer.probe, [])
        if len(lines) < SHOWN and answer.question in asked:
            lines.append(
                {
                    "question": asked[answer.question].messages[-1].content,
                    "base": before[answer.question].text,
                    "tuned": answer.text,
                    "verdict": answer.verdict,
                }
            )
    return {probe: shown_answers[probe] for probe in PROBES if probe in shown_answers}


def _wrong_first(sheet: Sheet) -> list[Answer]:
    """Half of what is shown is wrong, where there is that much wrong; then right ones."""
    by_probe: dict[str, list[Answer]] = {}
    for answer in sheet.answers:
        by_probe.setdefault(answer.probe, []).append(answer)
    ordered = []
    for answers in by_probe.values():
        wrong = [a for a in answers if a.verdict != "right"]
        right = [a for a in answers if a.verdict == "right"]
        ordered += [*wrong[: SHOWN // 2], *right, *wrong[SHOWN // 2 :]]
    return ordered


def _training(train: dict[str, Any]) -> dict[str, Any]:
    losses = [step["loss"] for step in train["steps"]]
    return {**train, "curve": curve(losses, str(Words("loss by step", "逐步损失")))}
