"""What a model behind an endpoint answered in an exam: curation asks it, and the examiner marks it as all others."""

from schemas.llm import LlmSettings
from schemas.record import Frozen


class EndpointAnswer(Frozen):
    """One answer. `text` is empty where no answer came that could be read; `tokens` are those read and written."""

    question: str
    take: int = 0
    """Which of several answers to one question it is."""
    text: str
    is_cut: bool = False
    tokens: int = 0


class EndpointAnswers(Frozen):
    """All that it answered, in the order of the paper. `faults` counts replies that were none, by what was wrong."""

    model: str
    answers: tuple[EndpointAnswer, ...]
    faults: dict[str, int]


def endpoint_name(settings: LlmSettings) -> list[str | int]:
    """Name what decides the answers of an endpoint: an exam with another one is another exam."""
    return [settings.base_url, settings.model, settings.structured, settings.max_tokens]
