"""A filled sheet comes back whole, whatever people and office programs did to it; what does not fit is kept apart."""

import csv
import io
from pathlib import Path

import pytest

from curate.reviewing.sheets.journal import SheetJournal
from curate.reviewing.sheets.sheet_way import SheetWay
from schemas.errors import InputError
from tests.curate.reviewing.sheets.rewritings import REWRITINGS, Grid
from tests.curate.reviewing.sheets.sample import FILLED, opinions, pushed


def filled(path: Path) -> Grid:
    """The table of the CSV that was written, with what a reviewer fills in."""
    grid = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    columns = {name: number for number, name in enumerate(grid[0])}
    for number, cells in FILLED.items():
        for name, text in cells.items():
            grid[number][columns[name]] = text
    return grid


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_sheet_comes_back_whole_after(name: str, tmp_path: Path) -> None:
    queue, _ = pushed(tmp_path)
    (table,) = (tmp_path / "out").glob("*.csv")
    sheet = SheetJournal(queue.folder).sheets().popitem()[0]
    rewriting = REWRITINGS[name]
    path = rewriting.save(rewriting.change(filled(table)), tmp_path / "回来的表")
    way = SheetWay(queue, tmp_path / "shop.xlsx", (path,))

    if rewriting.refused:
        with pytest.raises(InputError, match=rewriting.refused) as refused:
            list(way.pull(queue.tasks()))
        assert not any(text in refused.value.sentence.zh for text in ("回头再说", "早上", "阿阿"))
        return
    kept = [one for one in opinions(sheet) if int(one.origin.rpartition(":")[2]) in rewriting.keeps]
    assert list(way.pull(queue.tasks())) == [rewriting.hears(one) for one in kept]
    assert len(way.apart.altered) == len(opinions(sheet)) - len(kept)
