"""What the output of a stage depends on, as digests: its inputs, its settings, its code, and the libraries it uses."""

import ast
import os
import platform
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from curate.system.namespace import HOME, PACKAGES
from schemas.digest import digest, digest_bytes

LIBRARIES = (
    "polars", "pydantic", "numpy", "ftfy", "opencc", "python-calamine", "langdetect", "datasketch", "orjson", "PyYAML",
    "zstandard",
)  # fmt: skip
"""Packages whose version may change what a stage makes."""
WHOLE = (
    "rules", "schemas.formats", "schemas.introductions.known", "schemas.papers", "curate.augmenters.kit",
    "curate.cleaning", "curate.gate.checks", "curate.reading.readers",
)  # fmt: skip
"""Packages that count as a whole, with their data: catalogs, whose files are found by name and imported by nobody, and
lists of words and questions. The files of all others stand alone: importing one does not bring its siblings."""


@dataclass(frozen=True)
class Key:
    """What one output depends on, component by component. `before` is the key of what the stage was given."""

    before: str
    parameters: str
    code: str
    libraries: str
    files: str = ""
    """Of the files that the stage itself reads."""

    @property
    def digest(self) -> str:
        return digest("stage", self.before, self.parameters, self.code, self.libraries, self.files)

    def components(self) -> Mapping[str, str]:
        return {"parameters": self.parameters, "code": self.code, "libraries": self.libraries, "files": self.files}


@cache
def libraries() -> str:
    """Digest the versions of Python, its character tables, and the libraries that matter."""
    return digest(
        platform.python_version(), unicodedata.unidata_version, [(name, _version(name)) for name in LIBRARIES]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def code(*modules: str, home: Path = HOME) -> str:
    """Digest the source of these modules and of all that they import of ours, with the data files beside it."""
    files = sorted(_closure(modules, home))
    return digest([(path.relative_to(home).as_posix(), digest_bytes(path.read_bytes())) for path in files])


def _closure(modules: tuple[str, ...], home: Path) -> set[Path]:
    waiting, known, files, ours = list(modules), set(modules), set[str](), _files_of_ours(home)
    while waiting:
        fresh_files = _files(waiting.pop(), ours) - files
        files |= fresh_files
        for file in sorted(fresh_files):
            fresh = _imports((home / file).read_bytes()) - known if file.endswith(".py") else frozenset()
            known |= fresh
            waiting += sorted(fresh)
    return {home / file for file in files}


def _files_of_ours(home: Path) -> set[str]:
    """List all files of the packages, from `home`, with slashes."""
    walks = (folder for package in PACKAGES for folder in os.walk(home / package))
    folders = ((Path(folder).relative_to(home).as_posix(), names) for folder, _, names in walks)
    return {f"{folder}/{name}" for folder, names in folders if "__pycache__" not in folder for name in names}


def _files(module: str, ours: set[str]) -> set[str]:
    """Find the files of a module and of the packages around it; all files of a package that counts as a whole.

    The name of something inside a module leads to the module.
    """
    parts = module.split(".")
    found: set[str] = set()
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        if f"{path}/__init__.py" in ours:
            found.add(f"{path}/__init__.py")
            if depth == len(parts) and _is_whole(module):
                found |= {file for file in ours if file.startswith(f"{path}/")}
        elif f"{path}.py" in ours:
            found.add(f"{path}.py")
    return found


def _is_whole(package: str) -> bool:
    return any(package == whole or package.startswith(f"{whole}.") for whole in WHOLE)


@cache
def _imports(source: bytes) -> frozenset[str]:
    """Find what a file imports of ours. Of a file that many stages share, it is found once."""
    names: set[str] = set()
    for statement in _statements(ast.parse(source)):
        if isinstance(statement, ast.Import):
            names |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            names |= {statement.module} | {f"{statement.module}.{alias.name}" for alias in statement.names}
    return frozenset(name for name in names if name.partition(".")[0] in PACKAGES)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement inside, at any depth; what stands in expressions cannot import."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        inner = getattr(node, field, ())
        for statement in inner if isinstance(inner, list) else ():
            yield statement
            yield from _statements(statement)
