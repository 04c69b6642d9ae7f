"""All pairs of a version: what must not be learnt from is left out and counted, and what is left is exported whole."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from curate.commands.export import ExportFlags, export_command
from curate.preferences.find import _fault, _private, _said_before, find_pairs
from curate.privacy.release_gate import EVERYTHING, Gate
from curate.publish.export import content_digest, export_version, read_export
from curate.store.store import Store
from schemas.errors import GateError, InputError, StoreError
from schemas.preferences import AnswerPair, preferences_frame
from schemas.record import Message
from tests.curate.preferences.compared import compared, filled
from tests.curate.preferences.decisions import PHONE, accept, decided, edit, ids_of, reject, write_shop
from tests.curate.preferences.test_blind import ASKED
from tests.program import hornbook

NOTE = "这条是客户经理改的"


def pair(
    chosen: str = "可以退", rejected: str = "不能退", prompt: Iterable[tuple[str, str]] = (), **more: Any
) -> AnswerPair:
    messages = tuple(Message.model_validate({"role": r, "content": c}) for r, c in prompt or [("user", "能退吗")])
    fields = {"origin": "edit", "record": "a" * 32, "kind": "domain", "lang": "zh", **more}
    return AnswerPair.model_validate({**fields, "prompt": messages, "chosen": chosen, "rejected": rejected})


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (pair(), None),
        (pair(prompt=[("system", "您是客服"), ("user", "能退吗")]), None),
        (pair(prompt=[("user", "在吗"), ("assistant", "在"), ("user", "能退吗")]), None),
        (pair("可以 退", "可以退"), "equal"),
        (pair("可以退。", "可以退"), None),
        (pair("可以退", " \n"), "no_answer"),
        (pair("", "不能退"), "no_answer"),
        (pair(prompt=[("assistant", "在")]), "other_turns"),
        (pair(prompt=[("user", "在吗"), ("assistant", "在")]), "other_turns"),
        (pair(prompt=[("user", "在吗"), ("user", "能退吗")]), "other_turns"),
        (pair(prompt=[("user", "能退吗"), ("system", "您是客服")]), "other_turns"),
        (pair(prompt=[("system", "您是客服")]), "other_turns"),
    ],
)
def test_a_pair_has_two_sides_behind_a_question(made: AnswerPair, fault: str | None) -> None:
    assert _fault(made) == fault


def test_personal_data_on_any_side_is_seen() -> None:
    call = f"请打{PHONE}"
    pairs = [pair(), pair(call), pair(rejected=call), pair(prompt=[("user", call)]), pair()]
    assert list(_private(pairs, EVERYTHING)) == [None, "private", "private", "private", None]
    assert list(_private(pairs, Gate(kinds=("email",)))) == [None] * 5


def test_what_was_said_before_is_said_once_and_what_is_denied_not_at_all() -> None:
    pairs = [
        pair(),
        pair(origin="conflict"),
        pair("七天", "十天"),
        pair("十天", "七天", record="b" * 32),
        pair("七天", "八天"),
    ]
    assert list(_said_before(pairs)) == [None, "repeated", "contradicted", "contradicted", None]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with decisions of all three origins, and sheets of two reviewers. Who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("preferred")
    ids = ids_of(write_shop(folder))
    decided(
        folder,
        edit(ids[1], "早上九点开门， 晚上六点关门。"),
        edit(ids[2], "可以，现金和刷卡都收。", note=NOTE),
        edit(ids[7], "嗯"),
        accept(ids[4]),
        reject(ids[5]),
        reject(ids[6]),
    )
    compared(folder, ASKED)
    both = {"good": "tuned", "named": "tuned", "talk": "base", "short": "=", "foreign": "base"}
    filled(folder, lambda asked: both.get(asked, ""), lambda asked: {**both, "talk": "tuned"}.get(asked, ""))
    return folder


@pytest.fixture
def copied(shop: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shop, tmp_path, dirs_exist_ok=True)


SHEETS = ("--blind", "blind.key.json", "filled-0.csv", "filled-1.csv")
PAIRS = {"edit": 1, "conflict": 2, "blind": 2}
LEFT_OUT = {
    "edit": {"not_trained_on": 1, "equal": 1},
    "blind": {"unanswered": 2, "tie": 1, "disagreement": 1, "fails_rules": 1},
}


def test_the_command_exports_pairs_and_counts_what_it_left_out(shop: Path, tmp_path: Path) -> None:
    done = hornbook("export", "faq", "--to", str(tmp_path / "out"), "--format", "dpo", *SHEETS, "--json", cwd=shop)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["layout"], document["rows"]) == ("dpo", 5)
    assert (document["pairs"], document["left_out"]) == (PAIRS, LEFT_OUT)
    pairs = read_export(tmp_path / "out", "dpo")
    assert content_digest(pairs) == document["content"]
    assert dict(pairs["origin"].value_counts().iter_rows()) == PAIRS


@pytest.mark.parametrize(
    ("lang", "first", "words"),
    [
        pytest.param(
            "en",
            "5 pairs of answers (edits 1, decided conflicts 2, blind comparisons 2) in",
            ("1 from blind comparisons (a tie)", "1 from edits (both sides are the same)", "the exam"),
            marks=pytest.mark.slow,
        ),
        (
            "zh",
            "5 个偏好对（改写 1，已裁定的冲突 2，盲评 2），写入",
            ("盲评 1 对（平局）", "改写 1 对（两边相同）", "考题"),
        ),
    ],
)
def test_a_person_reads_the_counts_in_either_language(
    shop: Path, tmp_path: Path, lang: str, first: str, words: tuple[str, ...]
) -> None:
    done = hornbook("export", "faq", "--to", str(tmp_path / "out"), "--format", "dpo", *SHEETS, cwd=shop, lang=lang)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(first)
    assert all(word in done.stdout for word in words), done.stdout
    assert "questions of the exam" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_who_decided_and_what_they_noted_is_in_no_file(shop: Path, tmp_path: Path) -> None:
    export_version(Store(shop).find("faq"), tmp_path / "out", "dpo", pairs=all_pairs(shop))
    for path in (tmp_path / "out").iterdir():
        content = path.read_text(encoding="utf-8")
        assert not [word for word in ("li.lei", "han.mei", NOTE, PHONE, "filled-0", "tuned") if word in content]


def all_pairs(folder: Path) -> Any:
    return preferences_frame(find_pairs(Store(folder).find("faq"), Store(folder)).pairs)


def test_the_same_decisions_give_the_same_bytes(copied: Path, tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        export_version(Store(copied).find("faq"), out, "dpo", pairs=all_pairs(copied))
    names = sorted(path.name for path in outs[0].iterdir())
    assert names == sorted(path.name for path in outs[1].iterdir())
    assert all((outs[0] / name).read_bytes() == (outs[1] / name).read_bytes() for name in names)
    assert all_pairs(copied)["id"].is_sorted() and all_pairs(copied)["id"].n_unique() == 3


def test_each_trainer_has_its_own_columns_of_the_same_answers(shop: Path, tmp_path: Path) -> None:
    export_version(Store(shop).find("faq"), tmp_path / "out", "dpo", pairs=all_pairs(shop))
    (entry,) = json.loads((tmp_path / "out" / "dataset_info.json").read_text(encoding="utf-8")).values()
    assert entry["ranking"] is True
    lines = (tmp_path / "out" / entry["file_name"]).read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        assert [message["role"] for message in line["prompt"]] == ["user"]
        for side in ("chosen", "rejected"):
            message = line[entry["columns"][side]]
            assert message["role"] == "assistant" and line[side] == [message]


def test_pairs_that_were_meddled_with_are_not_read_as_they_were(shop: Path, tmp_path: Path) -> None:
    export_version(Store(shop).find("faq"), tmp_path / "out", "dpo", pairs=all_pairs(shop))
    path = tmp_path / "out" / "train-00000.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"chosen":[{"content":"', '"chosen":[{"content":"!', 1))
    assert not read_export(tmp_path / "out", "dpo").equals(all_pairs(shop))


def test_personal_data_in_a_pair_stops_the_export_and_leaves_nothing(shop: Path, tmp_path: Path) -> None:
    poisoned = preferences_frame([pair(rejected=f"请打{PHONE}")])
    with pytest.raises(GateError, match="mobile") as caught:
        export_version(Store(shop).find("faq"), tmp_path / "out", "dpo", pairs=poisoned)
    assert PHONE not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "there is no pair to export"),
        pytest.param("zh", "没有可以导出的偏好对", marks=pytest.mark.slow),
    ],
)
def test_an_export_without_any_pair_is_one_sentence(copied: Path, lang: str, message: str) -> None:
    ids = ids_of(Store(copied).find("faq"))
    decided(copied, accept(ids[1]), edit(ids[7], "嗯"))
    done = hornbook("export", "faq", "--to", "out", "--format", "dpo", cwd=copied, lang=lang)
    assert done.returncode == GateError.exit_code == 1
    assert message in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""
    assert ("not in the training set" if lang == "en" else "不在训练集中") in done.stderr
    assert not (copied / "out").exists()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (ExportFlags("messages", "", Path(SHEETS[1]), (Path(SHEETS[2]),)), "--format dpo"),
        (ExportFlags("messages", "", None, (Path(SHEETS[2]),)), "--format dpo"),
        (ExportFlags("dpo", "", Path(SHEETS[1])), "--blind KEY SHEET"),
        (ExportFlags("dpo", "", None, (Path(SHEETS[2]),)), "--blind KEY SHEET"),
        (ExportFlags("dpq", ""), "dpo"),
        (ExportFlags("dpo", "", Path("nowhere.json"), (Path(SHEETS[2]),)), "cannot be read"),
    ],
)
def test_what_does_not_fit_together_is_refused(shop: Path, tmp_path: Path, flags: ExportFlags, message: str) -> None:
    with pytest.raises(InputError, match=message):
        export_command(Store(shop), "faq", tmp_path / "out", flags, as_json=False)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="there already"):
        export_command(Store(shop), "faq", tmp_path, ExportFlags("dpo", ""), as_json=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_damaged_version_gives_no_pairs(copied: Path) -> None:
    version = Store(copied).find("faq")
    (version / "train-00000.jsonl").write_bytes(b"{}\n")
    with pytest.raises(StoreError, match=r"train-00000\.jsonl"):
        find_pairs(version, Store(copied))
