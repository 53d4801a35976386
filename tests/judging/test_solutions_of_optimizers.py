"""The reference optimizers against torch's own, over runs of many steps."""

import pytest
import torch

from solutions import optimizers

STEPS = 25
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


def close(actual, expected):
    torch.testing.assert_close(actual, expected, rtol=1e-11, atol=1e-11)


def test_gradient_descent_and_sgd_equal_torch():
    expected = by_torch(torch.optim.SGD, lr=0.3)
    points = optimizers.gradient_descent(slope, START, 0.3, STEPS)
    assert len(points) == STEPS + 1 and torch.equal(points[0], START)
    close(points[-1], expected)
    close(by_us(lambda *args, **given: (optimizers.sgd_step(*args, **given),), 0, lr=0.3), expected)


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
    close(by_us(step, states, **options), by_torch(kind, **theirs))


def test_nesterov_equals_torch_at_the_point_ahead():
    param, velocity = START, torch.zeros_like(START)
    for _ in range(STEPS):
        param, velocity = optimizers.nesterov_step(param, slope, velocity, lr=0.1, momentum=0.8)
    expected = by_torch(torch.optim.SGD, lr=0.1, momentum=0.8, nesterov=True)
    close(param - 0.1 * 0.8 * velocity, expected)


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
