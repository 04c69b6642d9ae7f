"""A small shop with questions, and a model that says them in other words: by a table, without any call."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curate.build.build import build
from curate.llm.client import OnAsking
from curate.llm.reply import Fault, ModelReply, Usage
from curate.llm.request import Request
from curate.llm.spending import Estimate
from curate.recipe.load import load_recipe
from curate.rewording.parents import version_without_rewordings
from curate.rewording.prompts import Variants
from curate.rewording.reword import AskingOf, RewordingsWritten, RewordingTask, plan_rewording, reword
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from schemas.llm import LlmSettings
from tests.curate.llm.faulty_server import FaultyServer

TALKS = {
    "你们几点开门营业？": ("早上九点开门，晚上六点关门。", "请问门店一般什么时候开始营业"),
    "退款多久能到账？": ("退款会在一到三个工作日到账。", "申请退款以后，钱什么时候能收到"),
    "怎么开电子发票？": ("在订单页面点开发票就可以。", "我想要电子发票，该在哪里开"),
    "这双鞋的尺码偏大吗？": ("这双鞋尺码标准，按平时的选。", "鞋子的码数会不会比一般的大"),
    "可以改收货地址吗？": ("发货以前都可以在订单里修改。", "想换一个收货地址，还能换吗"),
    "你们支持无理由退货吗？": ("支持的，包装完好就能退。", "无理由退货这项服务你们有吗"),
    "赠品什么时候寄出？": ("赠品和订单一起寄出。", "送的赠品哪天能发出来"),
    "会员积分怎么使用？": ("付款时勾选积分就能抵扣。", "账户里的积分要怎样才能用掉"),
    "这件外套能机洗吗？": ("可以，用洗衣袋和冷水。", "外套放洗衣机里洗有没有问题"),
    "充电器的保修是多久？": ("充电器保修一年。", "请问充电器买了以后保修多长时间"),
    "耳机没有声音怎么办？": ("请先重新配对一次。", "耳机没声音了，要怎么处理"),
    "订单可以合并发货吗？": ("同一天的订单可以合并。", "能不能把订单放在一起发出"),
}
"""Questions with their answers, and a rewording of each that may be learnt."""
PHONE = "13912345678"
ASKED_WITH_PHONE = f"我的手机号是{PHONE}，帮我查一下物流好吗？"
RECIPE = """\
version: 1
name: shop
identity: {zh: {name: 小喵, author: 技术吧}}
llm: {base_url: "http://127.0.0.1:9/v1", model: talker, retries: 0}
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask, %s]
"""
SPLIT = "{split: {identity: 0, trap: 0, unrelated: 0, refusal: 0, in_scope: %d, perplexity: 0}}"
REWORD = "{reword: {identity: 2, domain: 1}}"
DOMAIN = "{reword: {identity: 0, domain: 1}}"


def write_shop(folder: Path, stages: str = REWORD, talks: Sequence[str] = ()) -> Path:
    """Write a recipe and its rows; `stages` stand behind `mask`."""
    folder.mkdir(exist_ok=True)
    rows = [{"q": question, "a": TALKS[question][0]} for question in TALKS if not talks or question in talks]
    write_lines(folder / "faq.jsonl", rows)
    (folder / "recipe.yaml").write_text(RECIPE % stages, encoding="utf-8")
    return folder / "recipe.yaml"


def write_lines(path: Path, lines: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@dataclass
class Table:
    """A model that answers from TALKS, or always the same, and remembers what it was asked."""

    always: tuple[str, ...] = ()
    fault: Fault = ""
    asked: list[Request] = field(default_factory=list)

    def __call__(self, settings: LlmSettings, folder: Path) -> "Table":
        return self

    def estimate(self, requests: Sequence[Request]) -> Estimate:
        return Estimate(len(requests), 0, 100 * len(requests), 10 * len(requests), None)

    def ask(self, requests: Sequence[Request], on_progress: OnAsking) -> Iterator[tuple[int, ModelReply]]:
        for index, request in enumerate(requests):
            self.asked.append(request)
            question = request.data["question"]
            variants = self.always or (TALKS[question][1] if question in TALKS else f"{question}，请问",)
            usage = Usage(tokens_in=1, tokens_out=1)
            value = None if self.fault else Variants(variants=variants)
            yield index, ModelReply(value, self.fault, usage, cached=False)


def quiet(*progress: Any) -> None:
    """Show nothing."""


def asked(recipe: Path, client_of: AskingOf, limit: int | None = None, to: Path | None = None) -> RewordingsWritten:
    folder = recipe.parent
    task = RewordingTask(load_recipe(recipe), Store(folder), to or folder / "rewordings.jsonl", limit, client_of)
    return reword(plan_rewording(task, quiet), quiet)


def built(folder: Path) -> Path:
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def rows(version: Path) -> dict[str, dict[str, Any]]:
    return {
        line["id"]: line for shard in read_manifest(version).trained_on() for line in read_jsonl(version / shard.name)
    }


def lines(folder: Path) -> list[dict[str, Any]]:
    return list(read_jsonl(folder / "rewordings.jsonl"))


def write_rewordings(folder: Path, texts: Mapping[str, Sequence[str]]) -> None:
    """Write rewordings of questions of the shop, by the ids that a build gives them."""
    version = version_without_rewordings(load_recipe(folder / "recipe.yaml"), Store(folder), quiet)
    records = [*rows(version).values(), *read_jsonl(version / "exam.jsonl")]
    ids = {next(m["content"] for m in line["messages"] if m["role"] == "user"): line["id"] for line in records}
    write_lines(
        folder / "rewordings.jsonl",
        [
            {"parent": ids[question], "part": "question", "number": number, "text": text, "model": "by hand"}
            for question, texts_of in texts.items()
            for number, text in enumerate(texts_of, start=1)
        ],
    )


def point_at(recipe: Path, server: FaultyServer) -> None:
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("http://127.0.0.1:9/v1", server.url), encoding="utf-8")
