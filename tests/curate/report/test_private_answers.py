"""A model may invent a person: his number is shown nowhere, and the report is written all the same."""

from pathlib import Path

import pytest

from curate.privacy.release_gate import EVERYTHING, private_texts
from curate.store.store import Store
from curate.workflow import write_report
from schemas.exam import Answer, ExamPaper, ExamQuestion, ExamResult, Measure, Sheet
from schemas.run_files import RunFiles
from tests.program import hornbook

MEASURE = Measure(name="trap_strict_zh", value=1, low=0, high=1, n=2, definition_en="d", definition_zh="d")
PRIVATE = "请拨打13812345678找张建国先生。"
RECIPE = "version: 1\nname: shop\ninputs: [{path: log.csv}]\nstages: [clean, mask]\n"


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "log.csv").write_text("question,answer\n能退货吗,可以的，七天内都能退\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    assert hornbook("build", "recipe.yaml", cwd=folder).returncode == 0
    return Store(folder).find("shop")


def run_with(folder: Path, asked: tuple[str, str], base: tuple[str, str], tuned: tuple[str, str]) -> Path:
    """A run whose exam asked two questions, and what base and tuned model answered."""
    questions = tuple(
        ExamQuestion.model_validate(
            {
                "id": f"q{n}",
                "probe": "trap",
                "lang": "zh",
                "group": "g",
                "messages": [{"role": "user", "content": text}],
            }
        )
        for n, text in enumerate(asked)
    )
    sheets = [
        Sheet(
            model=model,
            measures=(MEASURE,),
            answers=tuple(Answer(question=f"q{n}", probe="trap", text=t, verdict="right") for n, t in enumerate(texts)),
        )
        for model, texts in (("base", base), ("tuned", tuned))
    ]
    folder.mkdir(exist_ok=True)
    RunFiles(folder).exam_paper.write_text(ExamPaper(digest="", questions=questions).model_dump_json())
    RunFiles(folder).exam.write_text(ExamResult(version="v", base=sheets[0], tuned=sheets[1]).model_dump_json())
    return folder


PLAIN = ("甲问题", "乙问题"), ("甲基础", "乙基础"), ("甲回答", "乙回答")


@pytest.mark.parametrize("where", [0, 1, 2])
def test_what_names_a_person_is_not_shown_and_is_counted(version: Path, tmp_path: Path, where: int) -> None:
    texts = list(PLAIN)
    texts[where] = (texts[where][0], PRIVATE)
    page = write_report(version, run_with(tmp_path / "run", *texts)).read_text(encoding="utf-8")
    assert "13812345678" not in page and "张建国" not in page
    assert "look like personal data are not shown: 1." in page
    assert "甲回答" in page and "乙问题" not in page.replace("甲问题", "")


def test_nothing_is_withheld_where_nobody_is_named(version: Path, tmp_path: Path) -> None:
    page = write_report(version, run_with(tmp_path / "run", *PLAIN)).read_text(encoding="utf-8")
    assert "are not shown" not in page and "乙回答" in page and "乙问题" in page


def test_private_texts_are_found_by_their_places() -> None:
    assert private_texts(["好的", PRIVATE, "", "a@b.com 是我"], EVERYTHING) == {1, 3}
    assert private_texts([], EVERYTHING) == set()
