"""Why a reviewer may reject, as a screen offers it: a short useful selection, by key."""

from schemas.bilingual import Bilingual

OTHER = "other"
REJECT_REASONS = {
    "wrong_fact": Bilingual("wrong fact", "事实错误"),
    "empty_answer": Bilingual("does not answer", "答非所问"),
    "abusive": Bilingual("rude or unsafe", "无礼或不安全"),
    "personal_data": Bilingual("personal data left", "留有个人信息"),
    "truncated_answer": Bilingual("cut off or garbled", "截断或乱码"),
    "expiring_date": Bilingual("outdated", "已过时"),
    "foreign_identity": Bilingual("wrong identity", "身份不对"),
    OTHER: Bilingual("other, see the note", "其他，见备注"),
}
"""Names of rules, where one looks for the like, and how they are called to people who know no rule."""
