"""Rewordings that a model wrote, out of a file: those that the gate lets pass become records beside their parents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, Protocol

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import NewRecord
from curate.augmenters._paper_guard import paper_questions
from curate.conversations.rewordings import read_rewordings
from curate.duplicates.texts.normalize import alphanumeric
from curate.gate.checks import GateCandidate
from curate.gate.gate import RewordingGate
from curate.stages import Tools
from schemas.digest import digest, digest_file
from schemas.frame import frame_of
from schemas.ledger import EVENTS, events_of
from schemas.rewordings import REWORD, Part, Rewording
from schemas.tags import NEGATIVE, PINNED, REVIEWED, REWORDING
from schemas.version_files import REWORDINGS

OF_PEOPLE = (PINNED, REVIEWED)
"""Tags that say what people decided about a record: nobody has decided about a rewording of it."""


class Refusing(Protocol):
    """Who decides what may be learnt, in a stream: what it accepted counts for all that is asked later."""

    def refusals(self, candidates: Sequence[GateCandidate]) -> list[str]: ...


class Reword(Augmenter):
    """Questions in other words, out of the file that `hornbook reword` writes. No model is called.

    `identity` and `domain` are the most rewordings that a record of that kind gets; with `answers` it gets as many of
    its answer. What the gate refuses is dropped, with the name of the check as the reason, and the next takes its place
    while the file has one. A rewording stands in the group of its parent: the split parts them never. Stands behind
    `mask` and `identity`, and before `split`.
    """

    title_zh: ClassVar[str] = "模型改写的问法（hornbook reword 写出的文件），逐条检查后才进入，构建时不调用模型"
    written_by: ClassVar[str] = "hornbook reword"

    file: str = REWORDINGS
    """From the recipe's folder: a line for each rewording, accepted or not."""
    identity: int = Field(4, ge=0)
    domain: int = Field(1, ge=0)
    answers: bool = False
    """Whether answers are said in other words, too."""

    def reads(self) -> tuple[str, ...]:
        return (self.file,)

    def wanted(self, kind: str, part: Part) -> int:
        """Say how many rewordings of a part a record of a kind may get."""
        if part == "answer" and not self.answers:
            return 0
        return {"identity": self.identity, "domain": self.domain}.get(kind, 0)

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        exam = paper_questions(tools.identity)["text"].to_list()
        return self.add_through(RewordingGate(tools.identity, exam), frame, tools)

    def add_through(self, gate: Refusing, frame: pl.DataFrame, tools: Tools) -> Written:
        """Do the same through any gate."""
        path = tools.folder / self.file
        rewordings = read_rewordings(path)
        candidates, reasons = self._candidates(frame, rewordings)
        accepted, refused = _passed(candidates, _questions(frame), gate)
        reasons |= refused

        source = {"file": self.file, "digest": digest_file(path)}
        rows = [_record(candidates[line], {**source, "rows": [line]}) for line in sorted(accepted)]
        return Written(frame_of(rows), _events(rewordings, reasons))

    def _candidates(
        self, frame: pl.DataFrame, rewordings: Mapping[int, Rewording]
    ) -> tuple[dict[int, "_Reworded"], dict[int, str]]:
        """Find the parents: the rewordings that the gate can be asked about, and why the others are none, by line."""
        parents = _parents(frame, rewordings)
        candidates: dict[int, _Reworded] = {}
        reasons: dict[int, str] = {}
        for line, rewording in rewordings.items():
            parent = parents.get(rewording.parent)
            if parent is None:
                reasons[line] = "no_parent"
            elif rewording.masked:
                reasons[line] = "personal_data"
            elif not self.wanted(parent["kind"], rewording.part) or exchange_of(parent["messages"]) is None:
                reasons[line] = "not_wanted"
            else:
                candidates[line] = _Reworded(rewording, parent, self.wanted(parent["kind"], rewording.part))
        return candidates, reasons


class LastExchange(NamedTuple):
    """The last question of a conversation, and the answer that ends it."""

    question: str
    answer: str


def exchange_of(messages: Sequence[Mapping[str, str]]) -> LastExchange | None:
    """Find the exchange that ends a conversation; None where it does not end with a question and its answer."""
    if [message["role"] for message in messages[-2:]] != ["user", "assistant"]:
        return None
    return LastExchange(messages[-2]["content"], messages[-1]["content"])


