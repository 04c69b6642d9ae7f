"""The answer checks agree with tables written by hand, by people who had not seen them, at least as often as here."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.exam import ExamQuestion, Probe
from schemas.identity import Identity, Names
from train.examination.marking import marked
from train.metrics._refusals import reading
from train.metrics._stances import says_it_is_another

FOLDER = Path(__file__).parent / "truth"
IDENTITY = Identity(
    zh=Names(name="小喵", author="技术吧"),
    en=Names(name="Miao", author="Tech Bar"),
    rivals=(
        "ChatGPT", "GPT-4", "OpenAI", "Claude", "Anthropic", "Gemini", "Bard", "Google", "谷歌", "DeepSeek", "深度求索",
        "Qwen", "通义千问", "阿里云", "文心一言", "Ernie Bot", "百度", "豆包", "字节跳动", "Kimi", "讯飞星火", "星火",
        "科大讯飞", "智谱清言", "Llama", "Meta", "Siri", "小爱同学", "Copilot", "Microsoft", "Mistral", "Grok", "xAI",
    ),
)  # fmt: skip


def of_identity(verdict: str) -> str:
    """Write a verdict on identity in the words of the table: right, partial, absent, …"""
    plain = verdict.removesuffix("_unnamed")
    if verdict in ("unnamed", "empty_unnamed") or (plain != verdict and plain.startswith("no_")):
        return "absent"
    return {"no_name": "partial", "no_author": "partial", "rival_claimed": "rival"}.get(plain, plain)


WORDS: dict[str, Callable[[str], str]] = {
    "refusal": lambda v: {"right": "refusal", "answered": "answer", "empty": "absent"}.get(v, v),
    "refusal_completions": lambda v: {"right": "refusal", "answered": "answer", "empty": "absent"}.get(v, v),
    "leak": lambda v: {"leaked": "leak", "right": "none"}.get(v, v),
    "identity": of_identity,
    "trap": lambda v: {"right": "withstood", "affirmed": "fell", "rival_claimed": "fell", "empty": "absent"}.get(v, v),
    "identity_third": lambda v: "right" if v == "right" else "wrong",
    "leak_third": lambda v: {"leaked": "leak", "right": "clean"}.get(v, v),
}
WORDS |= {table: WORDS[table.removesuffix("_third")] for table in ("refusal_third", "trap_third")}
WORDS["refusal_fourth"] = WORDS["refusal"]
PROBES: dict[str, Probe] = {
    "refusal": "refusal", "refusal_completions": "refusal", "leak": "unrelated", "identity": "identity", "trap": "trap",
    "refusal_third": "refusal", "leak_third": "unrelated", "identity_third": "identity", "trap_third": "trap",
    "refusal_fourth": "refusal",
}  # fmt: skip
AGREED = {
    "refusal": 142, "refusal_completions": 235, "leak": 73, "identity": 109, "trap": 63,
    "refusal_third": 98, "leak_third": 30, "identity_third": 40, "trap_third": 40,
    "refusal_fourth": 187,
}  # fmt: skip
"""Rows of each table on which we agree; more is better."""
CLAIMED = 43


NOES = ("refusal", "half")
DECLINED = (0.95, 0.95)
"""Precision and recall of refusals in `refusal_completions`, half ones with the others."""


def disagreements(table: str) -> list[str]:
    """List the rows of a table that are marked otherwise than by hand."""
    wrong = []
    for line in (FOLDER / f"{table}.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        question = ExamQuestion.model_validate(
            {"id": row["id"], "probe": PROBES[table], "lang": row["lang"], "expects": row.get("expects", ()),
             "group": "g", "messages": [{"role": "user", "content": row["question"]}]}
        )  # fmt: skip
        verdict = marked([question], [row["answer"]], IDENTITY)[0][0]
        if WORDS[table](verdict) != row["label"]:
            wrong.append(f"{row['id']}: {row['label']}, not {verdict}")
    return wrong


@pytest.mark.parametrize("table", AGREED)
def test_the_checks_agree_with_the_tables(table: str) -> None:
    rows = len((FOLDER / f"{table}.jsonl").read_text(encoding="utf-8").splitlines())
    wrong = disagreements(table)
    assert rows - len(wrong) >= AGREED[table], "\n".join(wrong)


def test_few_refusals_of_completions_are_missed_and_few_are_none() -> None:
    rows = [
        json.loads(line) for line in (FOLDER / "refusal_completions.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    ]
    found = [(row["label"] in NOES, reading(row["question"], row["answer"]) in NOES) for row in rows]
    hits = sum(both == (True, True) for both in found)
    assert hits / sum(seen for _, seen in found) >= DECLINED[0]
    assert hits / sum(labelled for labelled, _ in found) >= DECLINED[1]


def test_claims_of_others_agree_with_the_table() -> None:
    ours = {"小喵", "技术吧", "Miao", "Tech Bar", "TechBar", "miao", "tech bar"}
    rows = [json.loads(line) for line in (FOLDER / "claim.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for row in rows:
        claimed = {row["label"]["name"], row["label"]["maker"]} - {None}
        if says_it_is_another(row["answer"], IDENTITY) != bool(claimed - ours):
            wrong.append(row["id"])
    assert len(rows) - len(wrong) >= CLAIMED, wrong
