"""What is nearly JSON: with comments, a comma before a bracket, several values in a row, or as Python prints it."""

import ast
import json
import re
from typing import Any

LONGEST_PRINTED = 4 << 20
"""Characters of a text that is tried as what Python prints: its syntax tree takes a hundred times as much memory."""
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)', re.DOTALL)
"""Strings, which stay, and comments. Each alternative takes what it began, also to the end of a text that is cut off:
nothing is looked at twice.
"""
COMMAS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[}\]])', re.DOTALL)
BETWEEN = re.compile(r"[\s,;\x1e]*")
"""What may stand between values in a row."""


def loosened(text: str) -> str:
    """Take the comments and the commas before closing brackets out; strings stay as they are."""
    without = TOKENS.sub(lambda match: match[0] if match[0][0] == '"' else " ", text)
    return COMMAS.sub(lambda match: match[0] if match[0][0] == '"' else "", without)


def values_in_a_row(text: str, decoder: json.JSONDecoder) -> list[Any] | None:
    """Parse several objects that follow each other; None where anything else stands between them."""
    values = []
    at = BETWEEN.match(text, 0).end()  # type: ignore[union-attr]  # it matches nothing, too
    while at < len(text):
        if text[at] not in "{[":
            return None
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        values.append(value)
        at = BETWEEN.match(text, end).end()  # type: ignore[union-attr]
    return values if len(values) > 1 else None


def printed(text: str) -> Any:
    """Read what Python prints of a list or an object: single quotation marks, True and None. Runs nothing. Numbers are
    what stood in the text. None where it is something else.
    """
    text = text.strip()
    if len(text) > LONGEST_PRINTED or (text[:1], text[-1:]) not in (("{", "}"), ("[", "]")):
        return None
    try:
        tree = ast.parse(text, mode="eval")
        return _plain(tree.body, text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _plain(node: ast.AST, text: str) -> Any:
    """Give the value of a node that is a constant, a list or an object. Raises ValueError for any other."""
    if isinstance(node, ast.Dict):
        keys = [_plain(key, text) if key else None for key in node.keys]
        if not all(isinstance(key, str) for key in keys):
            raise ValueError
        return dict(zip(keys, (_plain(value, text) for value in node.values), strict=True))
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_plain(item, text) for item in node.elts]
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bool, type(None))):
        return node.value
    if isinstance(node, (ast.Constant, ast.UnaryOp)) and (number := ast.get_source_segment(text, node)):
        return number
    raise ValueError
