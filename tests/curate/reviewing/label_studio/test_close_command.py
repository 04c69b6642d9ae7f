"""What was decided on the server and not pulled is not lost when its task is taken away."""

import json
from pathlib import Path

from tests.curate.reviewing.label_studio.real_server import RealServer
from tests.curate.reviewing.label_studio.reviewers import Reviewer
from tests.curate.reviewing.label_studio.tasks import chosen
from tests.curate.reviewing.label_studio.test_screens_in_browser import hornbook
from tests.curate.reviewing.shop import RECIPE, reviews_in, write_shop

SMALL = RECIPE.partition("stages:")[0] + "stages: [clean, mask, review, quality]\n"


def test_closing_brings_back_what_was_said_first(tmp_path: Path, server: RealServer, reviewers: list[Reviewer]) -> None:
    write_shop(tmp_path, recipe=SMALL, name="shopclose")
    push = ("review", "push", "recipe.yaml", "--to", "label-studio", "--what", "sample:2")
    hornbook(tmp_path, server, "en", *push)
    [project] = reviewers[0].projects("shopclose")
    first, _ = reviewers[0].tasks(project["id"])
    reviewers[1].decide(first["id"], chosen("verdict", "accept"))

    closed = json.loads(hornbook(tmp_path, server, "en", "review", "close", "recipe.yaml", "--json"))
    assert closed == {"closed": 1, "ways": {"label-studio": 1}}
    [line] = reviews_in(tmp_path)
    assert (line.id, line.verdict, line.by) == (first["data"]["record"], "accept", reviewers[1].email)
    assert len(reviewers[0].tasks(project["id"])) == 1
