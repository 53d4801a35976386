"""Hidden grader of the unit backprop."""

import torch
from hypothesis import strategies as st

from backpass.cases import draw
from backpass.checks import agree, check, leaves_inputs_alone, leaves_no_trace, passes_gradcheck
from graders import strategies as some
from graders.losses.test_losses import BATCHES, FAR_BATCHES
from solutions.losses import cross_entropy


@st.composite
def linear_layer(draw, dtype):
    samples, inputs, outputs = draw(some.sizes(1, 6)), draw(some.sizes(1, 6)), draw(some.sizes(1, 6))
    return {
        "grad_out": draw(some.tensors((samples, outputs), dtype)),
        "x": draw(some.tensors((samples, inputs), dtype)),
        "weight": draw(some.tensors((outputs, inputs), dtype)),
    }


@st.composite
def square_linear_layer(draw, dtype):
    size = draw(some.sizes(2, 4))
    return {name: draw(some.tensors((size, size), dtype)) for name in ("grad_out", "x", "weight")}


LAYERS = draw(linear_layer, count=14)
# Where all sizes agree, a forgotten transpose or * for @ raises nothing: it must be told by its numbers.
SQUARE_LAYERS = draw(square_linear_layer, count=2)


@check("backprop.linear_backward", LAYERS, SQUARE_LAYERS, weight=8)
def test_linear_backward_values(student, cases):
    agree(student, cases)


@check("backprop.linear_backward", LAYERS, SQUARE_LAYERS, weight=2, once_right=True)
def test_linear_backward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    generator = torch.Generator().manual_seed(3)
    shapes = {"x": (3, 2), "weight": (4, 2), "bias": (4,)}
    inputs = {name: torch.randn(shape, generator=generator, dtype=torch.float64) for name, shape in shapes.items()}
    passes_gradcheck(
        student,
        inputs,
        forward=lambda x, weight, bias: x @ weight.T + bias,
        by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], "weight": given["weight"]},
    )


@check("backprop.softmax_cross_entropy_backward", BATCHES, weight=6)
def test_softmax_cross_entropy_backward_values(student, cases):
    agree(student, cases)


@check("backprop.softmax_cross_entropy_backward", FAR_BATCHES, weight=2)
def test_softmax_cross_entropy_backward_of_extreme_logits(student, cases):
    agree(student, cases)


@check("backprop.softmax_cross_entropy_backward", BATCHES, weight=2, once_right=True)
def test_softmax_cross_entropy_backward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    logits = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], dtype=torch.float64)
    labels = torch.tensor([2, 1])
    passes_gradcheck(
        student,
        {"logits": logits},
        forward=lambda logits: cross_entropy(logits, labels),
        by=lambda given, grad_out: {"logits": given["logits"], "labels": labels},
    )
