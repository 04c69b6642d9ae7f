"""Order numbers, by the words in front of them."""

import re

from rules.personal import DENSE, PersonalData, PersonalExamples, Span, after, is_date, matches

NUMBER = r"(?:编号|号码|单号|序号|号|編號|號碼|號|id|no\.?)"
GAP = r"(?:[\s:#=(\"'“‘\[【「<是为-]|(?:is|was)\s){0,6}"
CONTEXT = re.compile(
    rf"(?=[订訂单單交退售工服采换发流保预提消bcioprt])(?:(?:订单|訂單|单子){NUMBER}?|单号|單號"
    rf"|(?:交易|退款|售后|工单|服务单|采购单?|退货单?|换货单?|发票|流水|保单|预订单?|预约单?|提货单?|消费){NUMBER}"
    r"|(?<![A-Za-z])(?:orders?|purchase|invoice|transaction|reservation|booking|confirmation)"
    r"(?: with(?: the)?)?(?:[ _-]?(?:numbers?|no\.?|ids?|ref(?:erence)?|code|#)){0,2}"
    r"|(?<![A-Za-z])(?:ref(?:erence)?|case|ticket)[ _-]?(?:numbers?|no\.?|ids?|code|#))" + GAP,
    re.IGNORECASE,
)
UNIT = r"(?!\s?(?:元|块|个|件|单|人|米|天|年|月|积分|万|%|units?|items?|pcs|pieces|dollars|usd|rmb|yuan|points|miles))"
TOKEN = re.compile(
    rf"(?:\d{{4}}(?: \d{{4}}){{1,6}}|(?=(?:[A-Za-z_-]*\d){{5}})[A-Za-z0-9][A-Za-z0-9_-]{{3,39}}[A-Za-z0-9])"
    rf"(?![A-Za-z0-9]|[.,:/]\d|@){UNIT}",
    re.IGNORECASE,
)
SHORT = re.compile(
    r"(?=[oict])(?<![A-Za-z])(?:orders?|invoice|case|ticket)(?: (?:number|no\.?|id))?(?: is)?:? ?"
    r"#\s?(?P<it>\d{3,5})(?!\d)",
    re.IGNORECASE,
)
BETWEEN = r"[编号码单序編號碼A-Za-zıİ\s\x1c-\x1f.:#=(\"'“‘\[【「<是为_-]*"
"""What may stand between such a word and the number."""
BEFORE = re.compile(
    r"(?=\d)(?<![A-Za-z0-9.])(?!1[3-9]\d{9}(?!\d))(?P<it>\d{10,30})"
    r"(?=\s?(?:这个|这笔|这|那个|此|的)?(?:订单|單號|单号|order))"
)


class OrderNumber(PersonalData):
    """At least five digits, with or without letters, after a word for an order, an invoice or a case."""

    label_zh = "订单号"
    label_en = "ORDER"
    title_zh = "订单号：“订单号”“单号”“order”等字样后面的号码"
    priority = 15
    gate = (DENSE, r"#[\s\x1c-\x1f]?[0-9]{3}")
    screen = (
        r"(?:订单|訂單|单子|单号|單號|交易|退款|售后|工单|服务单|采购|退货|换货|发票|流水|保单|预订|预约|提货|消费"
        r"|(?i-u:order|purchase|invoice|transaction|reservation|booking|confirmation|ref|case|ticket))"
        rf"{BETWEEN}(?:[0-9](?:[A-Za-z_-]*[0-9]){{2}}(?:[A-Za-zıİ_-]*[0-9]){{2}}|[0-9]{{4}} [0-9]{{4}}"
        r"|#[\s\x1c-\x1f]?[0-9]{3})"
        r"|[0-9]{10}[\s\x1c-\x1f]?(?:这|那|此|的|订单|單号|单号|(?i-u:order))"
    )
    asks = r"订单|訂單|单号|單號|(?i:order (?:number|id|no|#))"
    answer = re.compile(
        r"(?<![A-Za-z0-9.])(?!1[3-9]\d{9}(?!\d)|(?:19|20)\d{6}(?!\d))"
        rf"(?P<it>[A-Za-z]{{0,4}}-?\d(?:-?\d){{7,30}})(?![A-Za-z0-9-]|\.\d){UNIT}",
        re.IGNORECASE,
    )
    examples = PersonalExamples(
        finds=(
            ("订单号：202311240001", "202311240001"),
            ("订单20231124000188到哪了", "20231124000188"),
            ("订单编号【2023112400】", "2023112400"),
            ("订单号 1234 5678 9012 3456", "1234 5678 9012 3456"),
            ("where is order #12345?", "12345"),
            ("order #4711 is late", "4711"),
            ("cancel purchase 113542617735902", "113542617735902"),
            ("My order number is ON-1234567", "ON-1234567"),
            ("order ID: 113-1234567-7654321", "113-1234567-7654321"),
            ("20231124000188这个订单", "20231124000188"),
        ),
        spares=(
            "订单金额300元",
            "订单[订单号1]",
            "order 2 pizzas",
            "in order to",
            "订单满99减20",
            "单号已经发您",
            "订单x",
            "订单12345元",
            "订单 2023-11-24 下的",
            "order 10000 units",
            "订单号后四位1234",
            "purchase on 20231124",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        named = [(start, end) for start, end in after(CONTEXT, TOKEN, text) if not is_date(text[start:end])]
        return named + matches(SHORT, text) + matches(BEFORE, text)
