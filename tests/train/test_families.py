"""The small tokenizers of the tests do what the table says, and the real ones load with their templates."""

import pytest
from jinja2 import TemplateError

from tests.train.families import FAMILIES, REAL, Family, fetched

TALK = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(("q1", "a1", "q2", "a2"))]
NAMED = {"role": "system", "content": "S"}


def rendered(family: Family, talk: list[dict[str, str]], *, begin: bool = False) -> str:
    return family.tokenizer().apply_chat_template(talk, tokenize=False, add_generation_prompt=begin)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_family_opens_as_the_table_says(family: Family) -> None:
    assert rendered(family, TALK[:1], begin=True).partition("q1")[0] == family.opens
    if family.named is None:
        with pytest.raises(TemplateError):
            rendered(family, [NAMED, TALK[0]], begin=True)
    else:
        assert rendered(family, [NAMED, TALK[0]], begin=True).partition("q1")[0] == family.named


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_mark_is_one_token_flagged_or_not(family: Family) -> None:
    tokenizer = family.tokenizer()
    for mark in (*family.marks, *family.unflagged):
        assert len(tokenizer(mark, add_special_tokens=False)["input_ids"]) == 1
        assert (mark in tokenizer.all_special_tokens) <= (mark in family.marks or mark == family.end)


def test_what_is_odd_of_each_is_so() -> None:
    two = {name: rendered(family, TALK) for name, family in FAMILIES.items()}
    assert two["qwen3"].count("<think>") == 1 and two["qwen3"].index("<think>") > two["qwen3"].index("q2")
    assert two["qwen3_2507"].count("<think>") == 0
    assert two["glm4"].endswith("a2") and two["chatglm3"].endswith("a2")
    assert two["phi3"].endswith("a2<|end|>\n<|endoftext|>")
    assert "S\n" not in rendered(FAMILIES["mistral_0_3"], [NAMED, *TALK])
    assert rendered(FAMILIES["mistral_0_3"], [NAMED, *TALK[:3]]).endswith("[INST] S\n\nq2[/INST]")
    assert rendered(FAMILIES["r1"], TALK[:1], begin=True).endswith("<think>\n")


@pytest.mark.parametrize("name", REAL)
def test_a_real_tokenizer_renders_by_its_own_template(name: str) -> None:
    text = fetched(name).apply_chat_template(TALK, tokenize=False)
    assert [text.count(word) for word in ("q1", "a1", "q2", "a2")] == [1, 1, 1, 1]
