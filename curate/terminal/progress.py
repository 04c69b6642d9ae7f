"""What long work shows while it runs: a bar on a terminal, lines of text elsewhere. Always on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from curate.system.progress import Progress as OnProgress
from curate.terminal.printing import plain


@contextmanager
def showing_progress() -> Iterator[OnProgress]:
    """Yield the function to call before each step of the work: its name, how many are done, how many there are."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _line_printer(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def on_progress(name: str, done: int, total: int) -> None:
            bars.update(task, description=plain(name), completed=done, total=total)

        yield on_progress


def _line_printer(console: Console) -> OnProgress:
    """Build a function that prints a line for every new kind of work, and for every tenth of its steps."""
    printed: set[tuple[str, int]] = set()

    def on_progress(name: str, done: int, total: int) -> None:
        work = name.split("  ")[0]
        tenth = (work, 10 * done // max(total, 1))
        if tenth not in printed:
            printed.add(tenth)
            console.print(f"{plain(name)}  {done}/{total}", markup=False, highlight=False)

    return on_progress
