"""Public checks of the unit backprop: `pytest exercises/backprop`."""

import torch
from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


def cubes(x):
    """x -> sum of x ** 3"""
    return (x**3).sum()


def product(x):
    """x -> the product of all elements of x"""
    return x.prod()


def squares(x):
    """x -> sum of x ** 2"""
    return (x**2).sum()


@check(
    "backprop.numerical_gradient",
    example(
        f=cubes, x=tensor([1.0, 2.0], dtype=torch.float64), h=0.1, returns=tensor([3.01, 12.01], dtype=torch.float64)
    ),
    example(f=cubes, x=tensor(2.0, dtype=torch.float64), returns=tensor(12.0, dtype=torch.float64)),
    example(
        f=product,
        x=tensor([[1.0, 2.0], [3.0, 4.0], [5.0, -1.0]], dtype=torch.float64),
        returns=tensor([[-120.0, -60.0], [-40.0, -30.0], [-24.0, 120.0]], dtype=torch.float64),
    ),
)
def test_numerical_gradient_moves_one_element_at_a_time(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.relative_error",
    example(
        a=tensor([1.0, 100.0, 0.0]),
        b=tensor([1.5, 101.0, 0.0]),
        returns=0.2,
    ),
    example(
        a=tensor([[0.5, -2.0], [3.0, 0.25]]),
        b=tensor([[0.5, -2.125], [2.9375, 0.2578125]]),
        returns=0.030303,
    ),
    example(
        a=tensor([1.0, -1.0]),
        b=tensor([1.0, 1.0]),
        returns=1.0,
    ),
    example(
        a=tensor([[0.0, 0.0]]),
        b=tensor([[0.0, 0.0]]),
        returns=0.0,
    ),
)
def test_relative_error_measures_by_size(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


X = tensor([[1.0, -2.0]], dtype=torch.float64)


def claim(*numbers, agrees, f=squares, x=X):
    return example(f=f, grad=tensor(numbers, dtype=torch.float64), x=x, returns=agrees)


@check(
    "backprop.check_gradient",
    claim([2.0, -4.0], agrees=True),
    claim([1.0, -2.0], agrees=False),
    claim([2.0, 4.0], agrees=False),
    claim(2.0, -4.0, agrees=False),
    claim([2.0, torch.nan], agrees=False),
    claim([2.01, -4.0], agrees=False),
    claim([0.0, 0.0], agrees=True, x=torch.zeros(1, 2, dtype=torch.float64)),
    claim([3.0, 12.0], agrees=True, f=cubes),
    claim([1.0, 4.0], agrees=False, f=cubes),
)
def test_check_gradient_tells_right_from_wrong(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


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
    "backprop.relu_backward",
    example(
        grad_out=tensor([2.0, -3.0, 5.0, 7.0]),
        x=tensor([1.0, 4.0, 0.0, -2.0]),
        returns=tensor([2.0, -3.0, 0.0, 0.0]),
    ),
    example(
        grad_out=tensor([[0.5, -1.5, 2.0], [-0.25, 3.0, -4.0]]),
        x=tensor([[-1.0, 0.25, 3.0], [2.0, -0.5, 0.0]]),
        returns=tensor([[0.0, -1.5, 2.0], [-0.25, 0.0, 0.0]]),
    ),
)
def test_relu_backward_opens_and_shuts(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.sigmoid_backward",
    example(
        grad_out=tensor([4.0, -2.0, 1.0]),
        out=tensor([0.5, 0.75, 1.0]),
        returns=tensor([1.0, -0.375, 0.0]),
    ),
    example(
        grad_out=tensor([[1.5, -0.5], [2.0, -3.0]]),
        out=tensor([[0.2, 0.9], [0.35, 0.6]]),
        returns=tensor([[0.24, -0.045], [0.455, -0.72]]),
    ),
)
def test_sigmoid_backward_takes_its_slope_from_the_output(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.tanh_backward",
    example(
        grad_out=tensor([4.0, -2.0, 1.0]),
        out=tensor([0.0, 0.5, -1.0]),
        returns=tensor([4.0, -1.5, 0.0]),
    ),
    example(
        grad_out=tensor([[1.5, -0.5], [2.0, -3.0]]),
        out=tensor([[-0.2, 0.9], [0.35, -0.6]]),
        returns=tensor([[1.44, -0.095], [1.755, -1.92]]),
    ),
)
def test_tanh_backward_takes_its_slope_from_the_output(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.mse_backward",
    example(
        pred=tensor([[1.0, 2.0], [3.0, 6.0]]),
        target=tensor([[0.0, 2.0], [5.0, 2.0]]),
        returns=tensor([[0.5, 0.0], [-1.0, 2.0]]),
    ),
    example(
        pred=tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -3.0]]),
        target=tensor([[1.0, -1.5, 4.0], [-0.5, 0.25, 1.0]]),
        returns=tensor([[-0.166667, 0.166667, -0.666667], [0.666667, 0.0, -1.333333]]),
    ),
    example(
        pred=tensor([0.5, 3.0, -1.0]),
        target=tensor([1.5, 1.0, 2.0]),
        returns=tensor([-0.666667, 1.333333, -2.0]),
    ),
)
def test_mse_backward_is_the_slope_of_a_mean(student, cases):
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


