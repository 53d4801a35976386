"""Slips of the hand in calls: another function, another dimension, arguments exchanged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from backpass.course.language import later, tr
from backpass.explaining.rules import (
    Rules,
    Said,
    argument_of,
    changed,
    is_module,
    name_of,
    number,
    renamed,
    with_argument,
)

rule = Rules()

SHIFTED = later("your count begins one too high")  # of a whole step
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


@rule(ast.Call)
def function_left_out(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    inner = argument_of(node, alone=False)
    if inner is not None and name_of(node) not in ("rand", "randn", "range", "len", "stack", "tensor"):
        yield tr("you leave out `{function}`", function=name_of(node)), inner


@rule(ast.Call)
def neighbouring_function(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    name = name_of(node)
    for pair in NEIGHBOURS:
        if name in pair:
            other = pair[1 - pair.index(name)]
            yield tr("`{function}` stands where another function belongs", function=other), renamed(node, other)


@rule(ast.Call)
def functions_exchanged(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """g(f(x)) as f(g(x)): the root of the mean, the mean of the root; the square of the sum."""
    inner = argument_of(node, alone=False)
    if isinstance(inner, ast.Call):
        innermost = argument_of(inner, alone=False)
        if innermost is not None:
            what = tr(
                "`{function}` and `{inner}` are done in the wrong order", function=name_of(node), inner=name_of(inner)
            )
            yield what, with_argument(inner, with_argument(node, innermost))
    elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
        what = tr("the power and `{function}` are taken in the wrong order", function=name_of(node))
        yield what, changed(inner, left=with_argument(node, inner.left))


@rule(ast.BinOp)
def power_too_early(node: ast.BinOp, said: Said) -> Iterator[tuple[str, ast.expr]]:
    inner = argument_of(node.left, alone=False) if isinstance(node.op, ast.Pow) else None
    if inner is not None:
        what = tr("the power and `{function}` are taken in the wrong order", function=name_of(node.left))
        yield what, with_argument(node.left, changed(node, left=inner))


@rule(ast.Call)
def arguments_of_a_call_exchanged(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if name_of(node) == "where" and len(node.args) == 3:
        condition, yes, no = node.args
        yield tr("the two choices are exchanged"), changed(node, args=[condition, no, yes])
        yield tr("you use {part} everywhere, where a choice is needed", part=said(yes)), yes
        yield tr("you use {part} everywhere, where a choice is needed", part=said(no)), no
    elif len(node.args) == 2:
        one, other = node.args
        yield (
            tr("{part} and {other} are exchanged", part=said(one), other=said(other)),
            changed(node, args=[other, one]),
        )
        if name_of(node) in ("max", "min", "maximum", "minimum", "clamp"):
            yield tr("you leave out {part}", part=said(other)), one
            yield tr("you leave out {part}", part=said(one)), other


@rule(ast.Call)
def another_reduction(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    """Over another dimension, over all, without keepdim, with the other divisor of a variance."""
    name = name_of(node)
    if name not in REDUCTIONS | {"softmax", "log_softmax", "cumsum"}:
        return
    shown = re.sub("^a(?=max|min)", "", name)  # as learners write it
    method = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
    at = 0 if method else 1
    positional, keywords = node.args, node.keywords
    dim = positional[at] if len(positional) > at else next((k.value for k in keywords if k.arg == "dim"), None)

    def with_dim(value: int) -> ast.Call:
        new: ast.expr = ast.UnaryOp(ast.USub(), number(-value)) if value < 0 else number(value)
        if len(positional) > at:
            call: ast.Call = changed(node, args=[*positional[:at], new, *positional[at + 1 :]])
        else:
            call = changed(node, keywords=[changed(k, value=new) if k.arg == "dim" else k for k in keywords])
        return call

    if dim is not None:
        right = ast.literal_eval(dim) if isinstance(dim, ast.Constant | ast.UnaryOp) else None
        for wrong in (0, 1, -1, -2):
            if wrong != right:
                yield tr("`{function}` is taken over the wrong dimension", function=shown), with_dim(wrong)
        if name in REDUCTIONS:
            rest = [k for k in keywords if k.arg in ("correction", "unbiased")]
            yield (
                tr("`{function}` is taken over all elements at once", function=shown),
                changed(node, args=positional[:at], keywords=rest),
            )
    if any(k.arg == "keepdim" for k in keywords):
        lost = [k for k in keywords if k.arg != "keepdim"]
        yield (
            tr(
                "`{function}` loses a dimension that it should keep, so the next operation broadcasts wrongly",
                function=shown,
            ),
            changed(node, keywords=lost),
        )
    if name in ("var", "std"):
        for k in keywords:
            if k.arg in ("correction", "unbiased"):
                other = changed(k, value=number(not ast.literal_eval(k.value)))
                what = tr("the sum of squares is divided by the wrong number: n and n - 1 are exchanged")
                yield what, changed(node, keywords=[other if each is k else each for each in keywords])


@rule(ast.Call)
def along_another_dimension(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if name_of(node) in ("flip", "roll", "cumsum") and node.args:
        for wrong in (0, 1, -2):
            what = tr("`{function}` goes along the wrong dimension", function=name_of(node))
            yield what, changed(node, args=[*node.args[:-1], number(wrong)])


@rule(ast.Call)
def limit_changed(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if name_of(node) in ("clamp", "clip"):
        for k in node.keywords:
            rest = [each for each in node.keywords if each is not k]
            if rest:
                lower, upper = tr("you leave out the lower limit"), tr("you leave out the upper limit")
                yield lower if k.arg == "min" else upper, changed(node, keywords=rest)
            turned = changed(k, arg="max" if k.arg == "min" else "min")
            yield (
                tr("`{limit}` stands where the other limit belongs", limit=turned.arg),
                changed(node, keywords=[turned, *rest]),
            )


@rule(ast.Call)
def range_changed(node: ast.Call, said: Said) -> Iterator[tuple[str, ast.expr]]:
    if name_of(node) in ("range", "arange") and 1 <= len(node.args) <= 2:
        *first, end = node.args
        start = first[0] if first else number(0)
        for what, new in (
            (tr("you leave out the first entry"), [ast.BinOp(start, ast.Add(), number(1)), end]),
            (tr("you leave out the last entry"), [start, ast.BinOp(end, ast.Sub(), number(1))]),
            (tr("there is one entry too many at the end"), [start, ast.BinOp(end, ast.Add(), number(1))]),
            (tr(SHIFTED), [
                ast.BinOp(start, ast.Add(), number(1)), ast.BinOp(end, ast.Add(), number(1))
            ]),
        ):  # fmt: skip
            yield what, changed(node, args=new)
