"""Logs of two assistants, read as people export them: every arm, every measure, and what is left out."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.experiments.conversations import Conversations, conversations_of
from curate.experiments.log_rows import read_logs
from schemas.errors import InputError
from tests.curate.experiments.logs import LOGS, Log


def conversations(paths: list[Path], base: str | None = None, words: Any = ((), ()), **named: str) -> Conversations:
    return conversations_of(read_logs(paths, named), base, *words)


def sums(found: Conversations) -> dict[str, dict[str, tuple[int, float]]]:
    """By arm, how many conversations there are, and of each measure how many are known and their sum."""
    result = {}
    for arm in found.arms:
        part = found.table.filter(pl.col("arm") == arm)
        of_arm = {"conversations": (part.height, part.height)}
        for name in found.measures:
            known = part[name].drop_nulls().cast(pl.Float64)
            of_arm[name] = (len(known), known.sum())
        result[arm] = of_arm
    return result


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.name)
def test_a_log_is_read_as_people_export_it(log: Log, tmp_path: Path) -> None:
    found = conversations([log.write(tmp_path)], arm=log.arm, **log.options)
    assert sums(found) == log.arms
    assert found.counted == log.counted


SECRET = "张三13812345678"
POISONED = (
    ("", "empty"),
    ("id,arm,resolved\n", "no row"),
    ("id,arm,resolved\n1,A,yes\n2,A,no\n", "one arm only (A)"),
    ("id,arm,resolved\n1,A,yes\n2,B,no\n3,C,no\n4,A,yes\n5,B,no\n6,C,no\n", "3 arms (A, B, C)"),
    (f"id,arm,resolved\n1,{SECRET},yes\n2,B,no\n3,C,no\n", "there are 3 arms; keep"),
    ("id,arm,resolved\n1," + "一" * 41 + ",yes\n2,B,no\n", "holds texts of more than 40 characters"),
    ("id,arm,resolved\n1,A,yes\n1,B,no\n2,A,yes\n2,B,no\n", "all of the 2 conversations are in both arms"),
    (f"1,A,{SECRET}\n2,B,{SECRET}\n3,A,{SECRET}\n", "its first row seems to be no header"),
    ('id,arm,csat\n1,A,"1,234"\n2,B,2\n', "column 'csat', row 2 is no number"),
    ("id,arm,resolved\n1,,yes\n2,,no\n", "empty in every row"),
    (f"id,arm,resolved\n1,A,yes\n2,B,{SECRET}\n", "column 'resolved', row 3"),
    (f"id,arm,handed over\n1,A,yes\n2,B,{SECRET}\n", "column 'handed over', row 3"),
    (f"id,arm,csat\n1,A,5\n2,B,{SECRET}\n", "column 'csat', row 3 is no number"),
    ("id,arm,csat\n1,A,5\n2,B,1e999\n", "column 'csat', row 3 is no number"),
    (f"id,arm,turns\n1,A,5\n2,B,{SECRET}\n", "column 'turns', row 3 is no number"),
    (f"id,arm,note\n1,A,{SECRET}\n2,B,{SECRET}\n", "no column says anything to compare"),
    (f"id,arms,resolved\n1,A,{SECRET}\n", "there is no column 'arm'"),
    ("id,arm,resolved\n2.02506E+17,A,yes\n2.02506E+17,B,no\n", "shortened"),
    ("id,role,arm\n" + "".join(f"{n},user,{'AB'[n % 2]}\n" for n in range(30)), "no two rows belong"),
)


@pytest.mark.parametrize(("text", "message"), POISONED)
def test_what_nobody_can_compare_is_one_sentence_without_content(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        conversations([tmp_path / "log.csv"], arm="arm")
    sentence = raised.value.sentence
    assert message in sentence.en
    assert "13812345678" not in sentence.en + sentence.zh and "\n" not in sentence.en


def test_a_cell_of_several_values_is_no_arm(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"id": "1", "arm": {"name": "A"}, "resolved": true}\n', encoding="utf-8")
    with pytest.raises(InputError, match="column 'arm', row 1 holds more than one value"):
        conversations([tmp_path / "log.jsonl"], arm="arm")


@pytest.mark.parametrize(
    ("cells", "words", "known"),
    [
        (("完结", "挂起"), (("完结",), ("挂起",)), [True, False]),
        (("OPEN", "open "), ((), ("Open",)), [False, False]),
        (("是", "1.0"), ((), ("是",)), [False, True]),  # what the user says goes first
    ],
)
def test_the_user_names_more_words(cells: tuple[str, str], words: Any, known: list[bool], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"id,arm,resolved\n1,A,{cells[0]}\n2,B,{cells[1]}\n", encoding="utf-8")
    table = conversations([tmp_path / "log.csv"], words=words, arm="arm").table.sort("arm")
    assert table["resolved"].to_list() == known


@pytest.mark.parametrize(("base", "arms"), [(None, ("A", "B")), ("b", ("B", "A")), (" Ａ", ("A", "B"))])
def test_the_base_is_the_first_arm(base: str | None, arms: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("id,arm,resolved\n1,B,yes\n2,A,no\n", encoding="utf-8")
    assert conversations([tmp_path / "log.csv"], base, arm="arm").arms == arms
    with pytest.raises(InputError, match="there is no arm 'C'"):
        conversations([tmp_path / "log.csv"], "C", arm="arm")


def test_a_guess_can_be_taken_back_and_changed(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("id,arm,resolved,csat,score2\n1,A,yes,1,5\n2,B,no,2,4\n", encoding="utf-8")
    found = conversations([tmp_path / "log.csv"], arm="arm", resolved="", score="score2")
    assert sums(found) == {
        "A": {"conversations": (1, 1), "score": (1, 5)},
        "B": {"conversations": (1, 1), "score": (1, 4)},
    }


def test_several_files_are_one_log_and_the_order_of_rows_says_nothing(tmp_path: Path) -> None:
    header, lines = "id,arm,csat\n", [f"{n},{'AB'[n % 2]},{n % 5 + 1}\n" for n in range(40)]
    (tmp_path / "a.csv").write_text(header + "".join(lines[:25]), encoding="utf-8")
    (tmp_path / "b.csv").write_text("会话ID,arm,满意度\n" + "".join(lines[25:]), encoding="gb18030")
    (tmp_path / "c.csv").write_text(header + "".join(reversed(lines)), encoding="utf-8")
    two = conversations([tmp_path / "a.csv", tmp_path / "b.csv"], arm="arm")
    one = conversations([tmp_path / "c.csv"], arm="arm")
    assert sums(two) == sums(one) and two.counted == one.counted == {}
