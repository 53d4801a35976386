"""Changes of a program in which a position stands for what is there, and all columns for a row's own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

Way = tuple[Any, ...]
Change = tuple[Way, Any]  # the way to a field from the function down, and what it is to hold


def of_indices(nodes: Sequence[tuple[Way, ast.AST]]) -> Iterator[tuple[str, ast.AST, str, Change]]:
    """The changes of all nodes of a function, which come with the ways to them."""
    counted = _counted(nodes)
    for way, node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in counted:
            text = counted[node.id]
            yield "position", node, text, (way, ast.Subscript(ast.Name(text, ast.Load()), node, ast.Load()))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            rows, columns = node.slice.elts
            if isinstance(rows, ast.Slice) and ast.unparse(rows) == ":" and isinstance(columns, ast.Name):
                each = ast.parse(f"range(len({columns.id}))", mode="eval").body
                yield "paired", node, columns.id, ((*way, "slice"), ast.Tuple([each, columns], ast.Load()))


def _counted(nodes: Sequence[tuple[Way, ast.AST]]) -> dict[str, str]:
    """The variables that go through range(len(x)), each with the name of that x."""
    counted = {}
    for _, node in nodes:
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            found = re.fullmatch(r"range\(len\((\w+)\)\)", ast.unparse(node.iter))
            if found is not None:
                counted[node.target.id] = found[1]
    return counted
