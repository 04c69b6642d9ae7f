"""Writes down what an exam asks: questions out of the papers that training does not know, and the version's own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from curate.duplicates.exam_neighbours import known_questions
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.system.disk import replace_durably
from schemas.exam import ExamPaper, ExamQuestion
from schemas.identity import Identity
from schemas.job import Job
from schemas.papers import PAPERS, paper, papers_digest, stratified
from schemas.run_files import RunFiles
from schemas.version_files import VersionFiles


def write_exam_paper(job: Job) -> None:
    """Write down all that is asked, in the folder of the run.

    A question of a paper that training knows leaves it, and is counted. Of the version is asked what no paper asks: its
    own business, and the texts to read; all of it where the recipe wants no papers.
    """
    version = Path(job.version)
    identity = read_manifest(version).identity or Identity()
    asked = list(_of_papers(identity)) if job.exam.questions else []
    known = known_questions(version, asked) if asked else set()
    chosen = stratified((q for q in asked if q.id not in known), job.exam.questions)
    probes = {question.probe for question in chosen}
    own = [question for question in _of_version(version) if question.probe not in probes]
    sheet = ExamPaper(
        digest=papers_digest() if asked else "",
        questions=_with_part([*chosen, *own], job.exam.part),
        near_training=Counter(question.paper for question in asked if question.id in known),
    )
    replace_durably(RunFiles(Path(job.run)).exam_paper, sheet.model_dump_json(indent=1).encode())


def _of_papers(identity: Identity) -> Iterator[ExamQuestion]:
    """Take every question of the papers that an assistant with this identity can be asked."""
    for name in PAPERS:
        for question in paper(name):
            if filled := question.filled(identity):
                yield filled.asked()


def _of_version(version: Path) -> Iterator[ExamQuestion]:
    """Take the questions that were set aside when the version was built."""
    for line in read_jsonl(VersionFiles(version).exam):
        yield ExamQuestion.model_validate(line)


def _with_part(questions: Sequence[ExamQuestion], part: int) -> tuple[ExamQuestion, ...]:
    """Mark the questions that all contestants answer: as many of each probe and language as `part` has room for.

    Texts to read are no answers, and are not among them.
    """
    answered = [question for question in questions if question.probe != "perplexity"]
    strata = len({(question.probe, question.lang) for question in answered})
    chosen = {q.id for q in stratified(answered, max(1, part // strata) if strata and part else len(answered))}
    return tuple(question.model_copy(update={"is_part": question.id in chosen}) for question in questions)
