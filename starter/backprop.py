"""Backprop: who is to blame. Fill in the functions below and check them with `pytest exercises/backprop`.

A gradient has the shape of what it is the gradient of, and the dtype and device of the inputs. Inputs are
never modified and nothing is printed. Build from elementary operations: torch.autograd and Tensor.backward
are there to compare with, and earn no points.
"""

from collections.abc import Callable

import torch


def numerical_gradient(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, h: float = 1e-5) -> torch.Tensor:
    """Find the gradient of any function by moving each element of x a little, and watching f.

        grad[i] = (f(x with h added to x[i]) - f(x with h subtracted from x[i])) / (2 h)

    These are central differences. Only element i is moved, all others stay as they are, and f is called twice for
    each element: far too slow for training, and just right for checking a formula.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: where the gradient is wanted: float32 or float64, of any shape, 0-d included.
        h: how far each element is moved, in both directions.

    Returns:
        The gradient, a tensor of the shape and dtype of x.

    Example:
        f(x) = sum of x^3 at x = [1, 2] with h = 0.1: the first element is (1.1^3 - 0.9^3) / 0.2 = 3.01, the second
        (2.1^3 - 1.9^3) / 0.2 = 12.01. The derivatives are 3 and 12: the error is h^2, which is why h is small.

    See torch.autograd.gradcheck, which nudges in the same way.
    """
    raise NotImplementedError


def relative_error(a: torch.Tensor, b: torch.Tensor) -> float:
    """Compare two gradients: how large is their difference, measured by their own size?

        relative_error = max over all elements of  abs(a - b) / max(abs(a) + abs(b), 1e-8)

    The quotient is taken element by element, and the largest counts. It is 0 where two numbers agree (two zeros
    included), never more than 1, and 1 where the signs are opposite or only one of the numbers is 0 (as long as their
    sizes add up to at least 1e-8: below that floor, what differs hardly counts).

    Args:
        a: a gradient, float32 or float64, of any shape.
        b: another of the same shape and dtype, as from a numerical check.

    Returns:
        A Python float.

    Example:
        a = [1, 100, 0] and b = [1.5, 101, 0]: the differences 0.5, 1 and 0 are divided by 2.5, 201 and 1e-8.
        The result is the largest quotient, 0.5 / 2.5 = 0.2.

    See torch.autograd.gradcheck, which combines an absolute and a relative tolerance.
    """
    raise NotImplementedError


def check_gradient(f: Callable[[torch.Tensor], torch.Tensor], grad: torch.Tensor, x: torch.Tensor) -> bool:
    """Test a gradient that somebody claims: is `grad` the gradient of f at x?

    It is when its relative error against central differences is at most 1e-5. A right formula in float64 comes
    out far below that, a wrong one far above, unless the gradients are tiny: below about 1e-6, the rounding of f
    is all that nudging sees (the lesson's noise floor). A gradient of another shape than x is wrong whatever its
    numbers are, and so is one with a NaN or an infinity in it.

    This is the test that you run on every backward pass you write. It is itself tested here: on right gradients,
    which it must accept, and on those of functions with a mistake, which it must reject.

    Args:
        f: takes a tensor of the shape of x, and returns a 0-d tensor; its values are finite.
        grad: what is claimed to be the gradient of f at x: a float64 tensor, of any shape.
        x: float64, of any shape.

    Returns:
        True or False, a Python bool.

    Example:
        f(x) = sum of x^2 at x = [1, -2]: grad = [2, -4] gives True; [1, -2] (the 2 forgotten), [2, 4] (a wrong
        sign), [[2, -4]] (another shape) and [2, nan] all give False.

    See torch.autograd.gradcheck.
    """
    raise NotImplementedError


