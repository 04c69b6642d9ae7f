"""What waits on the disk comes back as it was, in order, whatever its size."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.build.frames_on_disk import SLICE, Frames, load, save_by_slices
from curate.conversations.content_ids import ContentCounter
from schemas.digest import digest
from schemas.frame import SCHEMA, frame_of


def records(*ids: str) -> pl.DataFrame:
    return frame_of(
        [
            {
                "id": id, "messages": [{"role": "user", "content": f"{id}\x00\u2028"}], "kind": "domain", "lang": "zh",
                "source": {"file": "f", "digest": "d", "rows": [1]}, "parent": None, "group": id, "tags": [],
            }
            for id in ids
        ]
    )  # fmt: skip


def test_pieces_come_back_in_the_order_they_went(tmp_path: Path) -> None:
    frames = Frames(tmp_path, "kept", SCHEMA)
    pieces = [records("b", "a"), records(), records("c")]
    for piece in pieces:
        frames.add(piece)
    assert [piece.equals(again) for piece, again in zip(pieces, frames, strict=True)] == [True] * 3
    assert frames.whole().equals(records("b", "a", "c"))
    assert frames.height == 3
    assert [piece["id"].to_list() for piece in frames.columns("id")] == [["b", "a"], [], ["c"]]


def test_nothing_is_a_frame_without_rows(tmp_path: Path) -> None:
    frames = Frames(tmp_path, "kept", SCHEMA)
    assert frames.height == 0
    assert frames.whole().schema == SCHEMA
    assert [piece.height for piece in frames.by_id()] == [0]


def test_a_piece_holds_what_it_shows_and_nothing_else(tmp_path: Path) -> None:
    frames = Frames(tmp_path, "kept", SCHEMA)
    secret = "a long text that was dropped: 13912345678"
    frames.add(records("a", secret).filter(pl.col("id") == "a"))
    assert secret.encode() not in frames.paths[0].read_bytes()


@pytest.mark.parametrize("rows", [1, 999, 1001, 5000])
def test_a_frame_of_any_size_is_sorted_by_id_without_being_held_whole(tmp_path: Path, rows: int) -> None:
    frames = Frames(tmp_path, "kept", SCHEMA)
    frames.bucket, frames.sorted_at_once = 1000, 1500
    ids = [digest("row", n) for n in range(rows)]
    for start in range(0, rows, 700):
        frames.add(records(*ids[start : start + 700]))
    pieces = list(frames.by_id())
    assert [id for piece in pieces for id in piece["id"]] == sorted(ids)
    assert max(piece.height for piece in pieces) < 1500
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in frames.paths)


@given(st.lists(st.lists(st.integers(0, 20), max_size=12), max_size=12))
def test_equal_contents_are_counted_over_all_blocks(blocks: list[list[int]]) -> None:
    seen, counts = ContentCounter(), dict.fromkeys(range(21), 0)
    for block in blocks:
        expected = []
        for content in block:
            expected.append(counts[content])
            counts[content] += 1
        assert seen.ordinals([digest("content", content) for content in block]) == expected


def test_pieces_without_a_schema_may_have_different_columns(tmp_path: Path) -> None:
    frames = Frames(tmp_path, "table-scores", pl.Schema())
    for piece in (pl.DataFrame({"id": ["a"], "x": [1]}), pl.DataFrame({"id": ["b"], "y": [2]})):
        frames.add(piece)
    frames.lazy().sink_parquet(tmp_path / "scores.parquet", maintain_order=True)
    assert pl.read_parquet(tmp_path / "scores.parquet").rows() == [("a", 1, None), ("b", None, 2)]


@pytest.mark.parametrize("rows", [0, 1, SLICE, SLICE + 1, 2 * SLICE + 3])
def test_no_row_is_lost_between_two_slices(tmp_path: Path, rows: int) -> None:
    frame = pl.DataFrame({"id": pl.int_range(rows, eager=True).cast(pl.String), "tags": [["a"]] * rows})
    save_by_slices(tmp_path / "kept.arrow", frame)
    assert load(tmp_path / "kept.arrow").equals(frame)
