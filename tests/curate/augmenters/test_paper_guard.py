"""No row we write gives away a question that the exam may ask; what the user brought stays, and the question leaves."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import Wish, draw, per_language
from curate.augmenters._paper_guard import near_papers
from curate.augmenters.identity import IdentityKit
from curate.augmenters.kit import Lang
from curate.augmenters.refusal import Refusal
from curate.augmenters.reword import Reword
from curate.build.build import build
from curate.build.pipeline import NumberedStep, run_steps
from curate.duplicates.exam_neighbours import known_questions
from curate.duplicates.texts.normalize import alphanumeric
from curate.examination.exam_paper import write_exam_paper
from curate.recipe.load import AUGMENTERS, Step, load_recipe
from curate.stages import Tools
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest
from schemas.errors import GateError
from schemas.exam import ExamPaper, ExamQuestion
from schemas.frame import frame_of
from schemas.identity import Identity, Names
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.papers import PAPERS, paper
from schemas.rewordings import Rewording
from schemas.run_files import RunFiles
from tests.curate.build.test_build import RECIPE, write_inputs
from tests.curate.records import record

ZH, EN = Names(name="小喵", author="技术吧"), Names(name="Miao", author="Tech Bar")
IDENTITY = Identity(zh=ZH, en=EN)
NOTHING = frame_of([])
ASKED = "小爱同学是谁家的产品来着"


def tools(identity: Identity = IDENTITY, seed: int = 7) -> Tools:
    return Tools(seed=seed, identity=identity, folder=Path())


def asked(identity: Identity = IDENTITY) -> list[ExamQuestion]:
    filled = (question.filled(identity) for name in PAPERS for question in paper(name))
    return [question.asked() for question in filled if question]


def last_turn(question: ExamQuestion) -> str:
    return question.messages[-1].content


LONG_ONES = [q for q in asked() if len(last_turn(q).encode()) > 75 and len(q.messages) == 1][::6]
"""Long enough that a letter more or less leaves them what they are."""


def row(text: str, id: str = "poisoned", **more: Any) -> dict[str, Any]:
    return record(id, text, "好的。", kind="identity", source={"file": "kit", "digest": "d", "rows": []}, **more)


def reasons(*rows: dict[str, Any], identity: Identity = IDENTITY) -> dict[str, tuple[str, str]]:
    """Why each row may not come in, and the question that it gives away."""
    near = near_papers(frame_of(list(rows)), identity)
    return {id: (reason, twin) for id, reason, twin in near.select("id", "reason", "twin").iter_rows()}


@pytest.mark.parametrize("name", PAPERS)
def test_a_row_that_equals_a_question_of_any_paper_is_near_it(name: str) -> None:
    questions = [question for question in asked() if question.paper == name]
    assert set(reasons(*(row(last_turn(q), q.id) for q in questions))) == {question.id for question in questions}


@pytest.mark.parametrize(
    "text", [f"{ASKED}？？", "小爱同学,是谁家的产品,来着", "ＳＩＲＩ是哪家公司的", "siri是哪家公司的！"]
)
def test_a_row_that_is_a_question_in_other_dress_is_near(text: str) -> None:
    assert reasons(row(text))["poisoned"][1].startswith("negatives-zh-")


@pytest.mark.parametrize("question", LONG_ONES, ids=lambda question: question.id)
def test_a_row_that_is_nearly_a_long_question_is_near(question: ExamQuestion) -> None:
    text = last_turn(question)
    for changed in (f"{text[:9]}呢{text[10:]}", f"{text[:-2]}", f"{text} ok"):
        assert reasons(row(changed)) == {"poisoned": ("exam_paper", question.id)}


def test_any_turn_of_the_user_counts() -> None:
    turns = [ASKED, "小米的。", "你是谁呀", "我是小喵。"]
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(turns)]
    assert set(reasons(row("", messages=messages))) == {"poisoned"}


def test_the_names_are_filled_in_before_they_are_compared() -> None:
    rows = [row("小喵哪家公司出的呀", "a"), row("豆包哪家公司出的呀", "b"), row("who made Miao", "c")]
    assert {id: twin for id, (_, twin) in reasons(*rows).items()} == {"a": "identity-zh-084", "c": "identity-en-076"}


NEAR_MISSES = [
    "小爱同学是谁家的", "小度是谁家的产品来着", "你就是ChatGLM吧", "你就是吧", "太阳从哪边落下", "Tell me a mum joke"
    "我是谁", "产品来着", "是", "？", "你叫什么名字？", "帮我查一下订单",
    f"{LONG_ONES[0].messages[-1].content[:12]}，另外我还想知道你们周末发不发货、用什么快递",
]  # fmt: skip


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_row_that_only_sounds_alike_comes_in(text: str) -> None:
    assert reasons(row(text)) == {}


def test_an_answer_that_repeats_a_question_comes_in() -> None:
    assert reasons(record("a", "你好呀", ASKED, kind="identity")) == {}


def test_a_question_that_is_not_asked_with_these_names_counts_for_nothing() -> None:
    rows = [row(last_turn(q), q.id) for q in asked() if q.paper == "identity" and q.lang == "en" and q.expects]
    assert len(reasons(*rows)) == len(rows)
    assert len(reasons(*rows, identity=Identity(zh=ZH))) == 0


def wish(wanted: int, lang: Lang, texts: list[str]) -> Wish:
    return Wish("rows", lang, wanted, [row(text, id=text) for text in texts])


ZH_ROWS, EN_ROWS = ["甲", ASKED, "乙", "丙"], ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("wanted", "taken", "left"),
    [
        ((0, 0), [], []), ((1, 0), ["甲"], []), ((1, 1), ["甲", "a"], []),  # what is never drawn does not leave either
        ((2, 1), ["甲", "a", "乙"], [ASKED]), ((3, 3), ["甲", "a", "乙", "b", "丙", "c"], [ASKED]),  # the next comes in
        ((0, 4), ["a", "b", "c", "d"], []), ((4, 1), ["甲", "a", "乙", "丙"], [ASKED]),  # no language fills another's
    ],
)  # fmt: skip
def test_the_next_row_of_the_language_takes_the_place(
    wanted: tuple[int, int], taken: list[str], left: list[str]
) -> None:
    written = draw("kit", [wish(wanted[0], "zh", ZH_ROWS), wish(wanted[1], "en", EN_ROWS)], IDENTITY)
    assert written.rows["id"].to_list() == taken
    assert written.events.select("verdict", "reason", "id").rows() == [
        *(("added", None, id) for id in left), *(("dropped", "exam_paper", id) for id in left),
    ]  # fmt: skip


def test_a_row_at_the_end_of_the_kit_leaves_too() -> None:
    written = draw("kit", [wish(2, "zh", ["甲", ASKED])], IDENTITY)
    assert written.rows["id"].to_list() == ["甲"] and set(written.events["id"]) == {ASKED}
    with pytest.raises(GateError, match="3 rows are wanted in zh, the kit gives 2: 1 are missing"):
        draw("kit", [wish(3, "zh", ["甲", ASKED])], IDENTITY)


@given(
    st.one_of(st.integers(0, 500), st.fixed_dictionaries({"zh": st.integers(0, 99), "en": st.integers(0, 99)})),
    st.lists(st.sampled_from(["zh", "en"]), min_size=1, max_size=2, unique=True),
    st.one_of(st.none(), st.fixed_dictionaries({"zh": st.integers(0, 999), "en": st.integers(0, 999)})),
)
def test_a_number_is_shared_by_the_languages_to_one_row(
    numbers: Any, languages: list[Lang], business: dict[str, int] | None
) -> None:
    shared = per_language(numbers, languages, business)
    assert set(shared) == set(languages) and min(shared.values()) >= 0
    if isinstance(numbers, dict):
        assert shared == {lang: numbers[lang] for lang in languages}
        return
    assert sum(shared.values()) == numbers
    counts = {lang: (business or {}).get(lang, 0) for lang in languages}
    total = sum(counts.values())
    for lang, count in counts.items():
        exact = numbers * count / total if total else numbers / len(languages)
        assert abs(shared[lang] - exact) < 1


def test_the_languages_follow_the_business_rows_where_they_are_to() -> None:
    frame = frame_of([*(record(f"z{n}", "问", "答") for n in range(30)), record("e", "q", "a", lang="en")])
    written = IdentityKit(rows=31, traps=0, negatives=62, matched=True).add(frame, tools())
    assert Counter(written.rows["lang"]) == {"zh": 90, "en": 3}


class PoisonedKit(Augmenter):
    """A kit whose writer has read the papers."""

    title_zh: ClassVar[str] = "抄了考题的模板"

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        texts = [ASKED, f"{last_turn(LONG_ONES[0])} ok", "小爱同学是谁家的"]
        return draw("poisoned", [wish(3, "zh", texts)], tools.identity)


def test_a_poisoned_kit_leaves_and_the_books_balance() -> None:
    before = frame_of([record("mine", ASKED, "小米的。")])
    outcome = run_steps(before, [NumberedStep(0, Step("poisoned", PoisonedKit()))], tools())
    [booked] = outcome.booked
    count = booked.stage_count
    assert outcome.kept["id"].to_list() == ["mine", "小爱同学是谁家的"]
    assert (count.rows_in, count.added, count.kept, count.dropped) == (1, 3, 2, 2)
    assert count.reasons == {"dropped:exam_paper": 2}
    dropped = booked.events.filter(verdict="dropped")
    assert set(dropped["twin"]) == {"negatives-zh-002", LONG_ONES[0].id} and dropped["score"].min() > 0.7
    assert booked.events.filter(verdict="added").height == 3


def test_more_rows_keep_the_ones_that_were_there() -> None:
    few, many = (IdentityKit(rows=n, traps=n, negatives=n // 4).add(NOTHING, tools()).rows for n in (90, 300))
    assert set(few["id"]) < set(many["id"])


def test_the_wish_is_met_while_the_kit_has_other_rows() -> None:
    written = IdentityKit(rows=800, traps=400, negatives=600).add(NOTHING, tools())
    tags = Counter(tag for tags in written.rows["tags"] for tag in tags)
    left = written.events.filter(verdict="dropped")
    assert (written.rows.height, tags["trap"], tags["negative"]) == (1800, 400, 600)
    assert left.height  # the paper holds questions that anybody asks


IDENTITIES = (IDENTITY, Identity(zh=ZH), Identity(en=EN), Identity(zh=Names(name="ChatGPT", author="技术吧"), en=EN))


def gives_nothing_away(rows: pl.DataFrame, identity: Identity) -> bool:
    turns = {alphanumeric(turn["content"]) for turns in rows["messages"] for turn in turns if turn["role"] == "user"}
    questions = {alphanumeric(last_turn(question)) for question in asked(identity)}
    return not turns & questions - {""} and near_papers(rows, identity).is_empty()


IDENTITY_KITS = st.builds(
    IdentityKit, rows=st.integers(0, 300), traps=st.integers(0, 200), negatives=st.integers(0, 200),
    multi_turn=st.sampled_from([0.0, 0.1, 1.0]),
)  # fmt: skip


REFUSALS = st.builds(Refusal, rows=st.integers(0, 200), look_alikes=st.integers(0, 100))


@settings(max_examples=5)
@given(st.integers(0, 2**31), st.sampled_from(IDENTITIES), IDENTITY_KITS, REFUSALS)
def test_no_row_we_write_is_near_a_question(
    seed: int, identity: Identity, identity_kit: IdentityKit, refusal: Refusal
) -> None:
    for augmenter in (identity_kit, refusal):
        written = augmenter.add(NOTHING, tools(identity, seed))
        assert gives_nothing_away(written.rows, identity)
        assert not set(written.rows["id"]) & set(written.events["id"])


@pytest.mark.parametrize("name", sorted(set(AUGMENTERS.names()) - {"reword"}))
def test_no_augmenter_writes_a_row_that_is_near_a_question(name: str) -> None:
    written = AUGMENTERS.load(name)().add(NOTHING, tools())
    assert written.rows.height and gives_nothing_away(written.rows, IDENTITY)


def test_a_rewording_that_is_near_a_question_never_comes_in(tmp_path: Path) -> None:
    questions = [last_turn(question) for question in asked() if len(question.messages) == 1][::40]
    texts = ["跟我说话的到底是哪一位", *questions]
    parent = digest("asked")
    lines = [Rewording(parent=parent, part="question", number=n, text=text) for n, text in enumerate(texts, start=1)]
    content = "".join(f"{line.model_dump_json()}\n" for line in lines)
    (tmp_path / "rewordings.jsonl").write_text(content, encoding="utf-8")

    parents = frame_of([record(parent, "请问你是谁呀", "我是小喵，由技术吧开发。", kind="identity")])
    written = Reword(identity=len(lines)).add(parents, Tools(seed=7, identity=IDENTITY, folder=tmp_path))

    assert [messages[-2]["content"] for messages in written.rows["messages"]] == texts[:1]
    assert written.events.filter(pl.col("verdict") == "dropped").height == len(questions)


def training_rows(version: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in version.glob("train-*.jsonl") for line in path.read_bytes().splitlines()]


ALL_ROWS = RECIPE.replace("rows: 120, traps: 40, negatives: 60", "rows: 500, traps: 380, negatives: 80")
RECIPES = {
    "plain": RECIPE,
    "all of the kit": ALL_ROWS,
    "after talk": RECIPE.replace("negatives: 60", "negatives: 60, multi_turn: 1.0"),
    "in Chinese": RECIPE.replace("  en: {name: Miao, author: Tech Bar}\n", "")
    .replace("negatives: 60", "negatives: 40").replace("unrelated: 12", "unrelated: 6"),
    "no questions": ALL_ROWS + "exam: {questions: 0}\n",
}  # fmt: skip


@pytest.mark.parametrize(("name", "seed"), [(name, 7) for name in RECIPES] + [("all of the kit", 1), ("plain", 2)])
def test_no_version_holds_a_row_of_ours_that_is_near_a_question(tmp_path: Path, name: str, seed: int) -> None:
    path = write_inputs(tmp_path)
    path.write_text(RECIPES[name].replace("seed: 7", f"seed: {seed}"), encoding="utf-8")
    version = build(load_recipe(path), Store(tmp_path))
    verify(version)
    identity = read_manifest(version).identity
    assert identity is not None
    ours = [row for row in training_rows(version) if row["source"]["file"] in AUGMENTERS.names()]
    assert len(ours) > 100 and gives_nothing_away(frame_of(ours), identity)
    if name in ("all of the kit", "no questions"):
        assert any(count.reasons.get("dropped:exam_paper") for count in read_manifest(version).stages)


def test_the_users_own_row_stays_and_its_question_leaves(tmp_path: Path) -> None:
    path = write_inputs(tmp_path)
    own = f"mine\t客户\t{ASKED}\nmine\t客服\t是小米的产品，我们店里有它的音箱。\n"
    with (tmp_path / "chat.tsv").open("ab") as file:
        file.write(own.encode("gb18030"))
    path.write_text(RECIPE.replace("in_scope: 4", "in_scope: 0"), encoding="utf-8")
    version = build(load_recipe(path), Store(tmp_path))

    [row] = [row for row in training_rows(version) if row["messages"][0]["content"] == ASKED]
    assert row["source"]["file"] == "chat.tsv"
    assert known_questions(version, asked()) == {"negatives-zh-002"}

    run = tmp_path / "run"
    run.mkdir()
    write_exam_paper(Job(version=str(version), run=str(run), train=TrainSettings(), exam=ExamSettings()))
    sheet = ExamPaper.model_validate_json(RunFiles(run).exam_paper.read_bytes())
    assert sheet.near_training == {"negatives": 1}
    assert "negatives-zh-002" not in {question.id for question in sheet.questions}
