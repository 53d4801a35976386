"""What is known already: the same code has the same hash, and what may answer differently has another or none."""

import pytest

from backpass.classroom.judges import Judges
from backpass.classroom.plain_modules import fingerprints_in
from backpass.judging.disposable import Disposable
from backpass.student.submission import Submission

MODULE = """
import math
import torch

EPSILON = 1e-6 * math.pi

def shifted(x):
    return x - x.max()

def softmax(logits):
    exps = torch.exp(shifted(logits)) + EPSILON
    return exps / exps.sum()

def mse_loss(pred, target):
    return ((pred - target) ** 2).mean()
"""


def hashes(text):
    return fingerprints_in(text.encode())


def test_the_names_of_variables_do_not_count():
    assert hashes(MODULE.replace("exps", "e")) == hashes(MODULE)
    loop = "def mean(x):\n    total = 0\n    for each in x:\n        total = total + each\n    return total / len(x)"
    other = loop.replace("total", "s").replace("each", "value")
    assert hashes(f"{MODULE}\n{loop}")["mean"] == hashes(f"{MODULE}\n{other}")["mean"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a, b = x\n    return a - b", "a, b = x\n    return b - a"),
        ("a, b = x\n    return a - b", "b, a = x\n    return a - b"),
        ("y = x\n    return EPSILON", "EPSILON = x\n    return EPSILON"),
        ("len = x\n    return len(x)", "y = x\n    return y(x)"),
        ("dim = 1\n    return x.sum(dim=dim)", "dim = 1\n    return x.sum(axis=dim)"),
        ("y = x\n    return (lambda y: y)(1)", "y = x\n    return (lambda z: y)(1)"),
    ],
)
def test_what_variables_are_used_for_counts(one, other):
    assert hashes(f"{MODULE}\ndef f(x):\n    {one}")["f"] != hashes(f"{MODULE}\ndef f(x):\n    {other}")["f"]


def test_a_variable_may_have_the_name_of_a_module():
    module = "def f(x):\n    import torch.nn\n    {0} = x * {0}.pi\n    return {0}"
    assert hashes(module.format("torch"))["f"] != hashes(module.format("y"))["f"]


def test_layout_comments_and_the_order_of_functions_do_not_count():
    other = MODULE.replace("def softmax(logits):", 'def softmax( logits ):\n    """Mine."""\n\n    # by hand')
    loss = MODULE[MODULE.index("def mse_loss") :]
    assert hashes(other) == hashes(MODULE)
    assert hashes(MODULE.replace(loss, "").replace("def shifted", f"{loss}\ndef shifted")) == hashes(MODULE)
    assert hashes(f'{MODULE}\nif __name__ == "__main__":\n    print(softmax(3))') == hashes(MODULE)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("x - x.max()", "x", {"mse_loss"}),  # the helper of softmax
        ("** 2", "** 3", {"shifted", "softmax"}),
        ("1e-6", "1e-5", set()),  # what is executed at the import concerns all
        ("import math", "import numpy as math", set()),
        ("(pred, target)", "(pred, target=0.0)", set()),
        ("def mse_loss", "def softmax(logits): return logits\n\ndef mse_loss", {"shifted", "mse_loss"}),
    ],
)
def test_what_answers_rest_on_counts(old, new, same):
    before, after = hashes(MODULE), hashes(MODULE.replace(old, new))
    assert after and {name for name in before if before[name] == after.get(name)} == same


@pytest.mark.parametrize(
    "more",
    [
        "import losses",
        "from torch import *",
        "from . import helper",
        "torch.exp = torch.sigmoid",
        "CACHE = {}",
        "print('here')",
        "class Scale: pass",
        "if EPSILON: import cmath",
        "softmax = mse_loss",
        "loss = mse_loss",
        "BOTH = (mse_loss, softmax)",
        "def f(x, loss=mse_loss): return loss(x, x)",
        "def f(x, *, loss=mse_loss): return loss(x, x)",
        "from torch import sigmoid as softmax",
        "def f(x, seen=[]): return x",
        "def f(x: print(1)): return x",
        "def f(x):\n    global EPSILON\n    EPSILON = x",
        "def f(x):\n    torch.exp = x",
        "def f(x):\n    math.__dict__['exp'] = x",
        "def f(x):\n    torch.manual_seed(0)\n    return x",
        "def f(x):\n    torch.set_default_dtype(x)",
        "def f(x):\n    return globals()['softmax'](x)",
        "def f(x):\n    y = x\n    return dir()",
        "def f(x):\n    import os\n    return x",
        "import functools\n@functools.cache\ndef f(x): return x",
        "from functools import lru_cache as no_grad\n@no_grad\ndef f(x): return x",
        "def f(:",
        "x = " + "-" * 5000 + "1",
        f"# {'long' * 20_000}",
    ],
)
def test_nothing_is_known_of_a_module_that_does_more(more):
    assert not hashes(f"{MODULE}\n{more}\n")


def test_a_function_is_judged_once_and_a_wrong_one_each_time(small_grader, zygote, monkeypatch):
    right = (small_grader.course.root / "solutions" / "losses.py").read_bytes()
    judges = Judges(small_grader, zygote, ("cpu",))
    first = judges.grade(Submission("ada", {"losses": right}))
    wrong = right.replace(b".mean()", b".sum()")
    spoiled = Judges(small_grader, zygote, ("cpu",)).grade(Submission("bob", {"losses": wrong}))
    assert judges.grade(Submission("bob", {"losses": wrong})).exercises == spoiled.exercises
    assert judges.grade(Submission("bob", {"losses": wrong})).exercises == spoiled.exercises
    monkeypatch.setattr(Disposable, "lines", lambda *_: pytest.fail("it is judged"))
    again = judges.grade(Submission("eve", {"losses": b"# mine\n" + right}))
    assert again.exercises == first.exercises and again.submission == "eve"
    elsewhere = Judges(small_grader, zygote, ("cpu",))  # in another process of the class
    elsewhere.right.add(judges.found)
    assert elsewhere.grade(Submission("fay", {"losses": b"# hers\n" + right})).exercises == first.exercises
