"""What a function keeps from one call to the next: caches and counters in a module, shown by calls in a new one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

from backpass.worker.calls import Call
from backpass.worker.runs import called
from backpass.worker.values import identical
from backpass.worker.watched import WatchedModule

_WRITES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "clear", "remove"}
_MOST_CALLS = 12


def what_is_kept(
    watched: WatchedModule, function: str, calls: Sequence[Call], anew: Callable[[], ModuleType]
) -> tuple[str, ast.expr | ast.stmt] | None:
    """A variable that a module keeps between calls, and where it is written, if what is answered depends on it.

    `anew()`: the module, executed once more. Each call is made in a module of its own and then after the others.
    """
    kept = next(_kept(watched.tree, watched.functions), None)
    if kept is None:
        return None
    module = anew()
    for call in [*calls[:_MOST_CALLS], *calls[:_MOST_CALLS][::-1]]:
        alone = called(getattr(anew(), function), call)[0]
        if not identical(called(getattr(module, function), call)[0], alone):
            return kept
    return None


def _kept(tree: ast.Module, functions: Sequence[ast.FunctionDef]) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """What stands outside the functions of a module, or is a default or an attribute of one, and is written into."""
    outside = {name for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) for name in _bound(node)}
    outside |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for function in functions:
        everything = list(ast.walk(function))
        declared = {name for node in everything if isinstance(node, ast.Global) for name in node.names}
        own = {name for node in everything for name in _bound(node)} - declared
        given = function.args.args[len(function.args.args) - len(function.args.defaults) :]
        defaults = {
            argument.arg
            for argument, default in zip(given, function.args.defaults, strict=True)
            if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call)
        }
        names = (outside - own - {argument.arg for argument in function.args.args}) | defaults
        for node in everything:
            if not isinstance(node, ast.expr | ast.stmt):
                continue
            for name in _written(node):
                if name in names:
                    yield name, node
            yield from ((name, node) for name in _bound(node) if name in declared)


def _bound(node: ast.AST) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For) else targets
    for target in targets:
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                yield each.id


def _written(node: ast.AST) -> Iterator[str]:
    """The variables whose parts a node writes into."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AugAssign) else targets
    method = node.func if isinstance(node, ast.Call) else None
    if isinstance(method, ast.Attribute) and (method.attr in _WRITES or method.attr.endswith("_")):
        targets = [method]
    for target in targets:
        inner: ast.AST = target
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        if inner is not target and isinstance(inner, ast.Name):
            yield inner.id
