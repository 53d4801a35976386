"""Functions that cross the boundary: arguments that are callables, and error carried forward."""

from pathlib import Path

import pytest
import torch

from backpass.classroom.grade import grade_submission
from backpass.student.submission import Submission
from backpass.worker.calls import Call
from backpass.worker.client import Substitutes, Worker
from backpass.worker.wire import Seed

ROOT = Path(__file__).resolve().parents[2]
SOURCE = b"""
import torch
def twice(f, x): return f(f(x))
def gradient(f, x): return torch.autograd.grad(f(x), x)[0]
def slope(f, x): return (f(x + 1e-3) - f(x - 1e-3)) / 2e-3
def wrongly(f, x): return f("a word")
def unknown(f, x):
    for cell in f._function.__closure__:
        for inner in getattr(cell.cell_contents, "__closure__", None) or ():
            if type(inner.cell_contents) is int:
                inner.cell_contents = 99
    return f(x)
"""


def square(x):
    """x -> x * x"""
    return x * x


@pytest.fixture
def worker(zygote):
    with Worker(zygote, {"backprop": SOURCE}) as worker:
        yield worker


def ask(worker, name, x=2.0):
    return worker.call("backprop", name, [Call({"f": square, "x": torch.tensor(x, dtype=torch.float64)})])[0]


def test_a_submission_calls_a_function_of_the_graders(worker):
    assert ask(worker, "twice").value == 16
    assert abs(ask(worker, "slope").value - 4) < 1e-6


def test_a_callback_that_fails_raises_in_the_submission(worker):
    assert ask(worker, "wrongly").raised.kind == "TypeError"
    assert ask(worker, "twice").value == 16


def test_a_function_that_was_not_given_cannot_be_called(worker):
    assert ask(worker, "unknown").raised.kind == "died"
    assert ask(worker, "twice").value == 16


def test_gradients_flow_through_a_substitute(zygote):
    source = b"def helper(x): return 0 * x\ndef uses(x): return 3 * helper(x)"
    right = Substitutes(("losses.helper",), {"losses": b"def helper(x): return x * x"})
    with Worker(zygote, {"losses": source}, right) as worker:
        x = torch.tensor([1.0, 2.0], dtype=torch.float64)
        call = Call({"x": x}, cotangent=torch.ones(2, dtype=torch.float64))
        assert torch.equal(worker.call("losses", "uses", [call])[0].value["x"], 6 * x)


def test_a_substitute_calls_the_functions_that_it_is_given(zygote):
    source = b"""
import os, torch
def helper(f, x): return 0
def uses_the_graders(f, x): return helper(f, x)
def uses_its_own(f, x): return helper(lambda v: print("heard") or 3 * f(v), x)
def uses_what_raises(f, x): return helper(lambda v: v.no_such_method(), x)
def uses_what_asks_for_more(f, x): return helper(lambda v: helper(f, v), x)
def uses_what_ends_it_all(f, x): return helper(lambda v: os._exit(3), x)
"""
    right = {"losses": b"def helper(f, x): return f(x + 1) - f(x - 1)"}
    with Worker(zygote, {"losses": source}, Substitutes(("losses.helper",), right)) as worker:

        def answer(name):
            call = Call({"f": square, "x": torch.tensor(2.0, dtype=torch.float64)})
            return worker.call("losses", name, [call])[0]

        assert answer("uses_the_graders").value == 8
        own = answer("uses_its_own")
        assert own.value == 24
        assert "heard" in own.printed
        assert answer("uses_what_ends_it_all").raised.kind == "died"
        assert answer("uses_what_raises").raised.kind == "AttributeError"
        assert answer("uses_what_asks_for_more").raised.kind == "RuntimeError"
        assert answer("uses_its_own").value == 24


WRONG_HELPER = """
import torch

def log_softmax(logits):
    return logits - torch.logsumexp(logits, dim=0, keepdim=True)

def cross_entropy(logits, labels):
    return -log_softmax(logits)[torch.arange(len(labels)), labels].{reduction}()
"""


def grade(grader, zygote, **sources):
    return grade_submission(grader, zygote, Submission("student", {name: s.encode() for name, s in sources.items()}))


def solutions(needs, *units):
    """The solutions of some units and of those that functions are needed from: the others need not be graded."""
    units = {*units, *(need.partition(".")[0] for need in needs)}
    return {unit: (ROOT / "solutions" / f"{unit}.py").read_text() for unit in sorted(units)}


def test_what_builds_on_a_wrong_function_earns_its_own_points(grader, zygote):
    results = grade(grader, zygote, losses=WRONG_HELPER.format(reduction="mean")).exercises
    assert results["losses.log_softmax"].status == "failed"
    assert results["losses.cross_entropy"].status == "passed"
    assert results["losses.cross_entropy"].points == 10
    assert "Mend `log_softmax` first" in results["losses.cross_entropy"].message


