"""Lets the model behind `llm:` sit an exam: what it is asked, and its answers, written down for the examiner."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.examination.names import LANGS, Lang
from curate.llm.reply import ModelReply
from curate.llm.request import Request
from curate.llm.spending import AskProgress, Estimate
from curate.privacy.release_gate import Gate, private_texts
from curate.stages.mask import gate_of
from curate.store.read_version import read_manifest, read_recipe
from curate.system.disk import replace_durably
from schemas.endpoint_answers import EndpointAnswer, EndpointAnswers
from schemas.errors import GateError
from schemas.exam import Contestant, ExamPaper, ExamQuestion
from schemas.identity import Identity
from schemas.job import Job
from schemas.record import Frozen, Message
from schemas.run_files import RunFiles

if TYPE_CHECKING:
    from curate.llm.client import Client

ENDPOINT: Contestant = "endpoint"
DRAWN = 0.7
"""The temperature at which all contestants answer a question of consistency; what is asked once is answered at 0."""
FORM = {
    "zh": (
        "数据是你与一位顾客的对话，按先后排列：customer_1、customer_2…… 是顾客说的话，assistant_1…… 是你此前的回答。"
        "请像在对话中那样回答顾客的最后一句话，只写对顾客说的内容。\n"
        "只输出一个 JSON 对象，其中只有一个字段 reply，内容就是你的回答。"
    ),
    "en": (
        "The data are your conversation with a customer, in its order: `customer_1`, `customer_2`, … is what the "
        "customer wrote, `assistant_1`, … what you replied. Reply to the customer's last message as you would in the "
        "conversation, and write only what the customer is to read.\n"
        "Write one JSON object and nothing else, whose only field, `reply`, is your reply."
    ),
}
"""How an answer is given, behind the system message that says who the assistant is."""
SPEAKERS = {"user": "customer", "assistant": "assistant"}


class SpokenReply(Frozen):
    """What the model is to give back."""

    reply: str


class EndpointAsk(NamedTuple):
    """One question as it is put to the endpoint, for the `take`th time."""

    question: ExamQuestion
    take: int
    request: Request


def sits(job: Job) -> bool:
    """Tell whether a model behind an endpoint sits this exam."""
    return job.llm is not None and ENDPOINT in job.exam.contestants


def endpoint_asks(paper: ExamPaper, samples: int) -> list[EndpointAsk]:
    """List what the endpoint is asked: the part that all contestants answer, in the order of the paper."""
    return [
        EndpointAsk(question, take, _request(question, take, paper.prompts.get(question.lang, "")))
        for question in paper.questions
        if question.is_part and question.probe != "perplexity"
        for take in range(samples if question.probe == "consistency" else 1)
    ]


def _request(question: ExamQuestion, take: int, prompt: str) -> Request:
    return Request(
        system=f"{prompt}\n\n{FORM[question.lang]}".strip(),
        data=turns(question.messages),
        shape=SpokenReply,
        sample=take,
        temperature=DRAWN if question.probe == "consistency" else 0.0,
    )


def turns(messages: Sequence[Message]) -> dict[str, str]:
    """Lay a conversation into fields of data. A system message in it gives way to the contestant's own."""
    spoken = [message for message in messages if message.role in SPEAKERS]
    counts: Counter[str] = Counter()
    fields = {}
    for message in spoken:
        speaker = SPEAKERS[message.role]
        counts[speaker] += 1
        fields[f"{speaker}_{counts[speaker]}"] = message.content
    return fields


def endpoint_estimate(job: Job, paper: ExamPaper) -> Estimate:
    """Say what the endpoint's part of an exam will cost. Calls nothing."""
    asks = endpoint_asks(paper, job.exam.samples)
    check_clean(asks, paper, gate_of_job(job))
    return _client(job).estimate([ask.request for ask in asks])


def write_endpoint_answers(job: Job, on_progress: Callable[[AskProgress], None]) -> EndpointAnswers:
    """Ask the endpoint what the paper in the run's folder holds for it, and write its answers beside the paper.

    Raises GateError where a text that would be sent holds personal data, and ServiceError where the endpoint fails or
    the budget is spent: what came is kept, and the same exam goes on there.
    """
    files = RunFiles(Path(job.run))
    paper = ExamPaper.model_validate_json(files.exam_paper.read_bytes())
    asks = endpoint_asks(paper, job.exam.samples)
    check_clean(asks, paper, gate_of_job(job))
    client = _client(job)
    replies = [reply for _, reply in client.ask([ask.request for ask in asks], on_progress)] if asks else []
    answers = EndpointAnswers(
        model=client.settings.model,
        answers=tuple(_answer(ask, reply) for ask, reply in zip(asks, replies, strict=True)),
        faults=dict(sorted(Counter(reply.fault for reply in replies if reply.fault).items())),
    )
    replace_durably(files.endpoint_answers, answers.model_dump_json(indent=1).encode())
    return answers


def _client(job: Job) -> "Client":
    from curate.llm.client import Client  # loads openai, and every command that may train imports this module

    if job.llm is None:
        raise ValueError("no endpoint sits this exam")
    return Client(job.llm, Path(job.model_answers))


def _answer(ask: EndpointAsk, reply: ModelReply) -> EndpointAnswer:
    """Take what was answered; a reply that cannot be read is an empty answer."""
    return EndpointAnswer(
        question=ask.question.id,
        take=ask.take,
        text=reply.value.reply.strip() if isinstance(reply.value, SpokenReply) else "",
        is_cut=reply.fault == "cut_off",
        tokens=reply.usage.tokens_in + reply.usage.tokens_out,
    )


def gate_of_job(job: Job) -> Gate:
    """Say what must not be sent: the kinds of personal data that the version masks, or all where it masks none."""
    version = Path(job.version)
    return gate_of(read_recipe(version), read_manifest(version).identity or Identity())


def private_questions(questions: Sequence[ExamQuestion], gate: Gate) -> set[str]:
    """Find the questions, by id, that hold personal data: they are sent nowhere."""
    texts = [(question.id, message.content) for question in questions for message in question.messages]
    private = private_texts([text for _, text in texts], gate)
    return {texts[n][0] for n in private}


def check_clean(asks: Sequence[EndpointAsk], paper: ExamPaper, gate: Gate) -> None:
    """Check all texts once more before they leave. Raises GateError that names questions, and no text."""
    if found := sorted(private_questions([ask.question for ask in asks], gate)):
        named = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        raise GateError(
            f"{len(found)} questions would be sent with personal data ({named}); nothing was sent",
            f"有 {len(found)} 道题会带着个人信息发出（{named}）；没有发送任何内容",
        )
    if private_texts([paper.prompts.get(lang, "") for lang in _languages(asks)], gate):
        raise GateError(
            "'exam.prompt' holds personal data and would be sent; nothing was sent",
            "“exam.prompt”含有个人信息，会被发出；没有发送任何内容",
        )


def _languages(asks: Sequence[EndpointAsk]) -> list[Lang]:
    return [lang for lang in LANGS if any(ask.question.lang == lang for ask in asks)]
