"""Slips of the hand, made from expressions: what becomes of one, and how it is told."""

import ast
import re

import pytest

from backpass.explaining.operators import rewritings
from backpass.explaining.operators_of_calls import NEIGHBOURS

# Of an expression some of what it may become, and how that is told.
REWRITTEN = {
    "(x - m) / (v + eps).sqrt()": {
        "x - m / (v + eps).sqrt()": "the parentheses are in the wrong place",
        "(x - m) * (v + eps).sqrt()": (
            "your numbers are what a `*` before `(v + eps).sqrt()` gives, where another operator belongs"
        ),
        "(m - x) / (v + eps).sqrt()": "`x` and `m` are exchanged",
        "(x - m) / (v.sqrt() + eps)": "you put `eps` outside `sqrt`, and it belongs inside",
        "(x - m) / (v + eps)": "you leave out `sqrt`",
    },
    "1 - beta ** t": {
        "beta ** t": "you use `beta ** t` where 1 minus `beta ** t` belongs",
        "(1 - beta) ** t": "the parentheses are in the wrong place",
        "1 - beta * t": "your numbers are what a `*` before `t` gives, where another operator belongs",
        "1 - beta ** (t - 1)": "you use `t` minus 1 in place of `t`",
    },
    "lr * torch.exp(-decay * step)": {
        "lr * (-decay * step)": "you leave out `exp`",
        "lr * torch.exp(decay * step)": "you leave out a minus sign",
        "lr * torch.exp(-decay)": "you leave out `step`",
    },
    "x.sum(dim=1, keepdim=True)": {
        "x.mean(dim=1, keepdim=True)": "`mean` stands where another function belongs",
        "x.sum(dim=0, keepdim=True)": "`sum` is taken over the wrong dimension",
        "x.sum()": "`sum` is taken over all elements at once",
        "x.sum(dim=1)": "`sum` loses a dimension that it should keep, so the next operation broadcasts wrongly",
    },
    "x.flip(-1)": {
        "x.flip(0)": "`flip` goes along the wrong dimension",
    },
    "x.var(0, correction=0)": {
        "x.var(0, correction=True)": "the sum of squares is divided by the wrong number: n and n - 1 are exchanged",
    },
    "(x ** 2).mean().sqrt()": {
        "(x ** 2).sqrt().mean()": "`sqrt` and `mean` are done in the wrong order",
        "(x.mean() ** 2).sqrt()": "the power and `mean` are taken in the wrong order",
    },
    "a if b < c else d": {
        "d if b < c else a": "the two choices are exchanged",
        "a if b <= c else d": "`<=` before `c` is not the right comparison",
    },
    "torch.where(x > 0, x, 0.5 * x)": {
        "torch.where(x > 0, 0.5 * x, x)": "the two choices are exchanged",
        "torch.where(x > 0, x, 0.25 * x)": "`0.25` is not the right number",
    },
    "a > 0 and b > 0": {
        "b > 0": "you leave out the condition `a > 0`",
        "a > 0 or b > 0": "your answers are those of two conditions joined by `or`, where another word belongs",
    },
    "x.clamp(min=a, max=b)": {
        "x.clamp(max=b)": "you leave out the lower limit",
    },
    "x.T @ y": {
        "x @ y": "you do not transpose `x`",
        "x.T @ y.mT": "you transpose `y`",
    },
    "p[rows, labels]": {"p[labels, rows]": "rows and columns are exchanged"},
    "x[1:n]": {
        "x": "you use all of it, where only a part is needed",
        "x[1:n - 1]": "the part that you take begins or ends one position off",
    },
    "range(n)": {
        "range(0 + 1, n)": "you leave out the first entry",
        "range(0, n - 1)": "you leave out the last entry",
    },
}  # fmt: skip


def quoted(part):
    return f"`{ast.unparse(part)}`"


@pytest.mark.parametrize("expression", REWRITTEN)
def test_an_expression_is_rewritten_with_words(expression):
    found = {}
    for _, what, wrong in rewritings(ast.parse(expression, mode="eval").body, quoted):
        found.setdefault(ast.unparse(wrong), []).append(what)
    for wrong, what in REWRITTEN[expression].items():
        assert what in found.get(wrong, [None]), found.get(wrong)
    assert expression not in found


def every_slip(grader):
    for anatomy in filter(None, map(grader.catalogue.anatomy, grader.course.exercises)):
        for step in anatomy.steps.values():
            for rule, what, wrong in rewritings(step.tree, anatomy.said):
                yield anatomy, step, rule, what, wrong


def test_no_slip_of_the_catalogue_is_what_it_was_made_from(grader):
    same = [
        (anatomy.exercise, step.name, what)
        for anatomy, step, _, what, wrong in every_slip(grader)
        if ast.unparse(wrong) == ast.unparse(step.tree)
    ]
    assert not same


def test_words_name_no_step_and_no_variable_of_the_catalogue(grader):
    """Whoever reads them knows the inputs' names, and functions such as `mean`; of steps they know the words."""
    functions = {name for pair in NEIGHBOURS for name in pair}
    named = set()
    for anatomy, step, _, what, _ in every_slip(grader):
        code = {name for quote in re.findall("`([^`]*)`", what) for name in re.findall(r"[A-Za-z_]\w*", quote)}
        called = {ast.unparse(node.func) for node in ast.walk(step.tree) if isinstance(node, ast.Call)}
        variables = {node.id for node in ast.walk(step.tree) if isinstance(node, ast.Name)} | anatomy.steps.keys()
        named |= {
            (anatomy.exercise, each) for each in code & variables - functions - called - anatomy.parameters.keys()
        }
    assert not named
