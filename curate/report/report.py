"""report.html: one page that explains a version and what was learnt from it, with nothing fetched from anywhere."""

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from curate.judging.verdicts import JudgedContest
from curate.report.charts import bar, curve, interval
from curate.report.diagnoses import diagnoses
from curate.report.labels import (
    CONTESTANTS,
    KINDS,
    MARKS,
    MEASURES,
    PROBES,
    VERDICTS,
    formatted,
    in_order,
    in_words,
    label,
    never_seen,
    none_in,
    stage_words,
    verdicts,
)
from curate.report.reasons import reason_text
from curate.report.side_by_side import conclusions, costs, cut_sentence, judged_sentences, judged_title, side_by_side
from curate.report.training_notes import training_notes
from curate.report.visible_text import visible
from schemas.bilingual import Bilingual, Language, speaking
from schemas.exam import Answer, ExamResult, Question, Sheet
from schemas.job import ExamSettings
from schemas.manifest import Manifest
from schemas.stage_names import typed_name

SHOWN = 4
"""Answers of each probe that the page shows: wrong ones first."""
PAGES = Environment(
    loader=PackageLoader("curate.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters["shown"] = visible


def render_report(  # noqa: PLR0913 - a section a parameter
    manifest: Manifest,
    samples: Sequence[dict[str, Any]],
    *,
    exam: ExamResult | None,
    questions: Sequence[Question],
    train: dict[str, Any] | None,
    margin: float = ExamSettings().margin,
    withheld: int = 0,
    judged: Sequence[JudgedContest] = (),
) -> str:
    """Write the page in the language of the session. `samples` are training records, `train` the trainer's summary with
    its `steps`, `margin` the least difference that matters; without exam or training their sections are left out. Of
    `questions`, so many are `withheld` that must not be shown. `judged` is what judges said of the exam.
    """
    language: Language = speaking.get()

    return PAGES.get_template("report.html").render(
        say=lambda en, zh: str(Bilingual(en, zh)),
        language="zh-CN" if language == "zh" else "en",
        manifest=manifest,
        names=[n for n in (manifest.identity.zh, manifest.identity.en) if n] if manifest.identity else [],
        widest=widest(manifest),
        bar=bar,
        kind=lambda key: label(KINDS, key),
        verdict=lambda key: label(VERDICTS, key),
        stage=typed_name,
        stage_words=stage_words,
        reason=reason_text,
        rows_of=lambda *_: "",  # there are no pages of rows beside a report
        probe=lambda key: label(PROBES, key),
        samples=samples,
        measures=_measures(exam) if exam else [],
        definitions=_definitions(exam) if exam else {},
        cut=str(cut_sentence(exam) or "") if exam else "",
        worse=_worse(exam) if exam else [],
        contest=_contest(exam) if exam else {"lines": []},
        judged=[_judged(contest) for contest in judged],
        diagnoses=diagnoses(manifest, exam, train, margin),
        answers=_answers(exam, questions) if exam else {},
        withheld=withheld,
        train=_training(train) if train else None,
    )


def widest(manifest: Manifest) -> int:
    """Count what came to the stage that most came to: its bar fills the width."""
    return max((stage.rows_in + stage.added for stage in manifest.stages), default=1) or 1


def _measures(exam: ExamResult) -> list[dict[str, Any]]:
    """Write a line per measure, in the order in which people ask for them."""
    base, found = {m.name: m for m in exam.base.measures}, verdicts(exam)
    lines = []

    for m in in_order(exam.tuned.measures):
        before = base[m.name].value
        change = f"{formatted(m.name, before)} → {formatted(m.name, m.value)}"
        # The axis ends at 100 %; a perplexity has no upper end, so that the larger value gets a tenth of room.
        top = 1.0 if not m.name.startswith("perplexity") else 1.1 * max(before, m.high)
        lines.append(
            {
                "name": label(MEASURES, m.name).strip(),
                "base": formatted(m.name, before),
                "tuned": formatted(m.name, m.value),
                "range": f"{formatted(m.name, m.low)} – {formatted(m.name, m.high)}",
                "none": str(none_in(m.n)) if never_seen([m]) else "",
                "n": m.n,
                "verdict": found[m.name].verdict if m.name in found else "",
                "words": str(in_words(found.get(m.name))),
                "definition": str(Bilingual(m.definition_en, m.definition_zh)),
                "chart": interval(before, (m.value, m.low, m.high), top, change),
            }
        )
    return lines


def _definitions(exam: ExamResult) -> dict[str, str]:
    """Say what each number counts: a measure that two languages have once, under both names."""
    names: dict[str, list[str]] = {}
    for measure in in_order(exam.tuned.measures):
        definition = str(Bilingual(measure.definition_en, measure.definition_zh))
        names.setdefault(definition, []).append(label(MEASURES, measure.name))
    return {str(Bilingual("; ".join(labels), "；".join(labels))): words for words, labels in names.items()}


def _contest(exam: ExamResult) -> dict[str, Any]:
    """Write a line per measure that all contestants have, with a cell for each of them, and what follows."""
    models = [sheet.model for sheet in exam.contestants]
    found = {line.measure.name: line for line in side_by_side(exam)}
    shown = [found[measure.name] for measure in in_order([line.measure for line in found.values()])]
    cost = costs(exam)
    return {
        "names": [label(CONTESTANTS, model) for model in models],
        "conclusions": [str(sentence) for sentence in conclusions(exam, [line.measure.name for line in shown])],
        "costs": [cost[model] for model in models if model in cost],
        "lines": [
            {
                "name": label(MEASURES, line.measure.name).strip(),
                "definition": str(Bilingual(line.measure.definition_en, line.measure.definition_zh)),
                "n": line.measure.n,
                "cells": [
                    {
                        "value": formatted(line.measure.name, line.values[model]),
                        "verdict": line.against[model].verdict if model in line.against else "",
                    }
                    for model in models
                ],
            }
            for line in shown
        ],
    }


def _judged(contest: JudgedContest) -> dict[str, Any]:
    """Write what a judge said of two contestants: a line of counts for all pairs and each kind of question."""
    counts = {str(Bilingual("all pairs", "全部")): contest.count}
    counts |= {label(PROBES, probe): count for probe, count in contest.by_probe.items()}
    return {
        "title": str(judged_title(contest)),
        "sentences": [str(sentence) for sentence in judged_sentences(contest)],
        "lines": [{"name": name, "count": count} for name, count in counts.items()],
    }


def _worse(exam: ExamResult) -> list[str]:
    """List the measures that got worse by more than chance."""
    worse = [line for line in _measures(exam) if line["verdict"] == "worse"]
    return [f"{line['name']}: {line['base']} → {line['tuned']}" for line in worse]


def _answers(exam: ExamResult, questions: Sequence[Question]) -> dict[str, list[dict[str, str]]]:
    """Choose by probe what is shown: question, both answers and the verdict on the tuned one; the wrong ones first."""
    by_id = {q.id: q for q in questions}
    before = {a.question: a for a in exam.base.answers}

    chosen: dict[str, list[dict[str, str]]] = {}
    for answer in _wrong_first(exam.tuned):
        lines = chosen.setdefault(answer.probe, [])
        if len(lines) < SHOWN and answer.question in by_id:
            lines.append(
                {
                    "question": by_id[answer.question].messages[-1].content,
                    "base": before[answer.question].text,
                    "tuned": answer.text,
                    "verdict": answer.verdict,
                    "words": label(MARKS, answer.verdict.removesuffix("_unnamed")),
                }
            )
    return {probe: chosen[probe] for probe in PROBES if probe in chosen}


def _wrong_first(sheet: Sheet) -> list[Answer]:
    """Order the answers so that half of those shown are wrong, where there are as many; then right ones."""
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
    """Add to the summary of the trainer the curve of the loss, and what became of the training rows."""
    losses = [step["loss"] for step in train["steps"]]
    drawn = curve(losses, str(Bilingual("loss by step", "逐步损失")))
    return {**train, "curve": drawn, "notes": [str(note) for note in training_notes(train)]}
