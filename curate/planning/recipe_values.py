"""Writes into the text of a recipe what it is to say: only the lines of what differs change.

The text is edited where the YAML parser says that a value stands, one difference after the other. After each the text
is read again: only where it says what it said before, with that difference, is it taken.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import yaml

from curate.planning.recipe_edit import child
from schemas.errors import RecipeError
from schemas.plan_findings import flow
from schemas.recipe import Recipe

MOST_EDITS = 500
COMMENTED_IDENTITY = re.compile(r"^#[ \t]*identity:[ \t]*\r?\n(?:#[ \t]+(?:zh|en):[^\n]*(?:\n|\Z))+", re.MULTILINE)
"""What `hornbook init` writes as a comment, to be taken in."""
PLAIN = re.compile(r"[^\W_](?:[\w ./-]*\w)?")
"""Texts that need no quotation marks, unless YAML reads them as something else."""

COMMENTED_KIND = re.compile(r"[ \t]*(# )kind: (\w+)")
"""What it writes as a guess below an input."""

Keys = tuple[str | int, ...]


class _Difference(NamedTuple):
    """A value to put at `keys` (a new key, or in the place of another), to insert before them, or to remove."""

    does: str
    keys: Keys
    value: Any = None


class _Replacement(NamedTuple):
    """Characters of the text, from `start` to before `stop`, and what stands there from now on."""

    start: int
    stop: int
    text: str


def values_of(text: str) -> dict[str, Any] | None:
    """Read what a recipe says; None where it is no mapping, or says one thing in two places (anchors, a key twice):
    such a text is for a person to edit.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            return None
        tree, values = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None
    return values if isinstance(values, dict) and not _repeats_a_key(tree) else None


def with_values(text: str, wanted: Mapping[str, Any]) -> str:
    """Write what a recipe is to say. Raises RecipeError where that is not sure to change nothing else."""
    for _ in range(MOST_EDITS):
        values = values_of(text)
        if values is None:
            raise _cannot_write("")
        difference = next(_differences(values, wanted, ()), None)
        if difference is None:
            return text
        replacement = _replacement(text, difference)
        if replacement is None:
            raise _cannot_write(in_words(difference.keys))
        text = text[: replacement.start] + replacement.text + text[replacement.stop :]
        if not _is_same(values_of(text), _applied(values, difference)):
            raise _cannot_write(in_words(difference.keys))
    raise _cannot_write("")


def in_words(keys: Keys) -> str:
    """Write where a setting stands: `inputs[2].kind`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def _cannot_write(where: str) -> RecipeError:
    where_en, where_zh = (f"`{where}`", f"`{where}` ") if where else ("this", "这些内容")
    return RecipeError(
        f"{where_en} cannot be written into this recipe for sure; please write it by hand: nothing was changed",
        f"无法确保把{where_zh}准确写进这份配方；请手工修改：配方没有改动",
    )


def _repeats_a_key(node: Any) -> bool:
    if not isinstance(node, yaml.CollectionNode):
        return False
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        inner = [value for _, value in node.value]
        return len({str(key) for key in keys}) < len(keys) or any(map(_repeats_a_key, inner))
    return any(map(_repeats_a_key, node.value))


def _is_same(one: Any, other: Any) -> bool:
    """Compare as YAML writes them: 1 is not true, and not 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _differences(old: Any, new: Any, keys: Keys) -> Iterator[_Difference]:
    """List what differs. Only the first is sure to be at its keys: those behind it may move."""
    if isinstance(old, dict) and isinstance(new, dict) and (new or not old):
        for key, value in new.items():
            if key in old:
                yield from _differences(old[key], value, (*keys, key))
            else:
                yield _Difference("put", (*keys, key), value)
        yield from (_Difference("remove", (*keys, key)) for key in old if key not in new)
    elif isinstance(old, list) and isinstance(new, list) and (new or not old):
        yield from _differences_of_lists(old, new, keys)
    elif not _is_same(old, new):
        yield _Difference("put", keys, new)


