"""The spine, on real files in a real folder: raw logs in, a version out, every row accounted for."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from curate.build.build import build
from curate.ledger import final_states, unbalanced
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import GateError, LockedError
from schemas.record import Record
from schemas.tags import PLAIN, WITH_VALUE

ROOT = Path(__file__).parents[3]
KILLS = 3
MOBILE, ID_CARD, EMAIL, API_KEY = (
    "13912345678", "11010519491231002X", "li.lei@example.com", "sk-proj-4f9Qw8ZtR2mKx7Lb3NcV6yHd",
)  # fmt: skip
RECIPE = """\
version: 1
name: shop
seed: 7
identity:
  zh: {name: 小喵, author: 技术吧}
  en: {name: Miao, author: Tech Bar}
inputs:
  - path: chat.tsv
    format: {turns: {session: 会话, role: 发送方, text: 内容, roles: {客户: user, 客服: assistant}}}
    licence: invented
  - path: general.jsonl
    kind: general
stages:
  - clean
  - mask
  - judge
  - dedup
  - identity: {rows: 120, traps: 40, negatives: 60}
  - refusal: {rows: 60, look_alikes: 0}
  - split: {identity: 20, trap: 6, unrelated: 12, refusal: 6, in_scope: 4, perplexity: 6}
  - mix: {shares: {general: 0.08}}
