"""The report shows the numbers it was given, in both languages, and nothing that it was given can run or phone home."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from curate.report.report import render_report
from curate.terminal.exam_tables import print_result
from curate.terminal.tables import print_version
from schemas.bilingual import Bilingual, Language, speaking
from schemas.exam import Answer, Comparison, ExamResult, Measure, Question, Sheet
from schemas.identity import Identity, Names
from schemas.manifest import InputFile, Manifest, Share, StageCount

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>"
MANIFEST = Manifest(
    name="xiaomiao", id="0123456789abcdef0123456789abcdef", recipe="r" * 32, seed=7,
    identity=Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar")),
    inputs=(
        InputFile(path="raw/a_very_long_file_name_of_a_help_desk_export.csv", digest="d", bytes=1, rows=4711, bad=3,
                  kind="domain", reader="csv", format="turns", encoding="gb18030", licence="",
                  evidence=Bilingual(HOSTILE, HOSTILE)),
    ),
    records=812,
    stages=(
        StageCount(stage="read", rows_in=4711, added=0, kept=4708, dropped=3, review=0, reasons={"dropped:bad": 3}),
        StageCount(stage="judge", rows_in=812, added=0, kept=700, dropped=100, review=12,
                   reasons={f"dropped:reason_number_{n}": n for n in range(9)}),
        StageCount(stage="identity", rows_in=700, added=160, kept=860, dropped=0, review=0),
    ),
    shares=(Share(kind="domain", rows=646, share=0.9, answer_chars=9, answer_share=0.91),
            Share(kind="general", rows=72, share=0.1, answer_chars=1, answer_share=0.09)),
    train_rows=718, exam_questions={"identity": 48, "trap": 12}, shards=(),
)  # fmt: skip


def measure(name: str, value: float) -> Measure:
    return Measure(
        name=name, value=value, low=value * 0.9, high=value * 1.05, n=48, definition_en="counted", definition_zh="计数"
    )


NAMES = (
    "identity_strict_zh",
    "identity_strict_zh",
    "trap_strict_zh",
    "leak_near_zh",
    "over_refusal_rate_zh",
    "perplexity_zh",
    "own",
)
BASE = Sheet(
    model="base", measures=tuple(measure(n, 0.02) for n in NAMES),
    answers=(Answer(question="q", probe="identity", text="I am SmolLM", verdict="no_name"),),
)  # fmt: skip
TUNED = Sheet(
    model="tuned", measures=tuple(measure(n, 0.83) for n in NAMES),
    answers=(Answer(question="q", probe="identity", text=HOSTILE, verdict="right"),),
)  # fmt: skip
WORSE = ("leak_near_zh", "over_refusal_rate_zh", "perplexity_zh")
EXAM = ExamResult(version="v", base=BASE, tuned=TUNED, comparisons=tuple(
    Comparison(measure=n, n=40, gained=9, lost=1, p=0.01, p_adjusted=0.04, verdict="worse" if n in WORSE else "better")
    for n in NAMES if n != "own"
))  # fmt: skip
QUESTION = Question.model_validate(
    {"id": "q", "probe": "identity", "lang": "zh", "messages": [{"role": "user", "content": HOSTILE}], "group": "g"}
)
SAMPLES = [{"kind": "domain", "source": {"file": "f"}, "messages": [{"role": "user", "content": HOSTILE}]}]
TRAIN = {
    "model": "smollm2", "dtype": "bfloat16", "records": 720, "rows": 718, "samples": 900, "steps_taken": 3,
    "wall_seconds": 91.5, "skipped": [{"id": f"r{n}", "answer": None, "reason": "too_long"} for n in range(2)],
    "system_in_first_question": True,
    "label_tokens": {"domain": 100}, "steps": [{"loss": 3.0}, {"loss": 2.0}, {"loss": 1.0}],
}  # fmt: skip


def page(language: Language, *, whole: bool = True) -> str:
    speaking.set(language)
    try:
        return render_report(
            MANIFEST, SAMPLES, exam=EXAM if whole else None, questions=[QUESTION], train=TRAIN if whole else None
        )
    finally:
        speaking.set("en")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("whole", [True, False])
def test_the_page_shows_the_numbers(language: Language, whole: bool) -> None:
    text = page(language, whole=whole)
    for number in ("4,711", "812", "718", "646", "90.00 %"):
        assert number in text
    assert ("83%" in text) is whole
    notes = {
        "en": "skipped 2 conversations: 2 longer than max_tokens",
        "zh": "跳过 2 段对话：2 段对话超过 max_tokens",
    }
    assert (notes[language] in text) is whole
    assert ("未见过的问法" in text) is (whole and language == "zh")


def test_hostile_text_cannot_run_and_nothing_is_fetched() -> None:
    text = page("en")
    assert "<script" not in text
    assert "<img" not in text
    assert "default-src 'none'" in text
    assert not re.findall(r"""(?:src|href)\s*=|url\(|@import""", text.replace("src=https://evil", ""))
    assert "&lt;script&gt;" in text


def test_what_got_worse_is_said() -> None:
    worse = page("en").partition("What got worse")[2].partition("</div>")[0]
    assert "name leaks near it, Chinese: 2% → 83%" in worse
    assert "identity, Chinese" not in worse


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_fit_eighty_columns(language: Language) -> None:
    speaking.set(language)
    console = Console(width=80, record=True, file=Path("/dev/null").open("w", encoding="utf-8"))  # noqa: SIM115
    try:
        print_result(console, MANIFEST, EXAM, (), None)
        print_version(console, MANIFEST)
    finally:
        speaking.set("en")
        console.file.close()
    text = console.export_text()
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert "83%" in text and "4711" in text and "own" in text


def test_the_path_of_the_report_is_never_broken() -> None:
    path = Path("/home/somebody/" + "a-long-folder-name/" * 6 + "report.html")
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(width=80, record=True, file=nowhere)
        print_result(console, MANIFEST, EXAM, (), path)
    assert str(path) in console.export_text()
