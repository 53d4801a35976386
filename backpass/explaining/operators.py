"""Slips of the hand, as rewritings of an expression: what one node of it may have become by mistake.

A rule takes a node and yields what happened, in words, with the node that stands there instead. The words never
say what belongs there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from backpass.course.language import tr
from backpass.explaining import operators_of_calls as calls
from backpass.explaining.expressions import replaced
from backpass.explaining.rules import Rules, Said, argument_of, changed, name_of, number, with_argument

_rule = Rules()


SIGNS: dict[type[ast.AST], str] = {
    kind: ast.unparse(ast.BinOp(ast.Name("a"), kind(), ast.Name("b")))[2:-2]
    for kind in (
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Div,
        ast.FloorDiv,
        ast.Mod,
        ast.Pow,
        ast.MatMult,
        ast.BitAnd,
        ast.BitOr,
    )
}
SIGNS |= {
    kind: ast.unparse(ast.Compare(ast.Name("a"), [kind()], [ast.Name("b")]))[2:-2]
    for kind in (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
}
SIGNS |= {ast.And: "and", ast.Or: "or"}
# What stands where another sign belongs, and what seldom does.
SIGN_SLIPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
_ODD_SIGNS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Mult,),
    ast.Sub: (ast.Div,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.FloorDiv, ast.Sub),
}
# Rules whose slips are told only where no other slip explains an answer: they do not happen often.
ODD = {"odd_sign", "brackets_moved", "another_number", "function_of_more", "function_of_less", "functions_exchanged"}

# Rules that name a function, which has to stand in a student's code then.
NAME_A_FUNCTION = {"neighbouring_function", "another_reduction", "functions_exchanged", "along_another_dimension"}
_COMMUTE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)


def is_odd(mistake: str) -> bool:
    """Whether a mistake is, by its id, a slip of a rule that is `ODD`."""
    return mistake.endswith(tuple(ODD))


def rewritings(tree: ast.expr, said: Said) -> Iterator[tuple[str, str, ast.expr]]:
    """Every slip in an expression: the rule's name, what happened, and the expression with it."""
    for node in ast.walk(tree):
        for kind, rule in (*_rule.known, *calls.rule.known):
            if isinstance(node, kind):
                for what, new in rule(node, said):
                    if ast.dump(new) != ast.dump(node):  # `p` and `p`, exchanged
                        yield rule.__name__, what, replaced(tree, node, new)


# -------------------------------------------------------------------------------------- sums and products


@_rule(ast.BinOp)
def part_left_out(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.MatMult | ast.Pow | ast.BitAnd | ast.BitOr):
        base, part = said(node.left), said(node.right)
        if not isinstance(node.op, ast.Pow):
            yield tr("you leave out {part}", part=part), node.left
        elif tr("a part") in base:
            yield tr("you leave out the exponent {part}", part=part), node.left
        else:
            yield tr("{base} is not raised to the power {part}", base=base, part=part), node.left
    if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult | ast.BitAnd | ast.BitOr):
        yield tr("you leave out {part}", part=said(node.left)), node.right
    if isinstance(node.op, ast.Sub):
        yield tr("you leave out {part}", part=said(node.left)), ast.UnaryOp(ast.USub(), node.right)
        yield tr("you leave out {part} and the minus sign", part=said(node.left)), node.right
    if isinstance(node.op, ast.Div | ast.FloorDiv):
        yield tr("you leave out the division by {part}", part=said(node.right)), node.left
        yield tr("you leave out {part}", part=said(node.left)), ast.BinOp(number(1.0), ast.Div(), node.right)


