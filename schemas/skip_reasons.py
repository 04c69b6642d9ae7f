"""Why the trainer skips a record or one answer of it, as people say it, in both languages."""

from schemas.bilingual import Bilingual

SKIP_REASONS = {
    "too_long": Bilingual("longer than max_tokens", "超过 max_tokens"),
    "template_refuses": Bilingual("with turns that the chat template refuses", "不被对话模板接受"),
    "template_rewrites_answer": Bilingual("with an answer that the chat template rewrites", "会被对话模板改写"),
    "only_thinking": Bilingual("with a thought in the place of an answer", "只有思考、没有回答"),
    "cut_with_oldest": Bilingual("in the oldest exchanges, cut to fit max_tokens", "随最早的几轮截去（max_tokens）"),
    "no_turn_end": Bilingual("without a token that ends the answer", "没有表示回答结束的词元"),
}
"""By the reasons of `train/samples/label_mask.py`; each stands behind a number of rows or answers."""
