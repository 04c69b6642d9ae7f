"""Tables as programs export them and as people keep them are read by what `init` finds in them, with no word of theirs
in a recipe: who speaks, which rows are one conversation, in what order, and what nobody said.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.inspect.column_roles import columns_of
from curate.inspect.inspect import inspect_files
from curate.reading.parts_reader import PartsReader
from curate.reading.readers._table import is_second_header
from schemas.errors import InputError
from schemas.recipe import Recipe
from schemas.roles import role_of_speaker
from tests.curate.reading.readers.test_table_shapes import book

Talk = list[tuple[str, str]]
TALKS: list[Talk] = [
    [("user", "雨伞漏水了能换吗"), ("agent", "可以换的，请把漏水的地方拍一张照片"),
     ("user", "拍好了发给你"), ("agent", "收到，明天给您寄一把新的")],
    [("user", "发票抬头写错了"), ("agent", "没关系，在订单里重新申请一次就会作废旧的")],
    [("user", "婴儿推车能折叠后带上飞机吗"), ("agent", "折叠后二十寸以内，可以带上去")],
    [("user", "会员到期还没用的积分怎么办"), ("agent", "积分保留一年，续费以后接着用")],
    [("user", "咖啡机蒸汽棒堵住了"), ("agent", "用附带的细针疏通，再空打一次蒸汽"),
     ("user", "通了"), ("agent", "好的，以后每次用完擦一下就不容易堵")],
    [("user", "跑步机能送上六楼吗"), ("agent", "有电梯就能送，没有电梯要加收搬运费")],
    [("user", "窗帘要量窗户还是量轨道"), ("agent", "量轨道的长度，两边再各加十厘米")],
    [("user", "狗粮换新包装了吗"), ("agent", "是的，八月起都是新包装，配方没有变")],
]  # fmt: skip
WANTED = {tuple(text for _, text in talk) for talk in TALKS}


def read(*paths: Path) -> set[tuple[str, ...]]:
    """The conversations of files as `init` would have them read; a problem is raised."""
    found: set[tuple[str, ...]] = set()
    for findings in inspect_files(paths):
        if findings.problem:
            raise findings.problem
        reader = PartsReader(findings.spec, Path())
        for chunk in reader.chunks():
            records = form_sessions(chunk.turns, findings.spec, "", ContentCounter()).records
            for messages in records["messages"].to_list():
                assert [message["role"] for message in messages] == ["user", "assistant"] * (len(messages) // 2)
                found.add(tuple(message["content"] for message in messages))
    return found


def lines(cells: Callable[[int, int, str, str], str], header: str) -> str:
    """A table of all messages: `cells` makes a line of the talk, the position, the side and the text."""
    rows = [cells(n, at, *message) for n, talk in enumerate(TALKS) for at, message in enumerate(talk)]
    return "\n".join([header, *rows]) + "\n"


KINDS = {"user": "in", "agent": "out"}
NAMES = ("小雨 (访客)", "Lee", "阿强", "guest 9", "王先生", "Mia", "老周", "Nina")
TABLES = {
    "a column that is called public": lines(
        lambda n, at, who, text: (
            f"T-{n},{'end-user' if who == 'user' else 'agent'},true,{text}"
            + (f"\nT-{n},agent,false,这位客人上次投诉过，请注意语气" if at == 0 else "")
        ),
        "Ticket ID,Author role,Public,Plain body",
    ),
    "a column of internal notes": lines(
        lambda n, at, who, text: (
            f"T{n},{'访客' if who == 'user' else '客服'},{text},否"
            + (f"\nT{n},客服,已请示主管可以免运费,是" if at == 0 else "")
        ),
        "会话ID,角色,内容,内部备注",
    ),
    "events among the messages, and names of people": lines(
        lambda n, at, who, text: (
            (f"c{n},notice,,{NAMES[n]} joined the chat\n" if at == 0 else "")
            + f"c{n},message,{NAMES[n] if who == 'user' else 'Rachel (Support)'},{text}"
            + (f"\nc{n},rating,{NAMES[n]},5" if at == 1 else "")
        ),
        "chat_id,event,who,text",
    ),
    "names of agents behind the word, customers by phone": lines(
        lambda n, at, who, text: f"CH{n}9d,{at},{'whatsapp:+8613' + str(n) if who == 'user' else 'agent_lena'},{text}",
        "ConversationSid,Index,Author,Body",
    ),
    "words of another language": lines(
        lambda n, at, who, text: (
            (f"{n + 300},Systemmeldung,Ein Besucher ist da\n" if at == 0 else "")
            + f"{n + 300},{'Besucher' if who == 'user' else 'Mitarbeiter'},{text}"
        ),
        "Gesprächs-ID,Absendertyp,Nachricht",
    ),
    "codes that the name of the column explains": lines(
        lambda n, at, who, text: (
            (f"a7m-{n},2,会话已接入，坐席为您服务\n" if at == 0 else "") + f"a7m-{n},{0 if who == 'user' else 1},{text}"
        ),
        "会话ID,消息方向(0访客1坐席2系统),消息内容",
    ),
    "ratings among the words for the two sides": lines(
        lambda n, at, who, text: (
            f"S{n},{'客户' if who == 'user' else '坐席'},{text}" + (f"\nS{n},评价,非常满意" if at == 1 else "")
        ),
        "会话ID,角色,内容",
    ),
    "notes by a column called Type": lines(
        lambda n, at, who, text: (
            f"CV-{n},Message,{'Customer' if who == 'user' else 'Hannah'},{text}"
            + (f"\nCV-{n},Note,Hannah,等仓库确认之后才能答应日期" if at == 0 else "")
        ),
        "Conversation,Type,Author,Text",
    ),
    "events by their type of content": lines(
        lambda n, at, who, text: (
            (f"c{n}f,SYSTEM,application/vnd.amazonaws.connect.event.participant.joined,\n" if at == 0 else "")
            + f"c{n}f,{'CUSTOMER' if who == 'user' else 'AGENT'},text/plain,{text}"
        ),
        "ContactId,ParticipantRole,ContentType,Content",
    ),
    "a withdrawal in brackets in the place of a message": lines(
        lambda n, at, who, text: (
            f"P{n},{'买家' if who == 'user' else '客服'},{text}"
            + (f"\nP{n},买家,[买家撤回了一条消息]" if at == 1 else "")
        ),
        "会话编号,发送方,消息内容",
    ),
    "a notice of a withdrawal, where a column says which messages were withdrawn": lines(
        lambda n, at, who, text: (
            f"W{n},{'访客' if who == 'user' else '客服'},{text},正常"
            + ("" if at != 1 else f"\nW{n},系统,客服撤回了一条消息,正常" if n % 2 else f"\nW{n},客服,发错窗口了,已撤回")
        ),
        "会话ID,角色,内容,消息状态",
    ),
    "from one to another": lines(
        lambda n, at, who, text: ",".join(
            [
                *((f"cust_{n}", "kf_1") if who == "user" else ("kf_1", f"cust_{n}")),
                text,
                f"2026-03-0{n + 1} 09:1{at}:00",
            ]
        ),
        "from_user,to_user,content,send_time",
    ),
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_table_is_read_as_its_program_means_it(tmp_path: Path, content: str) -> None:
    (tmp_path / "log.csv").write_text(content, encoding="utf-8")
    assert read(tmp_path / "log.csv") == WANTED


@pytest.mark.parametrize("unit", [10**6, 10**9], ids=["microseconds", "nanoseconds"])
def test_rows_are_sorted_by_what_has_passed_since_1970(tmp_path: Path, unit: int) -> None:
    rows = [
        json.dumps(
            {"room": f"r{n}", "ts": (1_712_657_000 + 60 * n + 7 * at) * unit + n, "kind": KINDS[who], "body": text}
        )
        for n, talk in enumerate(TALKS)
        for at, (who, text) in enumerate(talk)
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(sorted(rows, key=lambda row: row[::-1])), encoding="utf-8")
    assert read(tmp_path / "log.jsonl") == WANTED


def test_rows_of_one_day_are_sorted_by_their_number(tmp_path: Path) -> None:
    header, *rows = lines(
        lambda n, at, who, text: f"GD{n},2026-03-25,{at + 1},{'客户' if who == 'user' else '客服'},{text}",
        "工单,日期,序,角色,内容",
    ).splitlines()
    content = "\n".join([header, *sorted(rows, key=lambda row: (row[:3], -int(row.split(",")[2])))])
    (tmp_path / "log.csv").write_text(content, encoding="utf-8")
    assert read(tmp_path / "log.csv") == WANTED


def test_each_file_is_one_conversation_where_nothing_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for n, talk in enumerate(TALKS):
        rows = [f"{'User' if who == 'user' else 'Account'},,{text}" for who, text in talk]
        (folder / f"chat_{n}.csv").write_text(
            "\n".join(["帳號名稱,好日子", "", "type,name,content", *rows]), encoding="utf-8"
        )
    assert read(folder) == WANTED


def test_a_single_file_that_names_no_conversation_is_asked_for(tmp_path: Path) -> None:
    rows = [f"{'User' if who == 'user' else 'Account'},{text}" for talk in TALKS for who, text in talk]
    (tmp_path / "chat.csv").write_text("\n".join(["type,content", *rows]), encoding="utf-8")
    with pytest.raises(InputError, match="which columns hold the conversation"):
        read(tmp_path / "chat.csv")


def saved(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A workbook with these cells; a row of none is empty."""
    path.write_bytes(book({title: "".join(map(as_xml, range(1, 999), rows)) for title, rows in sheets.items()}))
    return path


