"""Encodings are decided by evidence and refused by name; packed files are opened within bounds."""

import gzip
import io
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from curate.reading.decoding.archives import RATIO, Raw, open_raw
from curate.reading.decoding.decode import text_blocks
from curate.reading.decoding.detect_encoding import UndecidedEncodingError, detect_encoding
from schemas.errors import InputError

ZH = "您好，您的订单已经发货，预计三天内到账。请问还有什么可以帮您？\n"
TRADITIONAL = "您好，請問您的訂單編號是多少？我們會儘快為您處理退款，謝謝您的耐心等候。\n"
KOREAN = "안녕하세요 고객님 주문하신 상품은 내일 배송될 예정입니다. 환불을 원하시면 연락해 주세요.\n"
JAPANESE = "お客様のご注文は明日発送される予定です。返金をご希望の場合はご連絡ください。\n"
FRENCH = "Votre commande a été expédiée, désolé pour le délai à l’aéroport. Ça va être réglé.\n"
GERMAN = "Größe über für Straße schön, Müller möchte zurückgeben. Die Lieferung verzögert sich.\n"
RUSSIAN = "Здравствуйте, ваш заказ будет доставлен завтра. Спасибо.\n"

READ = [
    pytest.param(b"", "utf-8", id="empty"),
    pytest.param(b"a,b\n1,2\n", "utf-8", id="ascii"),
    pytest.param(ZH.encode(), "utf-8", id="chinese"),
    pytest.param(KOREAN.encode(), "utf-8", id="korean"),
    pytest.param(FRENCH.encode(), "utf-8", id="french"),
    pytest.param(ZH.encode("utf-8-sig"), "utf-8-sig", id="mark"),
    pytest.param(ZH.encode("utf-16"), "utf-16", id="utf-16"),
    pytest.param(b"\xfe\xff" + ZH.encode("utf-16-be"), "utf-16", id="utf-16-be"),
    pytest.param(ZH.encode("utf-32"), "utf-32", id="utf-32"),
    pytest.param(ZH.encode("gb18030"), "gb18030", id="gb18030"),
    pytest.param("问题,答案\n".encode("gbk"), "gb18030", id="header only"),
    pytest.param("小喵是客服吗\n".encode("gbk"), "gb18030", id="one rare character in a short text"),
    pytest.param(TRADITIONAL.encode("big5"), "big5", id="big5"),
    pytest.param((TRADITIONAL * 9 + "a,b,€1\n").encode("cp950"), "cp950", id="big5 of Windows"),
    pytest.param(("唔該，我想退貨，係咪可以㗎？" * 9).encode("big5hkscs"), "big5hkscs", id="big5 of Hong Kong"),
    pytest.param(ZH.encode("utf-16-le"), "utf-16-le", id="utf-16 without mark"),
    pytest.param(TRADITIONAL.encode("utf-16-be"), "utf-16-be", id="utf-16-be without mark"),
    pytest.param("hello\n".encode("utf-16-le"), "utf-16-le", id="latin utf-16 without mark"),
    pytest.param(b"a,b\n1,2\x00\n" + ZH.encode(), "utf-8", id="one zero byte"),
    pytest.param((ZH + "㐀𠀀\n").encode("gb18030"), "gb18030", id="four-byte characters"),
    pytest.param("name,答案\nWi-Fi 6,您好，请重启 router 再试\n".encode("gbk"), "gb18030", id="mixed with Latin"),
    pytest.param("I don’t know\nit’s fine\n".encode("cp1252"), "cp1252", id="apostrophe"),
    pytest.param("Is the café open?\nYes – it’s €9, you’re welcome.\n".encode("cp1252"), "cp1252", id="prices"),
    pytest.param("乾隆年间，\n".encode("gbk") * 2 + ZH.encode("gbk") * 50, "gb18030", id="an unusual line"),
]
REFUSED = [
    pytest.param(FRENCH.encode("cp1252"), "`encoding: cp1252`", id="french"),
    pytest.param(GERMAN.encode("cp1252"), "`encoding: cp1252`", id="german"),
    pytest.param(KOREAN.encode("euc-kr"), "`encoding: euc_kr`", id="euc-kr"),
    pytest.param(JAPANESE.encode("euc-jp"), "`encoding: euc_jp`", id="euc-jp"),
    pytest.param(JAPANESE.encode("shift_jis"), "`encoding: shift_jis`", id="shift_jis"),
    pytest.param(
        "Dobrý den, vaše objednávka byla odeslána včera. Děkuji, přeji hezký den.\n".encode("cp1250"),
        "cannot be decided",
        id="czech",
    ),
    pytest.param(RUSSIAN.encode("cp1251"), "not GB18030 at byte", id="cp1251"),
    pytest.param(RUSSIAN.encode("koi8-r"), "not GB18030 at byte", id="koi8-r"),
    pytest.param(b"\x00\x01\x02" * 99, "zero bytes", id="a program's own file"),
    pytest.param(ZH.encode() * 50 + ZH.encode("gbk"), "line 51 is not UTF-8, line 1 is", id="one GBK line in UTF-8"),
    pytest.param(ZH.encode("gbk") * 50 + ZH.encode(), "line 1 is not UTF-8, line 51 is", id="one UTF-8 line in GBK"),
    pytest.param(FRENCH.encode() * 9 + FRENCH.encode("cp1252"), "two encodings", id="one cp1252 line in UTF-8"),
    pytest.param(ZH.encode("gbk") * 50 + TRADITIONAL.encode("big5"), "line 51", id="one Big5 line in GBK"),
    pytest.param(ZH.encode()[:-3], "cut off", id="cut in a character"),
    pytest.param(bytes(range(128, 256)) * 9, "cannot be decided", id="noise"),
]


