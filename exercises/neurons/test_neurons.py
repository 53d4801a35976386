"""Public checks of the unit neurons: `pytest exercises/neurons`."""

import torch
from torch import tensor

from backpass.judging.assertions import agree, has_finite_gradients, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "neurons.neuron",
    example(x=tensor([1.0, 2.0]), weight=tensor([3.0, -1.0]), bias=tensor(-1.0), returns=tensor(0.5)),
    example(x=tensor([1.0, 2.0]), weight=tensor([3.0, -1.0]), bias=tensor(0.098612), returns=tensor(0.75)),
    example(x=tensor([0.5, -1.5, 2.0]), weight=tensor([0.2, 0.4, -0.6]), bias=tensor(0.3), returns=tensor(0.197816)),
    example(x=tensor([-2.0]), weight=tensor([-0.75]), bias=tensor(0.5), returns=tensor(0.880797)),
)
def test_neuron_weighs_and_bends(student, cases):
    agree(student, cases)


@check(
    "neurons.neuron",
    example(x=tensor([1000.0, 1.0]), weight=tensor([1.0, 2.0]), bias=tensor(0.5), returns=tensor(1.0)),
    example(x=tensor([1000.0, 1.0]), weight=tensor([-1.0, 2.0]), bias=tensor(0.5), returns=tensor(0.0)),
)
def test_neuron_is_never_nan(student, cases):
    agree(student, cases)
    has_finite_gradients(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.linear",
    example(
        x=tensor([[1.0, 2.0], [0.0, 1.0]]),
        weight=tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        bias=tensor([0.0, 0.0, 10.0]),
        returns=tensor([[1.0, 2.0, 13.0], [0.0, 1.0, 11.0]]),
    ),
    example(
        x=tensor([[1.0, 2.0, 3.0]]),
        weight=tensor([[0.5, -1.0, 2.0], [1.0, 1.0, -1.0]]),
        bias=tensor([0.25, -0.5]),
        returns=tensor([[4.75, -0.5]]),
    ),
    example(
        x=tensor([[1.0, 2.0], [3.0, 4.0]]),
        weight=tensor([[5.0, 6.0], [7.0, 8.0]]),
        bias=tensor([0.5, -0.5]),
        returns=tensor([[17.5, 22.5], [39.5, 52.5]]),
    ),
)
def test_linear_has_a_row_of_weights_for_each_output(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.collapse_linear",
    example(
        w1=tensor([[1.0], [2.0]]),
        b1=tensor([1.0, 0.0]),
        w2=tensor([[3.0, 4.0]]),
        b2=tensor([5.0]),
        returns=(tensor([[11.0]]), tensor([8.0])),
    ),
    example(
        w1=tensor([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
        b1=tensor([0.5, -1.0]),
        w2=tensor([[2.0, 1.0], [0.0, 3.0], [1.0, -1.0]]),
        b2=tensor([0.25, 0.0, -2.0]),
        returns=(tensor([[2.0, 3.0, 3.0], [0.0, -3.0, 9.0], [1.0, 3.0, -3.0]]), tensor([0.25, -3.0, -0.5])),
    ),
    example(
        w1=tensor([[1.0, 2.0], [3.0, 4.0]]),
        b1=tensor([1.0, -1.0]),
        w2=tensor([[0.0, 1.0], [2.0, -1.0]]),
        b2=tensor([0.5, 0.25]),
        returns=(tensor([[3.0, 4.0], [-1.0, 0.0]]), tensor([-0.5, 3.25])),
    ),
)
def test_collapse_linear_makes_one_layer_of_two(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.mlp_forward",
    example(
        x=tensor([[1.0, 2.0]]),
        weights=[tensor([[1.0, 1.0], [1.0, -1.0]]), tensor([[2.0, 3.0]])],
        biases=[tensor([0.0, 0.0]), tensor([-10.0])],
        returns=tensor([[-4.0]]),
    ),
    example(
        x=tensor([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.0]]),
        weights=[
            tensor([[1.0, 0.5], [-1.0, 1.0], [0.5, -2.0]]),
            tensor([[1.0, -1.0, 0.5], [2.0, 0.0, -1.0]]),
            tensor([[1.0, -2.0], [0.5, 1.0], [-1.0, -1.0]]),
        ],
        biases=[tensor([0.5, 0.25, -1.0]), tensor([-0.5, 1.0]), tensor([0.1, -0.2, 0.3])],
        returns=tensor([[-1.65, 1.925, -2.45], [-9.9, 4.8, -4.7], [-1.9, 0.8, -0.7]]),
    ),
    example(
        x=tensor([[1.0, -2.0]]),
        weights=[tensor([[0.5, 1.0], [2.0, -1.0]])],
        biases=[tensor([-0.25, 0.5])],
        returns=tensor([[-1.75, 4.5]]),
    ),
)
def test_mlp_forward_bends_between_the_layers(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.residual_block",
    example(
        x=tensor([[1.0, -2.0]]),
        w1=tensor([[1.0, 1.0], [1.0, -1.0]]),
        b1=tensor([0.0, 0.0]),
        w2=tensor([[1.0, 2.0], [0.0, 1.0]]),
        b2=tensor([0.0, 0.5]),
        returns=tensor([[7.0, 1.5]]),
    ),
    example(
        x=tensor([[1.0, 2.0], [-1.0, 0.5]]),
        w1=tensor([[0.5, -1.0], [1.0, 1.0], [-2.0, 0.0]]),
        b1=tensor([0.25, -0.5, 1.0]),
        w2=tensor([[1.0, 0.5, -1.0], [-1.0, 2.0, 0.5]]),
        b2=tensor([0.1, -0.2]),
        returns=tensor([[2.35, 6.8], [-3.9, 1.8]]),
    ),
)
def test_residual_block_adds_a_correction(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.least_squares",
    example(
        x=tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]),
        y=tensor([1.0, 2.0, 4.0]),
        returns=tensor([0.833333, 1.5]),
    ),
    example(x=tensor([[2.0], [1.0], [-1.0], [3.0]]), y=tensor([3.0, 1.0, -2.0, 5.0]), returns=tensor([1.6])),
)
def test_least_squares_fits_the_points(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "neurons.least_squares",
    example(
        x=tensor([[0.001, 2000.0], [0.002, -1000.0], [-0.001, 500.0], [0.003, 1500.0]], dtype=torch.float64),
        y=tensor([3.0, 1.0, -2.0, 5.0], dtype=torch.float64),
        returns=tensor([1233.160622, 0.000876], dtype=torch.float64),
    ),
)
def test_least_squares_takes_columns_of_any_scale(student, cases):
    agree(student, cases)
