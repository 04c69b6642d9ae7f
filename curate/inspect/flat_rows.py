"""Guesses how rows that are objects in objects are read, one message each: by the layouts of programs whose
documentation says what their keys mean, else by what the columns hold that the objects make.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curate.inspect.column_roles import OF_SESSIONS, Columns, columns_of
from curate.inspect.nested_talks import ObjectTable, lists_in
from curate.reading.readers._flat import CUSTOMER, DEPTH, OFF_PATH, RECALLED, SIDE, FlatRows
from curate.reading.readers._talks import at_path
from schemas.errors import InputError
from schemas.roles import role_of, role_of_speaker

Rows = Sequence[Mapping[str, Any]]

FILLED = 0.5
"""The share of rows that have each key of a program's layout."""
LETTERS = 4
"""Letters from which on a value may be taken for a text."""
ROWS = 2
"""Rows below which nothing is guessed."""


def _is_of_one_customer(table: Rows) -> bool:
    """Tell whether in each chat one person alone speaks with the program: in a group, colleagues are persons, too."""
    persons: dict[Any, set[Any]] = {}
    for row in table:
        if row.get("sender.sender_type") == "user":
            persons.setdefault(row.get("chat_id"), set()).add(row.get("sender.id"))
    return all(len(ids) == 1 for ids in persons.values())


def _always(_: Rows) -> bool:
    return True


@dataclass(frozen=True)
class ProgramLayout:
    """The keys by which rows are a program's, how its documentation says that they are read, and what must be true."""

    keys: tuple[str, ...]
    format: Mapping[str, Any]
    reader: Mapping[str, Any] = field(default_factory=dict)
    holds: Callable[[Rows], bool] = _always


PROGRAMS = (
    # WeCom customer service, kf/sync_msg: origin is 3 for the customer, 4 for an event, 5 for the servicer.
    ProgramLayout(
        ("msgid", "origin", "msgtype", "send_time", "external_userid", "open_kfid"),
        {"user": "external_userid", "time": "send_time", "role": "origin", "text": "text.content",
         "state": RECALLED, "roles": {"3": "user", "4": "note", "5": "assistant"}},
        {"recalls": {"event.recall_msgid": "msgid"}},
    ),
    # WeCom message archive, msgaudit: who is outside the company is told by the id; `revoke` names a message before it.
    ProgramLayout(
        ("msgid", "action", "from", "tolist", "msgtime", "msgtype"),
        {"user": CUSTOMER, "time": "msgtime", "role": SIDE, "text": "text.content", "state": RECALLED},
        {"recalls": {"revoke.pre_msgid": "msgid"}, "external": {"from": "tolist"}},
    ),
    # Feishu and Lark, im/v1/messages: the app speaks with a user.
    ProgramLayout(
        ("message_id", "chat_id", "msg_type", "create_time", "deleted", "sender.sender_type", "body.content"),
        {"user": "chat_id", "time": "create_time", "role": "sender.sender_type", "text": "body.content",
         "state": "deleted", "roles": {"user": "user", "app": "assistant"}},
        holds=_is_of_one_customer,
    ),
    # OpenAssistant: trees of messages, of which several may follow one; rank 0 is the best.
    ProgramLayout(
        ("message_id", "parent_id", "message_tree_id", "text", "role", "rank"),
        {"session": "message_tree_id", "time": DEPTH, "role": "role", "text": "text", "state": OFF_PATH},
        {"best_path": {"id": "message_id", "parent": "parent_id", "rank": "rank"}},
    ),
)  # fmt: skip


def flat_table(rows: Rows) -> ObjectTable | None:
    """Find how rows of objects in objects are read as messages; None where they show none."""
    return _program_table(rows) or _guessed_table(rows)


def listed_table(rows: Rows) -> ObjectTable | None:
    """Find a list in the object that a page is whose messages are of many conversations; None where there is none."""
    for path in lists_in(rows):
        messages = [message for row in rows for message in at_path(row, path) or () if isinstance(message, Mapping)]
        table = _program_table(messages)
        if table is None and len(rows) == 1:
            guess = _guessed_table(messages)
            table = guess if guess and OF_SESSIONS.search(str(guess.format.get("session", ""))) else None
        if table:
            return ObjectTable({"items": path, **table.reader}, table.format, table.note)
    return None


def is_of_trees(rows: Rows) -> bool:
    """Tell whether rows are messages of trees: several answers hang below one question, and are no conversation."""
    return bool(rows) and all({"message_id", "parent_id", "message_tree_id"} <= row.keys() for row in rows)


def _program_table(rows: Rows) -> ObjectTable | None:
    if len(rows) < ROWS:
        return None
    found = (layout for layout in PROGRAMS if _is_of(layout, rows))
    return next((ObjectTable({"flat": dict(layout.reader) or True}, layout.format) for layout in found), None)


def _guessed_table(rows: Rows) -> ObjectTable | None:
    table = [FlatRows().columns(row) for row in rows]
    if len(rows) < ROWS or not any("." in key for row in table for key in row):
        return None
    try:
        guess = columns_of(_with_short_ids(table))
    except InputError:
        return None
    if guess is None or guess.format != "turns" or guess.options.get("fill") or not _are_known(table, guess):
        return None
    return ObjectTable({"flat": True}, guess.options, guess.note)


def _is_of(layout: ProgramLayout, rows: Rows) -> bool:
    """Tell whether rows have a program's keys, and both sides speak in them."""
    table = [FlatRows.model_validate(dict(layout.reader)).columns(row) for row in rows]
    if any(sum(key in row for row in table) < FILLED * len(table) for key in layout.keys):
        return False
    roles = layout.format.get("roles", {})
    spoken = [row for row in table if isinstance(row.get(layout.format["text"]), str)]
    sides = {role_of(str(row.get(layout.format["role"])), roles) for row in spoken}
    return {"user", "assistant"} <= sides and layout.holds(table)


def _are_known(table: Rows, guess: Columns) -> bool:
    """Tell whether both sides speak by words that are known, or by truths: nested rows are not guessed further."""
    if guess.options.get("roles"):
        return True
    return {"user", "assistant"} <= {role_of_speaker(str(row.get(guess.options["role"])), {}) for row in table}


def _with_short_ids(table: Rows) -> list[dict[str, Any]]:
    """Shorten what is an id by its look, ASCII letters without a blank, to three letters: nobody said it."""
    names = dict.fromkeys(key for row in table for key in row)
    codes = {name: codes for name in names if (codes := _codes([row.get(name) for row in table]))}
    return [{key: codes[key].get(value, value) if key in codes else value for key, value in row.items()}
            for row in table]  # fmt: skip


def _codes(values: Sequence[Any]) -> dict[Any, str]:
    """Give each value of a column of ids a code of three letters; nothing for other columns."""
    texts = [value for value in values if isinstance(value, str) and value]
    if len(texts) < sum(value is not None for value in values) or any(role_of(text, {}) for text in set(texts)):
        return {}
    if any(not text.isascii() or " " in text for text in texts):
        return {}
    if sum(sum(map(str.isalpha, text)) for text in texts) < LETTERS * max(len(texts), 1):
        return {}
    return {text: _code(number) for number, text in enumerate(dict.fromkeys(texts))}


def _code(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number // 676 % 26] + letters[number // 26 % 26] + letters[number % 26]
