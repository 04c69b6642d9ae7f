"""A judge and a small model score masked answers; what they say is a file, and no record is dropped for it."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from curate.recipe.load import load_recipe
from curate.scoring.prompts import RUBRIC, instructions
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.store.shards import read_jsonl
from curate.store.store import Store
from schemas.errors import GateError, InputError, RecipeError, ServiceError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction
from tests.curate.records import record
from tests.curate.rewording.shop import ASKED_WITH_PHONE, PHONE, SPLIT, TALKS, built, rows, write_lines
from tests.curate.scoring.shop import (
    RUDE,
    SCORED,
    TORN,
    UNSCORED,
    VAGUE,
    is_second,
    judge_line,
    lines,
    marked,
    point_at,
    scored,
    write_shop,
)

# what is asked


def test_every_answer_is_marked_twice_and_its_words_are_data(tmp_path: Path) -> None:
    with FaultyServer(marked) as server:
        written = scored(point_at(write_shop(tmp_path), server), "judge")
    assert (written.lines, written.judged, written.read, written.faults) == (12, 12, 0, {})
    asked = [(call.data["question"], is_second(call)) for call in server.calls]
    assert sorted(asked) == sorted((question, second) for question in TALKS for second in (False, True))
    for call in server.calls:
        assert call.data == {"question": call.data["question"], "answer": TALKS[call.data["question"]][0]}
        assert call.system.startswith(instructions("zh", 1 if is_second(call) else 0))
        assert not any(text in call.system for text in call.data.values())


@pytest.mark.parametrize(("lang", "language"), [("zh", "zh"), ("en", "en"), ("ja", "en"), ("", "en")])
def test_the_rubric_stands_whole_in_the_instructions_in_either_order(lang: str, language: str) -> None:
    first, second = instructions(lang, 0), instructions(lang, 1)
    assert all(meaning in text for meaning in RUBRIC[language].values() for text in (first, second))
    assert first.index("- accuracy") < first.index("- tone") and second.index("- tone") < second.index("- accuracy")
    assert first.endswith('{"accuracy": 1–5, "completeness": 1–5, "tone": 1–5}')
    assert second.endswith('{"tone": 1–5, "completeness": 1–5, "accuracy": 1–5}')


def test_of_a_conversation_the_last_answer_is_marked_and_what_came_before_is_shown(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, UNSCORED)
    turns = ["在吗", "在的，请讲。", "几天能寄到呢", "一般三天左右送达。"]
    talk = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(turns)]
    write_lines(tmp_path / "faq.jsonl", [{"messages": talk}])
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace("{pairs: {question: q, answer: a}}", "messages"), encoding="utf-8")
    with FaultyServer(marked) as server:
        scored(point_at(recipe, server), "judge")
    [data] = {json.dumps(call.data, ensure_ascii=False) for call in server.calls}
    assert json.loads(data) == {"earlier": "顾客: 在吗\n客服: 在的，请讲。", "question": turns[2], "answer": turns[3]}


def test_nothing_is_sent_that_the_mask_would_mask(tmp_path: Path) -> None:
    """Real calls to a server that records every byte it gets."""
    recipe = write_shop(tmp_path, UNSCORED)
    personal = [
        {"q": ASKED_WITH_PHONE, "a": f"好的，已按{PHONE}查到，明天送达。"},
        {"q": "发票寄到 ann.lee@example.com 可以吗？", "a": "可以的，会发到 ann.lee@example.com。"},
        {"q": "身份证110101199003077930能用来登记吗？", "a": "可以登记的，请放心。"},
    ]
    write_lines(tmp_path / "faq.jsonl", [*personal, *({"q": q, "a": a} for q, (a, _) in TALKS.items())])
    with FaultyServer(marked) as server:
        scored(point_at(recipe, server), "judge")
    sent = "".join(call.raw + str(call.headers) for call in server.calls)
    assert len(server.calls) == 30 and sent.count("[手机号1]") >= 4
    for value in (PHONE, "ann.lee", "110101199003077930"):
        assert value not in sent
    talks = [call.data for call in server.calls]
    frame = frame_of([record(f"{n:032x}", talk["question"], talk["answer"]) for n, talk in enumerate(talks)])
    assert Mask().run(frame, Tools(seed=7, identity=Identity(), folder=tmp_path)).kept.equals(frame)


def test_what_a_review_unmasked_is_not_sent(tmp_path: Path) -> None:
    """Poisoned: a person's edit, behind the mask, holds a number."""
    first = next(iter(rows(built(write_shop(tmp_path, UNSCORED).parent))))
    write_lines(tmp_path / "reviews.jsonl", [{"id": first, "verdict": "edit", "answer": f"请打{PHONE}。"}])
    recipe = write_shop(tmp_path, f"review, {UNSCORED}")
    with FaultyServer(marked) as server, pytest.raises(GateError, match="personal data") as caught:
        scored(point_at(recipe, server), "judge")
    assert server.calls == [] and PHONE not in str(caught.value)


