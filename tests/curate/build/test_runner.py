"""Blocks in several processes: what waits is not begun when the work ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from curate.build.runner import runner
from schemas.errors import GateError


@dataclass(frozen=True)
class Marking:
    """Stands for the task of a block: leaves a file, so that one can tell that it was begun."""

    mark: Path

    def run(self, records: object, booked: Sequence[object], known: Sequence[object]) -> list[object]:
        self.mark.touch()
        return []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GateError("no", "否")])
def test_blocks_that_wait_are_not_begun_where_the_work_ends(tmp_path: Path, error: BaseException) -> None:
    """Poisoned: the processes are still starting when it ends, and would do all that they were given."""
    with pytest.raises(type(error)), runner(2, lambda _: None) as running:
        for number in range(3):
            running.run(Marking(tmp_path / str(number)), pl.DataFrame(), [], [])  # type: ignore[arg-type]
        raise error
    assert not (tmp_path / "2").exists()


def test_blocks_that_wait_are_done_where_the_work_goes_on(tmp_path: Path) -> None:
    with runner(2, lambda _: None) as running:
        for number in range(3):
            running.run(Marking(tmp_path / str(number)), pl.DataFrame(), [], [])  # type: ignore[arg-type]
        running.finish()
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2"}
