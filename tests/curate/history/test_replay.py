"""What a stage did to a record is told message by message: a message that went leaves the others in peace."""

import json
from pathlib import Path

import pytest

from curate.build.build import build
from curate.history.replay import changes_between, pair_messages, replay_changes
from curate.history.trace import whole_life
from curate.recipe.load import load_recipe
from curate.store.store import Store

U, A = "user", "assistant"


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([], [], []),
        ([(U, "abc")], [(U, "abd")], [(0, 0)]),
        ([(U, "abc")], [(U, "xyz")], [(0, 0)]),
        ([(U, "abc")], [(A, "abc")], [(0, None), (None, 0)]),
        ([(A, "greeting"), (A, "your order left")], [(A, "your order left.")], [(0, None), (1, 0)]),
        ([(A, "your order left"), (A, "goodbye")], [(A, "your order left.")], [(0, 0), (1, None)]),
        ([(U, "one")], [(U, "one!"), (A, "two")], [(0, 0), (None, 1)]),
        ([(U, "q1"), (A, "hello"), (U, "q2")], [(U, "q1?"), (U, "q2?")], [(0, 0), (1, None), (2, 1)]),
    ],
)
def test_messages_are_paired_with_what_they_became(
    old: list[tuple[str, str]], new: list[tuple[str, str]], pairs: list[tuple[int | None, int | None]]
) -> None:
    assert pair_messages(old, new) == pairs


@pytest.mark.parametrize(
    ("stage", "before", "after", "shown"),
    [
        ("mask", "电话13812345678，谢谢", "电话[手机号1]，谢谢", "电话[-[手机号]-]{+[手机号1]+}，谢谢"),
        ("mask", "13812345678和13912345671", "[手机号1]和[手机号2]",
         "[-[手机号]-]{+[手机号1]+}和[-[手机号]-]{+[手机号2]+}"),
        ("mask", "call 408-555-1234 1 time", "call [PHONE1] 1 time", "call [-[PHONE]-]{+[PHONE1]+} 1 time"),
        ("clean", "电话１３８12345678  好", "电话13812345678 好", "电话[-[手机号] -]{+[手机号]+} 好"),
        ("clean", "好  13812345678", "好 13812345678", "好 [- -][手机号]"),
        ("clean", "两  天", "两 天", "两 [- -]天"),
        ("mask", "在[订单号]里", "在[订单号]里！", "在[订单号]里{+！+}"),
    ],
)  # fmt: skip
def test_a_value_and_its_mask_are_one_piece_each_and_the_value_is_never_shown(
    stage: str, before: str, after: str, shown: str
) -> None:
    [change] = changes_between(stage, [{"role": U, "content": before}], [{"role": U, "content": after}])
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    assert "".join(signs[what].format(piece) for what, piece in change.edits) == shown


def test_a_value_that_an_answer_gives_away_is_hidden_wherever_it_stands() -> None:
    asks, answer = {"role": A, "content": "请提供订单号"}, {"role": U, "content": "20260401123"}
    before = [asks, answer, {"role": A, "content": "查到  20260401123 了"}]
    after = [asks, answer, {"role": A, "content": "查到 20260401123 了"}]
    [change] = changes_between("clean", before, after)
    assert not any("2026" in piece for _, piece in change.edits)


def test_every_message_of_a_long_stretch_is_told_once() -> None:
    old, new = [(U, f"a{n}") for n in range(200)], [(U, f"b{n}") for n in range(150)]
    pairs = pair_messages(old, new)
    assert [before for before, _ in pairs if before is not None] == list(range(200))
    assert [after for _, after in pairs if after is not None] == list(range(150))


def test_a_removed_greeting_is_one_change(tmp_path: Path) -> None:
    talk = [
        {"role": U, "content": "在吗"},
        {"role": A, "content": "欢迎光临本店，很高兴见到您！"},
        {"role": U, "content": "我的快递走到哪里了"},
        {"role": A, "content": "您的快递已经到达本市的分拨中心，预计明天上午送达。"},
        {"role": U, "content": "需要本人签收吗"},
        {"role": A, "content": "需要的，请您保持电话畅通，快递员会提前联系您。"},
    ]
    (tmp_path / "log.jsonl").write_text(json.dumps({"messages": talk}, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(
        "version: 1\nname: shop\ninputs:\n  - path: log.jsonl\nstages:\n"
        "  - clean: {boilerplate: [欢迎光临本店，很高兴见到您！]}\n",
        encoding="utf-8",
    )
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    life = whole_life(Store(tmp_path), version, "log.jsonl:1")
    changes = replay_changes(version, tmp_path, (life.events["id"][0], "log.jsonl", [1]), ["clean"])
    assert changes is not None
    removed = [change for change in changes if all(what == "-" for what, _ in change.edits)]
    assert ["".join(text for _, text in change.edits) for change in removed] == ["在吗", "欢迎光临本店，很高兴见到您！"]
    assert len(changes) == 3  # the greeting is gone, and what was asked before and after it stands together
    assert not any("快递已经到达" in text or "本人签收" in text for change in changes for _, text in change.edits)
