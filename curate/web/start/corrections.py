"""What a person corrects of an input, as its form says it, and the input block that follows."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError

from curate.inspect.inspect import Findings
from curate.reading.decoding.undecided import CANDIDATES
from curate.reading.detect_format import FORMATS
from curate.reading.raw_rows import READERS, configure
from curate.web.start.looks import InputLook
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.input import Choice, Input
from schemas.record import Frozen, Kind
from schemas.roles import RoleName

ENCODINGS = ("utf-8", *CANDIDATES)
"""What a person may choose for a file."""
BY_LINE = "line:"
"""Before an encoding: UTF-8, and each line that is not UTF-8 in this one."""
HEADED = ("csv", "xlsx")
"""Readers that can be told where the header stands."""
TABLES = ("csv", "xlsx", "html", "xml", "spreadsheet_xml", "console", "jsonl", "parquet")
"""Readers whose rows have columns to choose from."""
FOUND = "="
"""The value of a column that stays as it was found: several columns, or none of those listed."""
NO_COLUMN = "-"
NO_HEADER = "none"
PARTS: dict[str, tuple[str, ...]] = {
    "turns": ("session", "role", "text", "time"),
    "pairs": ("question", "answer"),
    "questions": ("question",),
}
"""What columns of each format can be chosen."""


class Correction(Frozen):
    """The form of one input. A column is its number among the columns, counted from 0, FOUND, or NO_COLUMN:
    a field that is sent empty counts as not sent.
    """

    used: bool = False
    kind: Kind = "domain"
    encoding: str = ""
    header: str = ""
    format: Literal["", "turns", "pairs", "questions"] = ""
    session: str = FOUND
    role: str = FOUND
    text: str = FOUND
    time: str = FOUND
    question: str = FOUND
    answer: str = FOUND
    fill: bool = False
    word: tuple[Literal["", "user", "assistant", "note"], ...] = ()


def takes_columns(findings: Findings) -> bool:
    """Tell whether the columns of an input can be chosen: its rows are those of a table."""
    spec = findings.spec
    is_flat = spec.reader is None or "turns" not in spec.reader.options
    is_table = spec.format is None or spec.format.name in PARTS
    return bool(findings.columns) and findings.reader in TABLES and is_flat and is_table


def header_of(findings: Findings) -> str:
    """Give the value of `header` as it stands now: a row, NO_HEADER, or nothing where it is found out."""
    options = findings.spec.reader.options if findings.spec.reader else {}
    header = options.get("header", True)
    return NO_HEADER if header is False else "" if header is True or header is None else str(header)


def encoding_of(spec: Input) -> str:
    """Give the value of `encoding` as it stands now."""
    return f"{BY_LINE}{spec.line_encodings[0]}" if spec.line_encodings else spec.encoding or ""


def column_of(findings: Findings, part: str) -> str:
    """Give the value of a column as it stands now: a number, FOUND or NO_COLUMN."""
    names = [column.name for column in findings.columns]
    roles = [column.role for column in findings.columns]
    named = _named(findings, part)
    if isinstance(named, str) and named in names:
        return str(names.index(named))
    if named:
        return FOUND
    return str(roles.index(part)) if roles.count(part) == 1 else FOUND if part in roles else NO_COLUMN


def as_found(findings: Findings, part: str) -> str:
    """Name the columns that were found for a part, where they are not one of the list."""
    named = _named(findings, part)
    names = [named] if isinstance(named, str) else list(named or ())
    names = names or [column.name for column in findings.columns if column.role == part]
    return " + ".join(str(CONTEXT.get(name, name)) for name in names)


def _named(findings: Findings, part: str) -> Any:
    """Give what the options of the format say of a part: a name, several, or None."""
    options = findings.spec.format.options if findings.spec.format else {}
    name = "text" if findings.spec.format and findings.spec.format.name == "questions" else part
    named = options.get(name)
    if isinstance(named, Mapping):
        named = named.get("column")
    if isinstance(named, (list, tuple)) and len(named) == 1:
        named = named[0]
    return named


def corrected(look: InputLook, form: Correction) -> Input:
    """Build the input block that a form asks for. Raises InputError for one that cannot be."""
    findings = look.findings
    spec: Input = findings.spec.model_copy(update={"kind": form.kind})
    encoding = _encoding(form.encoding)
    reader = _reader(findings, form.header)
    is_other_table = form.header != header_of(findings) or form.encoding != encoding_of(spec)
    if is_other_table or not findings.reader:  # other columns: they are guessed again
        return Input(path=spec.path, kind=spec.kind, reader=reader, **encoding)
    if not takes_columns(findings):
        return spec
    format = _format(look, form)
    spec = spec.model_copy(update={"format": format})
    if format:
        _check(format)
    return spec


def _encoding(chosen: str) -> dict[str, Any]:
    name = chosen.removeprefix(BY_LINE)
    if name and name not in ENCODINGS:
        raise InputError("there is no such encoding to choose", "没有这种编码可选")
    if chosen.startswith(BY_LINE):
        return {"line_encodings": (name,)}
    return {"encoding": name} if name else {}


def _reader(findings: Findings, header: str) -> Choice | None:
    now = findings.spec.reader
    if header == header_of(findings) or findings.reader not in HEADED:
        return now
    options = {name: value for name, value in (now.options if now else {}).items() if name not in ("header", "columns")}
    if header == NO_HEADER and findings.reader == "csv":
        options["header"] = False
    elif header.isascii() and header.isdigit() and 0 < int(header) < 10_000:
        options["header"] = int(header)
    elif header:
        raise InputError("choose one of the rows shown as the header", "请从列出的行中选择表头")
    if not options:
        return None
    choice = Choice(name=findings.reader, options=options)
    configure(READERS, choice)
    return choice


def _format(look: InputLook, form: Correction) -> Choice | None:
    """Take the format as the form has it: what it does not name stays where the format is the same."""
    findings: Findings = look.findings
    now = findings.spec.format
    name = form.format or (now.name if now else "")
    if name not in PARTS:
        return now
    is_same = now is not None and now.name == name
    options: dict[str, Any] = dict(now.options) if now is not None and is_same else {}
    for part in PARTS[name]:
        value = getattr(form, part)
        if value == FOUND or (is_same and value == column_of(findings, part)):
            continue
        option = "text" if name == "questions" else part
        options.pop(option, None)
        if value != NO_COLUMN:
            options[option] = _column(findings, value)
    if name == "turns":
        _of_turns(look, form, options)
    return Choice(name=name, options=options)


def _column(findings: Findings, value: str) -> str:
    if not (value.isascii() and value.isdigit() and int(value) < len(findings.columns)):
        raise InputError("choose one of the columns of the file", "请从文件的列中选择")
    return findings.columns[int(value)].name


def _of_turns(look: InputLook, form: Correction, options: dict[str, Any]) -> None:
    """Set what only turns have: merged cells, and the words for the two sides."""
    if options.get("session"):
        for other in ("user", "to", "gap"):
            options.pop(other, None)
    options.pop("fill", None)
    if form.fill:
        options["fill"] = True
    words = look.rows.words.get(str(options.get("role")), ())
    if form.role not in (FOUND, column_of(look.findings, "role")) or len(form.word) != len(words):
        return
    known: dict[str, RoleName] = dict(options.pop("roles", {}))
    for each, side in zip(words, form.word, strict=True):
        known.pop(each.word, None)
        if side:
            known[each.word] = side
    if known:
        options["roles"] = known


def _check(format: Choice) -> None:
    try:
        configure(FORMATS, format)
    except ValidationError as error:
        missing = [str(problem["loc"][-1]) for problem in error.errors() if problem["type"] == "missing"]
        if missing:
            names = ", ".join(str(NAMES.get(name, name)) for name in missing)
            raise InputError(f"choose a column for: {names}", f"请选择列：{names}") from None
        raise InputError(
            "choose the column that says which conversation a row belongs to, or the customer and the time",
            "请选择哪一列说明消息属于哪段会话，或者客户与时间两列",
        ) from None
    if format.name == "pairs" and bool(format.options.get("question")) != bool(format.options.get("answer")):
        raise InputError("choose the column of questions and that of answers", "请选择问题和回答两列")


CONTEXT = {
    "_file": Bilingual("each file is a conversation", "每个文件是一段会话"),
    "_block": Bilingual("empty rows part conversations", "空行分隔会话"),
}
NAMES: dict[str, Bilingual] = {
    "session": Bilingual("conversation", "会话"),
    "role": Bilingual("who speaks", "谁在说"),
    "text": Bilingual("what is said", "说了什么"),
    "time": Bilingual("when", "时间"),
    "user": Bilingual("customer", "客户编号"),
    "state": Bilingual("withdrawn or not", "是否撤回"),
    "question": Bilingual("question", "问题"),
    "answer": Bilingual("answer", "回答"),
}
