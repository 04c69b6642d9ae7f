"""Finds what a package offers: one file, one thing, named after its file. Nothing is listed anywhere.

The base class stands in the package's own `__init__.py`; sub-packages are catalogs of their own. A module whose name
begins with `_` is no thing of the catalog: it helps those beside it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@cache
def _names(package: ModuleType) -> tuple[str, ...]:
    modules = (module for module in pkgutil.iter_modules(package.__path__) if not module.ispkg)
    return tuple(sorted(module.name for module in modules if not module.name.startswith("_")))


class Catalog(Generic[Thing]):
    """The things of one package: each file holds exactly one subclass of `base`."""

    def __init__(self, package: ModuleType, base: type[Thing], aliases: Mapping[str, str] | None = None) -> None:
        """`aliases` are other names under which a thing is found: `{"judge": "quality"}`."""
        self.package = package
        self.base = base
        self.aliases = aliases or {}

    def __contains__(self, name: str) -> bool:
        return self.aliases.get(name, name) in self.names()

    def names(self) -> tuple[str, ...]:
        """List the names, from the file names. Imports nothing."""
        return _names(self.package)

    def load(self, name: str) -> type[Thing]:
        """Load the class in the file of that name. KeyError for an unknown name; TypeError for a file without one."""
        if name not in self:
            raise KeyError(name)
        module = importlib.import_module(f"{self.package.__name__}.{self.aliases.get(name, name)}")
        classes = [
            value
            for value in vars(module).values()
            if inspect.isclass(value) and issubclass(value, self.base) and value.__module__ == module.__name__
        ]
        if len(classes) != 1:
            raise TypeError(f"{module.__name__} must hold one {self.base.__name__}, it holds {len(classes)}")
        return classes[0]

    def all(self) -> dict[str, type[Thing]]:
        """Load every class, by its name."""
        return {name: self.load(name) for name in self.names()}
