"""clusters and conflicts: what a version took for the same, and what contradicts itself."""

from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from curate.duplicates.cluster_table import CLUSTERS, tried
from curate.duplicates.contradictions import CONFLICTS
from curate.stages.dedup import Dedup
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.terminal.printing import emit, tell
from schemas.bilingual import Words
from schemas.errors import InputError
from schemas.version_files import VersionFiles

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
    "numbers": Words("another number or unit", "数字或单位不同"),
    "dates": Words("another date", "日期不同"),
    "negations": Words("another negation", "否定不同"),
    "names": Words("another name, opposite or Latin word", "名称、反义词或外文词不同"),
    "polarity": Words("yes against no", "一个肯定一个否定"),
    "wording": Words("nothing in common", "说法完全不同"),
    "brief": Words("too short to be near", "文本过短"),
}


HELPERS = ("lead", "text", "stays")
"""Columns that only the order of the rows of a cluster is made of."""
SHOWN = 3
"""Equal rows of which the id is printed; of the others it is told how many they are."""


def clusters_command(version: str, root: Path, *, as_json: bool) -> None:
    """Prints the clusters, largest first: who stays, and below it what went for it."""
    table = _families(_table(Store(root).find(version), CLUSTERS))
    if as_json:
        emit(table.drop(HELPERS).to_dicts())
        return
    if table.is_empty():
        tell("nothing repeats another", "没有重复的对话")
        return
    tell(
        "the two numbers: Jaccard similarity / share of letters without an edit, on the less alike side",
        "两个数字：Jaccard 相似度 / 未改动字符的比例，取较不相似的一侧",
    )
    equal = table.filter(pl.col("verdict") == "exact_duplicate").group_by("twin")
    repeats = {twin: (ids, count) for twin, ids, count in equal.agg(pl.col("id").head(SHOWN), n=pl.len()).iter_rows()}
    console = Console()
    spoken = table.filter(pl.col("verdict") != "exact_duplicate")
    for number, (_, rows) in enumerate(spoken.group_by("cluster", maintain_order=True), start=1):
        console.print(Text(f"{number}. × {rows['size'][0]:,}", style="bold"))
        for row in rows.to_dicts():
            console.print(Text(_cluster_line(row)))
            if row["id"] in repeats:
                console.print(Text(_equal_line(row, *repeats[row["id"]])))


def try_command(version: str, root: Path, threshold: float | None, edit: float | None, *, as_json: bool) -> None:
    """Prints how many would be near duplicates at other limits; one that is not given is that of the version."""
    folder = Store(root).find(version)
    table, made = _table(folder, CLUSTERS), _dedup(folder)
    threshold = made.threshold if threshold is None else threshold
    edit = made.edit if edit is None else edit
    near = tried(table, threshold, edit).height
    before = table.filter(pl.col("verdict") == "near_duplicate").height
    floor = min(made.related, made.threshold)
    if as_json:
        limits = {"threshold": threshold, "edit": edit, "looked_for": {"threshold": floor, "edit": made.edit}}
        emit({**limits, "near_duplicates": near, "in_version": before})
        return
    tell(
        f"at {threshold:g} (edit {edit:g}) about {near:,} near duplicates; in this version {before:,}. It is counted "
        "from what was measured: a rebuild may find a few more or fewer",
        f"阈值 {threshold:g}（编辑 {edit:g}）时约有 {near:,} 条近似重复；该版本中为 {before:,} 条。"
        "这是按已测得的数值计算的，重新构建可能略有出入",
    )
    tell(
        f"what is less alike than {floor:g} (`related`), and than {made.edit:g} by edits, was not looked for: "
        "below that nothing is counted",
        f"相似度低于 {floor:g}（`related`）且未改动比例低于 {made.edit:g} 的没有查找过，因此不计入",
    )


def _dedup(folder: Path) -> Dedup:
    """The stage as the recipe of the version has it; the first, where there are more."""
    chosen = [choice for choice in read_recipe(folder).stages if choice.name == "dedup"]
    return Dedup.model_validate(dict(chosen[0].options))


