"""The secrets of one start of the page: nothing of them is written to disk."""

import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """`launch` stands in the address that the command prints and is traded for the cookie, whose value is `session`;
    `csrf` stands in the address of every form. Each is 256 random bits.
    """

    launch: str
    session: str
    csrf: str
    cookie: str
    """The name of the cookie: cookies are shared by all ports of a host."""

    @staticmethod
    def drawn(port: int, launch: str = "") -> "Keys":
        """Draw new ones; `launch` is one that was given."""
        return Keys(
            launch=launch or secrets.token_urlsafe(32),
            session=secrets.token_urlsafe(32),
            csrf=secrets.token_urlsafe(32),
            cookie=f"hornbook_{port}",
        )


def is_same(given: str, known: str) -> bool:
    """Compare a secret with what was given, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode("utf-8"))
