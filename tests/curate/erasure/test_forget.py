"""A person who asks to be forgotten is in no version, cache or report, and no build brings them back."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from curate.build.build import build
from curate.erasure.conditions import RowRanges, Value, conditions_of
from curate.erasure.erase import find_targets, forget, resume
from curate.ledger import final_states, unbalanced
from curate.publish.export import training_rows
from curate.recipe.load import load_recipe
from curate.store.gc import collect_garbage
from curate.store.read_version import read_manifest
from curate.store.store import PLAN, Store
from curate.store.tombstones import Tombstone, tombstones
from curate.store.verify import verify
from schemas.errors import GateError, InputError, StoreError
from schemas.manifest import Manifest
from tests.curate.build.test_build import MOBILE, write_inputs
from tests.program import hornbook

PERSON = "13700001111"
EMAIL = "wang.wu@example.org"
ROWS = [
    "q1\t客户\t我的电话是１３７ 0000-1111，请问耳机降噪怎么打开？",
    "q1\t客服\t您好，长按左耳三秒就能打开降噪模式了。",
    "q1\t客户\t谢谢，还有充电盒的灯为什么一直闪？",
    "q1\t客服\t充电盒闪灯说明电量不足，请充满以后再使用。",
    f"q2\t客户\t发票请寄到 {EMAIL.upper()}，谢谢你们的帮助。",
    "q2\t客服\t好的，电子发票会在今天之内发送到您的邮箱。",
]


def shop(folder: Path, recipe: str = "") -> Path:
    path = write_inputs(folder)
    chat = folder / "chat.tsv"
    chat.write_bytes(chat.read_bytes() + ("\n".join(ROWS) + "\n").encode("gb18030"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text + recipe, encoding="utf-8")
    return path


def first_row(folder: Path) -> int:
    return len((folder / "chat.tsv").read_bytes().split(b"\n")) - len(ROWS)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    build(load_recipe(shop(folder)), Store(folder))
    return folder


def copied(built: Path, folder: Path) -> tuple[Path, Store, Path]:
    """A folder of one's own with the raw files, the recipe, and the store with its one version."""
    shutil.copytree(built, folder, dirs_exist_ok=True)
    store = Store(folder)
    return folder, store, store.find("shop")


@pytest.fixture
def book(built_once: Path, tmp_path: Path) -> tuple[Path, Store, Path]:
    return copied(built_once, tmp_path)


def text_of(version: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(version.glob("*.jsonl")))


def forget_where(store: Store, raw: Path, where: str) -> Tombstone:
    return forget(store, "shop", find_targets(store, "shop", conditions_of([where]), raw))


def sound(version: Path, old: Manifest) -> Manifest:
    """The promises of any version hold for the new one."""
    manifest = verify(version)
    ledger = pl.read_parquet(version / "ledger.parquet")
    ends = final_states(ledger)
    assert unbalanced(manifest.stages) == []
    rows = ends.filter(pl.col("row").is_not_null())
    assert rows.height == rows.select("file", "row").n_unique() == sum(f.rows for f in old.inputs)
    trained = training_rows(version, manifest)["id"]
    assert set(ends.filter(pl.col("verdict") == "train")["id"]) == set(trained)
    assert manifest.train_rows == len(trained) == sum(s.rows for s in manifest.shares)
    assert abs(sum(s.share for s in manifest.shares) - 1) < 1e-9
    for stage in manifest.stages:
        counted = ledger.filter((pl.col("stage") == stage.stage) & pl.col("reason").is_not_null())
        reasons = {f"{v}:{r}": n for v, r, n in counted.group_by("verdict", "reason").len().rows()}
        assert reasons == stage.reasons
    return manifest


@pytest.mark.parametrize(
    "where", [f"phone={PERSON}", "mobile=137-0000-1111", "phone=１３７００００１１１１", "text=长按左耳三秒"]
)
def test_a_value_is_found_in_the_raw_files_and_its_whole_conversation_goes(
    where: str, book: tuple[Path, Store, Path]
) -> None:
    folder, store, version = book
    old = read_manifest(version)
    assert "充电盒闪灯" in text_of(version) and PERSON not in text_of(version)
    stone = forget_where(store, folder, where)
    new = store.find("shop")
    assert stone.versions == {version.name: new.name}
    assert not version.exists()
    assert "充电盒闪灯" not in text_of(new) and "电子发票会在今天之内" in text_of(new)
    manifest = sound(new, old)
    assert manifest.train_rows == old.train_rows - 1 or manifest.exam_questions != old.exam_questions
    start = first_row(folder)
    (rows,) = stone.rows
    assert rows.rows == tuple(range(start, start + 4))


