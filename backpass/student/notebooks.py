"""Notebooks as hand-ins: their functions in order, as a module. Nothing is run; what only tries things out is left."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection

MAX_NOTEBOOK = 20 << 20  # bytes of a notebook that is read; pictures in its outputs take the most
_MAX_CODE = 1 << 20  # characters of code in it, as a module may have

_Statement = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign


def cells_of(content: bytes) -> list[str]:
    """The code cells of a notebook, without lines that only IPython understands; ValueError where it is none."""
    try:
        cells = json.loads(content)["cells"]
        sources = ["".join(each["source"]) for each in cells if each["cell_type"] == "code"]
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"it has no cells that can be read ({type(error).__name__})") from None
    if sum(map(len, sources)) > _MAX_CODE:
        raise ValueError(f"its code has more than {_MAX_CODE:,} characters")
    return [
        "\n".join("" if line.lstrip()[:1] in "%!?" and line.strip() else line for line in each.split("\n"))
        for each in sources
    ]


class Notebook:
    """What the code cells of a notebook define. A cell that is not Python is left out as a whole."""

    def __init__(self, content: bytes) -> None:
        self._nodes = [(cell.split("\n"), node) for cell in cells_of(content) for node in _statements(cell)]
        self.functions = {_name(node) for _, node in self._nodes} - {""}

    def as_module(self, unit: str, without: Collection[str] = ()) -> str:
        """The functions and classes, with the imports and plain assignments that they use, in order.

        Functions called as in `without` are left out, and what is imported from the module itself.
        """
        kept = [
            (lines, node) for lines, node in self._nodes if _name(node) not in without and not _imports_from(node, unit)
        ]
        used = {
            each.id
            for _, node in kept
            if not isinstance(node, ast.Import | ast.ImportFrom)
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
        }
        parts = [_text(lines, node) for lines, node in kept if _name(node) or _bound(node) & (used | {"*"})]
        return "\n\n".join(parts) + "\n" if parts else ""


def _statements(cell: str) -> list[_Statement]:
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in body if isinstance(node, _Statement) and not _computes(node)]


def _computes(node: _Statement) -> bool:
    """Whether an assignment calls something: it is the student's trying out, and may take or print what it likes."""
    return isinstance(node, ast.Assign) and any(isinstance(each, ast.Call) for each in ast.walk(node.value))


def _name(node: _Statement) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""


def _bound(node: _Statement) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {each.asname or each.name.partition(".")[0] for each in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _imports_from(node: _Statement, unit: str) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").removeprefix("starter.") == unit


def _text(lines: list[str], node: _Statement) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno])
