"""A run whose exam is done, with answers as a test wants them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from schemas.exam import Answer, ExamPaper, ExamQuestion, ExamResult, Probe, Sheet
from schemas.identity import Identity
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.record import Message
from schemas.run_files import RunFiles
from tests.program import hornbook

RECIPE = """\
version: 1
name: shop
inputs: [{path: log.csv}]
identity: {zh: {name: 小喵, author: 技术吧}, en: {name: Miao, author: Tech Bar}}
stages: [clean, mask, judge]
"""
Asked = tuple[str, Probe, Literal["zh", "en"], Sequence[str], str, str]
"""Id, probe, language, the texts of both sides in turn, what the base and what the tuned model answers."""


def built(folder: Path) -> Path:
    """Build a small version in a folder."""
    (folder / "log.csv").write_text("question,answer\n能退货吗,可以的，七天内都能退\n在吗,嗯嗯在的\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    done = hornbook("build", "recipe.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return next((folder / "datasets" / "shop").glob("*/manifest.json")).parent


def examined(version: Path, run: Path, asked: Sequence[Asked]) -> Path:
    """Write what an exam leaves in the folder of a run."""
    run.mkdir(parents=True)
    questions = tuple(
        ExamQuestion(
            id=id, probe=probe, lang=lang, group=id,
            messages=tuple(
                Message(role="assistant" if n % 2 else "user", content=text) for n, text in enumerate(texts)
            ),
        )
        for id, probe, lang, texts, _, _ in asked
    )  # fmt: skip

    def sheet(model: str, side: int) -> Sheet:
        answers = (Answer(question=one[0], probe=one[1], text=str(one[side]), verdict="right") for one in asked)
        return Sheet(model=model, measures=(), answers=tuple(answers))

    files = RunFiles(run)
    result = ExamResult(version="v", base=sheet("base", 4), tuned=sheet("tuned", 5), contestants=(sheet("prompt", 4),))
    files.exam.write_text(result.model_dump_json(), encoding="utf-8")
    files.exam_paper.write_text(ExamPaper(digest="", questions=questions).model_dump_json(), encoding="utf-8")
    job = Job(version=str(version), run=str(run), train=TrainSettings(), exam=ExamSettings(), identity=Identity())
    files.job.write_text(job.model_dump_json(), encoding="utf-8")
    return run
