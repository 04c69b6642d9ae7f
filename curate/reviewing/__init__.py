"""What people should look at, on its way to them and back: `hornbook review`.

`queue_file.py` keeps the tasks that are out, and `way.py` says what every way to reviewers can do. `label_studio/` is
one; `reject_reasons.py` is what a screen offers to whoever rejects.

Imports: system.
"""
