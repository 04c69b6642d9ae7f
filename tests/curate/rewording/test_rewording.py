"""A model is asked about masked text alone; what came is a file, and a version is made of the file without any call."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from curate.augmenters.reword import LastExchange
from curate.build.build import build
from curate.conversations.rewordings import read_rewordings
from curate.llm.client import Client
from curate.recipe.load import load_recipe
from curate.rewording.candidates import Asked, held_by
from curate.rewording.parents import Parent, parents_of, stage_of, version_without_rewordings
from curate.rewording.prompts import MANNERS, instructions
from curate.rewording.reword import (
    check_masked,
    put_back,
)
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from schemas.errors import GateError, InputError, ServiceError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction
from tests.curate.records import record
from tests.curate.rewording.shop import (
    ASKED_WITH_PHONE,
    DOMAIN,
    PHONE,
    REWORD,
    SPLIT,
    TALKS,
    Table,
    asked,
    built,
    lines,
    point_at,
    quiet,
    rows,
    write_lines,
    write_rewordings,
    write_shop,
)

# what is asked


def test_every_record_is_asked_about_in_its_language_and_its_words_are_data(tmp_path: Path) -> None:
    recipe, table = write_shop(tmp_path, DOMAIN), Table()
    written = asked(recipe, table)
    assert {request.data["question"] for request in table.asked} == set(TALKS)
    for request in table.asked:
        assert request.system == instructions("zh", "question", 2)
        assert request.data["answer"] == TALKS[request.data["question"]][0]
        assert not any(text in request.system for text in request.data.values())
    assert (written.lines, written.new, written.faults) == (12, 12, {})


@pytest.mark.parametrize(("lang", "language"), [("zh", "zh"), ("en", "en"), ("ja", "en"), ("", "en")])
def test_the_instructions_say_how_many_variants_differ_how(lang: str, language: str) -> None:
    for part in ("question", "answer"):
        text = instructions(lang, part, 3)
        assert text.count("3") == 2 and '"variants"' in text and "{" not in text.replace('{"variants"', "")
        assert [manner in text for manner in MANNERS[language][part][:4]] == [True, True, True, False]


def test_nothing_is_sent_that_the_mask_would_mask(tmp_path: Path) -> None:
    """Real calls to a server that records every byte it gets."""
    recipe = write_shop(tmp_path, DOMAIN)
    personal = [
        {"q": ASKED_WITH_PHONE, "a": f"好的，已按{PHONE}查到，明天送达。"},
        {"q": "发票寄到 ann.lee@example.com 可以吗？", "a": "可以的，会发到 ann.lee@example.com。"},
        {"q": "身份证110101199003077930能用来登记吗？", "a": "可以登记。"},
    ]
    write_lines(tmp_path / "faq.jsonl", [*personal, *({"q": q, "a": a} for q, (a, _) in TALKS.items())])
    with FaultyServer(lambda call: Reaction('{"variants": []}')) as server, pytest.raises(GateError, match="not one"):
        point_at(recipe, server)
        asked(recipe, Client)
    assert len(server.calls) == 15
    sent = "".join(call.raw + str(call.headers) for call in server.calls)
    for value in (PHONE, "ann.lee", "110101199003077930"):
        assert value not in sent
    talks = [call.data for call in server.calls]
    assert sum("[手机号1]" in talk["question"] for talk in talks) == 1
    frame = frame_of([record(f"{n:032x}", talk["question"], talk["answer"]) for n, talk in enumerate(talks)])
    assert Mask().run(frame, Tools(seed=7, identity=Identity(), folder=tmp_path)).kept.equals(frame)


@pytest.mark.parametrize(("text", "is_clean"), [(ASKED_WITH_PHONE, False), ("我的手机号是[手机号1]，查一下", True)])
def test_a_text_that_is_not_masked_stops_everything_before_it_is_sent(
    tmp_path: Path, text: str, is_clean: bool
) -> None:
    file = load_recipe(write_shop(tmp_path))
    parents = [
        Parent("a" * 32, "domain", "zh", LastExchange("几点开门", "九点")),
        Parent("b" * 32, "domain", "zh", LastExchange(text, "好")),
    ]
    of_all = [Asked(parent, "question", 2) for parent in parents]
    if is_clean:
        check_masked(of_all, file)
        return
    with pytest.raises(GateError, match="1 records would be sent with personal data \\(bbbbbbbbbbbb\\)") as caught:
        check_masked(of_all, file)
    assert PHONE not in str(caught.value)


def test_what_a_review_unmasked_is_not_sent(tmp_path: Path) -> None:
    """Poisoned: a person's edit, behind the mask, holds a number."""
    recipe = write_shop(tmp_path, DOMAIN)
    first = next(iter(rows(version_without_rewordings(load_recipe(recipe), Store(tmp_path), quiet))))
    review = {"id": first, "verdict": "edit", "answer": f"请打{PHONE}。"}
    write_lines(tmp_path / "reviews.jsonl", [review])
    write_shop(tmp_path, f"review, {DOMAIN}")
    table = Table()
    with pytest.raises(GateError, match="personal data"):
        asked(recipe, table)
    assert table.asked == []


