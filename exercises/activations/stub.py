"""Activations: the bend, and where gradients die. Fill in the functions below; `pytest exercises/activations` checks.

All of these work on every number by itself, for tensors of any shape. Results keep the dtype and device of the
inputs; inputs are never modified and nothing is printed. Build from elementary operations (torch.exp, torch.erf,
torch.where, torch.clamp): torch.sigmoid, torch.relu and torch.nn.functional are there to compare with, and earn no
points. Autograd must reach through the functions themselves: no detach, no .item() on the way.
"""

import torch


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Squeeze any number to between 0 and 1.

        sigmoid(x) = 1 / (1 + exp(-x)) = exp(x) / (1 + exp(x))

    Args:
        x: float32 or float64, of any shape, with numbers of any size.

    Returns:
        A tensor of the same shape and dtype. Never NaN, and neither is its gradient: 1 for x = 1000, and 0 for
        x = -1000.

    Example:
        sigmoid([0, log 3, -log 3]) = sigmoid([0.0, 1.0986, -1.0986]) = [1/2, 3/4, 1/4].

    See torch.sigmoid.
    """
    raise NotImplementedError


def tanh(x: torch.Tensor) -> torch.Tensor:
    """Squeeze any number to between -1 and 1.

        tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

    That is the definition. Computed literally, it fails for large numbers of either sign; rewrite it first.

    Args:
        x: float32 or float64, of any shape, with numbers of any size.

    Returns:
        A tensor of the same shape and dtype. Never NaN, and neither is its gradient: 1 for x = 1000, and -1 for
        x = -1000.

    Example:
        tanh([0, log 2, -log 2]) = [0, 3/5, -3/5]: for log 2 it is (2 - 1/2) / (2 + 1/2).

    See torch.tanh, which does the whole job and so earns nothing here; in all other exercises you may use it.
    """
    raise NotImplementedError


def relu(x: torch.Tensor) -> torch.Tensor:
    """Keep what is positive, and make 0 of the rest.

        relu(x) = max(x, 0)

    Args:
        x: float32 or float64, of any shape.

    Returns:
        A tensor of the same shape and dtype.

    Example:
        relu([-3, 0, 2.5]) = [0, 0, 2.5].

    See torch.relu.
    """
    raise NotImplementedError


def silu(x: torch.Tensor) -> torch.Tensor:
    """Let x through a gate that x itself opens. Also called swish.

        silu(x) = x * sigmoid(x)

    Args:
        x: float32 or float64, of any shape, with numbers of any size.

    Returns:
        A tensor of the same shape and dtype. Never NaN, and neither is its gradient: x itself for x = 1000, and 0
        for x = -1000.

    Example:
        silu([0, log 3, -log 3]) = [0, 0.8240, -0.2747]: three quarters of log 3, and a quarter of -log 3.

    See torch.nn.functional.silu.
    """
    raise NotImplementedError


def leaky_relu(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Keep what is positive, and let a little of the rest through.

        leaky_relu(x) = x                   where x > 0
                        negative_slope x    elsewhere

    Args:
        x: float32 or float64, of any shape.
        negative_slope: the share of a negative number that passes, from 0 to 1.

    Returns:
        A tensor of the same shape and dtype.

    Example:
        leaky_relu([-3, 0, 2.5]) = [-0.03, 0, 2.5], and with negative_slope = 0.2 it is [-0.6, 0, 2.5].

    See torch.nn.functional.leaky_relu.
    """
    raise NotImplementedError


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Let x through a gate: the probability that a standard normal number is below x.

        gelu(x) = x * P(Z < x) = x * (1 + erf(x / sqrt(2))) / 2

    Args:
        x: float32 or float64, of any shape, with numbers of any size.

    Returns:
        A tensor of the same shape and dtype: the exact form. The approximations with tanh and with a sigmoid are
        other functions: they differ from it by up to 0.0005 and 0.02.

    Example:
        gelu([0, 1, -1]) = [0, 0.8413, -0.1587]: a standard normal number is below 1 with probability 0.8413.

    See torch.nn.functional.gelu.
    """
    raise NotImplementedError


def sigmoid_grad(x: torch.Tensor) -> torch.Tensor:
    """Take the derivative of the sigmoid at x.

    Args:
        x: what goes into the sigmoid (not what comes out), float32 or float64, of any shape and size.

    Returns:
        The slope at every number, a tensor of the same shape and dtype. Never NaN: 0 far out on both sides.

    Example:
        sigmoid_grad([0, log 3, -log 3]) = [1/4, 3/16, 3/16] = [0.25, 0.1875, 0.1875].
    """
    raise NotImplementedError


def tanh_grad(x: torch.Tensor) -> torch.Tensor:
    """Take the derivative of tanh at x.

    Args:
        x: what goes into tanh (not what comes out), float32 or float64, of any shape and size.

    Returns:
        The slope at every number, a tensor of the same shape and dtype. Never NaN: 0 far out on both sides.

    Example:
        tanh_grad([0, log 2, -log 2]) = [1, 16/25, 16/25] = [1, 0.64, 0.64].
    """
    raise NotImplementedError


def relu_grad(x: torch.Tensor) -> torch.Tensor:
    """Take the derivative of the ReLU at x. At 0, where it has none, the convention is 0.

    Args:
        x: what goes into the ReLU, float32 or float64, of any shape.

    Returns:
        The slope at every number, a tensor of the same shape and dtype.

    Example:
        relu_grad([-3, 0, 2.5]) = [0, 0, 1].
    """
    raise NotImplementedError


def leaky_relu_grad(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Take the derivative of the leaky ReLU at x. At 0, where it has none, the convention is negative_slope.

    Args:
        x: what goes into the leaky ReLU, float32 or float64, of any shape.
        negative_slope: the share of a negative number that passes, from 0 to 1.

    Returns:
        The slope at every number, a tensor of the same shape and dtype.

    Example:
        leaky_relu_grad([-3, 0, 2.5], negative_slope=0.2) = [0.2, 0.2, 1].
    """
    raise NotImplementedError


