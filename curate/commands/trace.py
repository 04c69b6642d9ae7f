"""trace, dropped: where a row went, and which rows were dropped."""

from pathlib import Path, PurePath
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from curate.history.life_details import changes_in, decisions_about
from curate.history.trace import ID, ROW, Change, Life, find_text, whole_life
from curate.ledger import END
from curate.report.labels import DECISIONS, SPEAKERS, VERDICTS, label, stage_name
from curate.report.reasons import reason_with_name
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import InputError
from schemas.version_files import VersionFiles

CHANGE_STYLES = {"=": "", "-": "red strike", "+": "green"}
CHANGE_MARKS = {"-": "[-{}-]", "+": "{{+{}+}}", "=": "{}"}
"""How a change looks where there are no colours."""


def trace_command(version: str, what: str, root: Path, *, as_json: bool) -> None:
    """Print the life of a record or a raw row: its events, what changed its texts, and which versions hold it.

    `what` is a record id, FILE:ROW, or words of the text. Where words stand in several, print their names.
    """
    store = Store(root)
    folder = store.find(version)
    raw_folder = store.recipe_folder(folder.parent.name)

    life = whole_life(store, folder, what) if ROW.fullmatch(what) or ID.fullmatch(what) else None
    if life is None or life.events.is_empty():
        matches = find_text(folder, what, raw_folder)
        if len(matches) > 1:
            _print_matches(matches, version, as_json=as_json)
            return
        if not matches:
            raise InputError(f"nothing in {folder.name[:12]} is called {what}", f"{folder.name[:12]} 中没有 {what}")
        life = whole_life(store, folder, matches[0])

    changes = changes_in(folder, raw_folder, life)
    decisions = decisions_about(folder, raw_folder, life)
    if as_json:
        emit(_document(life, changes) | {"reviews": [line.model_dump(mode="json") for line in decisions]})
        return
    _print(Console(), life, changes)
    for line in decisions:
        by, at = line.by or "?", f", {line.at}" if line.at else ""
        origin = f" ({line.origin})" if line.origin else ""
        verdict = label(DECISIONS, line.verdict)
        echo(f"reviewed by {by}: {verdict}{at}{origin}", f"审核人 {by}：{verdict}{at}{origin}")
        if line.note:
            print(f"  {line.note}")


def _print_matches(matches: list[str], version: str, *, as_json: bool) -> None:
    """Print the records or rows among which a person must choose."""
    if as_json:
        emit({"found": matches})
        return
    for match in matches:
        print(match)
    next_step(f"hornbook trace {version} {matches[0]}")


def _document(life: Life, changes: list[Change] | None) -> dict[str, Any]:
    """Describe a life as `--json` prints it."""
    return {
        "events": life.events.to_dicts(),
        "changes": None
        if changes is None
        else [{"stage": c.stage, "turn": c.turn, "pieces": [list(piece) for piece in c.edits]} for c in changes],
        "final": life.final,
        "rewordings": list(life.rewordings),
        "held": [{"version": h.version, "file": h.file, "runs": list(h.runs)} for h in life.holders],
    }


def _print(console: Console, life: Life, changes: list[Change] | None) -> None:
    """Print a life in its order: the events, the changes, the final texts, and where the record is."""
    console.print(_life_table([_event_cells(event) for event in life.events.iter_rows(named=True)]))

    if changes is None and life.final is not None and life.final["source"]["rows"]:
        console.print(
            str(Bilingual("the raw rows are not there any more: no changes shown", "原始行已不在，无法显示修改"))
        )
    for change in changes or ():
        text = Text(f"{stage_name(change.stage)} {change.turn + 1}: ")
        for side, piece in change.edits:
            text.append(piece if console.is_terminal else CHANGE_MARKS[side].format(piece), CHANGE_STYLES[side])
        console.print(text, soft_wrap=True)

    for message in life.final["messages"] if life.final else ():
        console.print(Text(f"{label(SPEAKERS, message['role'])}: {message['content']}"), soft_wrap=True)

    for reworded in life.rewordings:
        console.print(f"{Bilingual('reworded as', '改写为')} {reworded}", highlight=False)
    for held in life.holders:
        runs = f"; {Bilingual('trained on by', '用于训练')} {', '.join(held.runs)}" if held.runs else ""
        console.print(
            f"{Bilingual('in', '存在于')} {held.version[:12]}/{held.file}{runs}", highlight=False, soft_wrap=True
        )


