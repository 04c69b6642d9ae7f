"""Guesses how objects that each hold a list of messages are read: which list, who speaks, what is said, and when."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from curate.reading.readers import RawRow
from curate.reading.readers._talks import (
    IS_CUSTOMER,
    TALK,
    Talks,
    as_message,
    at_path,
    flat,
    id_of,
    is_same_id,
    turn_rows,
)
from schemas.bilingual import NOTHING, Bilingual
from schemas.roles import RoleName, role_of

Rows = Sequence[Mapping[str, Any]]

DEEP = 2
"""Objects in objects in which a list of messages is looked for."""
COMMON = 0.5
"""The share of rows that must have the list; of messages that must have a key."""
BOTH = 0.5
"""The share of talks in which both sides must speak."""
KNOWN = 0.9
"""The share of messages whose speaker must be known."""
LABELS = 0.2
"""The share of different values that labels have at most."""
LETTERS = 3
"""Letters that a message has on average."""
BY_CUSTOMER = frozenset(
    ("incoming", "inbound", "is_incoming", "is_inbound", "from_customer", "is_customer", "by_customer", "is_user")
)
BY_AGENT = frozenset(
    ("outgoing", "outbound", "is_outgoing", "is_outbound", "from_agent", "is_agent", "by_agent", "is_staff", "from_me",
     "is_operator", "is_admin", "is_bot")
)  # fmt: skip
"""Keys of a truth that says who speaks."""
CUSTOMER_IDS = re.compile(r"(?:requester|customer|user|visitor|client|contact|buyer|end_user|guest|member)_?id", re.I)
"""Keys of an object that name its customer."""
IDS = re.compile(r"(?i)(?:id|uuid|key|number|编号|单号)\Z")
"""Keys that tell objects apart."""
DOCUMENTED: Mapping[str, Mapping[str, RoleName]] = {
    "ParticipantRole": {"SYSTEM": "note", "CUSTOM_BOT": "assistant", "SUPERVISOR": "assistant"},
    "author.type": {"lead": "user", "team": "assistant"},
}
"""Whom words stand for under keys that a program's documentation explains: Amazon Connect, Intercom."""
OPENINGS = (
    "description_text", "description", "body", "text", "question", "first_message", "initial_message", "message",
    "content", "source.body", "问题描述", "描述", "问题",
)  # fmt: skip
"""Keys of an object that may hold the first message of its talk."""
ANSWERS = re.compile(
    r"(?i)(?:out_?puts?|responses?|completions?|answers?|repl(?:y|ies)|generations?|choices|results?)(?:_text)?|回复|回答"
)
"""Keys of an object under which the answer of its talk may stand."""
DEEPEST = 5
TIMES = re.compile(r"\d{4}[-/.年]\d|\d{10}(?:\d{3})?(?:\.\d+)?\Z")
MARKUP = re.compile(r"</?[a-z][^<>]*>", re.I)


@dataclass(frozen=True)
class ObjectTable:
    """How messages in objects become rows, and how these are read: the options of the reader and of `turns`."""

    reader: Mapping[str, Any]
    format: Mapping[str, Any]
    note: Bilingual = NOTHING
    """What a person should know of the order of the rows."""


@dataclass(frozen=True)
class Speakers:
    """Who speaks in a table of messages: the key, and what its words stand for where that is not known."""

    key: str
    roles: Mapping[str, RoleName]


def nested_talks(rows: Rows, *, in_files: bool = False) -> ObjectTable | None:
    """Find the list of messages in rows like these and what its keys hold; None where the rows show none. `in_files`
    says that the rows are of several files, so that their numbers come again.
    """
    for path in lists_in(rows):
        talks = Talks(list=path, people=_people(rows, path), customer=_customer(rows, path))
        table = _table(rows, talks)
        text = _text(table)
        table = [row for row in table if text and row.get(text)]  # steps of another kind say nothing
        speakers = _speakers(table, text, is_opened=_first_text(rows) is not None) if text else None
        if text and speakers:
            time = _time(table)
            opening = _opening(rows, table, text, speakers, time)
            session = _id_of_talks(table) if in_files else TALK
            options = {"session": session, "role": speakers.key, "text": text}
            if time and not _is_in_order([row.get(time) for row in table]):
                options["time"] = time
            used = {key: value for key, value in talks.model_dump().items() if value and _is_used(key, speakers)}
            closing = _closing(rows, table, text, speakers) if not time else None
            reader = {**used, **({"opening": opening} if opening else {}), **({"closing": closing} if closing else {})}
            roles = {"roles": dict(speakers.roles)} if speakers.roles else {}
            return ObjectTable({"turns": reader}, {**options, **roles})
    return None


