"""The stand-in for a GPU: what it refuses, what it allows, and that its numbers are those of the CPU."""

import linecache

import numpy
import pytest
import torch

from backpass.worker.calls import Call
from backpass.worker.invoke import invoke
from backpass.worker.simulated import SIMULATED
from backpass.worker.wire import Seed

X = torch.tensor([[0.5, -1.0, 2.0], [3.0, 0.25, -2.0]])
FILE = "submission.py"


def answer(source, **inputs):
    """What `f` of a submission answers on the stand-in."""
    module = {"torch": torch, "numpy": numpy}
    linecache.cache[FILE] = len(source), None, source.splitlines(keepends=True), FILE  # as a worker does
    exec(compile(source, FILE, "exec"), module)
    return invoke(module["f"], Call({"x": X, **inputs}, device=SIMULATED), frozenset({FILE}))


REFUSED = [
    "x + torch.zeros(3)",
    "x @ torch.ones(3, 2)",
    "torch.stack([x[0], torch.zeros(3)])",
    "torch.eye(3)[x.long().clamp(0, 2)]",
    "torch.where(x > 0, x, torch.zeros(2, 3))",
    "torch.arange(3) == x[:, :1]",
    "x.gather(1, torch.zeros(2, 1, dtype=torch.int64))",
]


@pytest.mark.parametrize("expression", REFUSED)
def test_tensors_of_two_devices_do_not_meet(expression):
    raised = answer(f"def f(x):\n    return {expression}").raised
    assert raised.kind == "RuntimeError" and "same device" in raised.text
    assert "On the CPU is line 2: torch." in raised.text


@pytest.mark.parametrize("expression", ["x.numpy()", "numpy.asarray(x)", "numpy.exp(x)"])
def test_numpy_reads_nothing_of_it(expression):
    raised = answer(f"def f(x):\n    return {expression}").raised
    assert raised.kind == "TypeError" and "Tensor.cpu()" in raised.text


ALLOWED = [
    "x + torch.zeros_like(x)",
    "x @ torch.ones(3, 2, device=x.device)",
    "torch.tensor(2.0) * x",
    "x[torch.arange(2), torch.tensor([2, 0])]",
    "x[[1, 0]]",
    "x[range(2), [2, 0]]",
    "torch.where(x > 0, x, torch.tensor(0.0))",
    "torch.tensor([1.0, 2.0, 3.0], device=x.device) + x",
    "x.new_tensor([1.0, 2.0, 3.0]) + x",
    "torch.tensor([row.sum() for row in x], device=x.device)[:, None] + x",
    "x[0] @ torch.ones(3, 2, device=x.device)",
    "torch.nn.functional.one_hot(x.argmax(1), 3).to(x.dtype) * x",
    "x.masked_fill(x < 0, 0.0)",
    "torch.zeros(2, 3).to(x) + x",
    "sum(float(row.sum()) for row in x) + x",
    "torch.full((3,), x.max().item(), device=x.device) - x",
    "torch.cat([each.unsqueeze(0) for each in x.unbind(0)])",
]


@pytest.mark.parametrize("expression", ALLOWED)
def test_what_cuda_allows_gives_the_numbers_of_the_cpu(expression):
    got = answer(f"def f(x):\n    return {expression}")
    assert got.raised is None and got.devices == (SIMULATED,)
    torch.testing.assert_close(got.value, eval(expression, {"torch": torch, "x": X}))


def test_a_result_of_the_cpu_says_so():
    assert answer("def f(x):\n    return torch.tensor(x.sum().item())").devices == ("cpu",)
    assert answer("def f(x):\n    return torch.tensor([row.sum() for row in x])").devices == ("cpu",)


def test_in_place_changes_reach_the_input_and_are_seen():
    got = answer("def f(x):\n    x[0, [1, 2]] -= 1\n    x.squeeze_().mul_(2)\n    return x")
    expected = X.clone()
    expected[0, [1, 2]] -= 1
    torch.testing.assert_close(got.value, 2 * expected)
    assert list(got.changed) == ["x"]


def test_gradients_are_those_of_the_cpu():
    source = "def f(x):\n    return (x[0] @ x.T).exp().sum() + x[[1, 1]].pow(2).sum()"
    module = {"torch": torch}
    exec(source, module)
    call = Call({"x": X}, cotangent=torch.tensor(1.0))
    there, here = (invoke(module["f"], Call(call.args, cotangent=call.cotangent, device=d)) for d in (SIMULATED, "cpu"))
    torch.testing.assert_close(there.value["x"], here.value["x"])


def test_functions_are_lent_with_their_gradients():
    call = Call({"g": lambda x: (x**3).sum(), "x": X}, device=SIMULATED)
    got = invoke(lambda g, x: torch.autograd.grad(g(x.requires_grad_()), x)[0], call)
    torch.testing.assert_close(got.value, 3 * X**2)


def test_generators_stay_where_they_are():
    got = invoke(lambda generator: torch.rand(3, generator=generator), Call({"generator": Seed(1)}, device=SIMULATED))
    assert got.raised is None and got.devices == (SIMULATED,)