def test_of_identity_rows_one_of_each_question_is_asked_and_business_in_turn(tmp_path: Path) -> None:
    stages = f"{{identity: {{rows: 40, traps: 6, negatives: 10}}}}, {REWORD}, {SPLIT % 2}"
    file = load_recipe(write_shop(tmp_path, stages))
    version = version_without_rewordings(file, Store(tmp_path), quiet)
    parents = parents_of(version, stage_of(file), file.recipe.seed)
    groups = {id: line["group"] for id, line in rows(version).items()}
    identity = [parent.id for parent in parents if parent.kind == "identity"]
    of_identity = {line["group"] for line in rows(version).values() if line["kind"] == "identity"}
    assert len(identity) == len(of_identity) == len({groups[id] for id in identity})
    assert [parent.kind for parent in parents[:4]] == ["identity", "domain"] * 2
    assert parents_of(version, stage_of(file), file.recipe.seed) == parents
    assert [p.id for p in parents_of(version, stage_of(file), 8)] != [p.id for p in parents]


def test_the_exam_is_not_asked_about(tmp_path: Path) -> None:
    recipe, table = write_shop(tmp_path, f"{DOMAIN}, {SPLIT % 4}"), Table()
    asked(recipe, table)
    version = Store(tmp_path).find("shop")
    exam = {line["messages"][-1]["content"] for line in read_jsonl(version / "exam.jsonl")}
    assert len(exam) == 4 and {request.data["question"] for request in table.asked} == set(TALKS) - exam


# what is written


def test_what_a_model_makes_up_about_a_person_is_written_masked_and_never_learnt(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN, list(TALKS)[:3])
    written = asked(recipe, Table(always=(f"我是李雷，电话{PHONE}，几点开门", "营业时间是几点到几点")))
    content = (tmp_path / "rewordings.jsonl").read_text(encoding="utf-8")
    assert PHONE not in content and written.faults == {"personal_data": 3}
    assert [(line["number"], line.get("masked")) for line in lines(tmp_path)] == [(1, True), (2, None)] * 3


def test_more_than_was_asked_for_and_nothing_are_not_written(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN, list(TALKS)[:1])
    asked(recipe, Table(always=("", "  营业时间是几点 ", "\n", "什么时候开门呀", "多出来的一句")))
    assert [line["text"] for line in lines(tmp_path)] == ["营业时间是几点", "什么时候开门呀"]


def test_where_nothing_came_nothing_is_written(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN)
    with pytest.raises(GateError, match=r"not one rewording of 12 records came \(12 refused\)"):
        asked(recipe, Table(fault="refused"))
    assert not (tmp_path / "rewordings.jsonl").exists()


def test_what_the_file_holds_is_not_asked_again(tmp_path: Path) -> None:
    recipe, table = write_shop(tmp_path, DOMAIN), Table()
    asked(recipe, table, limit=5)
    first_five = (tmp_path / "rewordings.jsonl").read_bytes()
    assert (len(table.asked), len(lines(tmp_path))) == (5, 5)
    asked(recipe, table)
    assert (len(table.asked), len(lines(tmp_path))) == (12, 12)
    assert set(first_five.splitlines()) < set((tmp_path / "rewordings.jsonl").read_bytes().splitlines())
    whole = (tmp_path / "rewordings.jsonl").read_bytes()
    asked(recipe, table)
    assert len(table.asked) == 12 and (tmp_path / "rewordings.jsonl").read_bytes() == whole
    other = tmp_path / "at_once"
    asked(write_shop(other, DOMAIN), Table())
    assert (other / "rewordings.jsonl").read_bytes() == whole  # in parts or at once


