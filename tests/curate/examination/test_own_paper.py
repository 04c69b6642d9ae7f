"""A paper of the user's own: any table with a column of questions; what is wrong is one sentence with its place."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from curate.examination.own_paper import OwnPaper, read_paper
from schemas.errors import InputError
from tests.curate.reading.readers.test_readers import workbook

HEADER = ["问题", "要点", "可接受", "步骤", "应答不知道", "语言", "分组", "上文"]
FULL = [
    "运费多少", "满99包邮|满九十九包邮；不满收10元", "包邮；免运费|不收运费", "登录;下单；付款", "否", "中文", "运费",
    "用户：在吗\n客服：在的",
]  # fmt: skip


def table(*rows: list[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def paper(tmp_path: Path, content: str | bytes, name: str = "shop.csv") -> OwnPaper:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_paper(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", table(HEADER, FULL).encode()),
        ("a.csv", table(HEADER, FULL).encode("utf-8-sig")),
        ("gb.csv", table(HEADER, FULL).encode("gb18030")),
        ("semicolon.csv", table(HEADER, FULL, delimiter=";").encode("gb18030")),
        ("a.tsv", table(HEADER, FULL, delimiter="\t").encode()),
        ("a.xlsx", workbook([HEADER, FULL])),
        ("a.jsonl", json.dumps(dict(zip(HEADER, FULL, strict=True))).encode()),
        (
            "lists.jsonl",
            json.dumps(
                {
                    "question": "运费多少", "facts": ["满99包邮|满九十九包邮", "不满收10元"],
                    "accept": ["包邮", "免运费", "不收运费"], "steps": ["登录", "下单", "付款"],
                    "should_say_unknown": False, "lang": "ZH", "group": "运费", "extra": None,
                    "context": [{"role": "user", "content": "在吗"}, {"role": "assistant", "content": "在的"}],
                }
            ).encode(),
        ),
    ],
)  # fmt: skip
def test_a_question_is_the_same_in_every_layout_and_encoding(tmp_path: Path, name: str, content: bytes) -> None:
    (question,) = paper(tmp_path, content, name).questions
    assert [(m.role, m.content) for m in question.messages] == [
        ("user", "在吗"), ("assistant", "在的"), ("user", "运费多少"),
    ]  # fmt: skip
    assert question.facts == ("满99包邮|满九十九包邮", "不满收10元")
    assert question.accept == ("包邮", "免运费", "不收运费")
    assert question.steps == ("登录", "下单", "付款")
    assert (question.should_say_unknown, question.lang, question.group) == (False, "zh", "运费")
    assert (question.probe, question.paper) == ("own", name)
    assert re.fullmatch(r"own-[0-9a-f]{16}", question.id)


def test_a_column_of_questions_is_enough(tmp_path: Path) -> None:
    found = paper(tmp_path, "Question\n能退吗\nCan I return it?\n退 iPhone 15 Pro Max 要多久\n")
    assert [question.lang for question in found.questions] == ["zh", "en", "zh"]
    assert all(q.facts == q.accept == q.steps == () and q.should_say_unknown is None for q in found.questions)
    assert all(question.group == question.id for question in found.questions)
    assert (found.unmarked, found.empty, found.twice, found.unused) == (3, (), (), ())


@pytest.mark.parametrize("header", ["question", " QUESTION ", "ｑｕｅｓｔｉｏｎ", "问题", "提问"])
def test_a_header_is_found_whatever_its_width_and_case(tmp_path: Path, header: str) -> None:
    assert len(paper(tmp_path, table([header, "Should-say unknown"], ["能退吗", "YES"])).questions) == 1


@pytest.mark.parametrize(
    ("word", "means"),
    [("是", True), ("Yes", True), ("TRUE", True), ("1", True), ("否", False), ("no", False), ("０", False), ("", None)],
)
def test_yes_and_no_in_both_languages(tmp_path: Path, word: str, means: bool | None) -> None:
    (question,) = paper(tmp_path, table(["问题", "应答不知道"], ["明年还打折吗", word])).questions
    assert question.should_say_unknown is means


def test_rows_without_a_question_and_repeated_ones_are_counted(tmp_path: Path) -> None:
    rows = [["能退吗", "能"], ["", "能"], ["能退吗 ", "不能"], ["", ""], ["运费多少", ""]]
    found = paper(tmp_path, table(["问题", "要点", "备注", "note"], *([*row, "", "x"] for row in rows)))
    assert [question.messages[-1].content for question in found.questions] == ["能退吗", "运费多少"]
    assert (found.empty, found.twice, found.unmarked, found.unused) == ((3, 5), (4,), 1, ("备注", "note"))


def test_the_same_question_after_other_words_is_another_question(tmp_path: Path) -> None:
    rows = [["多久", ""], ["多久", "用户：退款\n客服：好的"], ["多久", "用户：发货\n客服：好的"]]
    found = paper(tmp_path, table(["问题", "上文"], *rows))
    assert len({question.id for question in found.questions}) == 3 and found.twice == ()


def test_the_id_of_a_question_depends_on_what_is_asked_alone(tmp_path: Path) -> None:
    one = paper(tmp_path, table(["问题", "要点"], ["能退吗", "能"]), "one.csv")
    two = paper(tmp_path, table(["question"], ["运费多少"], ["能退吗"]), "two.csv")
    assert one.questions[0].id == two.questions[1].id and one.digest != two.digest


SECRET = "机密13812345678"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", table(["问题", "语言"], ["能退吗", SECRET]), r"a\.csv, row 2, column 语言 must be zh or en"),
        ("a.csv", table(["question", "应答不知道"], ["能退吗", SECRET]), r"row 2, column 应答不知道 must be yes or no"),
        ("a.csv", table(["question"], ["x"], ["これはどうですか"]), r"row 3, column question is neither Chinese nor"),
        ("a.csv", table(["问题", "context"], ["能退吗", SECRET]), r"row 2, column context says not who speaks"),
        ("a.csv", table(["问题", "上文"], ["能退吗", f"用户：{SECRET}"]), r"row 2, column 上文 must go from the user"),
        ("a.csv", table(["问题", "上文"], ["能退吗", f"客服：{SECRET}\n用户：好"]), r"must go from the user"),
        ("a.csv", table(["问题", "上文"], ["能退吗", f"用户：{SECRET}\n客服："]), r"must go from the user"),
        ("a.csv", table(["问题", "上文"], ["能退吗", f"{SECRET}\n用户：a\n客服：b"]), r"must go from the user"),
        ("a.csv", table(["问题"], ["退" * 4001]), r"row 2, column 问题 has more than 4000 characters"),
        ("a.csv", table(["问题", "question"], ["a", "b"]), r"columns 问题 and question mean the same"),
        ("a.csv", table(["题目", "答案"], [SECRET, "b"]), r"no column called question or 问题; it has: 题目, 答案"),
        ("a.csv", table([SECRET, "能退吗"], ["b", "c"]), r"it has: #1, 能退吗"),
        ("a.csv", table(["问题", "要点"], ["", "b"]), r"a\.csv asks no question"),
        ("a.csv", table(["问题"], *([f"问题{n}"] for n in range(5001))), r"5001 questions, more than the 5000"),
        ("a.csv", "", r"a\.csv: the file is empty"),
        ("a.csv", '问题,要点\n能退吗,能,多,余\n', r"a\.csv, row 2 cannot be read: wrong_cell_count"),
        ("a.jsonl", '{"question": "a"}\nnot json\n', r"a\.jsonl, row 2 cannot be read: invalid_json"),
        ("a.jsonl", '{"question": ["a"]}\n', r"row 1, column question is no text"),
        ("a.jsonl", '{"question": "a", "facts": [{"x": "1"}]}\n', r"row 1, column facts is no list of texts"),
        ("a.jsonl", '{"question": "a", "facts": {"x": "1"}}\n', r"row 1, column facts is no text"),
        ("a.jsonl", '{"question": "a", "context": ["x"]}\n', r"column context is no list of messages"),
        ("a.jsonl", '{"question": "a", "context": [{"role": "tool", "content": "x"}]}\n', r"must go from the user"),
        ("a.csv", "question\nfree from ¥99\n".encode("gb18030"), r"a\.csv: the encoding cannot be decided; save it as"),
        ("a.pdf", "%PDF", r"a\.pdf: no reader is known"),
        ("a.xlsx", b"PK\x03\x04broken", r"a\.xlsx: not a readable Excel workbook"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_that_quotes_nothing(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    with pytest.raises(InputError, match=says) as raised:
        paper(tmp_path, content, name)
    assert name in raised.value.sentence.zh and name in raised.value.sentence.en
    assert SECRET not in raised.value.sentence.zh + raised.value.sentence.en


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv is no file"):
        read_paper(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="is no file"):
        read_paper(tmp_path)


def asked(**fields: Any) -> str:
    return json.dumps({"question": "能退吗", **fields}) + "\n"


@pytest.mark.parametrize(
    ("facts", "read"),
    [
        ("七天", ("七天",)),
        ("七天；；;\n", ("七天",)),
        ("七天｜7天 | 一周；原路退回", ("七天|7天|一周", "原路退回")),
        ("|；；", ()),
        ("a/b, c。d", ("a/b, c。d",)),
        (["a;b", "c"], ("a;b", "c")),
        (None, ()),
    ],
)
def test_facts_are_parted_by_semicolons_and_alternatives_by_bars(
    tmp_path: Path, facts: Any, read: tuple[str, ...]
) -> None:
    assert paper(tmp_path, asked(facts=facts), "a.jsonl").questions[0].facts == read
