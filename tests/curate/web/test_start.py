"""Files that are handed in on the page: what is taken, what is shown of them, and the recipe at the end."""

import gzip
import io
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter

from curate.build.build import build
from curate.inspect.first_recipe import write_recipe
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.web.start.uploads import MOST_FILES, clean_name
from schemas.errors import InputError
from tests.curate.web.forms import form
from tests.curate.web.visitor import Visitor, words

Sent = tuple[str, bytes]


def csv_of(*rows: str) -> bytes:
    return "\n".join(rows).encode()


PAIRS = csv_of("question,answer", *(f"When does parcel {n} come?,It comes in {n} days." for n in range(20)))
GBK = "\n".join(
    ["会话,角色,内容"]
    + [
        line
        for n in range(25)
        for line in (f"G{n},客户,第{n}款杯子保温多久？", f"G{n},客服,第{n}款可以保温十二个小时。")
    ]
).encode("gb18030")
JAPANESE = "\n".join(["質問,回答"] + [f"いつ届きますか{n},三日以内に届きます{n}" for n in range(20)]).encode(
    "shift_jis"
)
SWAPPED = csv_of(
    "sid,who,said,typed",
    *(f"{n // 2},{'user' if n % 2 == 0 else 'agent'},text number {n},note {n} here" for n in range(40)),
)


def workbook() -> bytes:
    """A title row, merged ids, nicknames, and a second sheet of the same columns beside one of remarks."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        july, august, remarks = (book.add_worksheet(name) for name in ("七月", "八月", "说明"))
        july.merge_range(0, 0, 0, 3, "七月客服聊天记录导出")
        for column, name in enumerate(("会话编号", "发送人", "消息内容", "发送时间")):
            july.write(1, column, name)
            august.write(0, column, name)
        for n in range(24):
            top = 2 + 2 * n
            july.merge_range(top, 0, top + 1, 0, f"S{n:04}")
            pair = (
                (f"云朵{n:02}", f"订单{n}什么时候发货？我的手机13812345{600 + n}"),
                ("小美客服", f"亲，{n}号今天下午就会发出。"),
            )
            for step, (who, text) in enumerate(pair):
                for column, cell in enumerate((who, text, f"2025-07-{1 + n:02} 10:0{step}:00"), start=1):
                    july.write(top + step, column, cell)
        for n in range(10):
            pair = ((f"星星{n:02}", f"请问{n}号尺码偏大吗"), ("阿力客服", f"{n}号偏小一点，建议拍大一码。"))
            for step, (who, text) in enumerate(pair):
                for column, cell in enumerate((f"T{n:04}", who, text, f"2025-08-{1 + n:02} 11:0{step}:00")):
                    august.write(1 + 2 * n + step, column, cell)
        remarks.write(0, 0, "本表由客服部导出")
    return content.getvalue()


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    return Visitor(tmp_path)


def begin(visitor: Visitor, *files: Sent, name: str = "tea") -> httpx.Response:
    return visitor.send("/begin/files", {"name": name}, files=[("files", file) for file in files])


def raw_files(visitor: Visitor, name: str = "tea") -> dict[str, bytes]:
    folder = visitor.bench.books / name / "raw"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def corrected(visitor: Visitor, name: str = "tea", **changes: Any) -> str:
    """Send the form of the first input with these changes, and give the page that follows."""
    page = visitor.page(f"/d/{name}/files")
    address = re.search(r'action="(/d/[^"?]*/files/[0-9a-f]{8}/[0-9a-f]{8})\?', page)
    assert address
    _, fields = form(page, address[1])
    answer = visitor.send(address[1], {**fields, **changes})
    assert answer.status_code == 303, words(answer.text)
    return visitor.page(f"/d/{name}/files")


def go_on(visitor: Visitor, name: str = "tea") -> Path:
    answer = visitor.send(f"/d/{name}/files/recipe")
    assert answer.status_code == 303, words(answer.text)
    assert answer.headers["location"] == f"/d/{name}/recipe"
    return visitor.bench.books / name / "recipe.yaml"


def zipped(*members: Sent) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


def workbook_without_end() -> bytes:
    """One value in the first corner and one in the last: a table of 17 billion cells."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    return content.getvalue()


