"""Writes down what an exam asks: questions out of the papers that training does not know, and the version's own."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from curate.duplicates.exam_neighbours import known_questions
from curate.examination.endpoint import gate_of_job, private_questions, sits
from curate.examination.keywords import canned
from curate.examination.own_paper import OwnPaper, read_paper
from curate.examination.prompts import prompts, retrieval_prompts
from curate.examination.retrieval import passages
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.system.disk import replace_durably
from schemas.digest import digest
from schemas.exam import ExamPaper, ExamQuestion
from schemas.identity import Identity
from schemas.job import Job
from schemas.papers import PAPERS, paper, papers_digest, stratified
from schemas.run_files import RunFiles
from schemas.version_files import VersionFiles

SEARCHING = frozenset(("retrieval", "tuned_retrieval"))
"""Contestants that are shown what a search finds."""


def write_exam_paper(job: Job) -> None:
    """Write down all that is asked, in the folder of the run.

    A question of a paper that training knows leaves it, and is counted. Of the version is asked what no paper asks: its
    own business, and the texts to read; all of it where the recipe wants no papers. The user's own papers are asked in
    whole. Where an endpoint sits the exam, what holds personal data is not in the part that all answer. Raises
    InputError for a paper that cannot be read, and where a package that searches is missing.
    """
    version = Path(job.version)
    identity = read_manifest(version).identity or Identity()
    asked = list(_of_papers(identity)) if job.exam.questions else []
    files = [read_paper(Path(path)) for path in job.papers]
    own = _of_files(files)
    known = known_questions(version, [*asked, *own]) if asked or own else set()
    chosen = stratified((q for q in asked if q.id not in known), job.exam.questions)
    probes = {question.probe for question in chosen}
    of_version = [question for question in _of_version(version) if question.probe not in probes]
    questions = [*chosen, *of_version, *(q for q in own if q.id not in known)]
    withheld = private_questions(questions, gate_of_job(job)) if sits(job) else set()
    sheet = ExamPaper(
        digest=_digest(papers_digest() if asked else "", [file.digest for file in files]),
        questions=_with_aids(_with_part(questions, job.exam.part, withheld), job, identity),
        near_training=Counter(question.paper for question in [*asked, *own] if question.id in known),
        prompts=prompts(identity, job.exam.prompt),
        retrieval_prompts=retrieval_prompts(identity, job.exam.prompt),
        withheld=len(withheld),
    )
    replace_durably(RunFiles(Path(job.run)).exam_paper, sheet.model_dump_json(indent=1).encode())


def _digest(papers: str, own: Sequence[str]) -> str:
    """Name the papers that are asked from: two exams with the same name ask from the same."""
    return digest("papers", papers, list(own)) if own else papers


def _of_papers(identity: Identity) -> Iterator[ExamQuestion]:
    """Take every question of the papers that an assistant with this identity can be asked."""
    for name in PAPERS:
        for question in paper(name):
            if filled := question.filled(identity):
                yield filled.asked()


def _of_files(files: Sequence[OwnPaper]) -> list[ExamQuestion]:
    """Take every question of the user's own papers; what two of them ask counts for the first."""
    questions: dict[str, ExamQuestion] = {}
    for question in chain.from_iterable(file.questions for file in files):
        questions.setdefault(question.id, question)
    return list(questions.values())


def _of_version(version: Path) -> Iterator[ExamQuestion]:
    """Take the questions that were set aside when the version was built."""
    for line in read_jsonl(VersionFiles(version).exam):
        yield ExamQuestion.model_validate(line)


def _with_part(questions: Sequence[ExamQuestion], part: int, withheld: Container[str]) -> tuple[ExamQuestion, ...]:
    """Mark the questions that all contestants answer: as many of each probe and language as `part` has room for.

    Texts to read are no answers, and are not among them; nor is what must be sent to nobody, `withheld`.
    """
    answered = [q for q in questions if q.probe != "perplexity" and q.id not in withheld]
    strata = len({(question.probe, question.lang) for question in answered})
    chosen = {q.id for q in stratified(answered, max(1, part // strata) if strata and part else len(answered))}
    return tuple(question.model_copy(update={"is_part": question.id in chosen}) for question in questions)


def _with_aids(questions: Sequence[ExamQuestion], job: Job, identity: Identity) -> tuple[ExamQuestion, ...]:
    """Put to each question what keywords answer, its jargon, and what a search finds where anybody needs it."""
    answered = [question for question in questions if question.probe != "perplexity"]
    shown = not SEARCHING.isdisjoint(job.exam.contestants)
    searched = [q for q in answered if shown or q.probe == "hallucination" or q.should_say_unknown is not None]
    found = dict(zip((q.id for q in searched), passages(Path(job.version), searched, job.exam.passages), strict=True))
    replies = {q.id: canned(q.messages, q.lang, identity) for q in answered}
    return tuple(
        question.model_copy(
            update={
                "passages": found.get(question.id, ()),
                "canned": replies.get(question.id, ""),
                "terms": _jargon(question, job.exam.terms),
            }
        )
        for question in questions
    )


def _jargon(question: ExamQuestion, terms: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Find the shop's jargon in a question about its business, with what may explain it."""
    if question.probe not in ("in_scope", "own"):
        return {}
    asked = question.messages[-1].content.casefold()
    return {term: explanations for term, explanations in terms.items() if term.casefold() in asked}
