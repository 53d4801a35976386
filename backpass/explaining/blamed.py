"""An expression that is blamed: where it stands, and in words what it should be."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from backpass.course.language import tr
from backpass.explaining.changes import printable
from backpass.worker.calls import Call

_TO_NUMBERS = ("item", "tolist")  # values may come right without them, and gradients not yet


class Inspects(Protocol):
    """Looks into a submission's program (`backpass.worker.inspector`)."""

    def source(self, unit: str) -> str: ...

    def file(self, unit: str) -> str: ...

    def ask(
        self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]
    ) -> dict[str, Any]: ...


NOT_FINITE = "finite_no_more"  # the cause that is only a place


@dataclass(frozen=True)
class Place:
    """An expression of the student's, lines from 1 and columns from 0, and in words what it should be.

    `should_be` is empty where there are no words. `quantity` and `position`: which quantity it should be, and which
    of the findings of a search it is. `is_result`: what it should be is a result; `right` says what is right on the
    way. `written`: the variable that it writes into, of a statement. `surplus`: what of it should not be there, as
    written. `change`: what goes wrong there, shown by a change that makes all right, as a sentence with the {line};
    `cause`: the mistake's id where that is the reason. `is_loose`: something is to be changed there, and nothing is
    known of what. `in_reverse`: its values are right, in the wrong order; `in_a_loop`: it is what a loop runs over.
    `backwards`: a loop meets those that there should be from the last one on. `first`: only its first value is to
    be another; `after_the_first`: all but that are. `only`: which value of a flag all wrong cases have.
    `is_fed_wrongly`: it is computed as it should be. `on_the_way`: what is there is right, and what it should be is
    made from it. `makes_nan`: of numbers that are finite. `set_anew`: the line in which a parameter has got the
    value that it has there.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    source: str
    should_be: str = ""
    quantity: str = ""
    position: int = 0
    is_result: bool = False
    right: str = ""
    written: str = ""
    surplus: str = ""
    change: str = ""
    cause: str = ""
    is_loose: bool = False
    in_reverse: bool = False
    in_a_loop: bool = False
    backwards: bool = False
    first: bool = False
    after_the_first: bool = False
    only: str = ""
    is_fed_wrongly: bool = False
    on_the_way: bool = False
    makes_nan: bool = False
    set_anew: int = 0

    @property
    def expression(self) -> str:
        """Its text, up to the end of its first line."""
        return self.source[self.column : self.end_column if self.line == self.end_line else None].rstrip()

    @property
    def is_all(self) -> bool:
        """Whether it is the answer as a whole."""
        return self.is_result or self.source.strip() == f"return {self.expression}"

    def is_at(self, other: Place) -> bool:
        """Whether it is the same expression."""
        mine, theirs = ((each.line, each.column, each.end_line, each.end_column) for each in (self, other))
        return mine == theirs

    def is_beside(self, other: Place) -> bool:
        """Whether it stands in the same line, and neither has to do with the other."""
        lines = {self.line, self.end_line, other.line, other.end_line}
        return len(lines) == 1 and (self.end_column <= other.column or other.end_column <= self.column)


def place_of(found: Any, unit: str, inspects: Inspects) -> Place | None:
    """What the submission's process says of a place; None where that is not of this form."""
    lines = inspects.source(unit).split("\n")
    try:
        line, column, end_line, end_column = (int(found[key]) for key in ("line", "column", "end_line", "end_column"))
    except (KeyError, TypeError, ValueError):
        return None
    # It is a stranger's process that says so, and carets are to be set below the columns.
    if not 1 <= line <= end_line <= len(lines) or not 0 <= column <= len(lines[line - 1]) or end_column < 0:
        return None
    if line == end_line:
        end_column = min(end_column, len(lines[line - 1]))
    return Place(inspects.file(unit), line, column, end_line, end_column, printable(lines[line - 1]))


def in_words(places: Sequence[Place], why: Callable[[Place], str] = lambda place: "") -> str:
    """What the experiment says: of values, not of what else may have to be mended to get them.

    `why(place)`: why it is as it is.
    """
    texts = (" ".join(filter(None, (_said(place), _makes(place), why(place)))) for place in places[:2])
    told = list(dict.fromkeys(texts))
    if len(places) == 2 and places[0].quantity == places[1].quantity and places[0].should_be:
        said = tr(
            "What is marked in lines {one} and {other} should be {words}.",
            one=places[0].line,
            other=places[1].line,
            words=places[0].should_be,
        )
        told = [" ".join(filter(None, (said, why(places[0]))))]
    if places[0].only:
        told[0] = f"{places[0].only}: {told[0][0].lower()}{told[0][1:]}"
    are_returned = all(place.is_result or place.source.lstrip().startswith("return ") for place in places)
    if len(told) > 1 and are_returned:  # one mistake may be behind both
        return " ".join(told)
    if len(told) > 1:
        return tr("Two things go wrong.") + "".join(f"\n- {each}" for each in told)
    right = tr(" Right so far: {right}.", right=places[0].right) if places[0].right else ""
    return told[0] + right


