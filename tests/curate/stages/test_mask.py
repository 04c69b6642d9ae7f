"""Personal data leaves a conversation, its thread stays: one value, one pseudonym; everything else is byte-equal."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from pydantic import ValidationError

from curate.build.build import build
from curate.privacy.release_gate import Gate
from curate.recipe.load import load_recipe
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.store.store import Store
from rules.personal import KINDS, find
from schemas.errors import InputError, RecipeError
from schemas.frame import SCHEMA, frame_of
from schemas.identity import Identity, Names
from schemas.ledger import EVENTS
from tests.curate.build.test_build import write_inputs
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


def talk(*texts: str, lang: str = "zh", id: str = "a") -> pl.DataFrame:
    """One conversation; the customer begins, the sides take turns."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return frame_of([record(id, "", "", messages=messages, lang=lang)])


def masked(frame: pl.DataFrame, **settings: object) -> list[str]:
    kept = Mask.model_validate(settings).run(frame, TOOLS).kept
    return [message["content"] for messages in kept["messages"] for message in messages]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("我的手机13812345678",), ["我的手机[手机号1]"]),
        (("13812345678和13987654321", "好的"), ["[手机号1]和[手机号2]", "好的"]),
        (("打13812345678", "是138-1234 5678吗", "+86 13812345678"), ["打[手机号1]", "是[手机号1]吗", "[手机号1]"]),
        (("ＱＱ：１２３４５６７，急！",), ["ＱＱ：[QQ号1]，急！"]),
        (("订单号：20231124000188", "20231124000188已发货"), ["订单号：[订单号1]", "[订单号1]已发货"]),
        (("查件", "请提供订单号", "108234729384，麻烦快点"), ["查件", "请提供订单号", "[订单号1]，麻烦快点"]),
        (("单号发您", "好的", "108234729384"), ["单号发您", "好的", "108234729384"]),
        (("[手机号1]打不通，换13812345678",), ["[手机号1]打不通，换[手机号2]"]),
        (("A@Example.com", "a@example.com对吗"), ["[邮箱1]", "[邮箱1]对吗"]),
        (("http://u:pw12@a.example/?token=9f8e7d6c5b4a&id=5",), ["http://[令牌1]@a.example/?token=[令牌2]&id=5"]),
    ],
)  # fmt: skip
def test_what_is_personal_becomes_a_numbered_pseudonym(texts: tuple[str, ...], expected: list[str]) -> None:
    assert masked(talk(*texts)) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ("价格1299元，2023-11-24到货", "满300减50"),
        ("热线95588、10086、400-820-8820",),
        ("[数字x]的[订单x]，write to __email__, {{Order Number}}",),
        ("请问订单号是多少？", "没有"),
        ("请问您的手机号？", "2023年11月"),
        ("iPhone 15 Pro Max 256G，型号：13812345678",),
        ("固件1.2.3.4，路由器192.168.1.1",),
        ("\u200b全角：１２３，①②③\r\n　　",),
        ("order 2 pizzas for 20 dollars",),
        ("",),
    ],
)
def test_a_record_without_personal_data_comes_back_identical(texts: tuple[str, ...]) -> None:
    frame = talk(*texts)
    outcome = Mask().run(frame, TOOLS)
    assert_frame_equal(outcome.kept, frame)
    assert outcome.events.is_empty()


def test_labels_follow_the_language_of_the_record_or_the_recipe() -> None:
    english = talk("call 415-555-0132", lang="en")
    assert masked(english) == ["call [PHONE1]"]
    assert masked(english, labels="zh") == ["call [电话1]"]
    assert masked(talk("13812345678"), labels="en") == ["[PHONE1]"]


def test_only_the_kinds_asked_for_are_masked() -> None:
    assert masked(talk("13812345678 a@example.com"), kinds=("email",)) == ["13812345678 [邮箱1]"]


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="fone") as caught:
        Mask(kinds=("fone",))
    assert all(name in str(caught.value) for name in KINDS.names())