def _id_of_talks(table: Rows) -> str:
    """Find a key of the objects that tells all of them apart; their number where there is none."""
    for key in dict.fromkeys(key for row in table for key in row):
        if key.startswith(f"{TALK}.") and IDS.search(key):
            named = {(row[TALK], str(row.get(key) or "")) for row in table}
            ids = {id for _, id in named}
            if len(named) == len(ids) == len({row[TALK] for row in table}) and "" not in ids:
                return key
    return TALK


def _is_used(key: str, speakers: Speakers) -> bool:
    """Tell whether an option of the reader is needed: persons are joined only to say who speaks."""
    is_customer = speakers.key.endswith(f".{IS_CUSTOMER}")
    return key == "list" or (key == "customer" and is_customer) or (key == "people" and not is_customer)


def lists_in(rows: Rows) -> list[str]:
    """List the paths of lists of objects that most rows have, those with the most objects first."""
    counts: Counter[str] = Counter()
    having: Counter[str] = Counter()
    for row in rows:
        for path, value in _paths(row):
            counts[path] += len(value)
            having[path] += 1
    common = [path for path in counts if having[path] >= COMMON * len(rows)]
    return sorted(common, key=lambda path: (-counts[path], path))


def _paths(value: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    for key, item in value.items():
        if isinstance(item, list) and item and all(isinstance(as_message(each), Mapping) for each in item):
            yield before + key, item
        elif isinstance(item, Mapping) and depth < DEEP:
            yield from _paths(item, f"{before}{key}.", depth + 1)


def _table(rows: Rows, talks: Talks) -> list[dict[str, Any]]:
    raw = (
        RawRow(number, dict(row)) for number, row in enumerate(rows, start=1) if at_path(row, talks.list) is not None
    )
    return [row.fields for row in turn_rows(raw, talks) if row.fields is not None]


def _values(table: Rows) -> dict[str, list[str]]:
    """List the texts of each key of the messages that most of them have."""
    keys = dict.fromkeys(key for row in table for key in row if key != TALK and not key.startswith(f"{TALK}."))
    values = {key: [row[key] for row in table if isinstance(row.get(key), str) and row[key]] for key in keys}
    return {key: texts for key, texts in values.items() if len(texts) >= COMMON * len(table)}


def _values_in_talks(table: Rows) -> dict[str, list[str]]:
    """List the texts of each key that messages of most talks have: between them stand steps of other kinds."""
    values: dict[str, list[str]] = {}
    talks: dict[str, set[str]] = {}
    for row in table:
        for key, value in row.items():
            if isinstance(value, str) and value and key != TALK and not key.startswith(f"{TALK}."):
                values.setdefault(key, []).append(value)
                talks.setdefault(key, set()).add(row[TALK])
    number = len({row[TALK] for row in table})
    return {key: texts for key, texts in values.items() if len(talks[key]) >= COMMON * number}


def _text(table: Rows) -> str | None:
    """Find the key of what is said: most letters; one without markup before one with it. Words that come again and
    again are labels.
    """
    letters = {}
    for key, texts in _values_in_talks(table).items():
        mean = sum(sum(map(str.isalpha, text)) for text in texts) / len(table)
        has_markup = sum(bool(MARKUP.search(text)) for text in texts) > COMMON * len(texts)
        is_address = sum("://" in text or ("@" in text and " " not in text) for text in texts) > COMMON * len(texts)
        is_label = len(set(texts)) <= LABELS * len(texts)
        if mean >= LETTERS and not is_label and not TIMES.match(texts[0]) and not is_address and len(set(texts)) > 1:
            letters[key] = mean / (100 if has_markup else 1)
    words = {key for key in letters if _known_share([row.get(key) for row in table]) >= KNOWN}
    return max((key for key in letters if key not in words), key=lambda key: letters[key], default=None)


def _known_share(words: Sequence[Any]) -> float:
    return sum(isinstance(word, str) and role_of(word, {}) is not None for word in words) / max(len(words), 1)


def _speakers(table: Rows, text: str, *, is_opened: bool) -> Speakers | None:
    """Find the key of who speaks: of known words, of a truth with a known name, or of a customer's id. Where the object
    holds the first message, the customer need not speak again in each.
    """
    best: tuple[float, Speakers] | None = None
    for key, words in _values(table).items():
        if key == text:
            continue
        name = key.rpartition(".")[2].casefold()
        roles: dict[str, RoleName] = dict(DOCUMENTED.get(key, {}))
        if set(words) <= {"true", "false"}:
            if name in BY_CUSTOMER:
                roles = {"true": "user", "false": "assistant"}
            elif name in BY_AGENT:
                roles = {"true": "assistant", "false": "user"}
        elif colleagues := _colleagues(words):
            roles = colleagues
        share = _both_share(table, key, roles, is_opened=is_opened)
        if share >= BOTH and (best is None or share > best[0]):
            best = (share, Speakers(key, roles))
    return best[1] if best else None


def _colleagues(words: Sequence[str]) -> dict[str, RoleName]:
    """Read `user` as a colleague where another word stands for the customer: who uses a help desk is its agent."""
    different = {word.strip().casefold() for word in words}
    customers = {word for word in different if role_of(word, {}) == "user"} - {"user"}
    if "user" not in different or not customers or any(role_of(word, {}) == "assistant" for word in different):
        return {}
    return {"user": "assistant", **dict.fromkeys(sorted(customers), "user")}


def _both_share(table: Rows, key: str, roles: Mapping[str, RoleName], *, is_opened: bool) -> float:
    """Measure in what share of the talks both sides speak; 0 where too few words are known. `is_opened` says that the
    customer speaks first in each, outside of the list.
    """
    sides: dict[str, set[str]] = {}
    known = 0
    for row in table:
        word = row.get(key)
        role = role_of(word, roles) if isinstance(word, str) else None
        known += role is not None
        sides.setdefault(row[TALK], set()).update([role] if role else [])
    if known < KNOWN * len(table):
        return 0
    all_words = set().union(*sides.values())
    needed = {"assistant"} if is_opened and "user" in all_words else {"user", "assistant"}
    return sum(needed <= both for both in sides.values()) / max(len(sides), 1)


def _people(rows: Rows, path: str) -> dict[str, str]:
    """Find a list of persons with ids in the rows, which an id of the messages names."""
    for other in lists_in(rows):
        if other == path:
            continue
        persons = [person for row in rows for person in at_path(row, other) or [] if isinstance(person, Mapping)]
        for key in _id_keys(rows, path):
            ids = {id_of(person, key) for person in persons}
            if None in ids or not ids:
                continue
            named = [flat(message).get(key) for row in rows for message in at_path(row, path) or []]
            if sum(id in ids for id in named) >= KNOWN * len(named):
                return {key: other}
    return {}


def _customer(rows: Rows, path: str) -> dict[str, str]:
    """Find a key of the rows that names their customer, and one of the messages that names who speaks."""
    keys = dict.fromkeys(key for row in rows for key in row if CUSTOMER_IDS.fullmatch(key) or key == "id")
    for key in _id_keys(rows, path):
        for customer in keys:
            talks = [(row.get(customer), _values_of(key, at_path(row, path))) for row in rows]
            both = [ids for id, ids in talks if {is_same_id(each, id) for each in ids} == {True, False}]
            if len(both) >= BOTH * len(rows) and (customer != "id" or _have_one_in_common(both)):
                return {key: customer}
    return {}


def _values_of(key: str, messages: Any) -> set[Any]:
    columns = [flat(message) for message in messages or () if isinstance(message, Mapping)]
    return {row[key] for row in columns if isinstance(row.get(key), str)}


def _have_one_in_common(talks: Sequence[set[Any]]) -> bool:
    """Tell whether one person speaks in all of several talks of two, each with another one: whose talks they are."""
    return len(talks) > 1 and len(set.intersection(*talks)) == 1 and all(len(ids) == 2 for ids in talks)


def _id_keys(rows: Rows, path: str) -> list[str]:
    messages = (message for row in rows for message in at_path(row, path) or [] if isinstance(message, Mapping))
    keys = dict.fromkeys(key for message in messages for key in flat(message))
    return [key for key in keys if re.search(r"(?:[._]id|Id|ID)\Z", key)]


def _time(table: Rows) -> str | None:
    """Find the key of when a message was sent."""
    for key in dict.fromkeys(key for row in table for key in row):
        values = [row.get(key) for row in table]
        if not key.startswith(TALK) and all(isinstance(value, str) and TIMES.match(value) for value in values):
            return key
    return None


def _moment(value: Any) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(value))]


