"""Waybill numbers, by a carrier's prefix or the words in front of them."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after, is_date, matches

NUMBERED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:SF|YT|JD(?:V[A-Z]|[A-Z])?|ZTO|STO|YD|EMS|DPK|HTKY|JT|sf|yt|jd|jt)\d{10,15}"
    r"|1Z(?=(?:[A-Z]{0,12}\d){5})[0-9A-Z]{16}|[A-Z]{2}\d{9}(?:CN|US|GB|HK|JP|DE|SG|AU|CA))(?![0-9A-Za-z])"
)
CARRIERS = "顺丰|中通|圆通|申通|韵达|百世|极兔|德邦|邮政|丹鸟|天天"
PARCELS = "tracking|waybill|shipment|awb|parcel"
CONTEXT = re.compile(
    rf"(?:(?:运单|運單|快递单?|快遞單?|物流单?|包裹单?|{CARRIERS}|(?<![A-Za-z])EMS)"
    r"(?:快递|速递|物流|快运)?(?:编号|单号|号码|号|單號|號)?"
    rf"|(?<![A-Za-z])(?:{PARCELS})(?:[ _-]?(?:numbers?|no\.?|id|#|code)){{0,2}})"
    r"(?:[\s:#=(\"'“‘\[【「是为-]|(?:is|was)\s){0,6}",
    re.IGNORECASE,
)
TOKEN = re.compile(
    r"(?:\d{4}(?: \d{4}){2,5}(?: \d{1,3})?|[A-Za-z]{0,4}\d{8,24}[A-Za-z]{0,2}"
    r"|(?=(?:[A-Za-z]*\d){8})[A-Z0-9]{10,24})(?![A-Za-z0-9]|\.\d)"
)


class Waybill(PersonalData):
    """A carrier's letters with ten digits or more, or eight digits or more after a word for a parcel."""

    label_zh = "运单号"
    label_en = "WAYBILL"
    title_zh = "快递运单号：承运商前缀（SF、YT、JD……）或“运单号”“快递单号”之后的号码"
    priority = 12
    screen = (
        rf"(?:运单|運單|快递|快遞|物流|包裹|{CARRIERS}"
        rf"|(?i-u:ems|{PARCELS}))[^0-9]*[0-9](?:[A-Za-z ]*[0-9]){{7}}"
        r"|(?i-u:(?:sf|yt|jd[a-z]{0,2}|zto|sto|yd|ems|dpk|htky|jt)[0-9]{10}|1z[0-9a-z]{16}|[a-z]{2}[0-9]{9}[a-z]{2})"
    )
    asks = r"运单|快递单号|物流单号|(?i:tracking|waybill)"
    answer = re.compile(r"(?<![A-Za-z0-9.])(?!1[3-9]\d{9}(?!\d))(?P<it>[A-Za-z]{0,4}\d{10,24})(?![A-Za-z0-9]|\.\d)")
    examples = PersonalExamples(
        finds=(
            ("运单号SF1234567890123", "SF1234567890123"),
            ("顺丰SF1234567890123已签收", "SF1234567890123"),
            ("快递单号：75312345678901", "75312345678901"),
            ("中通75312345678901", "75312345678901"),
            ("JDVA12345678901", "JDVA12345678901"),
            ("tracking number is 1Z999AA10123456784", "1Z999AA10123456784"),
            ("tracking: 9400 1234 5678 9012 3456 78", "9400 1234 5678 9012 3456 78"),
        ),
        spares=(
            "快递3天到",
            "物流信息没更新",
            "SF轻小说",
            "JD京东",
            "快递费12元",
            "tracking 20231124",
            "SF12345",
            "parcel 2 of 3",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        named = [(start, end) for start, end in after(CONTEXT, TOKEN, text) if not is_date(text[start:end])]
        return named + matches(NUMBERED, text)
