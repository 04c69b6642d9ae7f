"""A record: one conversation, and where it came from."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["system", "user", "assistant"]
Kind = Literal["domain", "identity", "general", "refusal"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Frozen(BaseModel):
    """The base of every model: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(Frozen):
    role: Role
    content: str


class Source(Frozen):
    """Where a record came from. `rows` are the row numbers of `file`, counted from 1.

    `file` is the path as the recipe names it and `digest` that of the file's bytes. A record that was
    written by an augmenter has the augmenter's name as `file`.
    """

    file: str
    digest: str
    rows: tuple[int, ...]


class Record(Frozen):
    """One conversation.

    `id` digests the raw messages and is the same in every version. `parent` is the id of the record that this
    one was reworded from. Records of one `group` stand on one side of the split.
    """

    id: str
    messages: tuple[Message, ...] = Field(min_length=1)
    kind: Kind
    lang: str
    source: Source
    parent: str | None = None
    group: str
    tags: tuple[str, ...] = ()
