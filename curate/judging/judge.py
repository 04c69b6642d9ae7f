"""From an exam to what a judge says of it: choose the pairs, ask about each in both orders, weigh, write it down."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from curate.experiments.blind_pairs import TASTE, AnsweredExam, BlindPair, ComparablePairs, comparable_pairs, read_run
from curate.experiments.hidden_names import hide_names
from curate.judging.prompts import Preference, request_of
from curate.judging.under_test import ENDPOINT, refuse_model_under_test
from curate.judging.verdicts import (
    JudgedContest,
    JudgedExam,
    JudgedPair,
    JudgeRound,
    Preferred,
    read_judged,
    weigh_judgements,
)
from curate.llm.client import Client
from curate.llm.reply import ModelReply
from curate.llm.request import Request
from curate.llm.spending import AskProgress, Estimate
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.system import interrupts
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from schemas.bilingual import Bilingual
from schemas.digest import digest, digest_file
from schemas.endpoint_answers import EndpointAnswers
from schemas.errors import GateError, StoreError
from schemas.job import Job
from schemas.llm import LlmSettings
from schemas.run_files import RunFiles


@dataclass(frozen=True)
class JudgeTask:
    """What is wanted: a verdict on `of` against `against`, on `limit` pairs at most, of the exam of a run."""

    run: Path
    """Its folder, or its exam.json."""
    settings: LlmSettings
    store: Store
    of: str = "tuned"
    against: str = "base"
    probes: Sequence[str] = TASTE
    limit: int | None = None

    @property
    def files(self) -> RunFiles:
        return RunFiles(self.run if self.run.is_dir() else self.run.parent)


@dataclass(frozen=True)
class JudgePlan:
    """What will be asked: two requests a pair, one in each order. Nothing was sent yet."""

    task: JudgeTask
    exam: AnsweredExam
    found: ComparablePairs
    pairs: tuple[BlindPair, ...]
    """Those that are asked about, the answers of the contestant that is judged on side A."""
    requests: tuple[Request, ...]
    client: Client

    def estimate(self) -> Estimate:
        return self.client.estimate(self.requests)


def plan_judging(task: JudgeTask) -> JudgePlan:
    """Choose the pairs and write what is asked about them, with all names hidden.

    Pairs come in an order by keyed digest: more of them begin with the same ones. Raises InputError where the judge is
    under test itself, where a contestant did not sit the exam, and where nothing is left to compare.
    """
    exam = read_run(task.run)
    job = Job.model_validate_json(task.files.job.read_bytes())
    refuse_model_under_test(task.settings, (task.of, task.against), job.train.model, _endpoint_of(task))
    found = comparable_pairs(exam, task.probes, task.of, task.against)
    ordered = sorted(found.pairs, key=lambda pair: digest(exam.seed, "judge", pair.question.id))
    pairs = tuple(ordered[: task.limit])
    requests = tuple(request for pair in pairs for request in _both_orders(pair, exam))
    folder = task.store.model_answers(read_manifest(Path(job.version)).name)
    return JudgePlan(task, exam, found, pairs, requests, Client(task.settings, folder))


def _endpoint_of(task: JudgeTask) -> str:
    """Read which model the contestant `endpoint` was; empty where it is not compared, or did not sit the exam."""
    path = task.files.endpoint_answers
    if ENDPOINT not in (task.of, task.against) or not path.is_file():
        return ""
    try:
        return EndpointAnswers.model_validate_json(path.read_bytes()).model
    except ValidationError:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏") from None


def _both_orders(pair: BlindPair, exam: AnsweredExam) -> tuple[Request, Request]:
    """Ask with the own answer first, and with it second. The customer's words name nobody to the judge, either."""
    question, lang = hide_names(pair.asked, exam.identity), pair.question.lang
    return request_of(lang, question, pair.a, pair.b), request_of(lang, question, pair.b, pair.a)


def judge(plan: JudgePlan, progress: Progress) -> JudgedContest:
    """Ask the judge, and write what it says beside the exam.

    Raises ServiceError where the endpoint fails or the budget is spent: what came is kept by the client, and the same
    call goes on there. Raises GateError where not one pair got a verdict.
    """

    def on_progress(asking: AskProgress) -> None:
        progress(f"judge  {asking.sentence()}", asking.done, asking.total)

    with interrupts.explained(_interrupted):
        replies = [reply for _, reply in plan.client.ask(plan.requests, on_progress)]
        pairs, faults = _judged(plan, replies)
        if not pairs:
            why = ", ".join(f"{number} {fault}" for fault, number in sorted(faults.items()))
            raise GateError(
                f"not one of {len(plan.pairs)} pairs got a verdict ({why}); nothing was written",
                f"{len(plan.pairs)} 对回答没有一对得到评判（{why}）；没有写出任何内容",
            )
        task = plan.task
        judged = JudgeRound(
            of=task.of,
            against=task.against,
            judge=task.settings.model,
            exam=digest_file(task.files.exam),
            equal=plan.found.equal,
            private=plan.found.private,
            spare=len(plan.found.pairs) - len(plan.pairs),
            faults=dict(sorted(faults.items())),
        )
        contest = weigh_judgements(pairs, plan.exam.questions, judged)
        _write(task.files, contest)
        return contest


def _interrupted() -> Bilingual:
    return Bilingual(
        "interrupted while judging; every reply that came is kept, and the same command goes on there",
        "评判被中断；已得到的回复都已保留，再次运行同一条命令即可继续",
    )


def _judged(plan: JudgePlan, replies: Sequence[ModelReply]) -> tuple[list[JudgedPair], Counter[str]]:
    """Put both orders of each pair together; a pair without a verdict in one of them is none, and is counted."""
    pairs, faults = [], Counter[str]()
    for pair, first, second in zip(plan.pairs, replies[::2], replies[1::2], strict=True):
        if isinstance(first.value, Preference) and isinstance(second.value, Preference):
            question = pair.question
            pairs.append(
                JudgedPair(
                    question=question.id,
                    probe=question.probe,
                    lang=question.lang,
                    own_first=_preferred(first.value, own="1"),
                    own_second=_preferred(second.value, own="2"),
                )
            )
        else:
            faults[first.fault or second.fault] += 1
    return pairs, faults


def _preferred(preference: Preference, own: str) -> Preferred:
    if preference.better == "same":
        return "same"
    return "own" if preference.better == own else "other"


def _write(files: RunFiles, contest: JudgedContest) -> None:
    """Put a contest in the place of what the same judge said of the same two; what is of another exam goes."""
    kept = [
        one
        for one in read_judged(files).contests
        if (one.of, one.against, one.judge) != (contest.of, contest.against, contest.judge)
    ]
    contests = sorted([*kept, contest], key=lambda one: (one.of, one.against, one.judge))
    replace_durably(files.judge, JudgedExam(contests=tuple(contests)).model_dump_json(indent=1).encode())
