"""Gathers the pairs of a version, and leaves out what must not be learnt from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from curate.preferences.blind import BlindSheets, pairs_of_blind
from curate.preferences.conflicts import pairs_of_conflicts
from curate.preferences.edits import pairs_of_edits
from curate.preferences.found import FoundPairs, left_out_in_words, together
from curate.privacy.release_gate import Gate, private_texts
from curate.stages.mask import gate_of
from curate.store.read_version import read_recipe
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import GateError
from schemas.identity import Identity
from schemas.preferences import AnswerPair


def find_pairs(version: Path, store: Store, blind: BlindSheets | None = None) -> FoundPairs:
    """Find what people prefer, by what they decided about a version, and in a blind comparison where one is given.

    Raises StoreError for a damaged version, InputError for sheets that do not fit, GateError where there is no pair.
    """
    manifest = verify(version)
    found = together(
        [
            pairs_of_edits(version, store, store.recipe_folder(manifest.name)),
            pairs_of_conflicts(version, store),
            pairs_of_blind(version, store, blind) if blind else FoundPairs(),
        ]
    )

    gate = gate_of(read_recipe(version), manifest.identity or Identity())
    found = found.without([_fault(pair) for pair in found.pairs])
    found = found.without(list(_private(found.pairs, gate)))
    found = found.without(list(_said_before(found.pairs)))
    if not found.pairs:
        why = left_out_in_words(found)
        raise GateError(
            "there is no pair to export: an edited answer, a decided conflict or a blind comparison (--blind) makes one"
            + (f"; left out: {why.en}" if why.en else ""),
            "没有可以导出的偏好对：改写过的回答、已裁定的冲突或盲评（--blind）才能产生偏好对"
            + (f"；未采用：{why.zh}" if why.zh else ""),
        )
    return found


def _fault(pair: AnswerPair) -> str | None:
    """Say what is wrong with one pair. What differs in white space alone is the same."""
    roles = [message.role for message in pair.prompt if message.role != "system"]
    systems = [index for index, message in enumerate(pair.prompt) if message.role == "system"]
    if roles != [("user", "assistant")[index % 2] for index in range(len(roles))] or len(roles) % 2 == 0:
        return "other_turns"
    if systems not in ([], [0]):
        return "other_turns"
    if not pair.chosen.strip() or not pair.rejected.strip():
        return "no_answer"
    chosen, rejected = ("".join(text.split()) for text in (pair.chosen, pair.rejected))
    return "equal" if chosen == rejected else None


def _private(pairs: Sequence[AnswerPair], gate: Gate) -> Iterator[str | None]:
    """Find the pairs that hold what must not leave: an answer that was rejected was in no version yet."""
    texts = [[*(message.content for message in pair.prompt), pair.chosen, pair.rejected] for pair in pairs]
    owners = [index for index, of_pair in enumerate(texts) for _ in of_pair]
    private = {owners[n] for n in private_texts([text for of_pair in texts for text in of_pair], gate)}
    yield from ("private" if index in private else None for index in range(len(pairs)))


def _said_before(pairs: Sequence[AnswerPair]) -> Iterator[str | None]:
    """Find the pairs that say what another one said before, and all that contradict each other."""
    seen: set[tuple[object, ...]] = set()
    every = {(pair.prompt, pair.chosen, pair.rejected) for pair in pairs}
    for pair in pairs:
        says = (pair.prompt, pair.chosen, pair.rejected)
        opposite = (pair.prompt, pair.rejected, pair.chosen)
        yield "contradicted" if opposite in every else "repeated" if says in seen else None
        seen.add(says)
