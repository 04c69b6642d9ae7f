"""The examples of the page on the exam are read as it says, in both languages; its numbers are those of the code."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from curate.examination.own_paper import COLUMNS, read_paper
from curate.examination.prompts import prompts
from curate.examination.retrieval import LONGEST
from schemas.identity import Identity
from schemas.job import ExamSettings

DOCS = Path(__file__).parent.parent.parent.parent / "docs"
PAGES = {"en": "exam.md", "zh": "exam.zh-CN.md"}
WANTED = {
    "en": [
        (("free from 99 yuan|free above 99 yuan", "otherwise 10 yuan"), (), (), None, "shipping", 1),
        ((), (), ("open the order", "choose return|click return", "wait for the courier"), None, "returns", 1),
        ((), (), (), True, "", 1),
        ((), ("10 percent", "10%"), (), None, "", 3),
    ],
    "zh": [
        (("满99元包邮|满九十九包邮", "不满收10元"), (), (), None, "运费", 1),
        ((), (), ("打开订单", "点退货|选择退货", "等快递上门"), None, "退货", 1),
        ((), (), (), True, "", 1),
        ((), ("九折", "9折"), (), None, "", 3),
    ],
}


def page(lang: str) -> str:
    return (DOCS / PAGES[lang]).read_text(encoding="utf-8")


def block(lang: str, kind: str) -> str:
    found = re.search(rf"^ *```{kind}\n(.*?)^ *```", page(lang), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_paper_that_the_page_shows_is_read_so(tmp_path: Path, lang: str, encoding: str) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(block(lang, "csv"), encoding=encoding)
    paper = read_paper(path)
    assert (paper.empty, paper.twice, paper.unmarked, paper.unused) == ((), (), 0, ())
    assert [
        (q.facts, q.accept, q.steps, q.should_say_unknown, q.group if q.group != q.id else "", len(q.messages))
        for q in paper.questions
    ] == WANTED[lang]
    assert {question.lang for question in paper.questions} == {lang}


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_lists_every_column_by_every_name(lang: str) -> None:
    rows = re.findall(r"^\| (.*?) \| (.*?) \|", page(lang), re.MULTILINE)
    named = {word.strip("` ") for row in rows for cell in row for word in re.split("[,、]", cell)}
    assert all(set(names[:2]) <= named for names in COLUMNS.values())


@pytest.mark.parametrize("lang", PAGES)
def test_the_message_that_the_page_shows_is_taken(lang: str) -> None:
    exam = ExamSettings.model_validate(yaml.safe_load(block(lang, "yaml"))["exam"])
    assert prompts(Identity(), exam.prompt) == exam.prompt


def test_the_page_says_how_much_is_found_and_how_many_words_are_keys() -> None:
    table = yaml.safe_load(files("curate.examination").joinpath("keywords.yaml").read_text("utf-8"))
    assert ExamSettings().passages == 3 and "At most three passages" in page("en") and "最多三段" in page("zh")
    assert f"passages of {LONGEST} characters" in page("en") and f"每段 {LONGEST} 字" in page("zh")
    assert 70 < sum(len(entry["words"]) for entries in table.values() for entry in entries) < 80
    assert "seventy more" in page("en") and "七十多个词" in page("zh")