class _Reworded(NamedTuple):
    """A rewording with its parent, and how many of this part that one may get."""

    rewording: Rewording
    parent: Mapping[str, Any]
    wanted: int

    def candidate(self) -> GateCandidate:
        question, answer = exchange_of(self.parent["messages"]) or LastExchange("", "")
        return GateCandidate(
            lang=self.parent["lang"],
            part=self.rewording.part,
            question=question,
            answer=answer,
            text=self.rewording.text,
            is_identity=self.parent["kind"] == "identity" and NEGATIVE not in self.parent["tags"],
        )

    def messages(self) -> list[dict[str, str]]:
        messages = [dict(message) for message in self.parent["messages"]]
        messages[-2 if self.rewording.part == "question" else -1]["content"] = self.rewording.text
        return messages


def _parents(frame: pl.DataFrame, rewordings: Mapping[int, Rewording]) -> dict[str, dict[str, Any]]:
    """Find the records that were said in other words, by id."""
    ids = pl.Series(sorted({rewording.parent for rewording in rewordings.values()}), dtype=pl.String)
    found = frame.filter(pl.col("id").is_in(ids.implode()))
    return {record["id"]: record for record in found.iter_rows(named=True)}


def _questions(frame: pl.DataFrame) -> set[str]:
    """Collect the last questions of all records, without case, width and punctuation."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    asked = frame.select(pl.col("messages").list.eval(content.filter(role == "user")).list.last()).to_series()
    return {alphanumeric(text) for text in asked.drop_nulls().unique()}


def _passed(candidates: Mapping[int, _Reworded], asked: set[str], gate: Refusing) -> tuple[list[int], dict[int, str]]:
    """Ask the gate: the first rewording of every parent, then the second, until each has as many as it may get.

    Gives the lines that pass, and why the others do not.
    """
    taken: Counter[tuple[str, Part]] = Counter()
    accepted: list[int] = []
    reasons: dict[int, str] = {}
    for lines in _turns(candidates):
        reasons |= {n: "enough" for n in lines if taken[_of(candidates[n])] >= candidates[n].wanted}
        reasons |= {n: "asked_elsewhere" for n in lines if n not in reasons and _is_asked(candidates[n], asked)}

        waiting = [n for n in lines if n not in reasons]
        refusals = gate.refusals([candidates[n].candidate() for n in waiting])
        for line, reason in zip(waiting, refusals, strict=True):
            if reason:
                reasons[line] = reason
            else:
                accepted.append(line)
                taken[_of(candidates[line])] += 1
    return accepted, reasons


def _turns(candidates: Mapping[int, _Reworded]) -> Iterator[list[int]]:
    """Give the lines by the numbers of their rewordings, those of one number in the order of the parents."""
    ordered = sorted(candidates, key=lambda line: _turn(candidates[line].rewording))
    for _, lines in groupby(ordered, key=lambda line: candidates[line].rewording.number):
        yield list(lines)


def _turn(rewording: Rewording) -> tuple[int, str, Part]:
    return rewording.number, rewording.parent, rewording.part


def _of(reworded: _Reworded) -> tuple[str, Part]:
    """Say what a rewording is of."""
    return reworded.rewording.parent, reworded.rewording.part


def _is_asked(reworded: _Reworded, asked: set[str]) -> bool:
    """Tell whether a rewording is the question of another record, which may have another answer.

    That it is its parent's own question, the gate says.
    """
    if reworded.rewording.part == "answer":
        return False
    text = alphanumeric(reworded.rewording.text)
    return text in asked and text != alphanumeric(reworded.parent["messages"][-2]["content"])


def _record(reworded: _Reworded, source: Mapping[str, Any]) -> NewRecord:
    parent = reworded.parent
    return {
        "id": _id(reworded.rewording),
        "messages": reworded.messages(),
        "kind": parent["kind"],
        "lang": parent["lang"],
        "source": source,
        "parent": parent["id"],
        "group": parent["group"],
        "tags": [*(tag for tag in parent["tags"] if tag not in OF_PEOPLE), REWORDING],
    }


def _id(rewording: Rewording) -> str:
    return digest("record", REWORD, *rewording.key, rewording.text)


def _events(rewordings: Mapping[int, Rewording], reasons: Mapping[int, str]) -> pl.DataFrame:
    """Book what does not come in; `twin` is the parent, where there is one."""
    schema = {name: EVENTS[name] for name in ("id", "reason", "twin")}
    lines = [
        (_id(rewordings[n]), reason, None if reason == "no_parent" else rewordings[n].parent)
        for n, reason in reasons.items()
    ]
    left_out = pl.DataFrame(lines, schema, orient="row").sort("id")
    return pl.concat([events_of(left_out.select("id"), REWORD, "added"), events_of(left_out, REWORD, "dropped")])
