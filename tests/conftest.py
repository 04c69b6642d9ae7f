"""Laws are tried without a stopwatch and on the same examples every time; `make fuzz` tries others, by chance.

What is marked as slow is skipped, but by `make slow`."""

import os
import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.database import DirectoryBasedExampleDatabase

EXAMPLES = 100
"""Examples of a law that asks for no number of its own."""
FUZZED = int(os.environ.get("HORNBOOK_EXAMPLES", "1000"))
"""What `make fuzz` makes of them; all other numbers grow alike."""
SOURCES = ("schemas", "rules", "curate", "train")

settings.register_profile(
    "hornbook",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,  # what a machine has found before changes nothing
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fuzz",
    settings.get_profile("hornbook"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    print_blob=True,
)
settings.load_profile("hornbook")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "HORNBOOK_SLOW" not in os.environ:
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="`make slow` runs it"))
    laws = [item for item in items if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)]
    if config.getoption("--hypothesis-profile") == "fuzz":
        try_more({item.cls or item.obj for item in laws})
    elif laws:
        load_sources()


def try_more(laws: Iterable[Any]) -> None:
    for law in laws:
        if isinstance(law, type):  # a state machine
            law.settings = more(law.settings)
        else:  # as the decorator does, which refuses a law that has settings of its own
            law._hypothesis_internal_use_settings = more(law._hypothesis_internal_use_settings)


def more(own: settings) -> settings:
    return settings(own, max_examples=max(1, own.max_examples * FUZZED // EXAMPLES))


def load_sources() -> None:
    """Hypothesis draws values from the modules it finds loaded: all of them, whichever test comes first."""
    for name in SOURCES:
        if name in sys.modules:
            for module in pkgutil.walk_packages(sys.modules[name].__path__, f"{name}."):
                import_module(module.name)