def gelu_grad(x: torch.Tensor) -> torch.Tensor:
    """Take the derivative of the exact GELU at x.

    With P(x) = (1 + erf(x / sqrt(2))) / 2, the standard normal distribution function, GELU is x * P(x). The
    derivative of P is the standard normal density, exp(-x^2 / 2) / sqrt(2 pi).

    Args:
        x: what goes into GELU, float32 or float64, of any shape and size.

    Returns:
        The slope at every number, a tensor of the same shape and dtype.

    Example:
        gelu_grad([0, 1, -1]) = [0.5, 1.0833, -0.0833]: GELU is not monotone, it falls until -0.75.
    """
    raise NotImplementedError


def silu_grad(x: torch.Tensor) -> torch.Tensor:
    """Take the derivative of SiLU at x.

    Args:
        x: what goes into SiLU, float32 or float64, of any shape and size.

    Returns:
        The slope at every number, a tensor of the same shape and dtype. Never NaN: 1 far to the right, 0 far to
        the left.

    Example:
        silu_grad([0, log 3, -log 3]) = [0.5, 0.9560, 0.0440]: SiLU is not monotone, it falls until -1.28.
    """
    raise NotImplementedError


def gradient_through_depth(grad: torch.Tensor, preactivations: list[torch.Tensor]) -> list[float]:
    """Send a gradient back through a stack of sigmoid layers, and note how large it still is after each.

    Only the sigmoids are looked at, not the weights between them: each layer multiplies every number of the
    gradient by the slope of its sigmoid there, and what is left goes on to the layer before.

    Args:
        grad: the gradient that arrives at the output of the last layer, float32 or float64, of any shape.
        preactivations: what went into the sigmoid of each layer, first layer first; tensors of the shape of grad.

    Returns:
        The mean absolute gradient after each layer, a list of Python floats, the last layer's first.

    Example:
        grad = [1, -2], preactivations = [[0, 0], [log 3, 0]]: the last layer's slopes are 3/16 and 1/4, which
        leaves [0.1875, -0.5]; the first layer's are both 1/4, which leaves [0.046875, -0.125]. The result is
        [0.34375, 0.0859375].
    """
    raise NotImplementedError


def dead_relu_fraction(activations: torch.Tensor) -> float:
    """Find the share of units that are dead: exactly 0 on every sample.

    Args:
        activations: what came out of a layer of ReLUs, one sample per row and one unit per column, float32 or
            float64, of shape (N, H). No entry is negative.

    Returns:
        The number of dead units divided by H, a Python float.

    Example:
        activations = [[0, 1, 0, 0], [0, 0, 2, 0]]: the first unit and the last are 0 on both samples, and the
        result is 0.5. The other two are 0 on one sample only, and alive.
    """
    raise NotImplementedError
