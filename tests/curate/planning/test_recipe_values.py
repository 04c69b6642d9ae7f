"""What a recipe is to say is written where it belongs, and every other byte stays; what is not sure is refused."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curate.planning.recipe_values import values_of, with_values
from schemas.errors import RecipeError

INIT_END = "# train:\n# identity:\n#   zh: {name: 小喵, author: 技术吧}\n#   en: {name: Miao, author: J}\n# inputs:\n"
EDITS: list[tuple[str, dict[str, Any], str]] = [
    ("seed: 7  # why\nname: a\n", {"seed": 8, "name": "a"}, "seed: 8  # why\nname: a\n"),
    ("name: 'a'\n", {"name": "it's"}, "name: 'it''s'\n"),
    ('name: "a" # b\n', {"name": "c"}, 'name: "c" # b\n'),
    ("name: a\n", {"name": "yes"}, 'name: "yes"\n'),
    ("name: a\n", {"name": "小 喵"}, "name: 小 喵\n"),
    ("name: a\n", {"name": "x: y # z"}, 'name: "x: y # z"\n'),
    ("name: a\n", {"name": "\u202e\n"}, 'name: "\\u202e\\n"\n'),
    ("train:\n", {"train": 5}, "train: 5\n"),
    ("name: a\nstages: [b]\n", {"name": "a", "stages": ["b"], "seed": 1}, "name: a\nseed: 1\nstages: [b]\n"),
    ("name: a", {"name": "a", "seed": 1}, "name: a\nseed: 1"),
    ("name: a\r\ninputs: []\r\n", {"name": "a", "inputs": [], "seed": 1}, "name: a\r\nseed: 1\r\ninputs: []\r\n"),
    (
        "inputs:\n  - path: x # one\n    # kind: general\n  - path: y\n",
        {"inputs": [{"path": "x", "kind": "general"}, {"path": "y"}]},
        "inputs:\n  - path: x # one\n    kind: general\n  - path: y\n",
    ),
    ("inputs: [{path: x}]\n", {"inputs": [{"path": "x", "kind": "general"}]}, "inputs: [{path: x, kind: general}]\n"),
    ("a: {b: 1, c: 2, d: 3}\n", {"a": {"b": 1, "d": 3}}, "a: {b: 1, d: 3}\n"),
    ("a: {b: 1, c: 2} # x\n", {"a": {"b": 1}}, "a: {b: 1} # x\n"),
    ("a:\n  b: 1\n  # of c\n  c: 2 # c\nd: 3\n", {"a": {"b": 1}, "d": 3}, "a:\n  b: 1\n  # of c\nd: 3\n"),
    ("a:\n  b: 1\nd: 3\n", {"a": {}, "d": 3}, "a:\n  {}\nd: 3\n"),
    ("stages: [b, d]\n", {"stages": ["a", "b", "c", "d", "e"]}, "stages: [a, b, c, d, e]\n"),
    ("stages: [a, b, c]\n", {"stages": ["b"]}, "stages: [b]\n"),
    (
        "stages:\n  # first\n  - b # b\n  # before d\n  - d: {x: 1}\n# end\n",
        {"stages": ["a", "b", "c", {"d": {"x": 1, "y": 2}}, {"e": {"z": [1]}}]},
        "stages:\n  # first\n  - a\n  - b # b\n  - c\n  # before d\n  - d: {x: 1, y: 2}\n  - e: {z: [1]}\n# end\n",
    ),
    ("stages:\n- a\n- b: {x: 1} # gone\n- c\n", {"stages": ["a", "c"]}, "stages:\n- a\n- c\n"),
    (
        "stages:\n- a:\n    x: 1\n- b\n",
        {"stages": [{"a": {"x": 1, "y": 2}}, "b"]},
        "stages:\n- a:\n    x: 1\n    y: 2\n- b\n",
    ),
    ("stages: [a]\n", {"stages": [{"a": {"x": True}}]}, "stages: [a: {x: true}]\n"),
    ("skip:\n- a\n- b\n", {"skip": ["a", "c"]}, "skip:\n- a\n- c\n"),
    (
        f"name: a\n\n{INIT_END}",
        {"name": "a", "identity": {"zh": {"name": "喵"}}},
        "name: a\n\n# train:\nidentity:\n  zh: {name: 喵}\n# inputs:\n",
    ),
    (
        "name: a\n# identity\n",
        {"name": "a", "identity": {"en": {"name": "B"}}},
        "name: a\nidentity:\n  en: {name: B}\n# identity\n",
    ),
    ("\ufeffname: a\n", {"name": "b"}, "\ufeffname: b\n"),
]  # fmt: skip
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("a: &x 1\nb: *x\n", {"a": 2, "b": 1}),
    ("a: 1\na: 2\n", {"a": 3}),
    ("a: |\n  long\n  text\n", {"a": "short"}),
    ("a: >-\n  long\n  text\n", {"a": "short"}),
    ("- a\n", {"a": 1}),
    ("a: [1\n", {"a": 1}),
]


@pytest.mark.parametrize(("before", "wanted", "after"), EDITS)
def test_what_is_wanted_is_written_and_every_other_byte_stays(before: str, wanted: dict[str, Any], after: str) -> None:
    assert with_values(before, wanted) == after
    assert with_values(after, wanted) == after


@pytest.mark.parametrize(("before", "wanted"), REFUSED)
def test_what_is_not_sure_is_refused_in_a_sentence(before: str, wanted: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="by hand") as caught:
        with_values(before, wanted)
    assert "\n" not in caught.value.sentence.en + caught.value.sentence.zh


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
LEAVES = st.one_of(st.integers(-99, 99), st.booleans(), TEXTS, st.lists(TEXTS, max_size=3))
OPTIONS = st.dictionaries(st.sampled_from("pqrs"), LEAVES, min_size=1, max_size=3)
STAGES = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)
HEAD = "# head\ntitle: x # of x\n\n"


@st.composite
def recipes(draw: st.DrawFn) -> dict[str, Any]:
    stages = [name if draw(st.booleans()) else {name: draw(OPTIONS)} for name in draw(STAGES)]
    return {"name": draw(TEXTS), "stages": stages, "train": draw(OPTIONS)}


@given(recipes(), recipes(), st.booleans())
def test_any_recipe_becomes_any_other_or_is_refused_and_comments_stay(
    old: dict[str, Any], new: dict[str, Any], flow: bool
) -> None:
    dumped = yaml.safe_dump(old, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    text, wanted = (dumped, new) if flow else (HEAD + dumped, {"title": "x", **new})
    try:
        edited = with_values(text, copy.deepcopy(wanted))
    except RecipeError:
        return
    assert values_of(edited) == wanted
    if not flow:
        assert edited.startswith(HEAD)
