"""A training row as it is trained: its tokens, which of them are learnt, and what was cut or left out.

The trainer writes it, people read it: on the terminal, on a page, as JSON.
"""

from schemas.job import Thinking
from schemas.preflight import UntrainedAnswer
from schemas.record import Frozen


class Piece(Frozen):
    """One token, or the tokens over which a character is spread. `text` is what they add to the decoding.

    Where several tokens make a piece, it is learnt if any of them is.
    """

    text: str
    tokens: int
    learnt: bool
    control: bool
    """Whether it is a token that the template writes and no text becomes."""


class LabelledSample(Frozen):
    """What the trainer makes of a row, or of one answer of it. The texts of its pieces, joined, are its decoding."""

    name: str
    """The id of the row; with `#` and the number of the answer, from 1, where each answer is a sample of its own."""
    pieces: tuple[Piece, ...]
    tokens: int
    learnt: int
    """How many of the tokens are learnt."""
    messages_cut: int
    """How many of the oldest messages were left out to make it fit."""


class LabelledRow(Frozen):
    """One row of a version under the settings of a training."""

    id: str
    kind: str
    row: int
    """Its number among the training rows, from 1, in the order of the shards."""
    rows: int
    """How many training rows there are."""
    model: str
    system: str | None
    thinking: Thinking
    max_tokens: int
    samples: tuple[LabelledSample, ...]
    untrained: tuple[UntrainedAnswer, ...]
    """The whole row or answers of it that are not trained on; the reasons are keys of `skip_reasons.SKIP_REASONS`."""
    thought_left_out: bool
    """Whether an answer holds a thought that is not learnt."""
