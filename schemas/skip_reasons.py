"""Why the trainer skips a record or one answer of it, as people say it, in both languages."""

from schemas.bilingual import Bilingual

SKIP_REASONS = {
    "too_long": Bilingual("longer than max_tokens", "因超过 max_tokens"),
    "template_refuses": Bilingual("with turns that the chat template refuses", "因轮次不被对话模板接受"),
    "template_rewrites_answer": Bilingual("with an answer that the chat template rewrites", "因回答会被对话模板改写"),
    "only_thinking": Bilingual("with a thought in the place of an answer", "因回答只有思考过程"),
    "cut_with_oldest": Bilingual("cut with the oldest exchanges, for max_tokens", "因 max_tokens 随最早的几轮被截去"),
    "no_turn_end": Bilingual("without a token that ends the answer", "因没有表示回答结束的词元"),
}
"""By the reasons of `train/samples/label_mask.py`; each stands behind a number of rows or answers."""
