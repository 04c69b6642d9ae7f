"""clusters and conflicts: what a version took for the same, and what contradicts itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from curate.commands.printing import emit, tell
from curate.duplicates.contradictions import CONFLICTS
from curate.duplicates.kept import CLUSTERS, tried
from curate.store import Store
from schemas.errors import InputError
from schemas.words import Words

STAGES = {CLUSTERS: "dedup", CONFLICTS: "conflict"}
"""The stage that writes each table."""
VERDICTS = {
    "survivor": Words("stays", "保留"),
    "exact_duplicate": Words("equal", "完全相同"),
    "near_duplicate": Words("near", "近似"),
    "conflict": Words("conflict, stays", "冲突，保留"),
    "alike": Words("alike, stays", "相似，保留"),
}
ROLES = {
    "winner": Words("proposed", "推荐"),
    "review": Words("to review", "送审"),
    "dropped": Words("dropped", "已丢弃"),
    "noted": Words("stays", "保留"),
}
FACTS = {
    "number": Words("another number", "数字不同"),
    "numbers": Words("another number", "数字不同"),
    "dates": Words("another date", "日期不同"),
    "negations": Words("another negation", "否定不同"),
    "names": Words("another name", "名称不同"),
    "polarity": Words("yes against no", "一个肯定一个否定"),
    "wording": Words("nothing in common", "说法完全不同"),
    "brief": Words("too short to be near", "文本过短"),
}


def clusters_command(version: str, root: Path, threshold: float | None, edit: float, *, as_json: bool) -> None:
    """Prints the clusters, largest first; with a threshold only what would be near duplicates at it."""
    table = _table(Store(root).find(version), CLUSTERS)
    if threshold is not None:
        near = tried(table, threshold, edit)
        before = table.filter(pl.col("verdict") == "near_duplicate").height
        if as_json:
            emit({"threshold": threshold, "edit": edit, "near_duplicates": near.height, "in_version": before})
            return
        tell(
            f"at {threshold:g} (edit {edit:g}) {near.height} near duplicates; in this version {before}",
            f"阈值 {threshold:g}（编辑 {edit:g}）时有 {near.height} 条近似重复；该版本中为 {before} 条",
        )
        return
    shown = table.filter(pl.col("verdict") != "alike")
    if as_json:
        emit([{**row, "size": size} for size, rows in _largest(shown) for row in rows])
        return
    found = list(_largest(shown))
    if not found:
        equal = shown.filter(pl.col("verdict") == "exact_duplicate").height
        tell(
            f"nothing near another was found; rows that went before, equal to another: {equal}",
            f"没有近似的对话；另有 {equal} 条与别的完全相同，已先去掉",
        )
    console = Console()
    for number, (size, rows) in enumerate(found, start=1):
        console.print(Text(f"{number}. × {size}", style="bold"))
        for row in rows:
            console.print(Text(_cluster_line(row)))


def _largest(table: pl.DataFrame) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The clusters of more than one, the largest first, ties by name: how many, and their lines."""
    counted = table.with_columns(size=pl.len().over("cluster")).filter(pl.col("size") > 1)
    order = pl.col("verdict").replace_strict({name: n for n, name in enumerate(VERDICTS)}, return_dtype=pl.Int64)
    counted = counted.sort("size", "cluster", order, "id", descending=[True, False, False, False])
    for _, rows in counted.group_by("cluster", maintain_order=True):
        yield rows["size"][0], rows.drop("size").to_dicts()


def _cluster_line(row: dict[str, Any]) -> str:
    measured = "" if row["jaccard"] is None else f"  {row['jaccard']:.2f} / {row['edit']:.2f}"
    spoken = "" if row["question"] is None else f"\n   {_one_line(row['question'])}\n   → {_one_line(row['answer'])}"
    return f"   [{VERDICTS[row['verdict']]}{_differs(row)}{measured}] {row['id'][:12]}{spoken}"


def conflicts_command(version: str, root: Path, *, as_json: bool) -> None:
    """Prints each question once, the proposed answer first, then what contradicts it and in what."""
    table = _table(Store(root).find(version), CONFLICTS)
    order = pl.col("role").replace_strict({name: n for n, name in enumerate(ROLES)}, return_dtype=pl.Int64)
    lines = table.sort("cluster", order, "id")
    if as_json:
        emit(lines.with_columns(pl.col("date").cast(pl.String)).to_dicts())
        return
    if lines.is_empty():
        tell("no two answers contradict each other", "没有互相矛盾的回答")
    console = Console()
    for number, (_, rows) in enumerate(lines.group_by("cluster", maintain_order=True), start=1):
        console.print(Text(f"{number}. {_one_line(rows['question'][0])}", style="bold"))
        for row in rows.to_dicts():
            other = row["role"] == "noted" or row["question"] != rows["question"][0]
            asked = f"{_one_line(row['question'])} → " if other else ""
            place = ", ".join(str(part) for part in (row["date"], row["source"]) if part)
            console.print(
                Text(f"   [{ROLES[row['role']]}{_differs(row)}] {place}\n   {asked}{_one_line(row['answer'])}")
            )


def _table(folder: Path, name: str) -> pl.DataFrame:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        stage = STAGES[name]
        raise InputError(
            f"{folder.name[:12]} holds no {name}: its recipe does not run `{stage}`; add it to `stages` and build",
            f"{folder.name[:12]} 中没有 {name}：其配方没有 `{stage}` 阶段；请把它加进 `stages` 再构建",
        )
    return pl.read_parquet(path)


def _differs(row: dict[str, Any]) -> str:
    told = "; ".join(str(FACTS[name]) for name in row["differs"] or [])
    return f": {told}" if told else ""


def _one_line(text: str | None) -> str:
    return " / ".join((text or "").split("\n"))
