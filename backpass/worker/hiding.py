"""What a name stands for in a program that imports everything, or gives a name of Python's to something else."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from types import FrameType, TracebackType


def comes_with_everything(name: str, source: bytes) -> bool:
    """Whether a module speaks of a name nowhere but in a `from torch import *`."""
    tree = ast.parse(source)
    own, stars = (list(_bindings(tree, {each})) for each in (name, "*"))
    return bool(stars) and not own


def hidden_by(tree: ast.Module, step: TracebackType) -> tuple[str, int] | None:
    """The name that a call which raises is made by, and the line since which it is no longer that of Python's function.

    None where it is, or where Python has none of that name.
    """
    frame = step.tb_frame
    name = _called(tree, list(frame.f_code.co_positions())[step.tb_lasti // 2])
    value = frame.f_locals.get(name, frame.f_globals.get(name))
    if value is None or value is getattr(builtins, name, value):
        return None
    lines = [line for each in _scope(tree, frame, name) for line in _bindings(each, {name, "*"})]
    line = next((line for line in lines if line <= step.tb_lineno), lines[0] if lines else None)
    return None if line is None else (name, line)


def _called(tree: ast.Module, place: tuple[int | None, ...]) -> str:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    here = (node for node in calls if (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == place)
    return next((node.func.id for node in here if isinstance(node.func, ast.Name)), "")


def _scope(tree: ast.Module, frame: FrameType, name: str) -> Iterator[ast.AST]:
    """The statements that may give a frame's name its value."""
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            outside = name not in frame.f_locals
        else:
            outside = statement.name in (name, frame.f_code.co_name)
        if outside:
            yield statement


def _bindings(tree: ast.AST, names: set[str]) -> Iterator[int]:
    """The lines that give one of some names to something; "*" is that of an import of everything."""
    for node in ast.walk(tree):
        given: str | None = None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given = node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            given = node.name
        elif isinstance(node, ast.alias):
            given = node.asname or node.name
        elif isinstance(node, ast.arg):
            given = node.arg
        if given in names and hasattr(node, "lineno"):
            yield node.lineno
