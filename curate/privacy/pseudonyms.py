"""What the values of one conversation are called: labels, and in their place fakes or keyed hashes."""

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from curate.privacy.fakes import fake, letters
from rules.personal import Found, kind_of
from schemas.digest import digest
from schemas.errors import InputError
from schemas.identity import Identity

Mode = Literal["label", "fake", "hash"]
LONG_ENOUGH = 6
"""Characters of a value that is looked for in the rest of its conversation too; shorter ones are met by chance."""
KEY_LENGTH = 16
"""Characters of a key at least: a short one can be guessed, and with it every hashed number."""
TRIES = 1000
"""How often a fake that is taken already is made anew before the label stays."""
NUMBERED = re.compile(r"\[([^\[\]\d]{1,16})(\d{1,4})\]")
"""A label that stands in the text already."""
GLUE = re.compile(r"[A-Za-z0-9\[\]]")
"""Letters, digits, and another label, which may become some."""


def key_in(variable: str) -> bytes:
    """The key in that environment variable. Raises InputError when it is missing or short."""
    value = os.environ.get(variable, "")
    if len(value) < KEY_LENGTH:
        raise InputError(
            f"mask: the environment variable {variable} must hold the key for hashes, {KEY_LENGTH} characters or more",
            f"mask：环境变量 {variable} 须存有哈希密钥（至少 {KEY_LENGTH} 个字符）",
        )
    return hashlib.sha512(value.encode("utf-8", "surrogateescape")).digest()


def spared_names(identity: Identity) -> frozenset[str]:
    """What is no person's name in this book: the assistant's own, its author's, and those of other assistants."""
    own = [name for names in (identity.zh, identity.en) if names for name in (names.name, names.author)]
    return frozenset(name.casefold() for name in (*own, *identity.rivals))


def is_spared(found: Found, text: str, names: frozenset[str]) -> bool:
    return found.kind == "person_name" and text[found.start : found.end].casefold() in names


class Pseudonyms:
    """Names for the values of one conversation, numbered from 1 a label, or on from what stands there already."""

    def __init__(self, texts: list[str], chinese: bool) -> None:
        self._chinese = chinese
        self._used: dict[str, int] = {}
        for text in texts:
            for label, number in NUMBERED.findall(text) if "[" in text else ():
                self._used[label] = max(self._used.get(label, 0), int(number))
        self._names: dict[tuple[str, str], str] = {}
        self._values: dict[str, tuple[str, str]] = {}
        self._literals: dict[str, str] = {}

    def of(self, kind: str, value: str) -> str:
        """The name of a value: the same for every way of writing it."""
        label = _label(kind, self._chinese)
        key = (label, kind_of(kind).same(value))
        if key not in self._names:
            number = self._used[label] = self._used.get(label, 0) + 1
            self._names[key] = f"[{label}{number}]"
            self._values[self._names[key]] = (kind, value)
        for written in (value, key[1]):
            if len(written) >= LONG_ENOUGH:
                self._literals[written] = kind
        return self._names[key]

    def known(self, text: str, counts: dict[str, int]) -> str:
        """The text without values that another message gave away: an order number often comes back without the word."""
        if not self._literals or not any(value in text for value in self._literals):
            return text

        def named(match: re.Match[str]) -> str:
            kind = self._literals[match[0]]
            counts[kind] = counts.get(kind, 0) + 1
            return self.of(kind, match[0])

        values = "|".join(re.escape(value) for value in sorted(self._literals, key=lambda v: (-len(v), v)))
        return re.sub(rf"(?<![A-Za-z0-9])(?:{values})(?![A-Za-z0-9])", named, text)

    def replaced(self, texts: list[str], modes: Mapping[str, Mode], seed: str, key: bytes) -> list[str]:
        """The texts with fakes and hashes where the mode of a kind asks for them. `seed` names the conversation."""
        if not modes:
            return texts
        instead: dict[str, str] = {}
        for name, (kind, value) in self._values.items():
            if modes.get(kind) == "hash":
                instead[name] = f"[{_label(kind, self._chinese)}:{_hashed(kind, value, key)}]"
            elif modes.get(kind) == "fake":
                instead[name] = self._fake(name, seed, set(instead.values()))
        return [_exchanged(text, instead) for text in texts] if instead else texts

    def _fake(self, name: str, seed: str, taken: set[str]) -> str:
        kind, value = self._values[name]
        tries = (fake(kind, digest("fake", seed, name, n), value, self._chinese) for n in range(TRIES))
        return next((made for made in tries if made not in taken), name)


def _exchanged(text: str, instead: Mapping[str, str]) -> str:
    """Labels exchanged for what stands instead; a fake that letters or digits would touch stays a label."""

    def exchanged(match: re.Match[str]) -> str:
        made = instead[match[0]]
        is_glued = GLUE.match(text[match.start() - 1 : match.start()]) or GLUE.match(text, match.end())
        return match[0] if is_glued and not made.startswith("[") else made

    return re.sub("|".join(re.escape(name) for name in instead), exchanged, text)


@cache
def _label(kind: str, chinese: bool) -> str:
    return kind_of(kind).label_zh if chinese else kind_of(kind).label_en


def _hashed(kind: str, value: str, key: bytes) -> str:
    """64 bits of a keyed hash, in consonants: the same value and key, the same letters, in every conversation."""
    said = f"{_label(kind, False)}\n{kind_of(kind).same(value)}".encode("utf-8", "surrogatepass")
    return letters(hashlib.blake2b(said, key=key, digest_size=8).hexdigest(), 16)
