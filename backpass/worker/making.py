"""Where a function makes a named part of its answer, or uses one of its inputs: read off the code, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def made_or_used(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """The expression that makes what is returned under a name, or the only call that an input goes into.

    None where there is none, or more than one.
    """
    made = list(_noted_under(function, name)) or list(_values_under(function, name))
    if made:
        return made[0] if len(made) == 1 else None
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and uses and uses[0] in ast.walk(node)]
    return calls[-1] if len(uses) == 1 and calls else None


def _noted_under(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """What is appended to a list that is returned under a name: record["rates"].append(rate), or rates.append(rate)."""
    variables = {value.id for value in _values_of(function, name) if isinstance(value, ast.Name)}
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    variables |= {value.id for value in returned if isinstance(value, ast.Name) and value.id == name}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            onto = node.func.value
            is_it = isinstance(onto, ast.Name) and onto.id in variables
            if node.args and (is_it or (isinstance(onto, ast.Subscript) and _is(onto.slice, name))):
                yield node.args[0]


def _values_under(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """What is returned under a name; of a variable what it is set to."""
    for value in _values_of(function, name):
        if not isinstance(value, ast.Name):
            yield value
            continue
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.Assign) and any(
                isinstance(each, ast.Name) and each.id == value.id for each in targets
            ):
                yield node.value


def _values_of(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (value for key, value in zip(node.keys, node.values, strict=True) if _is(key, name))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            yield from (keyword.value for keyword in node.keywords if keyword.arg == name)


def _is(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == name
