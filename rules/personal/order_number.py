"""Order numbers, by the words in front of them."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class OrderNumber(PersonalData):
    """At least five digits after a word for an order, a purchase or an invoice."""

    label_zh: ClassVar[str] = "订单号"
    label_en: ClassVar[str] = "ORDER"
    title_zh: ClassVar[str] = "订单号"
    priority: ClassVar[int] = 15
    screen: ClassVar[str] = r"(?i)订单|单号|編號|编号|order|purchase|invoice|ref"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:订单(?:编号|号码|号)?|單號|单号|交易号|流水号|退款编号|发票号码?"
        r"|(?<![A-Za-z])(?:order|purchase|invoice|transaction|reference)(?:\s*(?:numbers?|no\.?|id|#|ref(?:erence)?))?)"
        r"[\s:：#是为=（(【\[]{0,4}(?:is\s)?(?P<it>[A-Za-z]{0,4}-?\d(?:[\d-]{3,30})\d)(?![\d])",
        re.IGNORECASE,
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("订单号：202311240001", "202311240001"),
            ("订单20231124000188到哪了", "20231124000188"),
            ("where is order #12345?", "12345"),
            ("cancel purchase 113542617735902", "113542617735902"),
            ("My order number is ON-1234567", "ON-1234567"),
        ),
        spares=(
            "订单金额300元",
            "订单[订单号1]",
            "order 2 pizzas",
            "in order to",
            "订单满99减20",
            "单号已经发您",
            "订单x",
        ),
    )
