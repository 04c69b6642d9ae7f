"""What a build made is used again, and only when nothing that it depends on has changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from curate.build.block_outputs import read_output
from curate.build.build import build
from curate.build.cache_keys import WHOLE, Key, code
from curate.build.frames_on_disk import load, save
from curate.build.plan import READING, plan_of
from curate.build.status import stage_statuses
from curate.recipe.load import load_recipe
from curate.store.gc import collect_garbage, find_garbage
from curate.store.store import PLAN, Store
from schemas.digest import canonical, digest_file
from schemas.errors import InputError
from tests.curate.build.test_build import MOBILE, RECIPE, ROOT, write_inputs

STAGES = ("read", "clean", "mask", "judge", "dedup", "identity", "refusal", "split", "mix")


def built(folder: Path, recipe: str = RECIPE) -> Path:
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def plan(folder: Path, recipe: str = RECIPE) -> list[tuple[str, str, str]]:
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    planned = plan_of(load_recipe(folder / "recipe.yaml")).stages
    return [(stage.path, stage.name, stage.key.digest) for stage in planned]


def mark(folder: Path) -> None:
    """Changes what the cache holds, soundly: whoever uses it again tells."""
    for index in folder.glob("cache/shop/*/0*.json"):
        part = read_output(index.parent, int(index.stem))
        assert part is not None
        kept = part.files["kept"]
        mark = pl.lit([f"made:{index.parent.name[:8]}"], pl.List(pl.String))
        save(kept, part.kept().with_columns(tags=pl.col("tags").list.concat(mark)))
        noted = json.loads(index.read_bytes())
        noted["files"]["kept"] = digest_file(kept)
        index.write_text(canonical(noted), encoding="utf-8")


def used(version: Path) -> set[str]:
    """The first letters of the keys whose marked outputs went into a version."""
    lines = b"".join(path.read_bytes() for path in version.glob("train-*.jsonl")).splitlines()
    return {tag.removeprefix("made:") for line in lines for tag in json.loads(line)["tags"] if tag.startswith("made:")}


def test_a_build_that_changes_nothing_uses_the_last_output(copied_shop: Path) -> None:
    first = Store(copied_shop).find("shop")
    mark(copied_shop)
    keys = {name: key for _, name, key in plan(copied_shop)}
    assert used(built(copied_shop)) == {keys["mix"][:8]}
    assert built(copied_shop) != first


CHANGES = {
    "clean": RECIPE.replace("- clean", "- clean: {chinese: simplified}"),
    "mask": RECIPE.replace("- mask", "- mask: {labels: en}"),
    "judge": RECIPE.replace("- judge", "- judge: {rules: {reply_length: {min: 3}}}"),
    "dedup": RECIPE.replace("- dedup", "- dedup: {threshold: 0.81}"),
    "identity": RECIPE.replace("traps: 40", "traps: 41"),
    "refusal": RECIPE.replace("refusal: {rows: 60,", "refusal: {rows: 61,"),
    "split": RECIPE.replace("unrelated: 12", "unrelated: 11"),
    "mix": RECIPE.replace("0.08", "0.07"),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_changed_setting_reruns_its_stage_and_later_ones_only(tmp_path: Path, changed: str) -> None:
    write_inputs(tmp_path)
    before = plan(tmp_path)
    after = plan(tmp_path, CHANGES[changed])
    same = {name for (_, name, key), (_, _, other) in zip(before, after, strict=True) if key == other}
    assert same == set(STAGES[: STAGES.index(changed)])


@pytest.mark.parametrize(("changed", "reused"), [("judge", "mask"), ("mix", "split"), ("dedup", "judge")])
def test_what_comes_before_a_change_is_used_again(copied_shop: Path, changed: str, reused: str) -> None:
    keys = {key[:8] for _, name, key in plan(copied_shop) if name == reused}
    mark(copied_shop)
    assert used(built(copied_shop, CHANGES[changed])) <= keys
    assert used(built(copied_shop, CHANGES[changed]))


@pytest.mark.parametrize("changed", ["clean", "mask"])
def test_what_was_never_masked_is_made_again(copied_shop: Path, changed: str) -> None:
    mark(copied_shop)
    assert not used(built(copied_shop, CHANGES[changed]))


def test_a_changed_file_reruns_all_its_stages_and_those_of_later_files(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    before = plan(tmp_path)
    with (tmp_path / "general.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"messages": [{"role": "user", "content": "new?"}, {"role": "assistant", "content": "New."}]}\n')
    changed = {
        (path, name) for (path, name, key), (_, _, other) in zip(before, plan(tmp_path), strict=True) if key != other
    }
    assert changed == {("general.jsonl", name) for name in STAGES[:4]} | {("", name) for name in STAGES[4:]}
    with (tmp_path / "chat.tsv").open("ab") as file:
        file.write("z\t客户\t还有吗\n".encode("gb18030"))
    assert not {key for *_, key in before} & {key for *_, key in plan(tmp_path)}


def test_a_changed_file_that_a_stage_reads_reruns_it_and_later_ones_only(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    bench = tmp_path / "bench.jsonl"
    bench.write_text('{"question": "which way is north?"}\n', encoding="utf-8")
    recipe = RECIPE + "  - leak: {contamination: [bench.jsonl]}\n"
    before = plan(tmp_path, recipe)
    assert plan(tmp_path, recipe) == before
    bench.write_text('{"question": "which way is south?"}\n', encoding="utf-8")
    after = plan(tmp_path, recipe)
    assert {name for (_, name, key), (_, _, other) in zip(before, after, strict=True) if key != other} == {"leak"}


def test_the_result_is_the_same_with_a_cache_and_without(copied_shop: Path) -> None:
    first = Store(copied_shop).find("shop")
    for recipe in (CHANGES["judge"], CHANGES["mix"]):
        with_cache = built(copied_shop, recipe)
        fresh = copied_shop / "fresh"
        without = build(load_recipe(copied_shop / "recipe.yaml"), Store(fresh))
        assert with_cache.name == without.name
        for path in without.glob("[!.]*"):
            if path.name not in ("manifest.json", "run.json"):
                assert path.read_bytes() == (with_cache / path.name).read_bytes(), path.name
        shutil.rmtree(fresh)
    assert built(copied_shop) == first


COMPONENTS = {
    "before": Key("x", "p", "c", "l"), "parameters": Key("b", "x", "c", "l"), "code": Key("b", "p", "x", "l"),
    "libraries": Key("b", "p", "c", "x"),
}  # fmt: skip


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_makes_another_key(component: str) -> None:
    assert COMPONENTS[component].digest != Key("b", "p", "c", "l").digest


def copied(folder: Path) -> Path:
    for package in ("schemas", "rules", "curate"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("module", "file", "matters"),
    [
        ("curate.stages.clean", "curate/stages/clean.py", True),
        ("curate.stages.clean", "curate/cleaning/width.py", True),  # found by the catalog, imported by nobody
        ("curate.stages.clean", "curate/conversations/messages.py", True),
        ("curate.stages.clean", "rules/lexicons/boilerplate.txt", True),  # data
        ("curate.stages.quality", "rules/reply_length.py", True),
        ("curate.stages.quality", "schemas/language.py", True),  # what a rule imports
        ("curate.stages.mask", "rules/personal/mobile.py", True),
        ("curate.augmenters.identity", "curate/augmenters/kit/zh.yaml", True),
        ("curate.augmenters.identity", "schemas/papers/traps.jsonl", True),  # a row near one of its questions leaves
        ("curate.augmenters.refusal", "schemas/papers/traps.jsonl", True),
        ("curate.reading.input_reader", "curate/reading/readers/csv.py", True),
        ("curate.reading.input_reader", "schemas/formats/alpaca.py", True),
        ("curate.augmenters.not_in_book", "curate/augmenters/kit/unknowns_en.yaml", True),
        ("curate.augmenters.not_in_book", "curate/passages/coverage.py", True),
        ("curate.augmenters.not_in_book", "rules/lexicons/silent_words.txt", True),
        ("curate.stages.clean", "curate/stages/mask.py", False),
        ("curate.stages.clean", "curate/store/store.py", False),
        ("curate.stages.mask", "rules/reply_length.py", False),
        ("curate.stages.mask", "curate/cleaning/width.py", False),
        ("curate.stages.mix", "curate/duplicates/similarity/candidates.py", False),
        ("curate.augmenters.refusal", "curate/augmenters/identity.py", False),
        ("curate.reading.input_reader", "curate/report/report.py", False),
        ("curate.build.pipeline", "schemas/papers/traps.jsonl", False),
        ("curate.stages.leak", "schemas/papers/traps.jsonl", False),
        ("curate.augmenters.not_in_book", "curate/augmenters/refusal.py", False),
        ("curate.augmenters.not_in_book", "curate/examination/retrieval.py", False),
    ],
)
def test_code_that_a_stage_uses_is_part_of_its_key(tmp_path: Path, module: str, file: str, matters: bool) -> None:
    home = copied(tmp_path)
    before = code(module, home=home)
    with (home / file).open("a", encoding="utf-8") as source:
        source.write("\n# changed\n")
    assert (code(module, home=home) != before) == matters


@pytest.mark.parametrize("module", (*READING, *WHOLE))
def test_what_a_key_names_as_text_is_there(module: str) -> None:
    assert import_module(module)


@pytest.mark.parametrize("harm", ["flip", "cut", "delete", "swap"])
def test_a_damaged_output_is_made_again(copied_shop: Path, harm: str) -> None:
    expected = Store(copied_shop).find("shop").name
    harms: dict[str, Callable[[Path], object]] = {
        "flip": lambda p: p.write_bytes(p.read_bytes()[:-9] + b"\x00" + p.read_bytes()[-8:]),
        "cut": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
        "delete": Path.unlink,
        "swap": lambda p: save(p, load(p).head(1)),
    }
    for path in copied_shop.glob("cache/shop/*/*.arrow"):
        harms[harm](path)
    assert built(copied_shop).name == expected


def test_what_a_killed_build_made_is_used_by_the_next(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    main = "from curate.cli import main; main()"
    command = [sys.executable, "-c", main, "build", str(tmp_path / "recipe.yaml"), "--store", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while not list(tmp_path.glob("cache/shop/*/0*.json")) and running.poll() is None:
            time.sleep(0.002)
        os.kill(running.pid, signal.SIGKILL)
    assert not Store(tmp_path).versions("shop")
    mark(tmp_path)
    assert used(built(tmp_path))


def test_nothing_unmasked_stays_after_a_build(copied_shop: Path) -> None:
    outputs = list(copied_shop.glob("cache/shop/*/*.arrow"))
    assert outputs
    assert not [path for path in outputs if MOBILE.encode() in path.read_bytes()]
    assert {oct(path.stat().st_mode)[-3:] for path in copied_shop.glob("cache/shop/*") if path.is_dir()} == {"700"}


def test_status_says_what_is_stale_and_why(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    store = Store(tmp_path)

    def reasons_of(recipe: str) -> dict[tuple[str, str], str]:
        (tmp_path / "recipe.yaml").write_text(recipe, encoding="utf-8")
        planned = plan_of(load_recipe(tmp_path / "recipe.yaml"))
        return {(s.path, s.stage): s.why.en for s in stage_statuses(planned, store.cache("shop"), PLAN)}

    assert set(reasons_of(RECIPE).values()) <= {"never made", "comes after 'read'"}
    built(tmp_path)
    assert set(reasons_of(RECIPE).values()) == {"up to date", "up to date; never kept, because it is not masked"}
    changed = reasons_of(CHANGES["judge"])
    assert changed["chat.tsv", "mask"] == "up to date"
    assert changed["chat.tsv", "judge"] == "its settings changed"
    assert changed["", "mix"] == "comes after 'quality'"
    with (tmp_path / "general.jsonl").open("ab") as file:
        file.write(b"\n")
    changed = reasons_of(RECIPE)
    assert changed["chat.tsv", "read"] == "up to date; never kept, because it is not masked"
    assert changed["general.jsonl", "read"] == "the file, or one before it, changed"
    assert changed["general.jsonl", "judge"] == "comes after 'read'"


def test_what_the_newest_build_did_not_use_is_garbage(copied_shop: Path) -> None:
    store = Store(copied_shop)
    assert find_garbage(store, "shop", PLAN) == []
    keys = {path.name for path in copied_shop.glob("cache/shop/*") if path.is_dir()}
    built(copied_shop, CHANGES["mask"])
    assert {thing.path.name for thing in find_garbage(store, "shop", PLAN)} == keys
    assert {thing.path.name for thing in collect_garbage(store, "shop", PLAN)} == keys
    assert find_garbage(store, "shop", PLAN) == []
    assert len(store.versions("shop")) == 2


def test_a_file_that_changes_while_it_is_read_leaves_nothing_behind(tmp_path: Path) -> None:
    recipe = load_recipe(write_inputs(tmp_path))

    def disturb(name: str, *_: int) -> None:
        if name.startswith("general.jsonl  "):
            with (tmp_path / "general.jsonl").open("ab") as file:
                file.write(b"\n")

    with pytest.raises(InputError, match="changed while it was read"):
        build(recipe, Store(tmp_path), disturb)
    keys = {key for path, _, key in plan(tmp_path) if path == "general.jsonl"}
    assert not keys & {path.name for path in tmp_path.glob("cache/shop/*")}
    assert Store(tmp_path).versions("shop") == []


def test_an_environment_variable_that_a_setting_names_is_part_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inputs(tmp_path)
    recipe = RECIPE.replace("- clean", "- clean: {terms: {KEY_OF_THE_TEST: [x]}, boilerplate: [KEY_OF_THE_TEST]}")
    monkeypatch.setenv("KEY_OF_THE_TEST", "one")
    before = plan(tmp_path, recipe)
    monkeypatch.setenv("KEY_OF_THE_TEST", "two")
    changed = {
        name for (_, name, key), (_, _, other) in zip(before, plan(tmp_path, recipe), strict=True) if key != other
    }
    assert changed == set(STAGES[1:])
    monkeypatch.setenv("KEY_OF_THE_TEST", "one")
    assert plan(tmp_path, recipe) == before
