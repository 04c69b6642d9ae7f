"""What the columns of a table hold is guessed from what stands in them; a table that does not tell is left alone."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from curate.inspect.column_roles import columns_of, first_choice, guess_kind, is_header

SAID = (
    "我的订单什么时候能送到",
    "您好，明天下午送达，请您留意电话",
    "好的，那我明天在家等着吧",
    "不客气，祝您生活愉快",
)
SAID_EN = (
    "where is my order please",
    "sorry for the delay, it ships today",
    "ok then",
    "happy to help, thank you for asking",
)


def talk(
    names: tuple[str, str, str, str], speakers: tuple[str, str], texts: tuple[str, ...] = SAID
) -> list[dict[str, str]]:
    """Ten sessions of four messages: session, time, speaker, text under the names given; an empty name is left out."""
    rows = []
    for session in range(10):
        for n, text in enumerate(texts):
            cells = (f"s{session}", f"2026-11-{session + 1:02} 10:{n:02}:00", speakers[n % 2], f"{text}{session}")
            rows.append({name: cell for name, cell in zip(names, cells, strict=True) if name})
    return rows


def named_speakers() -> list[dict[str, str]]:
    """Two agents under their own names, and a customer with a name of his own in each session."""
    rows = talk(("会话", "", "发送者", "内容"), ("客", "服"))
    for n, row in enumerate(rows):
        session = n // 4
        row["发送者"] = f"买家{session}号" if row["发送者"] == "客" else ("小美", "小丽")[session % 2]
    return rows


def one_user_for_weeks() -> list[dict[str, str]]:
    """Three users who come back on other days, so that a user is no session."""
    rows = talk(("uid", "at", "side", "msg"), ("user", "agent"))
    for n, row in enumerate(rows):
        row["uid"] = f"u{n // 4 % 3}"
    return rows


TABLES: list[tuple[str, list[dict[str, str]], dict[str, Any] | None]] = [
    (
        "known words",
        talk(("编号", "时间", "谁", "说了什么"), ("客户", "客服")),
        {"session": "编号", "role": "谁", "text": "说了什么"},
    ),
    (
        "English words",
        talk(("id", "t", "by", "said"), ("customer", "agent"), SAID_EN),
        {"session": "id", "role": "by", "text": "said"},
    ),
    (
        "0 and 1",
        talk(("sid", "", "is_agent", "text"), ("0", "1")),
        {"session": "sid", "role": "is_agent", "text": "text", "roles": {"0": "user", "1": "assistant"}},
    ),
    (
        "a line of totals",
        [*talk(("sid", "", "side", "text"), ("买家", "店小二")), {"sid": "合计", "side": "40", "text": ""}],
        {"session": "sid", "role": "side", "text": "text"},
    ),
    ("names", named_speakers(), {"session": "会话", "role": "发送者", "text": "内容"}),
    (
        "out of order",
        talk(("编号", "时间", "谁", "说了什么"), ("客户", "客服"))[::-1],
        {"session": "编号", "role": "谁", "text": "说了什么", "time": "时间"},
    ),
    ("users", one_user_for_weeks(), {"user": "uid", "time": "at", "role": "side", "text": "msg"}),
    (
        "pairs",
        [
            {"n": str(n), "类": "售后", "问的": f"第{n}种商品能退吗", "答的": f"第{n}种七天内可以退货"}
            for n in range(20)
        ],
        {"question": "问的", "answer": "答的"},
    ),
    ("labels", [{"text": f"my card number {n} does not work", "category": "card"} for n in range(20)], None),
    ("numbers", [{"a": str(n), "b": f"2026-11-{n + 1:02}"} for n in range(20)], None),
    ("one column", [{"text": f"什么都没有的第{n}行文字"} for n in range(20)], None),
    ("one side", talk(("sid", "", "role", "text"), ("agent", "agent")), None),
    ("keys and links", [{"key": f"set_{n}_of_many", "url": f"someone/set{n}"} for n in range(20)], None),
    (
        "a label of 0 and 1",
        [{"a": f"怎么退款{n}呢", "b": f"怎么样退款{n}呢", "c": str(n % 2)} for n in range(20)],
        None,  # pairs that mean the same or not: the second answers nothing
    ),
    (
        "people",
        [{"name": ("Ann", "Bob", "Cid")[n % 3], "house": str(n % 7), "street": f"Mill Road No {n}"} for n in range(40)],
        None,
    ),
    ("no rows", [], None),
]


@pytest.mark.parametrize(("rows", "options"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_columns_are_known_by_what_stands_in_them(
    rows: list[Mapping[str, Any]], options: dict[str, Any] | None
) -> None:
    guessed = columns_of(rows)
    assert (dict(guessed.options) if guessed else None) == options


HEADERS: list[tuple[list[str], list[list[str]], bool]] = [
    (["id", "text"], [["1", "hello"], ["2", "there"]], True),
    (["编号", "内容"], [["1", "你好"], ["2", "在吗"]], True),
    (["", "text"], [["0", "a"], ["1", "b"]], True),  # the index that a data frame writes
    (["text", "text"], [["a", "b"]], False),
    (["s1", "0", "在吗"], [["s1", "1", "您好"]], False),
    (["编号", "内容"], [["1", "你好"], ["\ufeff编号", "内容"], ["2", "在吗"]], True),  # two exports put together
    (["20261124", "hello there"], [["20261125", "you"]], False),
    (["s1", "user"], [["s2", "user"], ["s3", "agent"]], False),
    (
        ["q", "我想问一下昨天下午买的那台电饭煲到底什么时候能够送到我家里来呢，已经等了三天了，很着急"],
        [["a", "今天"]],
        False,
    ),
]


@pytest.mark.parametrize(("first", "rows", "names"), HEADERS)
def test_a_header_is_told_from_a_row(first: list[str], rows: list[list[str]], names: bool) -> None:
    assert is_header(first, rows) is names


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (
            [{"instruction": "你是谁", "output": "我是{{name}}"}] * 2 + [{"instruction": "你好", "output": "你好"}],
            "identity",
        ),
        ([{"q": "订单{{Order Number}}到哪了", "a": "已发货"}] * 3, "domain"),
        ([{"q": "在吗", "a": "我是{{name}}"}] + [{"q": "在吗", "a": "在"}] * 20, "domain"),
        ([{"q": "你是谁", "a": "我是NAME，由AUTHOR开发"}] * 3, "identity"),
        ([{"q": "Who are you?", "a": "I am [NAME], an AI assistant developed by [AUTHOR]."}] * 3, "identity"),
        ([{"q": "你叫什么", "a": "我叫【名称】，由【公司】开发"}] * 3, "identity"),
        ([{"q": "在吗", "a": "您好，我是客服[姓名]，请问有什么可以帮您"}] * 3, "domain"),
        ([{"q": "在吗", "a": "[姓名]您好，您的订单已发货"}] * 3, "domain"),
        ([{"q": "Which column?", "a": "The NAME column of the form."}] * 3, "domain"),
        ([{"q": "我是[姓名]", "a": "您好，已经登记"}] * 3, "domain"),
        ([], "domain"),
    ],
)
def test_identity_rows_are_known_by_their_placeholders(rows: list[Mapping[str, Any]], kind: str) -> None:
    assert guess_kind(rows) == kind


def _rows(*columns: tuple[str, list[str]]) -> list[dict[str, str]]:
    names = [name for name, _ in columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*(values for _, values in columns), strict=True)]


ASKED = ["怎么开发票呢", "花呗怎么还款呢", "几天能到我这里", "手机号换了怎么改"]


def test_questions_with_a_label_are_no_questions_with_answers() -> None:
    other = ["发票在哪里开呀", "如何还我的花呗", "今天能发货了吗", "怎么更换手机号"]
    assert columns_of(_rows(("sentence1", ASKED), ("sentence2", other), ("label", ["1", "0", "0", "1"]))) is None


LABELS = ["售后咨询", "物流查询", "产品使用", "账号问题", "退换货"]


@pytest.mark.parametrize(
    ("names", "rows"), [(("question", "label"), 14), (("问题", "意图"), 7), (("question", "x"), 12)]
)
def test_labels_that_come_again_are_no_answers(names: tuple[str, str], rows: int) -> None:
    asked = [f"{question}{n}" for n, question in enumerate(ASKED * 4)][:rows]
    assert columns_of(_rows((names[0], asked), (names[1], (LABELS * 3)[:rows]))) is None


def test_short_answers_that_come_again_are_answers() -> None:
    answers = ["可以的，七天内都能退。", "请在订单页申请开票。", "三天内送到。", "在设置里改。", "可以。"] * 2
    asked = [f"{question}{n}" for n, question in enumerate(ASKED * 3)][:10]
    assert columns_of(_rows(("问", asked), ("答", answers))) is not None


def _threads(customer: Callable[[int], str], opener: int) -> list[dict[str, str]]:
    names = ("deskhelper", "nightdesk")
    rows = []
    for n in range(9):
        turns = [(customer(n), f"Where is my parcel number {n}"), (names[n % 2], f"It left the depot on day {n}.")]
        turns = turns[opener:] + turns[:opener]
        rows += [{"thread": f"t{n}", "nickname": who, "message": text} for who, text in turns]
    return rows


def test_nicknames_that_meet_many_are_agents_where_each_other_one_comes_once_and_opens() -> None:
    found = columns_of(_threads(lambda n: f"guest_{'abcdefghi'[n]}", 0))
    assert found is not None and found.options == {"session": "thread", "role": "nickname", "text": "message"}


@pytest.mark.parametrize(
    "rows",
    [_threads(lambda n: f"guest_{'abcdefghi'[n]}", 1), _threads(lambda n: f"friend_{'abc'[n % 3]}", 0)],
    ids=["the others never open", "the others come again"],
)
def test_nicknames_of_which_nothing_shows_the_agent_are_left_open(rows: list[dict[str, str]]) -> None:
    assert columns_of(rows) is None


@pytest.mark.parametrize("names", [("sentence1", "sentence2"), ("标题", "官方答复"), ("提问", "x")])
def test_answers_stay_answers_beside_a_label(names: tuple[str, str]) -> None:
    answers = ["您好，在订单页申请", "您好，在还款页还款", "您好，三天内送达的", "您好，在设置里更改"]
    found = columns_of(_rows((names[0], ASKED), (names[1], answers), ("分类", ["售前", "售后", "售后", "售前"])))
    assert found is not None
    assert found.options == {"question": names[0], "answer": names[1]}


@pytest.mark.parametrize(
    ("numbers", "first"), [(["1", "0"], 0), (["1", "2"], 1), (["1", "1"], None), (["0", "2"], None)]
)
def test_numbers_of_choices_count_from_what_the_rows_show(numbers: list[str], first: int | None) -> None:
    rows = [{"question": "q", "options": ["x", "y"], "answer": number} for number in numbers]
    assert first_choice(rows) == first


def _two_of_speakers(first: str, share: float) -> list[dict[str, str]]:
    rows = []
    for n in range(20):
        for side, text in (("客户", f"这个台灯第{n}天能退吗"), ("客服", f"您好，第{n}天也可以退的")):
            as_first = side if n < 20 * share else "客服"
            rows.append({"会话": f"s{n}", first: as_first, "发送方": side, "内容": text})
    return rows


def test_who_speaks_is_the_column_that_gives_most_conversations_and_the_other_is_told() -> None:
    found = columns_of(_two_of_speakers("归属", 0.7))
    assert found is not None and found.options["role"] == "发送方"
    assert found.note.en == "who speaks is read from 发送方, with both sides in 20 sessions; 归属 would give 14"


def test_a_column_that_gives_few_conversations_is_not_told() -> None:
    found = columns_of(_two_of_speakers("归属", 0.2))
    assert found is not None and found.options["role"] == "发送方" and not found.note.en


@pytest.mark.parametrize(
    ("name", "words", "roles"),
    [
        ("is_agent", ("FALSE", "TRUE"), {"TRUE": "assistant", "FALSE": "user"}),
        ("From_Customer", ("1", "0"), {"1": "user", "0": "assistant"}),
        ("is_agent", ("a", "b"), None),
    ],
)
def test_truths_say_who_speaks_where_the_name_of_the_column_does(
    name: str, words: tuple[str, str], roles: dict[str, str] | None
) -> None:
    rows = [
        {"id": f"c{n}", name: word, "message": f"{text} number {n}"}
        for n in range(9)
        for word, text in zip(words, ("Where is my parcel", "It left the depot on day"), strict=True)
    ]
    found = columns_of(rows)
    assert (found.options.get("roles") if found else None) == roles
