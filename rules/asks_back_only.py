"""Questions for a question."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule
from rules.lexicons import any_of, lexicon

ASKS = r"吗|么|嘛|多少|什么|哪个|哪款|哪里|哪一个|哪一款|几点|是不是|没有呢|多久"

OFFERS = r"(?:怎么样|好吗|可以吗|行吗|好嘛|(?i:how about)[^.!?\n]*)呢?[?？\s~～。]*$"
"""A proposal is an answer."""


class AsksBackOnly(Rule):
    """Every sentence of every reply asks something back: the question is never answered. Greetings do not count;
    proposals ("去昆明湖怎么样？") are answers.
    """

    title_zh: ClassVar[str] = "回复句句反问，始终没有回答；问候语不算回答，提议（“去昆明湖怎么样？”）算"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "可以退的，您的订单号是多少？",
            "您要退哪一件？\n好的，已经为您登记退货",
            "Yes, it does. Which size do you need?",
            "您问的是这款吗，有货的",
            "已发送 请问还有什么可以帮到您的吗",
            "去昆明湖怎么样？",
            "How about the blue one?",
        ),
        drops=(
            "您好，请问您的订单号是多少？",
            "亲，是这款吗\n您要什么颜色？",
            "What is your order number?",
            "Hello! Which size do you need? And which colour?",
        ),
    )

    action: Action = "review"

    def score(self, frame: pl.DataFrame) -> pl.Series:
        # Most replies end neither in a question nor in a word that asks: the long pattern is spared for the others.
        asks = frame["reply"].str.contains(rf"(?:[?？]|{ASKS}|呢)[\s~～。]*$")
        if not asks.any():
            return asks
        asks = asks.scatter(asks.arg_true(), ~frame["reply"].filter(asks).str.contains(OFFERS))

        # A space ends a clause in Chinese chats: what stands before it may be the answer.
        sentence = rf"(?:[^。！!.?？，,\s]*(?:[?？]+|(?:{ASKS})呢?[~～。]*(?:\n|$))|[A-Za-z][A-Za-z0-9' -]*\?+)\s*"
        politeness = rf"(?:{any_of(lexicon('politeness'))})[\s，,。！!~～]+"
        only_asks = frame["reply"].filter(asks).str.contains(rf"(?i)^\s*(?:{politeness}|{sentence})+$")
        return asks.scatter(asks.arg_true(), only_asks)
