"""A run in the store whose exam people compare blind, and the sheets that come back."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from curate.experiments.blind_key import BlindKey
from curate.experiments.blind_pairs import choose_pairs, read_run
from curate.experiments.blind_sheet import write_sheet
from curate.preferences.blind import BlindSheets
from curate.store.store import Store
from tests.curate.experiments.runs import Asked, examined

PROBES = ("in_scope", "unrelated", "general", "own", "identity")
Choose = Callable[[str], str]
"""From the id of a question to `tuned`, `base`, `=`, or nothing."""


def compared(folder: Path, asked: Sequence[Asked]) -> BlindKey:
    """Put a run into the store, with a sheet beside it; the key is `blind.key.json`."""
    store = Store(folder)
    version = store.find("faq")
    examined(version, store.run("faq", version.name, "run"), asked)
    run = read_run(store.run("faq", version.name, "run"))
    sheet, key = write_sheet(choose_pairs(run, PROBES, "base", 0.7).pairs, run, "base", 0.7)
    (folder / "blind.csv").write_bytes(sheet)
    (folder / "blind.key.json").write_text(key.model_dump_json(), encoding="utf-8")
    return key


def filled(folder: Path, *reviewers: Choose) -> BlindSheets:
    """The sheets of these reviewers."""
    key = BlindKey.model_validate_json((folder / "blind.key.json").read_bytes())
    rows = list(csv.reader(io.StringIO((folder / "blind.csv").read_bytes().decode("utf-8-sig"))))
    sheets = []
    for number, choose in enumerate(reviewers):
        text = io.StringIO()
        csv.writer(text).writerows([rows[0], *([*row[:4], _side(key, row[0], choose), row[5]] for row in rows[1:])])
        sheets.append(folder / f"filled-{number}.csv")
        sheets[-1].write_text(text.getvalue(), encoding="utf-8")
    return BlindSheets(folder / "blind.key.json", tuple(sheets))


def _side(key: BlindKey, number: str, choose: Choose) -> str:
    pair = key.pairs[int(number.partition("-")[2]) - 1]
    other = "B" if pair.tuned == "A" else "A"
    return {"tuned": pair.tuned, "base": other}.get(choose(pair.question), choose(pair.question))
