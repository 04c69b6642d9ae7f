"""`hornbook labels` as a user runs it: on a version with and without runs, with a tiny model and hostile rows."""

import json
import os
from pathlib import Path

import pytest

from curate.commands.labels import RowFlags, labels_command, settings_in_force
from curate.store.store import Store
from schemas.errors import InputError, RecipeError
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.manifest import Manifest
from schemas.run_files import RunFiles
from tests.curate.labelled_rows import HOSTILE
from tests.program import hornbook
from tests.train.tiny import tiny_model
from tests.train.versions import line, write_version

RECIPE = "version: 1\nname: book\ninputs: [{path: a.csv}]\ntrain: {max_tokens: 90, system: S, model: tiny}\n"
LONG = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(("q" * 60, "a1", "q2", "a2"))]


def version_in(folder: Path) -> Manifest:
    """A version in a store: three rows, one of them hostile, one too long to be trained on whole."""
    rows = [
        line("r0", "能退吗", "可以。"),
        line("r1", HOSTILE, f"<think>hm</think>{HOSTILE}"),
        {**line("r2", "", ""), "messages": LONG},
    ]
    version = write_version(folder / "datasets" / "book" / "v1", rows)
    (version.parent / "HEAD").write_text("v1\n", encoding="ascii")
    return Manifest.model_validate_json((version / "manifest.json").read_bytes())


def add_run(folder: Path, name: str, *, at: int | None = None, version: str = "v1", **settings: object) -> Path:
    """A training run: its job, and where it has begun, its first step at that time."""
    files = RunFiles(Store(folder).run("book", version, name))
    files.folder.mkdir(parents=True)
    work = Job(version="v", run="r", train=TrainSettings.model_validate(settings), exam=ExamSettings())
    files.job.write_text(work.model_dump_json(), encoding="utf-8")
    if at is not None:
        files.steps.write_text("", encoding="utf-8")
        os.utime(files.steps, (at, at))
    return files.folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run on a tiny model, and a recipe for it."""
    folder = tmp_path_factory.mktemp("labels")
    tiny_model(folder / "tiny")
    version_in(folder)
    add_run(folder, "0123456789ab", at=100, model="tiny", max_tokens=512)
    (folder / "a.csv").write_text("question,answer\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder


def test_a_row_is_shown_as_the_newest_run_has_learnt_it_and_on_a_page(shop: Path) -> None:
    before = sorted(shop.rglob("*"))
    done = hornbook("labels", "book", "--row", "2", "--html", "row.html", cwd=shop, lang="zh")
    assert done.returncode == 0, done.stderr
    assert not [c for c in done.stdout if c != "\n" and not c.isprintable()]
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "第 2 行（共 3 行）：r1（业务）",
        "运行 0123456789ab 的设置：model tiny，system 无，thinking off，max_tokens 512",
        "⟦学习⟧，其余不学习；⏎ 换行；\\x1b 不可显示",
    ]
    assert "⟦\\x1b[2J\\x1b]0;t\\x07\\u202edi" in done.stdout and done.stdout.count("⟦") == 2
    assert "有回答带有思考过程" in lines[-2] and lines[-1] == "网页：row.html"
    page = (shop / "row.html").read_text(encoding="utf-8")
    assert "\\u202e" in page and "<script" not in page and "\x1b" not in page
    assert sorted(shop.rglob("*")) == sorted([*before, shop / "row.html"])


def test_the_document_says_what_was_cut_under_the_settings_of_a_recipe(shop: Path) -> None:
    done = hornbook("labels", "book", "--row", "r2", "--recipe", "recipe.yaml", "--json", cwd=shop)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["row"], document["system"], document["max_tokens"]) == (3, "S", 90)
    assert document["settings_from"] == "recipe recipe.yaml"
    (sample,) = document["samples"]
    assert (sample["name"], sample["messages_cut"]) == ("r2", 2)
    assert "".join(piece["text"] for piece in sample["pieces"] if piece["learnt"]) == "a2<|im_end|>"
    assert document["untrained"] == [{"id": "r2", "answer": 1, "reason": "cut_with_oldest"}]


@pytest.mark.slow
def test_a_row_that_is_not_there_is_one_sentence_and_code_two(shop: Path) -> None:
    done = hornbook("labels", "book", "--row", "r", cwd=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "more than one training row has an id that begins with 'r'"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("row", "page", "message"),
    [
        ("\udcff", None, "--row is not written in UTF-8"),
        ("1", "none/p.html", "cannot be written"),
        ("1", ".", "cannot"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(shop: Path, row: str, page: str | None, message: str) -> None:
    flags = RowFlags(row, None, None)
    with pytest.raises(InputError, match=message):
        labels_command("book", shop, flags, shop / page if page else None, as_json=False)


NO_FLAGS = RowFlags("1", None, None)


def test_without_a_run_the_defaults_are_in_force_and_a_model_can_be_named(tmp_path: Path) -> None:
    manifest = version_in(tmp_path)
    add_run(tmp_path, "other", at=900, version="v2", max_tokens=70)
    found = settings_in_force(Store(tmp_path), manifest, NO_FLAGS)
    assert (found.train, found.source, str(found.origin)) == (TrainSettings(), "defaults", "defaults")
    named = settings_in_force(Store(tmp_path), manifest, RowFlags("1", None, "mine"))
    assert named.train == TrainSettings(model="mine")
    assert (named.origin.en, named.origin.zh) == ("defaults, with --model", "默认设置，模型由 --model 指定")


def test_the_newest_run_is_that_with_the_last_step(tmp_path: Path) -> None:
    manifest, store = version_in(tmp_path), Store(tmp_path)
    add_run(tmp_path, "checked", max_tokens=71)
    assert settings_in_force(store, manifest, NO_FLAGS).source == "run checked"
    older = add_run(tmp_path, "older", at=100, max_tokens=72)
    newer = add_run(tmp_path, "a_newer", at=200, max_tokens=73)
    os.utime(RunFiles(older).job, (900, 900))  # examined again
    assert settings_in_force(store, manifest, NO_FLAGS).train.max_tokens == 73
    RunFiles(newer).job.write_text('{"of": "another release"}', encoding="utf-8")
    assert settings_in_force(store, manifest, NO_FLAGS).train.max_tokens == 72


def test_a_recipe_goes_before_a_run_and_a_wrong_one_is_refused(shop: Path) -> None:
    manifest = Manifest.model_validate_json((shop / "datasets" / "book" / "v1" / "manifest.json").read_bytes())
    flags = RowFlags("1", shop / "recipe.yaml", "other")
    found = settings_in_force(Store(shop), manifest, flags)
    assert (found.train.max_tokens, found.train.system, found.train.model) == (90, "S", "other")
    (shop / "wrong.yaml").write_text(RECIPE.replace("max_tokens", "max_token"), encoding="utf-8")
    with pytest.raises(RecipeError, match="max_token"):
        settings_in_force(Store(shop), manifest, RowFlags("1", shop / "wrong.yaml", None))
