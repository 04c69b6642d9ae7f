"""Messages that are objects in objects, as programs hand them out, are read without a recipe written by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curate.build.build import build
from curate.inspect.first_recipe import write_recipe
from curate.inspect.flat_rows import flat_table
from curate.reading.readers import RawRow
from curate.reading.readers._flat import OFF_PATH, FlatRows
from curate.recipe.load import load_recipe
from curate.store.store import Store
from schemas.errors import InputError

Message = tuple[str, str]
TALKS = [
    [("user", f"请问 {name} 店周末几点开门"), ("assistant", f"{name} 店周末十点开门"), ("user", "能停车吗"),
     ("assistant", "地下二层可以停，前两小时免费")]
    for name in ("东门", "西门", "南街", "北街", "湖滨", "车站")
]  # fmt: skip


def talks_of(path: Path, folder: Path) -> list[list[list[str]]]:
    """The conversations that a build makes by the recipe that init writes."""
    write_recipe([path], folder / "recipe.yaml")
    recipe = folder / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text[: text.index("stages:")] + "stages: []\n", encoding="utf-8")
    version = build(load_recipe(recipe), Store(folder / "store"))
    lines = (version / "train-00000.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted([[m["role"], m["content"]] for m in json.loads(line)["messages"]] for line in lines)


def numbered() -> list[tuple[int, int, str, str]]:
    """Each message with the number of its talk, its second, its side and its text."""
    return [
        (n, 1_750_000_000 + 1000 * n + 20 * at, side, text)
        for n, talk in enumerate(TALKS)
        for at, (side, text) in enumerate(talk)
    ]


def kf() -> list[Any]:
    """An event has no text, and its customer stands elsewhere; a message that was taken back is named by one."""
    rows: list[Any] = []
    for n, at, side, text in numbered():
        customer = {"open_kfid": "wkQQ", "external_userid": f"wmKunde{n}ABCDEF"}
        if not at % 1000:
            rows.append({"msgid": f"e{at}", "send_time": at - 2, "origin": 4, "msgtype": "event",
                         "event": {"event_type": "enter_session", **customer}})  # fmt: skip
        origin = 3 if side == "user" else 5
        rows.append({"msgid": f"m{at}", "send_time": at, "origin": origin, "msgtype": "text",
                     "text": {"content": text}, **customer})  # fmt: skip
    rows.append({**rows[-1], "msgid": "gone", "text": {"content": "发错了，别看"}})
    rows.append({"msgid": "last", "send_time": rows[-1]["send_time"] + 1, "origin": 4, "msgtype": "event",
                 "event": {"event_type": "servicer_recall_msg", "recall_msgid": "gone"}})  # fmt: skip
    rows.append({**rows[-2], "msgid": "image", "msgtype": "image", "image": {"media_id": "x"}, "text": None})
    return rows


def archive() -> list[Any]:
    rows: list[Any] = []
    for n, at, side, text in numbered():
        parties = [f"wmKunde{n}ABCDEFG", ("LiLei", "HanMeimei")[n % 2]]
        sender, receiver = parties if side == "user" else parties[::-1]
        rows.append({"msgid": f"m{at}", "action": "send", "from": sender, "tolist": [receiver], "roomid": "",
                     "msgtime": at * 1000, "msgtype": "text", "text": {"content": text}})  # fmt: skip
    wrong = {**rows[-1], "msgid": "gone", "text": {"content": "发错了，别看"}}
    inside = {**rows[-1], "msgid": "inside", "tolist": ["ZhangSan"], "text": {"content": "这单你接一下"}}
    group = {**rows[0], "msgid": "group", "tolist": ["LiLei", "ZhangSan"], "text": {"content": "群里问一下"}}
    revoke = {**rows[-1], "msgid": "r", "action": "recall", "msgtype": "revoke", "revoke": {"pre_msgid": "gone"}}
    return [*rows, wrong, inside, group, {key: value for key, value in revoke.items() if key != "text"}]


def feishu() -> list[Any]:
    rows: list[Any] = []
    for n, at, side, text in numbered():
        sender = {"id": f"ou_{n}", "sender_type": "user"} if side == "user" else {"id": "cli_1", "sender_type": "app"}
        content = {"text": text}
        if side == "assistant" and n == 1:
            content = {"title": "", "content": [[{"tag": "text", "text": text}]]}  # type: ignore[dict-item]
        rows.append({"message_id": f"om_{at}", "chat_id": f"oc_{n}", "msg_type": "post" if n == 1 else "text",
                     "create_time": str(at * 1000), "deleted": False, "sender": sender,
                     "body": {"content": json.dumps(content, ensure_ascii=False)}})  # fmt: skip
    gone = {"content": json.dumps({"text": "This message was recalled"})}
    return [*rows, {**rows[-1], "message_id": "om_gone", "deleted": True, "body": gone}]


def mongo() -> list[Any]:
    rows: list[Any] = []
    for n, at, side, text in numbered():
        rows.append({"_id": {"$oid": f"65e50b33c672{at:012}"}, "chat": {"$oid": f"0b33c6720b33c672{n:08}"},
                     "author": {"role": "customer" if side == "user" else "agent", "bot": False}, "message": text,
                     "createdAt": {"$date": f"2026-03-0{n + 1}T10:00:{at % 1000:02}.000Z"}, "__v": 0})  # fmt: skip
    return [*rows, {**rows[-1], "message": None}]


def trees() -> list[Any]:
    """Other answers hang beside the best one, some deleted or refused, with a talk below; leaves stand first."""
    rows: list[Any] = []
    for n, talk in enumerate(TALKS):
        for at, (side, text) in enumerate(talk):
            row = {"message_id": f"{n}-{at}", "parent_id": f"{n}-{at - 1}" if at else None, "message_tree_id": f"t{n}",
                   "text": text, "role": "prompter" if side == "user" else "assistant", "deleted": False,
                   "rank": 1 if side == "assistant" else None, "review_result": True}  # fmt: skip
            rows.append(row)
            if side == "assistant":
                beside = [({"rank": 2}, "别的回答"), ({"rank": 0, "deleted": True}, "删掉的回答"),
                          ({"rank": 0, "review_result": False}, "没过审的回答")]  # fmt: skip
                rows += [{**row, "message_id": f"{n}-{at}-{text}", "text": text, **more} for more, text in beside]
                rows.append({**row, "message_id": f"{n}-{at}-x", "parent_id": f"{n}-{at}-别的回答", "role": "prompter"})
    return rows[::-1]


@pytest.mark.parametrize("make", [kf, archive, feishu, mongo, trees])
@pytest.mark.parametrize("layout", ["lines", "pages"])
def test_rows_of_objects_become_conversations(tmp_path: Path, make: Callable[[], list[Any]], layout: str) -> None:
    path = tmp_path / ("log.jsonl" if layout == "lines" else "log.json")
    rows = make()
    whole = "\n".join(map(json.dumps, rows)) if layout == "lines" else json.dumps({"errcode": 0, "msg_list": rows})
    path.write_text(whole, encoding="utf-8")
    assert talks_of(path, tmp_path) == sorted([[list(message) for message in talk] for talk in TALKS])


def test_a_table_of_trees_is_asked_for_where_it_cannot_be_followed(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    names = ["message_id", "parent_id", "message_tree_id", "text", "role"]
    lines = [",".join(str(row[name] or "") for name in names) for row in trees()]
    path.write_text("\n".join([",".join(names), *lines]), encoding="utf-8")
    with pytest.raises(InputError, match="which columns"):
        write_recipe([path], tmp_path / "recipe.yaml")


def test_a_loop_in_a_tree_ends() -> None:
    rows = [RawRow(n, {"message_id": id, "parent_id": up, "rank": None}) for n, (id, up) in
            enumerate([("a", None), ("b", "a"), ("b", "b"), ("c", "lost")], start=1)]  # fmt: skip
    laid = FlatRows.model_validate({"best_path": {"id": "message_id", "parent": "parent_id", "rank": "rank"}}).rows(
        rows
    )
    assert [row.fields[OFF_PATH] for row in laid if row.fields] == ["false", "false", "false", "true"]


def in_a_group() -> list[Any]:
    """Whoever answers in the group of a bot is a user, too, and it is not known who asks."""
    return [{**row, "chat_id": "oc_all"} for row in feishu()]


def orders() -> list[Any]:
    lines = [{"sku": f"lamp {n}", "note": "a lamp for the desk"} for n in range(2)]
    return [{"id": n, "buyer": {"name": f"Ana {n}", "vip": n % 2 == 0}, "lines": lines} for n in range(9)]


def people_who_chat() -> list[Any]:
    names = ["Ana", "Ben"]
    texts = ["shall we go to the lake", "no it will rain the whole day", "then the cinema", "fine, at eight"]
    return [{"room": {"id": n // 4}, "by": {"name": names[n % 2]}, "said": f"{texts[n % 4]} {n}"} for n in range(24)]


def one_side() -> list[Any]:
    return [row for row in kf() if row["origin"] != 5]


def posts() -> list[Any]:
    return [
        {"user": {"role": "author"}, "post": {"id": n % 3, "body": f"a long text about boats {n}"}} for n in range(9)
    ]


@pytest.mark.parametrize("make", [in_a_group, orders, people_who_chat, one_side, posts, list])
def test_rows_of_other_things_are_no_messages(make: Callable[[], list[Any]]) -> None:
    assert flat_table(json.loads(json.dumps(make()), parse_int=str)) is None
