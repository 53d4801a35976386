"""The references of schedules against torch.optim.lr_scheduler, and what torch has no counterpart for."""

import math
import random

import pytest
import torch
from torch.optim import lr_scheduler

from solutions import schedules


def rates_of_torch(scheduler, steps, lr=1.0, **options):
    """The rates of `steps` steps under a scheduler of torch."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    clock = scheduler(optimizer, **options)
    rates = []
    for step in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < steps - 1:
            clock.step()
    return rates


@pytest.mark.parametrize(("step_size", "gamma"), [(3, 0.5), (1, 0.9), (7, 0.1)])
def test_step_decay_equals_torch(step_size, gamma):
    expected = rates_of_torch(lr_scheduler.StepLR, 25, lr=0.8, step_size=step_size, gamma=gamma)
    assert [schedules.step_decay(step, 0.8, step_size, gamma) for step in range(25)] == pytest.approx(expected)


@pytest.mark.parametrize("gamma", [0.5, 0.9, 1.0])
def test_exponential_decay_equals_torch(gamma):
    expected = rates_of_torch(lr_scheduler.ExponentialLR, 25, lr=0.8, gamma=gamma)
    assert [schedules.exponential_decay(step, 0.8, gamma) for step in range(25)] == pytest.approx(expected)


@pytest.mark.parametrize("total", [1, 4, 9])
def test_cosine_annealing_equals_torch_up_to_its_end_and_then_rests(total):
    expected = rates_of_torch(lr_scheduler.CosineAnnealingLR, total + 1, lr=0.8, T_max=total, eta_min=0.1)
    rates = [schedules.cosine_annealing(step, total, 0.8, 0.1) for step in range(3 * total)]
    assert rates[: total + 1] == pytest.approx(expected[: len(rates)])
    assert rates[total:] == pytest.approx([0.1] * len(rates[total:]))


@pytest.mark.parametrize("period", [1, 4, 9])
def test_cosine_restarts_equals_torch(period):
    expected = rates_of_torch(lr_scheduler.CosineAnnealingWarmRestarts, 30, lr=0.8, T_0=period, eta_min=0.1)
    assert [schedules.cosine_restarts(step, period, 0.8, 0.1) for step in range(30)] == pytest.approx(expected)


@pytest.mark.parametrize(("total", "pct_start"), [(10, 0.3), (25, 0.3), (13, 0.45), (16, 0.7), (7, 0.5)])
@pytest.mark.parametrize("factors", [{}, {"div_factor": 4.0, "final_div_factor": 10.0}], ids=["defaults", "others"])
def test_one_cycle_equals_torch(total, pct_start, factors):
    options = {"max_lr": 0.8, "total_steps": total, "pct_start": pct_start, **factors}
    expected = rates_of_torch(lr_scheduler.OneCycleLR, total, **options)
    assert [schedules.one_cycle(step, **options) for step in range(total)] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("patience", [0, 1, 2, 5])
def test_reduce_on_plateau_equals_torch(patience):
    source = random.Random(patience)
    for _ in range(20):
        losses = [source.choice([0.5, 1.0, 1.5, 2.0, source.uniform(-1, 3)]) for _ in range(20)]
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
        clock = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.7, patience=patience, threshold=0, eps=0)
        expected = []
        for loss in losses:
            clock.step(loss)
            expected.append(optimizer.param_groups[0]["lr"])
        assert schedules.reduce_on_plateau(losses, 0.8, 0.7, patience) == pytest.approx(expected)


@pytest.mark.parametrize(("warm", "total"), [(0, 5), (1, 5), (4, 5), (5, 5), (3, 12)])
def test_warmup_cosine_is_continuous_and_has_its_joints(warm, total):
    rates = [schedules.warmup_cosine(step, warm, total, 0.8, 0.2) for step in range(2 * total)]
    assert rates[:warm] == pytest.approx([0.8 * step / warm for step in range(warm)])
    assert rates[total:] == pytest.approx([0.2] * total)
    if warm < total:
        plain = [schedules.cosine_annealing(step, total - warm, 0.8, 0.2) for step in range(total - warm)]
        assert rates[warm:total] == pytest.approx(plain)


def test_linear_scaling_is_linear():
    assert schedules.linear_scaling(0.1, 256, 8192) == pytest.approx(3.2)
    assert schedules.linear_scaling(schedules.linear_scaling(0.3, 64, 96), 96, 64) == pytest.approx(0.3)


def test_schedules_return_python_floats():
    rates = [
        schedules.step_decay(4, 0.8, 3),
        schedules.exponential_decay(4, 0.8, 0.9),
        schedules.cosine_annealing(4, 3, 0.8),
        schedules.cosine_restarts(4, 3, 0.8),
        schedules.warmup_cosine(0, 2, 4, 0.8),
        schedules.one_cycle(4, 10, 0.8),
        schedules.linear_scaling(0.1, 2, 3),
        *schedules.reduce_on_plateau([1.0, math.inf, 1.0], 0.8),
    ]
    assert {type(rate) for rate in rates} == {float}
