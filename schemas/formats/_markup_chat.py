"""A whole conversation in one text with markup, as Salesforce keeps it: `( 15s ) Ann: Hi<br>`."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.formats import Turn, UnreadableError
from schemas.roles import RoleName, role_in_log

BREAK = re.compile(r"<br\s*/?>|</?(?:p|div)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
NOTICE = re.compile(r"<p\s[^<>]*align\s*=\s*[\"']?center[^<>]*>(.*?)</p>", re.IGNORECASE | re.DOTALL)
STAMP = re.compile(r"[ \t]*\(\s*(?:[0-9]+h\s+)?(?:[0-9]+m\s+)?[0-9]+s\s*\)[ \t]*([^:：<>\n]{1,60})[:：][ \t]?")
"""How long the chat has lasted, and who speaks."""
AGENTS = re.compile(r"Agent\s+(.{1,60}?)(?:\s+successfully\b.*)?|Chat Transferred From\s+(.{1,60}?)\s+To\s+(.{1,60})")
"""Notices that name agents."""


class SpokenLine(NamedTuple):
    """A speech: who is named, and what is said; a notice names nobody."""

    name: str
    words: str


def as_lines(text: str) -> str:
    """Put a chat with markup on lines; one that has lines of its own stays as it is."""
    if "<" not in text or "\n" in text.strip() or not BREAK.search(text):
        return text
    return html.unescape(TAG.sub("", BREAK.sub("\n", text)))


def stamped_turns(text: str, roles: Mapping[str, RoleName]) -> tuple[Turn, ...] | None:
    """Read a chat whose speeches each stand behind a stamp, or which has notices only; None for any other text.

    Agents are those whom notices name; who else speaks is the customer. Raises UnreadableError where that is more than
    one, or no agent is known.
    """
    if not BREAK.search(text) or not (STAMP.search(text) or NOTICE.search(text)):
        return None
    spoken = BREAK.sub("\n", NOTICE.sub("\n", text)).strip()
    if spoken and not STAMP.match(spoken):
        return None
    lines = list(_spoken(text))
    named = [match for line in lines if not line.name and (match := AGENTS.fullmatch(line.words))]
    agents = {name.strip() for match in named for name in match.groups() if name}
    found: dict[str, RoleName | None] = {}
    for line in lines:
        if line.name:
            is_agent = line.name in agents and line.name not in roles
            found[line.name] = "assistant" if is_agent else role_in_log(line.name, line.words, roles)
    unknown = [name for name, role in found.items() if role is None]
    if len(unknown) > 1 or (unknown and "assistant" not in found.values()):
        raise UnreadableError("unknown_role")
    return tuple(Turn(found[line.name] or "user" if line.name else "note", line.words) for line in lines)


def _spoken(text: str) -> Iterator[SpokenLine]:
    """List speeches and notices; a line without a stamp goes on with what was said before it."""
    name, words = "", list[str]()
    at = 0
    for notice in [*NOTICE.finditer(text), None]:
        for line in BREAK.split(text[at : notice.start() if notice else len(text)]):
            plain = html.unescape(TAG.sub("", line))
            if stamp := STAMP.match(plain):
                yield from _whole(name, words)
                name, words = stamp[1].strip(), [plain[stamp.end() :]]
            else:
                words.append(plain)
        if notice:
            yield from _whole(name, words)
            name, words = "", []
            yield SpokenLine("", html.unescape(TAG.sub("", notice[1])).strip())
            at = notice.end()
    yield from _whole(name, words)


def _whole(name: str, words: list[str]) -> Iterator[SpokenLine]:
    text = "\n".join(words).strip()
    if text:
        yield SpokenLine(name, text)