@_rule(ast.BinOp)
def another_sign(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for wrong in SIGN_SLIPS.get(type(node.op), ()):
        if isinstance(node.op, ast.MatMult):
            what = tr("your numbers are what a `*` before {part} gives, element by element", part=said(node.right))
        else:
            what = tr(
                "your numbers are what a `{sign}` before {part} gives, where another operator belongs",
                sign=SIGNS[wrong],
                part=said(node.right),
            )
        yield what, changed(node, op=wrong())


@_rule(ast.BinOp)
def odd_sign(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for wrong in _ODD_SIGNS.get(type(node.op), ()):
        what = tr(
            "your numbers are what a `{sign}` before {part} gives, where another operator belongs",
            sign=SIGNS[wrong],
            part=said(node.right),
        )
        yield what, changed(node, op=wrong())


@_rule(ast.BinOp)
def sides_exchanged(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if not isinstance(node.op, _COMMUTE):
        one, other = said(node.left), said(node.right)
        what = tr("{part} and {other} are exchanged", part=one, other=other)
        yield (
            what if one != other else tr("the two sides are exchanged"),
            changed(node, left=node.right, right=node.left),
        )


@_rule(ast.BinOp)
def brackets_moved(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """a - b * c as (a - b) * c, a * (b + c) as a * b + c, and so on: `what` is done to too much, or too little."""
    left, right = node.left, node.right
    if isinstance(right, ast.BinOp):
        inner = changed(node, right=right.left)
        yield tr("the parentheses are in the wrong place"), changed(right, left=inner)
    if isinstance(left, ast.BinOp):
        inner = changed(node, left=left.right)
        yield tr("the parentheses are in the wrong place"), changed(left, right=inner)


@_rule(ast.BinOp)
def function_of_more(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """f(a) + b as f(a + b): the eps under the root."""
    for side, other in (("left", node.right), ("right", node.left)):
        call = getattr(node, side)
        inner = argument_of(call)
        if inner is not None:
            what = tr(
                "you put {part} inside `{function}`, and it belongs outside",
                part=said(other),
                function=name_of(call),
            )
            yield what, with_argument(call, changed(node, **{side: inner}))


@_rule(ast.Call)
def function_of_less(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """f(a + b) as f(a) + b, or a + f(b)."""
    inner = argument_of(node)
    if isinstance(inner, ast.BinOp):
        for side, other in (("left", inner.right), ("right", inner.left)):
            what = tr(
                "you put {part} outside `{function}`, and it belongs inside",
                part=said(other),
                function=name_of(node),
            )
            yield what, changed(inner, **{side: with_argument(node, getattr(inner, side))})


@_rule(ast.UnaryOp)
def sign_lost(node: ast.UnaryOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.operand, ast.Constant) and type(node.operand.value) is int:
        return  # of a dimension counted from the end: another one is meant, and no sign
    what = tr("you leave out a minus sign") if isinstance(node.op, ast.USub) else tr("you leave out a `not`")
    yield what, node.operand


# ---------------------------------------------------------------------------------- numbers and variables


@_rule(ast.Constant)
def another_number(node: ast.Constant, said: Said) -> Iterator[tuple[str, ast.expr]]:
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        near = (value + 1, value - 1, 2 * value, value / 2, -value, value * value, 1, 0)
        for wrong in dict.fromkeys(each for each in near if each != value):
            yield (
                tr("`{number:g}` is not the right number", number=wrong),
                number(type(value)(wrong) if wrong == int(wrong) else wrong),
            )
    elif isinstance(value, bool):
        yield tr("`{wrong}` stands where `{right}` belongs", wrong=not value, right=value), number(not value)


@_rule(ast.Name)
def off_by_one(node: ast.Name, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.ctx, ast.Load) and said(node).startswith("`"):
        yield tr("you use {part} plus 1 in place of {part}", part=said(node)), ast.BinOp(node, ast.Add(), number(1))
        yield tr("you use {part} minus 1 in place of {part}", part=said(node)), ast.BinOp(node, ast.Sub(), number(1))


@_rule(ast.BinOp)
def one_minus(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """a where 1 - a belongs; the other way round is `part_of_one`."""
    if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value == 1:
        yield tr("you use {part} where 1 minus {part} belongs", part=said(node.right)), node.right


@_rule(ast.Name)
def part_of_one(node: ast.Name, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.ctx, ast.Load) and said(node).startswith("`"):
        yield (
            tr("you use 1 minus {part} where {part} itself belongs", part=said(node)),
            ast.BinOp(number(1), ast.Sub(), node),
        )


# ---------------------------------------------------------------------------- comparisons, choices, parts


@_rule(ast.Compare)
def another_comparison(node: ast.Compare, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if len(node.ops) == 1:
        for wrong in SIGN_SLIPS.get(type(node.ops[0]), ()):
            what = tr(
                "`{sign}` before {part} is not the right comparison", sign=SIGNS[wrong], part=said(node.comparators[0])
            )
            yield what, changed(node, ops=[wrong()])


@_rule(ast.IfExp)
def choice_changed(node: ast.IfExp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    yield tr("the two choices are exchanged"), changed(node, body=node.orelse, orelse=node.body)
    yield tr("you use {part} everywhere, where a choice is needed", part=said(node.body)), node.body
    yield tr("you use {part} everywhere, where a choice is needed", part=said(node.orelse)), node.orelse


@_rule(ast.BoolOp)
def condition_left_out(node: ast.BoolOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for value in node.values:
        rest = [each for each in node.values if each is not value]
        yield (
            tr("you leave out the condition {part}", part=said(value)),
            rest[0] if len(rest) == 1 else changed(node, values=rest),
        )
    for wrong in SIGN_SLIPS[type(node.op)]:
        yield (
            tr(
                "your answers are those of two conditions joined by `{sign}`, where another word belongs",
                sign=SIGNS[wrong],
            ),
            changed(node, op=wrong()),
        )


@_rule(ast.Subscript)
def another_part(node: ast.Subscript, said: Said) -> Iterator[tuple[str, ast.expr]]:
    index = node.slice
    if isinstance(index, ast.Slice):
        whole = node.value
        if ast.unparse(index) == "::-1":
            yield tr("the order is not reversed"), whole
            return
        yield tr("you use all of it, where only a part is needed"), whole
        for side in ("lower", "upper"):
            bound = getattr(index, side)
            if bound is not None:
                for step in (ast.Add(), ast.Sub()):
                    moved = changed(index, **{side: ast.BinOp(bound, step, number(1))})
                    yield tr("the part that you take begins or ends one position off"), changed(node, slice=moved)
    elif isinstance(index, ast.Tuple) and len(index.elts) == 2:
        one, other = index.elts
        yield tr("rows and columns are exchanged"), changed(node, slice=changed(index, elts=[other, one]))
    else:
        for step in (ast.Add(), ast.Sub()):
            yield tr("the index is off by one"), changed(node, slice=ast.BinOp(index, step, number(1)))


@_rule(ast.Attribute)
def not_transposed(node: ast.Attribute, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if node.attr in ("T", "mT"):
        yield tr("you do not transpose {part}", part=said(node.value)), node.value


@_rule(ast.BinOp)
def transposed(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.op, ast.MatMult):
        for side in ("left", "right"):
            factor = getattr(node, side)
            if not (isinstance(factor, ast.Attribute) and factor.attr in ("T", "mT")):
                new = ast.Attribute(factor, "mT", ast.Load())
                yield tr("you transpose {part}", part=said(factor)), changed(node, **{side: new})