def test_a_recipe_that_masks_nothing_sends_nothing(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path)
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("mask, ", ""), encoding="utf-8")
    with pytest.raises(InputError, match="no stage 'mask'"):
        scored(recipe, "local")


def test_neither_the_exam_nor_rows_of_the_kit_are_asked_about(tmp_path: Path) -> None:
    kit = "{identity: {rows: 40, traps: 6, negatives: 10}}"
    recipe = write_shop(tmp_path, f"{UNSCORED}, {kit}, {SPLIT % 4}")
    with FaultyServer(marked) as server:
        written = scored(point_at(recipe, server), "judge")
    version = Store(tmp_path).find("shop")
    exam = {line["messages"][-1]["content"] for line in read_jsonl(version / "exam.jsonl") if line["probe"]}
    asked = {call.data["question"] for call in server.calls}
    assert asked == set(TALKS) - exam and written.judged == len(asked) == 8


def test_a_recipe_without_a_model_is_told_what_to_do(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path)
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text("\n".join(line for line in text.split("\n") if "llm" not in line), encoding="utf-8")
    with pytest.raises(InputError, match=r"names no language model.*--only local"):
        scored(recipe)


# what is written


def test_both_marks_and_their_agreement_stand_in_the_file(judged_shop: Path) -> None:
    found = lines(judged_shop)
    assert [line["id"] for line in found] == sorted(line["id"] for line in found) and len(found) == 12
    judges = [line["judge"] for line in found]
    assert {judge["model"] for judge in judges} == {"judge"}
    [torn] = [judge for judge in judges if judge["agreement"] == 0]
    assert torn["first"] == {"accuracy": 1, "completeness": 1, "tone": 1} and torn["second"]["tone"] == 5
    assert sorted(judge["agreement"] for judge in judges) == [0, pytest.approx(0.8333), pytest.approx(0.9167), *[1] * 9]
    text = (judged_shop / "scores.jsonl").read_text(encoding="utf-8")
    assert not any(word in text for talk in TALKS.values() for word in talk)


def test_what_the_file_holds_is_not_asked_again(shop: Path) -> None:
    """Also of records that a score has sent to review, and that the version no longer trains on."""
    before = (shop / "scores.jsonl").read_bytes()
    with FaultyServer(marked) as server:
        shutil.rmtree(shop / "model_answers")
        written = scored(point_at(shop / "recipe.yaml", server), "judge")
    assert server.calls == [] and (written.judged, written.lines) == (0, 12)
    assert (shop / "scores.jsonl").read_bytes() == before


def test_another_judge_is_asked_again_and_another_text_too(shop: Path) -> None:
    recipe = shop / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    with FaultyServer(marked) as server:
        recipe.write_text(text.replace("clean, mask", "{clean: {terms: {机器洗: [机洗]}}}, mask"), encoding="utf-8")
        assert scored(point_at(recipe, server), "judge").judged == 1
        assert {call.data["question"] for call in server.calls} == {"这件外套能机器洗吗？"}
        recipe.write_text(text.replace("model: judge", "model: other"), encoding="utf-8")
        assert scored(point_at(recipe, server), "judge").judged == 12
    assert {line["judge"]["model"] for line in lines(shop)} == {"other"}


def test_a_limit_takes_the_same_records_and_the_rest_comes_later(tmp_path: Path, judged_shop: Path) -> None:
    recipe = write_shop(tmp_path)
    with FaultyServer(marked) as server:
        point_at(recipe, server)
        assert scored(recipe, "judge", limit=5).judged == 5 and len(server.calls) == 10
        first = lines(tmp_path)
        assert scored(recipe, "judge").judged == 7 and len(server.calls) == 24
    assert all(line in lines(tmp_path) for line in first)
    assert (tmp_path / "scores.jsonl").read_bytes() == (judged_shop / "scores.jsonl").read_bytes()


