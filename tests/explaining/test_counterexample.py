"""The case that is displayed: small, with numbers that tell, and one in which the mistake is seen."""

import importlib
import re
import sys

import pytest

from backpass.explaining.counterexample import small_cases
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

# The exercise, the code, and how many numbers the inputs have at most.
SMALL = {
    "lists count as well": (
        "neurons.mlp_forward",
        "def mlp_forward(x, weights, biases):\n    for weight, bias in zip(weights, biases):\n"
        "        x = (x @ weight.T + bias).clamp(min=0)\n    return x\n",
        24,
    ),
    "one output and flags, whatever is drawn": (
        "backprop.two_layer_backward",
        "import torch\ndef two_layer_backward(x, y, w1, b1, w2, b2):\n    z1 = x @ w1.T + b1\n"
        "    h = z1.clamp(min=0)\n    z2 = h @ w2.T + b2\n"
        "    price = torch.logaddexp(z2 * 0, z2)\n    loss = (price - y * z2).mean()\n    p = torch.exp(z2 - price)\n"
        "    d2 = (p - y) / len(x)\n    d1 = d2 @ w2 * h\n"
        "    return loss, {'w1': d1.T @ x, 'b1': d1.sum(0), 'w2': d2.T @ h, 'b2': d2.sum(0)}\n",
        60,
    ),
}


def message(exercise, source, grader, zygote):
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        return grader.grade(exercise, worker.call, inspects=inspector).message


def inputs(exercise, told):
    """The numbers of the inputs that are displayed."""
    lines = [line for line in told.split("\n") if re.match(rf" +({'|'.join(exercise.parameters)}) = ", line)]
    return [float(each) for line in lines for each in re.findall(r"(?<![\w.])-?\d[\d.e-]*", line.partition(" = ")[2])]


@pytest.mark.parametrize("name", SMALL)
def test_few_numbers_and_more_than_one_row(name, course, grader, zygote):
    id, source, most = SMALL[name]
    told = message(course.exercises[id], source, grader, zygote)
    assert len(inputs(course.exercises[id], told)) <= most + 20, told  # shapes are among them
    assert not re.search(r" x = .* \(1, ", told), told


def test_numbers_that_a_reader_can_compute_with(course, grader, zygote):
    source = "def mse_loss(pred, target):\n    return ((pred - target) ** 2).sum() / len(pred)\n"
    told = message(course.exercises["losses.mse_loss"], source, grader, zygote)
    assert max(map(abs, inputs(course.exercises["losses.mse_loss"], told))) < 100, told


def test_an_overflow_is_shown_by_numbers_that_are_read_soon(course, grader, zygote):
    exercise = course.exercises["losses.log_softmax"]
    source = (
        "import torch\ndef log_softmax(logits):\n    z = logits - logits.median(dim=-1, keepdim=True).values\n"
        "    return z - z.exp().sum(-1, keepdim=True).log()\n"
    )
    told = message(exercise, source, grader, zygote)
    shown = inputs(exercise, told)
    assert "inf" in told and len(shown) <= 16, told
    assert sum(len(f"{abs(number):g}") for number in shown) <= 3 * len(shown), told


def test_two_rows_of_large_numbers_will_do(course, grader, zygote):
    source = (
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits - logits.max())\n"
        "    return e / e.sum(-1, keepdim=True)\n"
    )
    told = message(course.exercises["losses.softmax"], source, grader, zygote)
    assert re.search(r" logits = .* \(2, \d+\) float32", told) and "nan" in told, told


def test_where_nobody_would_see_it_a_case_of_another_check(course, grader, zygote):
    source = (
        "import torch\ndef log_softmax(logits):\n    e = torch.exp(logits - logits.amax(-1, keepdim=True))\n"
        "    return torch.log(e / e.sum(-1, keepdim=True) + 1e-12)\n"
    )
    told = message(course.exercises["losses.log_softmax"], source, grader, zygote)
    assert "^^^" in told.partition("you return")[2], told


def test_small_cases_do_not_depend_on_what_is_imported(course, grader, tmp_path, monkeypatch):
    exercise = course.exercises["backprop.linear_backward"]
    reference = grader.checks.reference(exercise)
    check = next(each for each in grader.checks.of(exercise) if each.name.endswith("values"))
    case = next(each for each in grader.checks.cases(check, "cpu") if each.origin.strategy is not None)
    once = small_cases(case, exercise.parameters, reference)
    (tmp_path / "someones.py").write_text(f"NUMBERS = {[*range(0, 900, 7)]}, {[each / 8 + 3 for each in range(400)]}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "someones", importlib.import_module("someones"))
    again = small_cases(case, exercise.parameters, reference)
    assert [str(each.inputs) for each in again] == [str(each.inputs) for each in once]


def test_of_two_mistakes_both_are_seen(course, grader, zygote):
    exercise = course.exercises["backprop.mse_backward"]
    source = "def mse_backward(pred, target):\n    return (pred - target) / (len(pred) if pred.dim() else 1)\n"
    told = message(exercise, source, grader, zygote)
    assert "factor 2" in told and "number of rows" in told
    assert re.search(r" pred = .*\((\d+), ([2-9])\) ", told), told  # with one column rows are elements


def test_of_a_large_case_that_was_not_drawn_two_rows(course, grader, zygote):
    exercise = course.exercises["backprop.relu_backward"]
    source = "def relu_backward(grad_out, x):\n    return grad_out * (x >= 0)\n"
    told = message(exercise, source, grader, zygote)
    assert re.search(r" x = .*\(2, \d\) float32", told), told


def test_results_that_are_right_are_left_out_where_there_are_many_numbers(course, grader, zygote):
    exercise = course.exercises["backprop.linear_backward"]
    source = (
        "def linear_backward(grad_out, x, weight):\n    return grad_out @ weight, grad_out.T @ x, grad_out.mean(0)\n"
    )
    told = message(exercise, source, grader, zygote)
    assert len(inputs(exercise, told)) <= 30, told


def test_one_number_shows_little_of_what_is_done_with_many(course, grader, zygote):
    exercise = course.exercises["activations.gelu"]
    source = "import torch\ndef gelu(x):\n    return x * (1 + torch.erf(x / 2**0.5))\n"
    assert " x = [" in message(exercise, source, grader, zygote)
