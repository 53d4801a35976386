"""Reference solutions of the unit landscape."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def directional_slope(f: Callable[[Tensor], Tensor], x: Tensor, direction: Tensor, h: float = 1e-4) -> Tensor:
    """Central difference of f along `direction`, 0-d."""
    # The direction is not normalized: twice as long a direction climbs twice as much, as gradient @ direction does.
    return (f(x + h * direction) - f(x - h * direction)) / (2 * h)


def loss_on_line(f: Callable[[Tensor], Tensor], start: Tensor, end: Tensor, num: int) -> Tensor:
    """f at `num` even points from start to end, both included, (num,)."""
    shares = [index / (num - 1) for index in range(num)]
    return torch.stack([f(start + share * (end - start)) for share in shares])


def loss_on_plane(
    f: Callable[[Tensor], Tensor],
    center: Tensor,
    u: Tensor,
    v: Tensor,
    alphas: Sequence[float] | Tensor,
    betas: Sequence[float] | Tensor,
) -> Tensor:
    """f at center + a u + b v, a row for each a and a column for each b (Goodfellow et al. 2015)."""
    return torch.stack([torch.stack([f(center + a * u + b * v) for b in betas]) for a in alphas])


def normalize_filters(direction: Tensor, weight: Tensor) -> Tensor:
    """Each row of direction, with the norm of the same row of weight (Li et al. 2018)."""
    lengths = direction.norm(dim=1, keepdim=True)
    # A row of zeros has no direction to keep: divided by 1 it stays what it is.
    unit = direction / torch.where(lengths > 0, lengths, 1.0)
    return unit * weight.norm(dim=1, keepdim=True)


def hessian_vector_product(grad_fn: Callable[[Tensor], Tensor], x: Tensor, v: Tensor, h: float = 1e-4) -> Tensor:
    """Central difference of the gradient along v, of the shape of x: the Hessian times v, without the Hessian."""
    return (grad_fn(x + h * v) - grad_fn(x - h * v)) / (2 * h)


def sharpness(matvec: Callable[[Tensor], Tensor], start: Tensor, iterations: int) -> float:
    """The eigenvalue of largest size of a symmetric matrix, by power iteration: v' A v of the last unit vector v."""
    product = start
    estimate = 0.0
    for _ in range(iterations):
        length = product.norm()
        if length == 0:
            return 0.0
        v = product / length
        product = matvec(v)
        # Of a unit vector, so no denominator; its sign tells a ridge from a valley, which the norm would not.
        estimate = (v * product).sum().item()
    return estimate


def critical_point(hessian: Tensor, tol: float = 1e-6) -> str:
    """What kind of point it is where the gradient is 0, by the signs of the Hessian's eigenvalues."""
    curvatures = torch.linalg.eigvalsh(hessian)
    up, down = curvatures > tol, curvatures < -tol
    if bool(up.all()):
        return "minimum"
    if bool(down.all()):
        return "maximum"
    return "saddle" if bool(up.any() and down.any()) else "undecided"


def largest_stable_rate(hessian: Tensor) -> float:
    """2 / (largest eigenvalue): above it, gradient descent on the quadratic overshoots more with each step."""
    # Along an eigenvector of curvature c a step multiplies the distance by 1 - lr c, which must stay above -1.
    steepest = torch.linalg.eigvalsh(hessian).max().item()
    return 2 / steepest if steepest > 0 else math.inf
