"""Who reviews on the page: tasks go onto the desk and come one after the other, and a build does what was said."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import httpx
import polars as pl
import pytest

from curate.report.reasons import reason_text
from curate.reviewing.book import open_book
from curate.reviewing.desk.way import DeskWay
from curate.reviewing.standing import planned_for, standing_of
from curate.reviewing.way import send_out
from curate.reviewing.ways import ways_out
from curate.store.store import Store
from schemas.bilingual import speaking
from schemas.record import Message
from schemas.review import Opinion, OtherAnswer, ReviewTask
from tests.curate.reviewing.shop import RECIPE, ROWS, answers, built, reviews_in, take_in, waiting, write_shop
from tests.curate.web.visitor import ORIGIN, Visitor, words

SMALL = RECIPE.partition("stages:")[0] + "stages: [clean, mask, review, quality, conflict]\n"
DESK = "/d/shop/review/desk"
BETTER = "价格以页面显示为准，现在下单送内存卡。"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_shop(folder, recipe=SMALL)
    return folder


def copied(shop: Path, folder: Path) -> Path:
    """A copy whose store knows where its recipe lies now."""
    shutil.copytree(shop, folder, dirs_exist_ok=True)
    plan = folder / "cache" / "shop" / "plan.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace(str(shop), str(folder)), encoding="utf-8")
    return folder


@pytest.fixture
def folder(shop: Path, tmp_path: Path) -> Path:
    return copied(shop, tmp_path)


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    return Visitor(folder)


def put(visitor: Visitor, *what: str, overlap: int = 1, **numbers: int) -> httpx.Response:
    answer = visitor.send("/d/shop/review/tasks", {"what": list(what), "overlap": overlap, **numbers})
    assert answer.status_code == 303, words(answer.text)
    return answer


def reviewing(folder: Path, name: str) -> Visitor:
    """A browser of its own, with the address that this reviewer was given."""
    visitor = Visitor(folder)
    page = visitor.send("/d/shop/review/people", {"reviewer": name}).text
    found = re.search(r'value="(http://[^"]*reviewer=[^"]*)"', page)
    assert found is not None
    answer = visitor.get(unescape(found[1]).removeprefix(ORIGIN))
    assert answer.status_code == 303 and answer.headers["location"] == DESK
    return visitor


def here(visitor: Visitor, name: str = "ann") -> Visitor:
    assert visitor.send("/d/shop/review/here", {"reviewer": name}).headers["location"] == DESK
    return visitor


def key_of(page: str) -> str:
    found = re.search(r'<input type="hidden" name="key" value="([0-9a-f]{32})">', page)
    assert found is not None, words(page)
    return found[1]


def is_empty(page: str) -> bool:
    return "Nothing waits for you now" in page


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands: the key, and the text fields."""
    fields: dict[str, list[str]] = {"key": [key_of(page)]}
    fields["turn"] = re.findall(r'name="turn" value="(\d+)"', page)
    texts = re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    fields["answer"] = [unescape(text).replace("\n", "\r\n") for text in texts]
    return fields


def decide(visitor: Visitor, verdict: str, **more: object) -> httpx.Response:
    return visitor.send(DESK, {**form_of(visitor.page(DESK)), "verdict": verdict, **more})


def holding_ids(page: str) -> list[str]:
    return re.findall(r'name="holds" value="([0-9a-f]{32})"', page)


def test_the_page_says_what_waits_as_the_command_does(visitor: Visitor, folder: Path) -> None:
    tasks = waiting(folder, open_book(str(folder / "recipe.yaml"), Store(folder)).version, "conflicts,flagged")
    for page in (visitor.page("/d/shop/review/waiting"), visitor.part("/d/shop/review/waiting")):
        assert f"The first {len(tasks)} of {len(tasks)}" in page
        for task in tasks:
            assert task.id[:12] in page
        assert "1 × answers that contradict each other" in words(page)
    assert "/d/shop/review/waiting" in visitor.page("/d/shop/review"), "a link where there are no scripts"


def test_the_page_says_how_far_it_is_as_the_command_does(visitor: Visitor, folder: Path) -> None:
    put(visitor, "sample", sample=4)
    here(visitor)
    decide(visitor, "accept")
    decide(visitor, "reject")
    book = open_book(str(folder / "recipe.yaml"), Store(folder))
    standing = standing_of(book, ways_out(book.queue, folder))
    assert (standing.queued, standing.answered, standing.decisions, standing.people) == (4, 2, 2, 1)
    assert standing.ways["page"][:2] == (4, 2)
    page = words(visitor.page("/d/shop/review"))
    for sentence in (standing.progress(), *standing.quality()):
        assert sentence.en in page
    assert "4 out, 2 filled in" in page and "ann 2 2" in page


