"""A store beside a dictionary: whatever is done to it, in whatever order, it holds what the dictionary says.

Real builds, reviews and erasures are played in `test_book_machine`.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from curate.store.gc import collect_garbage, find_garbage, reachable
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest, digest_bytes
from schemas.errors import InputError, LockedError, StoreError
from schemas.manifest import Shard
from tests.curate.store.test_store import manifest, put

TAGS = st.sampled_from(["good", "v1", "for-training"])


class StoreMachine(RuleBasedStateMachine):
    """The model: the content of every version by id, its parents, the head, the tags, and who is damaged."""

    versions = Bundle("versions")

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.store = Store(self.root)
        self.content: dict[str, bytes] = {}
        self.parents: dict[str, tuple[str, ...]] = {}
        self.tags: dict[str, str] = {}
        self.head: str | None = None
        self.damaged: set[str] = set()

    @rule(target=versions, content=st.binary(max_size=3))
    def build(self, content: bytes) -> str:
        id = digest("content", content.hex())[:12]
        path = put(self.store, id, content)
        if id not in self.content:
            self.content[id] = content
            self.parents[id] = (self.head,) if self.head else ()
        self.head = id
        assert path.name == id
        return id

    @rule(content=st.binary(max_size=3))
    def build_that_dies(self, content: bytes) -> None:
        try:
            with self.store.writing("book") as folder:
                (folder / "train-00000.jsonl").write_bytes(content)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass

    @rule(content=st.binary(max_size=3), point=st.sampled_from(["staging", "unnamed"]))
    def build_that_is_killed(self, content: bytes, point: str) -> None:
        """What a killed writer leaves, before and after the folder has its place."""
        folder = self.store.dataset("book") / (".building-1" if point == "staging" else "dead00000000")
        folder.mkdir(parents=True, exist_ok=True)
        shard = Shard(name="train-00000.jsonl", digest=digest_bytes(content), bytes=len(content), rows=1)
        (folder / "train-00000.jsonl").write_bytes(content)
        (folder / ".manifest.json").write_bytes(manifest("dead00000000", (shard,)).to_json())

    @rule(version=versions, tag=TAGS)
    def tag(self, version: str, tag: str) -> None:
        if version in self.content:
            self.store.tag(self.store.version("book", version), tag)
            self.tags[tag] = version

    @rule(tag=TAGS)
    def untag(self, tag: str) -> None:
        try:
            self.store.untag("book", tag)
            assert self.tags.pop(tag, None)
        except InputError:
            assert tag not in self.tags

    @rule(content=st.binary(max_size=3))
    def write_while_another_writes(self, content: bytes) -> None:
        with self.store.locked("book"):
            try:
                put(Store(self.root), "feed00000000", content)
                raise AssertionError
            except LockedError as error:
                assert error.exit_code == 3

    @rule(dry=st.booleans())
    def gc(self, dry: bool) -> None:
        known = self._reachable()
        lost = set(self.content) - known
        found = {
            thing.path.name for thing in (find_garbage if dry else collect_garbage)(self.store, "book", "plan.json")
        }
        assert found - {".building-1", "dead00000000"} == lost
        if not dry:
            for id in lost:
                del self.content[id]
                self.damaged.discard(id)

    @rule(version=versions, offset=st.integers(0, 2000))
    def damage(self, version: str, offset: int) -> None:
        if version not in self.content or version in self.damaged:
            return
        path = self.store.version("book", version) / "manifest.json"
        whole = path.read_bytes()
        offset %= len(whole)
        harmed = self.root / "harmed"
        harmed.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        try:
            shutil.copytree(path.parent, self.root / "copy")
            shutil.copy(harmed, self.root / "copy" / "manifest.json")
            verify(self.root / "copy")
            raise AssertionError
        except StoreError:
            pass
        finally:
            shutil.rmtree(self.root / "copy", ignore_errors=True)

    def _reachable(self) -> set[str]:
        waiting, known = [id for id in (self.head, *self.tags.values()) if id], set()
        while waiting:
            id = waiting.pop()
            if id not in known:
                known.add(id)
                waiting += self.parents.get(id, ()) if id in self.content else ()
        assert reachable(self.store, "book") == known
        return known

    @invariant()
    def the_store_is_what_the_model_says(self) -> None:
        assert set(self.store.versions("book")) == set(self.content)
        assert self.store.head("book") == self.head
        assert self.store.tags("book") == dict(sorted(self.tags.items()))
        for id, content in self.content.items():
            folder = self.store.version("book", id)
            assert (folder / "train-00000.jsonl").read_bytes() == content
            assert read_manifest(folder).parents == self.parents[id]
            assert verify(folder).id == id

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


StoreMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestStore = StoreMachine.TestCase
