"""The judge: a language model marks each answer twice, the second time with the criteria in reverse order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from curate.llm.client import Client
from curate.llm.request import Request
from curate.llm.spending import AskProgress, Estimate
from curate.privacy.release_gate import Gate, check_outgoing
from curate.scoring.prompts import MarksBackwards, request_of
from curate.scoring.records import ScoredRecord
from curate.system.progress import Progress
from schemas.llm import LlmSettings
from schemas.scores import JudgeScore, Marks, agreement_of


@dataclass(frozen=True)
class Judging:
    """What will be asked: two requests for each record, one behind the other. Nothing was sent yet."""

    records: tuple[ScoredRecord, ...]
    requests: tuple[Request, ...]
    client: Client
    model: str

    def estimate(self) -> Estimate:
        return self.client.estimate(self.requests)


def plan_judging(records: Sequence[ScoredRecord], settings: LlmSettings, folder: Path, gate: Gate) -> Judging:
    """Say what is to be asked. Raises GateError for a text that holds personal data."""
    check_outgoing({record.id: [message.content for message in record.messages] for record in records}, gate)
    requests = [request for record in records for request in (request_of(record, 0), request_of(record, 1))]
    return Judging(tuple(records), tuple(requests), Client(settings, folder), settings.model)


def judge(judging: Judging, progress: Progress) -> tuple[dict[str, JudgeScore], Counter[str]]:
    """Ask; give the scores by id, and how many records have none, by the fault of a reply.

    Raises ServiceError where the endpoint fails or the budget is spent: what came is kept by the client.
    """

    def on_progress(asking: AskProgress) -> None:
        progress(f"judge  {asking.sentence()}", asking.done, asking.total)

    marks: dict[int, Marks] = {}
    faults: dict[str, str] = {}
    for index, reply in judging.client.ask(judging.requests, on_progress) if judging.requests else ():
        found = _marks(reply.value)
        if found:
            marks[index] = found
        else:
            faults.setdefault(judging.records[index // 2].id, reply.fault)

    scores = {
        record.id: _score(record, judging.model, marks[2 * n], marks[2 * n + 1])
        for n, record in enumerate(judging.records)
        if record.id not in faults
    }
    return scores, Counter(faults.values())


def _marks(value: BaseModel | None) -> Marks | None:
    if isinstance(value, MarksBackwards):
        return value.marks()
    return value if isinstance(value, Marks) else None


def _score(record: ScoredRecord, model: str, first: Marks, second: Marks) -> JudgeScore:
    agreement = agreement_of(first, second)
    return JudgeScore(model=model, content=record.content, first=first, second=second, agreement=agreement)