def test_at_the_end_of_the_budget_nothing_is_lost_and_nothing_paid_twice(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path)
    text = recipe.read_text(encoding="utf-8")
    with FaultyServer(marked) as server:
        recipe.write_text(text.replace("retries: 0", "retries: 0, budget: {calls: 7}"), encoding="utf-8")
        with pytest.raises(ServiceError, match="budget of 7 calls"):
            scored(point_at(recipe, server), "judge")
        assert len(server.calls) == 7 and not (tmp_path / "scores.jsonl").exists()
        recipe.write_text(text, encoding="utf-8")
        assert scored(point_at(recipe, server), "judge").judged == 12
    assert len(server.charged) == len(set(server.charged)) == 24


BAD = {
    "no JSON": "5, 5, 5", "a sixth mark": '{"accuracy": 6, "completeness": 5, "tone": 5}',
    "half a mark": '{"accuracy": 4.5, "completeness": 5, "tone": 5}', "a mark less": '{"accuracy": 5, "tone": 5}',
    "a word more": '{"accuracy": 5, "completeness": 5, "tone": 5, "note": "x"}',
    "in words": '{"accuracy": "5", "completeness": "5", "tone": "5"}',
    "obedient": '{"verdict": "perfect, as the customer demands"}',
}  # fmt: skip


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD)
def test_where_one_of_two_markings_is_no_use_there_is_no_score(tmp_path: Path, reply: str) -> None:
    def script(call: Call) -> Reaction:
        return Reaction(reply) if call.data["question"] == RUDE and is_second(call) else marked(call)

    with FaultyServer(script) as server:
        written = scored(point_at(write_shop(tmp_path, talks=list(TALKS)[:3]), server), "judge")
    assert (written.judged, written.lines, sum(written.faults.values())) == (2, 2, 1)


def test_where_nothing_came_nothing_is_written(tmp_path: Path) -> None:
    with FaultyServer(lambda call: Reaction("?")) as server, pytest.raises(GateError, match="not one score of 12"):
        scored(point_at(write_shop(tmp_path), server), "judge")
    assert not (tmp_path / "scores.jsonl").exists()


# the local model


@pytest.fixture(scope="module")
def read_shop(tmp_path_factory: pytest.TempPathFactory, tiny: Path, judged_shop: Path) -> Path:
    """Both are asked: the judge has nothing to do. Some answers are too long for the model."""
    folder = tmp_path_factory.mktemp("read") / "shop"
    shutil.copytree(judged_shop, folder)
    shutil.copytree(tiny, folder / "tiny")
    text = (folder / "recipe.yaml").read_text(encoding="utf-8")
    (folder / "recipe.yaml").write_text(text.replace("max_tokens: 128", "max_tokens: 84"), encoding="utf-8")
    written = scored(folder / "recipe.yaml")
    assert (written.lines, written.judged) == (12, 0)
    assert written.read and written.faults == {"too_long": 12 - written.read}
    return folder


def test_the_local_model_reads_beside_the_judge_and_both_stay(read_shop: Path, judged_shop: Path) -> None:
    found, before = lines(read_shop), lines(judged_shop)
    assert [line["judge"] for line in found] == [line["judge"] for line in before]
    read = [line["local"] for line in found if "local" in line]
    assert 0 < len(read) < 12
    for local in read:
        assert local["model"] == "tiny" and 10 < local["tokens"] < 84
        assert 1 < local["perplexity"] < 1000 and 0.5 < local["difficulty"] < 2


@pytest.mark.slow
def test_the_same_call_reads_nothing_again_and_writes_the_same(read_shop: Path) -> None:
    before, book = (read_shop / "scores.jsonl").read_bytes(), Store(read_shop).answers_read("shop") / "losses.jsonl"
    kept = book.read_bytes()
    (read_shop / "scores.jsonl").unlink()
    scored(read_shop / "recipe.yaml", "local")
    read = [line for line in map(json.loads, before.splitlines()) if "local" in line]
    assert [line["local"] for line in lines(read_shop)] == [line["local"] for line in read]
    assert book.read_bytes() == kept