# What is not taken


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", b"", "empty"),
        ("program.exe", b"MZ", "not read"),
        ("no_ending", PAIRS, "not read"),
        ("page.php.csv.exe", PAIRS, "not read"),
        ("none.xlsx", b"PK\x03\x04 this is no workbook", "not a readable Excel workbook"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200), "is a picture"),
        ("text.xls", b"just some words\nand more of them", "plain text"),
        ("none.parquet", PAIRS, "called Parquet"),
        ("none.zip", b"PK\x03\x04 none", "cannot be unpacked"),
        ("none.csv.gz", PAIRS, "cannot be read or unpacked"),
        ("bomb.csv.gz", gzip.compress(bytes(40 << 20)), "unpacks to more than"),
        ("bomb.zip", zipped(("a.csv", bytes(40 << 20))), "unpacks to more than"),
        ("empty.zip", zipped(), "no file of a kind"),
        ("programs.zip", zipped(("a.exe", b"MZ")), "no file of a kind"),
        ("many.zip", zipped(*((f"{n}.csv", b"a") for n in range(1_001))), "may hold 1000"),
        ("out.tar.gz", tarred("../../out.csv", PAIRS), "leads out of it"),
        ("zeros.txt", bytes(4_000), "empty"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence_and_leaves_nothing(
    visitor: Visitor, name: str, content: bytes, why: str
) -> None:
    answer = begin(visitor, (name, content))
    assert answer.status_code == 400
    assert why in words(answer.text)
    assert name in words(answer.text)
    assert not list(visitor.bench.books.glob("*"))


def test_a_workbook_that_is_a_bomb_is_refused(visitor: Visitor) -> None:
    answer = begin(visitor, ("bomb.xlsx", workbook_without_end()), ("good.csv", PAIRS))
    assert answer.status_code == 303
    assert "bomb.xlsx : a sheet spans 1048576 rows" in words(visitor.page("/d/tea/files"))
    assert [name.partition(".")[0] for name in raw_files(visitor)] == ["good"]


@pytest.mark.parametrize(
    "name",
    [
        "../../x.csv",
        "..\\..\\x.csv",
        "/etc/passwd/x.csv",
        "....//x.csv",
        ".x.csv",
        "x\u202evsc.csv",
        "x\x00\x1b[31m\n.csv",
        "book.xlsx#7.csv",
        "a[b]*?.csv",
        "<script>alert(1)<b>.csv",
        '"onload=".csv',
        "字" * 300 + ".csv",
        "👨‍👩‍👧‍👦" * 60 + ".csv",
        ".csv",
        "~$x.CSV",
    ],
)
def test_a_hostile_name_is_harmless(visitor: Visitor, name: str, tmp_path: Path) -> None:
    assert begin(visitor, (name, PAIRS)).status_code == 303
    [(stored, content)] = raw_files(visitor).items()
    assert content == PAIRS
    assert re.fullmatch(r"[^./\\\x00-\x1f][^/\\<>:\"|?*#\[\]]*\.[0-9a-f]{8}\.csv", stored)
    assert stored.isprintable()
    assert len(stored.encode()) <= 255
    assert sorted(path.name for path in tmp_path.iterdir()) == ["books"]
    page = visitor.page("/d/tea/files")
    assert "<script>alert" not in page
    assert "20 conversations" in words(page)
    load_recipe(go_on(visitor))


def test_the_same_content_is_read_once(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS), ("b.csv", PAIRS))
    assert [name[:2] for name in raw_files(visitor)] == ["a."]
    assert "is here already, as a.csv" in words(visitor.page("/d/tea/files"))


