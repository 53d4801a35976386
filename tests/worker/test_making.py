"""Where a function makes a named part of its answer."""

import ast

import pytest

from backpass.worker.making import (
    condition_of_word,
    made_or_used,
    marked_for,
    only_append_to,
    set_anew,
    set_beside_others,
    what_fills,
)

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


@pytest.mark.parametrize(
    ("body", "appended"),
    [
        ("rate, out = 1, []\n    out.append(rate)", "rate"),
        ("out = [1]\n    out.append(rate)", None),  # the first was there
        ("out = []\n    out.append(rate)\n    out.append(2)", None),
    ],
)
def test_what_a_list_is_made_of_one_by_one(body, appended):
    (function,) = ast.parse(f"def f():\n    {body}\n    return out").body
    found = only_append_to(function, "out")
    assert (found and ast.unparse(found)) == appended


TRAINING = """
def train(x, epochs, generator):
    w, b = begun(x.shape[1], generator), torch.zeros(3)
    order = torch.randperm(len(x), generator=generator)
    return [step(x[order], torch.rand(3)) for _ in range(epochs)]
def begun(n, generator):
    return torch.randn(3, n, generator=generator) * n ** -0.5
"""


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("the order", "torch.randperm(len(x), generator=generator)"),
        ("generator", "torch.rand(3)"),  # drawn from another one
        ("the draw", "torch.randn(3, n, generator=generator)"),  # there are two in `train`
    ],
)
def test_what_a_text_speaks_of_that_has_no_name(name, marked):
    assert ast.unparse(marked_for(ast.parse(TRAINING).body, name)) == marked


def test_the_first_weights_and_what_is_made_of_them():
    functions = ast.parse(
        "def f(n):\n    b = torch.zeros(n)\n    w = torch.randn(n, n) * n ** -0.5\n    return w, b"
    ).body
    assert ast.unparse(marked_for(functions, "the start")) == "torch.randn(n, n) * n ** (-0.5)"


def test_where_a_generator_is_made_before_what_it_draws():
    functions = ast.parse(
        "def f(n, generator):\n    g = torch.Generator().manual_seed(generator.initial_seed())\n"
        "    return torch.rand(n, generator=g)"
    ).body
    assert ast.unparse(marked_for(functions, "the seed")) == "torch.Generator().manual_seed(generator.initial_seed())"


LOOP = """
def train(steps):
    losses, w = [], start()
    for _ in range(steps):
        {lost}
        for _ in range(2):
            t += 1
            losses.append(loss(w))
    return losses
"""


@pytest.mark.parametrize(
    ("name", "lost", "marked"),
    [
        ("the note", "t = 0", "loss(w)"),
        ("the beginning", "t, m = 0, [torch.zeros_like(p) for p in w]", "torch.zeros_like(p)"),
        ("the beginning", "t = 0; best = 1.5", "0"),
    ],
)
def test_what_is_noted_and_what_begins_again_in_a_loop(name, lost, marked):
    assert ast.unparse(marked_for(ast.parse(LOOP.format(lost=lost)).body, name)) == marked


WORDS = """
def diagnose(train):
    if train[-1] > 1:
        return "diverged"
    if jumps(train):
        return "spike"
    if flat(train):
        return "not learning" if low(train) else "stuck"
    return "healthy"
"""


@pytest.mark.parametrize(
    ("line", "expected", "condition"),
    [
        (6, "diverged", "train[-1] > 1"),  # has failed, and what came later was never to be asked
        (4, "healthy", "train[-1] > 1"),  # holds, and should not
        (9, "spike", "jumps(train)"),
        (8, "stuck", "low(train)"),
        (9, "another word", None),
        (9, "", None),
    ],
)
def test_the_condition_that_decides_for_the_wrong_word(line, expected, condition):
    (function,) = ast.parse(WORDS).body
    found = condition_of_word(function, line, expected)
    assert (found and ast.unparse(found)) == condition


def test_where_a_variable_gets_its_value():
    (function,) = ast.parse("def f(x):\n    var, mean = torch.var_mean(x)\n    a, b = 1, 2\n    x = var * a\n").body
    assert set_beside_others(function, "var").lineno == 2
    assert set_beside_others(function, "a") is None
    assert set_anew(function, "x", 5) == 4
    assert set_anew(function, "x", 4) == 0


def test_on_what_condition_something_goes_to_one_list_or_another():
    code = "def f(x):\n    a, b = [], []\n    for n in x:\n        if n > 2:\n            a.append(n)\n        else:\n"
    (function,) = ast.parse(code + "            b.append(n)\n    return a, b").body
    assert ast.unparse(what_fills(function, "a, b")) == "n > 2"
    assert what_fills(function, "a, c") is None