class Decoded(NamedTuple):
    text: str
    encoding: str
    evidence: str


def decode(content: bytes, name: str | None = None) -> Decoded:
    raw = Raw("log.csv", lambda: io.BytesIO(content))
    decision = detect_encoding(raw, name)
    return Decoded("".join(text_blocks(raw, decision)), decision.encoding, decision.evidence.en)


@pytest.mark.parametrize(("content", "encoding"), READ)
def test_a_file_is_read_in_its_own_encoding(content: bytes, encoding: str) -> None:
    decoded = decode(content)
    assert decoded.encoding == encoding
    assert decoded.text == content.decode(encoding).removeprefix("\ufeff")
    assert decoded.evidence


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_a_misreading_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(content)


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_an_error_quotes_no_content(content: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(content)
    message = caught.value.sentence.en
    assert message.isascii()
    assert not any(word in message for word in ("commande", "Müller", "know", "hello"))


@pytest.mark.parametrize(
    ("content", "name"),
    [(TRADITIONAL.encode("big5"), "big5"), (KOREAN.encode("euc-kr"), "euc-kr"), (ZH.encode(), "utf-8")],
)
def test_the_recipe_has_the_last_word(content: bytes, name: str) -> None:
    assert decode(content, name) == (content.decode(name), name, "named in the recipe")


def test_a_named_encoding_is_strict_and_leaves_no_mark() -> None:
    assert decode(b"\xef\xbb\xbfa,b", "utf-8").text == "a,b"
    with pytest.raises(InputError, match="byte 0 of the file"):
        decode(ZH.encode("gbk"), "utf-8")
    for name in ("klingon", "rot13", "base64"):
        with pytest.raises(InputError, match="no encoding"):
            decode(b"abc", name)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufeff")))
def test_every_utf8_text_comes_back(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.binary(max_size=200))
def test_bytes_are_decoded_without_loss_or_refused(content: bytes) -> None:
    try:
        decoded = decode(content)
    except InputError:
        return
    assert "\ufffd" not in decoded.text or "\ufffd".encode(decoded.encoding) in content
    assert decoded.text == content.decode(decoded.encoding).removeprefix("\ufeff")


MIXED = ZH.encode() * 3 + ZH.encode("gbk") + TRADITIONAL.encode("big5") + b"a,\xff\xff\n"


def test_lines_of_another_encoding_are_read_where_the_recipe_allows_it_and_counted() -> None:
    raw = Raw("log.csv", lambda: io.BytesIO(MIXED[: -len(b"a,\xff\xff\n")]))
    with pytest.raises(UndecidedEncodingError, match="line 4 is not UTF-8, line 1 is"):
        detect_encoding(raw)
    counted: Counter[str] = Counter()
    decision = detect_encoding(raw, line_encodings=("big5", "gb18030"))
    text = "".join(text_blocks(raw, decision, counted))
    assert text.startswith(ZH * 3)
    assert text.endswith(TRADITIONAL)
    assert sum(counted.values()) == 2


def test_a_line_that_no_encoding_can_read_is_marked_and_not_replaced() -> None:
    raw = Raw("log.csv", lambda: io.BytesIO(MIXED))
    text = "".join(text_blocks(raw, detect_encoding(raw, line_encodings=("gb18030",)), counted := Counter()))
    assert text.split("\n")[-2] == "a,\udcff\udcff"
    assert "\ufffd" not in text
    assert counted["none"] == 1


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [
        (FRENCH.encode("cp1252"), "cp1252", FRENCH.strip()),
        (KOREAN.encode("euc-kr"), "euc_kr", KOREAN.strip()),
        (b"order,text\n" + JAPANESE.encode("shift_jis"), "shift_jis", JAPANESE.strip()),
        (ZH.encode() * 50 + ZH.encode("gbk"), "gb18030", ZH.strip()),
    ],
)
def test_an_undecided_file_shows_its_telling_line_in_each_candidate(content: bytes, name: str, shown: str) -> None:
    with pytest.raises(UndecidedEncodingError) as caught:
        decode(content)
    assert dict(caught.value.previews).get(name) == shown[:80] or name == "gb18030"
    assert shown[:10] not in caught.value.sentence.en + caught.value.sentence.zh