KEY = "a key that nobody else has"
TEXTS = (
    "我叫李建国，手机13812345678，邮箱li@example.org，身份证11010519491231002X，车牌京A12345",
    "好的李先生，13812345678是吗？地址：浙江省杭州市西湖区文三路478号，订单号：20231124000188",
    "卡号6222021234567890128，座机010-87654321，微信号：xiao_miao88，QQ：123456789，IP是203.0.113.7",
)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", KEY)


def test_a_fake_keeps_the_thread_and_passes_the_gate() -> None:
    modes = {kind: "fake" for kind in KINDS.names()}
    texts = masked(talk(*TEXTS), replace=modes)
    mobile = re.findall(r"12\d{9}", "".join(texts))
    assert len(mobile) == 2 and len(set(mobile)) == 1
    gate = Mask.model_validate({"replace": modes}).gate(Identity())
    assert not [found for text in texts for found in gate.search(text)]
    assert [found for found in Gate().search("，".join(texts))], "without the recipe's word a fake is as good as real"


def test_fakes_differ_between_values_and_between_conversations() -> None:
    texts = masked(
        pl.concat([talk("13812345678和13987654321"), talk("13812345678", id="b")]), replace={"mobile": "fake"}
    )
    assert len(set(re.findall(r"12\d{9}", "，".join(texts)))) == 3


def test_a_fake_that_letters_would_touch_stays_a_label() -> None:
    assert masked(talk("TEL13812345678"), replace={"mobile": "fake"}) == ["TEL[手机号1]"]
    both = {"email": "fake", "mobile": "fake"}
    assert masked(talk("li@example.com13812345678"), replace=both) == ["[邮箱1][手机号1]"]


def test_a_hash_is_the_same_in_every_conversation_and_another_under_another_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = pl.concat([talk("打13812345678"), talk("是138-1234-5678", id="b")])
    recipe = {"replace": {"mobile": "hash"}, "key": "SHOP_KEY"}
    monkeypatch.setenv("SHOP_KEY", KEY)
    first, second = (text[1:] for text in masked(frame, **recipe))
    assert first == second
    assert re.fullmatch(r"\[手机号:[b-t]{16}\]", first)
    assert not find(first)
    monkeypatch.setenv("SHOP_KEY", KEY + "!")
    assert masked(frame, **recipe)[0][1:] != first


def test_what_is_masked_is_the_same_in_every_run(key: None) -> None:
    recipe = {"replace": {"mobile": "fake", "person_name": "fake", "email": "hash"}, "key": "SHOP_KEY"}
    assert masked(talk(*TEXTS), **recipe) == masked(talk(*TEXTS), **recipe)