def test_the_page_says_how_many_are_enough_as_the_command_does(visitor: Visitor, folder: Path) -> None:
    planned = planned_for(open_book(str(folder / "recipe.yaml"), Store(folder)), 0.02, 0.95, 2)
    for page in (
        visitor.page("/d/shop/review/plan?error=2&confidence=95&overlap=2"),
        visitor.part("/d/shop/review/plan?error=2%25&confidence=95&overlap=2"),
    ):
        for sentence in planned.sentences():
            assert sentence.en in words(page)
    for wrong in ("error=0", "error=x", "confidence=100", "overlap=0", f"error={'9' * 20}"):
        assert visitor.get(f"/d/shop/review/plan?{wrong}").status_code == 400


def test_what_is_put_on_the_desk_is_there_once(visitor: Visitor) -> None:
    assert put(visitor, "conflicts", "flagged").headers["location"].endswith("new=2&there=0&closed=0")
    location = put(visitor, "conflicts", "flagged", overlap=2).headers["location"]
    assert location.endswith("new=0&there=2&closed=0")
    assert "0 put on the desk, 2 were there already" in words(visitor.page(location))
    off = visitor.send("/d/shop/review/off", {"everything": "true"}).headers["location"]
    assert "2 taken off the desk" in words(visitor.page(off))