def linear_backward(
    grad_out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Carry the gradient back through a linear layer, out[n, o] = sum_d x[n, d] weight[o, d] + bias[o].

        grad_x[n, d]      = sum_o grad_out[n, o] weight[o, d]
        grad_weight[o, d] = sum_n grad_out[n, o] x[n, d]
        grad_bias[o]      = sum_n grad_out[n, o]

    Args:
        grad_out: gradient of the loss with respect to the layer's output, (N, out), as large as it should be:
            the 1/N of a mean is already in it.
        x: what the layer was given, (N, D).
        weight: (out, D), as in torch.nn.Linear.

    Returns:
        (grad_x, grad_weight, grad_bias), of shapes (N, D), (out, D) and (out,).

    Example:
        grad_out = [[1, 0], [2, -1]], x = [[1, 2, 3], [0, 1, -1]] and weight = [[1, 0, -1], [2, 1, 0]] give
        grad_x = [[1, 0, -1], [0, -1, -2]], grad_weight = [[1, 4, 1], [0, -1, 1]], grad_bias = [3, -1].

    See Rumelhart, Hinton & Williams 1986; torch.nn.functional.linear under autograd.
    """
    raise NotImplementedError


def relu_backward(grad_out: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Carry the gradient back through a ReLU, out = max(x, 0).

        grad_x = grad_out where x > 0, and 0 elsewhere

    ReLU has a corner at x = 0 and no slope there: the gradient at exactly 0 is 0, by convention.

    Args:
        grad_out: gradient of the loss with respect to the ReLU's output, of any shape.
        x: what the ReLU was given, of the same shape.

    Returns:
        grad_x, of the shape of x.

    Example:
        grad_out = [2, -3, 5, 7] and x = [1, 4, 0, -2] give grad_x = [2, -3, 0, 0].
    """
    raise NotImplementedError


def sigmoid_backward(grad_out: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Carry the gradient back through a sigmoid, out = 1 / (1 + exp(-x)), of which only the output was kept.

        grad_x = grad_out * out * (1 - out)

    Args:
        grad_out: gradient of the loss with respect to the sigmoid's output, of any shape.
        out: that output, numbers from 0 to 1, of the same shape. It is not x: the sigmoid has been applied.

    Returns:
        grad_x, of the shape of out.

    Example:
        grad_out = [4, -2, 1] and out = [0.5, 0.75, 1] give grad_x = [1, -0.375, 0].
    """
    raise NotImplementedError


def tanh_backward(grad_out: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Carry the gradient back through a tanh, out = tanh(x), of which only the output was kept.

        grad_x = grad_out * (1 - out^2)

    Args:
        grad_out: gradient of the loss with respect to the output of tanh, of any shape.
        out: that output, numbers from -1 to 1, of the same shape. It is not x: tanh has been applied.

    Returns:
        grad_x, of the shape of out.

    Example:
        grad_out = [4, -2, 1] and out = [0, 0.5, -1] give grad_x = [4, -1.5, 0].
    """
    raise NotImplementedError


def mse_backward(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Differentiate the mean squared error with respect to the prediction.

        loss      = mean over all elements of (pred - target)^2
        grad_pred = 2 (pred - target) / (number of elements)

    Args:
        pred: the prediction, of any shape.
        target: the truth, of the same shape.

    Returns:
        grad_pred, of the shape of pred.

    Example:
        pred = [[1, 2], [3, 6]] and target = [[0, 2], [5, 2]] differ by [[1, 0], [-2, 4]]. With 4 elements,
        grad_pred = [[0.5, 0], [-1, 2]].

    See torch.nn.functional.mse_loss under autograd.
    """
    raise NotImplementedError


def softmax_cross_entropy_backward(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Differentiate the mean cross-entropy of softmax with respect to the logits: prediction minus truth.

        grad_logits[n, c] = (softmax(logits_n)[c] - 1[c = labels_n]) / N

    1[...] is 1 where the condition holds and 0 elsewhere.

    Args:
        logits: float32 or float64, of shape (N, C), of any size.
        labels: int64 class indices from 0 to C - 1, of shape (N,).

    Returns:
        A tensor of shape (N, C), finite for logits of any size. Each row adds up to 0.

    Example:
        logits = [[0, log 3], [0, 0]] = [[0.0, 1.0986], [0.0, 0.0]] are the probabilities
        [[1/4, 3/4], [1/2, 1/2]]. With labels = [0, 1] the gradient is
        [[-3/4, 3/4], [1/2, -1/2]] / 2 = [[-0.375, 0.375], [0.25, -0.25]].

    See torch.nn.functional.cross_entropy under autograd.
    """
    raise NotImplementedError


def two_layer_backward(
    x: torch.Tensor, y: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Run a two-layer classifier forwards and backwards: its loss, and the gradients of its four parameters.

        z1   = x @ w1.T + b1
        h    = relu(z1)
        z2   = h @ w2.T + b2
        p    = sigmoid(z2)
        loss = mean over the N samples of -y log(p) - (1 - y) log(1 - p)

    The gradient of ReLU at exactly 0 is 0, as in relu_backward.

    Args:
        x: one sample per row, float32 or float64, of shape (N, D).
        y: one target per sample, 0 or 1, of the dtype of x and of shape (N, 1).
        w1: of shape (H, D).
        b1: of shape (H,).
        w2: of shape (1, H).
        b2: of shape (1,).

    Returns:
        (loss, grads): the loss as a 0-d tensor, and a dict with the gradients "w1", "b1", "w2" and "b2", each of
        the shape of its parameter. All are finite for z2 of any size, where p is rounded to 0 or 1, and a sample
        that is confidently wrong keeps its full gradient. There, a loss that follows z2 is right, and so is one with
        a cap: each logarithm cut off at -100, as torch.nn.functional.binary_cross_entropy does, or p held away from
        0 and 1 by 1e-6 at most. (In float32 no less than 1e-7 will do: 1 - 1e-8 is 1.)

    Example:
        x = [[1, 2]], y = [[1]], w1 = [[1, 0], [0, -1]], b1 = [0, 1], w2 = [[2, 1]], b2 = [-2]:
        z1 = [[1, -1]], h = [[1, 0]], z2 = [[0]], p = [[0.5]], and the loss is log 2 = 0.6931. Backwards,
        b2: [-0.5], w2: [[-0.5, 0]], b1: [-1, 0], w1: [[-1, -2], [0, 0]].
    """
    raise NotImplementedError


def mlp_backward(
    x: torch.Tensor, labels: torch.Tensor, weights: list[torch.Tensor], biases: list[torch.Tensor]
) -> tuple[torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    """Run a multi-layer perceptron of any depth forwards and backwards: its loss, and all of its gradients.

        h_0 = x
        h_l = relu(h_(l-1) @ W_l.T + b_l)      for every layer but the last
        logits = h_(L-1) @ W_L.T + b_L
        loss = mean over the N samples of -log softmax(logits)[label]

    The gradient of ReLU at exactly 0 is 0, as in relu_backward.

    Args:
        x: one sample per row, float32 or float64, of shape (N, D).
        labels: int64 class indices from 0 to C - 1, of shape (N,).
        weights: the L weights, first layer first, each of shape (out, in); L is 1 or more.
        biases: the L biases, each of shape (out,).

    Returns:
        (loss, weight_grads, bias_grads): the loss as a 0-d tensor, and two lists in the order of weights and biases,
        first layer first. All are finite for logits of any size.

    Example:
        x = [[1, 2]], labels = [0], weights = [[[1, 0], [0, -1]], [[1, 1], [1, -1]]], biases = [[0, 1], [0, 0]]:
        the hidden layer is relu([[1, -1]]) = [[1, 0]], and the logits are [[1, 1]]. The loss is log 2 = 0.6931, and
        its gradient with respect to the logits is [[-0.5, 0.5]]. So weight_grads = [[[0, 0], [0, 0]],
        [[-0.5, 0], [0.5, 0]]] and bias_grads = [[0, 0], [-0.5, 0.5]].
    """
    raise NotImplementedError


def residual_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    w1: torch.Tensor,
    b1: torch.Tensor,
    w2: torch.Tensor,
    b2: torch.Tensor,
) -> torch.Tensor:
    """Carry the gradient back through a residual block, out = x + relu(x @ w1.T + b1) @ w2.T + b2.

    x went two ways, and collects blame from both: from the two layers, and from the identity path, which
    carries grad_out back unchanged. The gradient of ReLU at exactly 0 is 0, as in relu_backward.

    Args:
        grad_out: gradient of the loss with respect to the block's output, of shape (N, D).
        x: what the block was given, of shape (N, D).
        w1: of shape (H, D).
        b1: of shape (H,).
        w2: of shape (D, H).
        b2: of shape (D,).

    Returns:
        grad_x, of shape (N, D).

    Example:
        grad_out = [[1, 2]], x = [[1, -2]], w1 = [[1, 1], [1, -1]], b1 = [0, 0], w2 = [[1, 2], [0, 1]],
        b2 = [0, 0.5]: inside the block x @ w1.T + b1 is [[-1, 3]], so only the second hidden unit is on. It gets
        the blame 1 * 2 + 2 * 1 = 4 and passes it on through its weights: [[4, -4]]. The identity path adds [[1, 2]],
        and grad_x = [[5, -2]].
    """
    raise NotImplementedError
