"""Losses: what wrong means. Fill in the functions below and check them with `pytest exercises/losses`.

Results keep the dtype and device of the inputs; inputs are never modified and nothing is printed. Build from
elementary operations (torch.exp, torch.log, sums, indexing): torch.softmax and torch.nn.functional are there
to compare with, and earn no points. Autograd must reach through your code: no detach, no .item() on the way.
"""

import torch


def mse_loss(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average the squares of the errors: the mean squared error.

        loss = (1/n) sum_i (pred_i - target_i)^2        over all n elements

    Args:
        pred, target: float32 or float64, of one and the same shape, which may be any.

    Returns:
        The mean over all elements (not only over the batch), a 0-d tensor.

    Example:
        pred = [[1.0, 2.0], [3.0, 5.0]] and target = [[0.0, 2.0], [5.0, 4.0]] have the errors [[1, 0], [-2, 1]].
        The squares are 1, 0, 4 and 1, and the loss is their mean, 1.5.

    See torch.nn.functional.mse_loss.
    """
    raise NotImplementedError


def mae_loss(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average the sizes of the errors: the mean absolute error.

        loss = (1/n) sum_i |pred_i - target_i|        over all n elements

    Args:
        pred, target: float32 or float64, of one and the same shape, which may be any.

    Returns:
        The mean over all elements, a 0-d tensor. Its gradient is finite where an error is exactly 0, too.

    Example:
        The errors [[1, 0], [-2, 1]] of the example above have the sizes 1, 0, 2 and 1, and the loss is 1.0.

    See torch.nn.functional.l1_loss.
    """
    raise NotImplementedError


def huber_loss(pred: torch.Tensor, target: torch.Tensor, delta: float = 1.0) -> torch.Tensor:
    """Charge small errors by their squares, and large ones in proportion to their sizes.

        each_i = 0.5 e_i^2                      where |e_i| <= delta, with e = pred - target
                 delta (|e_i| - delta / 2)      elsewhere

    Args:
        pred, target: float32 or float64, of one and the same shape, which may be any.
        delta: above 0; where the parabola goes over into straight lines.

    Returns:
        The mean over all elements, a 0-d tensor.

    Example:
        With delta = 2, the errors 1 and -4 cost 0.5 * 1 = 0.5 and 2 (4 - 1) = 6, and the loss is 3.25.

    See Huber 1964; torch.nn.functional.huber_loss (smooth_l1_loss is another one).
    """
    raise NotImplementedError


def softmax(logits: torch.Tensor) -> torch.Tensor:
    """Turn scores into probabilities, over the last dimension.

        softmax(z)_i = exp(z_i) / sum_j exp(z_j)

    Args:
        logits: float32 or float64, of shape (..., C): any number of leading dimensions, also none. Each row
            along the last dimension is one set of scores, and is normalized by itself.

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


def binary_cross_entropy(prob: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average the price of each yes-or-no prediction that is given as a probability.

        each = -(target log(prob) + (1 - target) log(1 - prob))

    with both logarithms cut off at -100, as torch does, so that a probability of exactly 0 or 1 has a finite
    price.

    Args:
        prob: the probabilities of class 1, from 0 to 1 inclusive, float32 or float64, of any shape.
        target: of the same shape and dtype, 0 or 1 or anything between.

    Returns:
        The mean over all elements, a 0-d tensor. It is never infinite and never NaN, and neither is its gradient.

    Example:
        prob = [0.75, 0.5] with target = [1.0, 0.0] costs -log(0.75) = 0.2877 and -log(0.5) = 0.6931; the loss
        is 0.4904. prob = [0.0] with target = [1.0] costs 100, and with target = [0.0] nothing.

    See torch.nn.functional.binary_cross_entropy.
    """
    raise NotImplementedError


def bce_with_logits(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average the price of each yes-or-no prediction that is given as a logit.

        each = -(target log(s) + (1 - target) log(1 - s))        with s = 1 / (1 + exp(-logit))

    That is the definition. Computed literally, it fails for large logits; simplify it first.

    Args:
        logits: float32 or float64, of any shape and any size.
        target: of the same shape and dtype, 0 or 1 or anything between.

    Returns:
        The mean over all elements, a 0-d tensor, finite and exact for logits of any size.

    Example:
        logits = [log 3, 0] = [1.0986, 0.0] are the probabilities [3/4, 1/2]. With target = [1.0, 0.0] the loss is
        (0.2877 + 0.6931) / 2 = 0.4904. The logit 1000 with target 0 costs 1000.

    See torch.nn.functional.binary_cross_entropy_with_logits.
    """
    raise NotImplementedError


def kl_divergence(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """Measure how far the distribution q is from the true one, p: the Kullback-Leibler divergence.

        row = sum_c p_c log(p_c / q_c)

    A term is 0 where p_c = 0, whatever q_c is, and infinite where q_c = 0 and p_c > 0.

    Args:
        p, q: float32 or float64, of shape (N, C); each row adds up to 1.

    Returns:
        The mean over the N rows, a 0-d tensor; 0 if p = q, above 0 or infinite otherwise.

    Example:
        p = [[0.5, 0.5]] and q = [[0.25, 0.75]] give 0.5 log 2 + 0.5 log(2/3) = 0.1438. Exchanged they give 0.1308.
        p = [[1.0, 0.0]] and q = [[0.5, 0.5]] give log 2 = 0.6931; exchanged they give infinity.

    See Kullback & Leibler 1951; torch.nn.functional.kl_div takes its arguments in another order and form.
    """
    raise NotImplementedError


def weighted_cross_entropy(logits: torch.Tensor, labels: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Cross-entropy in which each sample counts as much as the class of its label.

        loss = -(sum_n weight[labels_n] log softmax(logits_n)[labels_n]) / (sum_n weight[labels_n])

    Args:
        logits: float32 or float64, of shape (N, C), of any size.
        labels: int64 class indices from 0 to C - 1, of shape (N,).
        weight: one number for each class, 0 or more, of shape (C,).

    Returns:
        The weighted mean, a 0-d tensor: divided by the sum of the weights that were used, which is torch's
        convention. If all weights are equal it is the plain cross-entropy.

    Example:
        The two samples of cross_entropy's example cost 1.3863 (label 0) and 0.6931 (label 1). With
        weight = [3.0, 1.0] the loss is (3 * 1.3863 + 1 * 0.6931) / (3 + 1) = 1.2130.

    See torch.nn.functional.cross_entropy with its argument weight.
    """
    raise NotImplementedError


def class_weights(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Weigh the classes so that together the samples of each count the same.

        weight_c = N / (C count_c)        with N samples, C classes, and count_c samples of class c

    Args:
        labels: int64 class indices from 0 to num_classes - 1, of shape (N,).
        num_classes: C. Some of the classes may not occur in labels.

    Returns:
        A float32 tensor of shape (C,). A class that does not occur gets 0.

    Example:
        labels = [0, 0, 0, 1] with num_classes = 2 gives [4 / (2 * 3), 4 / (2 * 1)] = [0.6667, 2.0], and with
        num_classes = 3 [4/9, 4/3, 0].

    See scikit-learn's class_weight="balanced".
    """
    raise NotImplementedError


def focal_loss(logits: torch.Tensor, labels: torch.Tensor, gamma: float = 2.0) -> torch.Tensor:
    """Cross-entropy that pays less attention to samples that are classified well already.

        loss = (1/N) sum_n (1 - p_n)^gamma (-log p_n)        with p_n = softmax(logits_n)[labels_n]

    Args:
        logits: float32 or float64, of shape (N, C), of any size.
        labels: int64 class indices from 0 to C - 1, of shape (N,).
        gamma: 0 or more; 0 is plain cross-entropy.

    Returns:
        The mean over the batch, a 0-d tensor, finite for logits of any size.

    Example:
        logits = [[0, log 3]] = [[0.0, 1.0986]] are the probabilities [[1/4, 3/4]]. With gamma = 2, label 1 costs
        (1/4)^2 * 0.2877 = 0.0180, and label 0 costs (3/4)^2 * 1.3863 = 0.7798.

    See Lin et al. 2017, "Focal Loss for Dense Object Detection".
    """
    raise NotImplementedError