def test_rows_can_be_named(book: tuple[Path, Store, Path]) -> None:
    folder, store, _ = book
    start = first_row(folder)
    forget_where(store, folder, f"source.row in chat.tsv:{start}-{start + 1}, {start + 4}")
    new = store.find("shop")
    assert not re.search("充电盒闪灯|电子发票会在今天之内", text_of(new))
    sound(new, read_manifest(new))
    ends = final_states(pl.read_parquet(new / "ledger.parquet")).filter(pl.col("file") == "chat.tsv")
    forgotten = ends.filter(pl.col("reason") == "forgotten")["row"].to_list()
    assert sorted(forgotten) == list(range(start, start + 6))


def test_nothing_that_was_written_holds_the_value_or_what_was_said(book: tuple[Path, Store, Path]) -> None:
    folder, store, version = book
    ids = [r["id"] for line in text_of(version).splitlines() if "充电盒闪灯" in line for r in [json.loads(line)]]
    run = folder / "runs" / "shop" / version.name / "aaaa"
    (run / "adapter").mkdir(parents=True)
    for copy in ("report.html", "exam_paper.json"):
        (run / copy).write_text("充电盒闪灯", encoding="utf-8")
    cache = folder / "cache" / "shop"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "stage.parquet").write_bytes(f"充电盒闪灯{PERSON}".encode())
    stone = forget_where(store, folder, f"phone={PERSON}")
    assert stone.adapters == (f"runs/shop/{version.name}/aaaa",)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "chat.tsv":
            content = path.read_bytes()
            assert "充电盒闪灯".encode() not in content, path
            assert PERSON.encode() not in content, path
            assert not any(id.encode() in content for id in ids), path


def test_a_later_build_does_not_bring_the_rows_back(book: tuple[Path, Store, Path]) -> None:
    folder, store, _ = book
    forget_where(store, folder, f"phone={PERSON}")
    recipe = folder / "recipe.yaml"
    again = build(load_recipe(recipe), store)
    assert "充电盒闪灯" not in text_of(again)
    ends = final_states(pl.read_parquet(again / "ledger.parquet")).filter(pl.col("reason") == "forgotten")
    assert ends["row"].to_list() == list(range(first_row(folder), first_row(folder) + 4))
    assert unbalanced(verify(again).stages) == []
    chat = folder / "chat.tsv"
    lines = chat.read_bytes().split(b"\n")
    chat.write_bytes(b"\n".join([lines[0], "n\t客户\t新的一行问题在这里？".encode("gb18030"), *lines[1:]]))
    shifted = build(load_recipe(recipe), store)
    assert "充电盒闪灯" not in text_of(shifted)
    assert unbalanced(verify(shifted).stages) == []


def test_every_version_is_cleaned_and_head_and_tags_lead_on(book: tuple[Path, Store, Path]) -> None:
    folder, store, first = book
    recipe = folder / "recipe.yaml"
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("seed: 7", "seed: 8"), encoding="utf-8")
    second = build(load_recipe(recipe), store)
    tags = store.dataset("shop") / "tags"
    tags.mkdir()
    (tags / "good").write_text(f"{first.name}\n", encoding="ascii")
    stone = forget_where(store, folder, f"phone={PERSON}")
    assert set(stone.versions) == {first.name, second.name}
    assert store.head("shop") == stone.versions[second.name]
    assert (tags / "good").read_text(encoding="ascii").strip() == stone.versions[first.name]
    assert set(store.versions("shop")) == set(stone.versions.values())
    for id in store.versions("shop"):
        verify(store.version("shop", id))


def test_a_version_without_the_person_stays_as_it_is(book: tuple[Path, Store, Path]) -> None:
    folder, store, version = book
    other = folder / "other"
    other.mkdir()
    recipe = write_inputs(other)
    untouched = build(load_recipe(recipe), store)
    before = {path.name: path.read_bytes() for path in untouched.iterdir()}
    found = find_targets(store, "shop", conditions_of([f"phone={PERSON}"]), folder, missing=True)
    assert found.unsearched == ("chat.tsv",)
    stone = forget(store, "shop", found)
    assert list(stone.versions) == [version.name]
    assert {path.name: path.read_bytes() for path in untouched.iterdir()} == before
    assert store.head("shop") == untouched.name


