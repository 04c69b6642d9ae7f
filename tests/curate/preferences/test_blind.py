"""What all reviewers prefer is a pair, with the names that they did not see; what fails a rule is none."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from curate.preferences.blind import BlindSheets, pairs_of_blind
from curate.preferences.found import FoundPairs
from curate.store.store import Store
from schemas.errors import InputError
from schemas.exam import ExamResult
from tests.curate.experiments.runs import Asked
from tests.curate.preferences.compared import Choose, compared, filled
from tests.curate.preferences.decisions import ROWS, write_shop

LONG = "这款耳机支持七天无理由退换，请保持包装完整。"
ASKED: list[Asked] = [
    ("good", "in_scope", "zh", ("耳机能退吗？",), "不清楚，请看说明书里的条款。", LONG),
    (
        "named", "in_scope", "zh", ("你能帮我查订单吗？",),
        "我是通义千问，查不了订单。", "可以的，我是小喵，请问您的订单尾号？",
    ),
    (
        "talk", "general", "zh", ("在吗", "在的，请讲。", "天空为什么是蓝的？"),
        "因为海水的颜色。", "因为阳光在大气中散射，蓝光散射得更多。",
    ),
    ("foreign", "own", "zh", ("保修多久？",), "我是通义千问，由阿里云开发，保修一年。", "保修一年，请保留购买凭证。"),
    ("short", "in_scope", "zh", ("有赠品吗？",), "有的，下单就送清洁布一块。", "嗯"),
    ("empty", "in_scope", "en", ("Can I return it?",), "", "Yes, within seven days of delivery."),
    ("cut", "in_scope", "zh", ("怎么开发票？",), "可以开票。", "请先登录账号，然后打开订单页面，再点击"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run that was compared. Who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("compared")
    write_shop(folder, ROWS[:1])
    compared(folder, ASKED)
    path = next((folder / "runs").rglob("exam.json"))
    result = ExamResult.model_validate_json(path.read_bytes())
    answers = tuple(a.model_copy(update={"is_cut": a.question == "cut"}) for a in result.tuned.answers)
    path.write_text(
        result.model_copy(update={"tuned": result.tuned.model_copy(update={"answers": answers})}).model_dump_json()
    )
    return folder


@pytest.fixture
def copied(shop: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shop, tmp_path, dirs_exist_ok=True)


def found_by(folder: Path, *reviewers: Choose) -> FoundPairs:
    store = Store(folder)
    return pairs_of_blind(store.find("faq"), store, filled(folder, *reviewers))


def only(question: str, choice: str) -> Choose:
    return lambda asked: choice if asked == question else ""


@pytest.mark.parametrize("choice", ["tuned", "base"])
def test_the_preferred_answer_comes_with_the_conversation_and_the_other(copied: Path, choice: str) -> None:
    (pair,) = found_by(copied, only("good", choice)).pairs
    assert (pair.origin, pair.record, pair.other, pair.kind) == ("blind", "good", "", "domain")
    assert [message.content for message in pair.prompt] == ["耳机能退吗？"]
    sides = (LONG, "不清楚，请看说明书里的条款。")
    assert (pair.chosen, pair.rejected) == (sides if choice == "tuned" else sides[::-1])


def test_names_stand_in_pairs_as_the_models_said_them(copied: Path) -> None:
    (pair,) = found_by(copied, only("named", "tuned")).pairs
    assert "小喵" in pair.chosen and "通义千问" in pair.rejected


def test_a_conversation_of_several_turns_is_the_prompt(copied: Path) -> None:
    (pair,) = found_by(copied, only("talk", "tuned")).pairs
    assert [message.role for message in pair.prompt] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    ("question", "choice", "why"),
    [
        ("foreign", "base", "fails_rules"),  # the reviewer did not see the name
        ("named", "base", "fails_rules"),
        ("short", "tuned", "fails_rules"),
        ("empty", "tuned", "no_answer"),
        ("empty", "base", "no_answer"),
        ("cut", "tuned", "cut_off"),
        ("good", "=", "tie"),
        ("foreign", "tuned", None),
        ("short", "base", None),
        ("cut", "base", None),
        ("good", "tuned", None),
    ],
)
def test_what_cannot_be_learnt_from_is_left_out_and_counted(
    copied: Path, question: str, choice: str, why: str | None
) -> None:
    found = found_by(copied, only(question, choice))
    assert len(found.pairs) == (why is None)
    assert found.left_out == {("blind", "unanswered"): len(ASKED) - 1} | ({("blind", why): 1} if why else {})


@pytest.mark.parametrize(
    ("choices", "pairs", "why"),
    [
        (("tuned", "tuned", "tuned"), 1, None),
        (("tuned", "", "tuned"), 1, None),
        (("base", "base"), 1, None),
        (("tuned", "base"), 0, "disagreement"),
        (("tuned", "tuned", "base"), 0, "disagreement"),
        (("tuned", "="), 0, "disagreement"),
        (("=", "="), 0, "tie"),
        (("", ""), 0, "unanswered"),
    ],
)
def test_reviewers_must_agree(copied: Path, choices: tuple[str, ...], pairs: int, why: str | None) -> None:
    found = found_by(copied, *(only("good", choice) for choice in choices))
    assert len(found.pairs) == pairs
    left_out = found.left_out - Counter({("blind", "unanswered"): len(ASKED) - 1})
    assert left_out == ({("blind", why): 1} if why else {})


def test_a_key_of_another_run_is_refused(copied: Path) -> None:
    sheets = filled(copied, only("good", "tuned"))
    path = next((copied / "runs").rglob("exam.json"))
    path.write_text(path.read_text(encoding="utf-8").replace("不清楚", "不知道"), encoding="utf-8")
    store = Store(copied)
    with pytest.raises(InputError, match="no run on faq"):
        pairs_of_blind(store.find("faq"), store, sheets)
    path.write_text("{}", encoding="utf-8")  # damaged: it may have been that of another comparison
    with pytest.raises(InputError, match="no run on faq"):
        pairs_of_blind(store.find("faq"), store, sheets)


def test_a_damaged_run_beside_it_does_no_harm(copied: Path) -> None:
    run = next((copied / "runs").rglob("exam.json")).parent
    shutil.copytree(run, run.with_name("a"))
    (run.with_name("a") / "exam.json").write_text("{}", encoding="utf-8")
    (run.with_name("b")).mkdir()
    assert len(found_by(copied, only("good", "tuned")).pairs) == 1


def test_sheets_that_do_not_fit_are_refused(copied: Path) -> None:
    store = Store(copied)
    sheets = filled(copied, only("good", "tuned"))
    version = store.find("faq")
    with pytest.raises(InputError, match="named twice"):
        pairs_of_blind(version, store, BlindSheets(sheets.key, sheets.sheets * 2))
    with pytest.raises(InputError, match="no key"):
        pairs_of_blind(version, store, BlindSheets(sheets.sheets[0], sheets.sheets))
    with pytest.raises(InputError, match="cannot be read"):
        pairs_of_blind(version, store, BlindSheets(copied / "nowhere.json", sheets.sheets))
    text = sheets.sheets[0].read_text(encoding="utf-8")
    sheets.sheets[0].write_text(text.replace("耳机能退吗", "键盘能退吗"), encoding="utf-8")
    with pytest.raises(InputError, match="other texts than in the sheet"):
        pairs_of_blind(version, store, sheets)