@pytest.mark.parametrize(
    "form",
    [
        {}, {"what": "sample"}, {"overlap": "1"}, {"what": "everything", "overlap": "1"},
        {"what": "sample", "overlap": "0"}, {"what": "sample", "overlap": "1", "sample": "-1"},
        {"what": "sample", "overlap": "1", "sample": "many"},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_that_is_not_whole_is_refused(visitor: Visitor, form: dict[str, str]) -> None:
    assert visitor.send("/d/shop/review/tasks", form).status_code == 400


@pytest.mark.parametrize("path", ["review", "review/desk", "review/waiting", "review/plan"])
def test_what_is_not_there_is_said(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"/d/nothing/{path}").status_code == 404
    if path != "review/desk":
        assert visitor.get(f"/d/shop/{path}?version={'0' * 32}").status_code == 404
        assert visitor.get(f"/d/shop/{path}?version=../etc").status_code == 400


def test_an_older_version_is_asked_about_too(visitor: Visitor, folder: Path) -> None:
    version = open_book(str(folder / "recipe.yaml"), Store(folder)).version.name
    page = visitor.page(f"/d/shop/review?version={version}")
    assert f"/d/shop/review/waiting?version={version}" in page and version[:12] in page
    assert "The first 2 of 2" in visitor.page(f"/d/shop/review/waiting?version={version}")


def test_a_token_is_shown_once_and_traded_for_a_cookie(folder: Path) -> None:
    visitor = Visitor(folder)
    page = visitor.send("/d/shop/review/people", {"reviewer": "  安娜 "}).text
    found = re.search(rf'value="{ORIGIN}(/d/shop/review/desk\?reviewer=([\w-]+))"', page)
    assert found is not None
    address, token = found.groups()
    assert token not in visitor.page("/d/shop/review") and "安娜" in visitor.page("/d/shop/review")
    answer = visitor.get(address)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "Path=/d/shop/review" in cookie
    assert "安娜" in visitor.page(DESK)
    for wrong in (token[:-1], "x", f"{token}x"):
        assert visitor.get(f"{DESK}?reviewer={wrong}").status_code == 403
    visitor.send("/d/shop/review/people", {"reviewer": "安娜"})
    assert "Who reviews?" in visitor.page(DESK), "the address of before has ended"


def test_a_reviewers_address_opens_nothing_without_the_key_of_the_page(folder: Path) -> None:
    visitor = Visitor(folder)
    page = visitor.send("/d/shop/review/people", {"reviewer": "ann"}).text
    found = re.search(r"(/d/shop/review/desk\?reviewer=[\w-]+)", page)
    assert found is not None
    visitor.client.cookies.clear()
    assert visitor.get(found[1]).status_code == 403


def test_who_is_nobody_is_asked_and_decides_nothing(visitor: Visitor, folder: Path) -> None:
    put(visitor, "flagged")
    key = next(iter(open_book(str(folder / "recipe.yaml"), Store(folder)).queue.tasks()))
    assert "Who reviews?" in visitor.page(DESK)
    assert visitor.send(DESK, {"key": key, "verdict": "accept"}).status_code == 403
    assert visitor.send(f"{DESK}/skip", {"key": key}).status_code == 303
    assert visitor.send(f"{DESK}/undo").status_code == 303
    assert reviews_in(folder) == []
    for name in ("", "   ", "a\nb", "x" * 300):
        assert visitor.send("/d/shop/review/here", {"reviewer": name}).status_code == 400


def test_who_leaves_is_nobody_again(visitor: Visitor) -> None:
    here(visitor)
    visitor.send("/d/shop/review/leave")
    assert "Who reviews?" in visitor.page(DESK)


def judged(browser: Visitor) -> bool:
    """Decide about the next task as somebody who knows the business; False where none waits."""
    page = browser.page(DESK)
    if is_empty(page):
        return False
    form: dict[str, object] = {**form_of(page), "verdict": "accept"}
    if "Which holds?" in page:
        form["holds"] = holding_ids(page)[1]
    elif "3299" in page:
        form |= {"verdict": "edit", "answer": BETTER, "note": "活动结束"}
    elif "鼠标有没有" in page or "签收后15天" in page:
        form |= {"verdict": "reject", "reasons": ["wrong_fact", "other"]}
    answer = browser.send(DESK, form)
    assert answer.status_code == 303, words(answer.text)
    return True


def test_the_whole_way_from_the_desk_to_the_ledger(visitor: Visitor, folder: Path) -> None:
    put(visitor, "conflicts", "flagged", "sample", overlap=1, sample=200)
    ann, bob = reviewing(folder, "ann"), reviewing(folder, "bob")
    while any([judged(ann), judged(bob)]):
        pass
    lines = reviews_in(folder)
    assert {line.by for line in lines} == {"ann", "bob"} and all(line.origin.startswith("page:") for line in lines)
    assert all(line.seconds is not None and line.at for line in lines)
    rejected = next(line for line in lines if line.verdict == "reject" and line.reasons)
    assert rejected.reasons == ("wrong_fact", "other")

    version = built(folder)
    now = answers(version)
    assert now["这台显示器现在多少钱？"] == BETTER
    assert "鼠标有没有三年保修？" not in now
    assert len([question for question in now if question.startswith("显示器签收")]) == 1
    ledger = pl.read_parquet(version / "ledger.parquet").filter(pl.col("stage") == "review")
    assert {"ann", "bob"} <= set(", ".join(ledger["by"].drop_nulls()).split(", "))
    assert {"accepted", "edited", "rejected"} <= set(ledger["reason"])


def test_a_step_back_shows_the_task_again_and_the_next_build_knows_nothing_of_it(
    visitor: Visitor, folder: Path
) -> None:
    put(visitor, "sample", sample=3)
    here(visitor)
    first = visitor.page(DESK)
    decide(visitor, "reject")
    decide(visitor, "reject")
    assert visitor.send(f"{DESK}/undo").headers["location"] == f"{DESK}?back=1"
    assert visitor.send(f"{DESK}/undo").headers["location"] == f"{DESK}?back=1"
    page = visitor.page(f"{DESK}?back=1")
    assert key_of(page) == key_of(first) and "Taken back" in page
    assert visitor.send(f"{DESK}/undo").headers["location"] == f"{DESK}?nothing=1"
    assert "Nothing of yours is left" in visitor.page(f"{DESK}?nothing=1")
    assert reviews_in(folder) == []
    before = answers(Store(folder).find("shop"))
    assert answers(built(folder)) == before


def test_what_is_sent_twice_counts_once(visitor: Visitor, folder: Path) -> None:
    put(visitor, "sample", sample=3)
    here(visitor)
    form = {**form_of(visitor.page(DESK)), "verdict": "accept"}
    with ThreadPoolExecutor(4) as threads:
        codes = [answer.status_code for answer in threads.map(lambda _: visitor.send(DESK, form), range(4))]
    assert codes == [303] * 4
    assert len(reviews_in(folder)) == 1


def test_what_is_later_comes_last(visitor: Visitor) -> None:
    put(visitor, "sample", sample=3)
    here(visitor)
    first = key_of(visitor.page(DESK))
    visitor.send(f"{DESK}/skip", {"key": first})
    assert key_of(visitor.page(DESK)) != first
    decide(visitor, "accept")
    decide(visitor, "accept")
    assert key_of(visitor.page(DESK)) == first


def test_a_task_that_was_taken_off_or_decided_meanwhile_is_said_and_the_next_one_comes(
    visitor: Visitor, folder: Path
) -> None:
    put(visitor, "sample", sample=3)
    here(visitor)
    tasks = open_book(str(folder / "recipe.yaml"), Store(folder)).queue.tasks()
    form = {**form_of(visitor.page(DESK)), "verdict": "accept"}
    task = tasks[str(form["key"][0])]
    take_in(folder, [task], Opinion(key=task.key, verdict="accept", by="bob", origin="sheet:A:1"))
    answer = visitor.send(DESK, form)
    assert answer.status_code == 409 and "enough people have decided" in words(answer.text)
    assert key_of(answer.text) != task.key
    form = {**form_of(answer.text), "verdict": "accept"}
    visitor.send("/d/shop/review/off", {"everything": "true"})
    answer = visitor.send(DESK, form)
    assert answer.status_code == 409 and "taken away" in words(answer.text) and is_empty(answer.text)
    assert [line.by for line in reviews_in(folder)] == ["bob"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("请打13912345678。", "mobile"),
        ("我是文心一言，由百度开发，很高兴为您服务。", "foreign_identity"),
        ("好的亲", "empty_politeness"),
    ],
)
def test_an_edit_that_masks_or_rules_refuse_is_kept_in_its_field_with_what_refuses_it(
    visitor: Visitor, folder: Path, typed: str, says: str
) -> None:
    put(visitor, "flagged")
    here(visitor)
    answer = decide(visitor, "edit", answer=typed, note="siehe oben")
    assert answer.status_code == 422
    assert form_of(answer.text)["answer"] == [typed] and 'value="siehe oben"' in answer.text
    assert reason_text(says) in words(answer.text) and "nothing was written" in words(answer.text)
    assert 'aria-invalid="true" aria-describedby="refused"' in answer.text
    assert reviews_in(folder) == []
    assert decide(visitor, "edit", answer=BETTER).status_code == 303
    [line] = reviews_in(folder)
    assert (line.verdict, line.answer) == ("edit", BETTER)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "decide first"),
        ({"verdict": "accept", "answer": "anders"}, "the verdict is accept"),
        ({"verdict": "edit"}, "nothing was changed"),
        ({"verdict": "edit", "answer": " "}, "cannot be empty"),
        ({"verdict": "accept", "turn": ["1", "2"]}, "does not belong"),
        ({"verdict": "accept", "turn": "7"}, "does not belong"),
        ({"verdict": "reject", "reasons": "nobody knows"}, "does not belong"),
        ({"verdict": "accept", "holds": "0" * 32}, "does not belong"),
    ],
    ids=str,
)
def test_a_form_that_contradicts_itself_is_asked_about_and_not_guessed(
    visitor: Visitor, folder: Path, form: dict[str, str], says: str
) -> None:
    put(visitor, "flagged")
    here(visitor)
    answer = visitor.send(DESK, {**form_of(visitor.page(DESK)), **form})
    assert answer.status_code == 422 and says in words(answer.text)
    assert reviews_in(folder) == []


