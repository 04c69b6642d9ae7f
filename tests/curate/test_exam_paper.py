"""What is asked out of the papers: nothing that training knows, as many families as possible, the same every time."""

from collections import Counter
from pathlib import Path

import pytest

from curate.examination.exam_paper import write_exam_paper
from schemas.exam import ExamPaper, ExamQuestion
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.papers import paper, papers_digest, stratified
from schemas.run_files import RunFiles
from tests.train.versions import line, write_version

PROBES = (
    *("identity", "trap", "negative", "unrelated", "refusal", "look_alike", "general"),
    *("hallucination", "consistency"),
)


def sheet(tmp_path: Path, *asked: str, questions: int = 40) -> ExamPaper:
    """What is asked of a model that was trained on rows in which the user asks this."""
    rows = [line(f"r{n}", text, "好的。") for n, text in enumerate(asked or ("能退吗",))]
    run = tmp_path / "run"
    run.mkdir()
    exam = ExamSettings(questions=questions)
    write_exam_paper(
        Job(version=str(write_version(tmp_path / "v", rows)), run=str(run), train=TrainSettings(), exam=exam)
    )
    return ExamPaper.model_validate_json(RunFiles(run).exam_paper.read_bytes())


def test_each_probe_gets_its_number_in_each_language(tmp_path: Path) -> None:
    found = sheet(tmp_path)
    counts = Counter((question.probe, question.lang) for question in found.questions)
    assert set(counts) == {(probe, lang) for probe in PROBES for lang in ("zh", "en")}
    assert min(counts[probe, lang] for probe in PROBES[:-2] for lang in ("zh", "en")) >= 34
    assert max(counts.values()) == 40
    assert found.digest == papers_digest() and found.near_training == {}
    assert not any("{name}" in m.content or "{author}" in m.content for q in found.questions for m in q.messages)


@pytest.mark.parametrize("change", [str, lambda text: f"{text}？？", lambda text: f" {text.upper()} "])
def test_what_training_knows_is_not_asked_and_is_counted(tmp_path: Path, change: object) -> None:
    assert callable(change)
    known = [q for q in paper("identity") if len(q.messages) == 1][:6]
    found = sheet(tmp_path, *(change(question.messages[-1].content) for question in known))
    assert not {question.id for question in known} & {question.id for question in found.questions}
    assert found.near_training["identity"] >= len(known)


def test_what_is_only_alike_is_asked(tmp_path: Path) -> None:
    found = sheet(tmp_path, "你们的退货政策是什么", "发货要几天", "今天天气怎么样")
    assert sum(found.near_training.values()) <= 1


def test_a_recipe_may_ask_its_own_questions_alone(tmp_path: Path) -> None:
    found = sheet(tmp_path, questions=0)
    assert found.digest == "" and found.near_training == {}
    assert {question.paper for question in found.questions} <= {""}


def asked(id: str, family: str) -> ExamQuestion:
    return ExamQuestion.model_validate(
        {"id": id, "probe": "trap", "lang": "zh", "messages": [{"role": "user", "content": id}], "group": family}
    )


def test_families_are_asked_in_turn() -> None:
    questions = [asked(f"{family}{n}", family) for family in "abcd" for n in range(4)]
    chosen = stratified(questions, 6)
    assert len(chosen) == 6 and {question.group for question in chosen} == set("abcd")
    assert chosen == stratified(reversed(questions), 6)
    assert stratified(questions, 99) == questions
