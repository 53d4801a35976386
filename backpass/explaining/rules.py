"""What rules of slips are made of: a book that they are written into, and looks into a call."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

# How a part of an expression is called, for someone who has never seen that expression.
Said = Callable[[ast.expr], str]
Rule = Callable[[Any, Said], Iterator[tuple[str, ast.expr]]]


class Rules:
    """Rules, each with the kind of node that it is for, in the order in which they are written down."""

    def __init__(self) -> None:
        self.known: list[tuple[type[ast.expr], Rule]] = []

    def __call__(self, *kinds: type[ast.expr]) -> Callable[[Rule], Rule]:
        def declare(rule: Rule) -> Rule:
            self.known.extend((kind, rule) for kind in kinds)
            return rule

        return declare


def changed(node: ast.AST, **fields: Any) -> Any:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def number(value: Any) -> ast.Constant:
    return ast.Constant(value)


def is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "math", "F")


def name_of(call: ast.expr) -> str:
    function = call.func if isinstance(call, ast.Call) else call
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def argument_of(call: ast.expr, *, alone: bool = True) -> ast.expr | None:
    """What a function is of: x in x.exp(), torch.exp(x), math.exp(x); with `alone` only where it is of nothing else."""
    if not isinstance(call, ast.Call) or (alone and call.keywords):
        return None
    if isinstance(call.func, ast.Attribute) and not is_module(call.func.value):
        return call.func.value if not (alone and call.args) else None
    if isinstance(call.func, ast.Name) and call.func.id not in ("max", "min", "abs", "sum"):
        return None  # a helper of the unit's: what it does is not known
    return call.args[0] if call.args and (len(call.args) == 1 or not alone) else None


def with_argument(call: Any, argument: ast.expr) -> ast.Call:
    if isinstance(call.func, ast.Attribute) and not is_module(call.func.value):
        new: ast.Call = changed(call, func=changed(call.func, value=argument))
        return new
    new = changed(call, args=[argument, *call.args[1:]])
    return new


def renamed(call: ast.Call, name: str) -> ast.Call:
    if isinstance(call.func, ast.Attribute):
        new: ast.Call = changed(call, func=changed(call.func, attr=name))
        return new
    new = changed(call, func=ast.Name(name, ast.Load()))
    return new
