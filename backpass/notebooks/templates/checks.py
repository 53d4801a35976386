"""Runs the public checks of the course on what is in this folder; the notebook beside it calls this."""

import importlib
import inspect
import linecache
import sys


def check(exercise, names):
    """Raise what the public check of `unit.name` finds: of the function in the notebook, or in the module beside it."""
    unit, _, name = exercise.partition(".")
    own = names.get(name) if getattr(names.get(name), "__module__", "") == "__main__" else None
    try:
        from backpass.notebooks.public_checks import finding
    except ModuleNotFoundError:  # the kit is not installed here: only what has not begun can be told
        linecache.checkcache()
        sys.modules.pop(unit, None)  # it may have been edited since
        function = own or getattr(importlib.import_module(unit), name)
        found = "Not started yet." if "raise NotImplementedError" in inspect.getsource(function) else ""
    else:
        found = finding(exercise, own)
    assert not found, f"{exercise}: {found}"
