"""What a Label Studio server holds, how long we wait for it, and how calls to it fail."""

from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from schemas.bilingual import Bilingual
from schemas.errors import ServiceError

LONGEST_PAUSE = 30.0
"""Seconds, whatever a server asks for."""


class Patience(NamedTuple):
    """Seconds until an answer must be there, and before each further try."""

    timeout: float = 60.0
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0)


class UnansweredError(Exception):
    """What may be gone at the next try; the server may have done the work. `after` are the seconds it asks to wait."""

    def __init__(self, what: Bilingual, after: float = 0.0) -> None:
        super().__init__(what.en)
        self.what = what
        self.after = min(after, LONGEST_PAUSE)


class RefusedError(ServiceError):
    """The server will not do what it was asked to (HTTP status 400)."""


class _Answered(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ServerProject(_Answered):
    id: int
    title: str | None = None
    description: str | None = None
    created_at: Any = None
    label_config: str | None = None
    maximum_annotations: int | None = 1


class ServerAnnotation(_Answered):
    """What one person submitted, or skipped. Nothing in it is to be trusted."""

    id: int
    result: Any = None
    completed_by: Any = None
    was_cancelled: bool | None = False
    lead_time: float | None = None
    created_at: str | None = None
    updated_at: str | None = None


class ServerTask(_Answered):
    id: int
    data: dict[str, Any] | None = None
    total_annotations: int | None = 0
    cancelled_annotations: int | None = 0
    annotations: list[ServerAnnotation] | None = None

    @property
    def content(self) -> dict[str, Any]:
        return self.data or {}

    @property
    def key(self) -> str:
        return str(self.content.get("key", ""))

    @property
    def record(self) -> str:
        return str(self.content.get("record", ""))

    @property
    def is_closed(self) -> bool:
        return bool(self.content.get("closed"))

    @property
    def decisions(self) -> int:
        """Count what people have submitted or skipped."""
        return (self.total_annotations or 0) + (self.cancelled_annotations or 0)