def test_asking_again_changes_nothing(book: tuple[Path, Store, Path]) -> None:
    folder, store, _ = book
    forget_where(store, folder, f"phone={PERSON}")
    ids = store.versions("shop")
    assert forget_where(store, folder, f"phone={PERSON}").versions == {}
    assert store.versions("shop") == ids


def test_rows_nobody_could_read_are_forgotten_too(tmp_path: Path) -> None:
    path = shop(tmp_path)
    chat = tmp_path / "chat.tsv"
    chat.write_bytes(chat.read_bytes() + f"broken {PERSON} row\n".encode("gb18030"))
    store = Store(tmp_path)
    build(load_recipe(path), store)
    assert PERSON in store.quarantine("shop").read_text(encoding="utf-8")
    forget_where(store, tmp_path, f"phone={PERSON}")
    kept = store.quarantine("shop").read_text(encoding="utf-8")
    assert PERSON not in kept and "broken row" in kept
    assert store.quarantine("shop").stat().st_mode & 0o077 == 0


def test_an_unmasked_book_is_searched_itself(tmp_path: Path) -> None:
    path = shop(tmp_path)
    text = path.read_text(encoding="utf-8").replace(
        "  - mask\n", "  - mask: {kinds: [mobile, id_card, email, api_key]}\n"
    )
    path.write_text(text, encoding="utf-8")
    store = Store(tmp_path)
    version = build(load_recipe(path), store)
    (tmp_path / "chat.tsv").unlink()
    found = find_targets(store, "shop", conditions_of(["text=充电盒闪灯"]), tmp_path, missing=True)
    assert found.unsearched == ("chat.tsv",)
    forget(store, "shop", found)
    assert "充电盒闪灯" not in text_of(store.find("shop"))
    assert not version.exists()


def test_raw_files_that_are_gone_stop_the_search(book: tuple[Path, Store, Path]) -> None:
    folder, store, version = book
    with pytest.raises(InputError, match=r"chat\.tsv") as caught:
        find_targets(store, "shop", conditions_of([f"phone={PERSON}"]), folder / "nowhere")
    assert PERSON not in str(caught.value)
    assert version.exists()


@pytest.mark.parametrize(
    "where",
    ["13700001111", "phne=13700001111", "phone=1", "phone= - ", "source.row in chat.tsv", "source.row in chat.tsv:x"],
)
def test_a_wrong_condition_is_one_sentence_that_does_not_repeat_it(where: str) -> None:
    with pytest.raises(InputError) as caught:
        conditions_of([where])
    assert "1370000" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text", "stands"),
    [
        ("13700001111", "电话13700001111。", True),
        ("13700001111", "１３７　００００ １１１１", True),
        ("137-0000-1111", "137 0000 1111", True),
        ("wang.wu@example.org", "写信到WANG.WU@Example.ORG吧", True),
        ("王小明", "我是王小明呀", False),
        ("王小明先生", "我是王小明先生呀", True),
        ("13700001111", "订单213700001111", False),
        ("13700001111", "137000011112", False),
        ("13700001111", "1370000111", False),
        ("wang.wu@example.org", "xwang.wu@example.org", False),
        ("13700001111", "13700001112 和 13700001110", False),
    ],
)
def test_a_value_is_met_in_any_writing_and_in_no_longer_one(value: str, text: str, stands: bool) -> None:
    if len(value) < 4:
        with pytest.raises(InputError):
            Value.of(value)
        return
    assert Value.of(value).stands_in(text) is stands


def test_conditions_are_read() -> None:
    one, two = conditions_of(["source.row in raw/chat.tsv:12-30, 45|phone=13700001111"])
    assert one == RowRanges("raw/chat.tsv", ((12, 30), (45, 45)))
    assert isinstance(two, Value)
    assert "1370000" not in repr(two)


KILLED = """
import sys
from pathlib import Path
from curate.erasure.erase import forget, find_targets
from curate.erasure.conditions import conditions_of
from curate.store.store import Store
store, raw = Store(Path(sys.argv[1])), Path(sys.argv[1])
found = find_targets(store, "shop", conditions_of([sys.argv[2]]), raw)
print("go", flush=True)
forget(store, "shop", found)
"""


