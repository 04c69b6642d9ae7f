"""Who sits the exam, what each of them reads, and that an exam that was interrupted ends as one that was not."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from schemas.endpoint_answers import EndpointAnswer, EndpointAnswers
from schemas.errors import InputError, StoreError
from schemas.exam import ExamPaper, ExamQuestion, ExamResult
from schemas.job import ExamSettings, Job
from schemas.run_files import RunFiles
from tests.train.model_folders import edit
from tests.train.versions import job, line, question, write_version
from train.exam import examine
from train.examination.answer_book import AnswerBook, AnsweredBatch
from train.examination.contestants import asks, sitting
from train.examination.full_tuning import tune_fully
from train.examination.generation import Reply
from train.models.model import load_model
from train.tune import tune
from train.version_reader import read_version

ALL = ("base", "keywords", "prompt", "retrieval", "tuned", "tuned_retrieval", "full")
PROMPTS = {"zh": "你是小喵。{a}", "en": "You are Miao."}
SEARCHED = {"zh": "你是小喵。参考：\n{passages}", "en": "You are Miao. See:\n{passages}"}


def asked(id: str, text: str, probe: str = "identity", **facts: Any) -> ExamQuestion:
    return ExamQuestion.model_validate({**question(id, text, probe), **facts})


PAPER = ExamPaper(
    digest="d",
    questions=(
        asked("a", "你是谁", canned="我是小喵。", is_part=True),
        asked("b", "能退吗", "unrelated", passages=["问：能退吗\n答：七天内可以退。"], is_part=True),
        asked("c", "发货了吗", "unrelated"),
        asked("d", "你叫什么", "consistency", is_part=True),
        asked("e", "x", "perplexity", messages=line("x", "能退吗", "可以退")["messages"]),
    ),
    prompts=PROMPTS,
    retrieval_prompts=SEARCHED,
)


def exam_job(folder: Path, model: Path, **settings: Any) -> Job:
    """A trained run whose exam is the paper above."""
    work = job(write_version(folder / "v"), folder / "run", model, epochs=1)
    exam = {"max_new_tokens": 8, "batch": 2, "samples": 3, "contestants": ALL, **settings}
    work = work.model_copy(update={"exam": ExamSettings.model_validate(exam)})
    RunFiles(Path(work.run)).exam_paper.write_text(PAPER.model_dump_json())
    if not RunFiles(Path(work.run)).adapter.exists():
        tune(work)
    return work


def result(work: Job) -> ExamResult:
    examine(work)
    return ExamResult.model_validate_json(RunFiles(Path(work.run)).exam.read_bytes())


def given(found: ExamResult) -> dict[str, list[tuple[str, int, str]]]:
    """What every contestant answered."""
    sheets = [found.base, found.tuned, *found.contestants]
    return {s.model: [(a.question, a.take, a.text) for a in s.answers] for s in sheets if s.answers}


def test_everyone_answers_and_is_set_against_the_tuned_model(tmp_path: Path, tiny: Path) -> None:
    found = result(exam_job(tmp_path, tiny))
    assert [sheet.model for sheet in found.contestants] == list(ALL)
    assert set(found.contests) == {*ALL} - {"base", "tuned"}
    whole, part = ["a", "b", "c", "d", "d", "d"], ["a", "b", "d", "d", "d"]
    assert {name: [id for id, _, _ in answers] for name, answers in given(found).items()} == {
        name: whole if name in ("base", "tuned") else part for name in ALL
    }
    assert [take for _, take, _ in given(found)["tuned"]] == [0, 0, 0, 0, 1, 2]
    # The sheets of base and tuned are whole; beside the others stand their numbers on the part.
    leaks = {m.name: m.n for m in found.tuned.measures} | {f"part {m.name}": m.n for m in found.contestants[4].measures}
    assert leaks["leak_elsewhere_zh"] == 2 and leaks["part leak_elsewhere_zh"] == 1
    assert all(sheet.tokens > 0 for sheet in found.contestants)


def test_keywords_answer_what_they_know_and_cost_nothing(tmp_path: Path, tiny: Path) -> None:
    found = result(exam_job(tmp_path, tiny))
    keywords = next(sheet for sheet in found.contestants if sheet.model == "keywords")
    base = {(a.question, a.take): a.text for a in found.base.answers}
    assert {(a.question, a.take): a.text for a in keywords.answers} == {
        key: "我是小喵。" if key[0] == "a" else text for key, text in base.items() if key[0] != "c"
    }
    assert keywords.tokens < next(s for s in found.contestants if s.model == "base").tokens


def test_each_reads_its_own_system_message() -> None:
    settings = ExamSettings(samples=1)
    read = {name: {ask.question.id: ask.messages for ask in asks(name, PAPER, settings)} for name in ALL}
    user = {"role": "user", "content": "能退吗"}
    passages = "你是小喵。参考：\n问：能退吗\n答：七天内可以退。"
    assert read["base"]["b"] == read["tuned"]["b"] == read["full"]["b"] == [user]
    assert read["prompt"]["b"] == [{"role": "system", "content": PROMPTS["zh"]}, user]
    assert read["retrieval"]["b"] == read["tuned_retrieval"]["b"] == [{"role": "system", "content": passages}, user]
    # Where the search found nothing, there is the prompt alone, and the tuned model needs none.
    assert read["retrieval"]["a"] == read["prompt"]["a"] != read["base"]["a"] == read["tuned_retrieval"]["a"]


def test_a_system_message_of_the_question_gives_way() -> None:
    talk = [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]
    paper = PAPER.model_copy(update={"questions": (asked("a", "", messages=talk, is_part=True),)})
    (ask,) = asks("prompt", paper, ExamSettings())
    assert [m["content"] for m in ask.messages] == [PROMPTS["zh"], "U"]
    assert asks("base", paper, ExamSettings())[0].messages == talk


@pytest.mark.parametrize(
    ("named", "sit"),
    [
        ((), ["base", "tuned"]),
        (("tuned",), ["base", "tuned"]),
        (("full", "keywords"), ["base", "keywords", "tuned", "full"]),
    ],
)
def test_base_and_tuned_always_sit(named: tuple[str, ...], sit: list[str]) -> None:
    assert sitting(ExamSettings.model_validate({"contestants": named})) == sit


TEXTS = {
    ("a", 0): "我是小喵，由技术吧开发。",
    ("b", 0): "七天内可以退。",
    ("d", 0): "小喵",
    ("d", 1): "小喵",
    ("d", 2): "",
}


def with_endpoint(work: Job, answered: dict[tuple[str, int], str]) -> Job:
    """What curation wrote down before the exam: the answers of a model behind an endpoint."""
    answers = [EndpointAnswer(question=id, take=take, text=text, tokens=9) for (id, take), text in answered.items()]
    found = EndpointAnswers(model="talker", answers=tuple(answers), faults={})
    RunFiles(Path(work.run)).endpoint_answers.write_text(found.model_dump_json())
    return work


def test_an_endpoint_that_has_answered_is_marked_as_all_others_are(tmp_path: Path, tiny: Path) -> None:
    found = result(with_endpoint(exam_job(tmp_path, tiny, contestants=("prompt", "endpoint")), TEXTS))
    assert [sheet.model for sheet in found.contestants] == ["base", "prompt", "endpoint", "tuned"]
    sheet = found.contestants[2]
    assert {(a.question, a.take): a.text for a in sheet.answers} == TEXTS
    assert sheet.answers[0].verdict == "right" and sheet.answers[4].verdict not in ("", "right")
    assert (sheet.tokens, sheet.seconds) == (45, 0)
    assert {m.name for m in sheet.measures} == {m.name for m in found.contestants[1].measures}
    assert found.contests["endpoint"]


@pytest.mark.parametrize("answered", [{}, {key: text for key, text in TEXTS.items() if key != ("d", 1)}, None])
def test_answers_of_an_endpoint_to_another_paper_stop_the_exam(
    tmp_path: Path, tiny: Path, answered: dict[tuple[str, int], str] | None
) -> None:
    work = exam_job(tmp_path, tiny, contestants=("endpoint",))
    with pytest.raises(StoreError, match=r"endpoint_answers\.json (answers another paper|is damaged)"):
        examine(work if answered is None else with_endpoint(work, answered))


def test_two_alone_are_no_contest(tmp_path: Path, tiny: Path) -> None:
    found = result(exam_job(tmp_path, tiny, contestants=()))
    assert found.contestants == () and found.contests == {}


def test_an_exam_goes_on_where_it_was_interrupted(tmp_path: Path, tiny: Path) -> None:
    whole = given(result(exam_job(tmp_path / "a", tiny)))
    work = exam_job(tmp_path / "b", tiny)
    book = RunFiles(Path(work.run)).answers
    complete = RunFiles(tmp_path / "a" / "run").answers.read_bytes()
    lines = complete.splitlines(keepends=True)
    for kept in (0, 1, len(lines) // 2, len(lines) - 1):
        book.write_bytes(b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2])  # the last was being written
        assert given(result(work)) == whole
        assert sorted(map(_without_seconds, book.read_bytes().splitlines())) == sorted(map(_without_seconds, lines))
    times = book.stat().st_mtime_ns
    assert given(result(work)) == whole and book.stat().st_mtime_ns == times


def test_a_question_of_the_users_own_leaves_the_other_answers_as_they_are(tmp_path: Path, tiny: Path) -> None:
    work = exam_job(tmp_path, tiny)
    before, files = given(result(work)), RunFiles(Path(work.run))
    kept = files.answers.read_bytes()
    more = (*PAPER.questions, asked("z", "几点关门呢", "own", is_part=True))
    files.exam_paper.write_text(PAPER.model_copy(update={"questions": more}).model_dump_json())
    after = given(result(work))
    assert {who: [one for one in answers if one[0] != "z"] for who, answers in after.items()} == before
    assert files.answers.read_bytes().startswith(kept)
    added = files.answers.read_bytes()[len(kept) :].splitlines()
    assert [len(json.loads(line)["replies"]) for line in added] == [1] * len(added) and added


def _without_seconds(line: bytes) -> str:
    return json.dumps({**json.loads(line), "seconds": 0}, sort_keys=True)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"key": 1, "replies": 3, "seconds": 1}', b"\xff", b"null"])
def test_a_damaged_line_of_the_book_is_answered_again(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "answers.jsonl"
    batch = AnsweredBatch((Reply("好", False, 3),), 0.5)
    AnswerBook(path).add("k", batch)
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert AnswerBook(path).get("k") == batch and AnswerBook(path).get("1") is None


def test_drawn_answers_differ_and_are_the_same_again(tmp_path: Path, tiny: Path) -> None:
    first = given(result(exam_job(tmp_path / "a", tiny)))
    again = given(result(exam_job(tmp_path / "b", tiny)))
    assert first == again
    assert len({text for id, _, text in first["base"] if id == "d"}) > 1


def test_other_weights_do_not_get_the_answers_of_these(tmp_path: Path, tiny: Path) -> None:
    work = exam_job(tmp_path, tiny, contestants=())
    before = given(result(work))
    adapter = RunFiles(Path(work.run)).adapter
    for file in adapter.iterdir():
        file.unlink()
    adapter.rmdir()
    tune(work.model_copy(update={"train": work.train.model_copy(update={"learning_rate": 0.5, "seed": 8})}))
    after = given(result(work))
    assert before["base"] == after["base"] and before["tuned"] != after["tuned"]


def test_an_adapter_from_elsewhere_is_examined(tmp_path: Path, tiny: Path) -> None:
    work = exam_job(tmp_path / "a", tiny, contestants=())
    expected = given(result(work))
    elsewhere = job(tmp_path / "a" / "v", tmp_path / "run", tiny).model_copy(
        update={"adapter": str(RunFiles(Path(work.run)).adapter), "exam": work.exam}
    )
    RunFiles(Path(elsewhere.run)).exam_paper.write_text(PAPER.model_dump_json())
    edit("train.json", dtype="float32")(Path(work.run))
    assert given(result(elsewhere)) == expected


def test_an_adapter_of_another_model_is_refused(tmp_path: Path, tiny: Path) -> None:
    work = exam_job(tmp_path, tiny)
    config = RunFiles(Path(work.run)).adapter / "adapter_config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "target_modules": ["q_projection"]}))
    with pytest.raises(InputError, match="does not fit the model"):
        examine(work)


def test_all_weights_are_tuned_on_the_same_rows(tmp_path: Path, tiny: Path) -> None:
    found = given(result(exam_job(tmp_path, tiny)))
    part = {(id, take): text for id, take, text in found["base"] if id != "c"}
    assert part.keys() == {(id, take) for id, take, _ in found["full"]}
    assert found["full"] != [(id, take, part[id, take]) for id, take, _ in found["full"]]


def test_a_model_of_another_size_is_not_tuned_whole(tiny: Path) -> None:
    loaded = load_model(str(tiny), "float32")
    loaded.model.add_module("huge", torch.nn.Linear(40_000, 20_000, device="meta"))
    version = read_version(write_version(tiny.parent / "full-v"))
    with pytest.raises(InputError, match="`full` is for up to 500"):
        tune_fully(loaded, version, job(tiny.parent / "full-v", tiny.parent / "full-run", tiny))