def test_too_many_files_are_refused_beside_the_first_ones(visitor: Visitor) -> None:
    begin(visitor, *((f"{n}.txt", f"row {n}".encode()) for n in range(MOST_FILES + 1)))
    assert len(raw_files(visitor)) == MOST_FILES


# What must be taken as it is


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("七月 客服.xlsx", workbook()),
        ("gbk.csv", GBK),
        ("doubtful.csv", JAPANESE),
        ("crlf.tsv", b"a\tb\r\n1\t2\r\n"),
        ("mark.csv", b"\xef\xbb\xbf" + PAIRS),
        ("packed.csv.gz", gzip.compress(PAIRS)),
        ("two.zip", zipped(("a.csv", PAIRS), ("b/c.csv", GBK))),
        ("one.tgz", tarred("a.csv", PAIRS)),
        ("lines.jsonl", b'{"question": "a?", "answer": "b"}\n'),
        ("broken.json", b'{"question": '),
        ("v1.2 final.csv", PAIRS),
        ("Ａ－é.CSV", PAIRS),
    ],
)
def test_a_good_file_is_taken_byte_for_byte(visitor: Visitor, name: str, content: bytes) -> None:
    assert begin(visitor, (name, content)).status_code == 303
    [(stored, kept)] = raw_files(visitor).items()
    assert kept == content
    stem, _ = clean_name(name)
    assert stored.startswith(f"{stem}.")
    assert visitor.get("/d/tea/files").status_code == 200


def test_a_name_keeps_what_people_write() -> None:
    assert clean_name("七月 客服 (2).xlsx") == ("七月 客服 (2)", ".xlsx")
    assert clean_name("e\u0301te\u0301.TAR.GZ") == ("été", ".tar.gz")
    with pytest.raises(InputError):
        clean_name("a.doc")


# Names of datasets


@pytest.mark.parametrize("name", ["../x", "A B", "店", "-x", "x" * 65, ".x", "a/b"])
def test_a_name_that_cannot_be_is_refused(visitor: Visitor, name: str) -> None:
    assert begin(visitor, ("a.csv", PAIRS), name=name).status_code == 400
    assert not visitor.bench.books.exists()


def test_a_name_is_proposed_and_never_taken_twice(visitor: Visitor) -> None:
    first, second = (begin(visitor, ("Shop July.csv", PAIRS), name="").headers["location"] for _ in range(2))
    assert (first, second) == ("/d/shop-july/files", "/d/shop-july-2/files")
    assert begin(visitor, ("a.csv", PAIRS), name="shop-july").status_code == 400


def test_a_dataset_of_the_store_keeps_its_name(shop_folder: Path, copied_shop: Path) -> None:
    visitor = Visitor(copied_shop)
    assert begin(visitor, ("a.csv", PAIRS), name="shop").status_code == 400
    assert begin(visitor, ("shop.csv", PAIRS), name="").headers["location"] == "/d/shop-2/files"


def test_no_file_is_a_sentence(visitor: Visitor) -> None:
    assert visitor.send("/begin/files", {"name": "tea"}).status_code == 400
    assert "choose at least one file" in words(visitor.send("/begin/files", {"name": "tea"}).text)


# The list


def test_the_list_says_what_there_is(copied_shop: Path) -> None:
    visitor = Visitor(copied_shop)
    newest = Store(copied_shop).newest("shop")
    assert newest
    text = words(visitor.page("/"))
    assert newest.name[:12] in text
    assert f"{read_manifest(newest).train_rows:,}" in text
    begin(visitor, ("a.csv", PAIRS))
    assert "tea none yet begun, not built" in words(visitor.page("/"))


def test_an_empty_store_says_how_one_begins(visitor: Visitor) -> None:
    page = visitor.page("/")
    assert "as they were exported" in words(page)
    assert ".xlsx" in page
    assert "原样" in words(visitor.page("/?lang=zh"))


# What is shown, and corrected


