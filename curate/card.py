"""The card of a version: a README.md that a person, and a dataset page, can read."""

from schemas.manifest import Manifest
from schemas.recipe import Recipe


def card(manifest: Manifest, recipe: Recipe) -> str:
    """Markdown with the front matter that dataset pages understand. Holds numbers and file names, no row."""
    return (
        "\n\n".join(
            (
                _front_matter(recipe),
                f"# {manifest.name} `{manifest.id[:12]}`",
                _whom(manifest),
                f"{manifest.train_rows} training conversations from {sum(i.rows for i in manifest.inputs)} raw rows, "
                f"and {sum(manifest.exam_questions.values())} exam questions that stand in no training row.",
                "## Sources\n\n" + _sources(manifest),
                "## What became of the rows\n\n" + _funnel(manifest),
                "## Shares of the training set\n\n" + _shares(manifest),
                "## Files\n\n`train-*.jsonl` (one conversation a line: `messages`, `kind`, `lang`, `source`, `group`, "
                "`tags`), `exam.jsonl`, `review.jsonl` (for a person to look at, not in training), `ledger.parquet` "
                "(what became of every row), `recipe.yaml`, `manifest.json`.",
            )
        )
        + "\n"
    )


def _front_matter(recipe: Recipe) -> str:
    licence = f"license: {recipe.licence.lower()}\n" if recipe.licence else ""
    return (
        f"---\n{licence}configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: train-*.jsonl\n---"
    )


def _whom(manifest: Manifest) -> str:
    named = [n for n in (manifest.identity.zh, manifest.identity.en) if n] if manifest.identity else []
    return "Teaches: " + (", ".join(f"{n.name} by {n.author}" for n in named) or "no identity") + "."


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
    rows = [f"| {s.stage} | {s.rows_in} | {s.added} | {s.kept} | {s.dropped} | {s.review} |" for s in manifest.stages]
    return "\n".join(["| stage | in | added | kept | dropped | review |", "|---|--:|--:|--:|--:|--:|", *rows])


def _shares(manifest: Manifest) -> str:
    rows = [f"| {s.kind} | {s.rows} | {s.share:.2%} | {s.answer_share:.2%} |" for s in manifest.shares]
    return "\n".join(["| kind | rows | share of rows | share of answer characters |", "|---|--:|--:|--:|", *rows])
