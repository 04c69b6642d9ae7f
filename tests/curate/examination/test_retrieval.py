"""What a search of a version finds: the shop's rows that are trained on, nothing where nothing is shared, no chance."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from curate.examination.retrieval import LONGEST, passages
from curate.examination.words import words
from schemas.errors import StoreError
from schemas.exam import ExamQuestion
from tests.train.versions import line, question, write_version

ROWS = [
    line("r1", "退款多久到账", "退款三天内原路退回。"),
    line("r2", "怎么申请退款", "在订单页点申请退款即可。"),
    line("r3", "发什么快递", "默认发顺丰。"),
    line("r4", "月球上有水吗", "月球两极有水冰。", kind="general"),
    line("r7", "介绍一下月球", "我是小喵。", kind="identity"),
    line("r8", "彩票号码是多少", "抱歉，这不在服务范围内。", kind="refusal"),
    line("r5", "How long do refunds take?", "Three working days."),
    line("r6", "钱什么时候退款", "退款三天内原路退回。"),
]


def ask(*texts: str) -> ExamQuestion:
    """A question behind what was said before it, the user first."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return ExamQuestion.model_validate({"id": "q", "probe": "own", "lang": "zh", "messages": messages, "group": "g"})


def found(folder: Path, *texts: str, rows: list[dict[str, object]] = ROWS) -> tuple[str, ...]:
    (passage,) = passages(write_version(folder / "v", rows), [ask(*texts)])
    return passage


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("退款多久能到账？", "问：退款多久到账\n答：退款三天内原路退回。"),
        ("申请退款在哪里", "问：怎么申请退款\n答：在订单页点申请退款即可。"),
        ("你们用的是哪家快遞", "问：发什么快递\n答：默认发顺丰。"),
        ("is there a REFUND", "问：How long do refunds take?\n答：Three working days."),
    ],
)
def test_the_nearest_exchange_comes_first(tmp_path: Path, text: str, first: str) -> None:
    assert found(tmp_path, text)[0] == first


@pytest.mark.parametrize("text", ["你们有什么", "月球上有水吗", "how are you", "？？", "", "天气怎么样"])
def test_nothing_is_found_where_no_word_of_a_subject_is_shared(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ()


def test_questions_of_the_exam_general_chat_and_introductions_are_never_found(tmp_path: Path) -> None:
    version = write_version(tmp_path / "v", ROWS, [question("x", "保修几年")])
    assert passages(version, [ask("保修几年"), ask("介绍月球")]) == [(), ()]


def test_what_the_shop_declines_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, "彩票") == ("问：彩票号码是多少\n答：抱歉，这不在服务范围内。",)


def test_an_answer_is_shown_once_and_passages_are_few_and_short(tmp_path: Path) -> None:
    shown = found(tmp_path, "退款")
    assert len(shown) == len({passage.partition("答：")[2] for passage in shown}) == 2
    long = [line(f"r{n}", "退款" * 300, f"{n}退款" * 300) for n in range(9)]
    shown = found(tmp_path, "退款", rows=long)
    assert len(shown) == 3 and all(len(passage) <= LONGEST and passage.endswith("…") for passage in shown)
    assert all("答：" in passage for passage in shown)


def test_every_exchange_of_a_conversation_is_a_passage(tmp_path: Path) -> None:
    row = line("r", "在吗", "在的。")
    row["messages"] += [
        {"role": "user", "content": "邮费谁出"},
        {"role": "assistant", "content": "质量问题由我们承担。"},
    ]
    row["messages"].insert(0, {"role": "system", "content": "邮费"})
    assert found(tmp_path, "邮费", rows=[row]) == ("问：邮费谁出\n答：质量问题由我们承担。",)


def test_a_question_goes_on_from_what_was_asked_before(tmp_path: Path) -> None:
    assert found(tmp_path, "发哪家快递", "请稍等。", "那要几天呢")[0].startswith("问：发什么快递")
    assert found(tmp_path, "您好", "发哪家快递", "那要几天呢") == ()


def test_equals_come_by_their_rows_in_any_order_of_the_version(tmp_path: Path) -> None:
    rows = [line(f"r{n}", "运费多少", f"{word}元。") for n, word in enumerate("甲乙丙丁戊")]
    shown = found(tmp_path, "运费", rows=rows)
    assert shown == found(tmp_path, "运费", rows=rows[::-1])
    assert [passage[-3] for passage in shown] == ["甲", "乙", "丙"]


def test_an_english_row_is_shown_in_english(tmp_path: Path) -> None:
    row = {**line("r", "Do you ship abroad?", "Yes, {braces} and all."), "lang": "en"}
    assert found(tmp_path, "ship", rows=[row]) == ("Q: Do you ship abroad?\nA: Yes, {braces} and all.",)


def test_a_version_without_a_word_finds_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, "退款", rows=[]) == ()
    assert found(tmp_path, "退款", rows=[line("r", "？？", "！")]) == ()


def test_a_damaged_version_is_refused(tmp_path: Path) -> None:
    version = write_version(tmp_path / "v", ROWS)
    (version / "train-00000.jsonl").write_bytes(b"{}\n")
    with pytest.raises(StoreError):
        passages(version, [ask("退款")])


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("退货政策是什么", ["退货", "政策"]),
        ("iPhone15手机壳", ["iphone15", "手机", "壳"]),
        ("ＲＥＦＵＮＤＳ, glass Gas don't", ["refund", "glass", "gas"]),
        ("優惠券", ["优惠", "优惠券"]),
        ("退货运费", ["退", "货运", "运费", "货运费"]),
        ("的了吗？ what is it", []),
    ],
)
def test_texts_are_cut_into_words_of_a_subject(text: str, cut: list[str]) -> None:
    assert words([text, "x", text]) == [cut, ["x"], cut]


SEARCH = (
    "import sys, tempfile; from pathlib import Path; from curate.examination.words import words\n"
    "print(words(['退货政策']), sorted(p.name for p in Path(tempfile.gettempdir()).iterdir()))"
)
WITHOUT = "import sys\nsys.modules[{package!r}] = None\n"


def python(code: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)


def test_the_dictionary_is_silent_and_neither_reads_nor_leaves_a_file(tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"planted")
    done = python(SEARCH, tmp_path)
    assert (done.stdout, done.stderr) == ("[['退货', '政策']] ['jieba.cache']\n", "")
    assert (tmp_path / "jieba.cache").read_bytes() == b"planted"


@pytest.mark.parametrize("package", ["jieba", "bm25s"])
def test_a_package_that_is_missing_is_named_with_how_to_install_it(tmp_path: Path, package: str) -> None:
    version = write_version(tmp_path / "v", ROWS)
    code = WITHOUT.format(package=package) + (
        "from pathlib import Path\nfrom curate.examination.retrieval import passages\n"
        "from schemas.errors import InputError\nfrom tests.curate.examination.test_retrieval import ask\n"
        f"try: passages(Path({str(version)!r}), [ask('退款')])\nexcept InputError as error: print(error)\n"
    )
    done = python(code, Path(tempfile.gettempdir()))
    assert package in done.stdout and "pip install 'hornbook[train]'" in done.stdout, done.stderr


def test_the_exam_loads_no_search_before_it_is_needed(tmp_path: Path) -> None:
    code = (
        "import sys, curate.commands.run, curate.examination.exam_paper; print({'jieba', 'bm25s'} & set(sys.modules))"
    )
    assert python(code, tmp_path).stdout == "set()\n"
