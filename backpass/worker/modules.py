"""A submission's modules: importable by name, made from source bytes that never touch the disk."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from backpass.worker.watched import WatchedModule, watched

# `from starter.losses import softmax` and `from .losses import softmax` work in an editor, so they work here.
_PACKAGE = "starter"


class SubmissionModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes `sources` (module name to (file name, bytes)) importable while it is installed.

    `substitutes` take the place of functions of the submission, by `unit.name`.

    One unit may import another (`from losses import softmax`), as it can in the folder it came from.
    """

    def __init__(
        self, sources: dict[str, tuple[str, bytes]], substitutes: dict[str, Callable[..., Any]] | None = None
    ) -> None:
        self.sources = sources
        self._substitutes = substitutes or {}
        self.files = frozenset(file for file, _ in sources.values())

    def install(self) -> None:
        """Put these modules first on the import path, and forget any older ones of the same names."""
        for name in self.sources:
            sys.modules.pop(name, None)
        sys.meta_path.insert(0, self)

    def load(self, unit: str) -> ModuleType:
        """The module of `unit`, imported at the first call; whatever it raises then comes through."""
        return importlib.import_module(unit)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == _PACKAGE:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if fullname.removeprefix(f"{_PACKAGE}.") in self.sources:
            return importlib.machinery.ModuleSpec(fullname, self)
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__.removeprefix(f"{_PACKAGE}.")
        if name == _PACKAGE:
            return
        file, source = self.sources[name]
        self._prepare(module, name)
        code = compile(source, file, "exec", dont_inherit=True)
        lines = importlib.util.decode_source(source).splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)  # for the line in a traceback
        exec(code, module.__dict__)
        self._substitute(module, name)

    def watched(self, unit: str, function: str) -> WatchedModule:
        """The module of `unit` once more, with every expression watched that a call of `function` may come to."""
        file, source = self.sources[unit]
        module = ModuleType(unit)
        self._prepare(module, unit)
        result = watched(module, source, file, function)
        self._substitute(module, unit)
        return result

    def anew(self, unit: str) -> ModuleType:
        """The module of `unit`, executed once more."""
        file, source = self.sources[unit]
        module = ModuleType(unit)
        self._prepare(module, unit)
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
        self._substitute(module, unit)
        return module

    def _prepare(self, module: ModuleType, name: str) -> None:
        module.__file__ = self.sources[name][0]
        # What a relative import starts from, also where a module is imported by its name alone.
        module.__package__ = _PACKAGE
        module.__spec__ = importlib.machinery.ModuleSpec(f"{_PACKAGE}.{name}", self)

    def _substitute(self, module: ModuleType, name: str) -> None:
        for exercise, function in self._substitutes.items():
            unit, _, function_name = exercise.partition(".")
            if unit == name:
                setattr(module, function_name, function)