def as_xml(number: int, cells: list[str]) -> str:
    texts = (f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells))
    return f'<row r="{number}">{"".join(texts)}</row>'


def test_empty_rows_part_conversations(tmp_path: Path) -> None:
    rows: list[list[str]] = [["谁说的", "说了什么"]]
    for talk in TALKS:
        rows += [["客人" if who == "user" else "我们", text] for who, text in talk] + [[]]
    assert read(saved(tmp_path / "手工.xlsx", {"Sheet": rows})) == WANTED


def test_a_header_in_two_languages_is_no_message(tmp_path: Path) -> None:
    rows: list[list[str]] = [["会话编号", "角色", "内容", "时间"], ["Session", "Role", "Content", "Time"]]
    for n, talk in enumerate(TALKS):
        rows += [
            [f"S{n}", "客户" if who == "user" else "客服", text, f"2026-03-0{n + 1} 10:0{at}"]
            for at, (who, text) in enumerate(talk)
        ]
    assert read(saved(tmp_path / "质检.xlsx", {"Sheet": rows})) == WANTED


@pytest.mark.parametrize(
    "row", [["S1", "Customer", "Hello", "10:00"], ["S1", "客户", "你好", "10:00"], ["S1", "Customer", "Hello", ""]]
)
def test_a_first_row_of_values_is_no_second_header(row: list[str]) -> None:
    below = [["S1", "客服", "您好，请说", "10:01"], ["S2", "Customer", "再见", "10:02"]]
    assert not is_second_header(["会话", "角色", "内容", "时间"], row, below)


