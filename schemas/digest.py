"""Stable digests: blake2b over UTF-8 of canonical JSON. Never `hash()`, never a frame library's own."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SIZE = 16
"""Bytes of a digest: 128 bits, written as 32 hexadecimal characters."""
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
"""One for all: `json.dumps` would make a new one for every value."""


def canonical(value: Any) -> str:
    """Write JSON with sorted keys and no spaces. NaN and infinities raise ValueError."""
    return ENCODER.encode(value)


def digest(*parts: Any) -> str:
    """Digest JSON values in their order, into 32 hexadecimal characters."""
    return hashlib.blake2b(canonical(parts).encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()


def digest_bytes(content: bytes) -> str:
    """Digest bytes, into 32 hexadecimal characters."""
    return hashlib.blake2b(content, digest_size=SIZE).hexdigest()


def digest_file(path: Path) -> str:
    """Digest a file's bytes, read chunk by chunk."""
    state = hashlib.blake2b(digest_size=SIZE)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            state.update(chunk)
    return state.hexdigest()


def digest_each(kind: str, texts: Iterable[bytes]) -> list[str]:
    """Digest each text in UTF-8, into 32 hexadecimal characters, others for each `kind`; in a tenth of the time that
    `digest` takes.
    """
    start = hashlib.blake2b(digest_size=SIZE, person=kind.encode())
    digests = []
    for text in texts:
        state = start.copy()  # cheaper than to begin anew
        state.update(text)
        digests.append(state.hexdigest())
    return digests
