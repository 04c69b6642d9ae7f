"""Jobs: one a dataset, each with an end that is written down, and none that is lost by a look at it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from curate.web.ground.jobs import LOG, Jobs, StartedJob
from schemas.bilingual import Bilingual
from schemas.errors import LockedError
from tests.curate.web.visitor import Visitor, words

TITLE = Bilingual("List the rules", "列出规则")
PATIENCE = 60


def ended(jobs: Jobs, job: StartedJob, *, looks_often: bool = False) -> StartedJob:
    """The job when it is over."""
    deadline = time.monotonic() + PATIENCE
    while (now := jobs.find(job.start.dataset, job.id)) and now.state in ("waiting", "running"):
        assert time.monotonic() < deadline
        time.sleep(0 if looks_often else 0.1)
    assert now
    return now


def test_what_a_command_prints_and_its_code_are_kept(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    done = ended(jobs, jobs.begin("shop", TITLE, ["rules", "--json"], "/d/shop/rules"))
    assert (done.state, done.end and done.end.code) == ("done", 0)
    assert "reply_length" in jobs.printed(done)
    failed = ended(jobs, jobs.begin("shop", TITLE, ["show", "nothing"]))
    assert (failed.state, failed.end and failed.end.code) == ("failed", 2)
    assert "no versions are called 'nothing'" in jobs.log(failed)
    assert [job.id for job in jobs.of("shop")] == sorted([failed.id, done.id], reverse=True)
    page = words(Visitor(tmp_path).page(f"/d/shop/jobs/{failed.id}"))
    assert "failed" in page and "no versions are called 'nothing'" in page


def test_a_look_at_a_job_never_stops_it_from_starting(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    assert ended(jobs, jobs.begin("shop", TITLE, ["rules"]), looks_often=True).state == "done"


def test_one_job_a_dataset_and_another_beside_it(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    first = jobs.begin("shop", TITLE, ["rules"])
    with pytest.raises(LockedError):
        jobs.begin("shop", TITLE, ["rules"])
    other = jobs.begin("other", TITLE, ["rules"])
    assert {ended(jobs, job).state for job in (first, other)} == {"done"}
    assert ended(jobs, jobs.begin("shop", TITLE, ["rules"])).state == "done"


def test_a_job_outlives_the_page_that_started_it(tmp_path: Path) -> None:
    starter = (
        "import sys, time; from pathlib import Path; from curate.web.ground.jobs import Jobs; "
        "from schemas.bilingual import Bilingual; "
        "print(Jobs(Path(sys.argv[1])).begin('shop', Bilingual('a', 'b'), ['rules', '--json']).id, flush=True); "
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", starter, str(tmp_path)], stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout
        id = page.stdout.readline().strip()
        os.kill(page.pid, signal.SIGKILL)
    jobs = Jobs(tmp_path)
    job = jobs.find("shop", id)
    assert job
    done = ended(jobs, job)
    assert done.state == "done"
    assert "reply_length" in jobs.printed(done)


def test_a_job_that_was_killed_says_so_and_the_next_may_begin(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = jobs.begin("shop", TITLE, ["rules"])
    deadline = time.monotonic() + PATIENCE
    while (now := jobs.find("shop", job.id)) and now.state == "waiting":
        assert time.monotonic() < deadline
    for process in Path("/proc").glob("[0-9]*"):
        if (process / "cmdline").is_file() and job.id.encode() in _read(process / "cmdline"):
            os.kill(int(process.name), signal.SIGKILL)
    now = ended(jobs, job)
    assert now.state in ("killed", "done")  # it may have been quicker
    assert "killed" in words(Visitor(tmp_path).page("/d/shop/jobs")) or now.state == "done"
    assert ended(jobs, jobs.begin("shop", TITLE, ["rules"])).state == "done"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_log_of_any_length_shows_its_end_and_hostile_text_as_text(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = ended(jobs, jobs.begin("shop", TITLE, ["show", "nothing"]))
    log = tmp_path / "jobs" / "shop" / job.id / LOG
    log.write_text("x" * 200_000 + "\n<script>alert(1)</script>\u202e\x1b[31m\nthe end\n", encoding="utf-8")
    page = Visitor(tmp_path).page(f"/d/shop/jobs/{job.id}")
    assert "<script>alert" not in page
    assert "\u202e" not in page and "\x1b" not in page
    assert "the end" in page
    assert len(page) < 200_000


@pytest.mark.parametrize("id", ["20261201-000000-abcdef", "..", "20261201-000000-abcdeg"])
def test_a_job_that_is_none_is_not_found(tmp_path: Path, id: str) -> None:
    assert Visitor(tmp_path).get(f"/d/shop/jobs/{id}").status_code in (303, 400, 404)