def without(place: Place) -> str:
    """That all comes right without a part of what is marked, where that is known."""
    if place.surplus in _TO_NUMBERS:
        return tr(
            "`{part}` in line {line} turns a tensor into Python numbers. They lose the tensor's dtype, and "
            "autograd cannot follow them.",
            part=place.surplus,
            line=place.line,
        )
    return tr("Without `{part}` every answer would be right.", part=place.surplus) if place.surplus else ""


def _said(place: Place) -> str:
    if place.change:
        return place.change.format(line=place.line)
    if place.in_reverse and place.in_a_loop:
        return tr("Line {line} goes through what is marked in the wrong order.", line=place.line)
    if place.in_reverse:
        return tr("What is marked in line {line} has the right values, but in the wrong order.", line=place.line)
    if place.surplus and not place.should_be:
        if place.surplus in _TO_NUMBERS:
            return without(place)
        return tr("Without `{part}` in line {line} every answer would be right.", part=place.surplus, line=place.line)
    if place.written:
        subject = tr("After what is marked in line {line}, `{variable}`", line=place.line, variable=place.written)
    else:
        subject = tr("What is marked in line {line}", line=place.line)
    if place.is_fed_wrongly:
        return tr(
            "{subject} is computed in the right way ({words}) but has the wrong value, so look at the values "
            "that go into it.",
            subject=subject,
            words=place.should_be,
        )
    if place.set_anew and place.should_be == f"`{place.expression}`":
        return tr(
            "{subject} should be the {words} that was given: line {other} has given {words} another value.",
            subject=subject,
            words=place.should_be,
            other=place.set_anew,
        )
    if place.should_be and place.first:
        return tr(
            "The first time that line {line} runs, what is marked there should be {words}.",
            line=place.line,
            words=place.should_be,
        )
    if place.should_be:
        return tr("{subject} should be {words}.", subject=subject, words=place.should_be)
    return tr("{subject} has the wrong value.", subject=subject)


def _makes(place: Place) -> str:
    """That NaN begins there, of what is told to be another value."""
    return tr("It turns finite numbers into NaN.") if place.makes_nan and not place.change else ""


def slug(quantity: str) -> str:
    """A quantity's name as a part of an id."""
    return "".join(letter if letter.isalnum() else "_" for letter in quantity)


def is_computed_alike(place: Place, tree: ast.expr | None) -> bool:
    """Whether an expression is made as another is, whatever of, by steps that do not ask for an order."""
    try:
        mine = ast.parse(place.expression, mode="eval").body if place.line == place.end_line else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    form = _form(mine) if mine is not None else None
    return form is not None and tree is not None and form.count("(") > 1 and form == _form(tree)


def draws_alike(place: Place, tree: ast.expr | None) -> bool:
    """Whether an expression is a draw, and what it should be is drawn by the same function."""
    found = re.match(r"torch\.((?:rand|bernoulli)\w*)\(", place.expression)
    return found is not None and isinstance(tree, ast.Call) and getattr(tree.func, "attr", "") == found[1]


_SHAPED = ("flatten", "reshape", "view", "ravel", "item", "float", "double", "contiguous")  # the numbers are the same


def _form(node: ast.AST) -> str | None:
    """An expression without its names; None where operands are not to be exchanged."""
    if isinstance(node, ast.Name | ast.Attribute):
        return "_"
    if isinstance(node, ast.Constant):
        return repr(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        name, parts = type(node.op).__name__, [node.left, node.right]
    elif isinstance(node, ast.Call):
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        name += "".join(sorted(f" {each.arg}={ast.unparse(each.value)}" for each in node.keywords))
        parts = [*node.args] if of is None or _is_module(of) else [of, *node.args]
        if name in _SHAPED and parts:
            return _form(parts[0])
        if name in ("dot", "vdot", "inner") and len(parts) == 2:
            return _form(ast.Call(ast.Name("sum"), [ast.BinOp(parts[0], ast.Mult(), parts[1])], []))
        if sum(not isinstance(each, ast.Constant) for each in parts) > 1:
            return None  # of two it matters which is first
    else:
        return None
    forms = [_form(each) for each in parts]
    return None if None in forms else f"{name}({', '.join(sorted(filter(None, forms)))})"


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "math", "F")