def test_who_gives_an_edit_up_may_reject(visitor: Visitor, folder: Path) -> None:
    put(visitor, "flagged")
    here(visitor)
    assert decide(visitor, "reject", answer="anders").status_code == 303
    assert [(line.verdict, line.edits()) for line in reviews_in(folder)] == [("reject", {})]


@pytest.mark.parametrize("form", [{}, {"key": "x"}, {"key": "0" * 31}, {"key": "0" * 32, "verdict": "maybe"}], ids=str)
def test_what_is_no_form_of_a_task_is_refused(visitor: Visitor, form: dict[str, str]) -> None:
    assert visitor.send(DESK, form).status_code == 400


def test_of_a_conflict_one_says_which_holds_or_writes_it(visitor: Visitor, folder: Path) -> None:
    put(visitor, "conflicts")
    here(visitor)
    page = visitor.page(DESK)
    first, second = holding_ids(page)
    assert "<del>15</del><ins>7</ins>" in page, "what differs is marked"
    assert ROWS[0]["a"] in words(page).replace(" ", "") and "chats.jsonl" in page
    for form, says in (
        ({"verdict": "accept"}, "say which answer holds"),
        ({"verdict": "reject", "holds": first}, "an answer was chosen"),
        ({"verdict": "edit", "holds": [first, second], "answer": "七天，包装要齐全，运费我们承担。"}, "choose one"),
        ({"verdict": "accept", "holds": "0" * 32}, "does not belong"),
    ):
        answer = visitor.send(DESK, {**form_of(page), **form})
        assert answer.status_code == 422 and says in words(answer.text), form
    visitor.send(DESK, {**form_of(page), "holds": second})  # a chosen answer is a verdict
    assert {line.id: line.verdict for line in reviews_in(folder)} == {first: "reject", second: "accept"}
    visitor.send(f"{DESK}/undo")
    better = "签收后7天内可以无理由退货，运费由我们承担。"
    visitor.send(DESK, {**form_of(page), "verdict": "edit", "holds": second, "answer": better})
    lines = {line.id: (line.verdict, line.answer) for line in reviews_in(folder)}
    assert lines == {first: ("reject", ""), second: ("edit", better)}
    visitor.send(f"{DESK}/undo")
    visitor.send(DESK, {**form_of(page), "verdict": "edit", "answer": ROWS[1]["a"]})
    lines = {line.id: (line.verdict, line.answer) for line in reviews_in(folder)}
    assert sorted(verdict for verdict, _ in lines.values()) == ["accept", "reject"], "one that is there holds"


