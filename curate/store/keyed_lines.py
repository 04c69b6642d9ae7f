"""Files that a command writes and a build reads: a JSON object a line, of which no two have one key."""

from codecs import BOM_UTF8 as BOM
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.record import Frozen

Line = TypeVar("Line", bound=Frozen)


def read_keyed_lines(
    path: Path, model: type[Line], key: Callable[[Line], Hashable], wrong: Bilingual, again: Bilingual
) -> dict[int, Line]:
    """Read the lines by their numbers, without those that are empty.

    Raises InputError naming the first line that is none of this model, with what is `wrong`, or has the key of one
    before: `again` names that line as `{line}`.
    """
    read: dict[int, Line] = {}
    lines: dict[Hashable, int] = {}
    for number, content in enumerate(_content(path).removeprefix(BOM).split(b"\n"), start=1):
        if not content.strip():
            continue
        line = _line(content, model)
        if line is None:
            raise InputError(f"{path}:{number}: {wrong.en}", f"{path}:{number}：{wrong.zh}")
        if (before := lines.setdefault(key(line), number)) != number:
            raise InputError(
                f"{path}:{number}: {again.en.format(line=before)}", f"{path}:{number}：{again.zh.format(line=before)}"
            )
        read[number] = line
    return read


def check_may_be_written(target: Path, what: Bilingual) -> None:
    """Raise InputError for a file that cannot be one of these: `what` is in it, in the plural."""
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(
            f"{target} cannot be written: it is a folder, or lies in none",
            f"无法写入 {target}：它是目录，或所在目录不存在",
        )
    if target.suffix != ".jsonl":
        raise InputError(f"{target}: the file of {what.en} is a .jsonl", f"{target}：{what.zh}文件的后缀应为 .jsonl")


def put_copy_back(copy: Path, target: Path, holds_lines: bool, what: Bilingual) -> None:
    """Write the copy that a version holds beside a recipe, to the byte: the id of the version hangs on it.

    Raises InputError where others stand there; `holds_lines` says whether any line does.
    """
    content = copy.read_bytes()
    if holds_lines and target.read_bytes() != content:
        raise InputError(
            f"{target} is there already and holds other {what.en}; name another file with --to",
            f"{target} 已存在且内容是别的{what.zh}；请用 --to 换一个文件名",
        )
    replace_durably(target, content)


def _line(content: bytes, model: type[Line]) -> Line | None:
    """Read a line; None where it is none of this model. What pydantic says of it would quote it."""
    try:
        return model.model_validate_json(content)
    except ValidationError:
        return None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None
