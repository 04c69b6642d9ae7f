"""Cuts a sample into its tokens as text, for people to look at."""

from collections.abc import Sequence, Set
from typing import Any

from schemas.labelled_row import Piece
from train.samples.label_mask import IGNORED, TokenizedRecord

WINDOW = 4
"""Pieces that are decoded before each: some decoders drop the space that a text begins with."""
LONGEST = 16
"""Tokens of one piece. A character is spread over four at most; beyond, the ids are those of no text."""


def pieces_of(tokenizer: Any, sample: TokenizedRecord, control: Set[int]) -> tuple[Piece, ...]:
    """Cut a sample wherever its text can be cut: a piece a token, but for characters that several tokens share.

    The texts of the pieces joined are the decoding of all ids. `control` has the ids of control tokens.
    """
    pieces, begin = [], 0
    for end, text in _cuts(tokenizer, sample.ids):
        learnt = any(label != IGNORED for label in sample.labels[begin:end])
        is_control = end - begin == 1 and sample.ids[begin] in control
        pieces.append(Piece(text=text, tokens=end - begin, learnt=learnt, control=is_control))
        begin = end
    return tuple(pieces)


def decoded(tokenizer: Any, ids: Sequence[int]) -> str:
    """Write ids as the text that they are: control tokens and every space stay."""
    return str(tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False))


def _cuts(tokenizer: Any, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Find where the text can be cut: the number of tokens up to there, and the text behind the cut before.

    What tokens add to those before them is compared with the decoding of all: half a character is not in it. The time
    grows with the number of tokens, as no piece is decoded with more than a few before it.
    """
    whole, position = decoded(tokenizer, ids), 0
    cuts: list[tuple[int, str]] = []
    for end in range(1, len(ids) + 1):
        begin = cuts[-1][0] if cuts else 0
        if end - begin > LONGEST:
            break
        start = cuts[-WINDOW - 1][0] if len(cuts) > WINDOW else 0
        before, now = decoded(tokenizer, ids[start:begin]), decoded(tokenizer, ids[start:end])
        text = now[len(before) :]
        if not whole.startswith(text, position):
            continue
        if text or not cuts:
            cuts.append((end, text))
        else:  # the rest of a character that was taken for whole: one that stands for the unreadable
            cuts[-1] = (end, cuts[-1][1])
        position += len(text)
    return _completed(cuts, len(ids), whole[position:])


def _completed(cuts: list[tuple[int, str]], end: int, rest: str) -> list[tuple[int, str]]:
    """Add what is left of the tokens and of the text as one piece: nothing, where the ids are those of a text."""
    if not cuts or cuts[-1][0] < end:
        return [*cuts, (end, rest)] if end else []
    return [*cuts[:-1], (end, cuts[-1][1] + rest)]
