"""An edited answer is preferred to the one before it, made again from the raw rows as the version would have it."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from curate.history.earlier_texts import rows_of
from curate.history.unedited import unedited
from curate.preferences.edits import _pairs, pairs_of_edits
from curate.store.store import Store
from tests.curate.preferences.decisions import PHONE, RECIPE, ROWS, accept, decided, edit, ids_of, reject, write_shop

BETTER = "地下一层有停车场，前两小时免费。"
OTHER = "可以，现金和刷卡都收。"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a version in which all but one record were decided about. Who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("edited")
    ids = ids_of(write_shop(folder))
    unchanged, dropped = edit(ids[1], "早上九点开门， 晚上六点关门。"), edit(ids[7], "嗯")
    decided(folder, unchanged, edit(ids[2], OTHER), edit(ids[3], BETTER), accept(ids[4]), reject(ids[5]), dropped)
    return folder


@pytest.fixture
def copied(shop: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shop, tmp_path, dirs_exist_ok=True)


def newest(folder: Path) -> Path:
    return Store(folder).find("faq")


def test_an_edit_is_preferred_to_what_was_there_masked(shop: Path) -> None:
    found = pairs_of_edits(newest(shop), Store(shop), shop)
    pair = next(pair for pair in found.pairs if pair.chosen == OTHER)
    assert (pair.record, pair.turn, pair.origin, pair.other) == (ids_of(newest(shop))[2], 1, "edit", "")
    assert [message.content for message in pair.prompt] == [ROWS[1][0]]
    assert pair.rejected == "可以，请打[手机号1]预约。"
    assert PHONE not in repr(found)


def test_what_nobody_edited_makes_no_pair(shop: Path) -> None:
    ids = ids_of(newest(shop))
    assert not {ids[4], ids[5], ids[6]} & {
        pair.record for pair in pairs_of_edits(newest(shop), Store(shop), shop).pairs
    }


def test_an_answer_that_a_rule_would_drop_is_rejected_as_it_was_before_the_rule(shop: Path) -> None:
    pair = next(pair for pair in pairs_of_edits(newest(shop), Store(shop), shop).pairs if pair.chosen == BETTER)
    assert pair.rejected == ROWS[2][1]


def test_an_edit_from_which_nothing_can_be_learnt_is_counted(shop: Path) -> None:
    found = pairs_of_edits(newest(shop), Store(shop), shop)
    assert len(found.pairs) == 3  # what differs in white space alone is found out later
    assert found.left_out == {("edit", "not_trained_on"): 1}


def test_a_pair_whose_raw_row_is_gone_is_counted_and_the_others_stay(copied: Path) -> None:
    lines = (copied / "faq.jsonl").read_text(encoding="utf-8").splitlines()
    lines[1] = json.dumps({"q": ROWS[1][0], "a": "现在是别的回答。"})
    (copied / "faq.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = pairs_of_edits(newest(copied), Store(copied), copied)
    assert {pair.record for pair in found.pairs} == {ids_of(newest(copied))[n] for n in (1, 3)}
    assert found.left_out["edit", "text_gone"] == 1


@pytest.mark.parametrize("gone", ["file", "folder", "unknown"])
def test_without_raw_rows_there_is_no_pair(copied: Path, gone: str) -> None:
    if gone == "file":
        (copied / "faq.jsonl").unlink()
    folders = {"file": copied, "folder": copied / "nowhere", "unknown": None}
    found = pairs_of_edits(newest(copied), Store(copied), folders[gone])
    assert found.pairs == () and found.left_out["edit", "text_gone"] == 3


def test_later_decisions_do_not_take_the_pairs_of_an_earlier_version_away(copied: Path) -> None:
    version = newest(copied)
    before = pairs_of_edits(version, Store(copied), copied)
    with (copied / "reviews.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(reject(ids_of(version)[2])) + "\n")
    assert pairs_of_edits(version, Store(copied), copied) == before
    (copied / "reviews.jsonl").unlink()
    assert pairs_of_edits(version, Store(copied), copied) == before


def test_a_row_that_moved_is_found_where_the_file_is_small(copied: Path) -> None:
    content = (copied / "faq.jsonl").read_text(encoding="utf-8")
    first = json.dumps({"q": "这一行是后来加的吗？", "a": "是的，后来加的。"})
    (copied / "faq.jsonl").write_text(f"{first}\n{content}", encoding="utf-8")
    assert len(pairs_of_edits(newest(copied), Store(copied), copied).pairs) == 3


def test_both_sides_had_the_same_repairs(tmp_path: Path) -> None:
    rows = [("可以刷信用卡吗？", "可以刷的，请放心 ^JP"), ("店里可以带宠物进去吗？", "可以的，请牵好绳子。")]
    recipe = RECIPE.replace("quality,", "{quality: {rules: {agent_name: {action: fix}}}},")
    ids = ids_of(write_shop(tmp_path, rows, recipe))
    (pair,) = pairs_of_edits(
        decided(tmp_path, edit(ids[1], "可以刷卡，也收现金，请放心 ^JP")), Store(tmp_path), tmp_path
    ).pairs
    assert (pair.chosen, pair.rejected) == ("可以刷卡，也收现金，请放心", "可以刷的，请放心")


def test_of_equal_rows_the_edited_one_is_found(tmp_path: Path) -> None:
    rows = [("怎么开发票？", "请在订单页面申请。")] * 3 + [("几点开门营业？", "早上九点开门。")] * 2
    ids = ids_of(write_shop(tmp_path, rows))
    assert len(set(ids.values())) == 5
    edits = [edit(ids[2], "在订单详情页申请电子发票。"), edit(ids[5], "早上八点开门营业。")]
    found = pairs_of_edits(decided(tmp_path, *edits), Store(tmp_path), tmp_path)
    assert {(pair.record, pair.rejected) for pair in found.pairs} == {(ids[2], rows[0][1]), (ids[5], rows[3][1])}


LOG = """\
会话\t发送方\t内容
a\t客户\t我买的耳机多久能发货？
a\t客服\t一般四十八小时内发出。
b\t客户\t我买的键盘可以退吗？
a\t客户\t好的，那保修多久呢？
b\t客服\t支持七天无理由退换。
a\t客服\t全国联保一年，请保留凭证。
"""
TALKS = RECIPE.replace(
    "{path: faq.jsonl, format: {pairs: {question: q, answer: a}}}",
    "{path: chat.tsv, format: {turns: {session: 会话, role: 发送方, text: 内容, "
    "roles: {客户: user, 客服: assistant}}}}",
)


def built_from(folder: Path, path: str, content: bytes, recipe: str) -> dict[int, str]:
    (folder / path).write_bytes(content)
    return ids_of(write_shop(folder, (), recipe))


def test_conversations_whose_rows_stand_apart_are_formed_again(tmp_path: Path) -> None:
    ids = built_from(tmp_path, "chat.tsv", LOG.encode("gb18030"), TALKS)
    found = pairs_of_edits(
        decided(tmp_path, edit(ids[2], "保修一年。"), edit(ids[4], "七天内可以退。")), Store(tmp_path), tmp_path
    )
    assert {(pair.record, pair.rejected) for pair in found.pairs} == {
        (ids[2], "全国联保一年，请保留凭证。"), (ids[4], "支持七天无理由退换。")
    }  # fmt: skip
    talk = next(pair for pair in found.pairs if pair.record == ids[2])
    assert [message.role for message in talk.prompt] == ["user", "assistant", "user"]


def test_a_file_without_lines_is_read_whole(tmp_path: Path) -> None:
    content = json.dumps([{"q": q, "a": a} for q, a in ROWS], ensure_ascii=False, indent=1).encode()
    ids = built_from(tmp_path, "faq.json", content, RECIPE.replace("faq.jsonl", "faq.json"))
    found = pairs_of_edits(decided(tmp_path, edit(ids[1], "早上八点开门。")), Store(tmp_path), tmp_path)
    assert [pair.rejected for pair in found.pairs] == [ROWS[0][1]]


Turns = list[tuple[str, str]]
TALK: Turns = [("user", "能退吗"), ("assistant", "能"), ("user", "几天"), ("assistant", "七天")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (TALK, [*TALK[:3], ("assistant", "十五天")], [(1, 3, "十五天", "七天")]),
        (TALK, [TALK[0], ("assistant", "可以退"), *TALK[2:]], [(2, 1, "可以退", "能")]),
        (
            TALK,
            [TALK[0], ("assistant", "可以退"), TALK[2], ("assistant", "十五天")],
            [(2, 1, "可以退", "能"), (1, 3, "十五天", "七天")],
        ),
        (TALK, TALK, "equal"),
        (TALK[:3], TALK, "no_answer"),
        (TALK[:2], TALK, "other_turns"),
        (TALK, [("system", "x"), *TALK], "other_turns"),
    ],
)
def test_every_edited_turn_is_a_pair_after_the_turns_before_it(before: Turns, after: Turns, expected: object) -> None:
    def messages(turns: Turns) -> list[dict[str, str]]:
        return [{"role": role, "content": text} for role, text in turns]

    found = _pairs({"id": "a" * 32, "kind": "domain", "lang": "zh", "messages": messages(after)}, messages(before))
    if isinstance(found, str):
        assert found == expected
        return
    assert [(pair.turn, len(pair.prompt), pair.chosen, pair.rejected) for pair in found] == expected
    assert all([(m.role, m.content) for m in pair.prompt] == after[: len(pair.prompt)] for pair in found)


HASHED = RECIPE.replace(" mask,", " {mask: {replace: {mobile: hash}, key: HORNBOOK_TEST_KEY}},")


@pytest.fixture
def key() -> Iterator[None]:
    os.environ["HORNBOOK_TEST_KEY"] = "0123456789abcdef0123456789abcdef"
    yield
    os.environ.pop("HORNBOOK_TEST_KEY", None)


@pytest.mark.usefixtures("key")
def test_where_the_masking_cannot_be_done_again_no_text_leaves(tmp_path: Path) -> None:
    ids = ids_of(write_shop(tmp_path, recipe=HASHED))
    version = decided(tmp_path, edit(ids[2], "可以，现金和刷卡都收。"))
    (pair,) = pairs_of_edits(version, Store(tmp_path), tmp_path).pairs
    assert PHONE not in pair.rejected and pair.rejected.startswith("可以，请打")
    del os.environ["HORNBOOK_TEST_KEY"]
    found = pairs_of_edits(version, Store(tmp_path), tmp_path)
    assert found.pairs == () and found.left_out == {("edit", "text_gone"): 1}


@pytest.mark.parametrize("stages", ["[clean, dedup, mask, review, quality]", "[clean, review, dedup, mask, quality]"])
def test_a_masking_among_stages_that_see_all_records_lets_no_text_leave(tmp_path: Path, stages: str) -> None:
    recipe = RECIPE.replace("[clean, mask, review, quality, conflict]", stages)
    ids = ids_of(write_shop(tmp_path, recipe=recipe))
    version = decided(tmp_path, edit(ids[2], "可以，现金和刷卡都收。"))
    assert unedited(version, tmp_path, rows_of(version, [ids[2]])) == {}


def test_a_masking_behind_the_review_masks_what_was_rejected(tmp_path: Path) -> None:
    recipe = RECIPE.replace("mask, review", "review, mask")
    ids = ids_of(write_shop(tmp_path, recipe=recipe))
    (pair,) = pairs_of_edits(decided(tmp_path, edit(ids[2], "可以，现金和刷卡都收。")), Store(tmp_path), tmp_path).pairs
    assert pair.rejected == "可以，请打[手机号1]预约。"


def test_rows_of_a_file_that_the_recipe_does_not_know_give_nothing(shop: Path) -> None:
    ids = ids_of(newest(shop))
    rows = {ids[1]: ("other.jsonl", [1]), ids[2]: ("faq.jsonl", [2])}
    assert set(unedited(newest(shop), shop, rows)) == {ids[2]}


def test_nothing_is_written_while_pairs_are_looked_for(shop: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(shop.rglob("*")) if path.is_file()}
    pairs_of_edits(newest(shop), Store(shop), shop)
    assert {path: path.read_bytes() for path in sorted(shop.rglob("*")) if path.is_file()} == before
