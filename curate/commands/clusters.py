"""clusters, conflicts: what a version took for duplicates, and which answers contradict each other."""

from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from curate.duplicates.cluster_table import CLUSTERS, near_at
from curate.duplicates.contradictions import CONFLICTS
from curate.stages.dedup import Dedup
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.terminal.printing import echo, emit
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.version_files import VersionFiles

STAGES = {CLUSTERS: "dedup", CONFLICTS: "conflict"}
"""The stage that writes each table."""
VERDICTS = {
    "survivor": Bilingual("stays", "保留"),
    "exact_duplicate": Bilingual("equal", "完全相同"),
    "near_duplicate": Bilingual("near", "近似"),
    "conflict": Bilingual("conflict, stays", "冲突，保留"),
    "alike": Bilingual("alike, stays", "相似，保留"),
}
ROLES = {
    "winner": Bilingual("proposed", "推荐"),
    "review": Bilingual("to review", "送审"),
    "dropped": Bilingual("dropped", "已丢弃"),
    "noted": Bilingual("stays", "保留"),
}
DIFFERENCE_LABELS = {
    "number": Bilingual("another number", "数字不同"),
    "numbers": Bilingual("another number or unit", "数字或单位不同"),
    "dates": Bilingual("another date", "日期不同"),
    "negations": Bilingual("another negation", "否定不同"),
    "names": Bilingual("another name, opposite or Latin word", "名称、反义词或外文词不同"),
    "polarity": Bilingual("yes against no", "一个肯定一个否定"),
    "wording": Bilingual("nothing in common", "说法完全不同"),
    "brief": Bilingual("too short to be near", "文本过短"),
}
"""What `differs` may name in either table."""
HELPERS = ("lead", "text", "stays")
"""Columns by which the lines of a cluster are ordered; they are not shown."""
SHOWN = 3
"""Equal records whose ids are printed; the others are only counted."""


def clusters_command(version: str, root: Path, *, as_json: bool) -> None:
    """Print the clusters, largest first: what stays, and below it what was dropped for it."""
    table = _families(_table(Store(root).find(version), CLUSTERS))
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
    table, dedup = _table(folder, CLUSTERS), _dedup(folder)
    threshold = dedup.threshold if threshold is None else threshold
    edit = dedup.edit if edit is None else edit

    # Pairs below the limits of the version were never measured: nothing can be counted there.
    near = near_at(table, threshold, edit).height
    before = table.filter(pl.col("verdict") == "near_duplicate").height
    floor = min(dedup.related, dedup.threshold)
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


def _dedup(folder: Path) -> Dedup:
    """Read the stage `dedup` from the recipe of the version; the first, where there are more."""
    chosen = [choice for choice in read_recipe(folder).stages if choice.name == "dedup"]
    return Dedup.model_validate(dict(chosen[0].options))


def _families(table: pl.DataFrame) -> pl.DataFrame:
    """Order the clusters of more than one: the largest first, ties by name, each record behind what it repeats.

    What is alike and stays is in no cluster, but heads one where another record was dropped for it.
    """
    table = _with_survivors(table)
    verdict, is_exact = pl.col("verdict"), pl.col("verdict") == "exact_duplicate"
    distinct = table.filter(~is_exact).select("id", "verdict", "twin")

    # 1. The twin of each record, and what became of that twin: where it was dropped as near, its own twin is `further`
    twins = distinct.rename({"id": "twin", "verdict": "of", "twin": "further"})
    lines = table.join(twins, on="twin", how="left")

    # 2. `lead`: the record that stays in the end; `text`: the record with the same text, itself unless it is equal
    #    to another; `stays`: the verdict of the lead
    of_near = is_exact & (pl.col("of") == "near_duplicate")
    lead = pl.when(of_near).then("further").when(is_exact | (verdict == "near_duplicate")).then("twin").otherwise("id")
    lines = lines.with_columns(lead=lead, text=pl.when(is_exact).then("twin").otherwise("id"))
    lines = lines.join(distinct.select(lead="id", stays="verdict"), on="lead", how="left")

    # 3. What is alike heads a cluster of its own; clusters of one are no news
    lines = lines.with_columns(cluster=pl.when(pl.col("stays") == "alike").then("lead").otherwise("cluster"))
    lines = lines.with_columns(size=pl.len().over("cluster").cast(pl.Int64)).filter(pl.col("size") > 1)

    # 4. Survivor first, then each lead with what was dropped for it, equal records behind the text that they equal
    within = (pl.col("stays") != "survivor", "lead", pl.col("text") != pl.col("lead"), "text", is_exact, "id")
    return lines.sort(-pl.col("size"), "cluster", *within).drop("of", "further")


def _with_survivors(table: pl.DataFrame) -> pl.DataFrame:
    """Add the survivors that have no line: older builds left out those that only equal records repeat."""
    twins = table.filter(pl.col("verdict") == "exact_duplicate").select("cluster", id="twin").unique()
    missing = twins.join(table, on="id", how="anti").with_columns(verdict=pl.lit("survivor"))
    return pl.concat([table, missing], how="diagonal")


def _cluster_line(line: dict[str, Any]) -> str:
    """Write one record: its verdict, how like its twin it is, and what it says."""
    texts = ""
    if line["question"] is not None:
        texts = f"\n   {_one_line(line['question'])}\n   → {_one_line(line['answer'])}"
    if line["twin"] is None:
        return f"   [{VERDICTS[line['verdict']]}] {line['id'][:12]}{texts}"
    twin, measured = line["twin"][:12], f"{line['jaccard']:.2f} / {line['edit']:.2f}"
    like = Bilingual(f"; {measured} like {twin}", f"；{measured}，与 {twin} 相比")
    return f"   [{VERDICTS[line['verdict']]}{like}{_differs(line)}] {line['id'][:12]}{texts}"


def _equal_line(line: dict[str, Any], ids: list[str], count: int) -> str:
    """Write the records that equal `line`: where that one was dropped as near, they do not equal what stays."""
    verdict = VERDICTS["exact_duplicate"]
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
    table = _table(Store(root).find(version), CONFLICTS)
    order = pl.col("role").replace_strict({name: n for n, name in enumerate(ROLES)}, return_dtype=pl.Int64)
    lines = table.sort("cluster", order, "id")
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
    return f"   [{ROLES[line['role']]}{_differs(line)}] {origin}\n   {own_question}{_one_line(line['answer'])}"


def _table(folder: Path, name: str) -> pl.DataFrame:
    """Read a table of the version. InputError where no stage of its recipe writes it."""
    path = VersionFiles(folder).table(name)
    if not path.is_file():
        stage = STAGES[name]
        raise InputError(
            f"{folder.name[:12]} holds no {name}: its recipe does not run `{stage}`; add it to `stages` and build",
            f"{folder.name[:12]} 中没有 {name}：其配方没有 `{stage}` 阶段；请把它加进 `stages` 再构建",
        )
    return pl.read_parquet(path)


def _differs(line: dict[str, Any]) -> str:
    """Name the facts in which two texts differ, behind a colon; empty for none."""
    facts = "; ".join(str(DIFFERENCE_LABELS[name]) for name in line["differs"] or [])
    return f"{Bilingual(': ', '：')}{facts}" if facts else ""


def _one_line(text: str | None) -> str:
    """Write a text on one line, with slashes for line feeds."""
    return " / ".join((text or "").split("\n"))
