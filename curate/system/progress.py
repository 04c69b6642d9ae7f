"""How long work tells of itself: the one signature that the build, the workflow and the terminal share."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told before each piece of work: its name, how many pieces are done, and how many there are."""