def test_another_model_is_asked_again_and_what_it_cannot_say_stays(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN, list(TALKS)[:2])
    asked(recipe, Table())
    before = (tmp_path / "rewordings.jsonl").read_bytes()
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("talker", "other"), encoding="utf-8")
    asked(recipe, Table(fault="cut_off"))
    assert (tmp_path / "rewordings.jsonl").read_bytes() == before
    asked(recipe, Table(always=("换一种问法",)))
    assert {(line["model"], line["text"]) for line in lines(tmp_path)} == {("other", "换一种问法")}


def test_an_endpoint_that_fails_leaves_the_file_and_what_came_is_not_paid_twice(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN)

    def script(call: Call) -> Reaction:
        if call.number >= 5 and server.script is script:
            return Reaction(status=500, raw=b"{}")
        return Reaction(json.dumps({"variants": [TALKS[call.data["question"]][1]]}, ensure_ascii=False))

    with FaultyServer(script) as server:
        point_at(recipe, server)
        with pytest.raises(ServiceError) as caught:
            asked(recipe, Client)
        assert caught.value.exit_code == 4 and not (tmp_path / "rewordings.jsonl").exists()
        paid = len(server.charged)
        server.script = lambda call: script(call)
        asked(recipe, Client)
        assert paid >= 1 and len(server.charged) == len(set(server.charged)) == 12
    assert len(lines(tmp_path)) == 12


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("notes.jsonl", "no rewording"),
        ("nowhere/a.jsonl", "lies in none"),
        ("a.json", "is a .jsonl"),
        (".", "a folder"),
    ],
)
def test_a_file_that_holds_something_else_is_not_written_over(tmp_path: Path, name: str, wrong: str) -> None:
    recipe, table = write_shop(tmp_path, DOMAIN), Table()
    (tmp_path / "notes.jsonl").write_text('{"note": "mine"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        asked(recipe, table, to=tmp_path / name)
    assert table.asked == [] and (tmp_path / "notes.jsonl").read_text(encoding="utf-8") == '{"note": "mine"}\n'


def test_a_recipe_without_the_stage_or_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    recipe = write_shop(tmp_path, DOMAIN)
    text = recipe.read_text(encoding="utf-8")
    for wrong, sentence in (
        (text.replace(f", {DOMAIN}", ""), "no stage reword"),
        ("\n".join(line for line in text.split("\n") if "llm" not in line), "names no language model"),
    ):
        recipe.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=sentence):
            asked(recipe, Table())


# what a build makes of it


def test_the_file_alone_gives_the_same_version_without_any_call(shop: Path, tmp_path: Path) -> None:
    version, elsewhere = Store(shop).find("shop"), tmp_path / "elsewhere"
    without_model(write_shop(elsewhere, DOMAIN))
    shutil.copy(shop / "rewordings.jsonl", elsewhere)
    assert built(elsewhere).name == version.name
    trained = rows(version)
    reworded = [row for row in trained.values() if "reworded" in row["tags"]]
    assert len(reworded) == 12 and {row["source"]["file"] for row in reworded} == {"rewordings.jsonl"}
    for row in reworded:
        assert trained[row["parent"]]["messages"][-1] == row["messages"][-1]
        assert trained[row["parent"]]["group"] == row["group"]


def without_model(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text("\n".join(line for line in text.split("\n") if "llm" not in line), encoding="utf-8")


def test_rewordings_go_where_their_parent_goes_and_the_exam_stays_as_it_was(tmp_path: Path) -> None:
    write_shop(tmp_path, f"{DOMAIN}, {SPLIT % 4}")
    write_rewordings(tmp_path, {question: [text] for question, (_, text) in TALKS.items()})
    without = version_without_rewordings(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path), quiet)
    version = built(tmp_path)
    assert (without / "exam.jsonl").read_bytes() == (version / "exam.jsonl").read_bytes()
    exam, trained = list(read_jsonl(version / "exam.jsonl")), rows(version)
    assert len(exam) == 4 and not {line["group"] for line in exam} & {row["group"] for row in trained.values()}
    assert {line["messages"][-1]["content"] for line in exam} < set(TALKS)  # what a model wrote is no exam question
    parents = {row["parent"] for row in trained.values() if row["parent"]}
    assert parents and parents < set(trained) and not parents & {line["id"] for line in exam}


