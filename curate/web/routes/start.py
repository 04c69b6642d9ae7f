"""Where one starts: the datasets that there are, files that are handed in, what each of them holds, and corrections of
it, up to the first recipe.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from curate.store.read_version import read_manifest
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.start import corrections
from curate.web.start.corrections import Correction, corrected
from curate.web.start.drafts import RAW, BegunDataset, FileChoice, begin, begun_dataset, begun_datasets
from curate.web.start.looks import FileLook, InputLook, Looking
from curate.web.start.uploads import Incoming, key_of, suffixes, typed_name, typed_names
from rules.personal import KINDS as PERSONAL
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.manifest import unread_note
from schemas.record import KINDS
from schemas.version_files import VersionFiles

Key = Annotated[str, InPath(pattern=r"^[0-9a-f]{8}$")]
AT_ONCE = 3.0
"""Seconds that a page waits for all looks together; what takes longer comes by itself."""
NO_FILES = Bilingual("choose at least one file", "请至少选择一个文件")
LOOKING = Looking()

router = APIRouter()


class DatasetLine(NamedTuple):
    """A dataset in the list: its newest version, where it has one, and whether a job is running."""

    name: str
    version: str
    rows: int
    built: str
    runs: bool
    is_begun: bool


class FileCard(NamedTuple):
    """A file on the page, and what it holds; `look` is None while it is being looked at."""

    key: str
    name: str
    bytes: int
    look: FileLook | None


@router.get("/")
def start(request: Request) -> HTMLResponse:
    return _start(request)


@router.post("/begin/files")
def begin_dataset(
    request: Request, files: Annotated[list[UploadFile] | None, Form()] = None, name: Annotated[str, Form()] = ""
) -> Response:
    bench, incoming = bench_of(request), _incoming(files or [])
    if not incoming:
        return _start(request, 400, problem=str(NO_FILES))
    try:
        dataset = begin(bench.books, name, [file.name for file in incoming], bench.store.datasets())
    except InputError as error:
        return _start(request, 400, problem=str(error), name=name)
    try:
        refused = dataset.add(incoming)
    except OSError:  # a full disk: nothing is left of what could not be taken
        dataset.throw_away()
        raise
    if not dataset.files():
        dataset.throw_away()
        return _start(request, 400, refused=refused, name=name)
    return RedirectResponse(f"/d/{dataset.name}/files", 303)


@router.get("/d/{name}/files")
def files(request: Request, name: Name) -> HTMLResponse:
    return _files(request, _begun(request, name))


@router.post("/d/{name}/files")
def add_files(request: Request, name: Name, files: Annotated[list[UploadFile] | None, Form()] = None) -> Response:
    dataset, incoming = _begun(request, name), _incoming(files or [])
    if not incoming:
        return _files(request, dataset, 400, problem=str(NO_FILES))
    dataset.add(incoming)
    return RedirectResponse(f"/d/{name}/files", 303)


@router.post("/d/{name}/files/recipe")
def write_recipe(
    request: Request, name: Name, anew: Annotated[bool, Form()] = False, without: Annotated[bool, Form()] = False
) -> Response:
    """Write the first recipe, `without` the files that give no conversation where that is wished."""
    dataset = _begun(request, name)
    if without:
        _leave_out_empty(dataset)
    looks = [look for file in dataset.files() for look in _look(dataset, file).inputs if look.is_used]
    empty = [_input_name(look) for look in looks if not look.gives_talks]
    try:
        if empty:
            raise InputError(
                f"no conversation comes out of {', '.join(empty)}: correct how it is read, or leave it out",
                f"{'、'.join(empty)} 没有读出对话：请更正读取方式，或者不读取它",
            )
        if anew or dataset.is_own_recipe():
            dataset.write_recipe([look.findings for look in looks])
    except InputError as error:
        return _files(request, dataset, 400, problem=_sentence(error))
    return RedirectResponse(f"/d/{name}/recipe", 303)


def _leave_out_empty(dataset: BegunDataset) -> None:
    for file in dataset.files():
        choice = dataset.state().choice(file)
        for look in _look(dataset, file).inputs:
            if look.is_used and not look.gives_talks:
                choice = choice.with_use(look.findings.path, is_used=False)
        if choice != dataset.state().choice(file):
            dataset.decide(file, choice)


@router.get("/d/{name}/files/throw-away")
def ask_to_throw_away(request: Request, name: Name) -> HTMLResponse:
    dataset = _begun(request, name)
    has_versions = name in bench_of(request).store.datasets()
    count = len(dataset.files())
    return page(request, "throw_away.html", dataset=name, tab="files", count=count, has_versions=has_versions)


@router.post("/d/{name}/files/throw-away")
def throw_away(request: Request, name: Name, sure: Annotated[bool, Form()] = False) -> Response:
    dataset = _begun(request, name)
    if not sure:
        return RedirectResponse(f"/d/{name}/files/throw-away", 303)
    if bench_of(request).jobs.is_busy(name):
        raise InputError(f"a job of {name} is running: wait for its end", f"{name} 有任务正在进行：请等它结束")
    dataset.throw_away()
    return RedirectResponse("/", 303)


@router.get("/d/{name}/files/{key}")
def one_file(request: Request, name: Name, key: Key) -> HTMLResponse:
    dataset = _begun(request, name)
    file = _file(dataset, key)
    seconds = 0.0 if is_for_part(request) else AT_ONCE
    card = FileCard(key, typed_name(file.name), file.stat().st_size, LOOKING.at(dataset, file, seconds))
    if is_for_part(request):
        return part(request, "_file.html", card=card, **_common(dataset))
    return page(request, "one_file.html", tab="files", card=card, **_common(dataset))


@router.post("/d/{name}/files/{key}/sheets")
def choose_sheets(
    request: Request, name: Name, key: Key, sheet: Annotated[list[str] | None, Form()] = None
) -> Response:
    dataset = _begun(request, name)
    file = _file(dataset, key)
    look = _look(dataset, file)
    chosen = tuple(each for each in look.sheets if each in (sheet or []))
    if not chosen:
        raise InputError("choose at least one sheet", "请至少选择一张工作表")
    dataset.decide(file, FileChoice(sheets=chosen))
    return RedirectResponse(f"/d/{name}/files#file-{key}", 303)


@router.post("/d/{name}/files/{key}/{input}")
def correct(request: Request, name: Name, key: Key, input: Key, form: Annotated[Correction, Form()]) -> Response:
    dataset = _begun(request, name)
    file = _file(dataset, key)
    look = next((each for each in _look(dataset, file).inputs if each.key == input), None)
    if look is None:
        raise missing(Bilingual("there is no such sheet or file in it", "文件中没有这一部分"))
    choice, path = dataset.state().choice(file), look.findings.path
    try:
        block = corrected(look, form)
    except InputError as error:
        return _files(request, dataset, 400, problem=f"{typed_name(file.name)}: {error}")
    blocks = dict(choice.blocks) if block == look.findings.spec else {**choice.blocks, path: block}
    changed = choice.model_copy(update={"blocks": blocks})
    dataset.decide(file, changed if form.used == look.is_used else changed.with_use(path, is_used=form.used))
    return RedirectResponse(f"/d/{name}/files#input-{input}", 303)


@router.post("/d/{name}/files/{key}/{input}/first")
def as_found(request: Request, name: Name, key: Key, input: Key) -> Response:
    """Take back what was corrected."""
    dataset = _begun(request, name)
    file = _file(dataset, key)
    choice = dataset.state().choice(file)
    paths = {each.key: each.findings.path for each in _look(dataset, file).inputs}
    blocks = {path: block for path, block in choice.blocks.items() if path != paths.get(input)}
    dataset.decide(file, choice.model_copy(update={"blocks": blocks}))
    return RedirectResponse(f"/d/{name}/files#input-{input}", 303)


def _incoming(files: Sequence[UploadFile]) -> list[Incoming]:
    """Take what was sent; a field without a file is sent as one without a name."""
    return [Incoming(file.filename, file.file) for file in files if file.filename]


def _begun(request: Request, name: str) -> BegunDataset:
    dataset = begun_dataset(bench_of(request).books, name)
    if dataset is None:
        raise missing(Bilingual(f"{name} was not begun on this page", f"{name} 不是在网页上新建的"))
    return dataset


def _file(dataset: BegunDataset, key: str) -> Path:
    file = dataset.file(key)
    if file is None:
        raise missing(Bilingual("there is no such file", "没有这个文件"))
    return file


def _look(dataset: BegunDataset, file: Path) -> FileLook:
    """Look at a file for as long as it takes."""
    found = LOOKING.at(dataset, file, 600)
    if found is None:
        raise InputError("this file is still being looked at: try again", "这个文件还在查看中：请稍后再试")
    return found


def _cards(dataset: BegunDataset, seconds: float) -> list[FileCard]:
    ends = datetime.now(UTC).timestamp() + seconds
    cards = []
    for file in dataset.files():
        left = max(0.0, ends - datetime.now(UTC).timestamp())
        cards.append(
            FileCard(key_of(file), typed_name(file.name), file.stat().st_size, LOOKING.at(dataset, file, left))
        )
    return cards


def _files(request: Request, dataset: BegunDataset, status: int = 200, problem: str = "") -> HTMLResponse:
    cards = _cards(dataset, AT_ONCE)
    used = [look for card in cards if card.look for look in card.look.inputs if look.is_used]
    good = [look.findings.contents.conversations for look in used if look.gives_talks]
    return page(
        request,
        "inspect.html",
        status,
        tab="files",
        cards=cards,
        refused=dataset.state().refused,
        problem=problem,
        is_waiting=any(card.look is None for card in cards),
        conversations=sum(good),
        good=len(good),
        empty=[_input_name(look) for look in used if not look.gives_talks],
        is_own_recipe=dataset.is_own_recipe(),
        has_recipe=dataset.recipe.is_file(),
        kinds_read=suffixes(),
        **_common(dataset),
    )


def _common(dataset: BegunDataset) -> dict[str, Any]:
    """Give what the card of a file needs beside it."""
    return {
        "dataset": dataset.name,
        "kinds": KINDS,
        "column_names": corrections.NAMES,
        "encodings": corrections.ENCODINGS,
        "formats": FORMATS,
        "parts": corrections.PARTS,
        "by_line": corrections.BY_LINE,
        "found_mark": corrections.FOUND,
        "as_found": corrections.as_found,
        "is_sheet_read": _is_sheet_read,
        "input_name": _input_name,
        "sheets_of": _sheets_of,
        "sentence_of": _sentence,
        "is_header": _is_header,
        "no_column": corrections.NO_COLUMN,
        "no_header": corrections.NO_HEADER,
        "headed": corrections.HEADED,
        "takes_columns": corrections.takes_columns,
        "header_of": corrections.header_of,
        "encoding_of": corrections.encoding_of,
        "column_of": corrections.column_of,
        "side_of": _side_of,
        "unread_note": unread_note,
        "personal": _personal,
    }


FORMATS: dict[str, Bilingual] = {
    "turns": Bilingual("a message a row", "一行一条消息"),
    "pairs": Bilingual("a question and its answer a row", "一行一问一答"),
    "questions": Bilingual("only a question a row", "一行一个问题"),
}


def _is_sheet_read(look: FileLook, sheet: str) -> bool:
    """Tell whether a sheet is read: named by itself or by a pattern, or the only one that was found."""
    patterns = [each.sheet for each in look.inputs]
    return any(fnmatchcase(sheet, pattern) for pattern in patterns if pattern) or (
        patterns == [""] and sheet == look.main_sheet
    )


def _input_name(input: InputLook) -> str:
    """Name an input as its file was called when it was sent, with its sheet."""
    return typed_name(input.findings.path.removeprefix(f"{RAW}/"))


def _sheets_of(look: FileLook, input: InputLook) -> str:
    """Name the sheets of an input."""
    return ", ".join(sheet for sheet in look.sheets if fnmatchcase(sheet, input.sheet))


def _sentence(error: InputError) -> str:
    """Say what is wrong, with files called as they were when they were sent."""
    return typed_names(str(error).replace(f"{RAW}/", ""))


def _is_header(look: InputLook, cells: Sequence[str]) -> bool:
    """Tell whether a row is the one from which the names of the columns were read."""
    names = [column.name for column in look.findings.columns]
    shown = [cell.strip() for cell in cells]
    return bool(shown) and shown == names[: len(shown)]


def _side_of(look: InputLook, word: str) -> str:
    """Give whom a word for a speaker stands for, where the block says it."""
    format = look.findings.spec.format
    return str((format.options.get("roles") or {}).get(word, "")) if format else ""


def _personal(kind: str) -> str:
    found = PERSONAL.load(kind)
    return str(Bilingual(kind.replace("_", " "), found.label_zh))


def _start(request: Request, status: int = 200, **values: Any) -> HTMLResponse:
    bench = bench_of(request)
    more = {"problem": "", "refused": (), "name": "", **values}
    return page(request, "start.html", status, lines=_lines(bench), kinds_read=suffixes(), **more)


def _lines(bench: Bench) -> list[DatasetLine]:
    built = bench.store.datasets()
    begun = {dataset.name for dataset in begun_datasets(bench.books)}
    return [_line(bench, name, is_begun=name in begun) for name in sorted({*built, *begun})]


def _line(bench: Bench, name: str, *, is_begun: bool) -> DatasetLine:
    runs, newest = bench.jobs.running(name), bench.store.newest(name)
    if newest is None:
        return DatasetLine(name, "", 0, "", runs, is_begun)
    path = VersionFiles(newest).manifest
    built = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    return DatasetLine(name, newest.name[:12], read_manifest(newest).train_rows, built, runs, is_begun)
