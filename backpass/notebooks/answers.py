"""The answers to a quiz, read from a notebook as values: nothing in it is run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable
from functools import lru_cache

from backpass.course.quizzes import Answer, Question

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


class Unreadable(Exception):
    """What stands in the place of an answer is none; the text displays it."""


def read_answer(question: Question, variable: str, sources: Iterable[str]) -> Answer:
    """What the cells in `sources` assign to `variable`, the last time that it is not None; None where nothing is.

    A letter; letters as a set, list or tuple; a number, or sums, products and powers of numbers. Anything else
    is Unreadable.
    """
    found: ast.expr | None = None
    for source in sources:
        for node in _statements(source, variable):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                named = any(isinstance(target, ast.Name) and target.id == variable for target in targets)
                if named and not (isinstance(node.value, ast.Constant) and node.value.value is None):
                    found = node.value
    if found is None:
        return None
    try:
        if question.kind == "number":
            return _number(found)
        return _letters(found) if question.kind == "several" else _letter(found)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise Unreadable(f"{variable} = {_shown(found)}") from None


def _statements(source: str, variable: str) -> list[ast.stmt]:
    """The statements of a cell; of one that is not Python as a whole, the line that assigns to `variable`."""
    if variable not in source:
        return []
    for text in (source, *(line for line in source.splitlines() if line.startswith(f"{variable} ="))):
        parsed = _parsed(text)
        if parsed is not None:
            return parsed
    if any(line.startswith(f"{variable} =") for line in source.splitlines()):
        raise Unreadable(source.strip()[:80])
    return []


@lru_cache(maxsize=128)  # each of a notebook's questions is looked for in all of its cells
def _parsed(text: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _letter(node: ast.expr) -> str:
    value = ast.literal_eval(node)
    if not isinstance(value, str):
        raise TypeError
    return value.strip().lower()


def _letters(node: ast.expr) -> frozenset[str] | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset"):
        if not node.args:
            return None  # set(), as it was released
        node = node.args[0]
    if not isinstance(node, ast.Set | ast.List | ast.Tuple):
        raise TypeError
    return frozenset(_letter(each) for each in node.elts) or None


def _number(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        result = _OPERATORS[type(node.op)](_number(node.left), _number(node.right))
        if isinstance(result, complex):
            raise ValueError
        return result
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return -_number(node.operand) if isinstance(node.op, ast.USub) else _number(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    raise TypeError


def _shown(node: ast.expr) -> str:
    try:
        text = ast.unparse(node)
    except (ValueError, RecursionError):  # a number of thousands of digits, a.a.a. and so on
        return "something too long to be an answer"
    return text if len(text) <= 60 else f"{text[:57]}..."
