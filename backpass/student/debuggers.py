"""Whether a person wants to step through their own code."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

_DEBUGGERS = ("breakpoint", "set_trace")


def calls_a_debugger(folder: Path, units: Sequence[str]) -> str:
    """Where one's own code calls a debugger, as `file:line`; empty where it does not."""
    for file in (folder / f"{unit}.py" for unit in units):
        try:
            calls = [node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Call)]
        except (OSError, SyntaxError, ValueError):
            continue
        for call in calls:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in _DEBUGGERS:
                return f"{file.name}:{call.lineno}"
    return ""
