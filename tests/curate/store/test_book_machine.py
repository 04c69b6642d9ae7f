"""A book beside a dictionary: built, reviewed, tagged, forgotten, collected in any order, it holds what that says."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from curate.build.build import build
from curate.erasure.conditions import conditions_of
from curate.erasure.erase import find_targets, forget
from curate.publish.export import training_rows
from curate.recipe.load import load_recipe
from curate.store.gc import collect_garbage, find_garbage, reachable
from curate.store.read_version import read_manifest
from curate.store.store import PLAN, Store
from curate.store.verify import verify
from schemas.errors import GateError, InputError, LockedError, StoreError

ROWS = ("猫", "狗", "鸟")
"""What the only row of each raw file is about."""
RECIPE = """\
version: 1
name: book
inputs: [{inputs}]
stages: [{{mask: {{kinds: [mobile]}}}}, review]
"""
INPUT = "{{path: {row}.jsonl, format: {{pairs: {{question: q, answer: a}}}}}}"
SOME = st.sets(st.sampled_from(ROWS), min_size=1).map(lambda rows: tuple(sorted(rows)))
TAGS = st.sampled_from(["good", "v1", "for-training"])
INDICES = st.integers(0, 10**6)


def question(row: str) -> str:
    return f"这里可以寄养{row}吗？"


def write_raw(folder: Path) -> None:
    for row in ROWS:
        line = json.dumps({"q": question(row), "a": f"可以寄养{row}。"}, ensure_ascii=False)
        (folder / f"{row}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (folder / "reviews.jsonl").write_bytes(b"")


def built(folder: Path, rows: tuple[str, ...]) -> Path:
    inputs = ", ".join(INPUT.format(row=row) for row in rows)
    (folder / "recipe.yaml").write_text(RECIPE.format(inputs=inputs), encoding="utf-8")
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def answers_of(version: Path) -> dict[str, str]:
    """The answer to each question."""
    lines = training_rows(version, read_manifest(version))["messages"].to_list()
    return {messages[0]["content"]: messages[-1]["content"] for messages in lines}


@cache
def ids() -> dict[str, str]:
    """The id of the record that each row makes."""
    with tempfile.TemporaryDirectory() as folder:
        write_raw(Path(folder))
        version = built(Path(folder), ROWS)
        records = training_rows(version, read_manifest(version)).iter_rows(named=True)
        return {record["source"]["file"].removesuffix(".jsonl"): record["id"] for record in records}


@dataclass
class Known:
    """What the model knows of a version."""

    rows: tuple[str, ...]
    reviews: bytes
    answers: dict[str, str]
    parents: tuple[str, ...]

    def content(self) -> tuple[object, ...]:
        return self.rows, self.reviews, tuple(sorted(self.answers.items()))


class BookMachine(RuleBasedStateMachine):
    """The model: every version by id, the head, the tags, what people decided, and who is forgotten."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.store = Store(self.root)
        write_raw(self.root)
        self.known: dict[str, Known] = {}
        self.named: dict[tuple[object, ...], str] = {}
        """The id of every content that there ever was."""
        self.head: str | None = None
        self.tags: dict[str, str] = {}
        self.decided: dict[str, tuple[str, str]] = {}
        self.forgotten: set[str] = set()
        self.gone: dict[str, str] = {}

    def _expected(self, rows: tuple[str, ...]) -> dict[str, str]:
        expected = {}
        for row in rows:
            verdict, answer = self.decided.get(row, ("", ""))
            if row not in self.forgotten and verdict != "reject":
                expected[question(row)] = answer or f"可以寄养{row}。"
        return expected

    def _note(self, id: str, known: Known) -> None:
        assert self.named.setdefault(known.content(), id) == id
        self.known.setdefault(id, known)

    @rule(rows=SOME)
    def build(self, rows: tuple[str, ...]) -> None:
        try:
            version = built(self.root, rows)
        except GateError:  # nothing is left to train on
            assert not self._expected(rows)
            return
        parents = (self.head,) if self.head else ()
        reviews = (self.root / "reviews.jsonl").read_bytes()
        self._note(version.name, Known(rows, reviews, self._expected(rows), parents))
        self.head = version.name

    @rule(row=st.sampled_from(ROWS), verdict=st.sampled_from(["accept", "reject", "edit"]), number=st.integers(1, 2))
    def review(self, row: str, verdict: str, number: int) -> None:
        answer = f"只能寄养{number}天。" if verdict == "edit" else ""
        line = {"id": ids()[row], "verdict": verdict, "answer": answer}
        with (self.root / "reviews.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.decided[row] = (verdict, answer)

    @precondition(lambda self: self.known)
    @rule(index=INDICES, tag=TAGS)
    def tag(self, index: int, tag: str) -> None:
        id = self._version(index)
        self.store.tag(self.store.version("book", id), tag)
        self.tags[tag] = id

    @rule(tag=TAGS)
    def untag(self, tag: str) -> None:
        try:
            self.store.untag("book", tag)
            assert self.tags.pop(tag, None)
        except InputError:
            assert tag not in self.tags

    @precondition(lambda self: self.known)
    @rule(dry=st.booleans())
    def gc(self, dry: bool) -> None:
        lost = set(self.known) - self._reachable()
        found = {thing.path.name for thing in (find_garbage if dry else collect_garbage)(self.store, "book", PLAN)}
        assert found & set(self.known) == lost
        if not dry:
            for id in lost:
                del self.known[id]

    @rule(row=st.sampled_from(ROWS), by_text=st.booleans())
    def forget(self, row: str, by_text: bool) -> None:
        where = f"text={question(row)}" if by_text else f"source.row in {row}.jsonl:1"
        if not any(row in known.rows for known in self.known.values()):
            return
        stone = forget(self.store, "book", find_targets(self.store, "book", conditions_of([where]), self.root))
        self.forgotten.add(row)
        meant = {id: known for id, known in self.known.items() if question(row) in known.answers}
        assert set(stone.versions) == set(meant)
        self.gone |= stone.versions
        for id in meant:
            del self.known[id]
        for id, known in meant.items():
            left = {asked: answer for asked, answer in known.answers.items() if asked != question(row)}
            new = {self._last(parent) for parent in known.parents} & {*self.known, *stone.versions.values()}
            self._note(stone.versions[id], Known(known.rows, known.reviews, left, tuple(new)))
        self.head = self._last(self.head) if self.head else None
        self.tags = {tag: self._last(id) for tag, id in self.tags.items()}

    @precondition(lambda self: self.known)
    @rule(index=INDICES, byte=INDICES)
    def damage(self, index: int, byte: int) -> None:
        """One changed byte in a copy of a version."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(self.store.version("book", self._version(index)), copy)
            files = sorted(path for path in copy.iterdir() if path.stat().st_size)
            path = files[byte % len(files)]
            content = bytearray(path.read_bytes())
            content[byte % len(content)] ^= 1
            path.write_bytes(content)
            try:
                verify(copy)
                raise AssertionError(path.name)
            except StoreError:
                pass

    @rule(rows=SOME)
    def build_while_another_writes(self, rows: tuple[str, ...]) -> None:
        with self.store.locked("book"):
            try:
                built(self.root, rows)
                raise AssertionError
            except LockedError as error:
                assert error.exit_code == 3

    def _version(self, index: int) -> str:
        return sorted(self.known)[index % len(self.known)]

    def _last(self, id: str) -> str:
        while id in self.gone:
            id = self.gone[id]
        return id

    def _reachable(self) -> set[str]:
        waiting, found = [id for id in (self.head, *self.tags.values()) if id], set()
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting += [self._last(parent) for parent in self.known[id].parents] if id in self.known else []
        assert reachable(self.store, "book") & set(self.known) == found & set(self.known)
        return found

    @invariant()
    def the_book_is_what_the_model_says(self) -> None:
        assert set(self.store.versions("book")) == set(self.known)
        assert self.store.head("book") == self.head
        assert self.store.tags("book") == dict(sorted(self.tags.items()))
        for id, known in self.known.items():
            version = self.store.version("book", id)
            assert answers_of(version) == known.answers
            assert verify(version).parents == known.parents
            for row in self.forgotten:
                assert not any(question(row).encode() in path.read_bytes() for path in version.iterdir())

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


BookMachine.TestCase.settings = settings(max_examples=4, stateful_step_count=20, deadline=None)
TestBook = BookMachine.TestCase
