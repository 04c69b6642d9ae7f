"""Groups what a person hands over: the files of a folder or of an archive that are one log in parts."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from curate.reading.decoding.archives import UNREADABLE, is_archive, members
from schemas.errors import InputError

COUNTED = 20
"""How many times as high as there are sessions the numbers of sessions go that are counted from 1."""
SHARED = 0.8
"""The share of the sessions of a part that stand in another, before they are others under the same numbers."""
BEGUN = 0.8
"""The share of those that a customer begins with words of his own."""


def grouped(paths: Sequence[Path]) -> list[Path]:
    """Give a pattern for the files of a folder, or the members of an archive, that have one ending; a single one as it
    is, and whatever else as it was typed.
    """
    return [found for path in paths for found in _grouped(path)]


def _grouped(path: Path) -> list[Path]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file()]
        names = [file.relative_to(path).as_posix() for file in files if not file.name.startswith((".", "~$"))]
    elif is_archive(path.name) and path.is_file():
        try:
            names = members(path)
        except (InputError, *UNREADABLE):
            return [path]
    else:
        return [path]
    if len(names) < 2 or len(set(names)) < len(names):
        return [path / names[0]] if path.is_dir() and names else [path]

    empty = [name for name in names if path.is_dir() and not (path / name).stat().st_size]
    kinds: dict[tuple[str, str], list[str]] = {}
    for name in names:
        if name in empty:
            continue
        pure = PurePosixPath(name)
        kinds.setdefault((str(pure.parent), "".join(pure.suffixes[-1:])), []).append(name)
    found = []
    for (parent, suffix), alike in kinds.items():
        folder = path if parent == "." else path / parent
        found.append(path / alike[0] if len(alike) == 1 else folder / f"*{suffix}")
    return found + [path / name for name in empty]


def are_tables(parts: Sequence[Sequence[dict[str, Any]]]) -> bool:
    """Tell whether parts are different tables, as of a database, and not one log: two of them have few columns in
    common.
    """
    kinds = {frozenset(rows[0]) for rows in parts if rows and all(rows[0].keys() == row.keys() for row in rows)}
    return any(2 * len(one & other) < min(len(one), len(other)) for one in kinds for other in kinds)


def counts_again(parts: Sequence[Sequence[dict[str, Any]]], session: tuple[str, ...], text: str, is_user: Any) -> bool:
    """Tell whether sessions of one part have the numbers of others, since each part counts from 1. `is_user` tells
    whether a row is said by the customer.
    """
    first, *others = [_sessions(rows, session) for rows in parts]
    for sessions in others:
        shared = sorted(set(first) & set(sessions))
        if len(shared) >= SHARED * min(len(first), len(sessions)) and _are_counted(first) and _are_counted(sessions):
            known = {key: {str(row.get(text)) for row in first[key]} for key in shared}
            begun = [key for key in shared if is_user(sessions[key][0])]
            new = [key for key in begun if str(sessions[key][0].get(text)) not in known[key]]
            if shared and len(new) >= BEGUN * len(shared):
                return True
    return False


def _sessions(rows: Sequence[dict[str, Any]], session: tuple[str, ...]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(str(row.get(name)) for name in session), []).append(row)
    return found


def _are_counted(sessions: dict[tuple[str, ...], Any]) -> bool:
    """Tell whether sessions are called by numbers that begin near 1."""
    numbers = [re.sub(r"\D", "", key[-1]) for key in sessions]
    return all(numbers) and max(map(int, numbers)) <= COUNTED * len(numbers) and min(map(int, numbers)) <= COUNTED
