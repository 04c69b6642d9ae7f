"""The card of a version: a README.md that a person, and a dataset page, can read."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import yaml

from curate.publish.export_formats import ExportFormat, text
from schemas.manifest import Manifest
from schemas.preferences import ORIGINS
from schemas.recipe import Recipe
from schemas.stage_names import typed_name
from schemas.version_files import MODEL_SCORES, REWORDINGS, shard_names

FEATURES: tuple[dict[str, Any], ...] = (
    *map(text, ("id", "kind", "lang", "parent", "group")),
    {"name": "messages", "list": [text("role"), text("content")]},
    {"name": "source", "struct": [text("file"), text("digest"), {"name": "rows", "list": "int64"}]},
    {"name": "tags", "list": "string"},
)
"""The fields of a record, as the shards of a version have them."""
HOW = {
    "edit": "wrote an answer anew; the one that was there before is rejected",
    "conflict": "said which of several answers to one question holds",
    "blind": "compared two answers of an exam without knowing whose they are",
}
"""What people did, by the origin of a pair."""
ASKED_IN_EXAMS = (
    "**The prompts of the pairs from blind comparisons are questions of the exam.** An exam that asks them says "
    "nothing of a model that was trained on these pairs."
)


EXAM_IS_ELSEWHERE = "The exam of this version is not here: what is not here cannot be trained on."
EXAM_IS_HERE = "The exam of this version is here, to be read: a model that is trained on it can no longer be examined."


def dataset_card(manifest: Manifest, recipe: Recipe) -> str:
    """Write Markdown with the front matter that dataset pages understand. It holds numbers and file names, no row."""
    return (
        "\n\n".join(
            (
                front_matter(recipe, {"split": "train", "path": shard_names()}, FEATURES, {}),
                f"# {manifest.name} `{manifest.id[:12]}`",
                _taught_identity(manifest),
                f"{manifest.train_rows} training conversations from {sum(i.rows for i in manifest.inputs)} raw rows, "
                f"and {sum(manifest.exam_questions.values())} exam questions that stand in no training row.",
                "## Sources\n\n" + _sources(manifest),
                "## What became of the rows\n\n" + _funnel(manifest),
                "## Shares of the training set\n\n" + _shares(manifest),
                "## Files\n\n`train-*.jsonl` (one conversation a line: `messages`, `kind`, `lang`, `source`, `group`, "
                "`tags`), `exam.jsonl`, `review.jsonl` (for a person to look at, not in training), `ledger.parquet` "
                f"(what became of every row), {_of_models(manifest)}`recipe.yaml`, `manifest.json`.",
            )
        )
        + "\n"
    )


def _of_models(manifest: Manifest) -> str:
    reworded = f"`{REWORDINGS}` (what a model wrote in other words), " if manifest.rewordings else ""
    return reworded + (f"`{MODEL_SCORES}` (what models think of answers), " if manifest.scores else "")


def export_card(manifest: Manifest, recipe: Recipe, export_format: ExportFormat) -> str:
    """Write the card of an export: the same, with the columns and files of its format."""
    loader = {"split": "train", "path": shard_names(export_format.suffix)}
    front = front_matter(recipe, loader, export_format.features, export_format.options)
    return (
        "\n\n".join(
            (
                front_matter(recipe, None, (), {}) if export_format.stands_alone else front,
                f"# {manifest.name} `{manifest.id[:12]}`",
                _taught_identity(manifest),
                f"{manifest.train_rows} training conversations. {_first_paragraph(export_format)} "
                f"{EXAM_IS_HERE if export_format.stands_alone else EXAM_IS_ELSEWHERE}",
                "## Sources\n\n" + _sources(manifest),
                "## What became of the rows\n\n" + _funnel(manifest),
                "## Shares of the training set\n\n" + _shares(manifest),
                "## Files\n\n" + _files(export_format),
            )
        )
        + "\n"
    )


def pairs_card(manifest: Manifest, recipe: Recipe, export_format: ExportFormat, pairs: pl.DataFrame) -> str:
    """Write the card of an export of pairs: how many there are of each origin, and where the version came from."""
    loader = {"split": "train", "path": shard_names(export_format.suffix)}
    counts = dict(pairs["origin"].value_counts().iter_rows())
    table = "\n".join(
        ["| origin | pairs | what people did |", "|---|--:|---|"]
        + [f"| {origin} | {counts[origin]} | {HOW[origin]} |" for origin in ORIGINS if origin in counts]
    )
    return (
        "\n\n".join(
            (
                front_matter(recipe, loader, export_format.features, export_format.options),
                f"# Preferences about {manifest.name} `{manifest.id[:12]}`",
                f"{pairs.height} pairs of answers to the same conversation. {_first_paragraph(export_format)} "
                "For a training on preferences; these are not the conversations that the version trains on.",
                table,
                ASKED_IN_EXAMS if "blind" in counts else "The exam of this version is not here.",
                "## Sources\n\n" + _sources(manifest),
                "## What became of the rows\n\n" + _funnel(manifest),
                "## Files\n\n" + _files(export_format),
            )
        )
        + "\n"
    )


def _files(export_format: ExportFormat) -> str:
    if export_format.stands_alone:
        return f"`*{export_format.suffix}`, `LICENSE` and `NOTICE` (of every source), `recipe.yaml` (how it was made)."
    return (
        f"`train-*{export_format.suffix}`, `LICENSE` and `NOTICE` (of every source), `recipe.yaml` (how it was made), "
        f"`croissant.json`{', `dataset_info.json`' if export_format.llama_factory else ''}."
    )


def _first_paragraph(export_format: ExportFormat) -> str:
    """Read the first paragraph of what the format says of itself."""
    return " ".join((export_format.__doc__ or "").partition("\n\n")[0].split())


def front_matter(
    recipe: Recipe, loader: Mapping[str, str] | None, features: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
) -> str:
    """Write what a dataset page reads; without a `loader` there is nothing for one to load.

    The columns are declared: a loader that guesses breaks on a late first value.
    """
    front: dict[str, Any] = {"license": recipe.licence.lower()} if recipe.licence else {}
    if loader is not None:
        front["configs"] = [{"config_name": "default", "data_files": [dict(loader)], **options}]
    if features:
        front["dataset_info"] = {"features": [dict(feature) for feature in features]}
    return f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False)}---"


def _taught_identity(manifest: Manifest) -> str:
    names = [n for n in (manifest.identity.zh, manifest.identity.en) if n] if manifest.identity else []
    return "Teaches: " + (", ".join(f"{n.name} by {n.author}" for n in names) or "no identity") + "."


def _sources(manifest: Manifest) -> str:
    rows = [
        f"| {i.path} | {i.kind} | {i.encoding} | {i.rows} | {i.bad} | {i.licence or 'not stated'} |"
        for i in manifest.inputs
    ]
    table = "\n".join(["| file | kind | encoding | rows | unreadable | licence |", "|---|---|---|--:|--:|---|", *rows])
    inferred = [f"- {i.path}: {i.speakers.en}." for i in manifest.inputs if i.speakers.en]
    if not inferred:
        return table
    return "\n".join([table, "", "The recipe does not name the agent; it was inferred:", "", *inferred])


def _funnel(manifest: Manifest) -> str:
    rows = [
        f"| {typed_name(s.stage)} | {s.rows_in} | {s.added} | {s.kept} | {s.dropped} | {s.review} |"
        for s in manifest.stages
    ]
    seen = [f"\nPeople looked at a random part: {file.bad.sentence().en}." for file in manifest.reviews if file.bad]
    return "\n".join(["| stage | in | added | kept | dropped | review |", "|---|--:|--:|--:|--:|--:|", *rows, *seen])


def _shares(manifest: Manifest) -> str:
    rows = [f"| {s.kind} | {s.rows} | {s.share:.2%} | {s.answer_share:.2%} |" for s in manifest.shares]
    return "\n".join(["| kind | rows | share of rows | share of answer characters |", "|---|--:|--:|--:|", *rows])