def _event_cells(event: dict[str, Any]) -> dict[str, str]:
    """Write one event of a life, by column."""
    return {
        str(Bilingual("stage", "阶段")): stage_name(event["stage"]),
        str(Bilingual("verdict", "结论")): label(VERDICTS, event["verdict"]),
        str(Bilingual("why", "原因")): reason_with_name(event["reason"] or ""),
        str(Bilingual("row", "原始行")): "" if event["row"] is None else f"{_short(event['file'])}:{event['row']}",
        str(Bilingual("record", "记录")): _short_id(event["id"]),
        str(Bilingual("twin", "与之重复")): _short_id(event["twin"]),
        str(Bilingual("score", "度量")): "" if event["score"] is None else f"{event['score']:g}",
        str(Bilingual("by", "审核人")): event.get("by") or "",
    }


def _short_id(id: str | None) -> str:
    """Write the beginning of a record's id; the id of a question of a paper whole."""
    return (id[:12] if ID.fullmatch(id) else id) if id else ""


def _short(file: str) -> str:
    """Write the path as the recipe has it; of an absolute one only the name, which `trace` takes too."""
    return PurePath(file).name if PurePath(file).is_absolute() else file


def _life_table(lines: list[dict[str, str]]) -> Table:
    """Show the columns that are not empty; nothing in them is cut."""
    filled = [name for name in lines[0] if any(line[name] for line in lines)]
    table = Table()
    for name in filled:
        table.add_column(name, overflow="fold")
    for line in lines:
        table.add_row(*(line[name] for name in filled))
    return table


def dropped_command(version: str, rule: str | None, sample: int | None, root: Path, *, as_json: bool) -> None:
    """Print how many were dropped by which stage and rule, and a sample of them with their raw rows."""
    folder = Store(root).find(version)
    events = _dropped_events(folder, rule)
    counts = events.group_by("stage", "reason").len().sort("len", "stage", "reason", descending=[True, False, False])
    shown = _with_rows(folder, _sampled(events, sample))
    if as_json:
        emit({"counts": counts.to_dicts(), "rows": shown.to_dicts()})
        return

    table = Table()
    for head in (Bilingual("stage", "阶段"), Bilingual("why", "原因"), Bilingual("dropped", "丢弃")):
        table.add_column(str(head), overflow="fold")
    for stage, reason, number in counts.iter_rows():
        table.add_row(stage_name(stage), reason_with_name(reason), str(number))
    Console().print(table)
    if shown.height:
        Console().print(_life_table([_event_cells(event) for event in shown.iter_rows(named=True)]))


def _dropped_events(folder: Path, rule: str | None) -> pl.DataFrame:
    """Read the events of what was dropped, by one rule or by any. InputError where the rule dropped nothing."""
    dropped = pl.scan_parquet(VersionFiles(folder).ledger).filter(
        pl.col("verdict") == "dropped", pl.col("stage") != END
    )
    if rule is None:
        return dropped.collect()

    events = dropped.filter(pl.col("reason") == rule).collect()
    if events.is_empty():
        prefix = "dropped:"
        reasons = sorted(r for stage in read_manifest(folder).stages for r in stage.reasons if r.startswith(prefix))
        names = ", ".join(dict.fromkeys(reason.removeprefix(prefix) for reason in reasons))
        raise InputError(
            f"nothing was dropped for '{rule}'; reasons: {names}", f"没有因“{rule}”丢弃的行；原因有：{names}"
        )
    return events


def _sampled(events: pl.DataFrame, size: int | None) -> pl.DataFrame:
    """Choose `size` of the events by hash, the same every time; none for None."""
    if not size:
        return events.head(0)
    keys = [digest("sample", *key) for key in events.select("stage", "id", "file", "row").iter_rows()]
    return events.with_columns(key=pl.Series(keys, dtype=pl.String)).sort("key").head(size).drop("key")


def _with_rows(version: Path, events: pl.DataFrame) -> pl.DataFrame:
    """Add the first raw row of its record to every event without one."""
    if events.is_empty():
        return events
    rows = (
        pl.scan_parquet(VersionFiles(version).ledger)
        .filter(pl.col("id").is_in(events["id"].drop_nulls().implode()), pl.col("row").is_not_null())
        .group_by("id")
        .agg(of=pl.col("file").first(), first=pl.col("row").min())
        .collect()
    )
    joined = events.join(rows, on="id", how="left", maintain_order="left")
    return joined.with_columns(file=pl.coalesce("file", "of"), row=pl.coalesce("row", "first")).drop("of", "first")
