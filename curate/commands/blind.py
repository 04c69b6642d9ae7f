"""blind, unblind: people compare the answers of two models without knowing whose is whose."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple, get_args

from rich.console import Console

from curate.experiments.blind_key import BlindKey, read_key
from curate.experiments.blind_pairs import TASTE, BlindChoice, choose_pairs, read_run
from curate.experiments.blind_result import weigh
from curate.experiments.blind_sheet import read_sheets, write_sheet
from curate.privacy.release_gate import scan_page
from curate.system.disk import replace_durably, replace_privately
from curate.terminal.blind import print_blind, sheet_in_words
from curate.terminal.printing import emit, next_step
from schemas.errors import InputError
from schemas.exam import Probe
from schemas.suggestions import suggestion

KEY = ".key.json"


class BlindFlags(NamedTuple):
    """Which questions (those of taste, where none are named), who is compared, and the share of wins to be found."""

    probes: tuple[str, ...]
    against: str
    share: float


def blind_command(run: Path, to: Path, key: Path | None, flags: BlindFlags, *, as_json: bool) -> None:
    """Write a sheet for reviewers, and its key in another file. What is there already is not written over."""
    key = key or to.with_suffix(KEY)
    if key.absolute() == to.absolute():
        raise InputError("the sheet and its key must be two files", "盲评表和密钥必须是两个文件")
    for path in (to, key):
        if path.exists():
            raise InputError(f"{path} is there already; name another file", f"{path} 已存在；请换一个文件名")
        if not path.parent.is_dir():
            raise InputError(f"there is no folder {path.parent}", f"没有文件夹 {path.parent}")
    examined = read_run(run)
    choice = choose_pairs(examined, known_probes(flags.probes) or TASTE, flags.against, flags.share)
    sheet, made = write_sheet(choice.pairs, examined, flags.against, flags.share)
    scan_page(to.name, sheet.decode("utf-8"), examined.gate)
    replace_durably(to, sheet)
    replace_privately(key, made.model_dump_json(indent=1).encode())

    if as_json:
        emit(_document(to, key, choice, made))
        return
    for sentence in sheet_in_words(to, key, choice, made):
        print(sentence)
    next_step(f"hornbook unblind {quote(str(key))} {quote(str(to))}")


def known_probes(probes: Sequence[str]) -> Sequence[str]:
    """Check the names of probes. Raises InputError for one that there is not, or that asks nothing."""
    asked = [probe for probe in get_args(Probe) if probe != "perplexity"]
    for probe in probes:
        if probe not in asked:
            near = suggestion(probe, asked)
            raise InputError(f"there is no probe '{probe}'; {near.en}", f"没有“{probe}”这类题；{near.zh}")
    return probes


def _document(to: Path, key: Path, choice: BlindChoice, made: BlindKey) -> dict[str, Any]:
    """Write what `--json` prints: counts, and nothing of the key."""
    counts = {name: getattr(choice, name) for name in ("equal", "private", "spare", "cut")}
    return {
        "sheet": str(to),
        "key": str(key),
        "name": made.name,
        "digest": made.digest,
        "share": made.share,
        "pairs": len(choice.pairs),
        **counts,
    }


def unblind_command(key: Path, sheets: list[Path], *, as_json: bool) -> None:
    """Print what the reviewers said, each of whom filled in a sheet."""
    known = read_key(key)
    report = weigh(known, read_sheets(sheets, known))
    if as_json:
        emit(report.model_dump(mode="json"))
    else:
        print_blind(Console(), report)
