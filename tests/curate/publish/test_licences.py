"""What may not be sold does not get into a book for sale; what the parts ask for is written down."""

import pytest

from curate.publish.licences import NOT_FOR_SALE, check_use, duties, licence_text, notice_text, terms_of
from schemas.errors import GateError
from schemas.recipe import Recipe


def recipe(*licences: str, **more: str) -> Recipe:
    inputs = [{"path": f"{n}.csv", "licence": licence, "attribution": ""} for n, licence in enumerate(licences)]
    return Recipe.model_validate({"version": 1, "name": "book", "inputs": inputs, **more})


@pytest.mark.parametrize(
    "licence",
    ["CC-BY-NC-4.0", "cc by-nc-sa 3.0", "CC_BY_NC_ND", "PolyForm-Noncommercial-1.0.0", "non-commercial",
     "Research use only", "academic-only", "非商业使用", "禁止商用", "不得用于商业", "仅供学术研究"],
)  # fmt: skip
def test_licences_that_forbid_selling_are_known(licence: str) -> None:
    assert NOT_FOR_SALE.search(licence)
    with pytest.raises(GateError, match=r"1\.csv"):
        check_use(recipe("MIT", licence, use="commercial"))
    with pytest.raises(GateError, match=r"1\.csv"):
        check_use(recipe("MIT", licence, licence="Apache-2.0"))
    check_use(recipe("MIT", licence))
    check_use(recipe("MIT", licence, use="noncommercial", licence="Apache-2.0"))
    check_use(recipe("MIT", licence, licence="CC-BY-NC-4.0"))


@pytest.mark.parametrize(
    "licence",
    ["CC-BY-4.0", "Apache-2.0", "MIT", "NCSA", "CDLA-Sharing-1.0", "CC0-1.0", "ODC-By-1.0", "", "other", "our own",
     "可商用", "licence bought from AGENCY Inc", "research data, commercial use allowed"],
)  # fmt: skip
def test_other_licences_go_into_any_book(licence: str) -> None:
    check_use(recipe(licence, use="commercial"))
    check_use(recipe(licence, licence="Apache-2.0"))


def test_what_a_licence_asks_for_is_said() -> None:
    assert duties("CC-BY-NC-SA-4.0") == ["no commercial use", "pass it on under the same licence"]
    assert duties("CC-BY-ND-4.0") == ["no changed copies may be passed on"]
    assert duties("MIT") == duties("USA works") == duties("sand") == []
    found = terms_of("cc by-nc-4.0")
    assert found and found.spdx == "CC-BY-NC-4.0"
    assert terms_of("house rules") is None


def test_licence_and_notice_name_every_input() -> None:
    book = Recipe.model_validate(
        {"version": 1, "name": "book", "licence": "CC-BY-4.0",
         "inputs": [{"path": "a.csv", "licence": "MIT", "attribution": "Ada, example.org"}, {"path": "b.csv"}]}
    )  # fmt: skip
    assert "MIT License" in licence_text(book) and "no public licence is declared: b.csv" in licence_text(book)
    assert "by: Ada, example.org" in notice_text(book) and "licence: not declared" in notice_text(book)


def test_what_a_recipe_does_not_say_changes_no_digest() -> None:
    silent = Recipe.model_validate({"version": 1, "name": "book", "inputs": [{"path": "a.csv"}]})
    assert "use" not in silent.canonical()
    assert "attribution" not in silent.canonical()["inputs"][0]
    assert silent.canonical_digest() != silent.model_copy(update={"use": "commercial"}).canonical_digest()
