"""Public checks of the unit backprop: `pytest exercises/backprop`."""

from torch import tensor

from backpass.cases import example
from backpass.checks import agree, check, leaves_inputs_alone

LAYERS = (
    example(
        grad_out=tensor([[1.0, 0.0], [2.0, -1.0]]),
        x=tensor([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]),
        weight=tensor([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]),
        returns=(
            tensor([[1.0, 0.0, -1.0], [0.0, -1.0, -2.0]]),
            tensor([[1.0, 4.0, 1.0], [0.0, -1.0, 1.0]]),
            tensor([3.0, -1.0]),
        ),
    ),
    example(
        grad_out=tensor([[0.5], [-1.0], [0.25]]),
        x=tensor([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]]),
        weight=tensor([[-1.5, 2.0]]),
        returns=(
            tensor([[-0.75, 1.0], [1.5, -2.0], [-0.375, 0.5]]),
            tensor([[0.5, -3.75]]),
            tensor([-0.25]),
        ),
    ),
    example(
        grad_out=tensor([[1.0, 2.0], [3.0, -1.0]]),
        x=tensor([[0.5, -1.0], [2.0, 1.0]]),
        weight=tensor([[1.0, 3.0], [-2.0, 0.5]]),
        returns=(
            tensor([[-3.0, 4.0], [5.0, 8.5]]),
            tensor([[6.5, 2.0], [-1.0, -3.0]]),
            tensor([4.0, 1.0]),
        ),
    ),
)


@check("backprop.linear_backward", *LAYERS)
def test_linear_backward_blames_inputs_weights_and_bias(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.softmax_cross_entropy_backward",
    example(
        logits=tensor([[0.0, 1.098612], [0.0, 0.0]]),
        labels=tensor([0, 1]),
        returns=tensor([[-0.375, 0.375], [0.25, -0.25]]),
    ),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        returns=tensor(
            [
                [0.057806, 0.157133, -0.214939],
                [0.004287, 0.011653, -0.01594],
                [-0.129927, 0.120073, 0.009856],
                [0.16631, -0.227492, 0.061182],
            ]
        ),
    ),
)
def test_softmax_cross_entropy_backward_is_prediction_minus_truth(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.softmax_cross_entropy_backward",
    example(
        logits=tensor([[800.0, 801.0], [-800.0, -801.0]]),
        labels=tensor([0, 0]),
        returns=tensor([[-0.365529, 0.365529], [-0.134471, 0.134471]]),
    ),
)
def test_softmax_cross_entropy_backward_survives_large_scores(student, cases):
    agree(student, cases)