def test_a_workbook_and_its_sister_become_a_version(visitor: Visitor, tmp_path: Path) -> None:
    begin(visitor, ("七月客服.xlsx", workbook()), ("六月.csv", GBK))
    page = visitor.page("/d/tea/files")
    text = words(page)
    assert "34 conversations" in text
    assert "25 conversations" in text
    assert "gb18030" in text
    assert "[手机号1]" in text
    assert "13812345" not in page
    version = build(load_recipe(go_on(visitor)), Store(tmp_path))
    assert read_manifest(version).records == 59


def test_sheets_are_chosen(visitor: Visitor) -> None:
    begin(visitor, ("七月客服.xlsx", workbook()))
    page = visitor.page("/d/tea/files")
    address, fields = form(page, "/sheets")
    assert fields["sheet"] == ["七月", "八月"]
    assert visitor.send(address, {"sheet": ["八月"]}).status_code == 303
    assert "10 conversations" in words(visitor.page("/d/tea/files"))
    assert "#八月" in go_on(visitor).read_text("utf-8")
    assert visitor.send(address, {"sheet": ["不存在"]}).status_code == 400


def test_the_recipe_is_that_of_init(visitor: Visitor, tmp_path: Path) -> None:
    begin(visitor, ("shop.csv", GBK))
    written = go_on(visitor).read_text("utf-8")
    [stored] = raw_files(visitor)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / stored).write_bytes(GBK)
    write_recipe([tmp_path / "raw" / stored], tmp_path / "recipe.yaml")
    expected = (tmp_path / "recipe.yaml").read_text("utf-8").replace(f"{tmp_path}/", "")
    assert re.sub("name: .*", "", written) == re.sub("name: .*", "", expected)
    assert "name: tea" in written


def test_a_form_that_is_sent_as_it_is_changes_nothing(visitor: Visitor) -> None:
    begin(visitor, ("六月.csv", GBK))
    before = go_on(visitor).read_text("utf-8")
    assert "corrected by hand" not in words(corrected(visitor))
    assert go_on(visitor).read_text("utf-8") == before


def test_a_corrected_column_changes_the_samples_and_the_build(visitor: Visitor, tmp_path: Path) -> None:
    begin(visitor, ("log.csv", SWAPPED))
    page = visitor.page("/d/tea/files")
    assert "text number 0" in page.partition("<form")[0] or "note 0 here" in page
    for column, text in (("3", "note 0 here"), ("2", "text number 0")):
        page = corrected(visitor, format="turns", session="0", role="1", text=column)
        samples = "".join(re.findall(r'<ol class="talk.*?</ol>', page, re.DOTALL))
        assert text in samples
        assert "20 conversations" in words(page)
    version = build(load_recipe(go_on(visitor)), Store(tmp_path))
    assert "text number" in "".join(path.read_text("utf-8") for path in version.glob("*.jsonl"))


def test_the_sides_can_be_exchanged(visitor: Visitor) -> None:
    sides = ("user", "agent", "user", "agent")
    begin(visitor, ("log.csv", csv_of("sid,who,said", *(f"{n // 4},{sides[n % 4]},text {n} of it" for n in range(80)))))
    page = corrected(visitor, word=["assistant", "user"])
    assert "roles: {user: assistant, agent: user}" in go_on(visitor).read_text("utf-8").replace("'", "")
    assert "text 1 of it" in page.partition('class="who user">customer')[2][:200]


def test_the_row_of_names_can_be_chosen(visitor: Visitor) -> None:
    begin(
        visitor,
        (
            "titled.csv",
            csv_of(
                "Log of July,,",
                "exported today,,",
                "question,answer,x",
                *(f"Is it {n}?,Yes {n} it is,1" for n in range(20)),
            ),
        ),
    )
    page = corrected(visitor, header="3")
    assert "20 conversations" in words(page)
    recipe = go_on(visitor).read_text("utf-8")
    assert "reader: {csv: {header: 3}}" in recipe
    page = corrected(visitor, header="")
    assert "header: 3" not in go_on(visitor).read_text("utf-8")


