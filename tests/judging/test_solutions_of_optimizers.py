"""The reference optimizers against torch's own, over runs of many steps."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from solutions import optimizers
from tests.judging.numbers import both_dtypes, close, normal, searched

STEPS = 25
OVER_A_RUN = 1e-11  # of relative rounding, in float64
CURVATURE = torch.tensor([2.0, 0.25, 1.0], dtype=torch.float64)
START = torch.tensor([[2.5, -1.75, 0.625], [0.3, 4.1, -3.3]], dtype=torch.float64)


def slope(w):
    return CURVATURE * (w - 0.5) + 0.25 * torch.tanh(w)


def by_torch(kind, **options):
    param = torch.nn.Parameter(START.clone())
    optimizer = kind([param], **options)
    for _ in range(STEPS):
        param.grad = slope(param.detach())
        optimizer.step()
    return param.detach()


def by_us(step, states, *, counted=False, **options):
    param, state = START, [torch.zeros_like(START) for _ in range(states)]
    for t in range(1, STEPS + 1):
        count = {"t": t} if counted else {}
        param, *state = step(param, slope(param), *state, **count, **options)
    return param


def test_gradient_descent_and_sgd_equal_torch():
    expected = by_torch(torch.optim.SGD, lr=0.3)
    points = optimizers.gradient_descent(slope, START, 0.3, STEPS)
    assert len(points) == STEPS + 1 and torch.equal(points[0], START)
    close(points[-1], expected, OVER_A_RUN)
    close(by_us(lambda *args, **given: (optimizers.sgd_step(*args, **given),), 0, lr=0.3), expected, OVER_A_RUN)


@pytest.mark.parametrize(
    ("step", "states", "options", "kind", "theirs"),
    [
        (optimizers.momentum_step, 1, {"lr": 0.1}, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
        (optimizers.adagrad_step, 1, {"lr": 0.5}, torch.optim.Adagrad, {"lr": 0.5}),
        (optimizers.adagrad_step, 1, {"lr": 0.5, "eps": 0.1}, torch.optim.Adagrad, {"lr": 0.5, "eps": 0.1}),
        (optimizers.rmsprop_step, 1, {"lr": 0.05}, torch.optim.RMSprop, {"lr": 0.05, "alpha": 0.9}),
        (
            *(optimizers.rmsprop_step, 1, {"lr": 0.05, "decay": 0.7, "eps": 0.1}),
            *(torch.optim.RMSprop, {"lr": 0.05, "alpha": 0.7, "eps": 0.1}),
        ),
        (optimizers.adamw_step, 2, {"counted": True}, torch.optim.AdamW, {}),
        (
            *(optimizers.adamw_step, 2, {"counted": True, "lr": 0.1, "eps": 0.1, "weight_decay": 0.3}),
            *(torch.optim.AdamW, {"lr": 0.1, "eps": 0.1, "weight_decay": 0.3}),
        ),
    ],
)
def test_runs_equal_torch(step, states, options, kind, theirs):
    close(by_us(step, states, **options), by_torch(kind, **theirs), OVER_A_RUN)


def test_nesterov_equals_torch_at_the_point_ahead():
    param, velocity = START, torch.zeros_like(START)
    for _ in range(STEPS):
        param, velocity = optimizers.nesterov_step(param, slope, velocity, lr=0.1, momentum=0.8)
    expected = by_torch(torch.optim.SGD, lr=0.1, momentum=0.8, nesterov=True)
    close(param - 0.1 * 0.8 * velocity, expected, OVER_A_RUN)


def test_minibatches_deal_each_sample_once_and_anew():
    generator = torch.Generator().manual_seed(3)
    first, second = (optimizers.minibatches(10, 4, generator) for _ in range(2))
    assert [len(batch) for batch in first] == [4, 4, 2]
    assert sorted(torch.cat(first).tolist()) == list(range(10))
    assert not torch.equal(torch.cat(first), torch.cat(second))


def test_clip_grad_value_equals_torch():
    grads = [START, START[0] * 100, torch.tensor(-0.25, dtype=torch.float64)]
    leaves = [torch.nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for leaf, grad in zip(leaves, grads, strict=True):
        leaf.grad = grad.clone()
    torch.nn.utils.clip_grad_value_(leaves, 0.5)
    for ours, leaf in zip(optimizers.clip_grad_value(grads, 0.5), leaves, strict=True):
        assert torch.equal(ours, leaf.grad)


# --- adam_step

HYPERPARAMETERS = {
    "defaults": dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-8),
    "large eps": dict(lr=0.05, betas=(0.8, 0.95), eps=0.1),  # as large as the root: its place in the formula shows
    "no momentum": dict(lr=0.3, betas=(0.0, 0.5), eps=1e-3),
}
hyperparameters = pytest.mark.parametrize("options", HYPERPARAMETERS.values(), ids=HYPERPARAMETERS)
tensor_shapes = pytest.mark.parametrize("shape", [(), (3,), (2, 3)], ids=["0-d", "1-D", "2-D"])


def numpy_adam(param, grads, lr, betas, eps):
    """Adam with its moments as what they are: exponentially weighted averages of all gradients so far."""
    for t in range(1, len(grads) + 1):
        w1, w2 = (beta ** np.arange(t - 1, -1, -1.0) for beta in betas)
        m, v = np.tensordot(w1, grads[:t], 1), np.tensordot(w2, grads[:t] ** 2, 1)
        param = param - lr * (m / w1.sum()) / (np.sqrt(v / w2.sum()) + eps)
    return param, (1 - betas[0]) * m, (1 - betas[1]) * v


def torch_adam(param, grads, **options):
    param = torch.nn.Parameter(param.clone())
    optimizer = torch.optim.Adam([param], **options)
    for grad in grads:
        param.grad = grad.clone()
        optimizer.step()
    state = optimizer.state[param]
    return param, state["exp_avg"], state["exp_avg_sq"]


def our_adam(param, grads, betas, **options):
    m, v = torch.zeros_like(param), torch.zeros_like(param)
    for t, grad in enumerate(grads, start=1):
        param, m, v = optimizers.adam_step(param, grad, m, v, t, beta1=betas[0], beta2=betas[1], **options)
    return param, m, v


@both_dtypes
@tensor_shapes
@hyperparameters
def test_adam_equals_torch_and_numpy_over_many_steps(options, shape, dtype):
    param, grads = normal(*shape, dtype=dtype), normal(STEPS, *shape, dtype=dtype, seed=1)
    ours = our_adam(param, grads, **options)
    # A few roundings in each of 25 steps. In float64 1 - 0.999**t, near 0, has lost three digits: some 1e-13 a step.
    tolerance = max(4 * STEPS * torch.finfo(dtype).eps, 1e-12)
    for actual, expected in zip(ours, torch_adam(param, grads, **options), strict=True):
        close(actual, expected, tolerance)
    for actual, expected in zip(
        ours, numpy_adam(param.double().numpy(), grads.double().numpy(), **options), strict=True
    ):
        close(actual, expected, tolerance)


def test_adam_has_the_defaults_of_torch():
    param, grad = normal(3), normal(1, 3, seed=1)
    ours = optimizers.adam_step(param, grad[0], torch.zeros_like(param), torch.zeros_like(param), 1)
    for actual, expected in zip(ours, torch_adam(param, grad), strict=True):
        close(actual, expected)


@both_dtypes
def test_adam_moves_by_lr_at_first_whatever_the_size_of_the_gradient(dtype):
    grad, zeros = torch.tensor([1e-6, -1e-3, 1, -1e3, 1e6], dtype=dtype), torch.zeros(5, dtype=dtype)
    param, _, _ = optimizers.adam_step(zeros, grad, zeros, zeros, t=1, lr=0.5, eps=0.0)
    # In float64 1 - 0.999, as above.
    close(param, -0.5 * grad.sign(), max(16 * torch.finfo(dtype).eps, 1e-12))


@both_dtypes
@tensor_shapes
def test_adam_stays_where_it_is_without_a_gradient(shape, dtype):
    param, zeros = normal(*shape, dtype=dtype), torch.zeros(shape, dtype=dtype)
    new, m, v = optimizers.adam_step(param, zeros, zeros, zeros, t=1)
    assert torch.equal(new, param) and torch.equal(m, zeros) and torch.equal(v, zeros)


# --- clip_grad_norm


def some_grads(dtype):
    return [normal(2, 3, dtype=dtype), normal(4, dtype=dtype, seed=1), normal(dtype=dtype, seed=2)]


@both_dtypes
@pytest.mark.parametrize("max_norm", [0.01, 1.0, 100.0])
def test_clipping_equals_torch(max_norm, dtype):
    params = [torch.nn.Parameter(torch.zeros_like(grad)) for grad in some_grads(dtype)]
    for param, grad in zip(params, some_grads(dtype), strict=True):
        param.grad = grad
    expected_norm = torch.nn.utils.clip_grad_norm_(params, max_norm)
    clipped, total_norm = optimizers.clip_grad_norm(some_grads(dtype), max_norm)
    close(total_norm, expected_norm)
    for actual, param in zip(clipped, params, strict=True):
        close(actual, param.grad)


@both_dtypes
@searched
@given(
    arrays=st.lists(
        hnp.arrays(
            np.float32, hnp.array_shapes(min_dims=0, max_dims=2, max_side=4), elements=st.floats(-99, 99, width=32)
        ),
        min_size=1,
        max_size=3,
    ),
    max_norm=st.floats(0.1, 200),
)
def test_clipping_of_any_gradients_is_one_factor_for_all_and_never_exceeds_the_limit(dtype, arrays, max_norm):
    clipped, total_norm = optimizers.clip_grad_norm([torch.from_numpy(a).to(dtype) for a in arrays], max_norm)
    everything = np.concatenate([a.ravel().astype(np.float64) for a in arrays])
    norm = math.sqrt(np.sum(everything**2))
    close(total_norm, norm)
    # max_norm / (norm + 1e-6) is the allowed form; against max_norm / norm it is off by 1e-6 / 0.1 at most.
    factor = min(1.0, max_norm / norm) if norm else 1.0
    for actual, array in zip(clipped, arrays, strict=True):
        close(actual, factor * array.astype(np.float64), tolerance=1.1e-5)
    limit = max_norm * (1 + 16 * torch.finfo(dtype).eps)
    assert math.sqrt(sum((grad.double() ** 2).sum().item() for grad in clipped)) <= limit


@both_dtypes
def test_clipping_measures_all_tensors_together(dtype):
    clipped, total_norm = optimizers.clip_grad_norm(
        [torch.tensor(3.0, dtype=dtype), torch.tensor([-4.0], dtype=dtype)], 1.0
    )
    assert total_norm.item() == 5 and total_norm.shape == ()
    assert [grad.shape for grad in clipped] == [(), (1,)]
    for actual, expected in zip(clipped, (0.6, [-0.8]), strict=True):
        close(actual, expected, tolerance=1e-6)  # the 1e-6 beside the norm


@both_dtypes
def test_clipping_keeps_small_gradients_to_the_last_bit(dtype):
    clipped, _ = optimizers.clip_grad_norm(some_grads(dtype), 1e6)
    assert all(torch.equal(actual, grad) for actual, grad in zip(clipped, some_grads(dtype), strict=True))


@both_dtypes
def test_clipping_leaves_zeros_zeros(dtype):
    clipped, total_norm = optimizers.clip_grad_norm([torch.zeros(2, 3, dtype=dtype), torch.zeros((), dtype=dtype)], 1.0)
    assert total_norm.item() == 0
    assert all(torch.equal(grad, torch.zeros_like(grad)) for grad in clipped)


@both_dtypes
@pytest.mark.parametrize("position", [0, 2])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_clipping_refuses_gradients_without_a_finite_norm(value, position, dtype):
    grads = some_grads(dtype)
    grads[position].flatten()[-1:].fill_(value)
    with pytest.raises(ValueError, match="norm"):
        optimizers.clip_grad_norm(grads, 1.0)


@both_dtypes
def test_clipping_refuses_finite_gradients_whose_norm_overflows(dtype):
    with pytest.raises(ValueError, match="norm"):
        optimizers.clip_grad_norm([torch.full((2,), torch.finfo(dtype).max, dtype=dtype)], 1.0)
