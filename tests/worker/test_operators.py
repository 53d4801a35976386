"""What the course calls a finished article tells of itself, where torch has a kernel for it."""

from fnmatch import fnmatchcase

import torch

from backpass.worker import operators
from backpass.worker.calls import Call
from backpass.worker.client import Worker

SOURCE = b"""
import torch

def by_hand(x):
    return torch._C._dispatch_call_boxed(torch._C._dispatch_find_schema_or_throw("aten::%s", ""), x)

def in_another_mode(x):
    with torch.inference_mode(), torch._C.DisableTorchFunction():
        return x.%s()

def mapped(x):
    return torch.func.vmap(lambda row: torch.nn.functional.%s(row))(x)
"""


def test_all_kernels_that_the_course_forbids_tell(course):
    patterns = {each for exercise in course.exercises.values() for each in exercise.shortcuts} | set(course.shortcuts)
    tell = {operator for operator, _ in operators.watched()}
    silent = [
        operator
        for operator in torch._C._dispatch_get_all_op_names()
        if operator.startswith("aten::") and operator not in tell
        if torch._C._dispatch_has_kernel_for_dispatch_key(operator, "CPU")
        if any(fnmatchcase(operators.name_of(operator).partition("_backward")[0], pattern) for pattern in patterns)
    ]
    assert silent == []


def test_a_kernel_tells_however_it_is_reached(zygote):
    x = torch.tensor([[-1.0, 2.0]])
    for name in ("relu", "sigmoid", "tanh"):
        source = SOURCE.replace(b"%s", name.encode())
        for function in ("by_hand", "in_another_mode", "mapped"):
            with Worker(zygote, {"unit": source}) as worker:
                answer = worker.call("unit", function, [Call({"x": x})])[0]
            assert torch.equal(answer.value, getattr(torch, name)(x)), answer
            assert f"torch.{name}" in answer.called


def test_elementary_operators_do_not(zygote):
    source = b"def f(x):\n    return (x.exp().sum(-1).log() + x.clamp(min=0).amax(-1)).mean()\n"
    with Worker(zygote, {"unit": source}) as worker:
        (answer,) = worker.call("unit", "f", [Call({"x": torch.ones(2, 2)}, cotangent=torch.ones(()))])
    assert not {name for name in answer.called if not name.startswith("torch.Tensor.")}


def test_a_node_of_the_graph_tells_when_it_is_called_and_not_when_it_is_looked_at(zygote):
    source = b"""
def looks(x):
    y = (x.requires_grad_() * 2).exp()
    text = f"{y.grad_fn} {y.grad_fn.name()} {type(y.grad_fn).__name__} {y}"
    assert x.grad_fn is None and y.grad_fn.next_functions[0][0] is not None
    return text.count("ExpBackward0")

def calls(x):
    y = (x.detach().requires_grad_() * 2).exp()
    return y.grad_fn.next_functions[0][0](y.grad_fn(y.detach() * 0 + 1))[0]
"""
    with Worker(zygote, {"unit": source}) as worker:
        for _ in range(2):
            looked, called = (worker.call("unit", name, [Call({"x": torch.ones(2)})])[0] for name in ("looks", "calls"))
            assert looked.value == 4
            assert "torch.autograd.graph.Node" not in looked.called
            assert "torch.autograd.graph.Node" in called.called