def test_doubtful_encodings_stand_side_by_side_and_the_choice_builds(visitor: Visitor, tmp_path: Path) -> None:
    begin(visitor, ("質問.csv", JAPANESE))
    page = visitor.page("/d/tea/files")
    assert re.findall(r'name="encoding" value="([a-z0-9_]+)"', page) == ["gb18030", "cp1252", "shift_jis"]
    assert visitor.send("/d/tea/files/recipe").status_code == 400
    page = corrected(visitor, encoding="shift_jis")
    assert "質問" in page
    page = corrected(visitor, format="pairs", question="0", answer="1")
    assert "20 conversations" in words(page)
    recipe = go_on(visitor)
    assert "encoding: shift_jis" in recipe.read_text("utf-8")
    [file] = read_manifest(build(load_recipe(recipe), Store(tmp_path))).inputs
    assert (file.encoding, file.rows, file.bad) == ("shift_jis", 20, 0)


def test_a_kind_is_written_and_a_file_left_out_is_not(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS), ("b.csv", GBK))
    corrected(visitor, kind="general")
    assert "kind: general\n" in go_on(visitor).read_text("utf-8")
    page = visitor.page("/d/tea/files")
    address = re.findall(r'action="(/d/[^"?]*/files/[0-9a-f]{8}/[0-9a-f]{8})\?', page)[1]
    _, fields = form(page, address)
    del fields["used"]
    visitor.send(address, fields)
    recipe = go_on(visitor).read_text("utf-8")
    assert "a." in recipe
    assert "b." not in recipe


def test_what_is_no_log_stays_out_unless_it_is_wanted(visitor: Visitor) -> None:
    begin(
        visitor,
        ("a.csv", PAIRS),
        ("readme.txt", b"These are the talks of July.\nAsk Mia."),
        ("prices.csv", csv_of("sku,price", *(f"{n},{n}.50" for n in range(20)))),
    )
    page = visitor.page("/d/tea/files")
    assert "readme.txt 1 KB left out" in words(page)
    assert "prices.csv 1 KB cannot be read yet" in words(page)
    answer = visitor.send("/d/tea/files/recipe")
    assert answer.status_code == 400
    assert "no conversation comes out of prices.csv" in words(answer.text)
    assert not (visitor.bench.books / "tea" / "recipe.yaml").exists()
    assert visitor.send("/d/tea/files/recipe", {"without": "true"}).status_code == 303
    assert "raw/a." in (visitor.bench.books / "tea" / "recipe.yaml").read_text("utf-8")
    address = re.findall(r'action="(/d/[^"?]*/files/[0-9a-f]{8}/[0-9a-f]{8})\?', visitor.page("/d/tea/files"))[2]
    visitor.send(address, {**form(page, address)[1], "used": "true"})
    assert "readme.txt 1 KB cannot be read yet" in words(visitor.page("/d/tea/files"))


def test_what_was_corrected_can_be_taken_back(visitor: Visitor) -> None:
    begin(visitor, ("log.csv", GBK))
    before = go_on(visitor).read_text("utf-8")
    page = corrected(visitor, kind="general")
    address, _ = form(page, "/first")
    visitor.send(address)
    assert go_on(visitor).read_text("utf-8") == before


