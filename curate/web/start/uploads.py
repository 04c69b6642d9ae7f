"""Takes files that a browser sends: each under a name of its content, whole or not at all.

What a file is called decides nothing but its ending, and leads nowhere: the name is cleaned, and the digest of the
bytes stands in it. Whatever would fill a disk or the memory is refused here, before anything else reads it.
"""

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import IO, NamedTuple

from curate.reading.decoding.archives import READ_SIZE, UNREADABLE, is_archive, members, open_raw
from curate.reading.decoding.tar_entries import SUFFIXES as TARS
from curate.reading.decoding.undecided import UndecidedEncodingError
from curate.reading.raw_rows import READERS, WHOLE, raw_rows
from curate.reading.readers.xlsx import Xlsx, check_workbook
from curate.system.disk import DISK
from schemas.bilingual import Bilingual
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.input import Input
from schemas.record import Frozen

MOST_FILES = 200
"""Files that are taken at once."""
MOST_MEMBERS = 1_000
"""Files that an archive may hold."""
LONGEST = 80
"""Characters of a name, and at most so many bytes: a disk takes 255, the digest and the ending among them."""
LONGEST_BYTES = 200
MARK = 8
"""Letters of the digest that stand in the name."""
PACKED = (".gz", ".zst")
SIGNS = re.compile(r'[<>:"|?*#\[\]\\/]')
"""What means something in a path or in a pattern of paths."""
KEY = re.compile(rf"\.([0-9a-f]{{{MARK}}})\.")


class Incoming(NamedTuple):
    """A file as it is sent. The name may be anything."""

    name: str
    content: IO[bytes]


class RefusedFile(Frozen):
    """A file that was not taken, and why not."""

    name: str
    why: Bilingual


def suffixes() -> tuple[str, ...]:
    """List the endings of files that are read, without those of a compression."""
    return tuple(sorted({suffix for reader in READERS.all().values() for suffix in reader.suffixes}))


def take_files(files: Sequence[Incoming], folder: Path) -> list[RefusedFile]:
    """Put files into a folder, and give those that were not taken. A file that is there already is not taken twice."""
    refused = []
    for number, incoming in enumerate(files):
        try:
            if number >= MOST_FILES:
                raise InputError(
                    f"more than {MOST_FILES} files at once: send the rest by themselves, or all of them in one zip",
                    f"一次最多 {MOST_FILES} 个文件：其余的请分批上传，或打包成一个 zip",
                )
            _take(incoming, folder)
        except InputError as error:
            name = "".join(c if c.isprintable() else "�" for c in _base(incoming.name)[:LONGEST])
            refused.append(RefusedFile(name=name or "?", why=error.sentence))
    return refused


def clean_name(typed: str) -> tuple[str, str]:
    """Part the name of a file into its stem, cleaned, and its ending, in small letters. Raises InputError for a kind of
    file that is not read.
    """
    name = unicodedata.normalize("NFC", _base(typed))
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = SIGNS.sub("_", " ".join(name.split()))
    suffix = _suffix(name)
    stem = name[: -len(suffix)].strip(". ")[:LONGEST]
    while len(stem.encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem or "file", suffix.lower()


def typed_name(stored: str) -> str:
    """Give the name of a file as it was sent, without its digest."""
    return KEY.sub(".", stored, count=1)


def typed_names(sentence: str) -> str:
    """Call files in a sentence as they were when they were sent."""
    return KEY.sub(".", sentence)


def _base(typed: str) -> str:
    return re.split(r"[/\\]", typed)[-1]


def _suffix(name: str) -> str:
    pure = PurePath(name.lower())
    known = (*suffixes(), ".zip", *TARS)
    packed = [f"{inner}{outer}" for inner in (*suffixes(), ".tar") for outer in PACKED]
    found = next((suffix for suffix in (*packed, *known) if pure.name.endswith(suffix)), "")
    if not found:
        raise InputError(
            f"files of this kind are not read; these are: {' '.join(suffixes())}, also packed as .zip, .tar, .gz, .zst",
            f"不支持这种文件；支持 {' '.join(suffixes())}，也可以打包成 .zip、.tar、.gz、.zst",
        )
    return found


def _take(incoming: Incoming, folder: Path) -> None:
    stem, suffix = clean_name(incoming.name)
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=folder) as hidden:
        path = Path(hidden) / f"{stem}{suffix}"
        with path.open("xb") as file:
            shutil.copyfileobj(incoming.content, file, READ_SIZE)
            file.flush()
            os.fsync(file.fileno())
        check_file(path)
        mark = digest_file(path)[:MARK]
        twin = next((other for other in stored_files(folder) if key_of(other) == mark), None)
        if twin is not None:
            other = typed_name(twin.name)
            raise InputError(
                f"the same content is here already, as {other}: it is read once",
                f"内容与已有的“{other}”完全相同，只读一次",
            )
        path.chmod(0o600)
        DISK.replace(path, folder / f"{stem}.{mark}{suffix}")
    DISK.sync(folder)


def stored_files(folder: Path) -> list[Path]:
    """List the files that were taken, in the order of their names."""
    return sorted(path for path in folder.glob("[!.]*") if path.is_file() and KEY.search(path.name))


def key_of(stored: Path) -> str:
    """Give the letters of the digest in the name of a file."""
    marks = KEY.findall(stored.name)
    return marks[-1] if marks else ""


def check_file(path: Path) -> None:
    """Raise InputError for a file that is empty, damaged, no file of its kind, or too large when it is unpacked. One of
    which only the encoding is doubtful is good.
    """
    if not path.stat().st_size:
        raise InputError("the file is empty", "文件是空的")
    if not is_archive(path.name):
        _check_content(path)
        return
    try:
        names = members(path)
    except UNREADABLE:
        raise InputError(
            "cannot be unpacked: cut off, locked or of an unknown compression",
            "无法解压：文件不完整、有密码或压缩方式未知",
        ) from None
    if len(names) > MOST_MEMBERS:
        raise InputError(
            f"holds {len(names)} files; an archive may hold {MOST_MEMBERS}",
            f"里面有 {len(names)} 个文件；一个压缩包最多 {MOST_MEMBERS} 个",
        )
    readable = [name for name in names if name.lower().endswith(suffixes()) or name.lower().endswith(PACKED)]
    if not readable:
        raise InputError("holds no file of a kind that is read", "里面没有能读取的文件")
    for name in names:
        _drain(path / name)


def _check_content(path: Path) -> None:
    _drain(path)
    try:
        raw_rows(Input(path=path.name), path)
    except UndecidedEncodingError as error:
        if not error.previews:
            raise
        return
    if path.suffix.lower() in Xlsx.suffixes:
        content = open_raw(path).content(WHOLE)
        if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            check_workbook(content)


def _drain(path: Path) -> None:
    """Unpack a file once, to nowhere: what unpacks to more than a log does raises InputError."""
    with open_raw(path).stream() as stream:
        while stream.read(READ_SIZE):
            pass
