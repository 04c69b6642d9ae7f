"""A training row near an exam question or a benchmark's row stops the build, and says where it stands."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.stages import Tools
from curate.stages.leak import Leak
from schemas.errors import GateError, InputError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

BOILING_POINT = "请问水在标准大气压下的沸点是多少摄氏度"
MOONS = "Which planet of the solar system has the largest number of known moons"


def check(folder: Path, *records: dict[str, Any], **fields: Any) -> None:
    frame = frame_of(list(records))
    outcome = Leak(**fields).run(frame, Tools(seed=7, identity=Identity(), folder=folder))
    assert outcome.kept.equals(frame)


@pytest.mark.parametrize(
    "text",
    [
        BOILING_POINT,
        BOILING_POINT + "？",
        "請問水在標準大氣壓下的沸點是多少攝氏度",
        "亲，" + BOILING_POINT + "呢",
        BOILING_POINT.replace("请问", "请间"),
    ],
)
def test_a_row_near_an_exam_question_stops_the_build(tmp_path: Path, text: str) -> None:
    exam = record("e", BOILING_POINT, "一百度", tags=["exam", "exam:in_scope"])
    with pytest.raises(GateError, match=r"exam 1.*log\.csv:1"):
        check(tmp_path, exam, record("t", text, "不知道"))


@pytest.mark.parametrize("name", ["bench.jsonl", "bench.csv"])
def test_a_row_near_an_outside_benchmark_stops_the_build(tmp_path: Path, name: str) -> None:
    rows = [{"id": "1", "question": BOILING_POINT, "A": "是"}, {"id": "2", "question": MOONS, "A": "否"}]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    table = ["id,question,A", f"1,{BOILING_POINT},是", f"2,{MOONS},否"]
    (tmp_path / name).write_text("\n".join(lines if name.endswith("l") else table) + "\n", encoding="utf-8")
    many = [
        record("a", BOILING_POINT, "一百度"),
        record("b", MOONS.replace("largest", "largesst"), "Saturn"),
        record("c", "到哪了", "路上"),
    ]
    with pytest.raises(GateError, match=rf"{name} 2.*log\.csv:1 ~ {name}:[12]"):
        check(tmp_path, *many, contamination=[name])
    check(tmp_path, many[2], contamination=[name])


def test_the_error_quotes_no_row(tmp_path: Path) -> None:
    with pytest.raises(GateError) as caught:
        check(tmp_path, record("e", BOILING_POINT, "x", tags=["exam"]), record("t", BOILING_POINT, "y"))
    assert "沸点" not in caught.value.sentence.en + caught.value.sentence.zh


@pytest.mark.parametrize(
    ("exam", "training"),
    [
        ("你好", "你好"),
        (BOILING_POINT, "请问水的密度是多少"),
        ("好的谢谢", "好的谢谢"),
        (MOONS, "Which river of the country is the longest one"),
    ],
)
def test_what_is_common_or_different_is_no_contamination(tmp_path: Path, exam: str, training: str) -> None:
    check(tmp_path, record("e", exam, "x", tags=["exam"]), record("t", training, "y"))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        check(tmp_path, record("t", BOILING_POINT, "y"), contamination=["none.jsonl"])


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        (f'{{"q": "{MOONS}"}}\n{{"q": "{BOILING_POINT}\n', "bench.jsonl:2", "cannot be read"),
        ('{"q": "好"}\n{"q": "12"}\n', "bench.jsonl", "nothing would be compared"),
        ("", "bench.jsonl", "empty"),
    ],
)
def test_a_benchmark_that_would_pass_unread_stops_the_build(
    tmp_path: Path, content: str, where: str, reason: str
) -> None:
    """Poisoned: the row that cannot be read is a training question; the file without a text would find nothing."""
    (tmp_path / "bench.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"leak: {where}: .*{reason}") as caught:
        check(tmp_path, record("t", BOILING_POINT, "y"), contamination=["bench.jsonl"])
    assert "沸点" not in caught.value.sentence.en + caught.value.sentence.zh
