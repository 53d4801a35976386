"""Expressions of the catalogue: Python over an exercise's parameters and its other steps, compiled to functions.

The catalogue's files are the course's own; nothing of a submission is ever read here.
"""

from __future__ import annotations

import ast
import builtins
import copy
import math
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate
from typing import Any

import torch
import torch.nn.functional

from backpass.judging.variants import Function

NUMBER = "number"  # the name that stands for any number that a student has written
GIVEN: dict[str, Any] = {"torch": torch, "math": math, "F": torch.nn.functional, "accumulate": accumulate}


class ExpressionError(ValueError):
    """An expression that cannot be read, or that names what there is not; `__str__` says which."""


def parsed(text: str) -> ast.expr:
    """One expression."""
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"`{text}` is no Python expression: {error.msg}") from None


def assignments(text: str) -> Iterator[tuple[tuple[str, ...], ast.expr]]:
    """The parts of `step = expression; one, other = expression`: the names on the left, and the expression."""
    try:
        body = ast.parse(" ".join(text.split())).body
    except SyntaxError as error:
        raise ExpressionError(f"`{text}` is not of the form `step = expression`: {error.msg}") from None
    for statement in body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            raise ExpressionError(f"`{ast.unparse(statement)}` is not of the form `step = expression`")
        target = statement.targets[0]
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        if not all(isinstance(name, ast.Name) for name in names):
            raise ExpressionError(f"`{ast.unparse(target)}` is no name of a step")
        yield tuple(ast.unparse(name) for name in names), statement.value


def free_names(expression: ast.AST) -> list[str]:
    """The names that an expression reads and does not bind itself, each once, in order."""
    if isinstance(expression, ast.Name):
        return [expression.id] if isinstance(expression.ctx, ast.Load) else []
    bound: set[str] = set()
    if isinstance(expression, ast.Lambda):
        bound = {argument.arg for argument in expression.args.args}
    elif isinstance(expression, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        targets = [node for each in expression.generators for node in ast.walk(each.target)]
        bound = {node.id for node in targets if isinstance(node, ast.Name)}
    bound |= {node.target.id for node in ast.walk(expression) if isinstance(node, ast.NamedExpr)}
    read = (name for part in ast.iter_child_nodes(expression) for name in free_names(part))
    return [name for name in dict.fromkeys(read) if name not in bound]


def compiled(expression: ast.expr, known: Collection[str], names: Mapping[str, Any]) -> Function:
    """A function of those of the `known` inputs and steps that the expression names; `names` has all else.

    A known name hides a function of the same name, as a parameter would.
    """
    needs = []
    for name in free_names(expression):
        if name in known:
            needs.append(name)
        elif name not in names and not hasattr(builtins, name):
            near = ", ".join(sorted(known))
            raise ExpressionError(
                f"`{name}` in `{ast.unparse(expression)}` is no step and no input (there are: {near})"
            )
    arguments = ast.arguments([], [ast.arg(name) for name in needs], None, [], [], None, [])
    code = ast.Expression(ast.Lambda(arguments, expression))
    function: Function = eval(compile(ast.fix_missing_locations(code), "<mistakes.toml>", "eval"), dict(names))
    function.__needs__ = tuple(needs)  # type: ignore[attr-defined]
    return function


def replaced(tree: ast.expr, target: ast.AST, new: ast.AST) -> ast.expr:
    """A copy of `tree` with the node `target` replaced."""

    def copied(node: Any) -> Any:
        if node is target:
            return new
        if isinstance(node, list):
            return [copied(each) for each in node]
        if isinstance(node, ast.AST):
            return type(node)(**{name: copied(value) for name, value in ast.iter_fields(node)})
        return node

    result: ast.expr = copied(tree)
    return result


def with_names(tree: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """A copy of `tree` with an expression in the place of each name in `values`."""

    class Replace(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return values.get(node.id, node)

    result: ast.expr = Replace().visit(copy.deepcopy(tree))
    return result
