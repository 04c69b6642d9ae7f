"""inspect, init: a look at raw files, and a recipe that reads them."""

from pathlib import Path

from rich.console import Console

from curate.commands.printing import emit, next_step, tell
from curate.inspecting import finding_document, inspect_file, write_recipe
from curate.web.findings import print_findings


def inspect_command(files: list[Path], *, as_json: bool) -> None:
    found = [inspect_file(path) for path in files]
    if as_json:
        emit([finding_document(one) for one in found])
        return
    for one in found:
        print_findings(Console(), one)
    next_step(f"hornbook init {' '.join(map(str, files))}")


def init_command(files: list[Path], to: Path) -> None:
    write_recipe(files, to)
    tell(f"{to} is written; it builds as it is", f"已写好 {to}，可以直接构建")
    next_step(f"hornbook run {to} --until build")
