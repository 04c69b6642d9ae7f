"""inspect, init: a look at raw files, and a recipe that reads them."""

from pathlib import Path
from shlex import quote

from rich.console import Console

from curate.inspect.dataset_name import dataset_name
from curate.inspect.first_recipe import allowed_bad, write_recipe
from curate.inspect.inspect import Findings, finding_document, inspect_files
from curate.report.reasons import reason_text
from curate.terminal.findings import print_findings
from curate.terminal.printing import complain, echo, emit, next_step
from curate.terminal.progress import showing_progress
from schemas.manifest import unread_note


def inspect_command(files: list[Path], *, as_json: bool) -> None:
    """Print what every file holds, then what is wrong with them. The last problem is raised."""
    findings = _inspected(files)
    if as_json:
        emit([finding_document(file) for file in findings])
    else:
        for file in findings:
            print_findings(Console(), file)

    problems = [file.problem for file in findings if file.problem is not None]
    for problem in problems[:-1]:
        complain(problem, content=not as_json)
    if problems:
        raise problems[-1]
    if not as_json:
        next_step(f"hornbook init --from {' '.join(quote(str(path)) for path in files)}")


def _inspected(files: list[Path]) -> list[Findings]:
    """Inspect the files in turn, and show progress."""
    with showing_progress() as progress:
        return [
            findings
            for done, path in enumerate(files)
            for findings in inspect_files([path], lambda name, done=done: progress(name, done, len(files)))  # type: ignore[misc]
        ]


def init_command(files: list[Path], to: Path) -> None:
    """Write a recipe that reads the files, and print what a person may want to change in it."""
    with showing_progress() as progress:
        findings = write_recipe(files, to, lambda name: progress(name, 0, len(files)))

    beside = [file for file in findings if file.is_beside and any(other.contents for other in findings)]
    findings = [file for file in findings if file not in beside]
    name = dataset_name([file.path for file in findings], to)
    conversations = sum(file.contents.conversations for file in findings if file.contents)
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    echo(
        f"{to} is written: {count}, {conversations:,} conversations; it builds as it is",
        f"已写好 {to}：{len(files)} 个文件，{conversations:,} 段对话；可以直接构建",
    )
    echo(f"the book is called {name}: change `name` in it as you like", f"书名是 {name}：可以改配方里的 name")
    for file in beside:
        en, zh = ("it holds no conversation", "里面没有对话")
        if not file.bytes:
            en, zh = ("it is empty", "是空文件")
        elif not file.reader:
            en, zh = ("files of its kind are not read", "不支持这种文件")
        echo(f"{file.path} is left out: {file.seems.en or en}", f"未读取 {file.path}：{file.seems.zh or zh}")
    bad = allowed_bad(findings)
    if bad:
        _tell_bad(findings, bad)
    for file in findings:
        for note in [file.order] if file.order.en else []:
            echo(f"{file.path}: {note.en}", f"{file.path}：{note.zh}")
        for note in (*file.contents.notes, unread_note(file.contents.unread)) if file.contents else ():
            if note.en:
                echo(f"{file.path}: {note.en}", f"{file.path}：{note.zh}")
        if file.general.en:
            why = file.general
            echo(
                f"{file.path} {why.en}: if so, take the # before `kind: general` in {to} away",
                f"{file.path} {why.zh}：如果是，请在 {to} 里删去 kind: general 前面的 #",
            )
    next_step(f"hornbook build {quote(str(to))}")


def _tell_bad(findings: list[Findings], allowed: str) -> None:
    """Say how many rows cannot be read, why, and how the build goes on without them."""
    contents = [file.contents for file in findings if file.contents]
    refused = sum(each.refused for each in contents)
    reasons = ", ".join(dict.fromkeys(reason_text(name) for each in contents for name in each.bad))
    echo(
        f"{refused} rows cannot be read ({reasons}): `max_bad: {allowed}` in the recipe lets it build without them",
        f"{refused} 行无法读取（{reasons}）：配方里的 `max_bad: {allowed}` 允许跳过它们构建",
    )
