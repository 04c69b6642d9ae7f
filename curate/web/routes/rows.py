"""The rows of a version: a list with search and filters, and the whole of one of them beside it."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from curate.report.labels import DECISIONS, SPEAKERS, label
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.rows.choices import RowChoices, choices_of
from curate.web.rows.index_files import index_of
from curate.web.rows.listed_rows import ListedRow, leaving_stage, listed_rows
from curate.web.rows.loaded_index import IndexLine, RowIndex
from curate.web.rows.reviewers import DecisionsOnRows, decisions_on
from curate.web.rows.row_filter import RowFilter, matching, page_at
from curate.web.rows.row_view import WholeRow, in_context, whole_row
from schemas.bilingual import Bilingual

WORD = r"^[a-z0-9_]{0,64}$"
KEY = r"^([0-9a-f]{32}|row-[0-9]{4}-[0-9]{10})?$"
VERDICTS = ("train", "exam", "review", "dropped", "fixed", "added")
"""What the filter `verdict` offers."""

router = APIRouter()


class RowsQuery(BaseModel):
    """What stands in the address. Empty is not asked; `source` is the number of a file in the manifest, from 0, or the
    name of the stage that wrote the rows. `row` is the key of the one that is open.
    """

    model_config = ConfigDict(frozen=True)

    text: str = Field("", max_length=500)
    kind: str = Field("", pattern=WORD)
    verdict: str = Field("", pattern=WORD)
    stage: str = Field("", pattern=WORD)
    rule: str = Field("", pattern=WORD)
    language: str = Field("", pattern=r"^[a-z-]{0,12}$")
    source: str = Field("", pattern=WORD)
    reviewer: str = Field("", max_length=80)
    decision: str = Field("", pattern=r"^(accept|reject|edit|unsure)?$")
    after: str = Field("", pattern=KEY)
    before: str = Field("", pattern=KEY)
    row: str = Field("", pattern=KEY)
    texts: str = Field("", pattern=r"^1?$")
    version: str = Field("", pattern=r"^([0-9a-f]{32})?$")

    def asked(self, choices: RowChoices) -> RowFilter:
        source = choices.sources[self.source][0] if self.source in choices.sources else self.source
        return RowFilter(
            text=self.text.replace("\r\n", "\n"),
            kind=self.kind,
            verdict=self.verdict,
            stage=self.stage,
            rule=self.rule,
            lang=self.language,
            source=source,
            reviewer=self.reviewer,
            decision=self.decision,
        )


@router.get("/d/{name}/rows")
def rows(request: Request, name: Name, query: Annotated[RowsQuery, Query()]) -> HTMLResponse:
    bench = bench_of(request)
    version = bench.version(name, query.version) if query.version else bench.newest(name)
    values: dict[str, Any] = {"dataset": name, "version": version.name, "asked": query, "index": None, "whole": None}
    index = index_of(bench.store, version)
    if index is None:
        return (
            part(request, "_rows.html", **values)
            if is_for_part(request)
            else page(request, "rows.html", tab="rows", **values)
        )

    folder = _raw_folder(bench, name)
    decisions = decisions_on(version, folder)
    if is_for_part(request) and query.row and not query.texts:
        return part(request, "_row.html", **{**values, **_drawer(bench, index, folder, query, decisions)})
    values |= {"index": index, **_list(index, folder, query, decisions)}
    if is_for_part(request):
        return part(request, "_list.html" if query.texts else "_rows.html", **values)
    return page(request, "rows.html", tab="rows", **{**values, **_drawer(bench, index, folder, query, decisions)})


def _list(index: RowIndex, folder: Path | None, query: RowsQuery, decisions: DecisionsOnRows) -> dict[str, Any]:
    """Find what the list shows."""
    choices = choices_of(index)
    matches = matching(index, query.asked(choices), decisions)
    numbers = page_at(index, matches, query.after, query.before)
    lines = index.lines(numbers.numbers)
    made_again = _made_again(index, folder, lines) if query.texts else {}
    listed = listed_rows(index.folder, lines, made_again, query.text)
    return {
        "choices": choices,
        "decisions": decisions,
        "verdicts": VERDICTS,
        "decision_words": DECISIONS,
        "found": len(matches.numbers),
        "are_all": matches.are_all,
        "ends": index.count("ends", matches.numbers),
        "listed": listed,
        "before": numbers.before,
        "after": numbers.after,
        "has_textless": not query.texts and any(not row.turns and row.line.id and row.line.row for row in listed),
    }


def _made_again(index: RowIndex, folder: Path | None, lines: list[IndexLine]) -> dict[str, Any]:
    """Make the texts again that the version does not hold."""
    # What runs stages takes as long to load as all else: only where texts must be made again.
    from curate.web.rows.made_again import masked_texts

    left_at = {line.id: leaving_stage(line) for line in lines if line.id and line.shard is None}
    return masked_texts(index.folder, folder, left_at) if folder and left_at else {}


def _drawer(
    bench: Bench, index: RowIndex, folder: Path | None, query: RowsQuery, decisions: DecisionsOnRows
) -> dict[str, Any]:
    """Find what is shown of the row that is open; nothing where none is. HTTPException 404 where there is none such."""
    if not query.row:
        return {}
    number = index.number_of(query.row)
    if number is None:
        raise missing(Bilingual(f"this version has no row {query.row[:12]}", f"这个版本没有 {query.row[:12]} 这一行"))
    [line] = index.lines(index.numbered(number))
    whole = whole_row(bench.store, index.folder, folder, line, shows_raw=bench.shows_raw)
    return {
        "whole": whole,
        "row": listed_rows(index.folder, [line], {line.key: whole.messages})[0],
        "kin": _kin(index, whole),
        "reviews": decisions.about(line.id) if line.id else [],
        "speaker": lambda role: label(SPEAKERS, role),
        "decision_words": DECISIONS,
        "in_context": in_context,
    }


def _kin(index: RowIndex, whole: WholeRow) -> dict[str, ListedRow]:
    """Read the beginnings of the records beside one: its twins, its rewordings, the one that it was reworded from."""
    ids = [*whole.twins, *whole.rewordings, *([whole.parent] if whole.parent else [])]
    numbers = [number for id in dict.fromkeys(ids) if (number := index.number_of(id)) is not None]
    listed = listed_rows(index.folder, index.lines(index.numbered(*numbers)), {})
    return {row.line.key: row for row in listed}


def _raw_folder(bench: Bench, name: str) -> Path | None:
    """Find where the paths of the recipe start."""
    recipe = bench.recipe(name)
    return bench.store.recipe_folder(name) or (recipe.parent if recipe else None)
