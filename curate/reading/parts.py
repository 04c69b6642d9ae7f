"""Finds the files of an input that is made of many: monthly exports, the members of an archive."""

import re
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from curate.reading.decoding.archives import UNREADABLE, is_archive, members, open_raw
from curate.reading.raw_rows import WHOLE
from curate.reading.readers.xlsx import visible_sheets
from schemas.errors import InputError
from schemas.input import Input, file_and_sheet


def parts_of(spec: Input, folder: Path) -> list[Input]:
    """List an input for each file that the path of this one names, in the natural order of their names: `log_2` comes
    before `log_10`; or for each sheet, as `book.xlsx#*` does.

    `folder` is where paths start. Raises InputError where a pattern names none.
    """
    if not spec.is_pattern or (folder / spec.path).exists():
        return [spec]
    file, sheet = file_and_sheet(folder / spec.path)
    if sheet and not any(mark in str(file) for mark in "*?["):
        found = [name for name in visible_sheets(open_raw(file).content(WHOLE)) if fnmatchcase(name, sheet)]
        names = [f"{spec.path.removesuffix(f'#{sheet}')}#{name}" for name in found]  # in the order of the workbook
    else:
        names = sorted(_matching(folder, spec.path), key=natural_order)
    if not names:
        raise InputError(f"no file is called like {spec.path}", f"没有名字符合 {spec.path} 的文件")
    return [spec.model_copy(update={"path": name}) for name in names]


def natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """Order names by the numbers in them, not by their digits."""
    runs = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in runs], name


def _matching(folder: Path, pattern: str) -> list[str]:
    """Find the files whose paths match, each step of the path on its own; inside of an archive, its members."""
    whole = PurePosixPath(pattern)
    steps = whole.parts
    archive = next((n for n, step in enumerate(steps) if is_archive(step) and n + 1 < len(steps)), None)
    if archive is not None and not any(mark in "/".join(steps[: archive + 1]) for mark in "*?["):
        name = PurePosixPath(*steps[: archive + 1])
        try:
            found = members(folder / name)
        except UNREADABLE:
            return []
        inner = "/".join(steps[archive + 1 :])
        return [f"{name}/{member}" for member in found if _matches(member, inner)]
    start = Path(whole.anchor) if whole.is_absolute() else folder
    inner = str(PurePosixPath(*steps[1:])) if whole.is_absolute() else pattern
    named = (path for path in start.glob(inner) if path.is_file() and not path.name.startswith((".", "~$")))
    found_files = [path for path in named if path.stat().st_size]  # an empty one is no part
    return [path.as_posix() if whole.is_absolute() else path.relative_to(folder).as_posix() for path in found_files]


def _matches(path: str, pattern: str) -> bool:
    """Tell whether each step of a path matches that of the pattern."""
    steps, marks = PurePosixPath(path).parts, PurePosixPath(pattern).parts
    return len(steps) == len(marks) and all(map(fnmatchcase, steps, marks))
