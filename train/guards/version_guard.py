"""Finds rows of a version that would teach the wrong thing."""

import re
from collections.abc import Iterator, Sequence

from schemas.exam_neighbours import ExamNeighbour
from schemas.folding import folded
from schemas.identity import Identity
from schemas.placeholders import name_placeholders, placeholders
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
        [r.id for r in records if _introduces_itself_as_rival(r, identity)],
        "the answer claims to be another assistant",
        "回答自称是别的助手",
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
    """Find any placeholder in an identity row; placeholders for a name everywhere. Masks of platforms are content."""
    find = placeholders if record.kind == "identity" else name_placeholders
    return any(find(message.content) for message in record.messages)


def _introduces_itself_as_rival(record: Record, identity: Identity | None) -> bool:
    """Tell whether the assistant says "I am <rival>" or "I am …, developed by <rival>" of itself.

    The rivals are those of the recipe. `rules.foreign_identity` drops such replies before, by a list of its own and in
    more wordings; `names_rival_undenied` of the answer checks marks answers of the exam, where a bare name is enough.
    """
    if identity is None or not identity.rivals:
        return False
    names = "|".join(re.escape(rival) for rival in sorted(identity.rivals, key=len, reverse=True))
    claim = re.compile(
        rf"(?:我是|我叫|我就是|我的名字是)(?:一个|一款)?(?:{names})|(?:我是|作为)[^。！？\n]{{0,12}}由\s?(?:{names})"
        rf"|\b(?:I am|I'm|I’m|my name is)\s+(?:an?\s+)?(?:{names})(?![A-Za-z])"
        r"|\b(?:I am|I'm|I’m|as)\s+an?\s[^.!?\n]{0,50}\b(?:trained|developed|created|made|built) by "
        rf"(?:{names})(?![A-Za-z])",
        re.IGNORECASE,
    )
    return any(claim.search(m.content) for m in record.messages if m.role == "assistant")


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
