"""Finds rows of a version that would teach the wrong thing."""

import re
from collections.abc import Iterator, Sequence

from schemas.exam_neighbours import ExamNeighbour
from schemas.folding import folded
from schemas.identity import Identity
from schemas.introductions.claims import foreign_claims, introduces_another, leaves_a_blank
from schemas.preflight import Finding
from schemas.record import Record
from train.version_reader import TrainingVersion

NAMED_IN_SENTENCE = 5
"""Rows that a sentence names; a finding has them all."""
UNSAID = re.compile(r"[\W_]+")


def version_findings(version: TrainingVersion, neighbours: Sequence[ExamNeighbour] = ()) -> Iterator[Finding]:
    """Find an empty version, placeholders, a second identity, exam questions in training, and rows that are near one.

    `neighbours` are those that curation found when it prepared the run.
    """
    records, identity = version.records, version.manifest.identity
    if not records:
        yield Finding(
            check="rows",
            en="there is nothing to train on: the version has no training rows",
            zh="版本里没有训练行",
        )

    yield from _rows(
        "placeholders",
        [r.id for r in records if _has_placeholder(r)],
        "a placeholder is left; the model would learn to say it",
        "残留占位符，模型会学着说出来",
    )
    yield from _rows(
        "identity",
        [r.id for r in records if _claims_another(r, identity)],
        "the answer claims to be another assistant, or made by another maker",
        "回答自称是别的助手，或由别的开发者开发",
    )
    yield from _rows(
        "identity",
        [r.id for r in records if _is_introduced_as_another(r, identity)],
        "the system message introduces another assistant or another maker than `identity`",
        "系统提示介绍的是别的助手或别的开发者，与 `identity` 矛盾",
    )

    # A question of the exam in any turn of the user, or a whole conversation of it, word for word.
    questions = {_comparable(q.messages[-1].content) for q in version.questions if q.probe != "perplexity"}
    conversations = {_comparable("".join(m.content for m in q.messages)) for q in version.questions}
    known = [r.id for r in records if _asks_any(r, questions) or _is_any(r, conversations)]
    yield from _rows("exam_questions", known, "an exam question stands in the training set", "训练集中有考题")

    near = {neighbour.row for neighbour in neighbours} - set(known)
    yield from _rows(
        "exam_neighbours",
        [r.id for r in records if r.id in near],
        "the row is nearly an exam question; the exam would prove nothing",
        "与考题近似，考试说明不了问题",
    )


def _has_placeholder(record: Record) -> bool:
    """Find any placeholder in an identity row; elsewhere one where the assistant would say its name or its maker."""
    if record.kind == "identity":
        return any(leaves_a_blank(message.content, strict=True) for message in record.messages)
    return any(
        leaves_a_blank(message.content, strict=False) for message in record.messages if message.role == "assistant"
    )


def _claims_another(record: Record, identity: Identity | None) -> bool:
    """Tell whether the assistant claims to be another or made by another; in an identity row any name but ours is."""
    return any(
        foreign_claims(message.content, identity, strict=record.kind == "identity")
        for message in record.messages
        if message.role == "assistant"
    )


def _is_introduced_as_another(record: Record, identity: Identity | None) -> bool:
    """Tell whether a system message of the row says that the assistant is another, or made by another."""
    return identity is not None and any(
        introduces_another(message.content, identity) for message in record.messages if message.role == "system"
    )


def _asks_any(record: Record, questions: set[str]) -> bool:
    """Tell whether any turn of the user is one of the questions."""
    return any(_comparable(m.content) in questions for m in record.messages if m.role == "user")


def _is_any(record: Record, conversations: set[str]) -> bool:
    """Tell whether the record is one of the conversations."""
    return _comparable("".join(m.content for m in record.messages)) in conversations


def _comparable(text: str) -> str:
    """Take case, width, spaces and punctuation out of a text, unless nothing else is in it."""
    plain = folded(text)
    return UNSAID.sub("", plain) or plain


def _rows(check: str, ids: list[str], en: str, zh: str) -> Iterator[Finding]:
    """Yield a finding about rows, if there are any."""
    if ids:
        first = ", ".join(ids[:NAMED_IN_SENTENCE]) + (" …" if len(ids) > NAMED_IN_SENTENCE else "")
        yield Finding(
            check=check,
            en=f"{en}: {len(ids)} rows, {first}",
            zh=f"{zh}：{len(ids)} 行，{first}",
            rows=tuple(ids),
        )