def _differences_of_lists(old: list[Any], new: list[Any], keys: Keys) -> Iterator[_Difference]:
    """Compare lists item by item; items of one name are the same item, with other settings."""
    labels = [_label(item) for item in old], [_label(item) for item in new]
    for operation, a, b, c, d in SequenceMatcher(None, *labels, autojunk=False).get_opcodes():
        shared = min(b - a, d - c)
        for n in range(shared):
            if operation == "equal":
                yield from _differences(old[a + n], new[c + n], (*keys, a + n))
            else:
                yield _Difference("put", (*keys, a + n), new[c + n])
        yield from (_Difference("insert", (*keys, a + shared), item) for item in new[c + shared : d])
        yield from (_Difference("remove", (*keys, a + shared)) for _ in old[a + shared : b])


def _label(item: Any) -> str:
    """Name an item of a list: a stage by its name, an input by its path."""
    if isinstance(item, dict):
        return str(item.get("path", next(iter(item), "")))
    return repr(item)[1:-1] if isinstance(item, str) else repr(item)


def _applied(values: Any, difference: _Difference) -> Any:
    values = copy.deepcopy(values)
    inner = values
    for key in difference.keys[:-1]:
        inner = inner[key]
    last: Any = difference.keys[-1]
    if difference.does == "insert":
        inner.insert(last, difference.value)
    elif difference.does == "remove":
        del inner[last]
    else:
        inner[last] = difference.value
    return values


def _replacement(text: str, difference: _Difference) -> _Replacement | None:
    """Find what is to be replaced by what; None where that is not plain."""
    root = yaml.compose(text, yaml.SafeLoader)
    keys, value = difference.keys, difference.value
    comment = COMMENTED_IDENTITY.search(text) if keys == ("identity",) and difference.does == "put" else None
    if comment and child(root, "identity") is None:
        return _Replacement(*comment.span(), _block("identity", value, _newline(text)))
    parent: Any = root
    for key in keys[:-1]:
        parent = parent.value[key] if isinstance(key, int) else child(parent, key)
    last: Any = keys[-1]
    if difference.does == "remove":
        return _removed(text, parent, last)
    if difference.does == "insert":
        return _inserted(text, parent, last, value)
    if isinstance(last, int):
        return _replaced(text, parent.value[last], _item(value))
    node = child(parent, last)
    if node is None:
        return _added(text, parent, last, value, is_top=len(keys) == 1)
    return _replaced(text, node, _written(value, getattr(node, "style", None)))


def _replaced(text: str, node: Any, written: str) -> _Replacement | None:
    """Put something in the place of a value. A text over several lines is left to a person."""
    start = node.start_mark.index
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):
            return None
        return _Replacement(start, node.end_mark.index, written if node.end_mark.index > start else f" {written}")
    return _Replacement(start, _end(text, node), written)


def _added(text: str, node: Any, key: str, value: Any, *, is_top: bool) -> _Replacement | None:
    """Add a key behind the last one; at the top behind those that stand before it in every recipe."""
    if not isinstance(node, yaml.MappingNode):
        return None
    if node.flow_style:
        at = _end(text, node.value[-1][1]) if node.value else node.start_mark.index + 1
        return _Replacement(at, at, f"{', ' if node.value else ''}{key}: {_written(value)}")
    pairs = node.value
    if is_top:
        known = list(Recipe.model_fields)
        before = set(known[: known.index(key)]) if key in known else set()
        pairs = [pair for pair in pairs if pair[0].value in before] or pairs
    indent = " " * node.start_mark.column
    guess = COMMENTED_KIND.match(text, _line_end(text, _end(text, pairs[-1][1])))
    if guess and (key, value) == ("kind", guess[2]) and guess.start(1) - guess.start() == node.start_mark.column:
        return _Replacement(*guess.span(1), "")
    return _line_behind(text, _end(text, pairs[-1][1]), _block(key, value, _newline(text), indent))


