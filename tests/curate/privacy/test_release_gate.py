"""The release gate: a planted value in any file stops the release; the error tells where, never what."""

import json
import os
from pathlib import Path

import polars as pl
import pytest

from curate.privacy.fakes import fake
from curate.privacy.release_gate import Gate, scan_files, scan_page
from rules.personal import KINDS
from schemas.digest import canonical, digest
from schemas.errors import GateError

MOBILE = "13812345678"
DIGEST = "0123456789abcdef13812345678abcde"


def lines(*values: object) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def refusal(path: Path) -> str:
    with pytest.raises(GateError) as caught:
        scan_files([path])
    return f"{caught.value.sentence.en} {caught.value.sentence.zh}".replace(f"(id {DIGEST})", "(id of the record)")


def chat(text: str, id: str = DIGEST) -> dict[str, object]:
    return {"id": id, "messages": [{"role": "user", "content": text}], "source": {"digest": DIGEST, "rows": [1, 2]}}


def test_the_id_of_a_version_is_no_telephone_number(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: other\n---\n\n# shop `e06985805676`\n\nfree\n", encoding="utf-8")
    scan_files([tmp_path / "README.md"])


@pytest.mark.parametrize(
    ("name", "text", "location"),
    [
        ("train-00000.jsonl", lines(chat("你好"), chat(f"手机{MOBILE}")), "train-00000.jsonl:2"),
        ("train-00000.jsonl", lines(chat("１３８ 1234－5678")), "train-00000.jsonl:1"),
        ("exam.jsonl", lines({"a": {"b": [{"c": f"x{MOBILE}"}]}}), "exam.jsonl:1"),
        ("exam.jsonl", lines({MOBILE: 1}), "exam.jsonl:1"),
        ("exam.jsonl", lines({"phone": int(MOBILE)}), "exam.jsonl:1"),
        ("exam.jsonl", f'{{"cut": "{MOBILE}', "exam.jsonl:1"),
        ("review.jsonl", '{"a": "\\u0031\\u0033812345678"}\n', "review.jsonl:1"),
        ("README.md", f"# Data\n\ncall {MOBILE}\n", "README.md:3"),
        ("README.md", f"# {MOBILE} `e06985805676`\n", "README.md:1"),
        ("README.md", "call `e06985805676`\n", "README.md:1"),
        ("recipe.yaml", "name: x\ntoken: sk-abcdefgh1234567890abcd\n", "recipe.yaml:2"),
        ("recipe.yaml", f"api_key: {DIGEST}\n", "recipe.yaml:1"),
        ("manifest.json", json.dumps({"inputs": [{"path": f"{MOBILE}.csv"}]}), "manifest.json:1"),
        ("report.html", f"<p>a</p>\n<td>{MOBILE}</td>", "report.html:2"),
        ("report.html", "<td>&#49;3812345678</td>", "report.html:1"),
        ("notes", f"{MOBILE}", "notes:1"),
    ],
)
def test_a_planted_value_stops_the_release(tmp_path: Path, name: str, text: str, location: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    sentence = refusal(path)
    assert location in sentence
    assert MOBILE not in sentence
    assert "sk-abcdefgh" not in sentence


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("file", ["log.csv", f"{MOBILE}.csv"]),
        ("texts", [["ok"], ["fine", MOBILE]]),
        ("source", [{"file": "a", "more": {"b": "x"}}, {"file": MOBILE, "more": {"b": "y"}}]),
        ("messages", [[{"content": "hi"}], [{"content": MOBILE}]]),
    ],
)
def test_a_planted_value_in_any_parquet_column_stops_the_release(
    tmp_path: Path, column: str, values: list[object]
) -> None:
    path = tmp_path / "ledger.parquet"
    pl.DataFrame({"id": [DIGEST, DIGEST], column: values}).write_parquet(path)
    sentence = refusal(path)
    assert f"ledger.parquet:{column}:2" in sentence
    assert "mobile 1" in sentence
    assert MOBILE not in sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("train-00000.jsonl", lines(chat("您的[手机号1]和[订单x]"), chat("热线400-820-8820，95588", digest("a")))),
        ("train-00000.jsonl", lines(chat("请提供订单号"), {"content": "20231124000188"})),
        ("train-00000.jsonl", ""),
        ("train-00000.jsonl", "\n"),
        ("README.md", f"| train-00000.jsonl | 4514 | 35623167 | `{DIGEST}` |\nprice 1299, 2023-11-24\n"),
        ("recipe.yaml", f"digest: {DIGEST}\nseed: 20231124\nlearning_rate: 0.0001\n"),
        ("manifest.json", json.dumps({"id": DIGEST, "bytes": 1381234, "shards": [{"digest": DIGEST * 2}]})),
        ("report.html", f"<td>{DIGEST}</td><td>0.138123</td><td>192.168.1.1</td>"),
    ],
)
def test_what_is_no_personal_data_passes(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    scan_files([path])


def test_digests_and_numbers_of_a_ledger_pass(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    ids = [digest(n) for n in range(5000)]
    rows = list(range(13812345678, 13812350678))
    pl.DataFrame({"id": ids, "row": rows, "file": "log.csv", "twin": None, "score": 0.5}).write_parquet(path)
    scan_files([path])


def test_the_error_counts_by_kind_and_names_a_few_places(tmp_path: Path) -> None:
    path = tmp_path / "train-00000.jsonl"
    path.write_text(lines(*[chat(f"{MOBILE} a@example.com")] * 8), encoding="utf-8")
    sentence = refusal(path)
    assert "email 8, mobile 8" in sentence
    assert "train-00000.jsonl:5 (id of the record), … (8)" in sentence
    assert "train-00000.jsonl:6" not in sentence


def test_kinds_that_the_recipe_leaves_in_pass(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(chat(MOBILE)), encoding="utf-8")
    scan_files([path], Gate(kinds=("email",)))
    with pytest.raises(GateError):
        scan_files([path], Gate(kinds=("email", "mobile")))


def test_bytes_that_are_no_text_hide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": "\xff ' + MOBILE.encode() + b'"}' + os.linesep.encode())
    assert "a.jsonl:1" in refusal(path)


@pytest.mark.parametrize("kind", KINDS.names())
def test_every_example_of_a_kind_is_found_in_a_line_of_records(tmp_path: Path, kind: str) -> None:
    """Lines are screened as a whole, so that a text's own beginning and end must not matter."""
    for number, (text, _) in enumerate(KINDS.load(kind).examples.finds):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(lines(chat("你好"), chat(text)), encoding="utf-8")
        assert f"{number}.jsonl:2" in refusal(path)


def shard(*records: dict[str, object]) -> str:
    return "".join(canonical(record) + "\n" for record in records)


@pytest.mark.parametrize(
    "source",
    [
        {"file": f"{MOBILE}.csv", "rows": [2]},
        {"file": f"聊天\\{MOBILE}.csv", "rows": [2]},
        {"file": "a.csv", "rows": [int(MOBILE)]},
        {"file": "a.csv", "rows": [f"{MOBILE}"]},
        {"file": "a.csv", "rows": [[2], int(MOBILE)]},
    ],
)
def test_a_source_that_tells_of_a_person_stops_the_release(tmp_path: Path, source: dict[str, object]) -> None:
    path = tmp_path / "train-00000.jsonl"
    fine = {"file": "a.csv", "rows": [1]}
    path.write_text(shard(*(chat("你好") | {"source": shown} for shown in (fine, source, source))), encoding="utf-8")
    assert "train-00000.jsonl:2" in refusal(path)


def test_many_rows_of_one_file_pass_and_do_not_hide_what_stands_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "train-00000.jsonl"
    source = {"file": "/data/exports/2026/conversations-of-october.csv", "rows": [9_999_999, 12_345_678]}
    path.write_text(shard(*(chat(text) | {"source": source} for text in ("你好", "再见"))), encoding="utf-8")
    scan_files([path])
    path.write_text(shard(*(chat(text) | {"source": source} for text in ("你好", f"手机{MOBILE}"))), encoding="utf-8")
    assert "train-00000.jsonl:2" in refusal(path)


def test_the_error_names_records(tmp_path: Path) -> None:
    path, id = tmp_path / "train-00000.jsonl", digest("a record")
    path.write_text(lines(chat("好"), chat(MOBILE, id)), encoding="utf-8")
    table = tmp_path / "ledger.parquet"
    pl.DataFrame({"id": [digest(1), id], "note": ["好", MOBILE]}).write_parquet(table)
    with pytest.raises(GateError) as caught:
        scan_files([path, table])
    assert f"train-00000.jsonl:2 (id {id})" in caught.value.sentence.zh
    assert f"ledger.parquet:note:2 (id {id})" in caught.value.sentence.en


def test_a_page_is_stopped_before_it_is_written() -> None:
    scan_page("report.html", "<td>[手机号1]</td>\n<td>1,299</td>", Gate())
    with pytest.raises(GateError, match=r"mobile 1.*report\.html:2"):
        scan_page("report.html", "<td>好</td>\n<td>&#49;3812345678</td>", Gate())


def test_fakes_pass_only_where_the_recipe_makes_them_and_when_they_add_up(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    number = fake("order_number", digest(1), "", True)
    path.write_text(lines(chat(f"订单号：{number}")), encoding="utf-8")
    scan_files([path], Gate(faked=("order_number",)))
    with pytest.raises(GateError):
        scan_files([path], Gate(faked=("mobile",)))
    path.write_text(lines(chat(f"订单号：{number[:-1]}{(int(number[-1]) + 1) % 10}")), encoding="utf-8")
    with pytest.raises(GateError):
        scan_files([path], Gate(faked=("order_number",)))


def test_the_assistants_own_name_passes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(chat("My name is Miao.")), encoding="utf-8")
    scan_files([path], Gate(spared=frozenset({"miao"})))
    with pytest.raises(GateError):
        scan_files([path])
