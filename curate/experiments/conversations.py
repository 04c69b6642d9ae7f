"""Makes conversations of the rows of logs: the arm of each, and what is known of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from curate.experiments.columns import MEASURES
from curate.experiments.log_rows import NESTED, LogRows
from curate.experiments.words import NO_ARM, Truths, is_nothing, number_of, plain_word
from schemas.errors import InputError
from schemas.roles import TOOLS, role_of

NUMBERS = ("score", "turns")
TRUTHS = ("resolved", "handed_over")
SHORTENED = r"^[0-9]\.[0-9]+[Ee]\+[0-9]{2,}$"
"""An id of many digits as a spreadsheet shortens it: the rest of it is lost."""
SEVERAL = 1.5
"""Rows that a conversation has on average where each row is a message, and no column says who speaks."""
ENOUGH = 20
"""Rows from which on conversations of one row each are no conversations."""
NAMED, LEAST = 4, 0.05
"""Arms that an error names at the most, and the share of rows that each must have: else it may be what a row says."""
LONGEST = 40
"""Characters that the name of an arm may have."""
SIDES: Mapping[str | None, int] = {"user": 1, "assistant": 2, None: 3}
"""Numbers for who speaks; 3 is a word that nobody knows, and null a line that nobody spoken."""


@dataclass(frozen=True)
class Conversations:
    """The conversations of both arms. `table` has a row each: `arm`, and a column of each measure, null for unknown.

    `arms` are their names as written most often, the base first. `counted` says what was left out or noted, by reason.
    """

    table: pl.DataFrame
    arms: tuple[str, str]
    measures: tuple[str, ...]
    counted: Mapping[str, int]
    turns_are: str
    """`rounds` (how often the customer speaks), `messages` (of both sides), `given` (a column counts them), or
    empty."""


def conversations_of(log: LogRows, base: str | None, yes: Iterable[str] = (), no: Iterable[str] = ()) -> Conversations:
    """Make conversations of rows. `yes` and `no` are more words for these; `base` is the arm to compare against.

    Raises InputError for a cell that nobody can read, naming its column and row, and where there are not two arms.
    """
    rows = log.rows
    arms = _Arms(rows["arm"])
    rows = _with_ids(rows.with_columns(arm=arms.keys(rows["arm"])), log)
    without_id = rows["id"].null_count()
    rows = rows.filter(pl.col("id").is_not_null())
    ids = rows["id"].n_unique()
    rows = rows.filter(pl.col("arm").is_not_null().any().over("id"))  # a line of totals has none
    truths = {name: Truths(name, yes, no) for name in TRUTHS}
    readings = {name: _Reading(words.knows, words.read, pl.Boolean()) for name, words in truths.items()}
    readings |= dict.fromkeys(NUMBERS, _Reading(_is_number, number_of, pl.Float64()))
    rows = rows.with_columns(_read(log, rows, thing, reading) for thing, reading in readings.items())
    turns_are = _kind_of_turns(rows)
    whole = _grouped(rows, turns_are)

    both = pl.col("arms") > 1
    names = arms.two(rows["arm"].drop_nulls().unique().to_list(), base)
    counted = {
        "unreadable": log.unreadable,
        "without_id": without_id,
        "without_arm": ids - whole.height,
        "in_both": whole.filter(both).height,
        "disagreeing": whole.filter(~both & pl.col("disagrees")).height,
        "repeated": 0 if turns_are in ("rounds", "messages") else whole.filter(pl.col("rows") > 1).height,
        "respelled": arms.respelled(names),
    }
    table = whole.filter(~both).with_columns(pl.col("arm").replace_strict(names))
    if table.is_empty():
        n = counted["in_both"]
        raise InputError(f"all of the {n} conversations are in both arms", f"全部 {n} 段对话都同时出现在两组")
    measures = tuple(name for name in MEASURES if table[name].null_count() < table.height)
    if not measures:
        raise InputError(
            "no column says anything to compare: name one with --resolved, --score, --turns or --handed-over",
            "没有可以对比的列：请用 --resolved、--score、--turns 或 --handed-over 写明一列",
        )
    first, second = names.values()
    return Conversations(
        table.select("arm", *MEASURES),
        (first, second),
        measures,
        {reason: n for reason, n in counted.items() if n},
        turns_are if "turns" in measures else "",
    )


def printable(text: str) -> str:
    """Take out of a name what is no letter on a screen, and blanks that nobody sees."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


