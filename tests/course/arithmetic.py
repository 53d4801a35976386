"""The arithmetic in a text: every equation of two things that can be computed, `5 / 4 = 1.25` and the like."""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_LITERAL = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")
_NAMES: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "cos": np.cos, "tanh": np.tanh, "ceil": np.ceil, "abs": np.abs,
    "mean": lambda *a: np.mean(a[0] if len(a) == 1 else a), "max": lambda *a: np.max(a), "min": lambda *a: np.min(a),
    "erf": np.vectorize(math.erf), "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "pi": math.pi, "e": math.e,
}  # fmt: skip
_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.List, ast.Tuple, ast.Call, ast.Name, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd, ast.MatMult,
)  # fmt: skip


@dataclass(frozen=True)
class Equation:
    """Two sides, as written, and their values. `precision`: what the digits of a rounded number leave open."""

    text: str
    left: Any
    right: Any
    precision: float

    @property
    def holds(self) -> bool:
        if np.shape(self.left) != np.shape(self.right):
            return False
        size = np.maximum(np.abs(self.left), np.abs(self.right))
        return bool(np.all(np.abs(np.subtract(self.left, self.right)) <= self.precision + 1e-9 * size))


def equations(text: str) -> Iterator[Equation]:
    """Those in `code spans` and in blocks that are indented by four spaces."""
    text = _FENCED.sub("", text)
    pieces = [
        span for paragraph in text.split("\n") if not paragraph.startswith("    ") for span in _SPAN.findall(paragraph)
    ]
    pieces += [part for line in text.split("\n") if line.startswith("    ") for part in re.split(r"\s{3,}", line)]
    for piece in pieces:
        sides = [side.strip() for side in _EQUALS.split(piece)]
        values = [value(side) for side in sides]
        known = [number for number, each in enumerate(values) if each is not None]
        for first, second in pairwise(known):
            open_ = max(rounding(sides[first]), rounding(sides[second]))
            yield Equation(f"{sides[first]} = {sides[second]}", values[first], values[second], open_)


def value(text: str) -> Any:
    """What an expression comes to; None where it has a name in it that stands for something, or is no expression."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text).replace("^", "**").replace("...", "")
    text = re.sub(r"\b(log|exp|sqrt)\s+([\d.]+)", r"\1(\2)", text)
    text = re.sub(r"(?<=\d)\s*%", "/100", text)
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Name) and node.id not in _NAMES):
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return None
    if not any(isinstance(node, ast.Constant) for node in ast.walk(tree)):
        return None
    try:
        tree = ast.fix_missing_locations(_Arrays().visit(tree))
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            found = eval(compile(tree, "<text>", "eval"), {"__builtins__": {}, "array": np.array, **_NAMES})
        return np.asarray(found, dtype=float)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def rounding(text: str) -> float:
    """Half a unit of the last digit of a number, or of the roughest in a list; 1e-4 for formulas, else 0."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text).strip()
    parts = [part.strip(" []()") for part in text.split(",")]
    if not all(_LITERAL.fullmatch(part) for part in parts if part):
        return 1e-4 if "." in text else 0.0  # a rounded number within the formula
    return max(half_a_digit(part) for part in parts if part)


def half_a_digit(number: str) -> float:
    """Half a unit of the last digit of a decimal number: 0.005 for 0.25, and 0 for a whole number."""
    mantissa, _, power = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    scale = 10.0 ** int(power or 0)
    if not decimals and not power:
        return 0.0
    return 0.501 * 10.0**-decimals * scale


class _Arrays(ast.NodeTransformer):
    def visit_List(self, node: ast.List) -> ast.AST:
        return ast.Call(ast.Name("array", ast.Load()), [node], [])
