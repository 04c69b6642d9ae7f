"""Tables of web pages and elements of XML exports become rows with their own strings."""

from pathlib import Path
from typing import Any

import pytest

from curate.reading.readers.html import Html
from curate.reading.readers.xml import Xml
from schemas.errors import InputError
from schemas.input import Input
from tests.curate.inputs import read_input

PAGES = [
    pytest.param("<table><tr><th>问<th>答<tr><td>在吗<td>在<br>的</table>", [{"问": "在吗", "答": "在\n的"}],
                 id="cells"),
    pytest.param("<table><tr><td>s<td>t<tr><td rowspan=2>1<td>x<tr><td>y</table>",
                 [{"s": "1", "t": "x"}, {"s": "1", "t": "y"}], id="a cell over two rows"),
    pytest.param("<table><tr><td>a<td>b<tr><td colspan=2>x</table>", [{"a": "x", "b": "x"}], id="over two columns"),
    pytest.param("<table><tr><td>menu</table><table><tr><td>a<tr><td>&lt;1&amp;2&#x4f60;</table>", [{"a": "<1&2你"}],
                 id="the larger table, entities"),
    pytest.param("<table><tr><td>a<tr><td>x<script>y</script><tr><td> </table>", [{"a": "x"}], id="scripts"),
    pytest.param("<table><tr><td>a<td>b<tr><td>x</table>", ["wrong_cell_count"], id="a short row"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_a_table_of_a_page(page: str, expected: list[Any]) -> None:
    assert [row.fields or row.fault for row in Html().rows(page)] == expected


def test_a_table_is_found_by_its_id_and_a_page_without_one_is_refused() -> None:
    page = "<table id=x><tr><td>a<tr><td>1</table><table id=y><tr><td>b<tr><td>2<tr><td>3</table>"
    assert [row.fields for row in Html(table="x").rows(page)] == [{"a": "1"}]
    with pytest.raises(InputError, match="no table"):
        list(Html().rows("<p>hello"))
    with pytest.raises(InputError, match="same name"):
        list(Html().rows("<table><tr><td>a<td>a<tr><td>1<td>2</table>"))


DOCUMENTS = [
    pytest.param("<log><m><q>在吗</q><a>在</a></m><m><q>x</q></m></log>", None, [{"q": "在吗", "a": "在"}, {"q": "x"}],
                 id="elements"),
    pytest.param('<log><m id="007" who="客服">在</m></log>', None, [{"id": "007", "who": "客服", "text": "在"}],
                 id="attributes"),
    pytest.param("<a><day><m><t>x</t></m></day><day><m><t>y</t></m></day></a>", "m", [{"t": "x"}, {"t": "y"}],
                 id="a record deep inside"),
    pytest.param('<a><m><u id="1"><n>王</n></u></m></a>', None, [{"u.id": "1", "u.n": "王"}], id="nested"),
    pytest.param("<a><m><t>x</t><t>y</t></m></a>", None, [{"t": ["x", "y"]}], id="repeated"),
    pytest.param("<a><m><t><![CDATA[1 < 2]]> &amp; &#20320;</t></m></a>", None, [{"t": "1 < 2 & 你"}], id="CDATA"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "record", "expected"), DOCUMENTS)
def test_an_element_is_a_row(document: str, record: str | None, expected: list[Any]) -> None:
    rows = list(Xml(record=record).rows(iter((document[:20], document[20:]))))
    assert [row.fields for row in rows] == expected
    assert [row.number for row in rows] == list(range(1, len(expected) + 1))


@pytest.mark.parametrize("document", ["<a><m>x</a>", "<a>&undefined;</a>", "", "plain", "<a></a><b></b>"])
def test_what_is_no_xml_is_refused_with_its_place(document: str) -> None:
    with pytest.raises(InputError, match=r"line \d+, column \d+"):
        list(Xml().rows(iter((document,))))


GAPS = """uid,who,what,when
u1,客户,在吗,2026-11-24 10:00
u2,客户,你好,2026-11-24 10:05
u1,客服,在,2026-11-24 10:29
u2,客服,您好,2026-11-24 10:06
u1,客户,又来了,2026-11-24 11:00
u1,客服,请讲,2026-11-24 11:01
"""


@pytest.mark.parametrize(
    ("gap", "sessions"), [(30, [1, 2, 1, 2, 3, 3]), (31, [1, 2, 1, 2, 1, 1]), (5, [1, 2, 3, 2, 4, 4])]
)
def test_a_user_who_is_silent_for_long_begins_a_new_session(tmp_path: Path, gap: int, sessions: list[int]) -> None:
    (tmp_path / "a.csv").write_text(GAPS, encoding="utf-8")
    layout = {"turns": {"user": "uid", "role": "who", "text": "what", "time": "when", "gap": gap}}
    turns = read_input(Input.model_validate({"path": "a.csv", "format": layout}), tmp_path / "a.csv").turns
    found: dict[str, int] = {}
    by_row = [found.setdefault(name, len(found) + 1) for name in turns.sort("row")["session"]]
    assert by_row == sessions
