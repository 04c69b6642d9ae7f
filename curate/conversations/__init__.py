"""Conversations: from turns to records, and what is asked of records everywhere.

`sessions.py` forms conversations from the turns of a log, with their ids (`content_ids.py`) and without messages that
nobody said (`notices.py`). `messages.py` and `rule_columns.py` lay records out as columns of text for stages and rules;
`exam_questions.py`, `training_shares.py` and `reviews.py` are about the exam, the mix and people's decisions, and
`base_answers.py`, `rewordings.py` and `scores.py` read what models said. Start with `sessions.py`.

Imports: rules, store.
"""