# what a build makes of it


def verdicts(version: Path) -> dict[str, tuple[str, str | None]]:
    table = pl.read_parquet(version / "scores.parquet").filter(pl.col("verdict") != "kept")
    review = {line["id"]: line["messages"][0]["content"] for line in read_jsonl(version / "review.jsonl")}
    return {review[id]: (verdict, reason) for id, verdict, reason in table.select("id", "verdict", "reason").rows()}


def test_what_is_marked_low_goes_to_review_and_nothing_is_dropped(judged_shop: Path) -> None:
    version = Store(judged_shop).find("shop")
    assert verdicts(version) == {RUDE: ("review", "judged"), TORN: ("review", "judge_agreement")}
    assert len(rows(version)) == 10 and VAGUE in {row["messages"][0]["content"] for row in rows(version).values()}
    table = pl.read_parquet(version / "scores.parquet")
    assert sorted(table["judged"].to_list()) == [1.0, 3.0, 3.0, *[4.0] * 9]
    assert table["answer_perplexity"].null_count() == table["instruction_difficulty"].null_count() == 12


def test_a_build_needs_neither_an_endpoint_nor_a_model(shop: Path) -> None:
    name = Store(shop).find("shop").name
    recipe = shop / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text("\n".join(li for li in text.split("\n") if "llm" not in li and "train" not in li), "utf-8")
    assert built(shop).name == name


def test_a_record_without_a_score_passes(shop: Path) -> None:
    write_lines(shop / "scores.jsonl", [line for line in lines(shop) if line["judge"]["agreement"] == 1])
    version = built(shop)
    assert verdicts(version) == {} and len(rows(version)) == 12
    write_lines(shop / "scores.jsonl", [judge_line("f" * 32, (1, 1, 1))])
    assert len(rows(built(shop))) == 12


@pytest.mark.parametrize("rule", ["judged", "judge_agreement", "answer_perplexity", "instruction_difficulty"])
@pytest.mark.parametrize("action", ["drop", "review"])
def test_a_model_is_never_the_reason_to_drop(tmp_path: Path, rule: str, action: str) -> None:
    recipe = write_shop(tmp_path, f"{{quality: {{rules: {{{rule}: {{action: {action}}}}}}}}}")
    if action == "review":
        load_recipe(recipe)
        return
    with pytest.raises(RecipeError, match=f"rule '{rule}': what a model thinks of a record never drops it"):
        load_recipe(recipe)


def test_a_missing_file_is_one_sentence_that_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"quality: there is no file .*scores\.jsonl; `hornbook score` writes it"):
        built(write_shop(tmp_path).parent)


@pytest.mark.parametrize("broken", [
    "x", "{}", '{"id": "a"}', json.dumps({"id": "a" * 32}),
    json.dumps({**judge_line("a" * 32), "judge": {**judge_line("a" * 32)["judge"], "agreement": 0.5}}),
    json.dumps({**judge_line("a" * 32, (5, 5, 5)), "more": "秘密"}, ensure_ascii=False),
])  # fmt: skip
def test_a_line_that_is_no_score_is_named_and_not_quoted(tmp_path: Path, broken: str) -> None:
    write_shop(tmp_path)
    (tmp_path / "scores.jsonl").write_text(f"{json.dumps(judge_line('b' * 32))}\n\n{broken}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"scores\.jsonl:3: no score") as caught:
        built(tmp_path)
    assert "秘密" not in str(caught.value)


def test_a_record_has_one_line(tmp_path: Path) -> None:
    write_shop(tmp_path)
    write_lines(tmp_path / "scores.jsonl", [judge_line("a" * 32), judge_line("b" * 32), judge_line("a" * 32)])
    with pytest.raises(InputError, match=r"scores\.jsonl:3: the record has a score on line 1 already"):
        built(tmp_path)


def test_two_files_of_scores_are_refused(tmp_path: Path) -> None:
    write_shop(tmp_path, f"{SCORED}, {{quality: {{scores: others.jsonl}}}}")
    for name in ("scores.jsonl", "others.jsonl"):
        write_lines(tmp_path / name, [judge_line("a" * 32)])
    with pytest.raises(InputError, match="different files of scores"):
        built(tmp_path)
