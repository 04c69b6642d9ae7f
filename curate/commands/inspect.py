"""inspect, init: a look at raw files, and a recipe that reads them."""

from pathlib import Path
from shlex import quote

from rich.console import Console

from curate.inspect.book_name import book_name
from curate.inspect.first_recipe import write_recipe
from curate.inspect.inspect import Findings, finding_document, inspect_file
from curate.terminal.findings import print_findings
from curate.terminal.printing import complain, emit, next_step, tell
from curate.terminal.progress import showing


def inspect_command(files: list[Path], *, as_json: bool) -> None:
    """Shows all files, then says what is wrong with them: the last problem is raised."""
    found = _inspected(files)
    if as_json:
        emit([finding_document(one) for one in found])
    else:
        for one in found:
            print_findings(Console(), one)
    problems = [one.problem for one in found if one.problem is not None]
    for problem in problems[:-1]:
        complain(problem, content=not as_json)
    if problems:
        raise problems[-1]
    if not as_json:
        next_step(f"hornbook init --from {' '.join(quote(str(path)) for path in files)}")


def _inspected(files: list[Path]) -> list[Findings]:
    with showing() as progress:
        return [
            inspect_file(path, lambda name, done=done: progress(name, done, len(files)))  # type: ignore[misc]
            for done, path in enumerate(files)
        ]


def init_command(files: list[Path], to: Path) -> None:
    with showing() as progress:
        found = write_recipe(files, to, lambda name: progress(name, 0, len(files)))
    name = book_name([one.path for one in found], to)
    conversations = sum(one.contents.conversations for one in found if one.contents)
    many = "1 file" if len(files) == 1 else f"{len(files)} files"
    tell(
        f"{to} is written: {many}, {conversations:,} conversations; it builds as it is",
        f"已写好 {to}：{len(files)} 个文件，{conversations:,} 段对话；可以直接构建",
    )
    tell(f"the book is called {name}: change `name` in it as you like", f"书名是 {name}：可以改配方里的 name")
    for one in found:
        if one.general.en:
            why = one.general
            tell(
                f"{one.path} {why.en}: if so, take the # before `kind: general` in {to} away",
                f"{one.path} {why.zh}：如果是，请在 {to} 里删去 kind: general 前面的 #",
            )
    next_step(f"hornbook build {quote(str(to))}")
