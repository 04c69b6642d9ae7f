"""Why the trainer skips a record or one answer of it, as people say it, in both languages."""

from schemas.bilingual import Bilingual

SKIP_REASONS = {
    "too_long": Bilingual("longer than max_tokens", "因超过 max_tokens"),
    "template_refuses": Bilingual("with turns that the chat template refuses", "因轮次不被对话模板接受"),
    "template_rewrites_answer": Bilingual("with an answer that the chat template rewrites", "因回答会被对话模板改写"),
    "no_turn_end": Bilingual("without a token that ends the answer", "因没有表示回答结束的词元"),
}
"""By the reasons of `train/label_mask.py`; each stands behind a number of rows or answers."""
