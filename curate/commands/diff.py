"""diff: what differs between two versions, as text, as JSON and as a page."""

from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.history.diff import CHANGES, Diff, diff_versions, input_deltas, share_deltas, stage_deltas
from curate.report.diff_page import render_diff
from curate.report.labels import KINDS, label
from curate.store.store import Store
from curate.system.disk import replace_durably
from curate.terminal.printing import echo, emit
from schemas.bilingual import Bilingual
from schemas.manifest import Manifest
from schemas.stage_names import typed_name

SHOWN = 5
"""Answers that the terminal shows side by side."""


def diff_command(before: str, after: str, root: Path, page: Path | None, *, as_json: bool) -> None:
    """Print what differs between two versions; write it to `page` too, where one is named."""
    store = Store(root)
    diff = diff_versions(store.find(before), store.find(after))
    if page is not None:
        replace_durably(page, render_diff(diff).encode("utf-8"))
    if as_json:
        emit(diff_document(diff))
        return
    _print(Console(), diff)
    if page is not None:
        echo(f"page: {page}", f"网页：{page}")


def diff_document(diff: Diff) -> dict[str, Any]:
    """Describe the whole difference as one JSON document."""
    return {
        "before": _version(diff.before),
        "after": _version(diff.after),
        "rows": diff.totals,
        "kinds": diff.kinds,
        "inputs": input_deltas(diff.before, diff.after),
        "stages": stage_deltas(diff.before, diff.after),
        "shares": share_deltas(diff.before, diff.after),
        "exam_questions": {"before": diff.before.exam_questions, "after": diff.after.exam_questions},
        "changes": diff.changes.to_dicts(),
        "answers": diff.answers.to_dicts(),
    }


def _version(manifest: Manifest) -> dict[str, str]:
    """Name a version as `--json` does."""
    return {"name": manifest.name, "id": manifest.id, "recipe": manifest.recipe}


def _print(console: Console, diff: Diff) -> None:
    """Print the difference as tables, with the first answers that changed."""
    console.print(_kinds(diff), _stages(diff), _shares(diff), sep="\n")
    if diff.answers.height:
        console.print(_answers(diff))
    if diff.answers.height > SHOWN:
        more = diff.answers.height - SHOWN
        echo(
            f"{more} more answers changed; --json and --html show all",
            f"另有 {more} 个回答变了；--json 和 --html 会列出全部",
        )


def _kinds(diff: Diff) -> Table:
    """Count the changed training rows by kind."""
    before, after = (f"{m.name}/{m.id[:12]}" for m in (diff.before, diff.after))
    table = Table(
        title=str(Bilingual(f"training rows, {before} to {after}", f"训练行，{before} 到 {after}")),
        title_justify="left",
    )

    heads = (
        Bilingual("kind", "类别"),
        Bilingual("added", "新增"),
        Bilingual("removed", "减少"),
        Bilingual("changed", "改变"),
        Bilingual("same", "不变"),
    )
    for head in heads:
        table.add_column(str(head), justify="left" if head is heads[0] else "right")

    for kind, counts in diff.kinds.items():
        table.add_row(label(KINDS, kind), *(_number(counts[c]) for c in (*CHANGES, "same")))
    if len(diff.kinds) > 1:
        table.add_row(str(Bilingual("all", "合计")), *(_number(diff.totals[c]) for c in (*CHANGES, "same")))
    return table


def _number(count: int) -> str:
    """Write a count; a dot for none, so that the others stand out."""
    return str(count) if count else "·"


def _stages(diff: Diff) -> Table:
    """List the counts of stages and rules that differ."""
    table = Table(title=str(Bilingual("stages and rules that differ", "有变化的阶段和规则")), title_justify="left")
    table.add_column(str(Bilingual("stage", "阶段")))
    table.add_column(str(Bilingual("what", "项目")), overflow="fold")
    for head in (Bilingual("before", "之前"), Bilingual("after", "之后"), Bilingual("by", "增减")):
        table.add_column(str(head), justify="right")
    for line in stage_deltas(diff.before, diff.after):
        for index, (name, (was, now)) in enumerate(line["deltas"].items()):
            table.add_row("" if index else typed_name(line["stage"]), name, str(was), str(now), f"{now - was:+d}")
    return table


def _shares(diff: Diff) -> Table:
    """Compare the shares of each kind."""
    table = Table(title=str(Bilingual("shares of the training set", "训练集构成")), title_justify="left")
    for head in (
        Bilingual("kind", "类别"),
        Bilingual("rows", "行"),
        Bilingual("share", "占比"),
        Bilingual("share of answer text", "占回答文字"),
    ):
        table.add_column(str(head))

    for line in share_deltas(diff.before, diff.after):
        cells = (
            f"{line['rows'][0]} → {line['rows'][1]}",
            *("{:.2%} → {:.2%}".format(*line[n]) for n in ("share", "answer_share")),
        )
        table.add_row(label(KINDS, line["kind"]), *cells)
    return table


def _answers(diff: Diff) -> Table:
    """Show the first changed answers side by side."""
    title = Bilingual("the same question, answered differently", "同一问题，回答不同")
    table = Table(title=str(title), title_justify="left", show_lines=True)
    for head in (Bilingual("question", "问题"), Bilingual("before", "之前"), Bilingual("after", "之后")):
        table.add_column(str(head), overflow="fold", ratio=1)
    for line in islice(diff.answers.iter_rows(named=True), SHOWN):
        table.add_row(line["asked"], line["was"], line["now"])
    return table