def _is_in_order(values: Sequence[Any]) -> bool:
    return all(_moment(earlier) <= _moment(later) for earlier, later in pairwise(values))


def _opening(rows: Rows, table: Rows, text: str, speakers: Speakers, time: str | None) -> dict[str, str | bool] | None:
    """Find the first message of a talk in the object itself: a text of its own, beside it who speaks, or else where the
    agent speaks first.
    """
    path = _first_text(rows)
    if path is None:
        return None
    times = [key for key in (time, "created_at", "created") if key and all(at_path(row, key) for row in rows)]
    at = {time: times[0]} if time and times else {}
    beside = f"{path.rpartition('.')[0]}.{speakers.key}"
    if all(role_of(str(at_path(row, beside)), speakers.roles) for row in rows):
        return {text: path, speakers.key: beside, **at}
    by_talk: dict[str, list[Mapping[str, Any]]] = {}
    for row in table:
        by_talk.setdefault(row[TALK], []).append(row)
    first = [min(talk, key=lambda row: _moment(row.get(time))) if time else talk[0] for talk in by_talk.values()]
    answers = sum(role_of(str(row.get(speakers.key)), speakers.roles) == "assistant" for row in first)
    if answers < COMMON * len(first):
        return None
    customer = next(word for word in ("true", "false", "user", "customer") if _is_user(word, speakers))
    return {text: path, speakers.key: customer, **at}


