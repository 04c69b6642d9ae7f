"""Who may sit at the desk: reviewers are known by a token of their own."""

import hmac
import json
import secrets
from hashlib import sha256
from typing import NamedTuple

from curate.reviewing.queue_file import ReviewQueue
from curate.system.disk import replace_privately
from schemas.errors import InputError

REVIEWERS = "reviewers.json"
"""In the folder of the queue: digests of the tokens, by name. The tokens themselves stand nowhere."""
LONGEST_NAME = 64


class Seat(NamedTuple):
    """A reviewer, whose token was right."""

    name: str


class Reviewers:
    """The reviewers of one dataset."""

    def __init__(self, queue: ReviewQueue) -> None:
        self._queue = queue
        self._path = queue.folder / REVIEWERS

    def names(self) -> list[str]:
        """List who was invited, in alphabetical order."""
        return sorted(self._digests())

    def invite(self, name: str) -> str:
        """Make a token for a reviewer, and give it: it is shown this once. A token that the name had before ends."""
        name = name.strip()
        if not name or not name.isprintable() or len(name) > LONGEST_NAME:
            raise InputError(
                f"a reviewer needs a name, of at most {LONGEST_NAME} letters",
                f"审核人需要有名字，最多 {LONGEST_NAME} 个字",
            )
        token = secrets.token_urlsafe(32)
        with self._queue.locked():
            digests = self._digests() | {name: _digest(token)}
            replace_privately(self._path, json.dumps(digests, ensure_ascii=False, sort_keys=True).encode())
        return token

    def seat(self, token: str) -> Seat:
        """Find whose token it is. Raises InputError for one that is nobody's."""
        digest = _digest(token)
        names = [name for name, known in self._digests().items() if hmac.compare_digest(known, digest)]
        if not names:
            raise InputError("this token is no reviewer's", "这个令牌不属于任何审核人")
        return Seat(names[0])

    def _digests(self) -> dict[str, str]:
        if not self._path.is_file():
            return {}
        digests: dict[str, str] = json.loads(self._path.read_bytes())
        return digests


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
