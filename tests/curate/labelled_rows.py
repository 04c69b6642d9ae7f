"""Labelled rows as the trainer writes them, for the tests of how they are shown."""

from typing import Any

from schemas.labelled_row import LabelledRow, LabelledSample, Piece
from schemas.preflight import UntrainedAnswer

HOSTILE = (
    "\x1b[2J\x1b]0;t\x07\u202edi\u2066\u200b\u2028\x85\r\t\x9b⟧⟦"
    "<script>alert(1)</script><img src=x onerror=y>[red]{{ 7 }}"
)
"""What must neither reach a terminal raw nor run in a page."""


def pieces(*texts: str) -> tuple[Piece, ...]:
    """A piece a text, of one token: in brackets `(` `)` what is learnt, between `|` a control token."""
    made = []
    for text in texts:
        is_learnt = text.startswith("(") and text.endswith(")")
        bare = text[1:-1] if is_learnt else text
        made.append(Piece(text=bare, tokens=1, learnt=is_learnt, control=bare.startswith("|") and bare.endswith("|")))
    return tuple(made)


def sample(*texts: str, name: str = "r0", messages_cut: int = 0) -> LabelledSample:
    made = pieces(*texts)
    learnt = sum(piece.tokens for piece in made if piece.learnt)
    return LabelledSample(name=name, pieces=made, tokens=len(made), learnt=learnt, messages_cut=messages_cut)


def labelled_row(*samples: LabelledSample, **facts: Any) -> LabelledRow:
    usual = {
        "id": "r0", "kind": "domain", "row": 3, "rows": 7, "model": "smollm2", "system": None, "thinking": "off",
        "max_tokens": 64, "samples": samples, "untrained": (), "thought_left_out": False,
    }  # fmt: skip
    return LabelledRow.model_validate({**usual, **facts})


def untrained(reason: str, answer: int | None = None) -> UntrainedAnswer:
    return UntrainedAnswer(id="r0", answer=answer, reason=reason)
