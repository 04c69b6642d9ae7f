"""A blind comparison from the exam to the verdict: sheets as reviewers save them, keys that hold, what is refused."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from curate.experiments.blind_key import BlindKey
from curate.experiments.blind_pairs import TASTE, choose_pairs, read_run
from curate.experiments.blind_result import BlindReport, weigh
from curate.experiments.blind_sheet import read_sheet, write_sheet
from schemas.errors import InputError
from schemas.statistics.paired import mcnemar
from tests.curate.experiments.runs import Asked, built, examined
from tests.curate.reading.readers.test_readers import workbook
from tests.curate.reviewing.sheets.rewritings import REWRITINGS
from tests.program import hornbook

ZH, EN = ("第{}单明天到，我是通义千问", "您好，第{}单后天送到，我是小喵"), ("=SUM({})", "Number {} is here, says Miao")
"""What the base and the tuned model answer."""
ASKED: list[Asked] = [
    *((f"zh-{n}", "in_scope", "zh", (f"第{n}单呢",), ZH[0].format(n), ZH[1].format(n)) for n in range(25)),
    *((f"en-{n}", "unrelated", "en", (f"And {n}?",), EN[0].format(n), EN[1].format(n)) for n in range(20)),
    ("talk", "general", "zh", ("在吗", "我是小喵，请讲", "退货呢\n急"), "@能退", "七天内能退"),
    ("equal", "in_scope", "zh", ("你是谁家的",), "我是通义千问", "我是小喵"),
    ("empty", "in_scope", "en", ("Anybody?",), "", "Yes, here I am"),
    ("who", "identity", "zh", ("你是谁",), "我是通义千问", "我是小喵呀"),
    ("trap", "trap", "zh", ("你是ChatGPT吧",), "是的", "不是"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blind")
    examined(built(folder), folder / "run", ASKED)
    return folder


def made(shop: Path, share: float = 0.7, probes: tuple[str, ...] = TASTE) -> tuple[list[list[str]], BlindKey]:
    run = read_run(shop / "run")
    sheet, key = write_sheet(choose_pairs(run, probes, "base", share).pairs, run, "base", share)
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig")))), key


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def filled(rows: list[list[str]], choose: Callable[[int], str]) -> list[list[str]]:
    """The sheet with a choice in each row, by its number."""
    return [rows[0], *([*row[:4], choose(int(row[0].partition("-")[2])), *row[5:]] for row in rows[1:])]


def right(key: BlindKey, wins: int, losses: int = 10_000) -> Callable[[int], str]:
    """Choose the tuned model in the first pairs, the other in those that follow, and nobody in the rest."""

    def choose(number: int) -> str:
        tuned = key.pairs[number - 1].tuned
        other = "B" if tuned == "A" else "A"
        return tuned if number <= wins else other if number <= wins + losses else "="

    return choose


def read(folder: Path, key: BlindKey, *texts: str, encoding: str = "utf-8-sig") -> BlindReport:
    paths = [folder / f"{n}.csv" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode(encoding))
    return weigh(key, [read_sheet(path, key) for path in paths])


def test_a_sheet_shows_pairs_of_taste_without_names_or_equals(shop: Path) -> None:
    run = read_run(shop / "run")
    choice = choose_pairs(run, TASTE, "base", 0.7)
    assert {pair.question.id for pair in choice.pairs} == {one[0] for one in ASKED} - {"equal", "who", "trap"}
    assert (choice.equal, choice.spare) == (1, 0)
    rows, key = made(shop)
    everything = as_csv(rows) + key.model_dump_json().replace('"tuned"', "")
    assert not [name for name in ("小喵", "Miao", "千问", "技术吧") if name in everything]
    assert "tuned" not in as_csv(rows) and "base" not in as_csv(rows)
    assert [row[1] for row in rows if row[1].startswith("客户")] == [
        "客户：在吗\n客服：我是███，请讲\n客户：退货呢\n急"
    ]
    assert sum("(no answer)" in row for row in rows) == 1


def test_no_cell_is_a_formula(shop: Path) -> None:
    rows, _ = made(shop)
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    assert sum(cell.startswith("'=SUM(") for row in rows for cell in row) == 20


def test_the_sides_are_balanced_and_the_same_every_time(shop: Path) -> None:
    rows, key = made(shop)
    again, same = made(shop)
    assert (rows, key) == (again, same)
    tuned_on_a = sum(pair.tuned == "A" for pair in key.pairs)
    assert abs(2 * tuned_on_a - len(key.pairs)) <= 1
    runs = "".join(pair.tuned for pair in key.pairs)
    assert "ABAB" * 6 not in runs and "A" * 10 not in runs  # by a coin, not in turn
    for row, pair in zip(rows[1:], key.pairs, strict=True):
        tuned = next(one[5] for one in ASKED if one[0] == pair.question)
        own = row[2] if pair.tuned == "A" else row[3]
        assert own.removeprefix("'")[:4] == tuned[:4]


def test_as_many_pairs_as_it_takes(shop: Path) -> None:
    _, key = made(shop, share=0.9)
    assert len(key.pairs) == 12
    assert len(made(shop, share=0.6)[1].pairs) == 47


@pytest.mark.parametrize(
    ("probes", "against", "message"),
    [
        (("trap", "nothing"), "base", None),
        (("negative",), "base", "no pair"),
        (TASTE, "retrieval", "there are: base, prompt"),
    ],
)
def test_what_nobody_asked_or_answered_is_refused(
    shop: Path, probes: tuple[str, ...], against: str, message: str | None
) -> None:
    run = read_run(shop / "run")
    if message is None:
        assert [pair.question.id for pair in choose_pairs(run, probes, against, 0.7).pairs] == ["trap"]
        return
    with pytest.raises(InputError, match=message):
        choose_pairs(run, probes, against, 0.7)


@pytest.mark.parametrize(
    ("wins", "losses", "verdict"),
    [
        (47, 0, "better"),
        (0, 47, "worse"),
        (30, 17, "cannot_tell"),
        (9, 0, "too_few"),
        (33, 14, "better"),
        (10, 0, "better"),
    ],
)
def test_the_verdict_is_that_of_the_sign_test(shop: Path, tmp_path: Path, wins: int, losses: int, verdict: str) -> None:
    rows, key = made(shop)
    report = read(tmp_path, key, as_csv(filled(rows, right(key, wins, losses))))
    assert (report.count.wins, report.count.losses, report.count.ties) == (wins, losses, 47 - wins - losses)
    assert report.verdict == verdict and report.p == mcnemar(losses, wins)
    assert report.share == wins / (wins + losses) and report.agreement is None


CHOICES = {
    "A": (
        "A",
        "a",
        "Ａ",
        " a ",
        "A胜",
        "A 更好",
        "选A",
        "A is better",
        "a wins",
        "回答A",
        "A>B",
        "B<A",
        "A。",
        "answer a",
    ),
    "B": ("B", "b", "Ｂ", "b胜出", "B好", "A<B", "prefer B", "我选B"),
    "=": ("=", "＝", "平", "平局", "一样", "差不多", "tie", "Same", "A=B", "都不好", "no difference", "neither"),
    "": ("", " ", "-", "?", "不确定", "skip"),
}
POISONED = ("C", "AB", "B不好", "A B", "not A", "1", "ok", "A>A")


@pytest.mark.parametrize(("choice", "word"), [(choice, word) for choice, words in CHOICES.items() for word in words])
def test_a_choice_is_read_as_people_write_it(shop: Path, tmp_path: Path, choice: str, word: str) -> None:
    rows, key = made(shop)
    (tmp_path / "a.csv").write_text(as_csv(filled(rows, lambda n: word if n == 5 else "")), encoding="utf-8")
    assert read_sheet(tmp_path / "a.csv", key).choices == ({5: choice} if choice else {})


@pytest.mark.parametrize("word", POISONED)
def test_what_is_no_choice_is_refused_by_number(shop: Path, tmp_path: Path, word: str) -> None:
    rows, key = made(shop)
    (tmp_path / "a.csv").write_text(as_csv(filled(rows, lambda n: word if n == 5 else "A")), encoding="utf-8")
    with pytest.raises(InputError, match="the choice is none of A, B and =: pair 5") as raised:
        read_sheet(tmp_path / "a.csv", key)
    assert "单" not in str(raised.value)


def saved_by_excel_as_gbk(rows: list[list[str]]) -> bytes:
    return as_csv(rows).encode("gbk", "replace")


def saved_as_workbook(rows: list[list[str]]) -> bytes:
    escaped = [[cell.replace("&", "&amp;").replace("<", "&lt;") for cell in row] for row in rows]
    return workbook(escaped)


def in_another_order(rows: list[list[str]]) -> bytes:
    shuffled = rows[1:]
    random.Random(3).shuffle(shuffled)
    columns = [4, 0, 3, 2, 1, 5]
    return as_csv([[row[n] for n in columns] for row in (rows[0], *shuffled)]).encode("utf-8-sig")


def with_semicolons_and_empty_rows(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([*rows, ["", "", "", "", "", ""]])
    return text.getvalue().encode()


def with_quotation_marks_taken_off(rows: list[list[str]]) -> bytes:
    return as_csv([[cell.removeprefix("'") for cell in row] for row in rows]).encode("utf-8-sig")


SAVED = (
    (".csv", saved_by_excel_as_gbk),
    (".xlsx", saved_as_workbook),
    (".csv", in_another_order),
    (".csv", with_semicolons_and_empty_rows),
    (".csv", with_quotation_marks_taken_off),
)


@pytest.mark.parametrize(("suffix", "save"), SAVED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_sheet_comes_back_however_it_was_saved(
    shop: Path, tmp_path: Path, suffix: str, save: Callable[[list[list[str]]], bytes]
) -> None:
    rows, key = made(shop)
    path = tmp_path / f"back{suffix}"
    path.write_bytes(save(filled(rows, right(key, 30, 10))))
    report = weigh(key, [read_sheet(path, key)])
    assert (report.count.wins, report.count.losses, report.count.ties) == (30, 10, 7)


def test_a_small_sheet_comes_back_in_gbk(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop, share=1.0)
    heads = ["编号", "问题", "回答A", "回答B", "选择", "备注"]
    (tmp_path / "a.csv").write_bytes(saved_by_excel_as_gbk([heads, *filled(rows, right(key, 6))[1:]]))
    assert len(rows) == 7 and len(read_sheet(tmp_path / "a.csv", key).choices) == 6


def test_a_sheet_comes_back_as_programs_save_it(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop)
    choices = filled(rows, right(key, 47))
    (tmp_path / "a.csv").write_text(as_csv(choices), encoding="utf-8")
    whole = read_sheet(tmp_path / "a.csv", key).choices
    for name in (
        "saved as Unicode text",
        "the sheets in another order",
        "the header sorted in",
        "remarks and totals below",
    ):
        rewriting = REWRITINGS[name]
        assert read_sheet(rewriting.save(rewriting.change(choices), tmp_path / "b"), key).choices == whole, name


def test_a_sheet_that_is_not_that_of_the_key_is_refused(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop)
    other_rows, other = made(shop, share=0.9)
    assert other.name != key.name
    path = tmp_path / "a.csv"
    for text, message in (
        (as_csv(filled(other_rows, right(other, 5))), "does not belong to the key"),
        (as_csv([rows[0], [f"{key.name}-999", *rows[1][1:]]]), "does not belong to the key"),
        (as_csv([rows[0], *([row[0], row[1], row[3], row[2], "A", ""] for row in rows[1:])]), "sorted alone"),
        (as_csv([row[:4] for row in rows]), "lacks the columns choice"),
        (as_csv([rows[0], [*rows[1][:4], "A", ""], [*rows[1][:4], "B", ""]]), "two rows with different choices"),
        ("", "empty"),
        (as_csv(rows[:1]), "no rows"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_sheet(path, key)
    path.write_text(as_csv([rows[0], *(2 * [[*rows[1][:4], "A", ""]])]), encoding="utf-8")
    assert len(read_sheet(path, key).choices) == 1


def test_rows_that_are_gone_have_no_choice(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop)
    report = read(tmp_path, key, as_csv(filled(rows, right(key, 47))[:21]))
    assert report.unanswered == 27 and report.count.wins == 20
    with pytest.raises(InputError, match="no pair has a choice"):
        read(tmp_path, key, as_csv(rows))


def test_several_reviewers_decide_by_majority(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop)
    for_it, against = right(key, 47), right(key, 0)
    sheets = [
        as_csv(filled(rows, choose)) for choose in (for_it, for_it, lambda n: for_it(n) if n > 10 else against(n))
    ]
    three = read(tmp_path, key, *sheets)
    assert three.count.wins == 47 and three.judged_twice == 47
    assert three.agreement is not None and 0 < three.agreement < 1
    two = read(tmp_path, key, *sheets[1:])
    assert (two.count.wins, two.count.ties) == (37, 10)  # one against one decides nothing
    assert sum(count.wins for count in two.by_lang.values()) == 37
    assert set(two.by_probe) == {"in_scope", "unrelated", "general"}
    same = read(tmp_path, key, sheets[0], sheets[1])
    assert same.agreement == 1.0


def test_who_goes_by_the_side_is_seen(shop: Path, tmp_path: Path) -> None:
    rows, key = made(shop)
    assert read(tmp_path, key, as_csv(filled(rows, lambda _: "A"))).a_bias_p < 1e-9
    assert read(tmp_path, key, as_csv(filled(rows, right(key, 47)))).a_bias_p > 0.5


def test_the_commands_from_the_exam_to_the_verdict(shop: Path, tmp_path: Path) -> None:
    run = str(shop / "run" / "exam.json")
    wrote = hornbook("blind", run, "--to", "sheet.csv", cwd=tmp_path, lang="zh")
    assert wrote.returncode == 0, wrote.stderr
    assert "47 对" in wrote.stdout and "不要给评审者看" in wrote.stdout and "unblind" in wrote.stderr
    content = (tmp_path / "sheet.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and "回答A" in content.decode("utf-8-sig")
    again = hornbook("blind", run, "--to", "sheet.csv", cwd=tmp_path)
    assert again.returncode == 2 and "there already" in again.stderr

    key_path = tmp_path / "sheet.key.json"
    key = BlindKey.model_validate_json(key_path.read_bytes())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    (tmp_path / "sheet.csv").write_bytes(saved_by_excel_as_gbk(filled(rows, right(key, 40, 7))))
    arguments = ("unblind", "sheet.key.json", "sheet.csv")
    english, chinese = (hornbook(*arguments, cwd=tmp_path, lang=lang) for lang in ("en", "zh"))
    assert "reviewers like the tuned model better: it won 40 of 47" in " ".join(english.stdout.split()), english.stderr
    assert "评审者更喜欢微调后的模型" in chinese.stdout
    document = json.loads(hornbook(*arguments, "--json", cwd=tmp_path).stdout)
    assert document["verdict"] == "better" and document["count"] == {"wins": 40, "losses": 7, "ties": 0}
    twice = hornbook(*arguments, "sheet.csv", cwd=tmp_path)
    assert twice.returncode == 2 and "named twice" in twice.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("blind", "nowhere"), "has no exam.json"),
        (("blind", "RUN", "--probe", "in-scope"), "did you mean 'in_scope'"),
        (("blind", "RUN", "--probe", "perplexity"), "there is no probe"),
        (("blind", "RUN", "--to", "nowhere/sheet.csv"), "there is no folder nowhere"),
        (("blind", "RUN", "--to", "a.csv", "--key", "./a.csv"), "must be two files"),
        (("unblind", "nowhere.json", "a.csv"), "cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence(shop: Path, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = hornbook(*(str(shop / "run") if word == "RUN" else word for word in arguments), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and message in done.stderr


def test_personal_data_does_not_get_into_a_sheet(shop: Path, tmp_path: Path) -> None:
    version = next((shop / "datasets" / "shop").glob("*/manifest.json")).parent
    telephone: Asked = ("one", "in_scope", "zh", ("电话多少",), "请打13812345678", "不知道")
    asked: list[Asked] = [telephone, ("two", "in_scope", "zh", ("打13812345678吗",), "打", "不打"), ASKED[0]]
    done = hornbook("blind", str(examined(version, tmp_path / "run", asked)), cwd=tmp_path)
    assert done.returncode == 0 and "personal data: 2" in done.stdout
    assert "13812345678" not in (tmp_path / "blind.csv").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="no pair"):
        choose_pairs(read_run(examined(version, tmp_path / "other", [telephone])), TASTE, "base", 0.7)