@check(
    "backprop.two_layer_backward",
    example(
        x=tensor([[1.0, 2.0]]),
        y=tensor([[1.0]]),
        w1=tensor([[1.0, 0.0], [0.0, -1.0]]),
        b1=tensor([0.0, 1.0]),
        w2=tensor([[2.0, 1.0]]),
        b2=tensor([-2.0]),
        returns=(
            tensor(0.693147),
            {
                "w1": tensor([[-1.0, -2.0], [0.0, 0.0]]),
                "b1": tensor([-1.0, 0.0]),
                "w2": tensor([[-0.5, 0.0]]),
                "b2": tensor([-0.5]),
            },
        ),
    ),
    example(
        x=tensor([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.25]]),
        y=tensor([[1.0], [0.0], [1.0]]),
        w1=tensor([[0.5, -0.25], [-1.0, 0.5], [0.75, 1.0], [-0.5, -0.5]]),
        b1=tensor([0.1, 0.2, -0.3, 0.4]),
        w2=tensor([[1.5, -0.5, 0.5, -1.0]]),
        b2=tensor([0.25]),
        returns=(
            tensor(1.280982),
            {
                "w1": tensor(
                    [[-0.122543, 0.122543], [-0.35959, -0.202068], [0.059883, 0.239531], [-0.517719, -0.006768]]
                ),
                "b1": tensor([-0.122543, 0.030088, 0.119766, 0.381402]),
                "w2": tensor([[-0.069441, -0.529147, 0.497028, -0.414805]]),
                "b2": tensor([-0.141871]),
            },
        ),
    ),
    example(
        x=tensor([[1.0, 0.5], [-0.5, 1.0]]),
        y=tensor([[0.0], [1.0]]),
        w1=tensor([[1.0, 2.0], [-0.5, 1.5]]),
        b1=tensor([0.5, -0.25]),
        w2=tensor([[0.75, -1.25]]),
        b2=tensor([-0.5]),
        returns=(
            tensor(1.411929),
            {
                "w1": tensor([[0.431655, -0.115009], [-0.220558, 0.441116]]),
                "b1": tensor([0.034651, 0.441116]),
                "w2": tensor([[0.291948, -0.529339]]),
                "b2": tensor([0.046201]),
            },
        ),
    ),
)
def test_two_layer_backward_blames_every_parameter(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.two_layer_backward",
    example(
        x=tensor([[1.0], [-1.0], [0.5], [0.0]]),
        y=tensor([[1.0], [0.0], [1.0], [1.0]]),
        w1=tensor([[200.0], [-100.0]]),
        b1=tensor([0.0, 0.0]),
        w2=tensor([[0.5, -8.0]]),
        b2=tensor([0.0]),
        returns=(
            tensor(0.173287),
            {
                "w1": tensor([[0.0], [0.0]]),
                "b1": tensor([0.0, 0.0]),
                "w2": tensor([[0.0, 0.0]]),
                "b2": tensor([-0.125]),
            },
        ),
    ),
)
def test_two_layer_backward_stays_finite(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.mlp_backward",
    example(
        x=tensor([[1.0, 2.0]]),
        labels=tensor([0]),
        weights=[tensor([[1.0, 0.0], [0.0, -1.0]]), tensor([[1.0, 1.0], [1.0, -1.0]])],
        biases=[tensor([0.0, 1.0]), tensor([0.0, 0.0])],
        returns=(
            tensor(0.693147),
            [tensor([[0.0, 0.0], [0.0, 0.0]]), tensor([[-0.5, 0.0], [0.5, 0.0]])],
            [tensor([0.0, 0.0]), tensor([-0.5, 0.5])],
        ),
    ),
    example(
        x=tensor([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.5]]),
        labels=tensor([1, 0, 2]),
        weights=[
            tensor([[1.0, 0.5], [-1.0, 1.0], [0.5, -2.0], [-0.5, 0.25]]),
            tensor([[1.0, -1.0, 0.5, 2.0], [0.5, 0.75, -0.25, 1.0]]),
            tensor([[1.0, -0.5], [0.5, 1.0], [-1.0, -0.25]]),
        ],
        biases=[tensor([0.5, 0.25, -1.0, 0.1]), tensor([0.3, 0.2]), tensor([0.1, -0.2, 0.3])],
        returns=(
            tensor(2.836339),
            [
                tensor([[-0.030086, 0.219526], [0.637431, 0.956331], [0.141008, -0.141008], [-2.697132, 0.99633]]),
                tensor([[-0.222072, 1.062072, 0.160532, 0.543785], [0.611298, 1.95382, -0.524986, 0.663879]]),
                tensor([[0.066835, -0.839993], [-0.079973, 1.970556], [0.013138, -1.130563]]),
            ],
            [
                tensor([0.007802, 0.337572, 0.141008, 1.538005]),
                tensor([0.433394, 0.535269]),
                tensor([-0.090838, 0.410047, -0.319209]),
            ],
        ),
    ),
    example(
        x=tensor([[1.0, -2.0], [0.5, 1.5]]),
        labels=tensor([1, 0]),
        weights=[tensor([[0.5, 1.0], [1.0, -1.0], [-0.25, 0.75]])],
        biases=[tensor([-0.25, 0.5, 0.0])],
        returns=(
            tensor(0.282699),
            [tensor([[-0.103879, -0.32462], [0.014231, 0.068658], [0.089648, 0.255963]])],
            [tensor([-0.210355, 0.033655, 0.1767])],
        ),
    ),
)
def test_mlp_backward_goes_back_through_every_layer(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "backprop.residual_backward",
    example(
        grad_out=tensor([[1.0, 2.0]]),
        x=tensor([[1.0, -2.0]]),
        w1=tensor([[1.0, 1.0], [1.0, -1.0]]),
        b1=tensor([0.0, 0.0]),
        w2=tensor([[1.0, 2.0], [0.0, 1.0]]),
        b2=tensor([0.0, 0.5]),
        returns=tensor([[5.0, -2.0]]),
    ),
    example(
        grad_out=tensor([[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0]]),
        x=tensor([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.25]]),
        w1=tensor([[0.5, -0.25], [-1.0, 0.5], [0.75, 1.0]]),
        b1=tensor([0.1, 0.2, -0.3]),
        w2=tensor([[1.5, -0.5, 0.5], [-1.0, 0.25, 2.0]]),
        b2=tensor([0.25, -0.5]),
        returns=tensor([[1.375, -1.4375], [4.0625, 1.28125], [-2.5, 1.5]]),
    ),
    example(
        grad_out=tensor([[1.0, -0.5], [-2.0, 1.5]]),
        x=tensor([[1.0, 0.5], [-0.5, 1.0]]),
        w1=tensor([[1.0, 2.0], [-0.5, 1.5]]),
        b1=tensor([0.5, -0.25]),
        w2=tensor([[0.75, -1.25], [1.0, 0.5]]),
        b2=tensor([-0.5, 1.0]),
        returns=tensor([[1.25, 0.0], [-3.625, 6.375]]),
    ),
)
def test_residual_backward_adds_the_identity_path(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
