"""The reference solutions against torch's own functions, against float64 NumPy and SciPy, and against autograd."""

import itertools
import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
import torch.nn.functional as F

from solutions import activations, backprop, initialization, losses, neurons, optimizers
from tests.judging.numbers import both_dtypes, close, normal


def strided(tensor):
    """The same numbers in a tensor of which no dimension is contiguous: every other entry, axes stored in reverse."""
    room = torch.zeros([2 * size for size in reversed(tensor.shape)], dtype=tensor.dtype)
    view = room.permute(*reversed(range(tensor.dim())))[(slice(None, None, 2),) * tensor.dim()]
    view.copy_(tensor)
    assert torch.equal(view, tensor) and not view.is_contiguous()
    return view


# Every function with moderate arguments, for what must hold of all of them.
CALLS = {
    "softmax": (losses.softmax, lambda d: [normal(3, 4, dtype=d)]),
    "log_softmax": (losses.log_softmax, lambda d: [normal(3, 4, dtype=d)]),
    "cross_entropy": (losses.cross_entropy, lambda d: [normal(3, 4, dtype=d), torch.tensor([3, 0, 2])]),
    "linear_backward": (
        backprop.linear_backward,
        lambda d: [normal(5, 2, dtype=d), normal(5, 3, dtype=d), normal(2, 3, dtype=d)],
    ),
    "softmax_cross_entropy_backward": (
        backprop.softmax_cross_entropy_backward,
        lambda d: [normal(3, 4, dtype=d), torch.tensor([3, 0, 2])],
    ),
    "adam_step": (
        lambda *state: optimizers.adam_step(*state, t=3),
        lambda d: [normal(2, 3, dtype=d, seed=s) for s in range(3)] + [normal(2, 3, dtype=d, seed=3) ** 2],
    ),
    "clip_grad_norm": (
        lambda *grads: optimizers.clip_grad_norm(list(grads), 0.5),
        lambda d: [normal(2, 3, dtype=d), normal(4, dtype=d)],
    ),
}
every_function = pytest.mark.parametrize(("function", "arguments"), CALLS.values(), ids=CALLS)


def flat(result):
    """All tensors of a result that may be a tensor or nested tuples and lists of them."""
    return [result] if isinstance(result, torch.Tensor) else [tensor for part in result for tensor in flat(part)]


# --- all functions


@both_dtypes
@every_function
def test_inputs_are_not_modified(function, arguments, dtype):
    inputs = arguments(dtype)
    before, versions = [x.clone() for x in inputs], [x._version for x in inputs]
    function(*inputs)
    assert all(torch.equal(x, copy) for x, copy in zip(inputs, before, strict=True))
    assert [x._version for x in inputs] == versions, "written to in place"


@both_dtypes
@every_function
def test_results_have_the_dtype_of_the_inputs(function, arguments, dtype):
    assert {result.dtype for result in flat(function(*arguments(dtype)))} == {dtype}


@both_dtypes
@every_function
def test_memory_layout_of_the_inputs_does_not_matter(function, arguments, dtype):
    inputs = arguments(dtype)
    for actual, expected in zip(flat(function(*map(strided, inputs))), flat(function(*inputs)), strict=True):
        close(actual, expected)


# --- linear_backward

# (N, D, out): all different, so that a transposed product has the wrong shape; a batch of one; single numbers.
LINEAR_SIZES = [(5, 3, 2), (1, 3, 2), (4, 1, 1), (1, 1, 1)]
linear_sizes = pytest.mark.parametrize(("samples", "inputs", "outputs"), LINEAR_SIZES)


