"""What stands in the sheet: its columns, its words, and the page that explains it."""

from curate.reviewing.in_words import REJECT_REASONS
from schemas.bilingual import Bilingual
from schemas.review import Decision

COLUMNS = {
    "label": Bilingual("number", "编号"),
    "conversation": Bilingual("conversation", "对话"),
    "answer": Bilingual("last answer", "最后的回答"),
    "why": Bilingual("why it is here", "为什么要看"),
    "measured": Bilingual("what was measured", "测到什么"),
    "others": Bilingual("other answers", "其他回答"),
    "related": Bilingual("related", "相关记录"),
    "verdict": Bilingual("verdict", "结论"),
    "holds": Bilingual("holds", "哪个算数"),
    "new_answer": Bilingual("new answer", "新回答"),
    "other_turns": Bilingual("other turns", "其他轮次"),
    "reason": Bilingual("reason", "原因"),
    "note": Bilingual("note", "备注"),
    "reviewer": Bilingual("reviewer", "审核人"),
    "check": Bilingual("number again", "编号核对"),
}
"""In their order, by what they hold."""
WIDTHS = {
    "label": 10, "conversation": 44, "answer": 40, "why": 18, "measured": 18, "others": 36, "related": 28,
    "verdict": 11, "holds": 12, "new_answer": 40, "other_turns": 28, "reason": 18, "note": 24, "reviewer": 10,
    "check": 10,
}  # fmt: skip
FILLED = ("verdict", "holds", "new_answer", "other_turns", "reason", "note", "reviewer")
"""What the reviewer fills in."""
SAYING = ("verdict", "holds", "new_answer", "other_turns", "reason", "note")
"""What is said about a row."""
DIGESTED = ("conversation", "answer", "others")
"""By what a row that comes back is known to be whole."""
NEEDED = ("label", "verdict")
OPTIONAL = ("why", "measured", "others", "related", "holds", "other_turns")
"""Columns that a sheet is without where no row of it has any use for them."""
VERDICTS: dict[Decision, Bilingual] = {
    "accept": Bilingual("accept", "通过"),
    "edit": Bilingual("edit", "修改"),
    "reject": Bilingual("reject", "拒绝"),
    "unsure": Bilingual("cannot tell", "看不准"),
}
ALL, NONE = Bilingual("all", "都行"), Bilingual("none", "都不行")
SHEET = Bilingual("review", "审核")
READ_ME = Bilingual("read me", "说明")
BY_HAND = Bilingual("choose from the list; remarks go into the column note", "请从列表中选择；说明请写在“备注”列")
EXPLANATION = (
    Bilingual("How to fill in the sheet “review”", "“审核”表怎么填"),
    Bilingual("One row is one decision. Fill in the yellow columns; leave the grey ones as they are.",
              "每行作一个决定。只填黄色的列，灰色的列请不要改动。"),
    Bilingual("accept: the last answer may be learnt as it is.", "通过：最后的回答可以照原样学习。"),
    Bilingual("edit: write into “new answer” what the last answer should be, whole.",
              "修改：在“新回答”里写出正确的完整回答。"),
    Bilingual("reject: it must not be learnt; choose a reason.", "拒绝：不能学习；请选原因。"),
    Bilingual("cannot tell: somebody else should look.", "看不准：请别人再看。"),
    Bilingual("An empty verdict is no decision: the row waits.", "结论留空表示还没决定，这一行继续等待。"),
    Bilingual("“holds”: where there are other answers, the letters of those that are right: A, or B, C; “all”, "
              "or “none”. A is the last answer.",
              "“哪个算数”：有其他回答时，填算数的字母：A，或 B、C；也可以填“都行”或“都不行”。A 就是最后的回答。"),
    Bilingual("“other turns”: earlier answers are numbered in the conversation, [1], [2]. To change one, write its "
              "number and the new text: [1] Hello, here I am.",
              "“其他轮次”：对话里较早的客服回答带有编号 [1]、[2]。要修改，请写编号和新的文字：[1] 您好，在的。"),
    Bilingual("Sort, filter and delete rows as you like; save as Excel or CSV, and send the file back.",
              "可以随意排序、筛选、删除行；保存为 Excel 或 CSV 后发回即可。"),
    Bilingual("Reasons:", "原因："),
)  # fmt: skip
"""The lines of the page that explains the sheet; the reasons stand below."""


def reasons() -> list[Bilingual]:
    """List the reasons to choose from."""
    return [*REJECT_REASONS.values()]
