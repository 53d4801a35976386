"""Slips of the hand, as rewritings of an expression: what one node of it may have become by mistake.

A rule takes a node and yields what happened, in words, with the node that stands there instead. The words never
say what belongs there.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from backpass.course.language import later, tr
from backpass.explaining.expressions import replaced

# How a part of an expression is called, for someone who has never seen that expression.
Said = Callable[[ast.expr], str]
Rule = Callable[[Any, Said], Iterator[tuple[str, ast.expr]]]

SHIFTED = later("your values are counted from one too far on")  # of a whole step
RULES: list[tuple[type[ast.expr], Rule]] = []

# Functions that are taken for one another, or whose names are.
NEIGHBOURS = (
    *(("sum", "mean"), ("amax", "amin"), ("amax", "sum"), ("max", "min"), ("amax", "mean"), ("var", "std")),
    *(("argmax", "argmin"), ("exp", "expm1"), ("log", "log1p"), ("log", "log2"), ("log", "log10"), ("sqrt", "square")),
    *(("sin", "cos"), ("tanh", "sigmoid"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("rand", "randn")),
    *(("floor", "ceil"), ("floor", "round"), ("maximum", "minimum"), ("any", "all"), ("cumsum", "cumprod")),
    *(("softmax", "log_softmax"), ("sum", "prod"), ("relu", "tanh"), ("normal_", "uniform_"), ("erf", "tanh")),
    *(("rsqrt", "sqrt"), ("isnan", "isinf"), ("median", "mean"), ("sum", "logsumexp")),
)
REDUCTIONS = {
    "sum",
    "mean",
    "amax",
    "amin",
    "max",
    "min",
    "prod",
    "var",
    "std",
    "norm",
    "argmax",
    "argmin",
    "logsumexp",
}
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
_COMMUTE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)


def rewritings(tree: ast.expr, said: Said) -> Iterator[tuple[str, str, ast.expr]]:
    """Every slip in an expression: the rule's name, what happened, and the expression with it."""
    for node in ast.walk(tree):
        for kind, rule in RULES:
            if isinstance(node, kind):
                for what, new in rule(node, said):
                    if ast.dump(new) != ast.dump(node):  # `p` and `p`, exchanged
                        yield rule.__name__, what, replaced(tree, node, new)


def _rule(*kinds: type[ast.expr]) -> Callable[[Rule], Rule]:
    def declare(rule: Rule) -> Rule:
        RULES.extend((kind, rule) for kind in kinds)
        return rule

    return declare


def _with(node: ast.AST, **fields: Any) -> Any:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _number(value: Any) -> ast.Constant:
    return ast.Constant(value)


# -------------------------------------------------------------------------------------- sums and products


@_rule(ast.BinOp)
def part_left_out(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.MatMult | ast.Pow | ast.BitAnd | ast.BitOr):
        yield tr("you leave out {part}", part=said(node.right)), node.left
    if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult | ast.BitAnd | ast.BitOr):
        yield tr("you leave out {part}", part=said(node.left)), node.right
    if isinstance(node.op, ast.Sub):
        yield tr("you leave out {part}", part=said(node.left)), ast.UnaryOp(ast.USub(), node.right)
        yield tr("you leave out {part} and the minus sign", part=said(node.left)), node.right
    if isinstance(node.op, ast.Div | ast.FloorDiv):
        yield tr("you leave out the division by {part}", part=said(node.right)), node.left
        yield tr("you leave out {part}", part=said(node.left)), ast.BinOp(_number(1.0), ast.Div(), node.right)


