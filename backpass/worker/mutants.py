"""One change in a function that makes all right: signs, limits, the order of lines, the block that a line stands in.

What no value in the place of an expression can mend, control flow above all, one of these may. Only a confined process
calls this with a stranger's source.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from backpass.worker.mutants_of_indices import Change, of_indices

_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_SIGNS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Mod),
    ast.FloorDiv: (ast.Mod, ast.Div),
    ast.Mod: (ast.FloorDiv,),
}
_OF_NUMBERS = (ast.FloorDiv, ast.Mod)  # of tensors they come right by chance and are hardly meant
_FUNCTIONS = (
    {"min", "max"},
    {"minimum", "maximum"},
    {"amin", "amax"},
    {"argmin", "argmax"},
    {"any", "all"},
    {"floor", "ceil", "round"},
    {"sin", "cos"},
    {"log", "exp"},
    {"sum", "mean"},
)
_STRENGTH: dict[type[ast.operator], int] = {
    **dict.fromkeys((ast.Add, ast.Sub), 1),
    **dict.fromkeys((ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult), 2),
    ast.Pow: 3,
}
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
_MOST = 200
# Those that are meant most often first.
KINDS = (
    *("precedence", "early", "choice", "boundary", "before", "shared", "paired", "nan", "whole", "flag", "negated"),
    *(
        "count",
        "position",
        "condition",
        "block",
        "branch",
        "always",
        "one_off",
        "rounded",
        "order",
        "inside",
        "outside",
    ),
    *("turned", "joined", "exchanged", "sign", "function", "container", "line"),
)


@dataclass(frozen=True)
class Mutant:
    """A function with one change: of what `kind`, what of it is changed (lines from 1, bytes from 0), and that text."""

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    function: ast.FunctionDef
    zero: ast.FunctionDef | None = None  # of operations on numbers, with 0 in their place


def mutants(function: ast.FunctionDef, kinds: Sequence[str] = KINDS) -> Iterator[Mutant]:
    """The mutants of a function that are of some kinds, those that are meant most often first."""
    found = itertools.chain(_of_copies(function), _of_blocks(function), _of_expressions(function))
    for kind, node, text, change in sorted(itertools.islice(found, _MOST), key=lambda each: KINDS.index(each[0])):
        if kind in kinds:
            mutant = _mutant(function, kind, node, text, change)
            if kind in ("precedence", "exchanged", "sign") and isinstance(node, ast.BinOp):
                (*way, last), _ = change
                place = way if last == "op" else [*way, last]
                zero = _mutant(function, kind, node, "", (tuple(place), ast.Constant(0))).function
                mutant = replace(mutant, zero=zero)
            yield mutant


def out_of_place(function: ast.FunctionDef) -> list[Mutant]:
    """A new tensor where one is written into: `x = x * y` of `x *= y` and of `x.mul_(y)`."""
    return [_mutant(function, "in_place", node, "", change) for node, change in _of_writes(function)]


def without_a_choice(mutant: Mutant) -> Iterator[Mutant]:
    """Of a change in a comparison those by which it holds always, and never."""
    for operator, value in ((ast.BitOr(), True), (ast.BitAnd(), False)):
        for way, node in _ways(mutant.function):
            if isinstance(node, ast.Compare) and (node.lineno, node.col_offset) == (mutant.line, mutant.column):
                whole = ast.BinOp(node, operator, ast.Constant(value))
                yield _mutant(mutant.function, mutant.kind, node, mutant.text, (way, whole))
                break


def _of_writes(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, Change]]:
    for way, node in _ways(function):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            yield node, (way, ast.Assign([node.target], value))
        call = node.value if isinstance(node, ast.Expr) else node
        method = call.func if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and isinstance(method, ast.Attribute) and method.attr.endswith("_"):
            new = ast.Call(ast.Attribute(method.value, method.attr[:-1], ast.Load()), call.args, call.keywords)
            if call is node:
                yield node, (way, new)
            elif isinstance(method.value, ast.Name):
                yield node, (way, ast.Assign([ast.Name(method.value.id, ast.Store())], new))


def _of_copies(function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST, str, Change]]:
    """What is written into a variable's tensor, into a copy of it: its dtype and all else stays."""
    for node, (way, other) in _of_writes(function):
        if isinstance(node, ast.stmt) and isinstance(other, ast.Assign) and isinstance(other.targets[0], ast.Name):
            clone = ast.Call(ast.Attribute(ast.Name(other.targets[0].id, ast.Load()), "clone", ast.Load()), [], [])
            copied_first = [ast.Assign(other.targets, clone), node]
            yield "shared", node, "", (way, ast.If(ast.Constant(True), copied_first, []))


