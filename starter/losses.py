"""Losses: what wrong means. Fill in the functions below and check them with `pytest exercises/losses`.

Results keep the dtype and device of the inputs; inputs are never modified and nothing is printed. Build from
elementary operations (torch.exp, torch.log, sums, indexing): torch.softmax and torch.nn.functional are there
to compare with, and earn no points. Autograd must reach through your code: no detach, no .item() on the way.
"""

import torch


def softmax(logits: torch.Tensor) -> torch.Tensor:
    """Turn scores into probabilities, over the last dimension.

        softmax(z)_i = exp(z_i) / sum_j exp(z_j)

    Args:
        logits: float32 or float64, of shape (..., C): any number of leading dimensions, also none. Each row
            along the last dimension is one set of scores, and is normalised by itself.

    Returns:
        A tensor of the same shape and dtype. Each row is finite and adds up to 1, for logits of any size and
        for rows that lie far apart: 800 in one row must not disturb -800 in the next.

    Example:
        softmax([0, log 2, log 3]) = softmax([0.0, 0.6931, 1.0986]) = [1/6, 1/3, 1/2]:
        the exponentials are 1, 2 and 3, and their sum is 6.
        softmax([800.0, 800.0]) = [0.5, 0.5], although exp(800) is more than a float can hold.

    See torch.softmax.
    """
    raise NotImplementedError


def log_softmax(logits: torch.Tensor) -> torch.Tensor:
    """Take the logarithm of the softmax, over the last dimension, without losing the small probabilities.

        log_softmax(z)_i = log(exp(z_i) / sum_j exp(z_j))

    That is the definition. Computed literally, it fails for large logits; simplify it first.

    Args:
        logits: float32 or float64, of shape (..., C): any number of leading dimensions, also none.

    Returns:
        A tensor of the same shape and dtype, with no entry above 0. Finite and exact for logits of any size,
        also where the probability itself is too small for a float.

    Example:
        log_softmax([0, log 2, log 3]) = log([1/6, 1/3, 1/2]) = [-1.7918, -1.0986, -0.6931].
        log_softmax([1000.0, 0.0]) = [0, -1000], where log(softmax) gives [0, -inf].

    See torch.log_softmax.
    """
    raise NotImplementedError


def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Average the price of each prediction: minus the log of the probability given to the right class.

        loss = -(1/N) sum_n log softmax(logits_n)[labels_n]

    Args:
        logits: float32 or float64, of shape (N, C), of any size.
        labels: int64 class indices from 0 to C - 1, of shape (N,).

    Returns:
        The mean over the batch, a 0-d tensor with the dtype of logits, finite for logits of any size.

    Example:
        logits = [[0, log 3], [0, 0]] = [[0.0, 1.0986], [0.0, 0.0]] are the probabilities
        [[1/4, 3/4], [1/2, 1/2]]. With labels = [0, 1] the samples cost -log(1/4) = 1.3863 and
        -log(1/2) = 0.6931, and the loss is their mean, 1.0397.

    See torch.nn.functional.cross_entropy.
    """
    raise NotImplementedError
