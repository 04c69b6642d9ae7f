"""Reading by the block says what reading line by line says, whatever the lines are."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.reading.input_reader import InputReader
from curate.reading.jsonl_pairs import WIDEST, JsonlPairs, shape_of
from curate.reading.readers import RawRow
from curate.reading.readers._json import rows_of_lines
from curate.reading.turn_table import PairColumns
from schemas.errors import InputError
from schemas.input import Input

USUAL = '{"question": "能退吗", "answer": "能，七天内。"}'
MANY = [USUAL] * 30
"""Enough lines to show how the others are written."""

TAKEN = {
    "as all others": USUAL,
    "no answer": '{"question": "能退吗", "answer": ""}',
    "white space around the text": '{"question": "能退吗  ", "answer": "  能 "}',
    "a line separator": '{"question": "a\u2028b\u0085c", "answer": "\u2029"}',
    "a byte order mark in a text": '{"question": "a\ufeffb", "answer": "\ufeff"}',
    "what is DEL, and no character": '{"question": "a\x7f\ufffe", "answer": "\U0010ffff"}',
    "brackets and colons": '{"question": "}{\': [", "answer": ", :"}',
    "a carriage return at the end": USUAL + "\r",
}
OTHERS = {
    "an escape": r'{"question": "能\n退吗", "answer": "能"}',
    "an escaped mark": r'{"question": "能\"退吗", "answer": "能"}',
    "an escaped backslash": r'{"question": "能退吗\\", "answer": "能"}',
    "an escaped key": r'{"\u0071uestion": "能退吗", "answer": "能"}',
    "half a surrogate": r'{"question": "\ud800", "answer": "能"}',
    "a tab": '{"question": "能\t退吗", "answer": "能"}',
    "a NUL": '{"question": "能\0退吗", "answer": "能"}',
    "a carriage return in a text": '{"question": "能\r退吗", "answer": "能"}',
    "two carriage returns": USUAL + "\r\r",
    "a mark too many": '{"question": "能"退吗", "answer": "能"}',
    "a mark at the end": USUAL + '"',
    "a key twice": '{"question": "a", "question": "能退吗", "answer": "能"}',
    "a key more": '{"question": "能退吗", "answer": "能", "shop": "a"}',
    "a key less": '{"question": "能退吗"}',
    "another order": '{"answer": "能", "question": "能退吗"}',
    "another key": '{"Question": "能退吗", "answer": "能"}',
    "other spaces": '{"question":"能退吗","answer":"能"}',
    "space before": " " + USUAL,
    "space after": USUAL + " ",
    "a byte order mark before": "\ufeff" + USUAL,
    "a comma after": USUAL + ",",
    "a comma before the end": '{"question": "能退吗", "answer": "能",}',
    "two objects": USUAL + USUAL,
    "in a list": f"[{USUAL}]",
    "in an object": f'{{"a": {USUAL}}}',
    "a number": '{"question": "能退吗", "answer": 7}',
    "nothing": '{"question": "能退吗", "answer": null}',
    "a list": '{"question": "能退吗", "answer": ["能"]}',
    "single marks": "{'question': '能退吗', 'answer': '能'}",
    "cut off": USUAL[:-2],
    "a list of texts": '["question", "能退吗", "answer", "能"]',
    "a text": '"question"',
    "no JSON": "能退吗",
    "no question": '{"question": "", "answer": "能"}',
    "a blank question": '{"question": " ", "answer": "能"}',
    "a wide blank question": '{"question": "\u3000\u00a0\u2028", "answer": "能"}',
    "a question that begins with a space": '{"question": " 能退吗", "answer": "能"}',
}
NO_ROWS = {"nothing": "", "a space": " ", "a carriage return": "\r", "wide spaces": "\u3000\u2028", "file mark": "\x1c"}


def taken_and_others(
    lines: list[str], most: int = 1_000_000, cuts: int = 1
) -> tuple[list[tuple[int, str, str]], list[RawRow]]:
    """What is taken, and the other rows, when the lines come in chunks of `size`."""
    size = -(-len(lines) // cuts) or 1
    chunks = (pl.Series(["\n".join(lines[at : at + size]) + "\n"]) for at in range(0, len(lines), size))
    reading = JsonlPairs(chunks, "question", "answer")
    taken, others = [], []
    while True:
        plain = PairColumns()
        rows = list(reading.others(plain, most))
        assert len(rows) + len(plain) <= most
        if not rows and not len(plain):
            return taken, others
        turns = plain.frame()
        texts = turns["text"].to_list()
        taken += list(zip(turns["row"].to_list()[::2], texts[::2], texts[1::2], strict=True))
        others += rows


@pytest.mark.parametrize("case", TAKEN)
def test_a_line_like_the_others_is_taken_as_the_parser_reads_it(case: str) -> None:
    taken, others = taken_and_others([*MANY, TAKEN[case]])
    fields = json.loads(TAKEN[case])
    assert taken[-1] == (len(MANY) + 1, fields["question"], fields["answer"])
    assert others == []


@pytest.mark.parametrize("case", OTHERS)
def test_any_other_line_goes_the_way_of_single_rows(case: str) -> None:
    lines = [*MANY, OTHERS[case], *MANY]
    taken, others = taken_and_others(lines)
    assert len(taken) == 2 * len(MANY)
    assert others == [row for row in rows_of_lines(iter(("\n".join(lines),))) if row.number == len(MANY) + 1]


@pytest.mark.parametrize("case", NO_ROWS)
def test_an_empty_line_is_no_row_but_counts(case: str) -> None:
    taken, others = taken_and_others([NO_ROWS[case], *MANY, NO_ROWS[case], USUAL])
    assert [number for number, _, _ in taken] == [*range(2, len(MANY) + 2), len(MANY) + 3]
    assert others == []


@pytest.mark.parametrize("blank", sorted(c for c in map(chr, range(0x110000)) if c.isspace()))
def test_a_question_of_white_space_alone_is_not_taken(blank: str) -> None:
    line = json.dumps({"question": blank, "answer": "能"}, ensure_ascii=False)
    assert len(taken_and_others([*MANY, line])[0]) == len(MANY)


def test_another_program_is_followed_when_most_lines_are_its_own() -> None:
    other = '{"id":"7","answer":"能","question":"能退吗"}\r'
    taken, others = taken_and_others([*MANY, *[other] * 30], cuts=2)
    assert (len(taken), others) == (60, [])


SHOWS_NOTHING = {
    **{name: OTHERS[name] for name in ("an escape", "a key twice", "a key less", "a number", "nothing", "a list",
                                       "in a list", "in an object", "a text", "no JSON", "cut off", "a tab")},
    "a key that would make a huge pattern": json.dumps({"k" * WIDEST: "", "question": "a", "answer": "b"}),
    "a line that would make a pattern of many parts": json.dumps(
        {"question": "a", "answer": "b", **{str(n): "" for n in range(WIDEST)}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWS_NOTHING)
def test_a_line_that_does_not_show_how_all_are_written_makes_no_pattern(case: str) -> None:
    assert shape_of(SHOWS_NOTHING[case], "question", "answer") is None


@pytest.mark.parametrize(
    "key", [".*", "a|b", "(", "[^", "a b#c", "问", "\u2028", "$", "^", "-", "{2}", "\x7f", "&&", "~~"]
)
def test_a_key_is_no_pattern(key: str) -> None:
    line = json.dumps({key: "x", "question": "a", "answer": "b"}, ensure_ascii=False)
    lookalike = json.dumps({"xx": "x", "question": "a", "answer": "b"})
    taken, others = taken_and_others([*[line] * 30, lookalike])
    assert len(taken) == 30
    assert [row.number for row in others] == [31]


PIECES = st.sampled_from(['"', "\\", '\\"', "\\u0041", "\\ud83d", "\t", "\r", "\0", "a", "能", " ", "\u2028", "\ufeff",
                          "}", ", ", '", "answer": "', '"}', "😀"])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=4).map("".join)
CLEAN = st.text(st.characters(codec="utf-8"), max_size=6)
LINES = st.one_of(
    st.builds(lambda q, a: json.dumps({"question": q, "answer": a}, ensure_ascii=False), CLEAN, CLEAN),
    st.builds(lambda q, a: f'{{"question": "{q}", "answer": "{a}"}}', TEXTS, TEXTS),
    st.builds(lambda q, a: f'{{"answer":"{a}","id":"1","question":"{q}"}}', TEXTS, TEXTS),
    st.sampled_from([*TAKEN.values(), *OTHERS.values(), *NO_ROWS.values()]),
    TEXTS,
).filter(lambda line: "\n" not in line)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["", USUAL, '{"answer":"a","id":"1","question":"q"}']),
       st.integers(1, 5), st.integers(1, 4))  # fmt: skip
def test_by_the_block_is_line_by_line(lines: list[str], usual: str, most: int, cuts: int) -> None:
    lines = [*[usual] * len(lines), *lines]
    taken, others = taken_and_others(lines, most, cuts)
    found = {row.number: row for row in others}
    expected = {row.number: row for row in rows_of_lines(iter(["".join(line + "\n" for line in lines)]))}
    assert found.keys() | {number for number, _, _ in taken} == expected.keys()
    assert len(found) + len(taken) == len(expected)
    assert [row.number for row in others] == sorted(found)
    assert found == {number: row for number, row in expected.items() if number in found}
    for number, question, answer in taken:
        fields = expected[number].fields
        assert fields is not None and (fields["question"], fields["answer"]) == (question, answer)
        assert question and not question.isspace()


def everything(path: Path, **settings: str) -> tuple[object, ...]:
    """All that a reading gives: chunks, facts except the encoding's name, and what is kept; or the error."""
    kept: list[tuple[int, str, bytes]] = []
    spec = Input.model_validate({"path": path.name, **settings})
    try:
        reading = InputReader(spec, path, lambda number, reason, raw, _: kept.append((number, reason, raw)))
        chunks = [(p.turns.rows(), p.turns.schema, p.events.rows(), p.rows) for p in reading.chunks()]
    except InputError as error:
        return (str(error).replace("utf_8", "utf-8"),)
    facts = reading.facts()
    return chunks, kept, facts.rows, facts.bad, facts.format