def test_the_page_a_sheet_and_a_server_settle_alike(shop: Path, tmp_path: Path) -> None:
    versions = []
    for origin in ("page", "sheet:A:1", "label-studio:1:7"):
        folder = copied(shop, tmp_path / origin.replace(":", "-"))
        visitor = here(Visitor(folder))
        put(visitor, "conflicts", "flagged")
        tasks = open_book(str(folder / "recipe.yaml"), Store(folder)).queue.tasks()
        for task in tasks.values():
            is_conflict = task.asked == "conflict"
            held = (task.others[0].id,) if is_conflict else ()
            verdict, edits = ("accept", {}) if is_conflict else ("edit", {1: BETTER})
            if origin == "page":
                form: dict[str, object] = {"key": task.key, "verdict": verdict, "holds": [*held]}
                sent = visitor.send(DESK, form | ({"turn": "1", "answer": BETTER} if edits else {}))
                assert sent.status_code == 303, words(sent.text)
            else:
                opinion = Opinion.model_validate(
                    {
                        "key": task.key,
                        "verdict": verdict,
                        "holds": held,
                        "answers": edits,
                        "by": "ann",
                        "origin": origin,
                    }
                )
                take_in(folder, [task], opinion)
        for line in (lines := reviews_in(folder)):
            assert line.by == "ann" and line.version.startswith("shop/")
        told_of = {(line.id, line.judgement(), line.shown, line.why) for line in lines}
        versions.append((told_of, answers(built(folder))))
    assert versions[0] == versions[1] == versions[2]


@pytest.mark.parametrize("overlap", [1, 2])
def test_two_browsers_at_once_lose_nothing_and_get_nothing_twice(folder: Path, overlap: int) -> None:
    visitor = Visitor(folder)
    put(visitor, "sample", "flagged", overlap=overlap, sample=200)
    tasks = open_book(str(folder / "recipe.yaml"), Store(folder)).queue.tasks()

    def works_off(browser: Visitor) -> Iterator[str]:
        while not is_empty(page := browser.page(DESK)):
            assert browser.send(DESK, {**form_of(page), "verdict": "accept"}).status_code == 303
            yield key_of(page)

    browsers = [reviewing(folder, name) for name in ("ann", "bob")]
    with ThreadPoolExecutor(2) as threads:
        done = [key for keys in threads.map(lambda browser: [*works_off(browser)], browsers) for key in keys]
    done += [key for browser in browsers for key in works_off(browser)]
    assert sorted(done) == sorted([*tasks] * overlap)
    lines = reviews_in(folder)
    assert len({(line.id, line.by) for line in lines}) == len(lines) == len(tasks) * overlap


HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><b>fat</b>", "\u202egnp.exe",
    "a\x1b[31mred", "\x00nul", "👨‍👩‍👧‍👦", "{{ 7*7 }}", "[a](javascript:alert(1))",
)  # fmt: skip


@pytest.mark.parametrize("asked", ["record", "conflict", "exam"])
def test_hostile_texts_show_as_texts(visitor: Visitor, folder: Path, asked: str) -> None:
    queue = open_book(str(folder / "recipe.yaml"), Store(folder)).queue
    here(visitor)
    text = " ".join(HOSTILE)
    other = OtherAnswer(id="1" * 32, question=text, answer=text, date=text, source=text, shown=("s",))
    task = ReviewTask(
        id="2" * 32, asked=asked, kind="domain", lang="zh", version="shop/x", shown=("t",), why=("flagged:<b>",),
        messages=tuple(Message(role=role, content=text) for role in ("system", "user", "assistant")),
        others=(other,) if asked == "conflict" else (), twin=other, parent=other, source=text, date=text,
    )  # fmt: skip
    queue.add([task])
    DeskWay(queue).push([task], 1)
    page = visitor.page(DESK)
    for bad in ("<script>alert", "<img", "<b>", "\u202e", "\x1b", "\x00", "onerror=alert(1)>"):
        rest = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
        assert bad not in rest, bad
    fields = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert len(fields) == 1 and "<" not in fields[0]
    more = {"holds": task.id} if asked == "conflict" else {}
    answer = visitor.send(DESK, {**form_of(page), "verdict": "accept", **more})
    assert answer.status_code == 303, words(answer.text)
    assert {line.verdict for line in reviews_in(folder) if line.id == task.id} == {"accept"}


def on_desk(folder: Path, *talk: tuple[str, str]) -> None:
    """Put a conversation on the desk."""
    messages = tuple(Message.model_validate({"role": role, "content": content}) for role, content in talk)
    task = ReviewTask(
        id="2" * 32, asked="record", kind="domain", lang="zh", shown=("t",), why=("sample",), messages=messages
    )  # fmt: skip
    queue = open_book(str(folder / "recipe.yaml"), Store(folder)).queue
    send_out(queue, DeskWay(queue), [task], 1)


def test_an_answer_of_two_megabytes_is_decided_about(visitor: Visitor, folder: Path) -> None:
    here(visitor)
    on_desk(folder, ("user", "？"), ("assistant", "长" * 700_000))
    page = visitor.page(DESK)
    assert len(page) < 200_000 and "too long to be edited here" in page and "<textarea" not in page
    assert visitor.send(DESK, {**form_of(page), "verdict": "reject"}).status_code == 303
    assert [line.verdict for line in reviews_in(folder)] == ["reject"]


def test_any_answer_of_a_talk_is_edited_and_the_others_stay(visitor: Visitor, folder: Path) -> None:
    here(visitor)
    asked = ("user", "发什么快递？"), ("assistant", "发顺丰。\r\n三天到。")
    on_desk(folder, *asked, ("user", "几天？"), ("assistant", "\n\n两三天到。"))
    form = form_of(visitor.page(DESK))
    assert form["turn"] == ["2", "1"]
    untouched = visitor.send(DESK, {**form, "verdict": "edit"})
    assert untouched.status_code == 422 and "nothing was changed" in words(untouched.text)
    changed = ["默认发顺丰，偏远地区发邮政。", form["answer"][1]]
    assert visitor.send(DESK, {**form, "verdict": "edit", "answer": changed}).status_code == 303
    [line] = reviews_in(folder)
    assert line.edits() == {2: changed[0]}


def test_a_question_without_an_answer_gets_one(visitor: Visitor, folder: Path) -> None:
    here(visitor)
    on_desk(folder, ("user", "在吗？"), ("assistant", "在的。"), ("user", "发什么快递？"))
    form = form_of(visitor.page(DESK))
    assert form["turn"] == ["1"] and form["answer"] == [""]
    assert visitor.send(DESK, {**form, "answer": "默认发顺丰，两三天到。"}).status_code == 303
    assert [line.edits() for line in reviews_in(folder)] == [{1: "默认发顺丰，两三天到。"}]


def test_all_is_said_in_chinese_too(folder: Path) -> None:
    visitor = Visitor(folder, "zh")
    put(visitor, "conflicts", "flagged", "sample", sample=200)
    here(visitor, "王经理")
    pages = [visitor.page(path) for path in ("/d/shop/review", "/d/shop/review/waiting", "/d/shop/review/plan", DESK)]
    for page in pages:
        assert 'lang="zh-CN"' in page
        assert not re.findall(r"\b(?:task|desk|reviewer|decided|verdict)s?\b", words(page)), words(page)
    assert "哪个成立？" in pages[3] and "看不准" in pages[3]
    assert speaking.get() == "en"
