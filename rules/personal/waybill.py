"""Waybill numbers, by a carrier's prefix or the words in front of them."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Waybill(PersonalData):
    """A carrier's letters with ten digits or more, or eight digits or more after a word for a parcel."""

    label_zh: ClassVar[str] = "运单号"
    label_en: ClassVar[str] = "WAYBILL"
    title_zh: ClassVar[str] = "快递运单号"
    priority: ClassVar[int] = 12
    screen: ClassVar[str] = r"(?i)运单|快递|物流|包裹|tracking|waybill|SF|YT|JD|ZTO|STO|YD|EMS|DB|1Z"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:(?:运单|快递单?|物流单?|包裹单?)(?:编号|号码|号)?|(?<![A-Za-z])(?:tracking|waybill)"
        r"(?:\s*(?:number|no\.?|id|#|code))?)[\s:：#是为=]{0,4}(?:is\s)?(?P<it>[A-Za-z]{0,4}\d{8,20})(?!\d)"
        r"|(?<![A-Za-z0-9])(?:SF|YT|JDV?[A-Z]?|ZTO|STO|YD|EMS|DB)\d{10,15}(?!\d)|(?<![A-Za-z0-9])1Z[0-9A-Z]{16}(?![0-9A-Z])",
        re.IGNORECASE,
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("运单号SF1234567890123", "SF1234567890123"),
            ("顺丰SF1234567890123已签收", "SF1234567890123"),
            ("快递单号：75312345678901", "75312345678901"),
            ("tracking number is 1Z999AA10123456784", "1Z999AA10123456784"),
        ),
        spares=("快递3天到", "物流信息没更新", "SF轻小说", "JD京东", "快递费12元"),
    )
