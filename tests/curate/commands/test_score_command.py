"""`hornbook score` as a user runs it: an estimate, a judge, a small model, a file, limits tried, kills on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from curate.commands.rules_try import try_rule_command
from curate.commands.score import ScoreFlags, score_command
from schemas.errors import InputError
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction
from tests.curate.rewording.shop import TALKS, built
from tests.curate.scoring.shop import UNSCORED, lines, marked, point_at, scored, write_shop

KILLS = int(os.environ.get("HORNBOOK_KILLS", "2"))
"""How often the command is killed."""
NOTHING = {"to": None, "only": None, "source": None, "limit": None, "dry_run": False}
"""No option."""


def test_it_is_estimated_judged_read_built_tried_and_put_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed(*, as_json: bool = False, **flags: Any) -> str:
        score_command(recipe, tmp_path, ScoreFlags(**{**NOTHING, **flags}), as_json=as_json)
        return capsys.readouterr().out

    recipe, file = write_shop(tmp_path, UNSCORED), tmp_path / "scores.jsonl"
    with FaultyServer(marked) as server:
        point_at(recipe, server)
        text = recipe.read_text(encoding="utf-8")
        recipe.write_text(text.replace("retries: 0", "retries: 0, price: {input: 1, output: 2}"), encoding="utf-8")

        estimate = json.loads(printed(dry_run=True, as_json=True))
        assert [estimate[key] for key in ("records", "to_judge", "to_read", "calls", "cached")] == [12, 12, 12, 24, 0]
        assert estimate["money"] > 0 and estimate["currency"] == "USD"
        shown = printed(dry_run=True, limit=3)
        assert "12 records may have scores; 3 go to the judge, twice each, and 3 to the local model" in shown
        assert "USD" in shown and "USD" not in printed(dry_run=True, only="local", limit=3)
        assert server.calls == [] and not file.exists()

        done = json.loads(printed(only="judge", as_json=True))
        assert [done[key] for key in ("lines", "judged", "read", "faults")] == [12, 12, 0, {}]
        assert done["agreement"] == pytest.approx((9 + 0.8333 + 0.9167) / 12, abs=1e-3) and len(server.calls) == 24
        again = printed(only="judge")
        assert "12 scored records; new: 0 by the judge, 0 by the local model" in again and len(server.calls) == 24
        assert "add to the stage quality of the recipe: quality: {scores: scores.jsonl}" in again

    write_shop(tmp_path)
    version, before = built(tmp_path), file.read_bytes()
    assert "add to the stage" not in printed(only="judge")
    try_rule_command(("judged", "--min", "3.5", "shop"), tmp_path, as_json=True)
    assert json.loads(capsys.readouterr().out)["changed"] == 1
    with pytest.raises(InputError, match="never drops it"):
        try_rule_command(("judged", "--action", "drop", "shop"), tmp_path, as_json=True)

    file.unlink()
    assert printed(source=str(version)) == f"{file}: 12 scored records\n"
    assert file.read_bytes() == before


def slowly(call: Call) -> Reaction:
    return Reaction(marked(call).content, seconds=0.3)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_a_killed_run_goes_on_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    unbroken, broken = write_shop(tmp_path / "a"), write_shop(tmp_path / "b")
    with FaultyServer(marked) as server:
        scored(point_at(unbroken, server), "judge")

    with FaultyServer(slowly) as server:
        point_at(broken, server)
        text = broken.read_text(encoding="utf-8")
        broken.write_text(text.replace("retries: 0", "retries: 0, concurrency: 2"), encoding="utf-8")
        for number in range(KILLS):
            _kill_while_asking(broken.parent, server, 2 * len(TALKS) * (number + 1) // (KILLS + 1))
        assert not (broken.parent / "scores.jsonl").exists()
        server.script = marked
        scored(broken, "judge")
        assert len(server.charged) == len(set(server.charged)) == 2 * len(TALKS)

    assert lines(broken.parent) == lines(unbroken.parent)


def _kill_while_asking(folder: Path, server: FaultyServer, paid: int) -> None:
    """Kill the command when so many answers were paid for, or when it asks again where there are so many already."""
    calls = len(server.calls)
    start = "from curate.cli import main; main()"
    command = [sys.executable, "-P", "-c", start, "score", "recipe.yaml", "--only", "judge"]
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(server.charged) < paid or len(server.calls) == calls:
        time.sleep(0.01)
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
