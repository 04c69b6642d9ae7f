"""Why a reviewer rejects a record: a short choice, by the names of the rules that look for the same."""

from schemas.bilingual import Bilingual

OTHER = "other"
"""No rule looks for it; the note says what it is."""
REASONS: dict[str, Bilingual] = {
    "judged": Bilingual("wrong fact", "内容有误"),
    "empty_answer": Bilingual("does not answer", "答非所问或没有回答"),
    "abusive": Bilingual("rude or unsafe", "辱骂或不安全"),
    "human_agent_id": Bilingual("personal data left", "残留个人信息"),
    "truncated_answer": Bilingual("cut off or garbled", "不完整或乱码"),
    "expiring_date": Bilingual("outdated", "已过时"),
    "foreign_identity": Bilingual("wrong identity", "身份有误"),
    OTHER: Bilingual("other", "其他"),
}