def months(tmp_path: Path, titles: list[str], *, restart: bool) -> Path:
    """A sheet a month, with two talks each; the second goes on in the next month, or else numbers begin again."""
    sheets: dict[str, list[list[str]]] = {title: [["单号", "身份", "聊天内容"]] for title in titles}
    for n, talk in enumerate(TALKS):
        for at, (who, text) in enumerate(talk):
            month = n // 2 if restart else min(n // 2 + (n % 2 and at > 0), len(titles) - 1)
            number = n % 2 + 1 if restart else 700 + n
            sheets[titles[month]].append([f"ZX{number}", "顾客" if who == "user" else "商家", text])
    return saved(tmp_path / "聊天.xlsx", sheets)


@pytest.mark.parametrize("titles", [["1月", "2月", "3月", "4月"], ["Jan", "Feb", "Mar", "Apr"]])
@pytest.mark.parametrize("restart", [False, True])
def test_talks_go_on_from_sheet_to_sheet_unless_each_counts_from_1(
    tmp_path: Path, titles: list[str], *, restart: bool
) -> None:
    assert read(months(tmp_path, titles, restart=restart)) == WANTED


def test_questions_and_answers_of_one_conversation_are_one(tmp_path: Path) -> None:
    rows = [
        f"projects/shop/sessions/7e{n},{at // 2},{talk[at][1]},faq,{talk[at + 1][1]}"
        for n, talk in enumerate(TALKS)
        for at in range(0, len(talk), 2)
    ]
    content = "\n".join(["session,turn_position,query_text,intent_display_name,fulfillment_text", *rows])
    (tmp_path / "log.csv").write_text(content, encoding="utf-8")
    assert read(tmp_path / "log.csv") == WANTED


