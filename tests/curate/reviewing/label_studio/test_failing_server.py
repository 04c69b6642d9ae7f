"""A real server behind one that fails: what was asked for is done all the same, once, or it is said how far it came."""

from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest

pytest.importorskip("label_studio_sdk", reason="the extra 'review' is not installed: pip install 'hornbook[review]'")

from curate.reviewing.label_studio.served import Patience
from schemas.errors import ServiceError
from tests.curate.reviewing.label_studio.proxy import PASSES, Fate, Proxy, Request
from tests.curate.reviewing.label_studio.real_server import RealServer
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.label_studio.tasks import by_key, chosen, conflict_task, review_task, way_to

TROUBLE = (
    Fate(429, headers={"retry-after": "0"}),
    Fate(500, when="after the work"),
    Fate(cut=True),
    Fate(500),
    Fate(cut=True, when="after the work"),
    Fate(503, "<html>", {"content-type": "text/html"}),
)
BEFORE = [*(review_task(n) for n in range(5)), conflict_task(8)]
AFTER = [review_task(0, "问题 0？", "改了。"), review_task(1, "问题 1？", "改了。"), *BEFORE[2:], conflict_task(9)]


def there(reviewer: Reviewer, dataset: str) -> Counter[str]:
    tasks = [task for project in reviewer.projects(dataset) for task in reviewer.tasks(project["id"])]
    return Counter(task["data"]["key"] for task in tasks if not task["data"]["closed"])


def test_a_server_that_fails_each_request_once_does_no_harm(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    """Each first try fails, in one way after the other, and the next one passes."""
    fates = cycle(TROUBLE)
    failed = Counter[str]()

    def script(request: Request) -> Fate:
        if request.times % 2:
            return PASSES
        failed[request.method] += 1
        return next(fates)

    with Proxy(script, server.url) as proxy:
        way = way_to(proxy.url, server.people[0].token, tmp_path, "each")
        assert way.push(BEFORE, 1)[:3] == (6, 0, 0)
        (records, _) = reviewers[0].projects("each")
        reviewers[1].decide(reviewers[0].tasks_by_record(records["id"])[0]["id"], chosen("verdict", "accept"))
        assert way.push(AFTER, 2)[:3] == (3, 4, 2)
        (opinion,) = way.pull(by_key(BEFORE))
        assert (opinion.key, opinion.verdict) == (BEFORE[0].key, "accept")
        assert way.status(by_key(AFTER))[:2] == (7, 0)
        assert there(reviewers[0], "each") == Counter(by_key(AFTER).keys())
        assert way.close(by_key([*BEFORE, *AFTER])) == 8
    assert not there(reviewers[0], "each")
    assert failed["GET"] > 5 and failed["POST"] > 5 and failed["PATCH"] > 1


def test_an_import_that_hangs_while_the_server_takes_it_is_not_sent_again(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    def script(request: Request) -> Fate:
        is_first = "import" in request.path and not request.times
        return Fate(hang=True, when="during the work") if is_first else PASSES

    with Proxy(script, server.url) as proxy:
        patience = Patience(timeout=2.0, pauses=(0.5, 0.5))
        way = way_to(proxy.url, server.people[0].token, tmp_path, "hangs", patience=patience)
        assert way.push(BEFORE[:5], 1)[:3] == (5, 0, 0)
        assert len([request for request in proxy.requests if "import" in request.path]) == 1
    assert there(reviewers[0], "hangs") == Counter(by_key(BEFORE[:5]).keys())


def test_a_server_that_fails_for_good_is_told_with_what_was_done(
    server: RealServer, reviewers: list[Reviewer], tmp_path: Path
) -> None:
    imports: list[str] = []

    def script(request: Request) -> Fate:
        imports.extend([request.path] if "import" in request.path else [])
        return Fate(500) if len(set(imports)) > 1 else PASSES

    with Proxy(script, server.url) as proxy:
        way = way_to(proxy.url, server.people[0].token, tmp_path, "for-good")
        with pytest.raises(ServiceError) as raised:
            way.push(BEFORE, 1)
    assert raised.value.exit_code == 4
    assert raised.value.sentence.en == (
        f"Label Studio at {proxy.url}: it answers with HTTP status 500; 5 of 6 tasks are out, and the same command "
        "sends the others"
    )
    assert "6 个任务中已送出 5 个" in raised.value.sentence.zh
    assert there(reviewers[0], "for-good") == Counter(by_key(BEFORE[:5]).keys())
    assert way_to(server.url, server.people[0].token, tmp_path, "for-good").push(BEFORE, 1)[:3] == (1, 5, 0)
    assert there(reviewers[0], "for-good") == Counter(by_key(BEFORE).keys())
