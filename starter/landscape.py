"""Landscape: walking downhill. Fill in the functions below and check them with `pytest exercises/landscape`.

The functions f, grad_fn and matvec are given: call them with tensors of the shape of x, and use what they return.
Results keep the dtype and device of the inputs; inputs are never modified and nothing is printed. Build from
elementary operations (norm, stack, torch.linalg): torch.autograd is there to compare with, and earns no points.
"""

from collections.abc import Callable, Sequence

import torch


def directional_slope(
    f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, direction: torch.Tensor, h: float = 1e-4
) -> torch.Tensor:
    """Find how steeply f rises at x if you walk in one direction.

        slope = (f(x + h direction) - f(x - h direction)) / (2 h)

    The direction is taken as it is given, not normalized: a direction twice as long has twice the slope.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: where you stand: float32 or float64, of any shape.
        direction: where you walk, of the shape of x.
        h: how far, in both directions, as a share of `direction`.

    Returns:
        A 0-d tensor.

    Example:
        f(x) = sum of x^2 at x = [1, 2], with direction = [3, 0] and h = 0.1: f([1.3, 2]) = 5.69 and f([0.7, 2]) = 4.49,
        so the slope is 1.2 / 0.2 = 6: the gradient [2, 4] times the direction.
    """
    raise NotImplementedError


def loss_on_line(
    f: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, end: torch.Tensor, num: int
) -> torch.Tensor:
    """Walk in a straight line from start to end, and note the height of f on the way.

        result[i] = f(start + i / (num - 1) (end - start))        for i = 0, ..., num - 1

    Args:
        f: takes a tensor of the shape and dtype of start, and returns a 0-d tensor.
        start: the first point, float32 or float64, of any shape.
        end: the last point, of the same shape and dtype.
        num: the number of points, both ends included; 2 or more.

    Returns:
        A tensor of shape (num,), of the dtype of start.

    Example:
        f(x) = sum of x^2 from start = [0, 2] to end = [2, 0] at 3 points: [0, 2], [1, 1] and [2, 0] give [4, 2, 4].
    """
    raise NotImplementedError


def loss_on_plane(
    f: Callable[[torch.Tensor], torch.Tensor],
    center: torch.Tensor,
    u: torch.Tensor,
    v: torch.Tensor,
    alphas: Sequence[float] | torch.Tensor,
    betas: Sequence[float] | torch.Tensor,
) -> torch.Tensor:
    """Cut a plane through the landscape of f, and note its height on a grid.

        result[i, j] = f(center + alphas[i] u + betas[j] v)

    Args:
        f: takes a tensor of the shape and dtype of center, and returns a 0-d tensor.
        center: where alpha = beta = 0: float32 or float64, of any shape.
        u, v: the two directions of the plane, of the shape of center, taken as they are.
        alphas, betas: lists of floats, or 1-D tensors.

    Returns:
        A tensor of shape (len(alphas), len(betas)), of the dtype of center.

    Example:
        f(x) = sum of x^2 around center = [0, 0] with u = [1, 0] and v = [0, 2]: alphas = [0, 3] and betas = [0, 1] give
        [[0, 4], [9, 13]].
    """
    raise NotImplementedError


def normalize_filters(direction: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Give each row of a direction the length of the same row of the weights.

        result[o] = direction[o] norm(weight[o]) / norm(direction[o])        norm: the root of the sum of squares

    With a direction of plain random numbers, a layer with small weights is thrown far away and one with large weights
    hardly moves. With this, all neurons move by the same share of their weights, and pictures can be compared.

    Args:
        direction: float32 or float64, of shape (out, in).
        weight: of the same shape and dtype.

    Returns:
        A tensor of the shape of direction. A row of zeros stays zero, and so does one where weight's row is zero.

    Example:
        direction = [[3, 4], [0, 0]] and weight = [[0, 10], [1, 1]] give [[6, 8], [0, 0]].

    See Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", section 4.
    """
    raise NotImplementedError


def hessian_vector_product(
    grad_fn: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, v: torch.Tensor, h: float = 1e-4
) -> torch.Tensor:
    """Find how the gradient changes if you walk along v: the Hessian at x times v.

        product = (grad_fn(x + h v) - grad_fn(x - h v)) / (2 h)

    The Hessian has all second derivatives: a million squared for a million weights. Its product with one vector costs
    two gradients. v is taken as it is given, not normalized.

    Args:
        grad_fn: takes a tensor of the shape and dtype of x, and returns the gradient there, of the same shape.
        x: where you stand: float32 or float64, of any shape.
        v: where you walk, of the shape of x.
        h: how far, in both directions, as a share of `v`.

    Returns:
        A tensor of the shape of x.

    Example:
        f(x) = x1^2 + 3 x1 x2 has the gradient [2 x1 + 3 x2, 3 x1] and the Hessian [[2, 3], [3, 0]]. Along v = [1, 2]
        the product is [8, 3], wherever x is and whatever h is.
    """
    raise NotImplementedError


def sharpness(matvec: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, iterations: int) -> float:
    """Find the curvature of the sharpest direction by power iteration.

        w = start        then, `iterations` times:  v = w / norm(w),  w = matvec(v)        result = sum(v w)

    The product with a matrix stretches most in the direction of the eigenvalue of largest size, so that this direction
    wins after some rounds. The result is v' A v of the last v, which has the length 1.

    Args:
        matvec: takes a tensor of the shape and dtype of start, and returns the product of a symmetric matrix with it,
            of the same shape.
        start: any tensor but zeros, float32 or float64.
        iterations: 1 or more; matvec is called once in each. (One more normalization and product at the end is right
            as well.)

    Returns:
        A Python float, negative where the sharpest direction goes down on both sides; 0.0 where a product is zero.

    Example:
        For the matrix [[2, 0], [0, 1]] and start = [3, 4]: v = [0.6, 0.8], w = [1.2, 0.8], and one iteration gives
        0.6 * 1.2 + 0.8 * 0.8 = 1.36. Ten give 1.999993.
    """
    raise NotImplementedError


def critical_point(hessian: torch.Tensor, tol: float = 1e-6) -> str:
    """Say what kind of place it is where the gradient is 0.

        "minimum"     all eigenvalues of the Hessian are > tol: it goes up in every direction
        "maximum"     all are < -tol
        "saddle"      at least one is > tol, and at least one is < -tol
        "undecided"   otherwise: in some direction it is flat, and only higher derivatives know

    Args:
        hessian: a symmetric matrix, float32 or float64.
        tol: how large a curvature must be to count; 0 or more.

    Returns:
        One of the four words.

    Example:
        [[2, 0], [0, 1]] is a minimum, [[0, 1], [1, 0]] has the eigenvalues 1 and -1 and is a saddle, and
        [[1, 0], [0, 0]] is undecided.

    See torch.linalg.eigvalsh, which is allowed.
    """
    raise NotImplementedError


def largest_stable_rate(hessian: torch.Tensor) -> float:
    """Find the learning rate above which gradient descent on a quadratic loss diverges.

        limit = 2 / (largest eigenvalue)

    Args:
        hessian: the second derivatives of the loss, a symmetric matrix, float32 or float64.

    Returns:
        A Python float; infinity where no eigenvalue is positive.

    Example:
        [[10, 0], [0, 0.5]] gives 2 / 10 = 0.2: the steepest direction decides, however flat the others are.
    """
    raise NotImplementedError
