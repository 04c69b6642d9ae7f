"""A file without a conversation is told for what it seems to be, with its first rows masked, and nothing is written."""

from pathlib import Path

import pytest

from curate.inspect.first_recipe import write_recipe
from curate.inspect.seeming import seems
from schemas.errors import InputError

TABLES = {
    "reviews": ("sku,rating,review", "a{n},4,The lamp came quickly and works well {n}", "reviews"),
    "评价": ("商品,评价内容,时间", "水壶,烧水很快外观也好看第{n}次买了,2025-07-0{n}", "reviews"),
    "addresses": ("city,street", "Graz,Mill Road {n}", "addresses"),
    "prices": ("sku,item,price", "s{n},lamp {n},{n}.50", "prices"),
    "labels": ("text,intent", "我想把发票抬头改一下{n},开票", "label"),
    "translations": ("a,b", "我想把发票抬头改一下{n},I want to change the invoice title {n}", "translations"),
    "log": ("line", "2025-07-01 09:0{n} INFO started worker {n}", "log of a program"),
    "texts": ("line", "今天天气很好我们去公园玩了第{n}次", "one column of texts"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_a_conversation_is_told_for_what_it_seems(name: str) -> None:
    header, line, words = TABLES[name]
    cells = [line.format(n=n).split(",") for n in range(1, 9)]
    assert words in seems([dict(zip(header.split(","), row, strict=True)) for row in cells]).en


def test_nothing_is_said_of_what_is_not_plain() -> None:
    assert seems([]).en == ""
    assert seems([{"a": "1", "b": "2"}, {"a": "3", "b": "x"}]).en == ""


def test_the_question_which_columns_hint_at_it_and_shows_masked_rows(tmp_path: Path) -> None:
    path = tmp_path / "地址.csv"
    path.write_text(
        "收货地址,电话\n" + "".join(f"杭州市文一路{n}号,1380013800{n}\n" for n in range(6)), encoding="utf-8"
    )
    with pytest.raises(InputError, match="it seems to be a list of addresses") as problem:
        write_recipe([path], tmp_path / "recipe.yaml")
    assert not (tmp_path / "recipe.yaml").exists()
    assert [name for name, _ in problem.value.previews] == ["row 2", "row 3", "row 4"]
    assert not any("13800138" in text for _, text in problem.value.previews)
    assert "13800138" not in str(problem.value)
