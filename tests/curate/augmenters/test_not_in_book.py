"""What the book does not say is admitted; what it says is never denied."""

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.augmenters.kit import LANGUAGES, Lang
from curate.augmenters.kit.slots import slots_of
from curate.augmenters.kit.unknowns import topics
from curate.augmenters.not_in_book import NotInBook
from curate.build.build import build
from curate.build.pipeline import NumberedStep, run_steps
from curate.recipe.load import Step, load_recipe
from curate.stages import Tools
from curate.stages.split import Split
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import GateError, RecipeError
from schemas.frame import frame_of
from schemas.identity import Identity, Names, Persona
from schemas.placeholders import placeholders
from schemas.recipe import STAGES
from tests.curate.build.test_build import RECIPE, write_inputs
from tests.curate.records import record
from train.metrics._groundedness import unknown_verdict

REACHED = {"zh": "客服热线400-000-0000", "en": "the help line on 555-0100"}
IDENTITY = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))
REACHABLE = Identity(
    zh=Names(name="小喵", author="技术吧", persona=Persona(contact=REACHED["zh"])),
    en=Names(name="Miao", author="Tech Bar", persona=Persona(contact=REACHED["en"])),
)
NOTHING = frame_of([])
QUESTIONS: dict[Lang, list[str]] = {
    lang: [question for topic in topics(lang).values() for question in topic.questions] for lang in LANGUAGES
}
BOOK = frame_of(
    [
        record("zh1", "退款几天能到账", "一到三个工作日。"),
        record("zh2", "怎么开发票", "订单完成后在订单页申请电子发票。"),
        record("en1", "how do I track my parcel", "Open the order and choose Track.", lang="en"),
    ]
)


def tools(identity: Identity = IDENTITY, seed: int = 7) -> Tools:
    return Tools(seed=seed, identity=identity, folder=Path())


def questions_of(rows: pl.DataFrame) -> list[str]:
    return [messages[0]["content"] for messages in rows["messages"]]


def with_exchange(question: str, answer: str = "可以。", **more: Any) -> pl.DataFrame:
    return pl.concat([BOOK, frame_of([record("has_it", question, answer, **more)])])


