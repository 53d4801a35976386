"""Neurons: from one neuron to a network. Fill in the functions below and check them with `pytest exercises/neurons`.

Results keep the dtype and device of the inputs; inputs are never modified and nothing is printed. Build from
elementary operations (matmul, sums, torch.exp, torch.clamp): torch.nn, torch.sigmoid and torch.relu are there to
compare with, and earn no points. Autograd must reach through your code: no detach, no .item() on the way.
"""

import torch


def neuron(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Compute the output of one neuron: a weighted sum of its inputs plus a bias, through a sigmoid.

        z = sum_i weight_i x_i + bias
        output = 1 / (1 + exp(-z))

    Args:
        x: the inputs, float32 or float64, of shape (D,).
        weight: one weight per input, of shape (D,).
        bias: a 0-d tensor.

    Returns:
        A number between 0 and 1, as a 0-d tensor. Never NaN, and neither is its gradient: a z of 1000 gives 1, and
        a z of -1000 gives 0.

    Example:
        x = [1, 2], weight = [3, -1], bias = -1: z = 3 - 2 - 1 = 0, and the output is 0.5.
        With bias = -1 + log 3 = 0.0986, z is log 3, and the output is 1 / (1 + 1/3) = 0.75.
    """
    raise NotImplementedError


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Compute the weighted sums of a whole layer of neurons, for a whole batch.

        output[n, o] = sum_d x[n, d] weight[o, d] + bias[o]

    Each row of weight belongs to one neuron.

    Args:
        x: one sample per row, float32 or float64, of shape (N, D).
        weight: one neuron per row, of shape (out, D).
        bias: one number per neuron, of shape (out,).

    Returns:
        One row per sample and one column per neuron, of shape (N, out).

    Example:
        x = [[1, 2], [0, 1]], weight = [[1, 0], [0, 1], [1, 1]], bias = [0, 0, 10]:
        the three neurons look at the first feature, the second, and the sum of both plus 10, so
        the output is [[1, 2, 13], [0, 1, 11]].

    See torch.nn.Linear.
    """
    raise NotImplementedError


def collapse_linear(
    w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Find the one linear layer that does what two linear layers in a row do.

        linear(linear(x, w1, b1), w2, b2) = linear(x, weight, bias)    for every x

    Args:
        w1: weight of the first layer, float32 or float64, of shape (H, D).
        b1: bias of the first layer, of shape (H,).
        w2: weight of the second layer, of shape (out, H).
        b2: bias of the second layer, of shape (out,).

    Returns:
        (weight, bias), of the shapes (out, D) and (out,).

    Example:
        w1 = [[1], [2]], b1 = [1, 0], w2 = [[3, 4]], b2 = [5]: an input x becomes (x + 1, 2 x), and then
        3 (x + 1) + 4 * 2 x + 5 = 11 x + 8. So weight = [[11]] and bias = [8].
    """
    raise NotImplementedError


def mlp_forward(x: torch.Tensor, weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.Tensor:
    """Run a batch through a multi-layer perceptron: linear layers, with a ReLU after each of them but the last.

        h_0 = x
        h_l = relu(h_(l-1) @ W_l.T + b_l)      for every layer but the last
        logits = h_(L-1) @ W_L.T + b_L

    relu(z) is z where z is positive, and 0 elsewhere.

    Args:
        x: one sample per row, float32 or float64, of shape (N, D).
        weights: the L weights, first layer first, each of shape (out, in); L is 1 or more.
        biases: the L biases, each of shape (out,).

    Returns:
        The output of the last layer, of shape (N, C): the logits, which may be negative.

    Example:
        x = [[1, 2]], weights = [[[1, 1], [1, -1]], [[2, 3]]], biases = [[0, 0], [-10]]:
        the first layer gives (3, -1), ReLU makes it (3, 0), and the second gives 2 * 3 + 3 * 0 - 10 = -4.
        The result is [[-4]].
    """
    raise NotImplementedError


def residual_block(
    x: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor
) -> torch.Tensor:
    """Add a correction to x, which two layers with a ReLU between them compute from x.

        output = x + relu(x @ w1.T + b1) @ w2.T + b2

    Args:
        x: one sample per row, float32 or float64, of shape (N, D).
        w1: of shape (H, D).
        b1: of shape (H,).
        w2: of shape (D, H): the correction has as many features as x, so that the two can be added.
        b2: of shape (D,).

    Returns:
        A tensor of the shape of x. There is no ReLU after the sum.

    Example:
        x = [[1, -2]], w1 = [[1, 1], [1, -1]], b1 = [0, 0], w2 = [[1, 2], [0, 1]], b2 = [0, 0.5]:
        the first layer gives (-1, 3), ReLU makes it (0, 3), the second gives (6, 3.5), and the result
        is [[7, 1.5]].
    """
    raise NotImplementedError


def least_squares(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Find the weights of a linear regression in closed form, without any training.

        weights = the w that makes sum_n (x[n] . w - y[n])^2 as small as it can be

    At that w the gradient is zero: x.T @ (x @ w - y) = 0. There is no bias; if you want one, put a column of
    ones into x.

    Args:
        x: one sample per row, float32 or float64, of shape (N, D), with N at least D and independent columns.
            The columns may differ in scale, from 1e-3 to 1e3.
        y: one target per sample, of shape (N,).

    Returns:
        The weights, of shape (D,). In float64 they are right to 1e-6 of their size. Any method that reaches this
        will do, torch.linalg included.

    Example:
        x = [[1, 0], [1, 1], [1, 2]], y = [1, 2, 4]: the line a + b t that fits the points (0, 1), (1, 2) and
        (2, 4) best has b = 3/2 and a = 5/6, so the result is [0.8333, 1.5].
    """
    raise NotImplementedError
