"""Answers that people preferred in a blind comparison to the other's, with the names that they did not see."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from curate.build.plan import tools_of
from curate.experiments.blind_key import BlindKey, PairKey, read_key
from curate.experiments.blind_pairs import KeyedAnswers, answers_behind, read_run
from curate.experiments.blind_sheet import Choice, FilledSheet, read_sheets
from curate.preferences.found import FoundPairs, LeftOut
from curate.recipe.load import RecipeFile
from curate.stages.quality import NAME, Quality
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from schemas.errors import HornbookError, InputError
from schemas.exam import Probe
from schemas.frame import frame_of
from schemas.preferences import AnswerPair
from schemas.record import Kind
from schemas.run_files import RunFiles

KIND_OF: dict[Probe, Kind] = {
    **dict.fromkeys(("in_scope", "own", "hallucination", "perplexity"), "domain"),
    **dict.fromkeys(("identity", "trap", "consistency", "negative"), "identity"),
    **dict.fromkeys(("refusal", "look_alike"), "refusal"),
    **dict.fromkeys(("general", "unrelated"), "general"),
}
"""The kind of record that a question of the exam is like: rules judge by it."""


class BlindSheets(NamedTuple):
    """The key of a blind comparison, and the sheets that reviewers filled in."""

    key: Path
    sheets: tuple[Path, ...]


def pairs_of_blind(version: Path, store: Store, blind: BlindSheets) -> FoundPairs:
    """Pair the answers that all who judged a pair prefer with the others. What they prefer must pass the rules.

    Raises InputError where the run is not in the store whose answers were compared.
    """
    key = read_key(blind.key)
    sheets = read_sheets(blind.sheets, key)
    answers = _answers(store, read_manifest(version).name, key)

    pairs: list[AnswerPair] = []
    left_out: LeftOut = Counter()
    for pair in key.pairs:
        found = _answer_pair(pair, _choice(pair, sheets), answers[pair.number])
        if isinstance(found, str):
            left_out["blind", found] += 1
        else:
            pairs.append(found)
    passing = _passing(version, pairs)
    return FoundPairs(tuple(pairs), left_out).without([None if p.id in passing else "fails_rules" for p in pairs])


def _answers(store: Store, name: str, key: BlindKey) -> dict[int, KeyedAnswers]:
    """Find the answers behind the key in the runs on the versions of a dataset."""
    for run in store.runs(name):
        if not RunFiles(run).exam.is_file():
            continue
        try:
            found = answers_behind(read_run(run), key)
        except HornbookError:  # another run, of which something is gone
            continue
        if found is not None:
            return found
    raise InputError(
        f"no run on {name} in {store.root / 'runs'} has the exam whose answers these sheets compare",
        f"{store.root / 'runs'} 中 {name} 的运行里，没有这些盲评表所用的考试",
    )


def _choice(pair: PairKey, sheets: Sequence[FilledSheet]) -> Choice | str:
    """Say which side all prefer who chose, or why there is none."""
    choices = {sheet.choices[pair.number] for sheet in sheets if pair.number in sheet.choices}
    if not choices:
        return "unanswered"
    if len(choices) > 1:
        return "disagreement"
    (choice,) = choices
    return "tie" if choice == "=" else choice


def _answer_pair(pair: PairKey, choice: Choice | str, answers: KeyedAnswers) -> AnswerPair | str:
    if choice not in ("A", "B"):
        return choice
    both = (answers.tuned, answers.other) if choice == pair.tuned else (answers.other, answers.tuned)
    chosen, rejected = (answer.text.strip() for answer in both)
    if not (chosen and rejected):
        return "no_answer"
    if both[0].is_cut:
        return "cut_off"
    return AnswerPair(
        origin="blind",
        record=pair.question,
        kind=KIND_OF[answers.question.probe],
        lang=pair.lang,
        prompt=answers.question.messages,
        chosen=chosen,
        rejected=rejected,
    )


def _passing(version: Path, pairs: Sequence[AnswerPair]) -> set[str]:
    """Find the pairs, by id, whose chosen answer every rule of the version keeps as it is."""
    if not pairs:
        return set()
    recipe = read_recipe(version)
    settings = next((dict(choice.options) for choice in recipe.stages if choice.name == NAME), {})
    quality = Quality.model_validate({**settings, "scores": ""})  # models scored other answers

    records = frame_of([_record(pair) for pair in pairs])
    kept = quality.run(records, tools_of(RecipeFile(recipe, (), version))).kept
    return set(kept.join(records, on=["id", "messages"], how="semi")["id"])


def _record(pair: AnswerPair) -> dict[str, Any]:
    """Write the conversation with the chosen answer as a record."""
    answer = {"role": "assistant", "content": pair.chosen}
    return {
        "id": pair.id,
        "messages": [*(message.model_dump() for message in pair.prompt), answer],
        "kind": pair.kind,
        "lang": pair.lang,
        "source": {"file": "", "digest": "", "rows": []},
        "parent": None,
        "group": pair.id,
        "tags": [],
    }