class Linear(torch.autograd.Function):
    """torch's layer forwards, ours backwards."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return F.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, grad_out):
        return backprop.linear_backward(grad_out, *ctx.saved_tensors)


@linear_sizes
def test_linear_backward_passes_gradcheck(samples, inputs, outputs):
    leaves = [normal(samples, inputs), normal(outputs, inputs, seed=1), normal(outputs, seed=2)]
    assert torch.autograd.gradcheck(Linear.apply, [leaf.requires_grad_() for leaf in leaves])


@both_dtypes
@linear_sizes
def test_linear_backward_equals_autograd_and_numpy(samples, inputs, outputs, dtype):
    x, weight = normal(samples, inputs, dtype=dtype), normal(outputs, inputs, dtype=dtype, seed=1)
    bias, grad_out = normal(outputs, dtype=dtype, seed=2), normal(samples, outputs, dtype=dtype, seed=3)
    ours = backprop.linear_backward(grad_out, x, weight)

    leaves = [leaf.clone().requires_grad_() for leaf in (x, weight, bias)]
    for actual, expected in zip(ours, torch.autograd.grad(F.linear(*leaves), leaves, grad_out), strict=True):
        close(actual, expected)

    g, x, weight = (tensor.double().numpy() for tensor in (grad_out, x, weight))
    formulas = [np.einsum("no,od->nd", g, weight), np.einsum("no,nd->od", g, x), np.einsum("no->o", g)]
    for actual, expected in zip(ours, formulas, strict=True):
        close(actual, expected)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_numerical_gradient_is_the_gradient_up_to_h_squared(shape):
    x = normal(*shape)
    by_autograd = torch.func.grad(lambda x: (x**3).sum() + x.sum() ** 2)(x)
    for h in (1e-1, 1e-3):
        ours = backprop.numerical_gradient(lambda x: (x**3).sum() + x.sum() ** 2, x, h)
        close(ours, by_autograd + h**2, 1e-9)


def test_check_gradient_accepts_the_gradient_and_nothing_else():
    x = normal(2, 3)
    grad = x.cos()
    assert backprop.check_gradient(lambda x: x.sin().sum(), grad, x) is True
    for wrong in (-grad, 1.001 * grad, grad.T, grad[0], grad.new_tensor(1.0), torch.full_like(grad, torch.nan)):
        assert backprop.check_gradient(lambda x: x.sin().sum(), wrong, x) is False


def test_linear_backward_takes_an_expanded_gradient():
    one = torch.ones((), dtype=torch.float64).expand(5, 2)  # stride 0: what the backward of a sum hands down
    x, weight = normal(5, 3), normal(2, 3, seed=1)
    for actual, expected in zip(
        backprop.linear_backward(one, x, weight),
        (weight.sum(0).expand(5, 3), x.sum(0).expand(2, 3), [5.0, 5.0]),
        strict=True,
    ):
        close(actual, expected)


# --- the other backward passes


def gradients(loss, inputs):
    """What autograd finds: the loss and its gradients with respect to `inputs`."""
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    value = loss(*leaves)
    return value, torch.autograd.grad(value, leaves)


SLOPES = {
    "relu_backward": (backprop.relu_backward, torch.relu, False),
    "sigmoid_backward": (backprop.sigmoid_backward, torch.sigmoid, True),
    "tanh_backward": (backprop.tanh_backward, torch.tanh, True),
}


@both_dtypes
@pytest.mark.parametrize(("ours", "of_torch", "takes_the_output"), SLOPES.values(), ids=SLOPES)
def test_backward_passes_of_activations_equal_autograd(ours, of_torch, takes_the_output, dtype):
    # With the corner of ReLU, and numbers at which sigmoid and tanh have saturated.
    x = torch.cat([torch.tensor([0.0, -0.0, 1e-30, 50.0, -50.0], dtype=dtype), 2 * normal(15, dtype=dtype)])
    grad_out = normal(20, dtype=dtype, seed=1)
    _, (expected,) = gradients(lambda x: (of_torch(x) * grad_out).sum(), [x])
    close(ours(grad_out, of_torch(x) if takes_the_output else x), expected)


@both_dtypes
@pytest.mark.parametrize("shape", [(), (1,), (5,), (4, 3), (2, 1, 3)], ids=str)
def test_mse_backward_equals_autograd(shape, dtype):
    pred, target = normal(*shape, dtype=dtype), normal(*shape, dtype=dtype, seed=1)
    _, (expected,) = gradients(lambda pred: F.mse_loss(pred, target), [pred])
    close(backprop.mse_backward(pred, target), expected)


@both_dtypes
@pytest.mark.parametrize("size", [1.0, 1e4], ids=["moderate", "saturated"])
def test_two_layer_backward_equals_autograd(size, dtype):
    x, y = normal(6, 3, dtype=dtype), torch.tensor([[1], [0], [0], [1], [1], [0]]).to(dtype)
    parameters = [normal(*shape, dtype=dtype, seed=seed) for seed, shape in enumerate([(4, 3), (4,), (1, 4), (1,)], 2)]
    parameters[2] = parameters[2] * size

    def loss_of_torch(w1, b1, w2, b2):
        return F.binary_cross_entropy_with_logits(F.linear(F.linear(x, w1, b1).relu(), w2, b2), y)

    loss, grads = backprop.two_layer_backward(x, y, *parameters)
    expected_loss, expected = gradients(loss_of_torch, parameters)
    assert list(grads) == ["w1", "b1", "w2", "b2"]
    close(loss, expected_loss)
    # Gradients of the first layer are as large as w2, and so are the roundings in the sums that they are.
    for gradient, of_autograd in zip(grads.values(), expected, strict=True):
        close(gradient / size, of_autograd / size)


@both_dtypes
@pytest.mark.parametrize("sizes", [(3, 4), (3, 5, 4), (2, 1, 3, 2), (3, 4, 5, 2, 3)], ids=str)
def test_mlp_backward_equals_autograd_at_any_depth(sizes, dtype):
    x, labels = normal(6, sizes[0], dtype=dtype), torch.arange(6) % sizes[-1]
    pairs = list(itertools.pairwise(sizes))
    weights = [normal(out, given, dtype=dtype, seed=seed) for seed, (given, out) in enumerate(pairs, 1)]
    biases = [normal(out, dtype=dtype, seed=seed) for seed, (_, out) in enumerate(pairs, 11)]

    def loss_of_torch(*parameters):
        h = x
        for weight, bias in zip(parameters[: len(pairs)], parameters[len(pairs) :], strict=True):
            h = F.linear(h if h is x else h.relu(), weight, bias)
        return F.cross_entropy(h, labels)

    loss, weight_grads, bias_grads = backprop.mlp_backward(x, labels, weights, biases)
    expected_loss, expected = gradients(loss_of_torch, [*weights, *biases])
    close(loss, expected_loss)
    for gradient, of_autograd in zip([*weight_grads, *bias_grads], expected, strict=True):
        close(gradient, of_autograd)


@both_dtypes
@pytest.mark.parametrize(("samples", "features", "hidden"), [(1, 1, 1), (5, 3, 4), (3, 3, 3)])
def test_residual_backward_equals_autograd(samples, features, hidden, dtype):
    shapes = [(hidden, features), (hidden,), (features, hidden), (features,)]
    w1, b1, w2, b2 = (normal(*shape, dtype=dtype, seed=seed) for seed, shape in enumerate(shapes, 2))
    x, grad_out = normal(samples, features, dtype=dtype), normal(samples, features, dtype=dtype, seed=1)
    _, (expected,) = gradients(lambda x: ((x + F.linear(F.linear(x, w1, b1).relu(), w2, b2)) * grad_out).sum(), [x])
    close(backprop.residual_backward(grad_out, x, w1, b1, w2, b2), expected)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_relative_error_equals_numpy_and_does_not_depend_on_the_scale(scale):
    a, b = scale * normal(4, 3), scale * normal(4, 3, seed=1)
    sizes = np.maximum(np.abs(a.numpy()) + np.abs(b.numpy()), 1e-8)
    error = backprop.relative_error(a, b)
    assert type(error) is float
    assert error == pytest.approx((np.abs(a.numpy() - b.numpy()) / sizes).max(), rel=1e-12)
    assert error == backprop.relative_error(b, a) <= 1
    assert backprop.relative_error(a, a) == 0


# --- he_init


def he(fan_in, fan_out, seed=0):
    return initialization.he_init(fan_in, fan_out, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("fan_in", "fan_out"), [(3, 5), (5, 3), (1, 1)])
def test_he_init_has_shape_out_in_and_is_float32(fan_in, fan_out):
    weight = he(fan_in, fan_out)
    assert weight.shape == (fan_out, fan_in) and weight.dtype == torch.float32 and weight.device.type == "cpu"
    assert not weight.requires_grad


# 100,000 draws: the sample's std is off by 1 / sqrt(2 * 100,000) = 0.22 % at one standard error, so 1.1 % is five.
@pytest.mark.parametrize(("fan_in", "fan_out"), [(100, 1000), (1000, 100)])
def test_he_init_has_the_scale_of_he_and_of_kaiming_normal(fan_in, fan_out):
    weight, of_torch = he(fan_in, fan_out), torch.empty(fan_out, fan_in)
    torch.nn.init.kaiming_normal_(of_torch, nonlinearity="relu", generator=torch.Generator().manual_seed(1))
    assert weight.std().item() == pytest.approx(math.sqrt(2 / fan_in), rel=0.011)
    # The difference of two samples has sqrt(2) times the error of one.
    assert weight.std().item() == pytest.approx(of_torch.std().item(), rel=0.011 * math.sqrt(2))


def test_he_init_is_normal_around_zero():
    standardized = he(100, 1000).double().flatten().numpy() / math.sqrt(2 / 100)
    # One seed, so the p-value is a constant; a uniform or truncated draw, or a shift by 0.02, has one below 1e-4.
    assert scipy.stats.kstest(standardized, "norm").pvalue > 0.01


def test_he_init_is_determined_by_the_generator():
    generator = torch.Generator().manual_seed(7)
    first, second = (initialization.he_init(4, 3, generator) for _ in range(2))
    assert torch.equal(first, he(4, 3, seed=7))
    assert not torch.equal(first, second), "the generator does not move on"
    assert not torch.equal(first, he(4, 3, seed=8))


def test_he_init_neither_uses_nor_changes_the_global_random_state():
    with torch.random.fork_rng(devices=[]):
        results = []
        for seed in (1, 2):
            torch.manual_seed(seed)
            before = torch.get_rng_state()
            results.append(he(4, 3))
            assert torch.equal(torch.get_rng_state(), before)
        assert torch.equal(*results)


# --- neurons


def test_a_network_is_torchs_layers_in_a_row():
    sizes = [3, 5, 4, 2]
    layers = [torch.nn.Linear(*pair, dtype=torch.float64) for pair in itertools.pairwise(sizes)]
    network = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    x = normal(6, 3)
    weights, biases = [layer.weight for layer in layers], [layer.bias for layer in layers]
    close(neurons.mlp_forward(x, weights, biases), network(x))
    close(neurons.linear(x, weights[0], biases[0]), layers[0](x))
    weight, bias = neurons.collapse_linear(weights[0], biases[0], weights[1], biases[1])
    close(neurons.linear(x, weight, bias), layers[1](layers[0](x)))


@both_dtypes
@pytest.mark.parametrize("z", [0.5, -3.0, 60.0, -60.0, 1000.0, -1000.0])
def test_a_neuron_is_a_sigmoid_of_a_sum_with_a_finite_gradient(z, dtype):
    x, bias = torch.tensor([z / 2, 1.0], dtype=dtype), torch.tensor(-1.0, dtype=dtype)
    weight = torch.tensor([2.0, 1.0], dtype=dtype, requires_grad=True)
    output = neurons.neuron(x, weight, bias)
    close(output, scipy.special.expit(z))
    assert torch.autograd.grad(output, weight)[0].isfinite().all()


def test_least_squares_equals_numpy_on_columns_of_any_scale():
    x, y = normal(20, 4) * torch.tensor([1e3, 1e-3, 1.0, 30.0], dtype=torch.float64), normal(20, seed=1)
    ours, theirs = neurons.least_squares(x, y), torch.from_numpy(np.linalg.lstsq(x.numpy(), y.numpy())[0])
    assert ((ours - theirs).abs() <= 1e-10 * theirs.abs()).all()


# --- activations

OF_TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "silu": F.silu,
    "leaky_relu": F.leaky_relu,
    "gelu": F.gelu,
}
all_activations = pytest.mark.parametrize("name", OF_TORCH)


@both_dtypes
@all_activations
def test_activations_equal_torch_with_finite_gradients_at_any_size(name, dtype):
    x = torch.tensor([0.3, -0.7, 5.0, -5.0, 40.0, -40.0, 1000.0, -1000.0], dtype=dtype, requires_grad=True)
    output = getattr(activations, name)(x)
    close(output, OF_TORCH[name](x))
    assert torch.autograd.grad(output.sum(), x)[0].isfinite().all()


@all_activations
def test_slopes_are_what_autograd_finds_in_torchs_functions(name):
    x = torch.cat([torch.linspace(-9, 9, 1001, dtype=torch.float64), torch.tensor([0.0, 1000, -1000])])
    x.requires_grad_()
    (expected,) = torch.autograd.grad(OF_TORCH[name](x).sum(), x)
    close(getattr(activations, f"{name}_grad")(x.detach()), expected)


def test_gradient_through_depth_is_what_autograd_finds():
    grad, layers = normal(4, 3), [normal(4, 3, seed=seed) for seed in (1, 2, 3)]
    expected, passed = [], grad
    for z in reversed(layers):
        leaf = z.clone().requires_grad_()
        (passed,) = torch.autograd.grad(torch.sigmoid(leaf), leaf, passed)
        expected.append(passed.abs().mean().item())
    assert activations.gradient_through_depth(grad, layers) == pytest.approx(expected, rel=1e-12)


def test_dead_units_are_silent_on_every_sample():
    assert activations.dead_relu_fraction(torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1e-30]])) == pytest.approx(1 / 3)