def _mutant(function: ast.FunctionDef, kind: str, node: Any, text: str, change: Change) -> Mutant:
    way, value = change
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, ast.expr | ast.stmt) and not hasattr(each, "lineno"):
            ast.fix_missing_locations(ast.copy_location(each, node))
    end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return Mutant(kind, node.lineno, node.col_offset, *end, text, _with(function, way, value))


def _with(tree: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A tree in which one field is another, and the rest the same: only what is around that field is copied."""
    if not way:
        return value
    step, *rest = way
    if isinstance(step, int):
        return [*tree[:step], _with(tree[step], tuple(rest), value), *tree[step + 1 :]]
    other = type(tree)()
    vars(other).update({**vars(tree), step: _with(getattr(tree, step), tuple(rest), value)})
    return other


def _ways(node: ast.AST, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], ast.AST]]:
    """Every node below another with the way to it."""
    for name, field in ast.iter_fields(node):
        items = enumerate(field) if isinstance(field, list) else [(None, field)]
        for position, item in items:
            if isinstance(item, ast.AST):
                here = (*way, name) if position is None else (*way, name, position)
                yield here, item
                yield from _ways(item, here)


def _of_expressions(function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST, str, Change]]:
    of_tensors = any(isinstance(node, ast.Name) and node.id == "torch" for _, node in _ways(function))
    # Another bound of a mask leaves the cases at hand on one side of it: that mends nothing.
    masks = [node for _, node in _ways(function) if isinstance(node, ast.Compare)] if of_tensors else []
    bounds = {id(each) for mask in masks for each in ast.walk(mask) if isinstance(each, ast.Constant)}
    yield from of_indices(list(_ways(function)))
    for way, node in _ways(function):
        if way[0] in ("args", "decorator_list", "returns"):
            continue
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp):
            yield from ((kind, node, text, (way, other)) for kind, text, other in _bracketed_otherwise(node))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            for kind, others in (("boundary", _BOUNDARY), ("turned", _TURNED)):
                other = others.get(type(node.ops[0]))
                if other is not None:
                    yield kind, node, "", ((*way, "ops"), [other()])
            other = _TURNED.get(_BOUNDARY.get(type(node.ops[0]), ast.Is))
            if other is not None and way[-1] == "test":
                yield (
                    "nan",
                    node,
                    "",
                    (way, ast.UnaryOp(ast.Not(), ast.Compare(node.left, [other()], node.comparators))),
                )
            limit = node.comparators[0]
            if isinstance(limit, ast.Name) and type(node.ops[0]) in _BOUNDARY:
                yield "negated", limit, "", ((*way, "comparators"), [ast.UnaryOp(ast.USub(), limit)])
            if isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(node.comparators[0], ast.Name):
                right = node.comparators[0].id
                names = [each.arg for each in function.args.args]
                for name in (each for each in names if each != right and right in names):
                    yield "container", node, right, ((*way, "comparators"), [ast.Name(name, ast.Load())])
        if isinstance(node, ast.IfExp):
            yield "branch", node.test, "", (way, node.orelse)
        if isinstance(node, ast.BoolOp):
            for one in node.values:
                rest = [each for each in node.values if each is not one]
                yield "condition", one, "", (way, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))
            yield "joined", node, "", ((*way, "op"), ast.Or() if isinstance(node.op, ast.And) else ast.And())
        elif isinstance(node, ast.BinOp):
            for sign in _SIGNS.get(type(node.op), ()):
                if not (of_tensors and sign in _OF_NUMBERS):
                    is_whole = isinstance(node.op, ast.FloorDiv) and sign is ast.Div
                    yield "whole" if is_whole else "sign", node, "", ((*way, "op"), sign())
            if isinstance(node.op, ast.Sub):
                yield "exchanged", node, "", (way, ast.BinOp(node.right, node.op, node.left))
            if isinstance(node.op, ast.FloorDiv):
                down = ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
                yield "rounded", node, "", (way, ast.UnaryOp(ast.USub(), down))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
            yield "turned", node, "", (way, node.operand)
        elif isinstance(node, ast.Call):
            yield from _of_calls(way, node, is_asked="test" in way)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            # Of a mask; no number comes right by it.
            inverse = ast.Compare(node.slice, [ast.Eq()], [ast.Constant(False)])
            yield "turned", node.slice, "", ((*way, "slice"), inverse)
        elif isinstance(node, ast.Slice):
            for name in ("lower", "upper"):
                bound = getattr(node, name)
                if bound is not None:
                    yield from _one_off((*way, name), bound)
        elif isinstance(node, ast.Constant) and type(node.value) is bool:
            yield "flag", node, str(node.value), (way, ast.Constant(not node.value))
        elif isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in bounds:
            yield from _one_off(way, node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            value = node.value
            turned = value.operand if isinstance(value, ast.UnaryOp) else ast.UnaryOp(ast.USub(), value)
            yield "negated", value, "", ((*way, "value"), turned)


def _bracketed_otherwise(node: ast.expr) -> Iterator[tuple[str, str, ast.expr]]:
    if isinstance(node, ast.BinOp):
        yield from _of_brackets(node)
    elif isinstance(node, ast.IfExp):
        yield from _of_choices(node)
    elif isinstance(node, ast.Compare):
        yield from _of_masks(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.BinOp):
        power = node.operand
        if isinstance(power.op, ast.Pow):
            other = ast.BinOp(ast.UnaryOp(node.op, power.left), power.op, power.right)
            yield "precedence", ast.unparse(power), other


def _of_brackets(node: ast.BinOp) -> Iterator[tuple[str, str, ast.expr]]:
    """What is written without brackets, bracketed otherwise: of a - b / c the (a - b) / c."""
    strength = _STRENGTH.get(type(node.op), 0)
    for inner, again in _spine(node.left, "right"):
        equal = _STRENGTH.get(type(inner.op), 0) == strength
        if equal and (strength == 3 or isinstance(inner.op, ast.Add) or _is_product(inner.op, node.op)):
            continue  # brackets that a reader sees, or the same number
        is_weaker = _STRENGTH.get(type(inner.op), 0) < strength  # these are written, and of a power they may be wrong
        if is_weaker and not (isinstance(node.op, ast.Pow) and isinstance(inner.op, ast.Mult | ast.Div)):
            break
        yield "precedence", ast.unparse(inner), again(ast.BinOp(inner.right, node.op, node.right))
    for inner, again in _spine(node.right, "left"):
        if _STRENGTH.get(type(inner.op), 0) <= strength:
            break
        if isinstance(inner.left, ast.BinOp) and _STRENGTH.get(type(inner.left.op), 0) == strength == 1:
            continue  # brackets that are written, as in a + (b - a) * c, would be there for nothing
        yield "precedence", ast.unparse(inner), again(ast.BinOp(node.left, node.op, inner.left))


def _is_product(inner: ast.operator, outer: ast.operator) -> bool:
    return isinstance(inner, ast.Mult | ast.MatMult) and isinstance(outer, ast.Mult | ast.Div | ast.MatMult)


def _spine(node: ast.expr, side: str) -> Iterator[tuple[ast.BinOp, Callable[[ast.expr], ast.expr]]]:
    """An operation, its operand on one `side`, that one's, and so on: each with how to put another into that place."""
    again: Callable[[ast.expr], ast.expr] = copy.copy
    while isinstance(node, ast.BinOp):
        again = partial(_around, again, node, side)
        yield node, again
        node = getattr(node, side)


def _around(outer: Callable[[ast.expr], ast.expr], node: ast.BinOp, side: str, new: ast.expr) -> ast.expr:
    changed = copy.copy(node)
    setattr(changed, side, new)
    return outer(changed)


def _of_choices(node: ast.IfExp) -> Iterator[tuple[str, str, ast.expr]]:
    """a + (b if c else d) of a + b if c else d."""
    for inner, again in _spine(node.body, "right"):
        yield "choice", ast.unparse(inner), again(ast.IfExp(node.test, inner.right, node.orelse))
    for inner, again in _spine(node.orelse, "left"):
        yield "choice", ast.unparse(inner), again(ast.IfExp(node.test, node.body, inner.left))


def _of_masks(node: ast.Compare) -> Iterator[tuple[str, str, ast.expr]]:
    """(a > 0) & (b > 0) of a > 0 & b > 0."""
    operands = [node.left, *node.comparators]
    for position, each in enumerate(operands):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.BitAnd | ast.BitOr):
            left = _compared([*operands[:position], each.left], node.ops[:position])
            right = _compared([each.right, *operands[position + 1 :]], node.ops[position:])
            yield "precedence", ast.unparse(each), ast.BinOp(left, each.op, right)


