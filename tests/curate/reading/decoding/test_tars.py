"""Archives of tar are read as zip is: by the names of their files, never more than logs unpack to, nothing on disk."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from curate.inspect.inspect import inspect_files
from curate.reading.decoding.archives import members, open_raw
from curate.reading.parts import parts_of
from schemas.errors import InputError
from schemas.input import Input

TALK = json.dumps({"messages": [{"role": "user", "content": "能退吗"}, {"role": "assistant", "content": "可以"}]})
MODES = {"a.tar": "w", "a.tar.gz": "w:gz", "A.TGZ": "w:gz"}


def entry(name: str, content: bytes = TALK.encode(), **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for key, value in fields.items():
        setattr(member, key, value)
    return member, content


def packed(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, MODES.get(path.name, "w:gz")) as archive:
        for member, content in entries:
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", MODES)
def test_the_files_of_a_tar_are_read_by_their_names(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, entry("./chats/1.jsonl"), entry("chats/2.jsonl", b"x" * 3000), entry("._1.jsonl"))
    assert members(path) == ["chats/1.jsonl", "chats/2.jsonl"]
    assert open_raw(path / "chats" / "2.jsonl").content(9999) == b"x" * 3000
    raw = open_raw(path / "chats" / "1.jsonl")
    assert (raw.name, raw.content(9999), raw.content(9999)) == ("1.jsonl", TALK.encode(), TALK.encode())
    parts = parts_of(Input(path=f"{name}/chats/*.jsonl"), tmp_path)
    assert [part.path for part in parts] == [f"{name}/chats/1.jsonl", f"{name}/chats/2.jsonl"]


def test_a_single_file_needs_no_name(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tgz", entry("导出/一月.jsonl"))
    assert open_raw(path).name == "一月.jsonl"


def test_a_name_in_gbk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="gbk") as archive:
        archive.addfile(entry("客服.jsonl")[0], io.BytesIO(TALK.encode()))
    assert members(path) == ["客服.jsonl"]


def test_which_file_is_meant_is_asked(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tgz", entry("1.jsonl"), entry("2.jsonl"))
    with pytest.raises(InputError, match=r"the archive holds 2 files; name the one to read \(a.tgz/1.jsonl"):
        open_raw(path)
    twice = packed(tmp_path / "b.tgz", entry("1.jsonl"), entry("./1.jsonl"))
    with pytest.raises(InputError, match="2 members named"):
        open_raw(twice / "1.jsonl")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_no_files(tmp_path: Path, kind: bytes) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_text(TALK, encoding="utf-8")
    link = entry("2.jsonl", b"", type=kind, linkname=str(secret))
    path = packed(tmp_path / "a.tar.gz", entry("1.jsonl"), link)
    assert members(path) == ["1.jsonl"]
    with pytest.raises(InputError, match="holds 1 files"):
        open_raw(path / "2.jsonl")


@pytest.mark.parametrize("name", ["../secret.jsonl", "/etc/secret.jsonl", "a/../../secret.jsonl"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.tar.gz", entry("1.jsonl"), entry(name))
    with pytest.raises(InputError, match="leads out of it"):
        open_raw(path)
    [findings] = inspect_files([path])
    assert "leads out of it" in str(findings.problem)


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_a_size_that_is_a_lie_and_an_archive_that_is_cut_off_are_one_sentence(tmp_path: Path, name: str) -> None:
    whole = packed(tmp_path / "whole.tar.gz", entry("1.jsonl"))
    content = tarfile.TarInfo("1.jsonl")
    content.size = 1 << 50
    cut = tmp_path / name
    if name == "a.tar":
        cut.write_bytes(content.tobuf() + TALK.encode())
    else:
        cut.write_bytes(whole.read_bytes()[:-40])
    with pytest.raises(InputError, match="cannot be read or unpacked"):
        open_raw(cut).content(1 << 20)


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\0" * 5000, b"\x1f\x8b" + b"x" * 99])
@pytest.mark.parametrize("name", MODES)
def test_what_is_no_tar_is_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"(cannot be read or unpacked|holds 0 files)"):
        open_raw(tmp_path / name)


def test_a_tar_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tar.gz", entry("1.jsonl", bytes(60 << 20)), entry("2.jsonl"))
    with pytest.raises(InputError, match="unpacks to more than"):
        open_raw(path)


def test_a_file_with_holes_is_refused(tmp_path: Path) -> None:
    headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(1 << 40),
               "GNU.sparse.map": "0,3", "GNU.sparse.name": "1.jsonl"}  # fmt: skip
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        member, content = entry("1.jsonl", b"abc", pax_headers=headers)
        archive.addfile(member, io.BytesIO(content))
    with pytest.raises(InputError, match="has holes"):
        open_raw(path)


def test_a_changed_archive_is_read_anew(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tar.gz", entry("1.jsonl"))
    assert open_raw(path).content(9999) == TALK.encode()
    packed(path, entry("2.jsonl", b"something else, and longer"))
    assert open_raw(path).content(9999) == b"something else, and longer"


def test_the_label_of_an_export_beside_its_talks_is_left_out(tmp_path: Path) -> None:
    label = json.dumps({"exported_at": "2026-01-05T10:00:00Z", "count": 2, "version": "1.4"}).encode()
    talks = [entry(f"out/talks/{n}.json") for n in (1, 2)]
    found = inspect_files([packed(tmp_path / "a.tar.gz", *talks, entry("out/about.json", label))])
    assert [(Path(each.path).name, each.is_beside) for each in found] == [("*.json", False), ("about.json", True)]


@pytest.mark.parametrize("row", [{"text": "客户说想退货，客服说可以"}, {"talk": [["user", "hi"]]}], ids=str)
def test_one_object_that_may_be_a_talk_is_asked_for(tmp_path: Path, row: object) -> None:
    talks = [entry(f"out/talks/{n}.json") for n in (1, 2)]
    found = inspect_files([packed(tmp_path / "a.tar.gz", *talks, entry("out/x.json", json.dumps(row).encode()))])
    assert [each.is_beside for each in found] == [False, False]