def contents() -> Iterator[object]:
    mixed = [line for other in [*OTHERS.values(), *NO_ROWS.values()] for line in (USUAL, USUAL, other, *MANY)]
    yield pytest.param("\n".join(mixed).encode(), id="all cases")
    yield pytest.param("\r\n".join(mixed).encode(), id="CRLF")
    yield pytest.param("\n".join(mixed * 300).encode(), id="several blocks and chunks")
    yield pytest.param(("\ufeff" + "\n".join(MANY)).encode(), id="a mark before the first line")
    yield pytest.param("\n".join([*MANY, "x" * (3 << 20), *MANY]).encode(), id="a long line")
    yield pytest.param(("\n".join(MANY * 2000) + "\n").encode() + "能".encode("gbk") + b"\n", id="not UTF-8 far behind")
    yield pytest.param("\n".join([OTHERS["no question"]] * 5).encode(), id="not one row")
    yield pytest.param(b"\n \n\n", id="empty lines alone")
    yield pytest.param("\n".join(['{"question": "a", "answer": "b", "n": 1}'] * 50).encode(), id="numbers")


@pytest.mark.parametrize("content", list(contents()))
@pytest.mark.parametrize("kind", [{}, {"format": {"pairs": {"question": "answer", "answer": "question"}}}])
def test_a_file_is_read_by_the_block_as_it_is_line_by_line(
    tmp_path: Path, content: bytes, kind: dict[str, str]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)
    by_block, by_line = everything(path, encoding="utf-8", **kind), everything(path, encoding="utf_8", **kind)
    assert by_block == by_line
