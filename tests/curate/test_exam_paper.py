"""What is asked out of the papers: nothing that training knows, as many families as possible, the same every time."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from curate.examination.exam_paper import write_exam_paper
from schemas.errors import InputError
from schemas.exam import ExamPaper, ExamQuestion
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.papers import paper, papers_digest, stratified
from schemas.run_files import RunFiles
from tests.train.versions import line, question, write_version

PROBES = (
    *("identity", "trap", "negative", "unrelated", "refusal", "look_alike", "general"),
    *("hallucination", "consistency"),
)


def sheet(tmp_path: Path, *asked: str, papers: tuple[Path, ...] = (), **exam: Any) -> ExamPaper:
    """What is asked of a model that was trained on rows in which the user asks this."""
    rows = [line(f"r{n}", text, "好的。") for n, text in enumerate(asked or ("能退吗",))]
    run = tmp_path / "run"
    run.mkdir()
    version = write_version(tmp_path / "v", rows, [question("q0", "怎么称呼你"), question("q1", "春天", "perplexity")])
    write_exam_paper(
        Job(
            version=str(version),
            run=str(run),
            train=TrainSettings(),
            exam=ExamSettings(**exam),
            papers=tuple(map(str, papers)),
        )
    )
    return ExamPaper.model_validate_json(RunFiles(run).exam_paper.read_bytes())


def test_each_probe_gets_its_number_in_each_language(tmp_path: Path) -> None:
    found = sheet(tmp_path)
    counts = Counter((q.probe, q.lang) for q in found.questions if q.probe != "perplexity")
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


def own_paper(tmp_path: Path, *asked: str, name: str = "shop.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(["问题", *asked]), encoding="gb18030")
    return path


OWN = [f"第{n}号门店几点关门" for n in range(50)]


def test_all_own_questions_are_asked_beside_the_papers(tmp_path: Path) -> None:
    found = sheet(tmp_path, papers=(own_paper(tmp_path, *OWN), own_paper(tmp_path, OWN[0], "周末开门吗", name="b.csv")))
    own = [question for question in found.questions if question.probe == "own"]
    assert [question.messages[-1].content for question in own] == [*OWN, "周末开门吗"]
    assert Counter(question.paper for question in own) == {"shop.csv": 50, "b.csv": 1}
    assert len(found.questions) > 500
    assert any(question.is_part for question in own)


def test_own_questions_that_training_knows_are_left_out_and_counted_under_their_file(tmp_path: Path) -> None:
    found = sheet(tmp_path, "周末开门吗", papers=(own_paper(tmp_path, "周末开门吗？", OWN[0]),), questions=0)
    assert [question.messages[-1].content for question in found.questions if question.probe == "own"] == OWN[:1]
    assert found.near_training == {"shop.csv": 1}


def test_another_own_paper_is_another_exam(tmp_path: Path) -> None:
    digests = set()
    for number, papers in enumerate([(), ("周末开门吗",), ("节日开门吗",), ("周末开门吗", "节日开门吗")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = tuple(own_paper(folder, text, name=f"{n}.csv") for n, text in enumerate(papers))
        digests.add(sheet(folder, papers=files, questions=0).digest)
    assert len(digests) == 4 and "" in digests


def test_what_contestants_are_given_stands_beside_the_questions(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "门店几点关门", papers=(own_paper(tmp_path, "三号门店几点关门呢", "你是谁呀"),), questions=0
    )
    store, who = (question for question in found.questions if question.probe == "own")
    assert store.passages == ("问：门店几点关门\n答：好的。",) and store.canned == ""
    assert who.passages == () and "小喵" in who.canned
    (text,) = (question for question in found.questions if question.probe == "perplexity")
    assert text.passages == () and text.canned == ""
    assert "小喵" in found.prompts["zh"] and "Miao" in found.retrieval_prompts["en"]
    assert "{passages}" in found.retrieval_prompts["zh"] and "{passages}" not in found.prompts["zh"]


@pytest.mark.parametrize(
    ("contestants", "searched"),
    [
        (("base", "tuned"), {"hallucination"}),
        (("base", "tuned", "retrieval"), {"hallucination", "own"}),
        (("base", "tuned", "tuned_retrieval"), {"hallucination", "own"}),
    ],
)
def test_only_what_is_shown_or_marks_an_answer_is_searched(
    tmp_path: Path, contestants: tuple[str, ...], searched: set[str]
) -> None:
    asked = [q.messages[-1].content for q in paper("hallucination")][:3]
    trained = [f"{text}，另外门店和价格、退款与保修" for text in ("门店", *asked)]
    found = sheet(tmp_path, *trained, papers=(own_paper(tmp_path, "门店"),), contestants=contestants)
    probes = {question.probe for question in found.questions if question.passages}
    assert probes & {"hallucination", "own"} == searched
    assert (probes == searched) == (searched == {"hallucination"})


def test_a_paper_that_cannot_be_read_stops_the_exam_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("答案\n能\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column called question"):
        sheet(tmp_path, papers=(tmp_path / "answers.csv",), questions=0)
    assert not RunFiles(tmp_path / "run").exam_paper.exists()
