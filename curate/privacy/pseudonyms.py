"""What the values of one conversation are called: labels, and in their place fakes or keyed hashes."""

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from curate.privacy.fakes import fake, letters
from rules.personal import PersonalSpan, kind_of
from schemas.digest import digest
from schemas.errors import InputError
from schemas.identity import Identity

Mode = Literal["label", "fake", "hash"]
LONG_ENOUGH = 6
"""Characters of a value that is looked for in the rest of its conversation too; shorter ones are met by chance."""
KEY_LENGTH = 16
"""The fewest characters of a key: a short one can be guessed, and with it every hashed number."""
TRIES = 1000
"""How often another fake is tried, where one is taken already, before the label stays."""
NUMBERED = re.compile(r"\[([^\[\]\d]{1,16})(\d{1,4})\]")
"""A label that stands in the text already."""
GLUE = re.compile(r"[A-Za-z0-9\[\]]")
"""Letters, digits, and another label, which may become some."""


def key_in(variable: str) -> bytes:
    """Read the key in that environment variable. Raises InputError when it is missing or short."""
    value = os.environ.get(variable, "")
    if len(value) < KEY_LENGTH:
        raise InputError(
            f"mask: the environment variable {variable} must hold the key for hashes, {KEY_LENGTH} characters or more",
            f"mask：环境变量 {variable} 须存有哈希密钥（至少 {KEY_LENGTH} 个字符）",
        )
    return hashlib.sha512(value.encode("utf-8", "surrogateescape")).digest()


def spared_names(identity: Identity) -> frozenset[str]:
    """Collect what is no person's name in this dataset: the assistant's own, its author's, those of its rivals."""
    both = [names for names in (identity.zh, identity.en) if names]
    own = [name for names in both for name in (names.name, names.author, *names.aliases)]
    return frozenset(name.casefold() for name in (*own, *identity.rivals))


def is_spared(span: PersonalSpan, text: str, names: frozenset[str]) -> bool:
    """Tell whether what was found is one of the names that `spared_names` lists."""
    return span.kind == "person_name" and text[span.start : span.end].casefold() in names


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
        """Name a value: the same for every way of writing it."""
        label = _label(kind, self._chinese)
        key = (label, kind_of(kind).canonical(value))
        if key not in self._names:
            number = self._used[label] = self._used.get(label, 0) + 1
            self._names[key] = f"[{label}{number}]"
            self._values[self._names[key]] = (kind, value)
        for written in (value, key[1]):
            if len(written) >= LONG_ENOUGH:
                self._literals[written] = kind
        return self._names[key]

    def replace_known(self, text: str, counts: dict[str, int]) -> str:
        """Replace values that another message gave away, and count them by kind.

        An order number often comes back without the word that names it.
        """
        if not self._literals or not any(value in text for value in self._literals):
            return text

        def name_of(match: re.Match[str]) -> str:
            kind = self._literals[match[0]]
            counts[kind] = counts.get(kind, 0) + 1
            return self.of(kind, match[0])

        values = "|".join(re.escape(value) for value in sorted(self._literals, key=lambda v: (-len(v), v)))
        return re.sub(rf"(?<![A-Za-z0-9])(?:{values})(?![A-Za-z0-9])", name_of, text)

    def apply_modes(self, texts: list[str], modes: Mapping[str, Mode], seed: str, key: bytes) -> list[str]:
        """Put fakes and hashes in the place of labels, where the mode of a kind wants them.

        `seed` names the conversation.
        """
        if not modes:
            return texts
        replacements: dict[str, str] = {}
        for name, (kind, value) in self._values.items():
            if modes.get(kind) == "hash":
                replacements[name] = f"[{_label(kind, self._chinese)}:{_hash(kind, value, key)}]"
            elif modes.get(kind) == "fake":
                replacements[name] = self._fake(name, seed, set(replacements.values()))
        return [_exchange(text, replacements) for text in texts] if replacements else texts

    def _fake(self, name: str, seed: str, taken: set[str]) -> str:
        """Make a fake for the value that has this label, none of those taken; the label itself where none is found."""
        kind, value = self._values[name]
        tries = (fake(kind, digest("fake", seed, name, n), value, self._chinese) for n in range(TRIES))
        return next((candidate for candidate in tries if candidate not in taken), name)


def _exchange(text: str, replacements: Mapping[str, str]) -> str:
    """Exchange labels for their replacements; a label that touches letters or digits does not become a fake."""

    def replacement_of(match: re.Match[str]) -> str:
        replacement = replacements[match[0]]
        is_glued = GLUE.match(text[match.start() - 1 : match.start()]) or GLUE.match(text, match.end())
        return match[0] if is_glued and not replacement.startswith("[") else replacement

    return re.sub("|".join(re.escape(name) for name in replacements), replacement_of, text)


@cache
def _label(kind: str, chinese: bool) -> str:
    return kind_of(kind).label_zh if chinese else kind_of(kind).label_en


def _hash(kind: str, value: str, key: bytes) -> str:
    """Compute 64 bits of a keyed hash, in consonants: the same for the same value and key in every conversation."""
    content = f"{_label(kind, False)}\n{kind_of(kind).canonical(value)}".encode("utf-8", "surrogatepass")
    return letters(hashlib.blake2b(content, key=key, digest_size=8).hexdigest(), 16)