"""
THINGS = ("充电器", "耳机", "键盘", "显示器", "路由器", "鼠标", "音箱", "硬盘", "摄像头", "手环", "平板", "相机")
ASKS = ("多久能发货", "可以七天退换吗", "保修几年", "支持以旧换新吗", "能开发票吗")
SAYS = (
    "您好，一般四十八小时内从仓库发出，节假日顺延。",
    "支持七天无理由退换，请保持包装和配件完整。",
    "全国联保一年，请保留好购买凭证以便售后。",
    "可以的，请先在订单页面提交旧机信息进行估价。",
    "可以开具电子发票，确认收货后会自动发送。",
)


def write_inputs(folder: Path) -> Path:
    rows = ["会话\t发送方\t内容"]
    for n, thing in enumerate(THINGS):
        for k, ask in enumerate(ASKS):
            rows += [
                f"s{n}-{k}\t客户\t你好\n",
                f"s{n}-{k}\t客户\t我买的{thing}{ask}？",
                f"s{n}-{k}\t客服\t{SAYS[k]}{thing}同样适用。",
            ]
            rows[-3] = rows[-3].rstrip("\n")
    planted = f"我的手机号{MOBILE}，身份证{ID_CARD}，邮箱 {EMAIL}，密钥是 {API_KEY} 能帮我查一下吗"
    rows += [
        f"p\t客户\t{planted}",
        f"p\t客服\t好的，已经按手机号{MOBILE}查到订单，明天送达。",
        "broken row",
        "w\t客户\t在吗",
    ]
    (folder / "chat.tsv").write_bytes(("\n".join(rows) + "\n").encode("gb18030"))
    colours = ("red", "green", "blue", "white", "black", "brown", "orange", "violet", "silver", "golden")
    nouns = ("river", "stone", "garden", "window", "engine", "letter", "forest", "planet", "violin", "harbour")
    general = [
        {"messages": [
            {"role": "user", "content": f"{c} {n}?"},
            {"role": "assistant", "content": f"A {c} {n} is what old captain {n[::-1]} dreamt of all {c[::-1]} night."},
        ]}
        for c in colours for n in nouns
    ]  # fmt: skip
    (folder / "general.jsonl").write_text("".join(json.dumps(g) + "\n" for g in general), encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder / "recipe.yaml"


@pytest.fixture(scope="module")
def version(shop_version: Path) -> Path:
    return shop_version


def lines(version: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (version / name).read_text(encoding="utf-8").split("\n") if line]


def test_the_sums_reconcile_with_the_raw_rows(version: Path) -> None:
    manifest = verify(version)
    assert unbalanced(manifest.stages) == []
    assert [(i.rows, i.bad) for i in manifest.inputs] == [(184, 1), (100, 0)]
    ends = final_states(pl.read_parquet(version / "ledger.parquet"))
    raw = ends.filter(pl.col("row").is_not_null())
    assert raw.select("file", "row").n_unique() == raw.height == 284
    trained = {r["id"] for r in lines(version, "train-00000.jsonl")}
    assert set(ends.filter(pl.col("verdict") == "train")["id"]) == trained
    assert len(trained) == manifest.train_rows


def test_every_line_is_a_record_and_the_share_is_exact(version: Path) -> None:
    records = [Record.model_validate(line) for line in lines(version, "train-00000.jsonl")]
    general = sum(r.kind == "general" for r in records)
    assert general == round(0.08 * (len(records) - general) / 0.92)
    assert 0.05 <= general / len(records) <= 0.10


def test_people_read_quality_and_the_records_say_judge(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    text = RECIPE.replace("  - judge\n", "").replace("  - dedup\n", "  - dedup\n  - quality\n")
    recipe.write_text(text, encoding="utf-8")
    names: list[str] = []
    built = build(load_recipe(recipe), Store(tmp_path), lambda name, done, of: names.append(name))
    card = (built / "README.md").read_text(encoding="utf-8")
    assert "quality" in names
    assert "| quality |" in card
    assert "judge" not in {*names, *card.split()}
    assert "judge" in [stage.stage for stage in read_manifest(built).stages]
    assert "name: judge" in (built / "recipe.yaml").read_text(encoding="utf-8")


def test_every_tag_is_in_the_registry(version: Path) -> None:
    tags = {
        tag for path in version.glob("*.jsonl") for line in lines(version, path.name) for tag in line.get("tags", [])
    }
    assert tags
    assert not {tag for tag in tags if tag not in PLAIN and not tag.startswith(WITH_VALUE)}


def test_the_same_input_gives_the_same_version(version: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from curate.build.build import build\n"
        "from curate.store.store import Store\n"
        "from curate.recipe.load import load_recipe\n"
        "print(build(load_recipe(Path(sys.argv[1])), Store(Path(sys.argv[2]))))"
    )
    write_inputs(tmp_path)
    env = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Shanghai", "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-c", code, str(tmp_path / "recipe.yaml"), str(tmp_path)]
    again = Path(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip())
    assert again.name == version.name
    for name in ("train-00000.jsonl", "exam.jsonl", "review.jsonl", "recipe.yaml", "README.md"):
        assert (again / name).read_bytes() == (version / name).read_bytes()


def test_training_settings_do_not_make_another_version(version: Path, tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    recipe.write_text(RECIPE + "train: {epochs: 9}\n", encoding="utf-8")
    assert build(load_recipe(recipe), Store(tmp_path)).name == version.name
    recipe.write_text(RECIPE.replace("seed: 7", "seed: 8"), encoding="utf-8")
    assert build(load_recipe(recipe), Store(tmp_path)).name != version.name


def test_planted_personal_data_is_in_no_file(version: Path) -> None:
    written = [p for p in version.parent.parent.parent.rglob("*") if p.is_file() and p.name != "chat.tsv"]
    assert len(written) > 8
    texts = pl.read_parquet(version / "ledger.parquet").select(pl.col(pl.String)).write_csv()
    for secret in (MOBILE, ID_CARD, EMAIL, API_KEY):
        assert secret not in texts
        assert not [p for p in written if secret.encode() in p.read_bytes()]
    domain = [r for r in lines(version, "train-00000.jsonl") if r["kind"] == "domain"]
    planted = [r for r in domain if "手机号" in r["messages"][0]["content"]]
    masks = planted[0]["messages"][0]["content"], planted[0]["messages"][1]["content"]
    assert "[手机号1]" in masks[0]
    assert "[手机号1]" in masks[1]


def test_without_masking_the_release_gate_stops_the_build(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    recipe.write_text(RECIPE.replace("  - mask\n", ""), encoding="utf-8")
    with pytest.raises(GateError) as caught:
        build(load_recipe(recipe), Store(tmp_path))
    assert MOBILE not in str(caught.value)
    assert Store(tmp_path).versions("shop") == []


def test_no_exam_question_stands_in_training(version: Path) -> None:
    asked = {q["messages"][-1]["content"] for q in lines(version, "exam.jsonl") if q["probe"] != "perplexity"}
    trained = {m["content"] for r in lines(version, "train-00000.jsonl") for m in r["messages"] if m["role"] == "user"}
    assert asked
    assert not asked & trained
    groups = {q["group"] for q in lines(version, "exam.jsonl")}
    assert not groups & {r["group"] for r in lines(version, "train-00000.jsonl")}


DROPPED_IN = '''"""A rule of a user."""
from typing import ClassVar
import polars as pl
from rules import Examples, Rule


class NoKeyboards(Rule):
    """Conversations about keyboards."""

    title_zh: ClassVar[str] = "谈到键盘的对话"
    examples: ClassVar[Examples] = Examples(keeps=("耳机",), drops=("键盘",))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains("键盘", literal=True)

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
'''


def test_a_rule_needs_one_new_file_and_no_edit(tmp_path: Path) -> None:
    for package in ("schemas", "rules", "curate"):
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / "rules" / "no_keyboards.py").write_text(DROPPED_IN, encoding="utf-8")
    recipe = write_inputs(tmp_path)
    recipe.write_text(RECIPE.replace("- judge", "- judge: {rules: {no_keyboards: {action: review}}}"), encoding="utf-8")
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from curate.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), "build", str(recipe), "--json"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    manifest = read_manifest(tmp_path / json.loads(done.stdout)["path"])
    judged = next(s for s in manifest.stages if s.stage == "judge")
    assert judged.reasons["review:no_keyboards"] == 5


def test_a_killed_build_leaves_no_half_version_and_the_next_succeeds(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    main = "from curate.cli import main; main()"
    command = [sys.executable, "-c", main, "build", str(recipe), "--store", str(tmp_path)]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    expected = Store(tmp_path).versions("shop")
    moments = random.Random(7)
    for _ in range(KILLS):
        store = tmp_path / "killed"
        with subprocess.Popen(
            [*command[:-1], str(store)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            time.sleep(moments.uniform(0.1, whole))
            running.send_signal(signal.SIGKILL)
        for id in Store(store).versions("shop"):
            verify(store / "datasets" / "shop" / id)
        visible = [p.name for p in (store / "datasets" / "shop").glob("[!.]*") if p.is_dir()]
        assert visible in ([], expected)
    subprocess.run([*command[:-1], str(store)], check=True, capture_output=True)
    assert Store(store).versions("shop") == expected
    assert not list((store / "datasets" / "shop").glob(".building-*"))


@pytest.mark.parametrize("has_version", [False, True])
def test_a_build_that_fails_leaves_no_book_without_a_version(tmp_path: Path, has_version: bool) -> None:
    recipe = write_inputs(tmp_path)
    store = Store(tmp_path)
    if has_version:
        build(load_recipe(recipe), store)
    before = sorted(store.versions("shop"))
    with (tmp_path / "chat.tsv").open("ab") as file:
        file.write(b"broken row\n" * 500)
    with pytest.raises(GateError, match="could not be read"):
        build(load_recipe(recipe), store)
    assert store.versions("shop") == before
    assert (tmp_path / "datasets").exists() is has_version
    assert (tmp_path / "quarantine" / "shop.jsonl").is_file()


def test_the_folder_of_another_writer_stays(tmp_path: Path) -> None:
    recipe = write_inputs(tmp_path)
    store = Store(tmp_path)
    with store.locked("shop") as book:
        with pytest.raises(LockedError):
            build(load_recipe(recipe), store)
        assert (book / ".lock").is_file()
