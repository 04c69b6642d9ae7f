"""The tables that commands print: at most 80 columns, in both languages."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.report.labels import KINDS, PROBES, label, stage_name
from curate.report.reasons import REASONS
from curate.report.training_notes import thoughts_note, training_notes
from curate.terminal.plan_tables import print_plan_findings
from curate.terminal.printing import echo
from schemas.bilingual import Bilingual
from schemas.manifest import Manifest, StageCount, unread_note
from schemas.preflight import CHECKS, Preflight
from schemas.skip_reasons import SKIP_REASONS

LINES_READ = " lines read as "
"""What the evidence of an encoding says where single lines were read in another one."""
INTRODUCTIONS = {
    "dropped": Bilingual("dropped:", "丢弃："),
    "review": Bilingual("to review:", "送审："),
    "fixed": Bilingual("noted:", "处理："),
    "kept": Bilingual("near, but kept:", "近似但保留："),
}
"""The reasons of a stage that are shown, by verdict, and what introduces them."""
GUARDED = ("conflict",)
"""Reasons to keep a record that are shown: `dedup` kept it though it is near another. Others are no news."""
REASONS_SHOWN = 4
"""Reasons of a stage that the terminal shows; the report has them all."""


def print_training(facts: Mapping[str, Any]) -> None:
    """Print how many conversations were trained on, and what was skipped and why."""
    for note in training_notes(facts):
        echo(note.en, note.zh)


LISTED = 10
"""Rows that are not trained on, of which the terminal shows no more."""


def print_preflight(found: Preflight, untrained: Path) -> None:
    """Print every check with what it found, and which rows would not be trained on; `untrained` is the file of all."""
    for check in found.checked:
        findings = [finding for finding in found.findings if finding.check == check]
        print("✗" if findings else "✓", CHECKS[check])
        for finding in findings:
            echo(f"    {finding.en}", f"    {finding.zh}")

    print_plan_findings(found.advice)
    echo(
        f"{found.rows} of {found.records} conversations would be trained on, in {found.samples} samples",
        f"{found.records} 段对话中会训练 {found.rows} 段，共 {found.samples} 个样本",
    )
    if found.with_thoughts:
        print(thoughts_note(len(found.with_thoughts), found.thinking))
    for one in found.untrained[:LISTED]:
        name = one.id if one.answer is None else f"{one.id}#{one.answer}"
        print(f"  {name}  {SKIP_REASONS[one.reason]}")
    if found.untrained:
        echo(
            f"not trained on: {len(found.untrained)}, all in {untrained}",
            f"不训练的共 {len(found.untrained)} 项，全部列在 {untrained}",
        )


def print_version(console: Console, manifest: Manifest) -> None:
    """Print what came in, what each stage did, and what the training set is made of."""
    console.print(_inputs(manifest))
    for note in _notes(manifest):
        console.print(str(note), highlight=False, markup=False)
    console.print(_stages(manifest), _shares(manifest), sep="\n")
    questions = ", ".join(f"{label(PROBES, probe)} {n}" for probe, n in manifest.exam_questions.items())
    console.print(f"{Bilingual('exam questions:', '考题：')} {questions or '–'}", highlight=False)


def _notes(manifest: Manifest) -> Iterator[Bilingual]:
    """Say what the numbers of the inputs do not: encodings, guessed speakers, reviews and answers of no record."""
    for file in manifest.inputs:
        if LINES_READ in file.evidence.en:
            why = file.evidence
            yield Bilingual(f"{file.path}, encoding: {why.en}", f"{file.path} 的编码：{why.zh}")
        if file.speakers.en:
            who = file.speakers
            yield Bilingual(f"{file.path}, who is the agent: {who.en}", f"{file.path} 中谁是客服：{who.zh}")
        for note in (*file.notes, unread_note(file.unread)):
            if note.en:
                yield Bilingual(f"{file.path}: {note.en}", f"{file.path}：{note.zh}")
    if lost := sum(file.unmet for file in manifest.reviews):
        yield Bilingual(
            f"{lost} reviews name no record that is here: hornbook trace --json shows whole ids",
            f"{lost} 条审核结论的编号对不上任何记录：hornbook trace --json 显示完整编号",
        )
    yield from (file.bad.sentence() for file in manifest.reviews if file.bad)
    if unmet := _unmet_answers(manifest):
        yield Bilingual(
            f"{unmet} answers of the base model name no general record that reaches the stage replay and is trained on",
            f"{unmet} 个基础模型的回答对不上任何到达 replay 阶段的通用训练记录",
        )


def _unmet_answers(manifest: Manifest) -> int:
    """Count the answers of the base model that met no record: it is not in training, or the id is mistyped."""
    met = sum(stage.reasons.get("fixed:answered_by_base", 0) for stage in manifest.stages if stage.stage == "replay")
    return sum(file.answers for file in manifest.answers) - met


def _inputs(manifest: Manifest) -> Table:
    """List the input files."""
    table = Table(title=str(Bilingual("what came in", "输入")), title_justify="left")
    for head in (Bilingual("file", "文件"), Bilingual("kind", "类别"), Bilingual("encoding", "编码")):
        table.add_column(str(head), overflow="fold")
    table.add_column(str(Bilingual("rows", "行")), justify="right")
    table.add_column(str(Bilingual("bad", "坏行")), justify="right")
    for file in manifest.inputs:
        table.add_row(file.path, label(KINDS, file.kind), file.encoding, str(file.rows), str(file.bad))
    return table


def _stages(manifest: Manifest) -> Table:
    """List what every stage kept, dropped and added, and why."""
    title = Bilingual(
        f"what became of it (read and session count rows; {manifest.records} conversations were formed)",
        f"逐阶段去向（read 和 session 按原始行计；共形成 {manifest.records} 段对话）",
    )
    table = Table(title=str(title), title_justify="left")

    table.add_column(str(Bilingual("stage", "阶段")))
    heads = (
        Bilingual("in", "进"),
        Bilingual("added", "增"),
        Bilingual("kept", "留"),
        Bilingual("dropped", "弃"),
        Bilingual("review", "审"),
    )
    for head in heads:
        table.add_column(str(head), justify="right")
    table.add_column(str(Bilingual("why", "原因")), overflow="fold")

    for stage in manifest.stages:
        numbers = (stage.rows_in, stage.added, stage.kept, stage.dropped, stage.review)
        table.add_row(stage_name(stage.stage), *(str(n) if n else "·" for n in numbers), _why(stage))
    return table


def _why(stage: StageCount) -> str:
    """Write the most frequent reasons why records left the stage, and what was noted about those that went on."""
    lines = []
    for verdict, introduction in INTRODUCTIONS.items():
        counts = {r.partition(":")[2]: n for r, n in stage.reasons.items() if r.startswith(f"{verdict}:")}
        if verdict == "kept":
            counts = {name: n for name, n in counts.items() if name in GUARDED}
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = [f"{REASONS.get(name, name)} {number}" for name, number in ranked[:REASONS_SHOWN]]
        if listed:
            lines.append(f"{introduction} " + ", ".join(listed) + (", …" if len(ranked) > REASONS_SHOWN else ""))
    return "\n".join(lines)


def _shares(manifest: Manifest) -> Table:
    """List the shares of each kind in the training set."""
    title = Bilingual(f"training set: {manifest.train_rows} rows", f"训练集：{manifest.train_rows} 行")
    table = Table(title=str(title), title_justify="left")
    table.add_column(str(Bilingual("kind", "类别")))
    for head in (Bilingual("rows", "行"), Bilingual("share", "占比"), Bilingual("share of answer text", "占回答文字")):
        table.add_column(str(head), justify="right")
    for share in manifest.shares:
        table.add_row(label(KINDS, share.kind), str(share.rows), f"{share.share:.2%}", f"{share.answer_share:.2%}")
    return table