@pytest.mark.parametrize(("lang", "least"), [("zh", 160), ("en", 110)])
def test_the_kit_asks_enough_about_enough(lang: Lang, least: int) -> None:
    assert len(set(QUESTIONS[lang])) == len(QUESTIONS[lang]) >= least
    assert len(topics(lang)) >= 12 and list(topics("zh")) == list(topics("en"))
    answers = [answer for topic in topics(lang).values() for answer in topic.answers]
    assert len(set(answers)) == len(answers) and all(len(topic.answers) >= 8 for topic in topics(lang).values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_need_nothing_but_a_contact_and_state_no_number(lang: Lang) -> None:
    for topic in topics(lang).values():
        plain = [answer for answer in topic.answers if not slots_of([answer])]
        assert len(plain) >= 4 and slots_of(topic.answers) == {"contact"} and not slots_of(topic.questions)
        assert not re.search(r"\d", " ".join(topic.answers))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_exam_reads_every_answer_as_one_that_does_not_know(lang: Lang) -> None:
    for topic in topics(lang).values():
        for question in topic.questions:
            for answer in topic.answers:
                filled = answer.replace("{contact}", REACHED[lang])
                assert unknown_verdict((question, REACHED[lang]), filled, REACHABLE) == "right", (question, answer)


def test_the_stage_is_asked_for() -> None:
    assert "not_in_book" not in {choice.name if hasattr(choice, "name") else choice for choice in STAGES}


@pytest.mark.parametrize("identity", [IDENTITY, REACHABLE, Identity()])
def test_a_contact_is_named_where_there_is_one_and_no_slot_is_left(identity: Identity) -> None:
    rows = NotInBook(rows=200).add(BOOK, tools(identity)).rows
    answers = [messages[-1]["content"] for messages in rows["messages"]]
    assert not any(placeholders(answer) or "{" in answer for answer in answers)
    assert any(REACHED["zh"] in answer for answer in answers) is (identity is REACHABLE)


def test_rows_are_shared_by_languages_evenly_or_as_the_business_rows_are() -> None:
    def counts(**how: Any) -> list[int]:
        rows = NotInBook(**how).add(BOOK, tools()).rows
        return [rows.filter(lang=lang).height for lang in LANGUAGES]

    assert counts(rows=30) == [15, 15] and counts(rows=30, matched=True) == [20, 10]
    assert counts(rows={"zh": 9}) == [9, 0] and counts(rows=8, languages=("en",)) == [0, 8] and counts(rows=0) == [0, 0]


def test_more_rows_keep_the_ones_that_were_there_and_the_order_of_the_book_does_not_count() -> None:
    few, many = (NotInBook(rows=n).add(BOOK, tools()) for n in (20, 90))
    assert set(few.rows["id"]) < set(many.rows["id"])
    again = NotInBook(rows=90).add(BOOK.reverse(), tools())
    assert again.rows.equals(many.rows) and again.events.equals(many.events)


def test_any_part_holds_each_topic_in_its_proportion() -> None:
    asked = set(questions_of(NotInBook(rows={"zh": 45, "en": 45}).add(NOTHING, tools()).rows))
    for lang in LANGUAGES:
        assert {len(asked & set(topic.questions)) for topic in topics(lang).values()} <= {2, 3, 4}


AROUND = st.sampled_from(["", "您好。", "在吗？", "谢谢！", "Hello. ", "One more thing: "])


HELD = st.tuples(AROUND, AROUND).map("{0[0]}%s\n{0[1]}".format)
"""A question with something else before and behind it."""


@settings(max_examples=30, deadline=None)
@given(st.data(), st.sampled_from(LANGUAGES), HELD, st.booleans(), st.integers(0, 2**31))
def test_a_question_whose_words_stand_in_the_book_is_never_written(
    data: st.DataObject, lang: Lang, form: str, is_answer: bool, seed: int
) -> None:
    question = data.draw(st.sampled_from(QUESTIONS[lang]))
    held = form.replace("%s", question)
    book = with_exchange("问一下" if is_answer else held, held if is_answer else "可以的", lang=lang)
    written = NotInBook(rows={lang: len(QUESTIONS[lang])}, score=1.0).add(book, tools(seed=seed))
    assert question not in questions_of(written.rows)
    assert ("has_it", 1.0) in written.events.filter(reason="in_the_book").select("twin", "score").rows()
    assert not set(written.rows["id"]) & set(written.events["id"])


REWORDED = [
    ("支持花呗分期吗，几期免息", "你们支持花呗分期吗？有免息的不", "zh"),
    ("戒指是925银的还是镀银", "这款戒指是不是925银？", "zh"),
    ("do you post to PO boxes", "Hi, could you post it to a PO box", "en"),
    ("Is the jumper 100% wool or a mix, I itch with acrylic", "is the jumper 100% wool, or mixed with acrylic?", "en"),
]


@pytest.mark.parametrize(("question", "asked", "lang"), REWORDED)
def test_a_question_that_the_book_answers_in_other_words_is_counted(question: str, asked: str, lang: Lang) -> None:
    talk = frame_of([record(f"r{n}", f"{n} 号订单 order {n}", "好 ok", lang=lang) for n in range(40)])
    wishes = NotInBook(rows={lang: len(QUESTIONS[lang])})
    assert question in questions_of(wishes.add(talk, tools()).rows)
    written = wishes.add(pl.concat([talk, with_exchange(asked, lang=lang)]), tools())
    assert question not in questions_of(written.rows) and "has_it" in written.events["twin"]


NO_ANSWER: list[dict[str, Any]] = [
    {"kind": "general"}, {"kind": "identity"}, {"kind": "refusal"},  # not the shop's
    {"lang": "en"},  # in another language
    {"reply": None},  # asked, and never answered
]  # fmt: skip


@pytest.mark.parametrize("more", NO_ANSWER)
def test_what_is_no_answer_of_the_shop_in_the_language_holds_nothing_back(more: dict[str, Any]) -> None:
    settings = dict(more)
    book = frame_of([record("has_it", QUESTIONS["zh"][0], settings.pop("reply", "可以。"), **settings)])
    written = NotInBook(rows={"zh": len(QUESTIONS["zh"])}).add(book, tools())
    assert written.rows.height == len(QUESTIONS["zh"])
    assert written.events.is_empty()


@pytest.mark.parametrize("text", ["您好，请问有什么可以帮您", "好的，谢谢", "订单什么时候到", "可以退货吗，尺寸不对"])
def test_a_book_that_talks_of_something_else_holds_little_back(text: str) -> None:
    written = NotInBook(rows={"zh": len(QUESTIONS["zh"])}).add(with_exchange(text), tools())
    assert written.rows.height >= 0.9 * len(QUESTIONS["zh"])


def test_a_record_in_a_language_of_no_kit_is_searched_too() -> None:
    question = QUESTIONS["en"][0]
    written = NotInBook(rows={"en": len(QUESTIONS["en"])}).add(with_exchange(question, "yes", lang="none"), tools())
    assert question not in questions_of(written.rows)


def test_the_next_question_takes_the_place_and_only_those_whose_turn_it_was_are_counted() -> None:
    order = questions_of(NotInBook(rows={"zh": 60}).add(NOTHING, tools()).rows)
    book = frame_of([record(f"r{n}", order[n], "可以。") for n in (2, 4, 50)])
    one = NotInBook(rows={"zh": 10}, score=0.99)
    written = one.add(book, tools())
    assert questions_of(written.rows) == [*order[:2], order[3], *order[5:12]]
    assert written.events.filter(verdict="dropped").sort("twin")["twin"].to_list() == ["r2", "r4"]
    assert one.model_copy(update={"rows": {"zh": 2}}).add(book, tools()).events.is_empty()


def test_a_book_that_answers_all_leaves_no_rows_and_more_than_the_kit_holds_is_an_error() -> None:
    book = frame_of([record(f"r{n}", text, "yes", lang="en") for n, text in enumerate(QUESTIONS["en"])])
    written = NotInBook(rows={"en": 5}).add(book, tools())
    assert written.rows.is_empty()
    assert written.events.filter(verdict="dropped").height == len(QUESTIONS["en"])
    with pytest.raises(GateError, match=f"999 rows are wanted in en, the kit gives {len(QUESTIONS['en'])}"):
        NotInBook(rows={"en": 999}).add(book, tools())


@pytest.mark.parametrize("score", [0.2, 0.45, 1.0])
def test_the_books_balance(score: float) -> None:
    book = with_exchange(QUESTIONS["zh"][3])
    step = Step("not_in_book", NotInBook(rows={"zh": 170, "en": 60}, score=score))
    outcome = run_steps(book, [NumberedStep(0, step)], tools())
    [booked] = outcome.booked
    count, dropped = booked.stage_count, booked.events.filter(verdict="dropped")
    assert count.rows_in + count.added == count.kept + count.dropped and count.rows_in == book.height
    assert set(count.reasons) <= {"dropped:in_the_book", "dropped:exam_paper"} and count.dropped == dropped.height >= 1
    held = dropped.filter(reason="in_the_book")
    assert held["score"].is_between(score, 1).all() and held["twin"].is_in(book["id"].to_list()).all()


def test_the_exam_does_not_take_them_for_questions_to_decline() -> None:
    rows = NotInBook(rows=60).add(NOTHING, tools()).rows
    kept = Split(identity=0, trap=0, unrelated=0, in_scope=0, perplexity=0).run(rows, tools()).kept
    assert kept.height == rows.height and not kept["tags"].list.contains("exam").any()


def test_a_version_holds_what_a_recipe_asks_for(tmp_path: Path) -> None:
    path = write_inputs(tmp_path)
    path.write_text(RECIPE.replace("  - split", "  - not_in_book: {rows: 24}\n  - split"), encoding="utf-8")
    version = build(load_recipe(path), Store(tmp_path))
    verify(version)
    rows = [json.loads(line) for part in version.glob("train-*.jsonl") for line in part.read_bytes().splitlines()]
    assert sum(row["source"]["file"] == "not_in_book" for row in rows) == 24
    assert "not_in_book" in [count.stage for count in read_manifest(version).stages]


@pytest.mark.parametrize("setting", ["score: 0", "score: 1.5", "rows: -1", "least: 3"])
def test_a_wrong_setting_is_a_mistake_of_the_recipe(tmp_path: Path, setting: str) -> None:
    path = write_inputs(tmp_path)
    path.write_text(RECIPE.replace("  - split", f"  - not_in_book: {{{setting}}}\n  - split"), encoding="utf-8")
    with pytest.raises(RecipeError):
        load_recipe(path)