@pytest.mark.parametrize("value", [None, "", "short"])
def test_without_its_key_nothing_is_hashed(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_KEY", value)
    mask = Mask(replace={"email": "hash"}, key="SHOP_KEY")
    with pytest.raises(InputError, match="SHOP_KEY"):
        mask.run(talk("好"), TOOLS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"replace": {"mobil": "fake"}}, "did you mean 'mobile'"),
        ({"replace": {"mobile": "fakes"}}, "'label', 'fake' or 'hash'"),
        ({"replace": {"email": "hash"}}, "needs 'key'"),
        ({"replace": {"email": "fake"}, "kinds": ("mobile",)}, "not among the kinds"),
    ],
)
def test_a_wrong_replacement_is_refused_with_a_hint(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Mask.model_validate(settings)


def test_the_assistant_and_its_rivals_are_no_persons() -> None:
    own = Identity(en=Names(name="Miao", author="Tech Bar"), rivals=("Claude",))
    frame = talk("My name is Harvey", "My name is Miao", "My name is Claude", lang="en")
    kept = Mask().run(frame, Tools(seed=7, identity=own, folder=Path())).kept
    texts = [m["content"] for m in kept["messages"][0]]
    assert texts == ["My name is [NAME1]", "My name is Miao", "My name is Claude"]


def test_untouched_neighbours_and_the_order_of_records_stay() -> None:
    frames = [
        talk("你好", id="b"),
        talk("13812345678", "好", id="c"),
        talk("", "", id="a"),
        talk("13987654321", id="d"),
    ]
    frame = pl.concat(frames)
    kept = Mask().run(frame, TOOLS).kept
    assert kept.schema == SCHEMA
    assert kept["id"].to_list() == ["b", "c", "a", "d"]
    assert_frame_equal(kept.drop("messages"), frame.drop("messages"))
    assert_frame_equal(kept[[0, 2]], frame[[0, 2]])


def test_there_is_one_event_for_each_record_and_kind() -> None:
    frame = pl.concat([talk("13812345678，13987654321，a@example.com", "13812345678"), talk("13812345678", id="b")])
    events = Mask().run(frame, TOOLS).events
    assert events.schema == EVENTS
    assert events.select("id", "verdict", "reason", "score").rows() == [
        ("a", "fixed", "email", 1.0),
        ("a", "fixed", "mobile", 3.0),
        ("b", "fixed", "mobile", 1.0),
    ]


def test_no_event_holds_a_value() -> None:
    events = Mask().run(talk("13812345678 a@example.com"), TOOLS).events
    assert not find(events.write_csv())


def test_an_empty_frame_passes() -> None:
    frame = frame_of([])
    assert_frame_equal(Mask().run(frame, TOOLS).kept, frame)


FRAGMENTS = [
    *(text for kind in KINDS.all().values() for text, _ in kind.examples.finds),
    *(text for kind in KINDS.all().values() for text in kind.examples.spares),
    "订单号是多少", "手机号", "12345678", "-", " ", "，", "@", "[手机号1]", "[订单x]", "：", "1", "a", "Ａ", "￥",
]  # fmt: skip
contents = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=5).map("".join)
talks = st.lists(contents, min_size=1, max_size=4)


@settings(deadline=None, max_examples=100)
@given(talks)
def test_masking_twice_is_masking_once(texts: list[str]) -> None:
    once = Mask().run(talk(*texts), TOOLS).kept
    again = Mask().run(once, TOOLS)
    assert_frame_equal(again.kept, once)
    assert again.events.is_empty()


@settings(deadline=None, max_examples=100)
@given(talks)
def test_nothing_personal_is_left_and_nothing_else_is_touched(texts: list[str]) -> None:
    after = masked(talk(*texts))
    assert not [found for text in after for found in find(text)]
    for before, now in zip(texts, after, strict=True):
        around = ".+?".join(re.escape(kept) for kept in re.split(r"\[[A-Z_a-z\u4e00-\u9fff]{2,8}\d+\]", now))
        assert re.fullmatch(around, before, re.DOTALL)


@settings(deadline=None, max_examples=150)
@given(talks)
def test_fakes_of_all_kinds_pass_the_gate_whatever_stands_around_them(texts: list[str]) -> None:
    recipe = Mask.model_validate({"replace": dict.fromkeys(KINDS.names(), "fake")})
    after = [m["content"] for m in recipe.run(talk(*texts), TOOLS).kept["messages"][0]]
    assert not [found for text in after for found in recipe.gate(Identity()).search(text)]


def test_a_missing_key_stops_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    recipe = write_inputs(tmp_path)
    text = recipe.read_text(encoding="utf-8").replace("- mask", "- mask: {replace: {email: hash}, key: SHOP_KEY}")
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="SHOP_KEY"):
        build(load_recipe(recipe), Store(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_wrong_replacement_is_told_with_its_line(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    text = recipe.read_text(encoding="utf-8").replace("- mask", "- mask: {replace: {mobil: fake, email: fakes}}")
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=r"recipe.yaml:\d+:\d+: 'email' must be 'label', 'fake' or 'hash'"):
        load_recipe(recipe)
