"""What each file of a begun dataset holds: found by the functions of `hornbook inspect`, in a thread beside the page,
and kept in the folder of the dataset under a name that follows from the bytes and from what was decided.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock, Semaphore, Thread
from typing import Any, get_type_hints

from pydantic import BaseModel, ValidationError, create_model

from curate.inspect.first_rows import FirstRows, first_rows
from curate.inspect.inspect import Findings, inspect_files, inspect_input, is_no_log
from curate.inspect.seeming import masked
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.undecided import CANDIDATES
from curate.reading.raw_rows import WHOLE
from curate.reading.readers.xlsx import Xlsx, table_sheets, visible_sheets
from curate.system.disk import replace_durably
from curate.web.start.drafts import RAW, BegunDataset, FileChoice
from curate.web.start.uploads import key_of
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import InputError
from schemas.input import Input, file_and_sheet
from schemas.record import Frozen

EDITION = 1
"""Of what a kept look holds: another number looks at all files again."""
AT_ONCE = 2
"""Looks at the same time: each may hold a whole workbook."""
MARK = 8
_FIELDS: dict[str, Any] = {name: (kind, ...) for name, kind in get_type_hints(Findings).items() if name != "problem"}
KeptFindings: type[BaseModel] = create_model("KeptFindings", __base__=Frozen, **_FIELDS)
"""All of Findings but the problem, which is an exception."""


class KeptProblem(Frozen):
    """What is wrong with a file; `previews` are what a person is shown to decide, masked."""

    sentence: Bilingual
    previews: tuple[tuple[str, str], ...] = ()


class KeptLook(Frozen):
    """How a look is kept."""

    findings: Any
    problem: KeptProblem | None = None
    rows: FirstRows = FirstRows()


class InputLook(Frozen):
    """One input of a file: what was found, its first rows, and whether it is read. Paths start from the folder of the
    recipe.
    """

    key: str
    findings: Any
    rows: FirstRows
    is_used: bool = True
    is_corrected: bool = False
    first: Any = None
    """The findings before anything was corrected."""

    @property
    def gives_talks(self) -> bool:
        """Whether conversations come out of it."""
        found: Findings = self.findings
        return found.problem is None and found.contents is not None and found.contents.conversations > 0

    @property
    def sheet(self) -> str:
        return file_and_sheet(Path(self.findings.path))[1]

    @property
    def encodings(self) -> list[tuple[str, str]]:
        """Pairs of an encoding that may be that of the file, and what a line says in it; none where it is not doubtful,
        or was chosen.
        """
        found: Findings = self.first or self.findings
        previews = found.problem.previews if found.problem else ()
        return [(name, line) for name, line in previews if name in CANDIDATES]


class FileLook(Frozen):
    """What a file holds: its inputs, and the sheets of a workbook."""

    inputs: tuple[InputLook, ...]
    sheets: tuple[str, ...] = ()
    main_sheet: str = ""
    """The sheet that is read where none is named."""


def look(dataset: BegunDataset, file: Path, choice: FileChoice) -> FileLook:
    """Look at a file as it was decided to read it; what was looked at before comes from where it is kept."""
    firsts = _kept(dataset, file, ["first"], lambda: _first(dataset, file))
    sheets, main = _sheets(file)
    if choice.sheets:
        chosen = [Input(path=f"{RAW}/{file.name}#{sheet}") for sheet in choice.sheets if sheet in sheets]
        firsts = [found for spec in chosen for found in _looked_as(dataset, file, spec)]
    inputs = []
    for found, rows in firsts:
        block = choice.blocks.get(found.path)
        again = _looked_as(dataset, file, block)[0] if block else (found, rows)
        inputs.append(
            InputLook(
                key=digest("input", found.path)[:MARK],
                findings=again[0],
                rows=again[1],
                is_used=_is_used(dataset, found, choice),
                is_corrected=block is not None,
                first=found,
            )
        )
    return FileLook(inputs=tuple(inputs), sheets=sheets, main_sheet=main)


def _is_used(dataset: BegunDataset, found: Findings, choice: FileChoice) -> bool:
    """Tell whether an input is read: what is no log is so only where somebody wants it."""
    if found.path in choice.left_out or found.path in choice.taken:
        return found.path in choice.taken
    located = replace(found, path=(dataset.folder / found.path).as_posix())
    return not found.is_beside and not is_no_log(located)


Found = list[tuple[Findings, FirstRows]]


@lru_cache(maxsize=200)
def _sheets(file: Path) -> tuple[tuple[str, ...], str]:
    """List the sheets of a workbook, and name the one that is read where none is named. A file never changes."""
    if file.suffix.lower() not in Xlsx.suffixes:
        return (), ""
    try:
        content = open_raw(file).content(WHOLE)
    except InputError:
        return (), ""
    tables = table_sheets(content)
    return tuple(visible_sheets(content)), tables[0][0] if tables else ""


def _first(dataset: BegunDataset, file: Path) -> Found:
    return [(found, first_rows(found.spec)) for found in inspect_files([file])]


def _looked_as(dataset: BegunDataset, file: Path, spec: Input) -> Found:
    """Look at an input as its block says."""

    def inspected() -> Found:
        located = spec.model_copy(update={"path": (dataset.folder / spec.path).as_posix()})
        found = inspect_input(located)
        return [(found, first_rows(found.spec if found.reader else located))]

    return _kept(dataset, file, ["block", spec.model_dump(mode="json")], inspected)


def _kept(dataset: BegunDataset, file: Path, what: list[Any], find: Callable[[], Found]) -> Found:
    """Read what was found before; else find it, and keep it."""
    path = dataset.looks / f"{key_of(file)}-{digest(EDITION, what)[:16]}.json"
    if path.is_file():
        try:
            kept = _KeptLooks.model_validate_json(path.read_bytes())
            return [_revived(each) for each in kept.looks]
        except ValidationError:
            path.unlink()  # of another release
    found = [(_relative(findings, dataset.folder), rows) for findings, rows in find()]
    document = _KeptLooks(looks=tuple(_document(findings, rows) for findings, rows in found))
    dataset.looks.mkdir(exist_ok=True)
    replace_durably(path, document.model_dump_json().encode("utf-8", "replace"))
    return found


class _KeptLooks(Frozen):
    looks: tuple[KeptLook, ...]


def _document(findings: Findings, rows: FirstRows) -> KeptLook:
    fields = {name: getattr(findings, name) for name in _FIELDS}
    problem = findings.problem
    return KeptLook(
        findings=KeptFindings(**fields).model_dump(mode="json"),
        problem=KeptProblem(sentence=problem.sentence, previews=problem.previews) if problem else None,
        rows=rows,
    )


def _revived(kept: KeptLook) -> tuple[Findings, FirstRows]:
    fields = KeptFindings.model_validate(kept.findings)
    problem = kept.problem
    error = InputError(problem.sentence.en, problem.sentence.zh, problem.previews) if problem else None
    return Findings(**{name: getattr(fields, name) for name in _FIELDS}, problem=error), kept.rows


def _relative(findings: Findings, folder: Path) -> Findings:
    """Let paths start from the folder of the recipe, in sentences, too."""
    start = f"{folder.as_posix()}/"
    problem = findings.problem
    if problem is not None:
        sentence = problem.sentence
        previews = _masked_previews(problem.previews)
        problem = InputError(sentence.en.replace(start, ""), sentence.zh.replace(start, ""), previews)
    spec = findings.spec.model_copy(update={"path": findings.path.replace(start, "")})
    return replace(findings, path=findings.path.replace(start, ""), spec=spec, problem=problem)


def _masked_previews(previews: Any) -> list[tuple[str, str]]:
    return list(zip([name for name, _ in previews], masked([line for _, line in previews]), strict=True))


class Looking:
    """The looks that are going on: each in a thread of its own, which the page does not wait for longer than it says.
    They end with the page; whoever asks again begins again.
    """

    def __init__(self) -> None:
        self._going: dict[str, Future[FileLook]] = {}
        self._lock = Lock()
        self._turn = Semaphore(AT_ONCE)

    def at(self, dataset: BegunDataset, file: Path, seconds: float) -> FileLook | None:
        """Look at a file; None where that takes longer than these seconds: ask again."""
        choice = dataset.state().choice(file)
        key = digest(str(dataset.folder), file.name, choice.model_dump(mode="json"))
        with self._lock:
            future = self._going.get(key)
            if future is None:
                future = self._going[key] = Future()
                context = copy_context()
                Thread(target=context.run, args=(self._look, future, dataset, file, choice), daemon=True).start()
        try:
            found = future.result(timeout=seconds)
        except TimeoutError:
            if not future.done():
                return None
            raise
        finally:
            if future.done():
                with self._lock:
                    self._going.pop(key, None)
        return found

    def _look(self, future: Future[FileLook], dataset: BegunDataset, file: Path, choice: FileChoice) -> None:
        with self._turn:
            try:
                future.set_result(look(dataset, file, choice))
            except BaseException as error:  # noqa: BLE001  # it is raised again where the page asks
                future.set_exception(error)
