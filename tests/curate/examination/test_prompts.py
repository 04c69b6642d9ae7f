"""What contestants are told: who they are, in both languages; a recipe's own words stay as they are."""

import pytest

from curate.examination.prompts import SLOT, Written, prompts, retrieval_prompts
from schemas.identity import Identity, Names

ZH, EN = Names(name="小喵", author="技术吧"), Names(name="Miao", author="Tech Bar")
BOTH = Identity(zh=ZH, en=EN)


def test_a_message_names_the_assistant_its_maker_and_its_limits() -> None:
    given = prompts(BOTH, "")
    assert given["zh"].startswith("你是小喵，由技术吧开发的客服助手。")
    assert given["en"].startswith("You are Miao, a customer service assistant made by Tech Bar.")
    assert all("{" not in message for message in given.values())


@pytest.mark.parametrize(("identity", "name"), [(Identity(zh=ZH), "小喵"), (Identity(en=EN), "Miao")])
def test_an_identity_of_one_language_lends_its_names_to_the_other(identity: Identity, name: str) -> None:
    assert all(name in message for message in prompts(identity, "").values())


def test_without_an_identity_no_name_and_no_slot_is_left() -> None:
    assert prompts(Identity(), "")["zh"].startswith("你是客服助手。")
    assert all("{" not in message for message in prompts(Identity(), "").values())


def test_names_with_braces_stay_as_they_are() -> None:
    odd = Identity(zh=Names(name="{author}", author="{name}"))
    assert prompts(odd, "")["zh"].startswith("你是{author}，由{name}开发")


@pytest.mark.parametrize("written", ["你是{0} {name!r} {} %s \\1", {"zh": "你是{0} {name!r} {} %s \\1"}])
def test_a_recipe_s_own_words_go_through_untouched(written: Written) -> None:
    assert prompts(BOTH, written)["zh"] == "你是{0} {name!r} {} %s \\1"
    assert retrieval_prompts(BOTH, written)["zh"].startswith("你是{0} {name!r} {} %s \\1\n\n")
    if not isinstance(written, str):
        assert prompts(BOTH, written)["en"] == prompts(BOTH, "")["en"]


@pytest.mark.parametrize("written", ["", " ", "短。", f"看：{SLOT}。再看：{SLOT}", {"en": f"{SLOT} first"}])
def test_passages_have_one_slot_and_the_plain_message_none(written: Written) -> None:
    assert all(message.count(SLOT) == 1 for message in retrieval_prompts(BOTH, written).values())
    assert not any(SLOT in message for message in prompts(BOTH, written).values())


def test_passages_go_where_a_recipe_wants_them() -> None:
    assert retrieval_prompts(BOTH, f"先看：{SLOT}\n再答。")["zh"] == f"先看：{SLOT}\n再答。"
