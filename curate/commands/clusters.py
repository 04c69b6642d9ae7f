"""clusters, conflicts: what a version took for duplicates, and which answers contradict each other."""

from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from curate.duplicates.cluster_order import HELPERS, by_role, in_families, read_table
from curate.duplicates.cluster_table import CLUSTERS, near_at
from curate.duplicates.contradictions import CONFLICTS
from curate.report.labels import CLUSTER_VERDICTS, CONFLICT_ROLES, DIFFERENCE_LABELS
from curate.stages.dedup import Dedup
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.terminal.printing import echo, emit
from schemas.bilingual import Bilingual

SHOWN = 3
"""Equal records whose ids are printed; the others are only counted."""


def clusters_command(version: str, root: Path, *, as_json: bool) -> None:
    """Print the clusters, largest first: what stays, and below it what was dropped for it."""
    table = in_families(read_table(Store(root).find(version), CLUSTERS))
    if as_json:
        emit(table.drop(HELPERS).to_dicts())
        return
    if table.is_empty():
        echo("nothing repeats another", "没有重复的对话")
        return

    echo(
        "the two numbers: Jaccard similarity / share of letters without an edit, on the less alike side",
        "两个数字：Jaccard 相似度 / 未改动字符的比例，取较不相似的一侧",
    )

    # Equal records are one line behind the one that they equal: there may be thousands of them.
    equal = table.filter(pl.col("verdict") == "exact_duplicate").group_by("twin")
    repeats = {twin: (ids, count) for twin, ids, count in equal.agg(pl.col("id").head(SHOWN), n=pl.len()).iter_rows()}
    distinct = table.filter(pl.col("verdict") != "exact_duplicate")

    console = Console()
    for number, (_, lines) in enumerate(distinct.group_by("cluster", maintain_order=True), start=1):
        console.print(Text(f"{number}. × {lines['size'][0]:,}", style="bold"))
        for line in lines.to_dicts():
            console.print(Text(_cluster_line(line)))
            if line["id"] in repeats:
                console.print(Text(_equal_line(line, *repeats[line["id"]])))


def try_thresholds_command(
    version: str, root: Path, threshold: float | None, edit: float | None, *, as_json: bool
) -> None:
    """Print how many would be near duplicates at other limits. A limit that is None is that of the version."""
    folder = Store(root).find(version)
    table, dedup = read_table(folder, CLUSTERS), Dedup.of(read_recipe(folder))
    threshold = dedup.threshold if threshold is None else threshold
    edit = dedup.edit if edit is None else edit

    # Pairs below the limits of the version were never measured: nothing can be counted there.
    near = near_at(table, threshold, edit).height
    before = table.filter(pl.col("verdict") == "near_duplicate").height
    floor = dedup.floor
    if as_json:
        limits = {"threshold": threshold, "edit": edit, "looked_for": {"threshold": floor, "edit": dedup.edit}}
        emit({**limits, "near_duplicates": near, "in_version": before})
        return
    echo(
        f"at {threshold:g} (edit {edit:g}) about {near:,} near duplicates; in this version {before:,}. It is counted "
        "from what was measured: a rebuild may find a few more or fewer",
        f"阈值 {threshold:g}（编辑 {edit:g}）时约有 {near:,} 条近似重复；该版本中为 {before:,} 条。"
        "这是按已测得的数值计算的，重新构建可能略有出入",
    )
    echo(
        f"what is less alike than {floor:g} (`related`), and than {dedup.edit:g} by edits, was not looked for: "
        "below that nothing is counted",
        f"相似度低于 {floor:g}（`related`）且未改动比例低于 {dedup.edit:g} 的没有查找过，因此不计入",
    )


def _cluster_line(line: dict[str, Any]) -> str:
    """Write one record: its verdict, how like its twin it is, and what it says."""
    texts = ""
    if line["question"] is not None:
        texts = f"\n   {_one_line(line['question'])}\n   → {_one_line(line['answer'])}"
    if line["twin"] is None:
        return f"   [{CLUSTER_VERDICTS[line['verdict']]}] {line['id'][:12]}{texts}"
    twin, measured = line["twin"][:12], f"{line['jaccard']:.2f} / {line['edit']:.2f}"
    like = Bilingual(f"; {measured} like {twin}", f"；{measured}，与 {twin} 相比")
    return f"   [{CLUSTER_VERDICTS[line['verdict']]}{like}{_differs(line)}] {line['id'][:12]}{texts}"


def _equal_line(line: dict[str, Any], ids: list[str], count: int) -> str:
    """Write the records that equal `line`: where that one was dropped as near, they do not equal what stays."""
    verdict = CLUSTER_VERDICTS["exact_duplicate"]
    if line["verdict"] == "near_duplicate":
        measured = f"{line['jaccard']:.2f} / {line['edit']:.2f}"
        verdict = Bilingual(
            f"equal to {line['id'][:12]}, which went as near ({measured})",
            f"与 {line['id'][:12]} 完全相同，后者因近似（{measured}）已去掉",
        )
    times = f" × {count:,}" if count > 1 else ""
    more = " …" if count > len(ids) else ""
    return f"   [{verdict}{times}] {', '.join(name[:12] for name in ids)}{more}"


def conflicts_command(version: str, root: Path, *, as_json: bool) -> None:
    """Print each question once, the proposed answer first, then what contradicts it and in what."""
    table = read_table(Store(root).find(version), CONFLICTS)
    lines = by_role(table)
    if as_json:
        emit(lines.with_columns(pl.col("date").cast(pl.String)).to_dicts())
        return
    if lines.is_empty():
        echo("no two answers contradict each other", "没有互相矛盾的回答")

    console = Console()
    for number, (_, answers) in enumerate(lines.group_by("cluster", maintain_order=True), start=1):
        console.print(Text(f"{number}. {_one_line(answers['question'][0])}", style="bold"))
        for line in answers.to_dicts():
            console.print(Text(_conflict_line(line, answers["question"][0])))


def _conflict_line(line: dict[str, Any], question: str) -> str:
    """Write one answer with its date and source, and its own question where that is another one."""
    is_other = line["role"] == "noted" or line["question"] != question
    own_question = f"{_one_line(line['question'])} → " if is_other else ""
    origin = ", ".join(str(value) for value in (line["date"], line["source"]) if value)
    return f"   [{CONFLICT_ROLES[line['role']]}{_differs(line)}] {origin}\n   {own_question}{_one_line(line['answer'])}"


def _differs(line: dict[str, Any]) -> str:
    """Name the facts in which two texts differ, behind a colon; empty for none."""
    facts = "; ".join(str(DIFFERENCE_LABELS[name]) for name in line["differs"] or [])
    return f"{Bilingual(': ', '：')}{facts}" if facts else ""


def _one_line(text: str | None) -> str:
    """Write a text on one line, with slashes for line feeds."""
    return " / ".join((text or "").split("\n"))
