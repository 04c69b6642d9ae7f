"""The stage quality reads scores by models out of a file: by id, whatever happened to the text."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.stages import Outcome, Tools
from curate.stages.quality import SCORES, Quality
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record
from tests.curate.rewording.shop import write_lines
from tests.curate.scoring.shop import judge_line

A, B, C = "a" * 32, "b" * 32, "c" * 32
GOOD = "可以的，退款三天内到账。"
LOW = (2, 5, 5)


def local_line(id: str, perplexity: float = 20.0, difficulty: float | None = 0.7, tokens: int = 8) -> dict[str, Any]:
    read = {"perplexity": perplexity, "difficulty": difficulty, "tokens": tokens}
    return {"id": id, "local": {"model": "m", "content": "0" * 32, **read}}


def judged(folder: Path, scores: list[dict[str, Any]], *records: dict[str, Any], **settings: Any) -> Outcome:
    write_lines(folder / "scores.jsonl", scores)
    quality = Quality.model_validate({"scores": "scores.jsonl", **settings})
    return quality.run(frame_of(list(records)), Tools(seed=7, identity=Identity(), folder=folder))


def events_in(outcome: Outcome) -> list[tuple[str, str, str, float]]:
    return outcome.events.select("id", "verdict", "reason", "score").rows()


@pytest.mark.parametrize(
    ("line", "events"),
    [
        (judge_line(A, LOW), [(A, "review", "judged", 2.0)]),
        (judge_line(A, (2, 5, 5), (3, 5, 5)), [(A, "review", "judged", 2.5)]),
        (judge_line(A, (3, 5, 5)), []),
        (judge_line(A, (1, 1, 1), (5, 5, 5)), [(A, "review", "judge_agreement", 0.0)]),
        (local_line(A, perplexity=5000.0), [(A, "review", "answer_perplexity", 5000.0)]),
        (local_line(A, difficulty=1.5), [(A, "review", "instruction_difficulty", 1.5)]),
        (local_line(A, difficulty=None), []),
        (local_line(A, perplexity=5000.0, difficulty=1.5, tokens=7), []),
        (local_line(A), []),
        (judge_line(B, LOW), []),
    ],
)
def test_a_score_decides_about_its_own_record(
    tmp_path: Path, line: dict[str, Any], events: list[tuple[str, str, str, float]]
) -> None:
    outcome = judged(tmp_path, [line], record(A, "退款多久到账？", GOOD), record(C, "退款多久到账？", GOOD))
    assert events_in(outcome) == events
    assert outcome.kept["id"].to_list() == ([C] if events else [A, C])


def test_another_rule_drops_what_a_score_would_only_send_to_review(tmp_path: Path) -> None:
    outcome = judged(tmp_path, [judge_line(A, LOW)], record(A, "退款多久到账？", "嗯"))
    assert [event[1:3] for event in events_in(outcome)] == [("dropped", "empty_politeness")]


def test_what_a_person_has_kept_is_not_sent_to_review_again(tmp_path: Path) -> None:
    outcome = judged(tmp_path, [judge_line(A, LOW)], record(A, "退款多久到账？", GOOD, tags=["reviewed"]))
    assert events_in(outcome) == [] and outcome.tables[SCORES]["judged"].to_list() == [2.0]


def test_a_repaired_record_keeps_its_score(tmp_path: Path) -> None:
    reply = "您好，我是客服工号1024，已为您登记退款"
    outcome = judged(
        tmp_path, [judge_line(A, LOW), judge_line(B)], record(A, "退款了吗？", reply), record(B, "退款了吗？", reply)
    )
    assert events_in(outcome) == [(B, "fixed", "human_agent_id", None), (A, "review", "judged", 2.0)]


def test_scores_follow_ids_and_not_the_order_of_rows(tmp_path: Path) -> None:
    lines = [judge_line(C, (4, 4, 4)), local_line(B, perplexity=8.0), judge_line(A, LOW)]
    outcome = judged(tmp_path, lines, *(record(id, "退款多久到账？", GOOD) for id in (B, A, "d" * 32, C)))
    table = outcome.tables[SCORES]
    assert table["id"].to_list() == [B, A, "d" * 32, C]
    assert table["judged"].to_list() == [None, 2.0, None, 4.0]
    assert table["answer_perplexity"].to_list() == [8.0, None, None, None]
    assert table["judged"].dtype == pl.Float32


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    row = record(A, "退款多久到账？", GOOD)
    assert judged(tmp_path, [judge_line(A, LOW)], row).kept.is_empty()
    assert not judged(tmp_path, [judge_line(A)], row).kept.is_empty()


def test_without_a_file_nothing_is_scored(tmp_path: Path) -> None:
    outcome = Quality().run(
        frame_of([record(A, "退款了吗？", GOOD)]), Tools(seed=7, identity=Identity(), folder=tmp_path)
    )
    assert outcome.tables[SCORES].select("judged", "instruction_difficulty").row(0) == (None, None)
    assert Quality().reads() == () and Quality(scores="s.jsonl").reads() == ("s.jsonl",)