def test_a_kill_at_any_moment_is_made_good_by_the_next_run(built_once: Path, tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    for attempt in range(5):
        folder, store, _ = copied(built_once, tmp_path / str(attempt))
        command = [sys.executable, "-c", KILLED, str(folder), f"phone={PERSON}"]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as run:
            assert run.stdout
            assert run.stdout.readline() == b"go\n"
            time.sleep(0.02 * attempt)
            os.kill(run.pid, signal.SIGKILL)
        for id in store.versions("shop"):
            verify(store.version("shop", id))
        if [stone for _, stone in tombstones(store, "shop") if stone.state == "begun"]:
            with pytest.raises(GateError, match="hornbook forget"):
                build(load_recipe(folder / "recipe.yaml"), store)
            assert hornbook("forget", cwd=folder).returncode == 0
            assert resume(store, "shop") == []
        elif not tombstones(store, "shop"):
            forget_where(store, folder, f"phone={PERSON}")
        (id,) = store.versions("shop")
        assert store.head("shop") == id
        assert "充电盒闪灯" not in text_of(store.version("shop", id))
        assert all(stone.state == "done" for _, stone in tombstones(store, "shop"))
        assert not [p for p in store.dataset("shop").iterdir() if p.name.startswith(".building")]


def test_the_command_forgets_and_says_what_it_cannot(book: tuple[Path, Store, Path]) -> None:
    folder, _, version = book
    dry = hornbook("forget", "--where", f"phone={PERSON}", "--dry-run", "--json", cwd=folder)
    assert dry.returncode == 0, dry.stderr
    assert list(json.loads(dry.stdout)["shop"]["versions"]) == [version.name]
    assert version.exists()
    result = hornbook("forget", "--where", f"phone={PERSON}", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert PERSON not in result.stdout + result.stderr and "chat.tsv" in result.stdout
    assert not version.exists()
    assert hornbook("forget", "--where", f"phone={MOBILE[:-1]}0", cwd=folder).returncode == 2


def test_a_key_that_was_cut_is_told(book: tuple[Path, Store, Path]) -> None:
    folder, store, _ = book
    forget_where(store, folder, f"phone={PERSON}")
    key = folder / "forgotten" / "shop" / "key"
    assert key.stat().st_mode & 0o077 == 0
    key.write_bytes(key.read_bytes()[:8])
    with pytest.raises(StoreError, match="key"):
        build(load_recipe(folder / "recipe.yaml"), store)


def test_a_tombstone_holds_places_and_keyed_digests_only(book: tuple[Path, Store, Path], built_once: Path) -> None:
    folder, store, version = book
    ids = {r["id"] for line in text_of(version).splitlines() if "充电盒闪灯" in line for r in [json.loads(line)]}
    forget_where(store, folder, f"phone={PERSON}")
    ((path, stone),) = tombstones(store, "shop")
    text = path.read_text(encoding="utf-8")
    assert not any(id in text for id in ids) and PERSON not in text
    assert not set(stone.records) & ids
    other, store_of_other, _ = copied(built_once, folder / "other")
    assert not set(forget_where(store_of_other, other, f"phone={PERSON}").records) & set(stone.records)


def test_who_is_forgotten_later_takes_no_history_away(book: tuple[Path, Store, Path]) -> None:
    folder, store, first = book
    recipe, text = folder / "recipe.yaml", (folder / "recipe.yaml").read_text(encoding="utf-8")
    recipe.write_text(text.replace("seed: 7", "seed: 8"), encoding="utf-8")
    both = build(load_recipe(recipe), store)
    other = folder / "other"
    other.mkdir()
    without = build(load_recipe(write_inputs(other)), store)
    steps = []
    for where in (f"phone={PERSON}", f"email={EMAIL}"):
        steps.append(forget(store, "shop", find_targets(store, "shop", conditions_of([where]), folder, missing=True)))
    now = [steps[1].versions[steps[0].versions[path.name]] for path in (first, both)]
    assert read_manifest(store.version("shop", now[1])).parents == (now[0],)
    assert collect_garbage(store, "shop", PLAN) == []
    assert set(store.versions("shop")) == {*now, without.name}
