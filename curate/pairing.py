"""Which row of one version is which row of another: by content id, then by file and rows, then by its neighbours."""

import polars as pl

from curate.light import with_texts


def paired(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Pairs of places, `old` and `new`, in two frames of `light_rows`; no row stands in two.

    A pair is, in this order: the same raw conversation (its id); the same question from the same rows; the same
    question in the same file, where it is asked once; and what stands where the rows around it moved to.
    """
    columns = ("id", "file", "rows", "row", "messages")
    left, right = old.select(columns).with_row_index("old"), new.select(columns).with_row_index("new")
    has_rows = pl.col("row").is_not_null()
    found = [_matched(left, right, ["id"])]
    left, right = (with_texts(rest) for rest in _without(left, right, found[0]))
    for keys, among in ((["file", "rows", "question"], has_rows), (["file", "question"], pl.lit(True))):
        pairs = _matched(left.filter(among), right.filter(among), keys)
        left, right = _without(left, right, pairs)
        found.append(pairs)
    known = pl.concat(found)
    moved = _where_it_moved(left.filter(has_rows), old, new, known)
    found.append(_matched(moved, right.filter(has_rows), ["file", "row"]))
    return pl.concat(found).sort("new")


def _matched(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The pairs of equal keys that stand once on either side."""
    if left.is_empty() or right.is_empty():
        return pl.DataFrame(schema={"old": pl.UInt32, "new": pl.UInt32})
    once = pl.struct(keys).is_unique() if len(keys) > 1 else pl.col(keys[0]).is_unique()
    return left.filter(once).join(right.filter(once), on=keys).select("old", "new")


def _without(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return left.join(pairs, on="old", how="anti"), right.join(pairs, on="new", how="anti")


def _where_it_moved(left: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows with `row` as it would be in the newer file: as far off as the matched row before them."""
    if left.is_empty():
        return left.select("old", "file", "row")
    was, now = old[known["old"].to_list()], new[known["new"].to_list()]
    steady = pl.DataFrame({"file": was["file"], "row": was["row"], "by": now["row"] - was["row"], "to": now["file"]})
    steady = steady.filter((pl.col("file") == pl.col("to")) & pl.col("row").is_not_null()).drop("to").sort("row")
    told = left.sort("row").join_asof(steady, on="row", by="file", strategy="backward", check_sortedness=False)
    return told.select("old", "file", row=pl.col("row") + pl.col("by").fill_null(0))
