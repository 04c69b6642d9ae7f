"""`hornbook reword` as a user runs it: an estimate, a server, a file; and kills on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from curate.commands.reword import RewordFlags, reword_command
from curate.llm.client import Client
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction
from tests.curate.rewording.shop import DOMAIN, TALKS, asked, built, lines, point_at, write_shop
from tests.program import hornbook

KILLS = int(os.environ.get("HORNBOOK_KILLS", "2"))
"""How often the command is killed."""


def reworded(call: Call) -> Reaction:
    return Reaction(json.dumps({"variants": [TALKS[call.data["question"]][1]]}, ensure_ascii=False))


def slowly(call: Call) -> Reaction:
    return Reaction(reworded(call).content, seconds=0.4)


def test_it_is_estimated_asked_built_and_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*, as_json: bool = False, **flags: Any) -> str:
        reword_command(recipe, tmp_path, RewordFlags(**{**NOTHING, **flags}), as_json=as_json)
        return capsys.readouterr().out

    recipe, file = write_shop(tmp_path, DOMAIN), tmp_path / "rewordings.jsonl"
    with FaultyServer(reworded) as server:
        point_at(recipe, server)
        text = recipe.read_text(encoding="utf-8")
        recipe.write_text(text.replace("retries: 0", "retries: 0, price: {input: 1, output: 2}"), encoding="utf-8")

        estimate = json.loads(printed(dry_run=True, as_json=True))
        assert (estimate["records"], estimate["requests"], estimate["calls"], estimate["cached"]) == (12, 12, 12, 0)
        assert estimate["money"] > 0 and estimate["currency"] == "USD"
        text = printed(dry_run=True, limit=3)
        assert "12 records may have rewordings, 3 are asked for, in 3 requests" in text and "USD" in text
        assert server.calls == [] and not file.exists()

        done = json.loads(printed(as_json=True))
        assert (done["lines"], done["new"], done["faults"]) == (12, 12, {}) and len(server.calls) == 12
        assert f"{file}: 12 rewordings, 0 of them new" in printed() and len(server.calls) == 12

    version = built(tmp_path)
    before = file.read_bytes()
    file.unlink()
    assert printed(source=str(version)) == f"{file}: 12 rewordings\n"
    assert file.read_bytes() == before


NOTHING = {"to": None, "source": None, "limit": None, "dry_run": False}
"""No option."""


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    write_shop(tmp_path, DOMAIN, list(TALKS)[:2])
    done = hornbook("reword", "recipe.yaml", "--limit", "1", cwd=tmp_path)
    assert done.returncode == 4 and "Traceback" not in done.stderr and done.stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_a_killed_run_goes_on_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    unbroken, broken = write_shop(tmp_path / "a", DOMAIN), write_shop(tmp_path / "b", DOMAIN)
    with FaultyServer(reworded) as server:
        point_at(unbroken, server)
        asked(unbroken, Client)

    with FaultyServer(slowly) as server:
        point_at(broken, server)
        text = broken.read_text(encoding="utf-8")
        broken.write_text(text.replace("retries: 0", "retries: 0, concurrency: 2"), encoding="utf-8")
        for number in range(KILLS):
            _kill_while_asking(broken.parent, server, len(TALKS) * (number + 1) // (KILLS + 1))
        assert not (broken.parent / "rewordings.jsonl").exists()
        server.script = reworded
        asked(broken, Client)
        assert len(server.charged) == len(set(server.charged)) == len(TALKS)

    assert lines(broken.parent) == lines(unbroken.parent)


def _kill_while_asking(folder: Path, server: FaultyServer, paid: int) -> None:
    """Kill the command when so many answers were paid for, or when it asks again where there are so many already."""
    calls = len(server.calls)
    command = [sys.executable, "-P", "-c", "from curate.cli import main; main()", "reword", "recipe.yaml"]
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(server.charged) < paid or len(server.calls) == calls:
        time.sleep(0.01)
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