@_rule(ast.BinOp)
def another_sign(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for wrong in SIGN_SLIPS.get(type(node.op), ()):
        if isinstance(node.op, ast.MatMult):
            what = tr("it comes out as if a `*` stood before {part}, entry by entry", part=said(node.right))
        else:
            what = tr(
                "it comes out as if a `{sign}` stood before {part}, where another sign belongs",
                sign=SIGNS[wrong],
                part=said(node.right),
            )
        yield what, _with(node, op=wrong())


@_rule(ast.BinOp)
def odd_sign(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for wrong in _ODD_SIGNS.get(type(node.op), ()):
        what = tr(
            "it comes out as if a `{sign}` stood before {part}, where another sign belongs",
            sign=SIGNS[wrong],
            part=said(node.right),
        )
        yield what, _with(node, op=wrong())


@_rule(ast.BinOp)
def sides_exchanged(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if not isinstance(node.op, _COMMUTE):
        one, other = said(node.left), said(node.right)
        what = tr("{part} and {other} are exchanged", part=one, other=other)
        yield what if one != other else tr("the two sides are exchanged"), _with(node, left=node.right, right=node.left)


@_rule(ast.BinOp)
def brackets_moved(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """a - b * c as (a - b) * c, a * (b + c) as a * b + c, and so on: `what` is done to too much, or too little."""
    left, right = node.left, node.right
    if isinstance(right, ast.BinOp):
        inner = _with(node, right=right.left)
        yield tr("the brackets stand elsewhere"), _with(right, left=inner)
    if isinstance(left, ast.BinOp):
        inner = _with(node, left=left.right)
        yield tr("the brackets stand elsewhere"), _with(left, right=inner)


@_rule(ast.BinOp)
def function_of_more(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """f(a) + b as f(a + b): the eps under the root."""
    for side, other in (("left", node.right), ("right", node.left)):
        call = getattr(node, side)
        inner = _argument(call)
        if inner is not None:
            what = tr(
                "you put {part} inside `{function}`, and outside is the right place",
                part=said(other),
                function=_name(call),
            )
            yield what, _with_argument(call, _with(node, **{side: inner}))


@_rule(ast.Call)
def function_of_less(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """f(a + b) as f(a) + b, or a + f(b)."""
    inner = _argument(node)
    if isinstance(inner, ast.BinOp):
        for side, other in (("left", inner.right), ("right", inner.left)):
            what = tr(
                "you put {part} outside `{function}`, and inside is the right place",
                part=said(other),
                function=_name(node),
            )
            yield what, _with(inner, **{side: _with_argument(node, getattr(inner, side))})


@_rule(ast.UnaryOp)
def sign_lost(node: ast.UnaryOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
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
                _number(type(value)(wrong) if wrong == int(wrong) else wrong),
            )
    elif isinstance(value, bool):
        yield tr("`{wrong}` stands where `{right}` belongs", wrong=not value, right=value), _number(not value)


@_rule(ast.Name)
def off_by_one(node: ast.Name, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.ctx, ast.Load) and said(node).startswith("`"):
        yield tr("{part} is taken as one more than it is", part=said(node)), ast.BinOp(node, ast.Add(), _number(1))
        yield tr("{part} is taken as one less than it is", part=said(node)), ast.BinOp(node, ast.Sub(), _number(1))


@_rule(ast.BinOp)
def one_minus(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """a where 1 - a belongs; the other way round is `part_of_one`."""
    if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value == 1:
        yield tr("you take {part} where the rest to 1 belongs", part=said(node.right)), node.right


@_rule(ast.Name)
def part_of_one(node: ast.Name, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.ctx, ast.Load) and said(node).startswith("`"):
        yield (
            tr("`1 - ...` stands where {part} itself belongs", part=said(node)),
            ast.BinOp(_number(1), ast.Sub(), node),
        )


# --------------------------------------------------------------------------------------------- functions


@_rule(ast.Call)
def function_left_out(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    inner = _argument(node, alone=False)
    if inner is not None and _name(node) not in ("rand", "randn", "range", "len"):
        yield tr("you leave out `{function}`", function=_name(node)), inner


@_rule(ast.Call)
def neighbouring_function(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    name = _name(node)
    for pair in NEIGHBOURS:
        if name in pair:
            other = pair[1 - pair.index(name)]
            yield tr("`{function}` stands where another function belongs", function=other), _renamed(node, other)


@_rule(ast.Call)
def functions_exchanged(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """g(f(x)) as f(g(x)): the root of the mean, the mean of the root; the square of the sum."""
    inner = _argument(node, alone=False)
    if isinstance(inner, ast.Call):
        innermost = _argument(inner, alone=False)
        if innermost is not None:
            what = tr(
                "`{function}` and `{inner}` are done in the wrong order", function=_name(node), inner=_name(inner)
            )
            yield what, _with_argument(inner, _with_argument(node, innermost))
    elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
        what = tr("the power and `{function}` are taken in the wrong order", function=_name(node))
        yield what, _with(inner, left=_with_argument(node, inner.left))


@_rule(ast.BinOp)
def power_too_early(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    inner = _argument(node.left, alone=False) if isinstance(node.op, ast.Pow) else None
    if inner is not None:
        what = tr("the power and `{function}` are taken in the wrong order", function=_name(node.left))
        yield what, _with_argument(node.left, _with(node, left=inner))


@_rule(ast.Call)
def arguments_of_a_call_exchanged(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if _name(node) == "where" and len(node.args) == 3:
        condition, yes, no = node.args
        yield tr("the two choices are exchanged"), _with(node, args=[condition, no, yes])
        yield tr("you take {part} everywhere, without a choice", part=said(yes)), yes
        yield tr("you take {part} everywhere, without a choice", part=said(no)), no
    elif len(node.args) == 2:
        one, other = node.args
        yield tr("{part} and {other} are exchanged", part=said(one), other=said(other)), _with(node, args=[other, one])
        if _name(node) in ("max", "min", "maximum", "minimum", "clamp"):
            yield tr("you leave out {part}", part=said(other)), one
            yield tr("you leave out {part}", part=said(one)), other


@_rule(ast.Call)
def another_reduction(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """Over another dimension, over all, without keepdim, with the other divisor of a variance."""
    name = _name(node)
    if name not in REDUCTIONS | {"softmax", "log_softmax", "cumsum"}:
        return
    method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value)
    at = 0 if method else 1
    positional, keywords = node.args, node.keywords
    dim = positional[at] if len(positional) > at else next((k.value for k in keywords if k.arg == "dim"), None)

    def with_dim(value: int) -> ast.Call:
        new: ast.expr = ast.UnaryOp(ast.USub(), _number(-value)) if value < 0 else _number(value)
        if len(positional) > at:
            changed: ast.Call = _with(node, args=[*positional[:at], new, *positional[at + 1 :]])
            return changed
        changed = _with(node, keywords=[_with(k, value=new) if k.arg == "dim" else k for k in keywords])
        return changed

    if dim is not None:
        right = ast.literal_eval(dim) if isinstance(dim, ast.Constant | ast.UnaryOp) else None
        for wrong in (0, 1, -1, -2):
            if wrong != right:
                yield tr("`{function}` is taken over the wrong dimension", function=name), with_dim(wrong)
        if name in REDUCTIONS:
            rest = [k for k in keywords if k.arg in ("correction", "unbiased")]
            yield (
                tr("`{function}` is taken over everything at once", function=name),
                _with(node, args=positional[:at], keywords=rest),
            )
    if any(k.arg == "keepdim" for k in keywords):
        lost = [k for k in keywords if k.arg != "keepdim"]
        yield (
            tr("a dimension that `{function}` should keep is lost, and what follows is spread wrongly", function=name),
            _with(node, keywords=lost),
        )
    if name in ("var", "std"):
        for k in keywords:
            if k.arg in ("correction", "unbiased"):
                other = _with(k, value=_number(not ast.literal_eval(k.value)))
                what = tr("the sum of squares is divided by the wrong number: n and n - 1 are exchanged")
                yield what, _with(node, keywords=[other if each is k else each for each in keywords])


@_rule(ast.Call)
def limit_changed(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if _name(node) in ("clamp", "clip"):
        for k in node.keywords:
            rest = [each for each in node.keywords if each is not k]
            if rest:
                yield tr("you leave out the limit `{limit}`", limit=k.arg), _with(node, keywords=rest)
            turned = _with(k, arg="max" if k.arg == "min" else "min")
            yield (
                tr("`{limit}` stands where the other limit belongs", limit=turned.arg),
                _with(node, keywords=[turned, *rest]),
            )


@_rule(ast.Call)
def range_changed(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if _name(node) in ("range", "arange") and 1 <= len(node.args) <= 2:
        *first, end = node.args
        start = first[0] if first else _number(0)
        for what, new in (
            (tr("you leave out the first one"), [ast.BinOp(start, ast.Add(), _number(1)), end]),
            (tr("you leave out the last one"), [start, ast.BinOp(end, ast.Sub(), _number(1))]),
            (tr("there is one too many at the end"), [start, ast.BinOp(end, ast.Add(), _number(1))]),
            (tr(SHIFTED), [
                ast.BinOp(start, ast.Add(), _number(1)), ast.BinOp(end, ast.Add(), _number(1))
            ]),
        ):  # fmt: skip
            yield what, _with(node, args=new)


# ---------------------------------------------------------------------------- comparisons, choices, parts


@_rule(ast.Compare)
def another_comparison(node: ast.Compare, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if len(node.ops) == 1:
        for wrong in SIGN_SLIPS.get(type(node.ops[0]), ()):
            what = tr(
                "`{sign}` before {part} is not the right comparison", sign=SIGNS[wrong], part=said(node.comparators[0])
            )
            yield what, _with(node, ops=[wrong()])


@_rule(ast.IfExp)
def choice_changed(node: ast.IfExp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    yield tr("the two choices are exchanged"), _with(node, body=node.orelse, orelse=node.body)
    yield tr("you take {part} everywhere, without a choice", part=said(node.body)), node.body
    yield tr("you take {part} everywhere, without a choice", part=said(node.orelse)), node.orelse


@_rule(ast.BoolOp)
def condition_left_out(node: ast.BoolOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    for value in node.values:
        rest = [each for each in node.values if each is not value]
        yield (
            tr("you leave out the condition {part}", part=said(value)),
            rest[0] if len(rest) == 1 else _with(node, values=rest),
        )
    for wrong in SIGN_SLIPS[type(node.op)]:
        yield (
            tr("`{sign}` stands between two conditions where another word belongs", sign=SIGNS[wrong]),
            _with(node, op=wrong()),
        )


@_rule(ast.Subscript)
def another_part(node: ast.Subscript, said: Said) -> Iterator[tuple[str, ast.expr]]:
    index = node.slice
    if isinstance(index, ast.Slice):
        whole = node.value
        yield tr("you take all of it, where a part is asked for"), whole
        for side in ("lower", "upper"):
            bound = getattr(index, side)
            if bound is not None:
                for step in (ast.Add(), ast.Sub()):
                    moved = _with(index, **{side: ast.BinOp(bound, step, _number(1))})
                    yield tr("the part that is taken begins or ends one off"), _with(node, slice=moved)
    elif isinstance(index, ast.Tuple) and len(index.elts) == 2:
        one, other = index.elts
        yield tr("rows and columns are exchanged"), _with(node, slice=_with(index, elts=[other, one]))
    else:
        for step in (ast.Add(), ast.Sub()):
            yield tr("the index is one off"), _with(node, slice=ast.BinOp(index, step, _number(1)))


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
                yield tr("you transpose {part}", part=said(factor)), _with(node, **{side: new})


# ------------------------------------------------------------------------------------------ parts of calls


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "math", "F")


def _name(call: ast.expr) -> str:
    function = call.func if isinstance(call, ast.Call) else call
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def _argument(call: ast.expr, *, alone: bool = True) -> ast.expr | None:
    """What a function is of: x in x.exp(), torch.exp(x), math.exp(x); with `alone` only where it is of nothing else."""
    if not isinstance(call, ast.Call) or (alone and call.keywords):
        return None
    if isinstance(call.func, ast.Attribute) and not _is_module(call.func.value):
        return call.func.value if not (alone and call.args) else None
    if isinstance(call.func, ast.Name) and call.func.id not in ("max", "min", "abs", "sum"):
        return None  # a helper of the unit's: what it does is not known
    return call.args[0] if call.args and (len(call.args) == 1 or not alone) else None


def _with_argument(call: Any, argument: ast.expr) -> ast.Call:
    if isinstance(call.func, ast.Attribute) and not _is_module(call.func.value):
        new: ast.Call = _with(call, func=_with(call.func, value=argument))
        return new
    new = _with(call, args=[argument, *call.args[1:]])
    return new


def _renamed(call: ast.Call, name: str) -> ast.Call:
    if isinstance(call.func, ast.Attribute):
        new: ast.Call = _with(call, func=_with(call.func, attr=name))
        return new
    new = _with(call, func=ast.Name(name, ast.Load()))
    return new