def _first_text(rows: Rows) -> str | None:
    """Find a key of the objects under which a first message may stand."""
    for path in OPENINGS:
        texts = [value for row in rows if isinstance(value := at_path(row, path), str) and value.strip()]
        if len(texts) >= KNOWN * len(rows):
            return path
    return None


def _closing(rows: Rows, table: Rows, text: str, speakers: Speakers) -> dict[str, str | bool] | None:
    """Find the last answer of a talk in the object itself, as logs of a model's calls have it: a text of its own under
    a key of answers, where the customer speaks last.
    """
    last = {row[TALK]: role_of(str(row.get(speakers.key)), speakers.roles) for row in table}
    if sum(role == "user" for role in last.values()) < KNOWN * len(last):
        return None
    texts: dict[str, list[str]] = {}
    for row in rows:
        for key, value in row.items():
            if ANSWERS.fullmatch(key):
                for path, found in _strings(value, key):
                    texts.setdefault(path, []).append(found)
    spoken = [path for path, found in texts.items() if len(found) >= KNOWN * len(rows) and _is_speech(found)]
    longest = max(spoken, key=lambda path: sum(map(len, texts[path])), default=None)
    agent = next((word for word in ("assistant", "agent", "false", "true") if _is_agent(word, speakers)), None)
    return {text: longest, speakers.key: agent} if longest and agent else None


def _is_speech(texts: Sequence[str]) -> bool:
    """Tell whether texts are said by somebody: not all the same, and more than ids, words and times."""
    return len(set(texts)) > 1 and any(not value.isascii() or " " in value for value in texts)


def _strings(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts in a value, each with its path; of a list its first item."""
    if isinstance(value, str) and value.strip():
        yield path, value
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, list) and value and depth < DEEPEST:
        yield from _strings(value[0], f"{path}.0", depth + 1)


def _is_agent(word: str, speakers: Speakers) -> bool:
    return role_of(word, speakers.roles) == "assistant"


def _is_user(word: str, speakers: Speakers) -> bool:
    return role_of(word, speakers.roles) == "user"
