"""trace, dropped: where a row went, and which rows went nowhere."""

import json
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from curate.history.trace import ID, ROW, Change, Life, named_by, whole_life
from curate.ledger import END
from curate.report.labels import VERDICTS, named, stage_name
from curate.report.reasons import explained
from curate.store.read_version import read_manifest
from curate.store.store import PLAN, Store
from curate.terminal.printing import emit, next_step
from schemas.bilingual import Words
from schemas.digest import digest
from schemas.errors import InputError
from schemas.version_files import VersionFiles

SPEAKERS = {
    "user": Words("user", "客户"),
    "assistant": Words("assistant", "助手"),
    "system": Words("system", "系统"),
}
STYLES = {"=": "", "-": "red strike", "+": "green"}
SIDES = {"-": "[-{}-]", "+": "{{+{}+}}", "=": "{}"}
"""How a change looks where there are no colours."""


def trace_command(version: str, what: str, root: Path, *, as_json: bool) -> None:
    store = Store(root)
    folder = store.find(version)
    home = _home(store, folder.parent.name)
    life = whole_life(store, folder, what) if ROW.fullmatch(what) or ID.fullmatch(what) else None
    if life is None or life.events.is_empty():
        found = named_by(folder, what, home)
        if len(found) > 1:
            _tell_all(found, version, as_json=as_json)
            return
        if not found:
            raise InputError(f"nothing in {folder.name[:12]} is called {what}", f"{folder.name[:12]} 中没有 {what}")
        life = whole_life(store, folder, found[0])
    changed = _changes(folder, home, life)
    if as_json:
        emit(_document(life, changed))
        return
    _print(Console(), life, changed)


def _home(store: Store, name: str) -> Path | None:
    """Where the raw files of the newest build were found."""
    with suppress(OSError, ValueError, KeyError):
        return Path(json.loads((store.cache(name) / PLAN).read_bytes())["folder"])
    return None


def _tell_all(found: list[str], version: str, *, as_json: bool) -> None:
    if as_json:
        emit({"found": found})
        return
    for one in found:
        print(one)
    next_step(f"hornbook trace {version} {found[0]}")


def _changes(version: Path, home: Path | None, life: Life) -> list[Change] | None:
    fixed = set(life.events.filter(pl.col("verdict") == "fixed")["stage"])
    if not fixed:
        return []
    # The stages and what they need take as long to load as all else: only where there is a change to show.
    from curate.history.replay import changes

    rows = life.events.filter(pl.col("row").is_not_null(), pl.col("id").is_not_null())
    if home is None or rows["id"].n_unique() != 1:
        return None
    return changes(version, home, (rows["id"][0], rows["file"][0], sorted(rows["row"].unique().to_list())), fixed)


def _document(life: Life, changed: list[Change] | None) -> dict[str, Any]:
    return {
        "events": life.events.to_dicts(),
        "changes": None
        if changed is None
        else [{"stage": c.stage, "turn": c.turn, "pieces": [list(piece) for piece in c.pieces]} for c in changed],
        "final": life.final,
        "rewordings": list(life.rewordings),
        "held": [{"version": h.version, "file": h.file, "runs": list(h.runs)} for h in life.held],
    }


def _print(console: Console, life: Life, changed: list[Change] | None) -> None:
    console.print(_life_table([_event_cells(event) for event in life.events.iter_rows(named=True)]))
    if changed is None and life.final is not None and life.final["source"]["rows"]:
        console.print(str(Words("the raw rows are not there any more: no changes shown", "原始行已不在，无法显示修改")))
    for change in changed or ():
        text = Text(f"{stage_name(change.stage)} {change.turn + 1}: ")
        for what, piece in change.pieces:
            text.append(piece if console.is_terminal else SIDES[what].format(piece), STYLES[what])
        console.print(text, soft_wrap=True)
    for message in life.final["messages"] if life.final else ():
        console.print(Text(f"{SPEAKERS.get(message['role'], message['role'])}: {message['content']}"), soft_wrap=True)
    for one in life.rewordings:
        console.print(f"{Words('reworded as', '改写为')} {one}", highlight=False)
    for held in life.held:
        runs = f"; {Words('trained on by', '用于训练')} {', '.join(held.runs)}" if held.runs else ""
        console.print(f"{Words('in', '存在于')} {held.version[:12]}/{held.file}{runs}", highlight=False, soft_wrap=True)