def test_a_mistake_of_its_own_is_named_behind_the_others(grader, zygote):
    results = grade(grader, zygote, losses=WRONG_HELPER.format(reduction="sum")).exercises
    assert results["losses.cross_entropy"].status == "failed"
    assert results["losses.cross_entropy"].mistake == "summed_over_the_batch"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("raise NotImplementedError", "todo"),
        ("return torch.log_softmax(logits, dim=-1)", "shortcut"),
    ],
)
def test_what_builds_on_a_stub_or_a_finished_article_earns_its_own_points(grader, zygote, body, status):
    right = WRONG_HELPER.format(reduction="mean").partition("def cross_entropy")[2]
    source = f"import torch\n\ndef log_softmax(logits):\n    {body}\n\ndef cross_entropy{right}"
    results = grade(grader, zygote, losses=source).exercises
    assert results["losses.log_softmax"].status == status
    assert results["losses.cross_entropy"].status == "passed"
    assert results["losses.focal_loss"].status == "todo"


def test_a_check_of_gradients_beside_wrong_differences_is_right_in_itself(grader, zygote):
    source = """
import torch

def numerical_gradient(f, x, h=1e-5):
    return torch.zeros_like(x)

def relative_error(a, b):
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-8)).max().item()

def check_gradient(f, grad, x):
    if grad.shape != x.shape or not grad.isfinite().all():
        return False
    return relative_error(grad, numerical_gradient(f, x)) <= 1e-5
"""
    results = grade(grader, zygote, backprop=source).exercises
    assert results["backprop.numerical_gradient"].status == "failed"
    assert results["backprop.check_gradient"].points == 10


def test_a_substitute_draws_from_the_generator_of_the_submission(zygote):
    def draw(generator):
        return torch.rand(3, generator=generator)

    source = (
        b"def helper(generator): return 0\ndef uses(generator): return [helper(generator), helper(generator=generator)]"
    )
    right = b"import torch\ndef helper(generator): return torch.rand(3, generator=generator)"
    with Worker(zygote, {"losses": source}, Substitutes(("losses.helper",), {"losses": right})) as worker:
        first, second = worker.call("losses", "uses", [Call({"generator": Seed(5)})])[0].value
    own = torch.Generator().manual_seed(5)
    assert torch.equal(first, draw(own))
    assert torch.equal(second, draw(own))


def test_a_forged_generator_draws_nothing_from_the_memory_behind_its_state(zygote):
    def draws(generator):
        return torch.rand(600, generator=generator)

    source = b"""
import struct, torch
def helper(generator): return 0
def uses(draws, generator):
    state = bytearray(generator.get_state().numpy().tobytes())
    struct.pack_into("<iiQ", state, 8, 624, 1, 600)
    generator.set_state(torch.frombuffer(state, dtype=torch.uint8))
    failures = []
    for function in (draws, helper):
        try:
            failures.append(function(generator))
        except ValueError as error:
            failures.append(str(error))
    return failures
"""
    right = b"import torch\ndef helper(generator): return torch.rand(600, generator=generator)"
    with Worker(zygote, {"losses": source}, Substitutes(("losses.helper",), {"losses": right})) as worker:
        answer = worker.call("losses", "uses", [Call({"draws": draws, "generator": Seed(5)})])[0]
    assert answer.value == ["no state of a generator"] * 2


def test_a_reference_has_limits_of_its_own(zygote):
    source = b"def helper(x): return 0\ndef uses(x): return helper(x.expand(2**20))"
    right = Substitutes(("losses.helper",), {"losses": b"def helper(x): return x.repeat(2**20)"})
    with Worker(zygote, {"losses": source}, right) as worker:
        answer = worker.call("losses", "uses", [Call({"x": torch.ones(1)})])[0]
    assert answer.raised.kind == "RuntimeError"


def test_the_wrong_part_of_a_training_run_is_named_and_the_right_ones_too(grader, zygote, course):
    sources = solutions(course.exercises["training.train_mlp"].needs, "training")
    sources["optimizers"] = sources["optimizers"].replace("m_hat = m / (1 - beta1**t)", "m_hat = m")
    result = grade(grader, zygote, **sources).exercises["training.train_mlp"]
    assert (result.status, result.points) == ("passed", result.max_points)
    assert "Mend `adam_step` first." in result.message
    assert "`mlp_backward`" in result.message.partition("first.")[2]


def test_functions_are_carried_forward_across_units(grader, zygote, course):
    sources = solutions(course.exercises["backprop.softmax_cross_entropy_backward"].needs, "backprop", "losses")
    sources["losses"] = sources["losses"].replace("logits.amax(dim=-1, keepdim=True)", "logits.amax()")
    sources["backprop"] = """
import torch
from losses import softmax

def softmax_cross_entropy_backward(logits, labels):
    grad = softmax(logits)
    grad = grad - torch.nn.functional.one_hot(labels, logits.shape[1])
    return grad / len(labels)
"""
    results = grade(grader, zygote, **sources).exercises
    assert results["losses.softmax"].status == "failed"
    assert results["backprop.softmax_cross_entropy_backward"].status == "passed"
