"""Tests of the round trip without any way: what waits, what people say of it, and what the next version makes of it."""

import json
import shutil
from pathlib import Path

import pytest

from curate.decisions.reviews import add_reviews
from curate.recipe.load import load_recipe
from curate.reviewing.book import open_book
from curate.reviewing.gather import gather_tasks
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.wanted import parse_wanted
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import InputError
from schemas.review import Opinion, ReviewDecision, ReviewTask
from tests.curate.reviewing.shop import (
    RECIPE,
    ROWS,
    answers,
    built,
    noted,
    reviews_in,
    take_in,
    waiting,
    write_shop,
)
from tests.program import hornbook

PRICE = "价格以页面显示为准，现在下单送内存卡。"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with the first version; tests that decide copy it."""
    folder = tmp_path_factory.mktemp("shop")
    return folder, write_shop(folder)


@pytest.fixture
def first(shop: tuple[Path, Path], tmp_path: Path) -> Path:
    """The first version, in a folder of its own."""
    shutil.copytree(shop[0], tmp_path, dirs_exist_ok=True)
    return tmp_path / shop[1].relative_to(shop[0])


def asked(tasks: list[ReviewTask], words: str) -> ReviewTask:
    """The task whose text holds these words."""
    [task] = [task for task in tasks if words in "".join(message.content for message in task.messages)]
    return task


def test_what_waits_is_what_contradicts_and_what_a_rule_sent(shop: tuple[Path, Path]) -> None:
    tasks = waiting(*shop, "conflicts,flagged")
    conflict, flagged = asked(tasks, "显示器签收"), asked(tasks, "3299")
    assert (len(tasks), conflict.asked, flagged.asked) == (2, "conflict", "record")
    assert [other.answer for other in conflict.others] == [ROWS[1]["a"]]
    assert flagged.why == ("flagged:expiring_price",)
    assert (flagged.measured[0].rule, flagged.measured[0].score) == ("expiring_price", True)
    assert flagged.source == "chats.jsonl:3"


def test_a_dropped_record_is_shown_with_its_text_and_its_limit(shop: tuple[Path, Path]) -> None:
    dropped = asked(waiting(*shop, "dropped"), "刷卡")
    assert dropped.why == ("dropped:reply_length",)
    assert [message.content for message in dropped.messages] == ["你们的门店可以刷卡吗？", "可"]
    assert (dropped.measured[0].score, dropped.measured[0].limit) == (1, "min 2, max 8000")
    assert dropped.source == "chats.jsonl:8"


def test_without_the_raw_rows_a_dropped_record_is_counted_and_not_shown(shop: tuple[Path, Path]) -> None:
    gathered = gather_tasks(shop[1], None, parse_wanted("dropped"), [])
    assert gathered.tasks == ()
    assert gathered.textless == sum(gathered.population.values()) > 0


def test_a_sample_is_the_same_in_every_run_and_a_larger_one_holds_it(shop: tuple[Path, Path]) -> None:
    few, more = ({task.id for task in waiting(*shop, f"sample:{n}")} for n in (10, 25))
    assert few == {task.id for task in waiting(*shop, "sample:10")}
    assert few < more and (len(few), len(more)) == (10, 25)


def test_near_is_nearest_to_a_limit_and_kept(shop: tuple[Path, Path]) -> None:
    tasks = waiting(*shop, "near:5")
    assert len({task.id for task in tasks}) <= 5
    assert all(reason.startswith("near:") for task in tasks for reason in task.why)
    assert all(task.measured and task.measured[0].limit for task in tasks)


def test_written_records_are_asked_about(shop: tuple[Path, Path]) -> None:
    generated = waiting(*shop, "generated:4")
    assert [(task.why, task.kind) for task in generated] == [(("generated",), "refusal")] * 4


@pytest.mark.parametrize("what", ["everything", "near:", "sample:x", "sample,sample", "", "dropped:-1"])
def test_what_is_nothing_to_look_at_is_one_sentence(what: str) -> None:
    with pytest.raises(InputError, match="--what"):
        parse_wanted(what)


def test_decisions_are_done_in_the_next_version(tmp_path: Path, first: Path) -> None:
    waits, sample = waiting(tmp_path, first, "conflicts,flagged"), waiting(tmp_path, first, "sample:400")
    conflict, price = asked(waits, "显示器签收"), asked(waits, "3299")
    mouse, post = asked(sample, "鼠标有没有"), asked(sample, "默认发顺丰")
    tasks = [*waits, *sample]
    taken = take_in(
        tmp_path, tasks,
        Opinion(key=conflict.key, verdict="accept", holds=(conflict.others[0].id,), by="an", origin="sheet:A:1"),
        Opinion(key=price.key, verdict="edit", answers={1: PRICE}, by="an", origin="sheet:A:2"),
        Opinion(key=mouse.key, verdict="reject", reasons=("other",), by="an", origin="sheet:A:3"),
        Opinion(key=post.key, verdict="accept", by="an", origin="sheet:A:4"),
    )  # fmt: skip
    assert (len(taken.new), taken.known, taken.refused) == (5, 0, ())

    second = built(tmp_path)
    now = answers(second)
    assert now["显示器签收多少天内可以退"] == ROWS[1]["a"]
    assert "显示器签收多少天内可以退？" not in now and "鼠标有没有三年保修？" not in now
    assert now["这台显示器现在多少钱？"] == PRICE
    assert now["你们家发什么快递，几天能到？"] == ROWS[4]["a"]
    assert noted(second)[conflict.id] == ["rejected"]
    assert noted(second)[conflict.others[0].id] == ["accepted"]
    manifest = verify(second)
    assert [file.path for file in manifest.reviews] == ["reviews.jsonl"]
    assert manifest.reviews[0].unmet == 0
    assert waiting(tmp_path, second, "conflicts,flagged") == []


WITHOUT_STAGES = RECIPE.partition("stages:")[0]


def stages_of(folder: Path, recipe: str) -> list[str]:
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return [choice.name for choice in load_recipe(folder / "recipe.yaml").recipe.stages]


def test_the_stage_is_there_as_soon_as_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_bytes(b"{}")
    assert "review" not in stages_of(tmp_path, WITHOUT_STAGES)
    (tmp_path / "reviews.jsonl").write_bytes(b"")
    names = stages_of(tmp_path, WITHOUT_STAGES)
    assert names[3:6] == ["mask", "review", "judge"] and names[-4:] == ["review", "split", "mix", "leak"]


def test_stages_that_are_written_down_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_bytes(b"{}")
    (tmp_path / "reviews.jsonl").write_bytes(b"")
    assert stages_of(tmp_path, WITHOUT_STAGES + "stages: [clean, mask, quality]\n") == ["clean", "mask", "judge"]


def test_only_a_recipe_that_lists_its_stages_passes_reviews_over(tmp_path: Path, first: Path) -> None:
    (tmp_path / "recipe.yaml").write_text(WITHOUT_STAGES, encoding="utf-8")
    (tmp_path / "reviews.jsonl").unlink()
    book = open_book(str(tmp_path / "recipe.yaml"), Store(tmp_path))
    (tmp_path / "reviews.jsonl").write_bytes(b"")  # as the first pull does
    assert not book.passes_reviews_over()
    (tmp_path / "recipe.yaml").write_text(WITHOUT_STAGES + "stages: [clean, mask, quality]\n", encoding="utf-8")
    assert book.passes_reviews_over()


def test_what_a_rule_repaired_is_decided_about_as_it_was_shown(tmp_path: Path, first: Path) -> None:
    sound = asked(waiting(tmp_path, first, "sample:400"), "音箱接电脑")
    assert "[b]" not in sound.messages[-1].content and len(sound.shown) == 2
    take_in(tmp_path, [sound], Opinion(key=sound.key, verdict="accept", by="an"))
    assert noted(built(tmp_path))[sound.id] == ["accepted"]


def test_a_written_row_is_decided_about_too(tmp_path: Path, first: Path) -> None:
    tasks = waiting(tmp_path, first, "generated:400")
    gone, changed = tasks[0], next(task for task in tasks[1:] if task.kind == "refusal" and task.lang == "zh")
    take_in(
        tmp_path, tasks,
        Opinion(key=gone.key, verdict="reject", by="an"),
        Opinion(key=changed.key, verdict="edit", answers={1: "这个我帮不上忙，商品和订单的事可以问我。"}, by="an"),
    )  # fmt: skip
    second = built(tmp_path)
    assert noted(second) == {gone.id: ["rejected"], changed.id: ["edited"]}
    assert answers(second)[changed.messages[-2].content] == "这个我帮不上忙，商品和订单的事可以问我。"


def test_a_question_of_the_exam_gets_another_reference(tmp_path: Path) -> None:
    first = write_shop(tmp_path, recipe=RECIPE.replace("written}}]", "written}}, split]"))
    tasks = waiting(tmp_path, first, "exam")
    assert {task.asked for task in tasks} == {"exam"} and len(tasks) > 1
    task = next(task for task in tasks if task.kind == "refusal" and task.lang == "zh")
    take_in(tmp_path, [task], Opinion(key=task.key, verdict="edit", answers={1: "这件事我帮不了您，抱歉。"}, by="an"))
    lines = map(json.loads, (built(tmp_path) / "exam.jsonl").read_text(encoding="utf-8").splitlines())
    [line] = [line for line in lines if line["id"] == task.id]
    assert line["reference"] == "这件事我帮不了您，抱歉。"


def test_a_decision_about_a_text_that_has_changed_is_told_and_not_done(tmp_path: Path, first: Path) -> None:
    post = asked(waiting(tmp_path, first, "sample:400"), "默认发顺丰")
    take_in(tmp_path, [post], Opinion(key=post.key, verdict="reject", by="an"))
    line = json.loads((tmp_path / "reviews.jsonl").read_text(encoding="utf-8"))
    (tmp_path / "reviews.jsonl").write_text(json.dumps(line | {"shown": ["0" * 32]}), encoding="utf-8")
    second = built(tmp_path)
    assert noted(second) == {post.id: ["outdated"]}
    assert answers(second)["你们家发什么快递，几天能到？"] == ROWS[4]["a"]


def test_pulled_twice_is_there_once_and_a_changed_mind_counts(tmp_path: Path, first: Path) -> None:
    tasks = waiting(tmp_path, first, "sample:3")
    accept = Opinion(key=tasks[0].key, verdict="accept", by="an", origin="sheet:A:1")
    assert len(take_in(tmp_path, tasks, accept).new) == 1
    assert take_in(tmp_path, tasks, accept)[:2] == ((), 1)
    assert len(take_in(tmp_path, tasks, accept.model_copy(update={"verdict": "reject"})).new) == 1
    assert len(take_in(tmp_path, tasks, accept).new) == 1
    assert [line.verdict for line in reviews_in(tmp_path)] == ["accept", "reject", "accept"]


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("请打电话13912345678找我。", "mobile"), ("您好，我是{{name}}，请问有什么可以帮您？", "placeholder_left"),
        ("我是文心一言，由百度开发，很高兴为您服务。", "foreign_identity"), ("好的亲", "empty_politeness"),
    ],
)  # fmt: skip
def test_an_edit_that_would_not_pass_is_not_taken_and_the_rule_is_named(
    tmp_path: Path, first: Path, answer: str, rule: str
) -> None:
    post = asked(waiting(tmp_path, first, "sample:400"), "默认发顺丰")
    opinion = Opinion(key=post.key, verdict="edit", answers={1: answer}, by="an")
    taken = take_in(tmp_path, [post], opinion)
    assert taken.new == ()
    [refused] = taken.refused
    assert (refused.id, refused.by) == (post.id, "an")
    assert refused.rule == rule


def test_an_edit_that_changes_nothing_is_an_approval(tmp_path: Path, first: Path) -> None:
    post = asked(waiting(tmp_path, first, "sample:400"), "默认发顺丰")
    take_in(tmp_path, [post], Opinion(key=post.key, verdict="edit", answers={1: ROWS[4]["a"]}, by="an"))
    assert [line.verdict for line in reviews_in(tmp_path)] == ["accept"]


def test_what_was_said_of_another_task_is_passed_over(tmp_path: Path, first: Path) -> None:
    tasks = waiting(tmp_path, first, "sample:1")
    assert take_in(tmp_path, tasks, Opinion(key="0" * 32, verdict="reject")) == ((), 0, ())


def test_a_record_that_people_differ_about_waits_again(tmp_path: Path, first: Path) -> None:
    price = asked(waiting(tmp_path, first, "flagged"), "3299")
    take_in(
        tmp_path, [price],
        Opinion(key=price.key, verdict="accept", by="an"), Opinion(key=price.key, verdict="reject", by="bo"),
    )  # fmt: skip
    second = built(tmp_path)
    assert noted(second) == {price.id: ["disagreement"]}
    assert asked(waiting(tmp_path, second, "flagged"), "3299").id == price.id
    assert read_manifest(second).reviews[0].unmet == 0


def test_the_share_of_bad_rows_stands_where_the_version_is_described(tmp_path: Path, first: Path) -> None:
    tasks = waiting(tmp_path, first, "sample:4")
    take_in(
        tmp_path, tasks,
        *(Opinion(key=task.key, verdict="accept", by="an") for task in tasks[1:]),
        Opinion(key=tasks[0].key, verdict="reject", by="an"),
    )  # fmt: skip
    second = built(tmp_path)
    bad = read_manifest(second).reviews[0].bad
    assert bad is not None and (bad.judged, bad.rejected) == (4, 1)
    assert bad.population == read_manifest(first).train_rows
    assert "25.0%" in (second / "README.md").read_text(encoding="utf-8")
    assert run(tmp_path, "show", "shop").count("bad rows: 25.0%") == 1
    assert "rejected 1" in run(tmp_path, "review", "status", "recipe.yaml")


def test_trace_says_who_decided_what_and_when(tmp_path: Path, first: Path) -> None:
    post = asked(waiting(tmp_path, first, "sample:400"), "默认发顺丰")
    opinion = Opinion(key=post.key, verdict="accept", by="an", at="2026-11-30T10:00:00Z", origin="sheet:AB:1")
    take_in(tmp_path, [post], opinion)
    built(tmp_path)
    assert "reviewed by an: accepted, 2026-11-30T10:00:00Z (sheet:AB:1)" in run(tmp_path, "trace", "shop", post.id)
    [line] = json.loads(run(tmp_path, "trace", "shop", post.id, "--json"))["reviews"]
    assert (line["by"], line["verdict"]) == ("an", "accept")


def test_what_is_forgotten_is_with_no_reviewer_any_more(tmp_path: Path, first: Path) -> None:
    tasks = waiting(tmp_path, first, "conflicts,sample:400")
    queue = ReviewQueue(tmp_path, "shop")
    queue.add(tasks)
    post = asked(tasks[1:], "默认发顺丰")
    take_in(
        tmp_path, tasks,
        *(Opinion(key=task.key, verdict="accept", by="an") for task in tasks if task.asked == "record"),
    )  # fmt: skip
    by_hand = ReviewDecision(id=post.id[:10], verdict="edit", answer="默认发顺丰，两三天到。", by="bo")
    add_reviews(tmp_path / "reviews.jsonl", [by_hand])
    lines = len(reviews_in(tmp_path))
    built(tmp_path)  # from now on the store knows this folder
    out = run(tmp_path, "forget", "--where", "source.row in chats.jsonl:5")
    assert "1 tasks of reviewers and 2 decisions are gone" in out
    assert post.id not in {task.id for task in queue.tasks().values()}
    assert len(reviews_in(tmp_path)) == lines - 2
    assert len(queue.tasks()) == len(tasks) - 1


def run(folder: Path, *arguments: str) -> str:
    done = hornbook("--lang", "en", *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout
