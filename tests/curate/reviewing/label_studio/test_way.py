"""The laws of the way through Label Studio, on a real server."""

from collections import Counter
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

pytest.importorskip("label_studio_sdk", reason="the extra 'review' is not installed: pip install 'hornbook[review]'")

from curate.reviewing.label_studio.screen import screen
from curate.reviewing.label_studio.way import LabelStudioWay
from curate.reviewing.way import Pushed, Way, WayStatus
from schemas.bilingual import Language
from schemas.review import Asked, ReviewTask
from tests.curate.reviewing.label_studio.real_server import RealServer
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.label_studio.tasks import (
    HOSTILE,
    by_key,
    chosen,
    conflict_task,
    review_task,
    texts_of,
    way_to,
    written,
)

ACCEPT, REJECT, EDIT = chosen("verdict", "accept"), chosen("verdict", "reject"), chosen("verdict", "edit")


def way(server: RealServer, root: Path, dataset: str, lang: str = "zh") -> LabelStudioWay:
    return way_to(server.url, server.people[0].token, root, dataset, lang=lang)


def ids(reviewer: Reviewer, project: int) -> dict[int, int]:
    """The numbers of tasks by those of their records."""
    return {record: task["id"] for record, task in reviewer.tasks_by_record(project).items()}


def numbers(tasks: list[dict]) -> list[int]:
    return sorted(int(task["data"]["record"], 16) for task in tasks)


def test_pushing_twice_adds_nothing(server: RealServer, reviewers: list[Reviewer], tmp_path: Path) -> None:
    tasks = [review_task(number) for number in (1, 2, 3)]
    pushing: Way = way(server, tmp_path, "twice")
    first = pushing.push(tasks[:2], 1)
    (project,) = reviewers[0].projects("twice")
    assert first == Pushed(2, 0, 0, f"{server.url}/projects/{project['id']}/data")
    assert (project["title"], project["maximum_annotations"]) == ("twice · 审核", 1)
    assert pushing.push(tasks[:2], 1)[:3] == (0, 2, 0)
    assert pushing.push(tasks, 2)[:3] == (1, 2, 0)
    assert pushing.push(tasks, 1)[:3] == (0, 3, 0)
    (project,) = reviewers[0].projects("twice")
    assert project["maximum_annotations"] == 2  # what was promised stays promised
    assert numbers(reviewers[0].tasks(project["id"])) == [1, 2, 3]
    assert {task["overlap"] for task in reviewers[0].tasks(project["id"])} == {2}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.stat().st_size] == ["label-studio.json"]
    assert server.people[0].token not in "".join(path.read_text(encoding="utf-8") for path in files)


def test_all_that_reviewers_decide_comes_back(server: RealServer, reviewers: list[Reviewer], tmp_path: Path) -> None:
    tasks = [review_task(1), review_task(2), review_task(3, "问一", "答一", "问二", "答二"), review_task(4)]
    pulling = way(server, tmp_path, "all")
    pulling.push(tasks, 2)
    (project,) = reviewers[0].projects("all")
    wang, li, _ = reviewers
    numbered = ids(wang, project["id"])
    wang.decide(numbered[1], ACCEPT, seconds=4.25)
    li.decide(numbered[1], REJECT, chosen("reasons", "abusive", "wrong_fact"), written("note", " 语气\n太冲 "))
    wang.decide(numbered[2], EDIT, written("answer_0", "回答 2。"))
    wang.decide(numbered[3], EDIT, written("answer_0", "答二"), written("answer_1", f"改过\r\n{HOSTILE}"))
    li.skip(numbered[3])
    changed = li.decide(numbered[2], ACCEPT)
    li.call("PATCH", f"/api/annotations/{changed}/", {"result": [chosen("verdict", "unsure")]})
    li.decide(numbered[4], written("note", "忘了选结论"))

    opinions = list(pulling.pull(by_key(tasks[:3])))
    assert (pulling.unknown, pulling.unreadable) == (1, 0)
    keys = [task.key for task in tasks]
    assert [(keys.index(one.key) + 1, one.verdict, one.by.partition("@")[0]) for one in opinions] == [
        (1, "accept", "wang"),
        (1, "reject", "li"),
        (2, "accept", "wang"),  # an edit that changed nothing
        (3, "edit", "wang"),
        (3, "unsure", "li"),
        (2, "unsure", "li"),
    ]
    assert opinions[0].seconds == 4.25
    assert (opinions[1].reasons, opinions[1].note) == (("wrong_fact", "abusive"), "语气\n太冲")
    assert opinions[3].answers == {2: f"改过\n{HOSTILE}"}
    moments = [datetime.fromisoformat(one.at) for one in opinions]
    assert moments == sorted(moments)
    assert len({one.origin for one in opinions}) == 6
    assert all(one.origin.startswith(f"label-studio:{project['id']}:") for one in opinions)
    assert list(pulling.pull(by_key(tasks)))[:6] == opinions
    assert (pulling.unknown, pulling.unreadable) == (0, 1)
    assert pulling.status(by_key(tasks[:3])) == WayStatus(3, 3, f"{server.url}/projects/{project['id']}/data")


def test_a_conflict_and_a_question_of_the_exam_have_screens_of_their_own(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    tasks = [conflict_task(7), review_task(8, asked="exam", why=("exam:faithful",)), conflict_task(9)]
    pulling = way(server, tmp_path, "asked")
    assert pulling.push(tasks, 1)[:3] == (3, 0, 0)
    assert [one["title"] for one in reviewers[0].projects("asked")] == ["asked · 矛盾", "asked · 考题"]
    conflicts, exam = (one["id"] for one in reviewers[0].projects("asked"))
    shown = reviewers[0].tasks_by_record(conflicts)
    titles = [one["title"] for one in shown[7]["data"]["answers"]]
    assert titles == ["A · 2025-01-01 · a.csv:3", "B", "C · 2026-02-01 · b.csv:9"]
    (question,) = ids(reviewers[0], exam).values()
    first, second = shown[7]["id"], shown[9]["id"]
    wang, li, judge = reviewers
    wang.decide(first, ACCEPT, chosen("holds", "0", "1", "17"))
    li.decide(first, EDIT, chosen("edited", "2"), written("answer_2", "全天，节假日除外。"))
    judge.decide(first, EDIT, chosen("edited", "1"), written("answer_1", "九点。"))
    wang.decide(second, ACCEPT)
    wang.decide(question, EDIT, written("answer_0", "另一个参考答案。"))
    opinions = list(pulling.pull(by_key(tasks)))
    assert [(one.verdict, one.holds, one.answers) for one in opinions] == [
        ("accept", (f"{0:032x}", f"{7:032x}"), {}),
        ("edit", ("f" * 32,), {1: "全天，节假日除外。"}),
        ("accept", (f"{7:032x}",), {}),
        ("unsure", (), {}),
        ("edit", (), {1: "另一个参考答案。"}),
    ]


def test_the_server_takes_all_screens(reviewers: list[Reviewer]) -> None:
    for asked, lang in product(get_args(Asked), get_args(Language)):
        config = {"label_config": screen(asked, lang)}
        assert reviewers[0].call_for_status("POST", "/api/projects/validate/", config)[0] == 204
    broken = {"label_config": screen("record", "zh").replace('toName="messages"', 'toName="nothing"')}
    assert reviewers[0].call_for_status("POST", "/api/projects/validate/", broken)[0] == 400


def test_a_changed_row_gets_a_new_task_and_its_old_one_is_closed(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    before = [review_task(1), review_task(2), review_task(3)]
    after = [review_task(1, "问题 1？", "改了。"), review_task(2, "问题 2？", "改了。"), before[2]]
    pushing = way(server, tmp_path, "changed")
    pushing.push(before, 2)
    (project,) = (one["id"] for one in reviewers[0].projects("changed"))
    reviewers[0].decide(ids(reviewers[0], project)[1], ACCEPT)

    assert pushing.push(after, 2)[:3] == (2, 1, 2)
    assert pushing.push(after, 2)[:3] == (0, 3, 0)
    tasks = reviewers[0].tasks(project)
    assert numbers(tasks) == [1, 1, 2, 3]  # what somebody has answered stays
    (closed,) = [task for task in tasks if task["data"]["closed"]]
    assert "后来变了" in closed["data"]["closed"][0]["text"]
    assert (closed["data"]["key"], closed["is_labeled"]) == (before[0].key, True)
    (opinion,) = pushing.pull(by_key([*before, *after]))
    assert (opinion.key, opinion.verdict) == (before[0].key, "accept")
    seen = []
    while task := reviewers[1].next_task(project):  # nobody else is shown the closed one
        seen.append(task["data"]["key"])
        reviewers[1].decide(task["id"], ACCEPT)
    assert sorted(seen) == sorted(by_key(after))

    assert pushing.push([before[0], *after[1:]], 2)[:3] == (0, 3, 1)  # changed back: what was answered counts again
    tasks = {task["data"]["key"]: task for task in reviewers[0].tasks(project)}
    assert [key for key, task in tasks.items() if task["data"]["closed"]] == [after[0].key]
    assert (tasks[before[0].key]["is_labeled"], tasks[before[0].key]["overlap"]) == (False, 2)


def test_what_people_do_to_tasks_and_projects_does_no_harm(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    tasks = [review_task(number) for number in range(4)]
    pushing = way(server, tmp_path, "hands")
    pushing.push(tasks, 1)
    (project,) = (one["id"] for one in reviewers[0].projects("hands"))
    reviewers[0].decide(ids(reviewers[0], project)[2], ACCEPT)
    reviewers[0].call("PATCH", f"/api/projects/{project}/", {"title": "别的名字"})
    assert pushing.push(tasks, 1)[:3] == (0, 4, 0)
    reviewers[0].call("PATCH", f"/api/projects/{project}/", {"description": "没有标记了"})
    assert pushing.push(tasks, 1)[:3] == (0, 4, 0)
    reviewers[0].call("PATCH", f"/api/projects/{project}/", {"description": "手抄的 [hornbook hands record zh]"})

    # the same numbers come back with other records
    old = {task["id"]: task["data"]["key"] for task in reviewers[0].tasks(project)}
    for number in old:
        reviewers[0].call("DELETE", f"/api/tasks/{number}/")
    assert pushing.push(tasks[::-1], 1)[:3] == (4, 0, 0)
    reviewers[1].decide(ids(reviewers[0], project)[0], REJECT, chosen("reasons", "other"))
    (opinion,) = pushing.pull(by_key(tasks))
    assert (opinion.key, opinion.verdict, opinion.reasons) == (tasks[0].key, "reject", ("other",))

    # copies that somebody imports are taken away, but for what was answered
    content = reviewers[0].tasks_by_record(project)[0]["data"]
    reviewers[0].call("POST", f"/api/projects/{project}/import", [{"data": content}, {"data": {**content, "key": "x"}}])
    assert pushing.push(tasks, 1)[:3] == (0, 4, 1)
    assert len(list(pushing.pull(by_key(tasks)))) == 1

    reviewers[0].call("DELETE", f"/api/projects/{project}/")
    assert pushing.push(tasks, 1)[:3] == (4, 0, 0)


def test_two_datasets_and_the_projects_of_others_do_no_harm(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    other = reviewers[0].call("POST", "/api/projects/", {"title": "shop · 审核", "description": "[hornbook] shop-b"})
    tasks, changed = [review_task(1), review_task(2)], [review_task(1, "问题 1？", "另一家。"), review_task(2)]
    a, b = way(server, tmp_path, "shop-a"), way(server, tmp_path, "shop-b")
    a.push(tasks, 1)
    assert b.push(changed, 1)[:3] == (2, 0, 0)
    assert a.push(tasks, 1)[:3] == (0, 2, 0)
    (of_a,), (of_b,) = reviewers[0].projects("shop-a"), reviewers[0].projects("shop-b")
    reviewers[0].decide(ids(reviewers[0], of_b["id"])[2], ACCEPT)
    assert not list(a.pull(by_key(tasks)))
    assert (len(list(b.pull(by_key(changed)))), b.unknown) == (1, 0)
    assert b.close(by_key(changed)) == 2
    assert b.close(by_key(changed)) == 0
    assert numbers(reviewers[0].tasks(of_a["id"])) == [1, 2]
    assert reviewers[0].tasks(of_b["id"]) == []
    assert reviewers[0].call("GET", f"/api/projects/{other['id']}/")["task_number"] == 0


def test_a_task_is_out_in_one_language_only(server: RealServer, reviewers: list[Reviewer], tmp_path: Path) -> None:
    tasks = [review_task(1), review_task(2), review_task(3)]
    way(server, tmp_path, "tongues").push(tasks[:2], 1)
    english = way(server, tmp_path, "tongues", "en")
    assert english.push(tasks[:2], 2)[:3] == (0, 2, 0)
    (chinese,) = reviewers[0].projects("tongues")  # no project is made for nothing
    assert chinese["maximum_annotations"] == 2
    assert english.push(tasks, 1)[:3] == (1, 2, 0)
    zh, en = (one["id"] for one in reviewers[0].projects("tongues"))
    assert (numbers(reviewers[0].tasks(zh)), numbers(reviewers[0].tasks(en))) == ([1, 2], [3])
    reviewers[0].decide(ids(reviewers[0], zh)[1], ACCEPT)
    assert [one.key for one in english.pull(by_key(tasks))] == [tasks[0].key]
    assert english.push([review_task(1, "问题 1？", "改了。")], 1)[:3] == (1, 0, 1)
    assert reviewers[0].tasks_by_record(zh)[1]["data"]["closed"]


def test_texts_are_shown_as_they_are(server: RealServer, reviewers: list[Reviewer], tmp_path: Path) -> None:
    """Neither the server nor what lies between changes a text; what not all of them carry is replaced before."""
    hostile: list[ReviewTask] = [
        review_task(1, HOSTILE, HOSTILE),
        review_task(2, "行\r\n行\r行", "半个字\ud83d 和 NUL\x00 和 \u2028 和 \u0085"),
        review_task(3, "长", "字" * 30_000),
    ]
    pushing = way(server, tmp_path, "texts")
    pushing.push(hostile, 1)
    (project,) = (one["id"] for one in reviewers[0].projects("texts"))
    back = {n: Counter(texts_of(task["data"])) for n, task in reviewers[0].tasks_by_record(project).items()}
    assert back[1][HOSTILE] == 2
    assert back[2]["行\n行\n行"] == 1
    assert back[2]["半个字? 和 NUL\ufffd 和 \u2028 和 \u0085"] == 1
    assert back[3]["字" * 30_000] == 1
    assert pushing.push(hostile, 1)[:3] == (0, 3, 0)
