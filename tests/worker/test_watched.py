"""A watched module answers as the original does, and reports where each value came from."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch

from backpass.worker.invoke import invoke
from backpass.worker.values import identical
from backpass.worker.watched import Stopped, watched

ROOT = Path(__file__).resolve().parents[2]
RIGHT = sorted((ROOT / "tests" / "data" / "right_answers").glob("*/*.py"))


def load(path):
    spec = importlib.util.spec_from_file_location(f"plain_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("unit", sorted({path.parent.name.partition(".")[0] for path in RIGHT} - {"training"}))
def test_right_answers_answer_the_same(unit, course, grader):
    for path in RIGHT:
        exercise = course.exercises[path.parent.name]
        if exercise.unit != unit or exercise.name in ("overfit_one_batch", "check_gradient"):
            continue
        plain = load(path)
        rewritten = watched(ModuleType("rewritten"), path.read_bytes(), str(path), exercise.name)
        cases = grader.checks.cases(grader.checks.of(exercise)[0], "cpu")
        for case in cases[:2] + cases[-2:]:
            rewritten.watch.begin({}, noting=True)
            answers = [invoke(getattr(module, exercise.name), case.call()) for module in (plain, rewritten.module)]
            if answers[1].raised is not None and answers[1].raised.kind == "Stopped":
                continue  # a loop over every number of a large tensor is too much to watch
            assert [each.raised is None for each in answers] in ([True, True], [False, False]), path
            assert identical(answers[0].value, answers[1].value), path


def test_values_are_reported_where_they_stand():
    source = b"def f(x, y):\n    z = x * 2\n    for i in range(2):\n        z += y\n    return z.sum()\n"
    module = watched(ModuleType("m"), source, "m.py", "f")
    module.watch.begin({}, noting=True)
    assert module.module.f(torch.ones(2), 3.0).item() == 16
    told = [(module.sites[index].line, module.sites[index].column, value) for index, value in module.watch.notes]
    assert (2, 8, told[2][2]) == told[2] and told[2][2].tolist() == [2, 2]
    assert [value.tolist() for line, column, value in told if (line, column) == (4, 8)] == [[5, 5], [8, 8]]
    (total,) = [site for site in module.sites if site.returned]
    assert total.sources == {"x", "y"}


def test_another_value_is_given():
    module = watched(ModuleType("m"), b"def f(x):\n    return x * 2 + 1\n", "m.py", "f")
    (product,) = [index for index, site in enumerate(module.sites) if (site.column, site.end_column) == (11, 16)]
    module.watch.begin({product: lambda value: 40}, noting=False)
    assert module.module.f(1) == 41


@pytest.mark.parametrize("loop", ["while True: pass", "while x: x = x + 1", "for i in iter(int, 1): pass"])
def test_an_endless_loop_stops(loop):
    module = watched(
        ModuleType("m"), f"def f(x):\n    try:\n        {loop}\n    except Exception: pass\n".encode(), "m.py", "f"
    )
    module.watch.begin({}, noting=False)
    with pytest.raises(Stopped):
        module.module.f(1)


SYNTAX = """
import torch
from math import *
class A:
    b = 1
    def c(self, d=[1, 2], *e, f: int = 3, **g) -> int:
        return super().__repr__() and self.b + d[0] + sum(e) + f + len(g)
def decorated(h):
    return h
@decorated
def i(x, y=(1, 2)):
    global j
    j = 0
    def k():
        nonlocal x
        x = x + 1
        return x
    k()
    with torch.no_grad() as l, torch.enable_grad():
        m = [n for n in range(3) if n % 2 for o in y]
    p, (q, *r) = 1, (2, 3, 4)
    s = {t: u for t, u in zip("ab", y)}
    s["a"] += 1
    del s["b"]
    v = (w := 5) if x > 0 else -1
    assert v == w, f"{v!r:>{w}}"
    try:
        raise ValueError("x") from None
    except ValueError as z:
        str(z)
    finally:
        pass
    match p:
        case 1 | 2:
            aa = lambda bb, cc=2: bb * cc
        case _:
            aa = None
    while x < 10:
        x += 1
        if x == 9:
            break
    else:
        x = 0
    ee = y[::-1][0:1], torch.arange(6).reshape(2, 3)[:, [0, 2]][..., -1].tolist()
    return x, m, q, r, s, aa(3), ee, A().c(1) if False else A.b, not x, 1 < x <= 9, (*y, *[4]), {**{"a": 1}}, *y
def gen(n):
    got = yield n
    yield from range(n)
"""


def test_all_of_python_is_left_as_it_is():
    plain: dict = {}
    exec(SYNTAX, plain)
    module = watched(ModuleType("m"), SYNTAX.encode(), "m.py", "i")
    module.watch.begin({}, noting=True)
    assert module.module.i(2) == plain["i"](2)
    assert list(module.module.gen(3)) == list(plain["gen"](3))


def test_of_two_functions_of_one_name_the_last_is_the_one_that_runs():
    source = b"def f(x):\n    return x\n\n\ndef g(x):\n    return x\n\n\ndef f(x):\n    return -x\n"
    functions = watched(ModuleType("losses"), source, "losses.py", "f").functions
    assert [(each.name, each.lineno) for each in functions] == [("f", 9)], "and g is never called"
