"""Labels, cells and words that go through a spreadsheet and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.forms.cells import LARGEST, LONGEST, fitted, fitted_end, shown_as_text, typed, units, writable
from curate.forms.labels import LETTERS, RowLabel, cell_digest, read_label, sheet_name
from curate.forms.words import plain

DIGESTS = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


@pytest.mark.parametrize(
    "cell",
    [
        "BCDF-12",
        " bcdf-12 ",
        "ＢＣＤＦ－１２",
        "BCDF – 12",
        "BCDF12",
        "BCDF-12.0",
        "'BCDF-12",
        "BCDF_12",
        "\u00a0BCDF-12\u3000",
    ],
)
def test_a_label_is_read_as_programs_rewrite_it(cell: str) -> None:
    assert read_label(cell) == RowLabel("BCDF", 12)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "12",
        "12.0",
        "BCD-12",
        "BCDFG-12",
        "BCDF-",
        "BCDF-12.5",
        "BCDF-1234567",
        "BCDF-12 BCDF-13",
        "1月2日",
        "合计",
        "BCDF-x",
    ],
)
def test_what_is_no_label_is_none(cell: str) -> None:
    assert read_label(cell) is None


@given(DIGESTS, st.integers(1, 999_999))
def test_every_label_is_read_back(digest: str, number: int) -> None:
    name = sheet_name(digest)
    assert len(name) == 4 and set(name) <= set(LETTERS)
    assert read_label(str(RowLabel(name, number))) == (name, number)


@pytest.mark.parametrize(
    "cell",
    ["95588", "0571", "3月4日", "2025-03-01", "2025年3月4日", "10:30", "3-4", "1/2", "50%", "1e5", "￥5", "1,000",
     "(5)", "Mar 5", "5 March 2025", "10 am", "TRUE", "false", "1" * 50, "=1+1", "+86 571", "-5", "@ok"],
)  # fmt: skip
def test_no_spreadsheet_makes_a_value_of_a_text(cell: str) -> None:
    assert shown_as_text(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    ["", "好的", "3天到账", "24小时内", "第1条", "see 3 pages", "A",
     "truely", "you may", "打95588", "步骤1：打开", "2 apples", "x" * 50],
)  # fmt: skip
def test_a_text_that_stays_one_is_shown_as_it_is(cell: str) -> None:
    assert shown_as_text(cell) == cell


@given(st.text(max_size=60))
def test_what_is_shown_keeps_its_digest(text: str) -> None:
    assert cell_digest(shown_as_text(text)) == cell_digest(text)
    assert cell_digest(text.replace("\n", "_x000D_\n")) == cell_digest(text)


@pytest.mark.parametrize(("one", "other"), [("7天到账", "15天到账"), ("Yes", "No"), ("能退", "不能退"), ("", "a")])
def test_another_text_has_another_digest(one: str, other: str) -> None:
    assert cell_digest(one) != cell_digest(other)


@given(st.text("好a😊", min_size=1, max_size=9), st.integers(LONGEST // 2, LONGEST + 50))
def test_no_cell_is_longer_than_a_spreadsheet_takes(repeated: str, length: int) -> None:
    text = (repeated * length)[:length]
    for cut in (fitted(text), fitted_end(text)):
        assert units(cut) <= LARGEST
        assert (cut == text) == (units(text) <= LONGEST)


def test_a_cut_text_keeps_its_beginning_or_its_end() -> None:
    text = "始" + "中" * 40_000 + "末"
    assert fitted(text).startswith("始中") and fitted(text).endswith("中 …")
    assert fitted_end(text).startswith("… 中") and fitted_end(text).endswith("中末")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 好的 \r\n再见\t\r\n", "好的\n再见"),
        ("一_x000D_\n二", "一\n二"),
        ("一\r二", "一\n二"),
        ("'=1+1", "=1+1"),
        ("'- 一", "- 一"),
        ("''=1", "'=1"),
        ("\u00a0", ""),
        ("\u200b", ""),
        ("　全角　", "全角"),
    ],
)
def test_what_a_spreadsheet_puts_around_a_text_comes_off(cell: str, text: str) -> None:
    assert typed(cell) == text


@pytest.mark.parametrize("cell", ["'引用'", "'tis", "一\n\n二", "a_x000E_b", "“好”", "1.0", "  缩进"[2:]])
def test_what_a_person_wrote_stays(cell: str) -> None:
    assert typed(cell) == cell


def test_what_no_sheet_can_hold_is_left_out() -> None:
    assert writable("a\x00b\x0bc\ud800d\uffffe\r\nf\rg\th") == "abcde\nf\ng\th"


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("“通過” ", "通过"),
        ("Cannot  Tell.", "cannottell"),
        ("√", "√"),
        ("ＯＫ！", "ok"),
        ("✔️", "✔"),
        ("(edit)", "edit"),
        ("=", "="),
    ],
)
def test_a_word_is_compared_without_what_means_nothing(cell: str, word: str) -> None:
    assert plain(cell) == word
