"""diff: what differs between two versions, as text, as JSON and as a page."""

from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.history.diff import CHANGES, Diff, diff_versions, input_deltas, share_deltas, stage_deltas
from curate.report.diff_page import render_diff
from curate.report.labels import KINDS, named
from curate.store.store import Store
from curate.system.disk import replace_durably
from curate.terminal.printing import emit, tell
from schemas.bilingual import Words
from schemas.manifest import Manifest

SHOWN = 5
"""Answers that the terminal shows side by side."""


def diff_command(before: str, after: str, root: Path, page: Path | None, *, as_json: bool) -> None:
    store = Store(root)
    diff = diff_versions(store.find(before), store.find(after))
    if page is not None:
        replace_durably(page, render_diff(diff).encode("utf-8"))
    if as_json:
        emit(diff_document(diff))
        return
    _print(Console(), diff)
    if page is not None:
        tell(f"page: {page}", f"网页：{page}")


def diff_document(diff: Diff) -> dict[str, Any]:
    """The whole difference as one JSON document."""
    return {
        "before": _named(diff.before),
        "after": _named(diff.after),
        "rows": diff.totals,
        "kinds": diff.kinds,
        "inputs": input_deltas(diff.before, diff.after),
        "stages": stage_deltas(diff.before, diff.after),
        "shares": share_deltas(diff.before, diff.after),
        "exam_questions": {"before": diff.before.exam_questions, "after": diff.after.exam_questions},
        "changes": diff.changes.to_dicts(),
        "answers": diff.answers.to_dicts(),
    }


def _named(manifest: Manifest) -> dict[str, str]:
    return {"name": manifest.name, "id": manifest.id, "recipe": manifest.recipe}


def _print(console: Console, diff: Diff) -> None:
    console.print(_kinds(diff), _stages(diff), _shares(diff), sep="\n")
    if diff.answers.height:
        console.print(_answers(diff))
    if diff.answers.height > SHOWN:
        more = diff.answers.height - SHOWN
        tell(
            f"{more} more answers changed; --json and --html show all",
            f"另有 {more} 个回答变了；--json 和 --html 会列出全部",
        )


def _kinds(diff: Diff) -> Table:
    before, after = (f"{m.name}/{m.id[:12]}" for m in (diff.before, diff.after))
    table = Table(
        title=str(Words(f"training rows, {before} to {after}", f"训练行，{before} 到 {after}")), title_justify="left"
    )
    heads = (
        Words("kind", "类别"),
        Words("added", "新增"),
        Words("removed", "减少"),
        Words("changed", "改变"),
        Words("same", "不变"),
    )
    for head in heads:
        table.add_column(str(head), justify="left" if head is heads[0] else "right")
    for kind, counts in diff.kinds.items():
        table.add_row(named(KINDS, kind), *(_number(counts[c]) for c in (*CHANGES, "same")))
    if len(diff.kinds) > 1:
        table.add_row(str(Words("all", "合计")), *(_number(diff.totals[c]) for c in (*CHANGES, "same")))
    return table


def _number(count: int) -> str:
    return str(count) if count else "·"


def _stages(diff: Diff) -> Table:
    table = Table(title=str(Words("stages and rules that differ", "有变化的阶段和规则")), title_justify="left")
    table.add_column(str(Words("stage", "阶段")))
    table.add_column(str(Words("what", "项目")), overflow="fold")
    for head in (Words("before", "之前"), Words("after", "之后"), Words("by", "增减")):
        table.add_column(str(head), justify="right")
    for line in stage_deltas(diff.before, diff.after):
        for place, (name, (was, now)) in enumerate(line["deltas"].items()):
            table.add_row("" if place else line["stage"], name, str(was), str(now), f"{now - was:+d}")
    return table


def _shares(diff: Diff) -> Table:
    table = Table(title=str(Words("shares of the training set", "训练集构成")), title_justify="left")
    for head in (
        Words("kind", "类别"),
        Words("rows", "行"),
        Words("share", "占比"),
        Words("share of answer text", "占回答文字"),
    ):
        table.add_column(str(head))
    for line in share_deltas(diff.before, diff.after):
        told = (
            f"{line['rows'][0]} → {line['rows'][1]}",
            *("{:.2%} → {:.2%}".format(*line[n]) for n in ("share", "answer_share")),
        )
        table.add_row(named(KINDS, line["kind"]), *told)
    return table


def _answers(diff: Diff) -> Table:
    title = Words("the same question, answered differently", "同一问题，回答不同")
    table = Table(title=str(title), title_justify="left", show_lines=True)
    for head in (Words("question", "问题"), Words("before", "之前"), Words("after", "之后")):
        table.add_column(str(head), overflow="fold", ratio=1)
    for line in islice(diff.answers.iter_rows(named=True), SHOWN):
        table.add_row(line["asked"], line["was"], line["now"])
    return table
