"""Public checks of the unit activations: `pytest exercises/activations`."""

from torch import tensor

from backpass.judging.assertions import agree, has_finite_gradients, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "activations.sigmoid",
    example(x=tensor([0.0, 1.098612, -1.098612]), returns=tensor([0.5, 0.75, 0.25])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[0.880797, 0.047426], [0.562177, 0.377541]])),
)
def test_sigmoid_lies_between_zero_and_one(student, cases):
    agree(student, cases)


@check("activations.sigmoid", example(x=tensor([1000.0, -1000.0, 90.0]), returns=tensor([1.0, 0.0, 1.0])))
def test_sigmoid_is_never_nan(student, cases):
    agree(student, cases)
    has_finite_gradients(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.tanh",
    example(x=tensor([0.0, 0.693147, -0.693147]), returns=tensor([0.0, 0.6, -0.6])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[0.964028, -0.995055], [0.244919, -0.462117]])),
)
def test_tanh_lies_between_minus_one_and_one(student, cases):
    agree(student, cases)


@check("activations.tanh", example(x=tensor([1000.0, -1000.0, 90.0]), returns=tensor([1.0, -1.0, 1.0])))
def test_tanh_is_never_nan(student, cases):
    agree(student, cases)
    has_finite_gradients(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.relu",
    example(x=tensor([-3.0, 0.0, 2.5]), returns=tensor([0.0, 0.0, 2.5])),
    example(x=tensor([[7.0, -0.5], [0.25, -100.0]]), returns=tensor([[7.0, 0.0], [0.25, 0.0]])),
)
def test_relu_keeps_what_is_positive(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.silu",
    example(x=tensor([0.0, 1.098612, -1.098612]), returns=tensor([0.0, 0.823959, -0.274653])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[1.761594, -0.142278], [0.140544, -0.18877]])),
)
def test_silu_gates_x(student, cases):
    agree(student, cases)


@check("activations.silu", example(x=tensor([1000.0, -1000.0, 90.0]), returns=tensor([1000.0, 0.0, 90.0])))
def test_silu_is_never_nan(student, cases):
    agree(student, cases)
    has_finite_gradients(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.leaky_relu",
    example(x=tensor([-3.0, 0.0, 2.5]), returns=tensor([-0.03, 0.0, 2.5])),
    example(x=tensor([-3.0, 0.0, 2.5]), negative_slope=0.2, returns=tensor([-0.6, 0.0, 2.5])),
    example(x=tensor([[7.0, -0.5], [0.25, -8.0]]), negative_slope=0.5, returns=tensor([[7.0, -0.25], [0.25, -4.0]])),
)
def test_leaky_relu_lets_a_little_through(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.gelu",
    example(x=tensor([0.0, 1.0, -1.0]), returns=tensor([0.0, 0.841345, -0.158655])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[1.9545, -0.00405], [0.149677, -0.154269]])),
    example(x=tensor([1000.0, -1000.0]), returns=tensor([1000.0, 0.0])),
)
def test_gelu_is_exact(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.sigmoid_grad",
    example(x=tensor([0.0, 1.098612, -1.098612]), returns=tensor([0.25, 0.1875, 0.1875])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[0.104994, 0.045177], [0.246134, 0.235004]])),
    example(x=tensor([1000.0, -1000.0]), returns=tensor([0.0, 0.0])),
)
def test_sigmoid_grad_is_at_most_a_quarter(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.tanh_grad",
    example(x=tensor([0.0, 0.693147, -0.693147]), returns=tensor([1.0, 0.64, 0.64])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[0.070651, 0.009866], [0.940015, 0.786448]])),
    example(x=tensor([1000.0, -1000.0]), returns=tensor([0.0, 0.0])),
)
def test_tanh_grad_is_one_at_the_centre(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.relu_grad",
    example(x=tensor([-3.0, 0.0, 2.5]), returns=tensor([0.0, 0.0, 1.0])),
    example(x=tensor([[7.0, -0.5], [0.25, -100.0]]), returns=tensor([[1.0, 0.0], [1.0, 0.0]])),
)
def test_relu_grad_is_on_or_off(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.leaky_relu_grad",
    example(x=tensor([-3.0, 0.0, 2.5]), returns=tensor([0.01, 0.01, 1.0])),
    example(x=tensor([-3.0, 0.0, 2.5]), negative_slope=0.2, returns=tensor([0.2, 0.2, 1.0])),
    example(x=tensor([[7.0, -0.5], [0.25, -8.0]]), negative_slope=0.5, returns=tensor([[1.0, 0.5], [1.0, 0.5]])),
)
def test_leaky_relu_grad_is_never_quite_off(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.gelu_grad",
    example(x=tensor([0.0, 1.0, -1.0]), returns=tensor([0.5, 1.083315, -0.083315])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[1.085232, -0.011946], [0.695373, 0.132505]])),
    example(x=tensor([1000.0, -1000.0]), returns=tensor([1.0, 0.0])),
)
def test_gelu_grad_has_two_terms(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.silu_grad",
    example(x=tensor([0.0, 1.098612, -1.098612]), returns=tensor([0.5, 0.95599, 0.04401])),
    example(x=tensor([[2.0, -3.0], [0.25, -0.5]]), returns=tensor([[1.090784, -0.088104], [0.62371, 0.260039]])),
    example(x=tensor([1000.0, -1000.0]), returns=tensor([1.0, 0.0])),
)
def test_silu_grad_has_two_terms(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.gradient_through_depth",
    example(
        grad=tensor([1.0, -2.0]),
        preactivations=[tensor([0.0, 0.0]), tensor([1.098612, 0.0])],
        returns=[0.34375, 0.0859375],
    ),
    example(
        grad=tensor([[4.0, -1.0], [0.5, 2.0]]),
        preactivations=[tensor([[2.0, -0.5], [0.0, 1.0]]), tensor([[-1.0, 3.0], [0.5, 0.25]])],
        returns=[0.360349, 0.054837],
    ),
    example(grad=tensor([[1.0, -3.0]]), preactivations=[tensor([[-2.0, 0.0]])], returns=[0.427497]),
)
def test_gradient_through_depth_shrinks_layer_by_layer(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "activations.dead_relu_fraction",
    example(activations=tensor([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]]), returns=0.5),
    example(activations=tensor([[0.5, 1.0], [0.0, 1e-8], [2.0, 0.0]]), returns=0.0),
    example(activations=tensor([[0.0, 3.0, 0.0, 0.5, 0.0]]), returns=0.6),
)
def test_dead_relu_fraction_counts_silent_units(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
