"""Finds what a package offers: one file, one thing, named after its file. Nothing is listed anywhere.

The base class stands in the package's own `__init__.py`; sub-packages are catalogs of their own. A module whose name
begins with `_` is no thing of the catalog: it helps those beside it.
"""

import importlib
import inspect
import pkgutil
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

    def __init__(self, package: ModuleType, base: type[Thing]) -> None:
        self.package = package
        self.base = base

    def names(self) -> tuple[str, ...]:
        """The names, from the file names. Imports nothing."""
        return _names(self.package)

    def load(self, name: str) -> type[Thing]:
        """The class in the file of that name. KeyError for an unknown name; TypeError for a file without one."""
        if name not in self.names():
            raise KeyError(name)
        module = importlib.import_module(f"{self.package.__name__}.{name}")
        found = [
            value
            for value in vars(module).values()
            if inspect.isclass(value) and issubclass(value, self.base) and value.__module__ == module.__name__
        ]
        if len(found) != 1:
            raise TypeError(f"{module.__name__} must hold one {self.base.__name__}, it holds {len(found)}")
        return found[0]

    def all(self) -> dict[str, type[Thing]]:
        return {name: self.load(name) for name in self.names()}
