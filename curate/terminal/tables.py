"""The tables that commands print: at most 80 columns, in both languages."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.report.labels import KINDS, MEASURES, ORDER, PROBES, is_better, named, shown, stage_name
from curate.report.reasons import REASONS as REASON_WORDS
from schemas.bilingual import Words
from schemas.exam import ExamResult
from schemas.manifest import Manifest, StageCount

LINES_READ = " lines read as "
"""What the evidence of an encoding says where single lines were read in another one."""
MARKS = {True: "[green]▲[/]", False: "[red]▼[/]", None: "="}
VERDICTS = {
    "dropped": Words("dropped:", "丢弃："),
    "review": Words("to review:", "送审："),
    "fixed": Words("noted:", "处理："),
    "kept": Words("near, but kept:", "近似但保留："),
}
"""What `reasons` of a stage tell of."""
GUARDED = ("conflict",)
"""Why `dedup` keeps what is near another; other reasons to keep are no news."""
REASONS = 4
"""Reasons of a stage that the terminal shows; the report has them all."""


def print_result(console: Console, manifest: Manifest, exam: ExamResult, report: Path | None) -> None:
    """Base and tuned model side by side, with n and the 95 % interval of the tuned one."""
    title = Words("exam: before and after tuning", "考试：微调前后")
    table = Table(title=str(title), title_justify="left")
    table.add_column(str(Words("measure", "指标")), no_wrap=True)
    for head in (Words("base", "基础"), Words("tuned", "微调后"), Words("95 %", "95% 区间")):
        table.add_column(str(head), justify="right", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("")
    base = {m.name: m for m in exam.base.measures}
    for measure in sorted(exam.tuned.measures, key=lambda m: (m.name not in ORDER, _place(m.name))):
        before = base[measure.name]
        table.add_row(
            named(MEASURES, measure.name),
            shown(measure.name, before.value),
            f"[bold]{shown(measure.name, measure.value)}[/]",
            f"{shown(measure.name, measure.low)}–{shown(measure.name, measure.high)}",
            str(measure.n),
            MARKS[is_better(before.value, measure)],
        )
    console.print(table)
    rows = Words(
        f"{manifest.train_rows} training rows, version {manifest.name}/{manifest.id[:12]}",
        f"训练 {manifest.train_rows} 行，版本 {manifest.name}/{manifest.id[:12]}",
    )
    console.print(str(rows), highlight=False)
    if report is not None:
        console.print(f"{Words('report:', '报告：')} {report}", soft_wrap=True, highlight=False)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def print_version(console: Console, manifest: Manifest) -> None:
    """What came in, what each stage did, and what the training set is made of."""
    console.print(_inputs(manifest))
    for file in manifest.inputs:
        if LINES_READ in file.evidence.en:
            why = file.evidence
            told = Words(f"{file.path}, encoding: {why.en}", f"{file.path} 的编码：{why.zh}")
            console.print(str(told), highlight=False, markup=False)
        if file.speakers.en:
            who = file.speakers
            told = Words(f"{file.path}, who is the agent: {who.en}", f"{file.path} 中谁是客服：{who.zh}")
            console.print(str(told), highlight=False, markup=False)
    if lost := _lost_reviews(manifest):
        told = Words(
            f"{lost} reviews name no record that is here: hornbook trace --json shows whole ids",
            f"{lost} 条审核结论的编号对不上任何记录：hornbook trace --json 显示完整编号",
        )
        console.print(str(told), highlight=False, markup=False)
    console.print(_stages(manifest), _shares(manifest), sep="\n")
    questions = ", ".join(f"{named(PROBES, probe)} {n}" for probe, n in manifest.exam_questions.items())
    console.print(f"{Words('exam questions:', '考题：')} {questions or '–'}", highlight=False)


def _lost_reviews(manifest: Manifest) -> int:
    """Reviews that met no record: it went before, or the id is mistyped."""
    met = sum(sum(stage.reasons.values()) for stage in manifest.stages if stage.stage == "review")
    return sum(file.reviews for file in manifest.reviews) - met


def _inputs(manifest: Manifest) -> Table:
    table = Table(title=str(Words("what came in", "输入")), title_justify="left")
    for head in (Words("file", "文件"), Words("kind", "类别"), Words("encoding", "编码")):
        table.add_column(str(head), overflow="fold")
    table.add_column(str(Words("rows", "行")), justify="right")
    table.add_column(str(Words("bad", "坏行")), justify="right")
    for file in manifest.inputs:
        table.add_row(file.path, named(KINDS, file.kind), file.encoding, str(file.rows), str(file.bad))
    return table


def _stages(manifest: Manifest) -> Table:
    words = Words(
        f"what became of it (read and session count rows; {manifest.records} conversations were formed)",
        f"逐阶段去向（read 和 session 按原始行计；共形成 {manifest.records} 段对话）",
    )
    table = Table(title=str(words), title_justify="left")
    table.add_column(str(Words("stage", "阶段")))
    heads = (
        Words("in", "进"), Words("added", "增"), Words("kept", "留"), Words("dropped", "弃"), Words("review", "审"),
    )  # fmt: skip
    for head in heads:
        table.add_column(str(head), justify="right")
    table.add_column(str(Words("why", "原因")), overflow="fold")
    for stage in manifest.stages:
        numbers = (stage.rows_in, stage.added, stage.kept, stage.dropped, stage.review)
        table.add_row(stage_name(stage.stage), *(str(n) if n else "·" for n in numbers), _why(stage))
    return table


def _why(stage: StageCount) -> str:
    """The most frequent reasons why something left, and what was noted about records that went on."""
    told = []
    for verdict, words in VERDICTS.items():
        counts = {r.partition(":")[2]: n for r, n in stage.reasons.items() if r.startswith(f"{verdict}:")}
        counts = counts if verdict != "kept" else {name: n for name, n in counts.items() if name in GUARDED}
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = [f"{REASON_WORDS.get(name, name)} {number}" for name, number in ranked[:REASONS]]
        if listed:
            told.append(f"{words} " + ", ".join(listed) + (", …" if len(ranked) > REASONS else ""))
    return "\n".join(told)


def _shares(manifest: Manifest) -> Table:
    words = Words(f"training set: {manifest.train_rows} rows", f"训练集：{manifest.train_rows} 行")
    table = Table(title=str(words), title_justify="left")
    table.add_column(str(Words("kind", "类别")))
    for head in (Words("rows", "行"), Words("share", "占比"), Words("share of answer text", "占回答文字")):
        table.add_column(str(head), justify="right")
    for share in manifest.shares:
        table.add_row(named(KINDS, share.kind), str(share.rows), f"{share.share:.2%}", f"{share.answer_share:.2%}")
    return table