def _event_cells(event: dict[str, Any]) -> dict[str, str]:
    """One event of a life as it is printed, by column."""
    return {
        str(Words("stage", "阶段")): stage_name(event["stage"]),
        str(Words("verdict", "结论")): named(VERDICTS, event["verdict"]),
        str(Words("why", "原因")): explained(event["reason"] or ""),
        str(Words("row", "原始行")): "" if event["row"] is None else f"{_short(event['file'])}:{event['row']}",
        str(Words("record", "记录")): (event["id"] or "")[:12],
        str(Words("twin", "与之重复")): (event["twin"] or "")[:12],
        str(Words("score", "度量")): "" if event["score"] is None else f"{event['score']:g}",
        str(Words("by", "审核人")): event.get("by") or "",
    }


def _short(file: str) -> str:
    """The path as the recipe has it; of an absolute one its end, which `trace` takes too."""
    return PurePath(file).name if PurePath(file).is_absolute() else file


def _life_table(lines: list[dict[str, str]]) -> Table:
    """The columns that say anything; nothing in them is cut."""
    told = [name for name in lines[0] if any(line[name] for line in lines)]
    table = Table()
    for name in told:
        table.add_column(name, overflow="fold")
    for line in lines:
        table.add_row(*(line[name] for name in told))
    return table


def dropped_command(version: str, rule: str | None, sample: int | None, root: Path, *, as_json: bool) -> None:
    folder = Store(root).find(version)
    left = pl.scan_parquet(VersionFiles(folder).ledger).filter(pl.col("verdict") == "dropped", pl.col("stage") != END)
    if rule is not None:
        left = left.filter(pl.col("reason") == rule)
    found = left.collect()
    if rule is not None and found.is_empty():
        known = sorted(reason for s in read_manifest(folder).stages for reason in s.reasons if reason[:8] == "dropped:")
        names = ", ".join(dict.fromkeys(reason.removeprefix("dropped:") for reason in known))
        raise InputError(
            f"nothing was dropped for '{rule}'; reasons: {names}", f"没有因“{rule}”丢弃的行；原因有：{names}"
        )
    counts = found.group_by("stage", "reason").len().sort("len", "stage", "reason", descending=[True, False, False])
    chosen = _with_rows(folder, _sampled(found, sample))
    if as_json:
        emit({"counts": counts.to_dicts(), "rows": chosen.to_dicts()})
        return
    table = Table()
    for head in (Words("stage", "阶段"), Words("why", "原因"), Words("dropped", "丢弃")):
        table.add_column(str(head), overflow="fold")
    for stage, reason, number in counts.iter_rows():
        table.add_row(stage_name(stage), explained(reason), str(number))
    Console().print(table)
    if chosen.height:
        Console().print(_life_table([_event_cells(event) for event in chosen.iter_rows(named=True)]))


def _sampled(found: pl.DataFrame, sample: int | None) -> pl.DataFrame:
    """So many of them, the same every time; none where nobody asked for any."""
    if not sample:
        return found.head(0)
    keys = [digest("sample", *key) for key in found.select("stage", "id", "file", "row").iter_rows()]
    return found.with_columns(key=pl.Series(keys, dtype=pl.String)).sort("key").head(sample).drop("key")


def _with_rows(version: Path, chosen: pl.DataFrame) -> pl.DataFrame:
    """Events of records with the first raw row of each."""
    if chosen.is_empty():
        return chosen
    rows = (
        pl.scan_parquet(VersionFiles(version).ledger)
        .filter(pl.col("id").is_in(chosen["id"].drop_nulls().implode()), pl.col("row").is_not_null())
        .group_by("id")
        .agg(of=pl.col("file").first(), first=pl.col("row").min())
        .collect()
    )
    placed = chosen.join(rows, on="id", how="left", maintain_order="left")
    return placed.with_columns(file=pl.coalesce("file", "of"), row=pl.coalesce("row", "first")).drop("of", "first")
