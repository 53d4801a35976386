"""Public checks of the unit landscape: `pytest exercises/landscape`."""

import math

import torch
from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.calls import Call


def sum_of_squares(x):
    """x -> sum of x ** 2"""
    return (x**2).sum()


def sum_of_cubes(x):
    """x -> sum of x ** 3"""
    return (x**3).sum()


def products(x):
    """x -> x[0] ** 2 * x[1]"""
    return x[0] ** 2 * x[1]


F64 = torch.float64


@check(
    "landscape.directional_slope",
    example(f=sum_of_squares, x=tensor([1.0, 2.0]), direction=tensor([3.0, 0.0]), h=0.1, returns=tensor(6.0)),
    example(
        f=sum_of_cubes,
        x=tensor([1.0, -0.5], dtype=F64),
        direction=tensor([0.5, 2.0], dtype=F64),
        h=0.25,
        returns=tensor(3.507812, dtype=F64),
    ),
    example(
        f=products,
        x=tensor([1.0, 2.0], dtype=F64),
        direction=tensor([1.0, -1.0], dtype=F64),
        returns=tensor(3.0, dtype=F64),
    ),
)
def test_directional_slope_looks_both_ways(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "landscape.loss_on_line",
    example(f=sum_of_squares, start=tensor([0.0, 2.0]), end=tensor([2.0, 0.0]), num=3, returns=tensor([4.0, 2.0, 4.0])),
    example(
        f=sum_of_cubes,
        start=tensor([[1.0], [-1.0]], dtype=F64),
        end=tensor([[2.0], [0.5]], dtype=F64),
        num=4,
        returns=tensor([0.0, 2.245370, 4.629630, 8.125], dtype=F64),
    ),
)
def test_loss_on_line_has_both_ends(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "landscape.loss_on_plane",
    example(
        f=sum_of_squares,
        center=tensor([0.0, 0.0]),
        u=tensor([1.0, 0.0]),
        v=tensor([0.0, 2.0]),
        alphas=[0.0, 3.0],
        betas=[0.0, 1.0],
        returns=tensor([[0.0, 4.0], [9.0, 13.0]]),
    ),
    example(
        f=products,
        center=tensor([1.0, -1.0], dtype=F64),
        u=tensor([1.0, 1.0], dtype=F64),
        v=tensor([0.0, 2.0], dtype=F64),
        alphas=tensor([-1.0, 0.5, 1.0], dtype=F64),
        betas=tensor([0.0, 0.25], dtype=F64),
        returns=tensor([[0.0, 0.0], [-1.125, 0.0], [0.0, 2.0]], dtype=F64),
    ),
)
def test_loss_on_plane_is_a_grid(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "landscape.normalize_filters",
    example(
        direction=tensor([[3.0, 4.0], [0.0, 0.0]]),
        weight=tensor([[0.0, 10.0], [1.0, 1.0]]),
        returns=tensor([[6.0, 8.0], [0.0, 0.0]]),
    ),
    example(
        direction=tensor([[1.0, -2.0, 2.0], [0.5, 0.0, 0.0]]),
        weight=tensor([[0.0, 0.0, 0.0], [2.0, -1.0, 2.0]]),
        returns=tensor([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0]]),
    ),
)
def test_normalize_filters_row_by_row(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


def gradient_of_a_saddle(x):
    """x -> [2 * x[0] + 3 * x[1], 3 * x[0]]"""
    return torch.stack([2 * x[0] + 3 * x[1], 3 * x[0]])


def gradient_of_cubes(x):
    """x -> 3 * x ** 2"""
    return 3 * x**2


@check(
    "landscape.hessian_vector_product",
    example(
        grad_fn=gradient_of_a_saddle, x=tensor([1.0, -2.0]), v=tensor([1.0, 2.0]), h=0.5, returns=tensor([8.0, 3.0])
    ),
    example(
        grad_fn=gradient_of_cubes,
        x=tensor([[1.0, 0.5]], dtype=F64),
        v=tensor([[2.0, -1.0]], dtype=F64),
        returns=tensor([[12.0, -3.0]], dtype=F64),
    ),
)
def test_hessian_vector_product_looks_both_ways(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


def stretch(v):
    """v -> [[2, 0], [0, 1]] @ v"""
    return tensor([2.0, 1.0], dtype=v.dtype) * v


def saddle(v):
    """v -> [[1, 2], [2, -3]] @ v"""
    return tensor([[1.0, 2.0], [2.0, -3.0]], dtype=v.dtype) @ v


def nothing(v):
    """v -> 0 * v"""
    return 0 * v


def by_power_iteration(iterations, once_more):
    """What `sharpness` returns, with or without one more product at the end: both are right."""
    w = tensor([3.0, 4.0], dtype=F64)
    for _ in range(iterations + once_more):
        v = w / w.norm()
        w = saddle(v)
    return (v @ w).item()


@check("landscape.sharpness")
def test_sharpness_by_hand(student):
    start = tensor([3.0, 4.0], dtype=F64)
    asked = [(stretch, 30, (2.0,)), (saddle, 1, None), (saddle, 2, None), (saddle, 30, None), (nothing, 3, (0.0,))]
    answers = student.values([Call({"matvec": f, "start": start, "iterations": n}) for f, n, _ in asked])
    for answer, (f, n, right) in zip(answers, asked, strict=True):
        wanted = right or [by_power_iteration(n, once_more) for once_more in (False, True)]
        if not isinstance(answer, float):
            raise Fault("wrong_type", f"sharpness returns a {type(answer).__name__}: a Python float is asked for.")
        if not any(math.isclose(answer, each, rel_tol=1e-6, abs_tol=1e-9) for each in wanted):
            raise Fault(
                "wrong_value",
                f"For matvec = {f.__doc__}, start = [3, 4] and iterations = {n} you return {answer:.6g}; "
                f"it is {wanted[0]:.6g}.",
            )


@check(
    "landscape.critical_point",
    example(hessian=tensor([[2.0, 0.0], [0.0, 1.0]]), returns="minimum"),
    example(hessian=tensor([[-1.0, 0.0], [0.0, -0.5]]), returns="maximum"),
    example(hessian=tensor([[0.0, 1.0], [1.0, 0.0]], dtype=F64), returns="saddle"),
    example(hessian=tensor([[1.0, 0.0], [0.0, 0.0]]), returns="undecided"),
    example(hessian=tensor([[1.0, 0.0], [0.0, 0.01]]), tol=0.1, returns="undecided"),
)
def test_critical_point_of_four_kinds(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "landscape.largest_stable_rate",
    example(hessian=tensor([[10.0, 0.0], [0.0, 0.5]]), returns=0.2),
    example(hessian=tensor([[1.0, 2.0], [2.0, -3.0]], dtype=F64), returns=1.093836),
    example(hessian=tensor([[-1.0, 0.0], [0.0, -3.0]]), returns=math.inf),
)
def test_largest_stable_rate_is_that_of_the_steepest_direction(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
