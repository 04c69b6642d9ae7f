"""What long work shows while it runs: a bar on a terminal, one line per piece elsewhere. Always on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from curate.system.progress import Progress as Tell


@contextmanager
def showing() -> Iterator[Tell]:
    """Gives the function to call before each piece of work: its name, how many are done, how many there are."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plainly(console)
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

        def tell(name: str, done: int, total: int) -> None:
            bars.update(task, description=name, completed=done, total=total)

        yield tell


def _plainly(console: Console) -> Tell:
    """A line for every new piece, and for every tenth part of a counted one."""
    said: set[tuple[str, int]] = set()

    def tell(name: str, done: int, total: int) -> None:
        word = name.split("  ")[0]
        mark = (word, 10 * done // max(total, 1))
        if mark not in said:
            said.add(mark)
            console.print(f"{name}  {done}/{total}", markup=False, highlight=False)

    return tell