def test_what_is_refused_stands_in_the_ledger_with_its_reason(tmp_path: Path) -> None:
    write_shop(tmp_path, DOMAIN)
    question, (_, good) = next(iter(TALKS.items()))
    write_rewordings(tmp_path, {question: ["", good, good]})
    version = built(tmp_path)
    dropped = pl.read_parquet(version / "ledger.parquet").filter(stage="reword", verdict="dropped")
    assert dropped.height == 2 and "enough" in dropped["reason"].to_list()
    assert dropped["twin"].unique().to_list() == [row["parent"] for row in rows(version).values() if row["parent"]]
    [stage] = [stage for stage in read_manifest(version).stages if stage.stage == "reword"]
    assert sum(stage.reasons.values()) == 2


def test_the_newest_version_stays_the_newest_while_a_model_is_asked(shop: Path) -> None:
    version = Store(shop).newest("shop")
    asked(shop / "recipe.yaml", Table(always=("换一种问法",)))
    assert Store(shop).newest("shop") == version


def test_a_missing_file_is_one_sentence_that_names_the_command(tmp_path: Path) -> None:
    write_shop(tmp_path, DOMAIN)
    with pytest.raises(InputError, match=r"reword: there is no file .*rewordings\.jsonl; `hornbook reword` writes it"):
        built(tmp_path)


def test_a_mistake_in_the_file_is_found_before_the_inputs_are_read(tmp_path: Path) -> None:
    write_shop(tmp_path, DOMAIN)
    (tmp_path / "rewordings.jsonl").write_text("x\n", encoding="utf-8")
    seen: list[str] = []
    with pytest.raises(InputError, match="no rewording"):
        build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path), lambda name, *_: seen.append(name))
    assert not [name for name in seen if "jsonl" in name]


def test_a_file_with_personal_data_is_never_published(tmp_path: Path) -> None:
    """Poisoned by hand: of a record that is not even there."""
    write_shop(tmp_path, DOMAIN)
    line = {"parent": "e" * 32, "part": "question", "number": 1, "text": f"打{PHONE}问问", "model": "by hand"}
    write_lines(tmp_path / "rewordings.jsonl", [line])
    with pytest.raises(GateError, match=r"personal data is left .*rewordings\.jsonl:1") as caught:
        built(tmp_path)
    assert PHONE not in str(caught.value) and not Store(tmp_path).versions("shop")


def test_the_file_of_a_version_is_put_back_to_the_byte(shop: Path) -> None:
    version, before = Store(shop).find("shop"), (shop / "rewordings.jsonl").read_bytes()
    for name in ("rewordings.jsonl", "again.jsonl"):
        put_back(version, shop / name)
        assert (shop / name).read_bytes() == before
    write_lines(shop / "again.jsonl", lines(shop)[1:])
    with pytest.raises(InputError, match="holds other rewordings"):
        put_back(version, shop / "again.jsonl")
    assert len(held_by(shop / "again.jsonl")) == 11
    without = version_without_rewordings(load_recipe(shop / "recipe.yaml"), Store(shop), quiet)
    with pytest.raises(InputError, match="was made without rewordings"):
        put_back(without, shop / "other.jsonl")


def test_a_later_recipe_reads_what_an_earlier_one_paid_for(tmp_path: Path) -> None:
    recipe, table = write_shop(tmp_path, DOMAIN), Table()
    asked(recipe, table)
    write_shop(tmp_path, "dedup, {reword: {identity: 0, domain: 1, answers: true}}")
    asked(recipe, table)
    parts = [rewording.part for rewording in read_rewordings(tmp_path / "rewordings.jsonl").values()]
    assert (len(table.asked), parts.count("question"), parts.count("answer")) == (24, 12, 12)