class _Arms:
    """The arms of a column: spellings that differ in width, case and blanks alone are one."""

    def __init__(self, cells: pl.Series) -> None:
        counts = cells.drop_nulls().value_counts()
        self._key_of: dict[str, str | None] = {}
        self._spellings: dict[str, Counter[str]] = {}
        for cell, n in counts.iter_rows():
            key = plain_word(cell)
            self._key_of[cell] = None if key in NO_ARM else key
            if key not in NO_ARM:
                self._spellings.setdefault(key, Counter())[printable(cell)] += n

    def keys(self, cells: pl.Series) -> pl.Series:
        """Give the arm of each row as it is compared; null where there is none."""
        if not self._key_of:
            return pl.Series([None] * len(cells), dtype=pl.String)
        return cells.replace_strict(self._key_of, default=None, return_dtype=pl.String)

    def two(self, keys: Iterable[str], base: str | None) -> dict[str, str]:
        """Name the two arms by their keys, the base first. Raises InputError where there are not two."""
        found = sorted(set(keys))
        names = {key: max(sorted(self._spellings[key]), key=lambda word: self._spellings[key][word]) for key in found}
        if len(found) != 2:
            counts = [self._spellings[key].total() for key in found]
            is_named = all(n > 1 and n >= LEAST * sum(counts) for n in counts)
            raise _not_two(list(names.values()), is_named=is_named)
        if any(len(name) > LONGEST for name in names.values()):
            raise InputError(
                f"the column of arms holds texts of more than {LONGEST} characters: is it the right one?",
                f"分组列里有超过 {LONGEST} 个字的文字：列对吗？",
            )
        if base is None:
            return names
        first = plain_word(base)
        if first not in names:
            raise InputError(
                f"--base: there is no arm '{base}'; there are: {', '.join(names.values())}",
                f"--base：没有“{base}”这一组；有：{'、'.join(names.values())}",
            )
        return {first: names.pop(first), **names}

    def respelled(self, names: Mapping[str, str]) -> int:
        """Count the arms that are written in more than one way."""
        return sum(len(self._spellings[key]) > 1 for key in names)


def _not_two(names: list[str], *, is_named: bool) -> InputError:
    """Say that there are not two arms; what stands there once, or often, may be the text of a wrong column."""
    if not names:
        return InputError("the column of arms is empty in every row", "分组列每一行都是空的")
    listed = is_named and len(names) <= NAMED and max(map(len, names)) <= LONGEST
    en, zh = (f" ({', '.join(names)})", f"（{'、'.join(names)}）") if listed else ("", "")
    if len(names) == 1:
        return InputError(f"there is one arm only{en}; a comparison takes two", f"只有一组{zh}；对比需要两组")
    return InputError(
        f"there are {len(names)} arms{en}; keep the rows of two of them and compare these",
        f"有 {len(names)} 组{zh}；请只留下其中两组的行再对比",
    )


def _with_ids(rows: pl.DataFrame, log: LogRows) -> pl.DataFrame:
    """Say of each row which conversation it belongs to: the column `id`, null where its cell is empty.

    A row of a file without such a column is a conversation by itself. Raises InputError for ids that a spreadsheet cut.
    """
    session = pl.col("session").str.strip_chars()
    for thing in ("arm", "session"):
        if (nested := log.rows.filter(pl.col(thing) == NESTED)).height:
            raise _wrong_cell(log, nested.row(0, named=True), thing, "holds more than one value", "里有不止一个值")
    if (cut := rows.filter(session.str.contains(SHORTENED))).height:
        raise _wrong_cell(
            log, cut.row(0, named=True), "session",
            "is an id that a spreadsheet shortened; its last digits are lost: export the ids as text",
            "的编号被表格软件缩成了科学计数法，末几位已丢失：请把编号导出为文本",
        )  # fmt: skip
    own = pl.format("\0{}:{}", "file", "row")
    id = pl.when(session.is_null()).then(own).when(session == "").then(None).otherwise(session)
    return rows.with_columns(id=id)


class _Reading(NamedTuple):
    """How the cells of a column are read, and what they become."""

    knows: Callable[[str], bool]
    read: Callable[[str], Any]
    dtype: pl.DataType