def _families(table: pl.DataFrame) -> pl.DataFrame:
    """The clusters of more than one, the largest first, ties by name, each row behind the one that it went for.

    What is alike and stays is in no cluster, but heads one where something went for it.
    """
    exact_of = table.filter(pl.col("verdict") == "exact_duplicate").select("cluster", id="twin").unique()
    unsaid = exact_of.join(table, on="id", how="anti").with_columns(verdict=pl.lit("survivor"))
    table = pl.concat([table, unsaid], how="diagonal")  # an older build left out what is equal to others only
    known = table.filter(pl.col("verdict") != "exact_duplicate").select("id", "verdict", "twin")
    told = table.join(known.rename({"id": "twin", "verdict": "of", "twin": "further"}), on="twin", how="left")
    verdict, exact = pl.col("verdict"), pl.col("verdict") == "exact_duplicate"
    repeated = exact & (pl.col("of") == "near_duplicate")
    lead = pl.when(repeated).then("further").when(exact | (verdict == "near_duplicate")).then("twin").otherwise("id")
    told = told.with_columns(lead=lead, text=pl.when(exact).then("twin").otherwise("id"))
    told = told.join(known.select(lead="id", stays="verdict"), on="lead", how="left")
    told = told.with_columns(cluster=pl.when(pl.col("stays") == "alike").then("lead").otherwise("cluster"))
    told = told.with_columns(size=pl.len().over("cluster").cast(pl.Int64)).filter(pl.col("size") > 1)
    first = (pl.col("stays") != "survivor", "lead", pl.col("text") != pl.col("lead"), "text", exact, "id")
    return told.sort(-pl.col("size"), "cluster", *first).drop("of", "further")


def _cluster_line(row: dict[str, Any]) -> str:
    spoken = (
        f"\n   {_one_line(row['question'])}\n   → {_one_line(row['answer'])}" if row["question"] is not None else ""
    )
    if row["twin"] is None:
        return f"   [{VERDICTS[row['verdict']]}] {row['id'][:12]}{spoken}"
    twin, measured = row["twin"][:12], f"{row['jaccard']:.2f} / {row['edit']:.2f}"
    like = Words(f"; {measured} like {twin}", f"；{measured}，与 {twin} 相比")
    return f"   [{VERDICTS[row['verdict']]}{like}{_differs(row)}] {row['id'][:12]}{spoken}"


def _equal_line(row: dict[str, Any], ids: list[str], count: int) -> str:
    """The rows that say what `row` says: where that one went itself, they are not equal to what stays."""
    verdict = VERDICTS["exact_duplicate"]
    if row["verdict"] == "near_duplicate":
        measured = f"{row['jaccard']:.2f} / {row['edit']:.2f}"
        verdict = Words(
            f"equal to {row['id'][:12]}, which went as near ({measured})",
            f"与 {row['id'][:12]} 完全相同，后者因近似（{measured}）已去掉",
        )
    times = f" × {count:,}" if count > 1 else ""
    more = " …" if count > len(ids) else ""
    return f"   [{verdict}{times}] {', '.join(name[:12] for name in ids)}{more}"


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
    path = VersionFiles(folder).table(name)
    if not path.is_file():
        stage = STAGES[name]
        raise InputError(
            f"{folder.name[:12]} holds no {name}: its recipe does not run `{stage}`; add it to `stages` and build",
            f"{folder.name[:12]} 中没有 {name}：其配方没有 `{stage}` 阶段；请把它加进 `stages` 再构建",
        )
    return pl.read_parquet(path)


def _differs(row: dict[str, Any]) -> str:
    told = "; ".join(str(FACTS[name]) for name in row["differs"] or [])
    return f"{Words(': ', '：')}{told}" if told else ""


def _one_line(text: str | None) -> str:
    return " / ".join((text or "").split("\n"))