def test_a_file_is_decided_and_read_chunk_by_chunk_as_at_once(tmp_path: Path) -> None:
    for name, encoding in (("utf-8", "utf-8"), ("gb18030", "gb18030"), ("big5", "big5"), ("utf-16", "utf-16")):
        text = (TRADITIONAL if name == "big5" else ZH) * 40_000
        (tmp_path / "log.txt").write_bytes(text.encode(encoding))
        raw = open_raw(tmp_path / "log.txt")
        decision = detect_encoding(raw)
        blocks = list(text_blocks(raw, decision))
        assert decision.encoding == name
        assert len(blocks) > 1
        assert "".join(blocks) == text
        assert all(block.endswith("\n") for block in blocks)


def archive(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


def test_plain_gzip_and_zip_give_the_inner_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"a,b\n"))
    (tmp_path / "C.CSV.GZ").write_bytes(gzip.compress(b"a,b\n"))
    archive(tmp_path / "d.zip", {"folder/d.csv": "a,b\n", "__MACOSX/._d.csv": "x", ".DS_Store": "x"})
    for name, inner in (("a.csv", "a.csv"), ("b.csv.gz", "b.csv"), ("C.CSV.GZ", "C.CSV"), ("d.zip", "d.csv")):
        raw = open_raw(tmp_path / name)
        assert (raw.name, raw.content(99)) == (inner, b"a,b\n")


def test_zstandard_of_several_frames_and_a_member_that_is_packed_itself(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.compress(b"a,b\n") + zstandard.compress(b"c,d\n"))
    raw = open_raw(tmp_path / "a.jsonl.zst")
    assert (raw.name, raw.content(99)) == ("a.jsonl", b"a,b\nc,d\n")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as file:
        file.writestr("chats/may.csv.gz", gzip.compress(b"a,b\n"))
        file.writestr("chats/june.csv", b"c,d\n")
    for member, inner, content in (
        ("chats/may.csv.gz", "may.csv", b"a,b\n"),
        ("chats/june.csv", "june.csv", b"c,d\n"),
    ):
        raw = open_raw(tmp_path / "b.zip" / member)
        assert (raw.name, raw.content(99)) == (inner, content)


def test_a_member_named_by_a_chinese_windows_is_found(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("xxxx.csv", "a,b\n")
    (tmp_path / "c.zip").write_bytes(whole.getvalue().replace(b"xxxx.csv", "五月".encode("gbk") + b".csv"))
    assert open_raw(tmp_path / "c.zip" / "五月.csv").content(99) == b"a,b\n"


def test_an_archive_of_several_files_is_refused_by_their_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"2 files; name the one to read \(two.zip/a.csv, two.zip/b.csv\)"):
        open_raw(archive(tmp_path / "two.zip", {"a.csv": "1", "b.csv": "2"}))
    with pytest.raises(InputError, match="0 files"):
        open_raw(archive(tmp_path / "none.zip", {}))
    with pytest.raises(InputError, match=r"9 files.*, …\)"):
        open_raw(archive(tmp_path / "nine.zip", {f"{n}.csv": "1" for n in range(9)}))


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    zeros = b"0" * (20 << 20)
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(zeros))
    else:
        archive(tmp_path / name, {"bomb.csv": zeros.decode()})
    assert len(zeros) > RATIO * (tmp_path / name).stat().st_size + (1 << 20)
    with pytest.raises(InputError, match="unpacks to more than"):
        open_raw(tmp_path / name).content(1 << 30)


def test_a_file_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    log = "".join(f"{n},您好，请问订单{n}什么时候发货,稍等\n" for n in range(50_000)).encode()
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(log))
    assert open_raw(tmp_path / "log.csv.gz").content(len(log)) == log


def locked(flag_at: int, flag: int) -> bytes:
    """A zip whose member claims a password (flag bit 0) or an unknown compression (method 99)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("a.csv", "x,y\n")
    content = bytearray(whole.getvalue())
    content[6 + flag_at] = flag
    content[content.index(b"PK\x01\x02") + 8 + flag_at] = flag
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("cut.csv.gz", gzip.compress(b"a,b\n1,2\n" * 999)[:-20], id="cut gzip"),
        pytest.param("not.csv.gz", b"a,b\n", id="no gzip"),
        pytest.param("cut.csv.zst", zstandard.compress(b"a,b\n1,2\n" * 999)[:-9], id="cut zstandard"),
        pytest.param("not.csv.zst", b"a,b\n", id="no zstandard"),
        pytest.param("bad.zip", b"PK\x03\x04junk", id="no zip"),
        pytest.param("locked.zip", locked(0, 1), id="password"),
        pytest.param("method.zip", locked(2, 99), id="unknown compression"),
    ],
)
def test_what_cannot_be_unpacked_is_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="cannot be read or unpacked"):
        open_raw(tmp_path / name).content(1 << 30)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.csv", "no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(InputError, match=reason):
            open_raw(path)
