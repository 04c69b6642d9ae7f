"""The training rows of a version that are near questions of its exam: found by curation, refused by the trainer."""

from pydantic import Field

from schemas.record import Frozen


class ExamNeighbour(Frozen):
    """A training row with a turn of the user that is near one of an exam question, and how near; no text."""

    row: str
    """The id of the record."""
    question: str
    """The id of the question."""
    jaccard: float = Field(ge=0, le=1)
    """What shingles the two turns share, of all that they hold; 1 for turns that are compared as equal."""
    edit: float = Field(ge=0, le=1)
    """The share of letters that need no edit."""