def _compared(operands: list[ast.expr], ops: list[ast.cmpop]) -> ast.expr:
    return ast.Compare(operands[0], ops, operands[1:]) if ops else operands[0]


def _of_calls(way: tuple[Any, ...], node: ast.Call, *, is_asked: bool) -> Iterator[tuple[str, ast.AST, str, Change]]:
    name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
    field = "attr" if isinstance(node.func, ast.Attribute) else "id"
    # What a question is asked of decides which branch is taken, and one of two may come right by chance.
    for family in _FUNCTIONS if name and not is_asked else ():
        for other in sorted(family - {name}) if name in family else ():
            yield "function", node, name, ((*way, "func", field), other)
    if name == "enumerate" and len(node.args) == 1 and not node.keywords:
        yield "count", node, "", ((*way, "args"), [*node.args, ast.Constant(1)])
    if name == "range":
        for position, bound in enumerate(node.args):
            if not isinstance(bound, ast.Constant):
                yield from _one_off((*way, "args", position), bound)


def _one_off(way: tuple[Any, ...], node: ast.expr) -> Iterator[tuple[str, ast.AST, str, Change]]:
    for text, sign in (("small", ast.Add()), ("large", ast.Sub())):
        yield "one_off", node, text, (way, ast.BinOp(node, sign, ast.Constant(1)))


