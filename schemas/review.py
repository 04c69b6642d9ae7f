"""One line of a file of reviews: what a person decided about a record."""

from typing import Literal

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen


class ReviewDecision(Frozen):
    """`id` names the record. An edit says what the last answer should be; `by` is who decided: initials, a number."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    verdict: Literal["accept", "reject", "edit"]
    answer: str = ""
    by: str = ""

    @model_validator(mode="after")
    def _says_what_it_edits(self) -> "ReviewDecision":
        if (self.verdict == "edit") != bool(self.answer.strip()):
            raise ValueError(
                Bilingual("an edit has an answer, and nothing else has", "edit 必须有 answer，其他结论不能有")
            )
        return self


class ReviewFile(Frozen):
    """The reviews that a version was made with: their path in the recipe, the digest of the file, and its lines."""

    path: str
    digest: str
    reviews: int
