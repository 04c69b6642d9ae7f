"""Laws are tested without a stopwatch; where CI is set, with the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("hornbook", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("hornbook")