@pytest.mark.parametrize(
    "changes",
    [
        {"encoding": "utf-7"},
        {"encoding": "../../etc"},
        {"header": "-1"},
        {"header": "99999"},
        {"session": "99"},
        {"session": "sid"},
        {"role": "-"},
        {"session": "-"},
        {"format": "pairs", "question": "1"},
        {"format": "sharegpt"},
        {"kind": "evil"},
        {"unknown": "1"},
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(visitor: Visitor, changes: dict[str, str]) -> None:
    begin(visitor, ("log.csv", GBK))
    page = visitor.page("/d/tea/files")
    address = re.findall(r'action="(/d/[^"?]*/files/[0-9a-f]{8}/[0-9a-f]{8})\?', page)[0]
    _, fields = form(page, address)
    before = (visitor.bench.books / "tea" / "begun.json").read_bytes()
    assert visitor.send(address, {**fields, **changes}).status_code == 400
    assert (visitor.bench.books / "tea" / "begun.json").read_bytes() == before


def test_hostile_cells_show_as_text(visitor: Visitor) -> None:
    cell = '"<script>alert(1)</script> \u202e{{ 7*7 }} <img src=x onerror=alert(1)>"'
    begin(
        visitor, ("log.csv", csv_of('question,answer,"<b onclick=x>"', *(f"{cell},{cell},{cell}" for _ in range(20))))
    )
    page = visitor.page("/d/tea/files")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b onclick" not in page
    assert "\u202e" not in page
    assert "49" not in re.sub(r"[0-9a-f]{8,}", "", page.partition("<main")[2].partition("{{ 7*7 }}")[0][-5:])


# Add, throw away, and what is not there


def test_more_files_are_added(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS))
    answer = visitor.send("/d/tea/files", files=[("files", ("b.csv", GBK)), ("files", ("c.exe", b"MZ"))])
    assert answer.status_code == 303
    assert len(raw_files(visitor)) == 2
    assert "c.exe" in words(visitor.page("/d/tea/files"))


def test_a_draft_is_thrown_away_after_a_question_and_nothing_else_is(copied_shop: Path) -> None:
    visitor = Visitor(copied_shop)
    before = {path for path in copied_shop.rglob("*")}
    begin(visitor, ("a.csv", PAIRS))
    begin(visitor, ("a.csv", PAIRS), name="other")
    assert visitor.send("/d/tea/files/throw-away").status_code == 303
    assert raw_files(visitor)
    address, fields = form(visitor.page("/d/tea/files/throw-away"), "/throw-away")
    assert visitor.send(address, fields).status_code == 303
    assert not (visitor.bench.books / "tea").exists()
    assert raw_files(visitor, "other")
    assert before <= set(copied_shop.rglob("*"))
    assert [path.name for path in visitor.bench.books.iterdir()] == ["other"]


def test_a_recipe_changed_since_is_only_written_anew_where_that_is_asked_for(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS))
    recipe = go_on(visitor)
    changed = recipe.read_text("utf-8").replace("name: tea", "name: tea\nseed: 9")
    recipe.write_text(changed, "utf-8")
    go_on(visitor)
    assert recipe.read_text("utf-8") == changed
    assert "changed since" in words(visitor.page("/d/tea/files"))
    visitor.send("/d/tea/files/recipe", {"anew": "true"})
    assert "seed: 9" not in recipe.read_text("utf-8")


def test_what_is_not_there_is_said_so(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS))
    for address in (
        "/d/none/files",
        "/d/none/files/throw-away",
        "/d/tea/files/00000000",
        "/d/tea/files/x",
        "/d/../files",
    ):
        assert visitor.get(address).status_code in (400, 404), address
    assert visitor.send("/d/tea/files/00000000/sheets", {"sheet": "a"}).status_code == 404


def test_a_large_file_comes_by_itself(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS))
    [stored] = raw_files(visitor)
    key = stored.split(".")[1]
    part = visitor.part(f"/d/tea/files/{key}")
    assert f'id="file-{key}"' in part
    assert "<body" not in part
    assert "20 conversations" in words(visitor.page(f"/d/tea/files/{key}"))


def test_looks_are_kept_and_can_be_lost(visitor: Visitor) -> None:
    begin(visitor, ("a.csv", PAIRS))
    page = visitor.page("/d/tea/files")
    looks = sorted((visitor.bench.books / "tea" / "looks").iterdir())
    assert looks
    assert visitor.page("/d/tea/files") == page
    for path in looks:
        path.write_text("{}")
    assert visitor.page("/d/tea/files") == page