def _of_blocks(function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST, str, Change]]:
    """Lines exchanged, left out, or moved into the block before them or out of their own."""
    for way, node in itertools.chain([((), function)], _ways(function)):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and all(isinstance(each, ast.stmt) for each in block):
                here = (*way, name)
                for position, statement in enumerate(block):
                    before = block[:position]
                    yield from _of_a_statement(here, before, statement, block[position + 1 :])


def _leaves(statement: ast.stmt) -> bool:
    """Whether what comes after a statement may not be reached."""
    return any(isinstance(node, ast.Return | ast.Continue | ast.Break) for node in ast.walk(statement))


def _of_a_statement(
    way: tuple[Any, ...], before: Sequence[ast.stmt], statement: ast.stmt, after: Sequence[ast.stmt]
) -> Iterator[tuple[str, ast.AST, str, Change]]:
    is_documentation = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if is_documentation or isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef):
        return
    # An exchange that makes a branch unreachable comes right, too, and is not what is meant.
    if after and not _leaves(statement) and not _leaves(after[0]):
        text = str(after[0].lineno)
        yield "order", statement, text, (way, [*before, after[0], statement, *after[1:]])
    if isinstance(statement, _SIMPLE):
        yield "line", statement, "", (way, [*before, *after] or [ast.Pass()])
    if isinstance(statement, ast.If):
        kind, marked = ("branch", statement.test) if statement.orelse else ("block", statement)
        yield kind, marked, "", (way, [*before, *statement.orelse, *after] or [ast.Pass()])
        if not any(map(_leaves, statement.body)):
            yield "always", statement.test, "", (way, [*before, *statement.body, *after])
    if isinstance(statement, ast.For | ast.While) and len(statement.body) > 1:
        for position, inner in enumerate(statement.body):
            if isinstance(inner, ast.Assign):
                rest = copy.copy(statement)
                rest.body = [*statement.body[:position], *statement.body[position + 1 :]]
                yield "before", inner, "", (way, [*before, inner, rest, *after])
    if isinstance(statement, ast.For | ast.While | ast.If):
        body = statement.body
        if len(body) > 1:
            shorter = copy.copy(statement)
            shorter.body = body[:-1]
            in_a_loop = isinstance(statement, ast.For | ast.While) and isinstance(body[-1], ast.Return)
            kind = "early" if in_a_loop else "outside"
            yield kind, body[-1], "", (way, [*before, shorter, body[-1], *after])
        if after:
            longer = copy.copy(statement)
            longer.body = [*body, after[0]]
            yield "inside", after[0], "", (way, [*before, longer, *after[1:]])
