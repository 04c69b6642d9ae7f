"""Sixteen tasks of every kind, what a reviewer writes into their rows, and what was said by that."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curate.reviewing.in_words import REJECT_REASONS
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.sheet_way import SheetWay
from schemas.record import Message
from schemas.review import Measured, Opinion, OtherAnswer, ReviewTask, shown_digest

Turns = list[tuple[str, str]]
LONG = "这条规则要逐字说明。" * 4_000


def task(number: int, turns: Turns, **more: Any) -> ReviewTask:
    messages = tuple(Message(role=role, content=text) for role, text in turns)  # type: ignore[arg-type]
    known: dict[str, Any] = {"asked": "record", "kind": "domain", "lang": "zh", "why": ("sample",)}
    return ReviewTask(
        id=f"{number:032x}",
        messages=messages,
        shown=(shown_digest([message.model_dump() for message in messages]),),
        source=f"七月.csv:{number}",
        version="shop@1a2b3c4d",
        **(known | more),
    )


def pair(question: str, answer: str) -> Turns:
    return [("user", question), ("assistant", answer)]


def other(number: int, question: str, answer: str, date: str = "") -> OtherAnswer:
    return OtherAnswer(id=f"{number:032x}", question=question, answer=answer, date=date, source=f"八月.csv:{number}")


DAYS = (
    other(101, "退款多久到账", "1至3个工作日到账。", "2025-03-01"),
    other(102, "退款几天到", "7天内到账。"),
)
TALK: Turns = [
    ("system", "你是小喵。"),
    ("user", "在吗"),
    ("assistant", "在的，请讲。"),
    ("user", "能退货吗"),
    ("assistant", "7天内可以退。"),
    ("user", "运费谁出"),
    ("assistant", "质量问题由我们出。"),
]
SCORE = Measured(rule="reply_length", score=2.0, limit="min 2")
TASKS: tuple[ReviewTask, ...] = (
    task(1, pair("怎么退货", "在订单页点“申请退货”。")),
    task(2, pair("几点上班", "早上9点。"), measured=(SCORE,), why=("near:reply_length",)),
    task(3, pair("能便宜吗", "不能，爱买不买。"), why=("flagged:abusive", "sample")),
    task(4, pair("这款防水吗", "看页面。"), why=("dropped:empty_answer",)),
    task(5, TALK),
    task(6, pair("退款多久到", "24小时内到账。"), asked="conflict", why=("conflict",), others=DAYS, date="2025-02-01"),
    task(7, pair("退款多久能到", "48小时内到账。"), asked="conflict", why=("conflict",), others=DAYS),
    task(8, pair("你们卖药吗", "抱歉，我们不卖药品。"), asked="exam", why=("exam:refusal",)),
    task(9, pair("发票怎么开", "在订单页点“开发票”。"), why=("generated",), parent=other(103, "开发票", "点开票。")),
    task(10, pair("怎么求和", "=SUM(A1:A9)")),
    task(11, pair("客服电话多少", "95588"), twin=other(104, "客服电话", "95588")),
    task(12, pair("谢谢啦", "不客气😊，祝您愉快🎉")),
    task(13, pair("全部规则", LONG)),
    task(14, pair("Can I return it?", 'You don\'t need to; see "Returns"...'), lang="en", kind="general"),
    task(15, pair("怎么洗\r\n怎么晒", "手洗。 \r\n阴凉处晾干。\r\n")),
    task(16, pair("哪天开业", "3月4日")),
)
STEPS = "- 先点“退款”\n- 再选原因"
FILLED: Mapping[int, Mapping[str, str]] = {
    1: {"结论": "通过", "审核人": "王经理"},
    2: {"结论": "修改", "新回答": "早上9点到晚上6点，\n周日休息。", "审核人": "王经理"},
    3: {"结论": "拒绝", "原因": REJECT_REASONS["abusive"].zh, "备注": "语气太差", "审核人": "王经理"},
    4: {"结论": "看不准", "审核人": "王经理"},
    5: {
        "结论": "修改",
        "新回答": "由我们出。",
        "其他轮次": "[1] 您好，在的。\n[2] 签收后7天内可以退。",
        "审核人": "12",
    },
    6: {"结论": "通过", "哪个算数": "B", "审核人": "王经理"},
    7: {"结论": "拒绝", "哪个算数": "none", "审核人": "王经理"},
    8: {"结论": "通过", "审核人": "12"},
    9: {"结论": "修改", "新回答": "在订单页点“开发票”。 ", "审核人": "12"},
    10: {"结论": "通过", "审核人": "12"},
    11: {"结论": "拒绝", "原因": REJECT_REASONS["other"].zh, "备注": "号码 010 开头", "审核人": "12"},
    13: {"结论": "通过", "审核人": "王经理"},
    14: {"结论": "通过", "审核人": "王经理"},
    15: {"结论": "修改", "新回答": STEPS, "审核人": "王经理"},
    16: {"结论": "通过", "审核人": "王经理"},
}
"""What stands in the rows, by their numbers and the Chinese names of the columns; row 12 is left for tomorrow."""


def opinions(name: str) -> list[Opinion]:
    """What was said in the sheet of this name."""

    def of(number: int, verdict: str, **more: Any) -> Opinion:
        return Opinion(
            key=TASKS[number - 1].key,
            verdict=verdict,  # type: ignore[arg-type]
            by=FILLED[number]["审核人"],
            origin=f"sheet:{name}:{number}",
            **more,
        )

    return [
        of(1, "accept"),
        of(2, "edit", answers={1: "早上9点到晚上6点，\n周日休息。"}),
        of(3, "reject", reasons=("abusive",), note="语气太差"),
        of(4, "unsure"),
        of(5, "edit", answers={1: "由我们出。", 2: "签收后7天内可以退。", 3: "您好，在的。"}),
        of(6, "accept", holds=(DAYS[0].id,)),
        of(7, "reject"),
        of(8, "accept"),
        of(9, "accept"),
        of(10, "accept"),
        of(11, "reject", reasons=("other",), note="号码 010 开头"),
        of(13, "accept"),
        of(14, "accept"),
        of(15, "edit", answers={1: STEPS}),
        of(16, "accept"),
    ]


def pushed(folder: Path, lang: Any = "zh") -> tuple[ReviewQueue, SheetWay]:
    """A queue of the tasks in a store of its own, and the way by which they went out."""
    queue = ReviewQueue(folder / "store", "shop")
    queue.add(TASKS)
    way = SheetWay(queue, folder / "out" / "shop.xlsx", lang=lang)
    way.push(TASKS, 1)
    return queue, way
