"""The recipe that the README prints goes all the way, as a new user would: with a small Qwen3 of real configuration."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from transformers import Qwen3Config, Qwen3ForCausalLM

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store
from tests.train.families import fetched

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "README.zh-CN.md")
ASKED = ("这个能退吗", "什么时候发货", "有优惠券吗", "怎么开发票", "尺码偏大吗", "可以换颜色吗")
ANSWERED = (
    "七天内可以无理由退货。", "下单后四十八小时内发货。", "店铺首页可以领取满减券。", "确认收货后在订单页申请发票。",
    "按平时穿的尺码选就行。", "发货前联系我们就可以改。",
)  # fmt: skip


def printed(page: str) -> str:
    """The recipe as the page prints it."""
    (recipe,) = re.findall(r"```yaml\n(# recipe\.yaml\n.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    return recipe


def raw_files(folder: Path) -> None:
    """What the recipe reads: a GB18030 export of a shop with two exchanges in many sessions, and general data."""
    with (folder / "export.csv").open("w", encoding="gb18030", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["会话编号", "发送方", "内容"])
        for n in range(36):
            rows.writerow([n, "买家", f"{ASKED[n % 6]}，型号{chr(0x4E00 + 7 * n)}系列"])
            rows.writerow([n, "客服", f"您好，{ANSWERED[n % 6]}"])
            if n % 2:
                rows.writerow([n, "买家", ASKED[(n + 3) % 6]])
                rows.writerow([n, "客服", f"{ANSWERED[(n + 3) % 6]}（{n}号单）"])
    talks = [[f"请写一句关于{chr(0x5000 + 9 * n)}字的话", f"这是第{n}句，写的是一个汉字。"] for n in range(40)]
    lines = [
        {"messages": [{"role": r, "content": c} for r, c in zip(("user", "assistant"), t, strict=True)]} for t in talks
    ]
    (folder / "general.jsonl").write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "utf-8")


def small_qwen3(folder: Path) -> None:
    """Two layers of Qwen3's own configuration class, with the real tokenizer and its real template."""
    tokenizer = fetched("qwen3")
    torch.manual_seed(0)
    model = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=16, max_position_embeddings=2048,
            tie_word_embeddings=True, eos_token_id=tokenizer.convert_tokens_to_ids("<|im_end|>"),
        )
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def hornbook(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-c", "from curate.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_both_pages_print_the_same_recipe() -> None:
    english, chinese = (yaml.safe_load(printed(page)) for page in PAGES)
    assert english == chinese
    assert english["train"]["system"] == ""


def test_the_printed_recipe_builds_from_raw_files(tmp_path: Path) -> None:
    raw_files(tmp_path)
    (tmp_path / "recipe.yaml").write_text(printed("README.md"), "utf-8")
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    kinds = {json.loads(line)["kind"] for line in (version / "train-00000.jsonl").read_text("utf-8").splitlines()}
    assert {"domain", "general", "identity"} <= kinds


@pytest.mark.slow
def test_the_printed_recipe_goes_from_raw_files_to_an_examined_adapter(tmp_path: Path) -> None:
    small_qwen3(tmp_path / "qwen3")
    raw_files(tmp_path)
    faster = "  model: qwen3\n  epochs: 1\nexam: {max_new_tokens: 8, questions: 4}\n"
    (tmp_path / "recipe.yaml").write_text(printed("README.md") + faster, "utf-8")
    done = hornbook("run", "recipe.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr

    result = json.loads(done.stdout)
    training, run = result["training"], (tmp_path / result["report"]).parent
    assert training["records"] == training["rows"] == result["train_rows"] < training["samples"]
    assert training["skipped"] == [] and (run / "untrained.jsonl").read_bytes() == b""
    found = json.loads((run / "preflight.json").read_bytes())
    assert found["findings"] == [] and found["truncated"] == [] and found["samples"] == training["samples"]

    assert {"identity_strict_zh", "trap_strict_zh", "leak_near_zh", "leak_elsewhere_en"} <= set(result["exam"]["tuned"])
    adapter = {path.name for path in (run / "adapter").iterdir()}
    assert {"adapter_model.safetensors", "chat_template.jinja", "generation_config.json"} <= adapter
    answers = json.loads((run / "exam.json").read_bytes())["tuned"]["answers"]
    assert answers and not any("think>" in answer["text"] for answer in answers)


def test_what_stands_against_the_training_is_said_before_the_build(tmp_path: Path) -> None:
    raw_files(tmp_path)
    (tmp_path / "recipe.yaml").write_text(printed("README.md").replace('system: ""', "system: 你是通义千问。"), "utf-8")
    done = hornbook("run", "recipe.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "system message of the recipe" in done.stderr and not (tmp_path / "datasets").exists()
    assert len(done.stderr.strip().splitlines()) <= 3