@pytest.mark.parametrize("first", ["newest", "oldest"])
def test_pairs_are_put_in_the_order_of_their_times(tmp_path: Path, first: str) -> None:
    rows = [
        json.dumps(
            {"conversation_id": f"cv-{n}", "created_at": 10**9 + 100 * n + at}
            | {"query": talk[at][1], "answer": talk[at + 1][1]}
        )
        for n, talk in enumerate(TALKS)
        for at in range(0, len(talk), 2)
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(rows[::-1] if first == "newest" else rows), encoding="utf-8")
    assert read(tmp_path / "log.jsonl") == WANTED


def test_a_category_that_comes_again_is_no_conversation(tmp_path: Path) -> None:
    rows = [f"售前{n % 2},{talk[0][1]},{talk[1][1]}" for n, talk in enumerate(TALKS)]
    (tmp_path / "faq.csv").write_text("\n".join(["会话类型,问题,答案", *rows]), encoding="utf-8")
    assert read(tmp_path / "faq.csv") == {(talk[0][1], talk[1][1]) for talk in TALKS}


def test_questions_and_answers_in_numbered_columns_are_found_by_what_they_are_called() -> None:
    rows = [
        {"店铺": "总店", **{f"{name}{at // 2 + 1}": (talk + [("", "")] * 4)[at + side][1]
         for at in (0, 2) for side, name in enumerate(("客户提问", "客服回复"))}}
        for talk in TALKS
    ]  # fmt: skip
    guess = columns_of(rows)
    assert guess
    assert guess.options == {"question": ["客户提问1", "客户提问2"], "answer": ["客服回复1", "客服回复2"]}


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("agent_lena", "assistant"),
        ("Dan (Support)", "assistant"),
        ("小王（客服）", "assistant"),
        ("客服（小王）", "assistant"),
        ("user-anna", "user"),
        ("client_support", None),
        ("support_customer", None),
        ("agent_thought", None),
        ("whatsapp:+8613", None),
        ("Tom Harker", None),
        ("Paris (France)", None),
    ],
)
def test_a_word_with_a_name_says_who_speaks_unless_both_are_words(word: str, role: str | None) -> None:
    assert role_of_speaker(word, {}) == role


def test_transcripts_of_unknown_names_are_asked_for(tmp_path: Path) -> None:
    cells = ["\n".join(f"[09:1{at}:00 AM] {'Visitor' if who == 'user' else 'Marcus'} : {text}"
                       for at, (who, text) in enumerate(talk)) for talk in TALKS]  # fmt: skip
    rows = [f'#{n},{talk[0][1]},{"Sad" if n % 2 else "Happy"},"{cell}"'
            for n, (talk, cell) in enumerate(zip(TALKS, cells, strict=True))]  # fmt: skip
    (tmp_path / "chats.csv").write_text("\n".join(["Chat ID,Question,Rating,Conversation", *rows]), encoding="utf-8")
    with pytest.raises(InputError, match="which columns hold the conversation"):
        read(tmp_path / "chats.csv")


