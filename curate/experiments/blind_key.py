"""The key of a blind comparison: which answer is whose. It stands in a file of its own, and never in the sheet."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from schemas.errors import InputError
from schemas.record import Frozen

Side = Literal["A", "B"]


class PairKey(Frozen):
    """One pair of the sheet. `content` digests the letters of the question and of both answers."""

    number: int
    question: str
    probe: str
    lang: str
    tuned: Side
    content: str


class BlindKey(Frozen):
    """What a sheet holds, and whose each answer is.

    `name` begins the number of every pair; it is made of `digest`, that of the sheet. `share` is the share of wins that
    was to be found.
    """

    name: str
    digest: str
    version: str
    against: str
    share: float
    pairs: tuple[PairKey, ...]


def read_key(path: Path) -> BlindKey:
    """Read the key of a comparison. Raises InputError for what is none."""
    try:
        return BlindKey.model_validate_json(path.read_bytes())
    except OSError:
        raise InputError(f"{path} cannot be read", f"{path} 无法读取") from None
    except ValidationError:
        raise InputError(f"{path} is no key of a blind comparison", f"{path} 不是盲评密钥") from None
