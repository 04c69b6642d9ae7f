"""An answer is read strictly: of the shape that was asked for, or one word for what is wrong with it."""

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from curate.llm.reply import RawReply, Usage, read_reply


class Verdict(BaseModel):
    score: int = Field(ge=1, le=5)
    tone: Literal["kind", "cold"]


GOOD = '{"score": 4, "tone": "kind"}'
RAW = RawReply(text=GOOD, finish="stop", usage=Usage(tokens_in=1, tokens_out=1))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\n  {GOOD}\n",
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}\n```",
        f"<think>\nIs it {{kind}}? Yes.\n</think>\n\n{GOOD}",
        '{"tone": "kind",\n "score": 4}',
        '{"score": 4, "tone": "kind", "more": "a word too many"}',
    ],
)
def test_an_answer_of_the_shape_is_a_value(text: str) -> None:
    reply = read_reply(RAW.model_copy(update={"text": text}), Verdict, cached=False)
    assert (reply.value, reply.fault) == (Verdict(score=4, tone="kind"), "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("<think>hm</think>", "empty"),
        ("```json\n\n```", "empty"),
        ("Sure! Here it is.", "invalid_json"),
        (f"Sure! {GOOD}", "invalid_json"),
        (f"{GOOD} I hope this helps.", "invalid_json"),
        (GOOD[:-1], "invalid_json"),
        (GOOD.replace('"', "'"), "invalid_json"),
        (f"{GOOD}\n{GOOD}", "invalid_json"),
        ('{"score": 4, "tone": "\\ud800"}', "invalid_json"),
        (f"[{GOOD}]", "wrong_shape"),
        ("null", "wrong_shape"),
        ('{"score": "4", "tone": "kind"}', "wrong_shape"),
        ('{"score": 9, "tone": "kind"}', "wrong_shape"),
        ('{"score": 4, "tone": "warm"}', "wrong_shape"),
        ('{"score": 4}', "wrong_shape"),
    ],
)
def test_any_other_answer_has_a_fault_and_no_value(text: str, fault: str) -> None:
    reply = read_reply(RAW.model_copy(update={"text": text}), Verdict, cached=True)
    assert (reply.value, reply.fault, reply.cached) == (None, fault, True)


@pytest.mark.parametrize(
    ("update", "fault"),
    [
        ({"finish": "length"}, "cut_off"),
        ({"finish": "content_filter"}, "refused"),
        ({"is_refusal": True}, "refused"),
        ({"finish": ""}, ""),
        ({"finish": "eos"}, ""),
    ],
)
def test_what_the_server_says_of_an_answer_counts_before_its_text(update: dict[str, object], fault: str) -> None:
    assert read_reply(RAW.model_copy(update=update), Verdict, cached=False).fault == fault
