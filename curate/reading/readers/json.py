"""JSON: a list of objects, or an object of objects whose keys are kept as `_key`."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, unheard
from curate.reading.readers._flat import FlatRows
from curate.reading.readers._json import DECODER, InvalidJsonError, NotedObject, nearly, parse, rows_of_lines
from curate.reading.readers._loose_json import values_in_a_row
from curate.reading.readers._talks import Talks, at_path, turn_rows
from schemas.bilingual import Bilingual
from schemas.errors import InputError

LOOK = 100
"""Lines looked at to see whether the file is JSON Lines."""
ENVELOPES = frozenset(
    ("data", "rows", "row", "items", "records", "list", "result", "results", "value", "train", "数据")
)
"""Keys under which programs put a list of rows, of whatever kind."""
SPEAKERS = frozenset(
    (
        "role",
        "from",
        "speaker",
        "sender",
        "author",
        "sender_name",
        "from_id",
        "author_id",
        "ParticipantRole",
        "ParticipantId",
        "角色",
        "发送方",
    )
)
"""Keys by which an object is a message, and the list of them a conversation."""
FIRST = 10
"""Items of a list of which one shows whether they are messages: steps of another kind may come first."""
EMBEDDED = "_embedded"
"""The key of the rows in an answer by HAL, beside its links and the number of the page."""
DEEP = 3
"""Objects in objects in which the list of the rows is looked for."""
IN_A_ROW = Bilingual("several JSON values follow each other; each was read", "文件里有多个 JSON 依次排列，已逐个读取")


class Json(Reader):
    """Rows are counted as items of the list. A file that is really JSON Lines is read as such; so is what is nearly
    JSON: comments, a comma before a bracket, several values in a row, what Python prints.

    `items` is the path of the list, where it stands in an object; the only list of objects is found without it.
    `turns` makes each message of a list in every item a row, with the column `_talk` as its session. `flat` makes
    columns of the objects in an item: `text.content`.
    """

    title_zh: ClassVar[str] = "按列表的元素计行。其实是 JSON Lines 的文件也照样读取"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    takes: ClassVar[Any] = "text"

    columns: tuple[str, ...] = ()
    """The names of the columns, where an item is a list of values and not an object (or, with one name, a value)."""
    items: str | None = None
    turns: Talks | None = None
    flat: FlatRows | None = None
    splits: bool = False
    """True where the file is an object of lists, say `train` and `test`; the key is kept as `_key`."""

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        try:
            value = parse(content)
        except InvalidJsonError as error:
            if _is_json_lines(content):
                yield from self._turns(rows_of_lines(iter((content,))), None)
                return
            value = self._nearly(content)
            if value is None:
                raise InputError(
                    f"not valid JSON: line {error.line}, column {error.column}",
                    f"不是有效的 JSON：第 {error.line} 行第 {error.column} 列",
                ) from None
        yield from self._turns(self._rows(value), value)

    def _rows(self, value: Any) -> Iterator[RawRow]:
        for number, (key, item) in enumerate(self._items(value), start=1):
            fields = self._fields(item)
            if fields is None:
                yield RawRow(number, None, "not_an_object", json.dumps(item, ensure_ascii=False))
            else:
                yield RawRow(number, fields if key is None else {"_key": key, **fields})

    def _turns(self, rows: Iterator[RawRow], whole: Any) -> Iterator[RawRow]:
        if self.flat is not None:
            return self.flat.rows(rows)
        return rows if self.turns is None else turn_rows(rows, self.turns, whole)

    def _nearly(self, content: str) -> Any:
        """Read what is nearly JSON, and note it; None where it is something else."""
        values = values_in_a_row(content, DECODER)
        if values is not None:
            self.notes.append(IN_A_ROW)
            return [item for value in values for item in (value if isinstance(value, list) else [value])]
        return nearly(content)

    def _items(self, value: Any) -> Iterator[tuple[str | None, Any]]:
        """List the items of the file, each with its key if it has one."""
        if isinstance(value, dict) and self.splits:
            if not all(isinstance(items, list) for items in value.values()):
                raise InputError(
                    "`splits: true`, but the JSON is not an object of lists",
                    "`splits: true`，但 JSON 不是由列表组成的对象",
                )
            yield from ((key, item) for key, items in value.items() for item in items)
        elif isinstance(value, dict) and self.items is None and (pairs := _by_key(value)):
            self._note_doubled(value)
            yield from pairs
        elif isinstance(value, dict):
            path = self.items or _list_in(value) or _list_of_talks(value)
            found = at_path(value, path) if path else value
            if self.items and not isinstance(found, list):
                raise InputError(f"`items: {self.items}` is no list", f"items: {self.items} 处不是列表")
            if path and not self.items:
                self.notes.append(_taken_from(path))
            yield from ((None, item) for item in (found if isinstance(found, list) else [found]))
        elif isinstance(value, list):
            yield from ((None, item) for item in value)
        else:
            raise InputError("the JSON is neither a list nor an object", "JSON 既不是列表也不是对象")

    def _note_doubled(self, value: dict[str, Any]) -> None:
        """Say how many keys of the whole object stand twice: each of their values is a row."""
        if isinstance(value, NotedObject) and (n := len(value.pairs) - len(value)) > 0:
            keys = "1 key stands" if n == 1 else f"{n} keys stand"
            self.notes.append(
                Bilingual(f"{keys} twice in the object; every value was read", f"有 {n} 个键重复出现，各处的值都已读取")
            )

    def _fields(self, item: Any) -> dict[str, Any] | None:
        if isinstance(item, dict):
            return item
        if isinstance(item, list) and len(item) == len(self.columns) > 0:
            return dict(zip(self.columns, item, strict=True))
        if len(self.columns) == 1 and not isinstance(item, list):
            return {self.columns[0]: item}
        return None


def _taken_from(path: str) -> Bilingual:
    return Bilingual(f"the rows were taken from `{path}`", f"各行取自 {path}")


def _by_key(value: dict[str, Any]) -> list[tuple[str, Any]]:
    """List the keys with their values, also those that stand twice, where each value is a row; nothing otherwise. A row
    is an object; or, under several keys, a list of messages.
    """
    pairs = list(value.pairs) if isinstance(value, NotedObject) and value.pairs else list(value.items())
    if EMBEDDED in value:
        return []
    if pairs and all(isinstance(item, dict) for _, item in pairs):
        return [] if len(pairs) == 1 and _list_in(value) else pairs
    if len(pairs) > 1 and all(_is_talk(item) for _, item in pairs):
        return [(key, {"messages": item}) for key, item in pairs]
    return []


def _is_talk(value: Any) -> bool:
    return _is_list_of_objects(value) and any(not SPEAKERS.isdisjoint(item) for item in value[:FIRST])


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _list_in(value: dict[str, Any], before: str = "", depth: int = 0) -> str | None:
    """Find the path of the only list of objects in an object; None where there is none, or several, or where it is the
    messages of a conversation.
    """
    lists = [key for key, item in value.items() if _is_list_of_objects(item)]
    named = [key for key in lists if key.casefold() in ENVELOPES]
    if len(lists) == 1 or len(named) == 1:
        [key] = named or lists
        return None if _is_talk(value[key]) and not named else before + key
    objects = [key for key, item in value.items() if isinstance(item, dict)]
    objects = [EMBEDDED] if EMBEDDED in objects else objects
    if lists or depth >= DEEP or len(objects) != 1:
        return None
    return _list_in(value[objects[0]], f"{before}{objects[0]}.", depth + 1)


def _list_of_talks(value: dict[str, Any]) -> str | None:
    """Find the path of the only list of objects that each hold a conversation, such as `chats.list`."""
    paths = [path for path, items in _lists(value) if any(_holds_talk(item) for item in items)]
    return paths[0] if len(paths) == 1 else None


def _lists(value: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, item in value.items():
        if _is_list_of_objects(item):
            yield before + key, item
        elif isinstance(item, dict) and depth < DEEP:
            yield from _lists(item, f"{before}{key}.", depth + 1)


def _holds_talk(item: dict[str, Any]) -> bool:
    return any(_is_talk(messages) for messages in item.values())


def _is_json_lines(content: str) -> bool:
    """Tell whether at least half of the first lines, of two or more, are objects of their own."""
    lines = [line for line in content.split("\n", LOOK)[:LOOK] if line.strip()]
    return len(lines) > 1 and 2 * sum(map(_is_object, lines)) >= len(lines)


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse(line), dict)
    except InvalidJsonError:
        return False
