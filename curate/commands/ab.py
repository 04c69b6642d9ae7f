"""ab: two assistants that served customers side by side, compared."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from curate.experiments.conversations import conversations_of
from curate.experiments.log_rows import read_logs
from curate.experiments.two_arms import compare_arms
from curate.terminal.arms import print_arms
from curate.terminal.printing import emit
from curate.terminal.progress import showing_progress


class ArmFlags(NamedTuple):
    """What the command line says besides the columns."""

    base: str | None
    yes: tuple[str, ...]
    no: tuple[str, ...]
    margin: float


def ab_command(files: list[Path], columns: Mapping[str, str | None], flags: ArmFlags, *, as_json: bool) -> None:
    """Print how two arms differ. `columns` names columns by what they hold; None is to be guessed."""
    with showing_progress() as progress:
        log = read_logs(files, columns, lambda name: progress(name, 0, len(files)))
    conversations = conversations_of(log, flags.base, flags.yes, flags.no)
    report = compare_arms(conversations, log, flags.margin)
    if as_json:
        emit(report.model_dump(mode="json"))
    else:
        print_arms(Console(), report)