def _inserted(text: str, node: Any, index: int, value: Any) -> _Replacement | None:
    """Insert an item into a list: behind the one before it, so that a comment stays above what it stands above."""
    items = node.value
    if node.flow_style:
        if index < len(items):
            at = items[index].start_mark.index
            return _Replacement(at, at, f"{_item(value)}, ")
        at = _end(text, items[-1]) if items else node.start_mark.index + 1
        return _Replacement(at, at, f"{', ' if items else ''}{_item(value)}")
    line = f"{' ' * node.start_mark.column}- {_item(value)}{_newline(text)}"
    if index:
        return _line_behind(text, _end(text, items[index - 1]), line)
    at = text.rfind("\n", 0, items[0].start_mark.index) + 1
    return _Replacement(at, at, line)


def _removed(text: str, node: Any, key: str | int) -> _Replacement | None:
    """Remove a key or an item: with its comma from a line, with its lines from a block."""
    spans = [(pair[0].start_mark.index, _end(text, pair[1])) for pair in node.value if isinstance(pair, tuple)]
    spans = spans or [(item.start_mark.index, _end(text, item)) for item in node.value]
    index = key if isinstance(key, int) else [name.value for name, _ in node.value].index(key)
    start, stop = spans[index]
    if node.flow_style:
        if index + 1 < len(spans):
            return _Replacement(start, spans[index + 1][0], "")
        return _Replacement(spans[index - 1][1] if index else start, stop, "")
    first = text.rfind("\n", 0, start) + 1
    is_alone = re.fullmatch(r"[ \t]*(?:- +)?" if isinstance(key, int) else r"[ \t]*", text[first:start])
    return _Replacement(first, _line_end(text, stop), "") if is_alone else None


def _line_behind(text: str, index: int, line: str) -> _Replacement:
    """Write a line behind the one in which `index` lies."""
    at = _line_end(text, index)
    if text[:at].endswith("\n"):
        return _Replacement(at, at, line)
    newline = _newline(text)
    return _Replacement(at, at, newline + line.removesuffix(newline))


def _line_end(text: str, index: int) -> int:
    return (text.find("\n", index) + 1) or len(text)


def _end(text: str, node: Any) -> int:
    """Find the character behind the last one of a value; comments behind it are none of it."""
    stop: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        return len(text[:stop].rstrip()) if node.style in ("|", ">") else stop
    if node.flow_style and text[stop - 1] in "}]":
        return stop
    if not node.value:
        return stop
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _block(key: str, value: Any, newline: str, indent: str = "") -> str:
    """Write a key and its value on lines of their own: the names of an identity and a list of stages one a line."""
    inner = f"{newline}{indent}  "
    if key == "identity" and isinstance(value, dict):
        lines = [f"{name}: {_written(part)}" for name, part in value.items()]
        return f"{indent}{key}:{inner}{inner.join(lines)}{newline}"
    if key == "stages" and isinstance(value, list):
        return f"{indent}{key}:{inner}{inner.join(f'- {_item(item)}' for item in value)}{newline}"
    return f"{indent}{key}: {_written(value)}{newline}"


def _item(value: Any) -> str:
    """Write an item of a list; one key and its value without braces."""
    if isinstance(value, dict) and len(value) == 1:
        [(key, inner)] = value.items()
        return f"{_text(str(key))}: {_written(inner)}"
    return _written(value)


def _written(value: Any, style: str | None = None) -> str:
    """Write a value on one line; a text in the quotation marks that it had."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key))}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _text(value, style) if isinstance(value, str) else flow(value)


def _text(text: str, style: str | None = None) -> str:
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and PLAIN.fullmatch(text) and _reads_as(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _reads_as(text: str) -> bool:
    try:
        return bool(yaml.safe_load(text) == text)
    except (yaml.YAMLError, ValueError):
        return False
