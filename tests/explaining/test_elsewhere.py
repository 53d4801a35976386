"""What a right answer is told of where it would fail: on a GPU, in bfloat16, under vmap."""

import linecache

import pytest
import torch

from backpass.explaining import elsewhere
from backpass.judging.cases import Case
from backpass.judging.student import Student
from backpass.worker.invoke import invoke_all

FILE = "submission.py"
CASE = Case({"x": torch.tensor([[0.5, -1.0, 2.0], [3.0, 0.25, -2.0]])})


def told(body, course, reference=torch.relu):
    """The note for a submission with the function `f(x)`, which is as right as it needs to be."""
    source = f"import torch\n\n\ndef f(x):\n    {body}\n"
    module = {}
    linecache.cache[FILE] = len(source), None, source.splitlines(keepends=True), FILE  # as a worker does
    exec(compile(source, FILE, "exec"), module)

    def ask(unit, name, calls):
        return invoke_all(module["f"], calls, frozenset({FILE}))

    return elsewhere.note(CASE, Student(course.exercises["activations.relu"], ask), reference)


@pytest.mark.parametrize(
    "body",
    [
        "return x.clamp(min=0)",
        "return torch.where(x > 0, x, 0.0)",
        "return torch.maximum(x, torch.zeros_like(x))",
        "return torch.stack([row * (row > 0) for row in x])",
        "out = x.clone(); out[x < 0] = 0; return out",  # stops vmap for its form: nothing is said of that
    ],
)
def test_nothing_is_said_where_nothing_fails(body, course):
    assert told(body, course) == ""


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (
            "return x * torch.tensor(2, device=x.device).float()[None] * (x > 0) / 2",
            "Given bfloat16 your result is float32",
        ),
        ("return x.float().clamp(min=0)", "`dtype=x.dtype` keeps what is given"),
        ("return x if float(x.min()) > 0 else x * (x > 0)", "line 5, `return x if float(x.min()) > 0"),
        ("return x if x.min() > 0 else x * (x > 0)", "that line turns a tensor into a Python value"),
        (
            "out = torch.zeros(x.shape, device=x.device, dtype=x.dtype); out += x * (x > 0); return out",
            "writes into a tensor that was not made from the inputs",
        ),
        (
            "out = torch.zeros(2, 3, device=x.device); out[:] = x * (x > 0); return out.to(x)",
            "writes into a tensor that was not made from the inputs",
        ),
        ("return x * (x > 0) + torch.zeros(3)", "On a GPU this would raise: `torch.zeros(3)` in line 5"),
    ],
)
def test_it_is_said_what_would_fail_and_where(body, note, course):
    assert note in told(body, course)


def test_only_what_the_reference_can_do_is_asked(course):
    assert told("return x if x.min() > 0 else x * (x > 0)", course, lambda x: x if x.min() > 0 else torch.relu(x)) == ""
    assert told("return x.float().clamp(min=0)", course, lambda x: torch.relu(x.float())) == ""
    assert told("return x.float().clamp(min=0)", course, None) == ""
