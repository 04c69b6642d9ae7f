"""Questions and settings for tests that ask a server of ours."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from curate.llm.client import Client
from curate.llm.reply import ModelReply
from curate.llm.request import Request
from schemas.llm import LlmSettings
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction


class Reworded(BaseModel):
    text: str


def question(number: int) -> Request:
    return Request("Reword the question.", {"question": f"第 {number} 个问题"}, Reworded)


def questions(count: int) -> list[Request]:
    return [question(number) for number in range(count)]


def client(server: FaultyServer, folder: Path, **more: Any) -> Client:
    values = {"base_url": server.url, "model": "tiny", "timeout": 5, "retries": 2, **more}
    return Client(LlmSettings.model_validate(values), folder)


def asked(client: Client, requests: list[Request]) -> list[ModelReply]:
    pairs = list(client.ask(requests))
    assert [index for index, _ in pairs] == list(range(len(requests)))
    return [reply for _, reply in pairs]


def echo(call: Call) -> Reaction:
    """Answers with the question, so that an answer at the wrong index is seen."""
    return Reaction(content=Reworded(text=call.data["question"]).model_dump_json())


def is_echo(replies: list[ModelReply]) -> bool:
    return [reply.value for reply in replies] == [Reworded(text=q.data["question"]) for q in questions(len(replies))]
