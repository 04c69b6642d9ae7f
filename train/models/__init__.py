"""A base model, and how it speaks: what training, exam and whatever serves a model need of it.

What is here: `model.py` loads a model with its tokenizer, offline, once `folder_checks.py` and `template_check.py` find
nothing against it; `default_model.py` unpacks the embedded default; `chat_template.py` makes of messages what the
model's own template takes, by `template_traits.py`, which finds out what a template does, and `rendering.py`, which
renders; `stop_tokens.py` says where an answer ends.

May import: schemas. Start reading at `model.py`.
"""
