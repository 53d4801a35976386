"""Where a function makes a named part of its answer."""

import ast

import pytest

from backpass.worker.making import made_or_used

CODE = """
def train(x, rate, batch_size, seed):
    record = {"rates": [], "weights": [w, v], "losses": losses}
    losses = [loss(batch) for batch in cut(x, batch_size)]
    for step in range(10 + seed, 20 + seed):
        record["rates"].append(rate * step)
    return record
"""


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("rates", "rate * step"),
        ("weights", "[w, v]"),
        ("losses", "[loss(batch) for batch in cut(x, batch_size)]"),
        ("batch_size", "cut(x, batch_size)"),
        ("seed", None),  # used twice
        ("hidden", None),
    ],
)
def test_the_one_place_that_makes_a_part_or_uses_an_input(name, made):
    (function,) = ast.parse(CODE).body
    found = made_or_used(function, name)
    assert (found and ast.unparse(found)) == made


def test_a_list_that_is_returned_by_its_name():
    (function,) = ast.parse("def f():\n    losses = []\n    losses.append(-price)\n    return losses").body
    assert ast.unparse(made_or_used(function, "losses")) == "-price"
