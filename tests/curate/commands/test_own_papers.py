"""`hornbook exam --paper`: what is wrong with a file is said before anything is asked, and what it asks is counted."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from curate.store.store import Store
from curate.workflow import job_for
from schemas.exam import ExamPaper, ExamResult, Sheet
from schemas.job import Job
from schemas.run_files import RunFiles
from tests.program import hornbook

RECIPE = "version: 1\nname: shop\ninputs: [{path: log.csv}]\nstages: [clean, mask]\n"
RECIPE += "identity: {zh: {name: 小喵, author: 店}}\n"
FAKE = """import sys
if 'train.exam' in ' '.join(sys.orig_argv):
    import os, json, pathlib
    run = pathlib.Path(json.loads(pathlib.Path(sys.argv[-1]).read_text())['run'])
    (run / 'exam.json').write_text({result!r})
    print('{{"event": "done"}}', flush=True)
    os._exit(0)
"""
"""What Python imports first in the place of the examiner."""
QUESTIONS = "问题,要点,备注\n几点关门,十点,x\n,无,x\n几点关门,九点,x\n周末开门吗,,x\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A version that was trained on, as far as an exam looks."""
    (tmp_path / "log.csv").write_text(
        "question,answer\n能退货吗,可以的，七天内都能退\n运费谁出,我们出\n", encoding="utf-8"
    )
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    done = hornbook("build", "recipe.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = run_of(tmp_path)
    run.folder.mkdir(parents=True)
    run.training.write_text("{}", encoding="utf-8")
    run.steps.touch()
    sheet = Sheet(model="base", measures=(), answers=())
    result = ExamResult(version="v", base=sheet, tuned=sheet).model_dump_json()
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "sitecustomize.py").write_text(FAKE.format(result=result), encoding="utf-8")
    return tmp_path


def run_of(shop: Path) -> RunFiles:
    return RunFiles(Path(job_for(shop / "recipe.yaml", Store(shop), None)[1].run))


def exam(shop: Path, *arguments: str, lang: str = "en") -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(shop / "fake"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-P", "-c", "from curate.cli import main; main()", "exam", "recipe.yaml", *arguments]
    env = {**os.environ, "HORNBOOK_LANG": lang, "PYTHONPATH": path}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=shop, env=env)


def test_a_paper_is_counted_asked_and_part_of_the_job(shop: Path) -> None:
    (shop / "mine.csv").write_text(QUESTIONS, encoding="gb18030")
    (shop / "more.jsonl").write_text('{"question": "有停车场吗"}\n', encoding="utf-8")
    done = exam(shop, "--paper", "mine.csv", "--paper", "more.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "mine.csv: questions: 2; rows without one, left out: [3]; rows that repeat an earlier one, left out: [4]; "
        "questions with nothing that marks an answer: 1; columns not used: 备注",
        "more.jsonl: questions: 1; questions with nothing that marks an answer: 1",
    ]
    asked = ExamPaper.model_validate_json(run_of(shop).exam_paper.read_bytes()).questions
    own = [(question.paper, question.facts) for question in asked if question.probe == "own"]
    assert own == [("mine.csv", ("十点",)), ("mine.csv", ()), ("more.jsonl", ())]
    job = Job.model_validate_json(run_of(shop).job.read_bytes())
    assert job.papers == (str(shop / "mine.csv"), str(shop / "more.jsonl"))


def test_a_paper_in_json_and_in_chinese(shop: Path) -> None:
    (shop / "mine.csv").write_text(QUESTIONS, encoding="utf-8")
    document = json.loads(exam(shop, "--paper", "mine.csv", "--json").stdout)
    assert document["papers"] == [
        {"file": "mine.csv", "questions": 2, "empty": [3], "twice": [4], "unmarked": 1, "unused": ["备注"]}
    ]
    run_of(shop).exam.unlink()
    assert exam(shop, "--paper", "mine.csv", lang="zh").stdout.startswith("mine.csv：2 道题；没有问题的行，未用：[3]")


def test_an_exam_without_a_paper_asks_none(shop: Path) -> None:
    done = exam(shop)
    assert done.returncode == 0 and "questions:" not in done.stdout
    asked = ExamPaper.model_validate_json(run_of(shop).exam_paper.read_bytes())
    assert "own" not in {question.probe for question in asked.questions}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "mine.csv is no file"),
        ("答案\n能\n", "no column called question"),
        ("问题,语言\n能退吗,火星\n", "must be zh or en"),
    ],
)
def test_a_paper_that_is_wrong_ends_with_one_sentence_before_the_exam(shop: Path, content: str, says: str) -> None:
    if content:
        (shop / "mine.csv").write_text(content, encoding="utf-8")
    done = exam(shop, "--paper", "mine.csv")
    assert done.returncode == 2 and re.search(says, done.stderr) and len(done.stderr.splitlines()) == 1
    assert not run_of(shop).exam_paper.exists()
