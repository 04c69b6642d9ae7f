"""Facts without numbers that customer service states again and again, in both languages and in other words.

Each has what says it and what says the contrary; couriers, brands of payment and colours contradict each other instead.
Patterns for texts that `_numerals.in_digits` made plain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A fact in words: what says it, and what says the contrary."""

    kind: str
    says: re.Pattern[str]
    denies: re.Pattern[str] | None = None


def _pattern(pattern: str) -> re.Pattern[str]:
    """Compile it so that a Han character ends a Latin word."""
    return re.compile(pattern, re.ASCII)


def _terms(kind: str, *patterns: str) -> list[Term]:
    return [Term(kind, _pattern(pattern)) for pattern in patterns]


YOU, WE = r"(?:你|买家|顾客|客户|自己|个人|自行|收件人)", r"(?:我们|商家|卖家|店铺|我方|本店|店家|我司|这边)"
PAYS = r"(?:来|方)?(?:自己|自行)?(?:承担|付|出|负担|支付|掏)"
COURIERS = _terms(
    "courier",
    r"顺丰|\bsf(?: ?express)?\b", r"中通|\bzto\b", r"圆通|\byto\b", r"申通|\bsto\b", r"韵达|\byunda\b", r"极兔|\bj&t\b",
    r"德邦|\bdeppon\b", r"京东(?:物流|快递)?|\bjd\b", r"邮政|\bems\b|中国邮政", r"百世", r"菜鸟", r"丹鸟",
    r"\bdhl\b", r"\bfedex\b|联邦快递", r"\bups\b", r"\busps\b", r"\broyal mail\b", r"\bevri\b|\bhermes\b", r"\bdpd\b",
)  # fmt: skip
PAYMENTS = _terms(
    "payment",
    r"微信(?:支付)?|\bwechat(?: pay)?\b", r"支付宝|\balipay\b", r"花呗", r"\bpaypal\b|贝宝", r"\bapple pay\b",
    r"\bgoogle pay\b",
    r"\bklarna\b", r"货到付款|\bcash on delivery\b|\bcod\b", r"银联|\bunionpay\b", r"信用卡|\bcredit cards?\b",
    r"银行卡|\bdebit cards?\b", r"礼品卡|\bgift cards?\b", r"\bstore credit\b", r"余额",
)  # fmt: skip
COLOURS = _terms(
    "colour",
    r"黑色?(?!五|屏|名|科|暗|市)|\bblack\b(?! friday)", r"米白色?|\bcream\b", r"(?<!米)白色|\bwhite\b",
    r"红色|\bred\b", r"墨绿色?|\bforest green\b|\bdark green\b",
    r"(?<!墨)绿色|(?<!forest )(?<!dark )\bgreen\b", r"蓝色|\bblue\b", r"黄色|\byellow\b",
    r"灰色?(?!尘)|\bgr[ea]y\b", r"粉色|粉红|\bpink\b", r"紫色|\bpurple\b",
    r"棕色|咖色|咖啡色|\bbrown\b", r"银色|\bsilver\b", r"金色|\bgold(?:en)?\b", r"橙色|\borange\b",
    r"卡其色?|\bkhaki\b", r"米色|杏色|\bbeige\b",
)  # fmt: skip
MATERIALS = _terms(
    "material",
    r"纯?棉(?!签)|\bcotton\b", r"羊毛|\bwool(?:len)?\b", r"真丝|桑蚕丝|\bsilk\b",
    r"聚酯纤维|涤纶|\bpolyester\b", r"亚麻|\blinen\b", r"真皮|牛皮|\bleather\b",
    r"不锈钢|\bstainless steel\b", r"陶瓷|\bceramic\b", r"硅胶|\bsilicone\b", r"玻璃|\bglass\b",
    r"实木|\bsolid wood\b", r"氨纶|\belastane\b|\bspandex\b",
)  # fmt: skip
PHRASES = (
    Term(
        "free",
        _pattern(
            r"免费|不收(?:任何)?(?:费|钱|取)|不(?:要|用|花)(?:另外?)?(?:付)?(?:钱|费)|免(?:运|邮|手续|安装)费"
            r"|(?<![\d不])0元|无需(?:付费|费用)"
            r"|(?<!feel )(?<!toll-)(?<!duty-)\bfree\b(?! to\b)|\bno (?:extra )?(?:charge|cost|fee)"
            r"|\bwithout charge|\bpay nothing|\bcomplimentary|\bfee-free"
        ),
        _pattern(
            r"(?:要|需|得|会)(?:另外?)?收(?:取)?费|收(?:取|费)?\s?\d+|不(?:是)?免费|\bnot free\b|\bisn't free\b"
            r"|\bthere(?:'s| is) a (?:fee|charge)"
        ),
    ),
    Term(
        "postage_free",
        _pattern(
            r"(?<!不)包邮|免(?:运|邮)费?|\bfree (?:standard )?(?:shipping|delivery|postage)\b|\bships? (?:for )?free\b"
        ),
        _pattern(r"不包邮|运费自理|不免(?:运|邮)|\bno free (?:shipping|delivery)|\bshipping is not free"),
    ),
    Term(
        "customer_pays",
        _pattern(
            rf"{YOU}{PAYS}|自理|\b(?:you|buyer|customer)s? (?:will |would )?(?:have to |need to )?(?:pay|cover)s?\b"
            rf"|\byour (?:own )?(?:cost|expense)\b|\bon you\b"
        ),
        _pattern(rf"{WE}{PAYS}|\bwe(?:'ll| will)? (?:pay|cover)\b|\bon us\b|\bour (?:cost|expense)\b|\bseller pays\b"),
    ),
    Term(
        "we_pay",
        _pattern(
            rf"{WE}{PAYS}|\bwe(?:'ll| will)? (?:pay|cover)\b|\bon us\b|\bour (?:cost|expense)\b|\bseller (?:pays"
            rf"|covers)\b"
        ),
        _pattern(
            rf"{YOU}{PAYS}|自理|\byou (?:have to |need to )?pay\b|\byour (?:own )?(?:cost|expense)\b|\bbuyer pays\b"
        ),
    ),
    Term(
        "next_day",
        _pattern(
            r"次日(?:必)?(?:送)?达|隔[天日](?:就|即|能)?(?:送)?(?:到|达)|第2天(?:就|即|能)?(?:送)?(?:到|达)"
            r"|\bnext[- ]day\b|\bthe day after\b"
        ),
    ),
    Term("same_day", _pattern(r"当[天日](?:就|即)?(?:送|发|到|达)|\bsame[- ]day\b")),
    Term(
        "original_route",
        _pattern(
            r"原路(?:退|返)|原(?:支付|付款)(?:方式|账户|渠道)|付款账户|\boriginal (?:card|payment|method|form)"
            r"|\b(?:the )?(?:same )?card you (?:paid|used)"
            r"|\bsame (?:card|method|payment)|\bhow you paid\b|\bwhere it came from"
        ),
        _pattern(r"退(?:到|至|回)?余额|\bas store credit\b|\bgift card\b"),
    ),
    Term(
        "in_stock",
        _pattern(
            r"(?<!没)(?<!没有)有(?:现)?货|现货(?!吗)|\bin stock\b|(?<!not )(?<!un)\bavailable (?:now|today|right now)\b"
        ),
        _pattern(
            r"没(?:有)?(?:现)?货|无货|缺货|断货|售罄|卖完|抢光|\bsold out\b|\bout of stock\b|\bnot (?:in stock"
            r"|available)\b|\bunavailable\b"
        ),
    ),
    Term(
        "not_refundable",
        _pattern(
            r"(?:不|概不|不予|不可|不能|不支持|恕不|无法)(?:退(?!货运)|退还|退款)|\bnon-?refundable\b"
            r"|\bnot (?:be )?refund(?:able|ed)\b|\bno refunds?\b|\bcan't be refunded\b"
        ),
        _pattern(r"(?<!不)(?:可以|可|能|支持)(?:全额)?退|(?<!non-)(?<!not )(?<!non)\brefundable\b|\bcan be refunded\b"),
    ),
    Term("e_invoice", _pattern(r"电子(?:发票|票|版)|电子普票|\be-?invoice|\bpdf\b")),
    Term("vat_invoice", _pattern(r"增值税专用发票|专票|\bvat invoice")),
)
EXCLUSIVE = (*COURIERS, *PAYMENTS, *COLOURS, *MATERIALS)
CONTRADICTING = frozenset(("courier",))
"""Kinds of which an answer that names another one instead says something else."""


def terms_in(text: str) -> Iterator[tuple[Term, int]]:
    """Find the facts in words that a text states, and where."""
    for term in (*EXCLUSIVE, *PHRASES):
        if found := term.says.search(text):
            yield term, found.start()