def _read(log: LogRows, rows: pl.DataFrame, thing: str, reading: _Reading) -> pl.Series:
    """Read a column by its words, each once. Raises InputError that names the first row whose word nobody knows."""
    cells = rows[thing].drop_nulls().unique().to_list()
    if unknown := [cell for cell in cells if not reading.knows(cell)]:
        first = rows.filter(pl.col(thing).is_in(unknown)).row(0, named=True)
        en, zh = (
            (
                "says neither yes nor no in words that are known: name its word with --yes or --no, or empty the cell",
                "里的词看不出是还是否：请用 --yes 或 --no 写明这个词，或清空该单元格",
            )
            if thing in TRUTHS
            else ("is no number: correct or empty the cell", "不是数字：请更正或清空该单元格")
        )
        raise _wrong_cell(log, first, thing, en, zh)
    if not cells:
        return pl.Series(thing, [None] * rows.height, dtype=reading.dtype)
    values = {cell: reading.read(cell) for cell in cells}
    return rows[thing].replace_strict(values, default=None, return_dtype=reading.dtype)


def _is_number(cell: str) -> bool:
    return is_nothing(cell) or number_of(cell) is not None


def _wrong_cell(log: LogRows, row: Mapping[str, Any], thing: str, en: str, zh: str) -> InputError:
    """Say where a cell stands and what is wrong with it; never what is in it."""
    path, columns = log.files[row["file"]]
    column = columns.by_thing()[thing]
    return InputError(
        f"{path}: column '{column}', row {row['row']} {en}", f"{path}：“{column}”列第 {row['row']} 行{zh}"
    )


def _kind_of_turns(rows: pl.DataFrame) -> str:
    """Find out what the rows say of turns. Raises InputError where a row cannot be what its columns say."""
    if rows["turns"].null_count() < rows.height:
        return "given"
    conversations = rows["id"].n_unique()
    has_roles = rows["role"].null_count() < rows.height
    if has_roles and rows.height == conversations >= ENOUGH:
        raise InputError(
            "there is a column of who speaks, but no two rows belong to one conversation: name the column of "
            "conversations with --session",
            "有说话人一列，却没有两行属于同一段对话：请用 --session 写明会话编号是哪一列",
        )
    if has_roles:
        return "rounds" if 1 in _sides(rows["role"]) or 2 in _sides(rows["role"]) else "messages"
    return "messages" if rows.height >= SEVERAL * max(conversations, 1) else ""


def _sides(words: pl.Series) -> pl.Series:
    """Say who speaks in each row, by the numbers of SIDES; null for a line that nobody spoken."""
    sides = {}
    for word in words.drop_nulls().unique().to_list():
        role = role_of(word, {})
        nobody = role in ("system", "note") or not word.strip() or word.strip().lower() in TOOLS
        sides[word] = None if nobody else SIDES[role]
    if not sides:
        return pl.Series([None] * len(words), dtype=pl.Int8)
    return words.replace_strict(sides, default=None, return_dtype=pl.Int8)


def _grouped(rows: pl.DataFrame, turns_are: str) -> pl.DataFrame:
    """Make one row of each conversation: `arms` (how many), `arm`, `rows`, `disagrees`, and the measures."""
    grouped = rows.group_by("id").agg(
        pl.col("arm").n_unique() - pl.col("arm").has_nulls().cast(pl.UInt32),
        rows=pl.len(),
        name=pl.col("arm").drop_nulls().first(),
        yes=(pl.col("resolved") == True).any(),  # noqa: E712  # null is neither
        no=(pl.col("resolved") == False).any(),  # noqa: E712
        handed=pl.col("handed_over").max(),
        score=pl.col("score").mean(),
        turns=pl.col("turns").mean(),
    )
    whole = grouped.select(
        "id", "rows", "score", "turns",
        arms="arm",
        arm="name",
        disagrees=pl.col("yes") & pl.col("no"),
        resolved=pl.when(pl.col("yes") != pl.col("no")).then(pl.col("yes")),
        handed_over="handed",
    )  # fmt: skip
    if turns_are not in ("rounds", "messages"):
        return whole
    return whole.drop("turns").join(_counted_turns(rows, turns_are), on="id", how="left")


def _counted_turns(rows: pl.DataFrame, turns_are: str) -> pl.DataFrame:
    """Count the turns of each conversation: how often the customer speaks, or the messages of both sides."""
    if rows["role"].null_count() == rows.height:
        return rows.group_by("id").agg(turns=pl.len().cast(pl.Float64))
    spoken = rows.select("id", side=_sides(rows["role"]))
    if turns_are == "messages":
        return spoken.group_by("id").agg(turns=pl.col("side").count().cast(pl.Float64))
    customer = 1 if 1 in spoken["side"] else 3
    spoken = spoken.filter(pl.col("side").is_not_null())
    begins = (pl.col("side") == customer) & (pl.col("side").shift(1).over("id").fill_null(0) != customer)
    return spoken.with_columns(begins=begins).group_by("id").agg(turns=pl.col("begins").sum().cast(pl.Float64))