@pytest.mark.parametrize("name", ["chat.txt", "chat.log"])
def test_a_table_of_tabs_is_one_under_the_name_of_a_text(tmp_path: Path, name: str) -> None:
    content = lines(
        lambda n, at, who, text: f"{n}\t{'买家' if who == 'user' else '客服'}\t{text}", "编号\t发送者\t消息"
    )
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read(tmp_path / name) == WANTED


def test_a_table_that_begins_anew_is_one(tmp_path: Path) -> None:
    rows = [["早班", "", ""], ["单号", "谁说的", "说了什么"]]
    for n, talk in enumerate(TALKS):
        rows += [[f"WD-{n}", "顾客" if who == "user" else "店员", text] for who, text in talk]
        rows += [["晚班", "", ""], ["单号", "谁说的", "说了什么"]] if n == len(TALKS) // 2 else []
    assert read(saved(tmp_path / "值班.xlsx", {"Sheet": rows})) == WANTED


def test_turns_in_columns_of_rounds_are_a_talk() -> None:
    rows = [
        {"编号": "R1", "客户第1轮": "能改期吗", "坐席第1轮": "可以的", "客户第2轮": "怎么改", "坐席第2轮": "点改签"}
    ]
    guess = columns_of(rows)
    assert guess
    assert guess.options == {"question": ["客户第1轮", "客户第2轮"], "answer": ["坐席第1轮", "坐席第2轮"]}


@pytest.mark.parametrize("beside", [["Cover"], ["说明", "汇总"]])
def test_a_sheet_beside_the_months_is_none_of_them(tmp_path: Path, beside: list[str]) -> None:
    sheets: dict[str, list[list[str]]] = {title: [["这是说明页", ""], ["制表人", "小王"]] for title in beside}
    sheets |= {title: [["单号", "身份", "聊天内容"]] for title in ("1月", "2月")}
    for n, talk in enumerate(TALKS):
        for at, (who, text) in enumerate(talk):
            month = "1月" if n < 4 or (n == 4 and at == 0) else "2月"
            sheets[month].append([f"ZX{700 + n}", "顾客" if who == "user" else "商家", text])
    assert read(saved(tmp_path / "聊天.xlsx", sheets)) == WANTED


@pytest.mark.parametrize(("written", "kept"), [(3, "3"), ("2%", "2%"), ("", "")])
def test_a_recipe_says_how_many_rows_may_be_bad(written: object, kept: str) -> None:
    recipe = Recipe.model_validate({"version": 1, "name": "a", "inputs": [{"path": "a.csv"}], "max_bad": written})
    assert recipe.max_bad == kept
    assert recipe.canonical_digest() == recipe.model_copy(update={"max_bad": ""}).canonical_digest()


@pytest.mark.parametrize("written", ["some", "-1", "2 %", 0.5])
def test_a_recipe_that_says_no_number_of_bad_rows_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Recipe.model_validate({"version": 1, "name": "a", "inputs": [{"path": "a.csv"}], "max_bad": written})


@pytest.mark.parametrize("count", ["20,messages in total,,,", "20,条消息,,,", "共,20 条,,,"])
def test_a_count_in_two_cells_below_a_table_is_no_bad_row(tmp_path: Path, count: str) -> None:
    content = lines(
        lambda n, at, who, text: f"{at},x{at},T-{n},{'Customer' if who == 'user' else 'Agent'},{text}",
        "Code,Day,Ticket,Speaker,Text",
    )
    (tmp_path / "log.csv").write_text(content + count + "\n", encoding="utf-8")
    [findings] = inspect_files([tmp_path / "log.csv"])
    assert findings.contents
    assert findings.contents.refused == 0
    assert read(tmp_path / "log.csv") == WANTED
