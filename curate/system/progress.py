"""How long work reports its progress: the one signature that the build, the workflow and the terminal share."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called before each step of the work: with its name, how many steps are done, and how many there are."""
