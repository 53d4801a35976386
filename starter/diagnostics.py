"""Diagnostics: reading a run. Fill in the functions below and check them with `pytest exercises/diagnostics`.

Nothing is printed, inputs are never modified, and no random number comes from anywhere but the generator that you
are given. Where a float is asked for, it is a Python float, not a tensor.
"""

import torch


def initial_loss(num_classes: int) -> float:
    """Say what cross-entropy an untrained classifier should have: one that gives every class the same probability.

        loss = log C

    Args:
        num_classes: C, at least 1.

    Returns:
        The mean of -log p(correct class) of such a classifier, in nats (natural logarithm).

    Example:
        Two classes: 0.693147. Ten classes: 2.302585.
    """
    raise NotImplementedError


def accuracy(pred: torch.Tensor, labels: torch.Tensor) -> float:
    """Compute the share of the samples whose predicted class is the right one.

    Args:
        pred: predicted classes, int64 of shape (N,), N at least 1.
        labels: the right classes, of the same shape.

    Returns:
        A float between 0 and 1.

    Example:
        pred = [0, 1, 1, 2] and labels = [0, 1, 2, 2] agree in three of four places: 0.75.
    """
    raise NotImplementedError


def recall(pred: torch.Tensor, labels: torch.Tensor, positive: int = 1) -> float:
    """Compute the share of the samples of one class that are found: predicted to be of that class.

        recall = (samples of the class that are predicted to be of it) / (samples of the class)

    Args:
        pred: predicted classes, int64 of shape (N,).
        labels: the right classes, of the same shape. There may be more than two classes.
        positive: the class in question.

    Returns:
        A float between 0 and 1; 0.0 where no sample has the class.

    Example:
        labels = [1, 1, 1, 0, 0] and pred = [1, 0, 0, 0, 1]: one of the three samples of class 1 is found, 0.333333.
        For positive=0, one of two is found: 0.5.
    """
    raise NotImplementedError


def precision(pred: torch.Tensor, labels: torch.Tensor, positive: int = 1) -> float:
    """Compute the share of the samples predicted to be of one class that really are of that class.

        precision = (samples of the class that are predicted to be of it) / (samples predicted to be of it)

    Args:
        pred: predicted classes, int64 of shape (N,).
        labels: the right classes, of the same shape. There may be more than two classes.
        positive: the class in question.

    Returns:
        A float between 0 and 1; 0.0 where no sample is predicted to be of the class.

    Example:
        labels = [1, 1, 1, 0, 0] and pred = [1, 0, 0, 0, 1]: one of the two samples that are predicted to be of class 1
        is of it, 0.5. For positive=0, it is one of three: 0.333333.
    """
    raise NotImplementedError


def confusion_matrix(pred: torch.Tensor, labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Count which class is taken for which.

        matrix[t, p] = the number of samples of class t that are predicted to be of class p

    Rows are the right classes, columns the predicted ones, so right predictions are counted on the diagonal.

    Args:
        pred: predicted classes, int64 of shape (N,), from 0 to num_classes - 1.
        labels: the right classes, of the same shape and range.
        num_classes: C. Some classes may not occur at all.

    Returns:
        An int64 tensor of shape (C, C), on the device of pred.

    Example:
        labels = [0, 0, 1, 2] and pred = [0, 1, 1, 0] with num_classes=3 give [[1, 1, 0], [0, 1, 0], [1, 0, 0]].
    """
    raise NotImplementedError


def gradient_report(
    grads: dict[str, torch.Tensor], low: float = 1e-6, high: float = 1e3
) -> dict[str, tuple[float, str]]:
    """Report how large each gradient is, and whether it is alive.

        size = the mean of the absolute values of all entries

        "exploding"   an entry is infinite or NaN, or size > high
        "vanishing"   size < low
        "healthy"     otherwise

    Args:
        grads: one gradient for each name, tensors of any shapes.
        low, high: the limits of what is healthy. Of a size exactly at a limit, either verdict is right.

    Returns:
        A dict with the same names: (size as a Python float, verdict). Where an entry is not finite, no size has a
        meaning: infinity and NaN are both right.

    Example:
        {"w1": [[1e-8, -3e-8]], "b1": [0.5, -1.5]} gives {"w1": (2e-8, "vanishing"), "b1": (1.0, "healthy")}.
    """
    raise NotImplementedError


def update_ratio(old: torch.Tensor, new: torch.Tensor) -> float:
    """Measure how far a step has moved a tensor of weights, by the size of the weights.

        ratio = norm(new - old) / norm(old)        norm: the root of the sum of the squares of all entries

    Args:
        old: the weights before the step, float32 or float64, of any shape.
        new: the weights after it, of the same shape and dtype.

    Returns:
        A Python float: infinity where old is all zeros and new is not, 0.0 where both are.

    Example:
        old = [3, 4] and new = [3, 4.01]: the change has the norm 0.01 and old has the norm 5, so the ratio is 0.002.
    """
    raise NotImplementedError


def diagnose_curve(train: list[float], val: list[float]) -> str:
    """Name what the loss curves of a run show, in one of seven words.

        "diverged"      The loss stops being a number (NaN or infinite) and stays that way, or it grows to many
                        times what it was at the start. Whatever came before.
        "spike"         A single jump, within one epoch, to several times the level before; within a few epochs
                        the loss is back, and goes on falling.
        "oscillating"   Both losses jump up and down from epoch to epoch, by a large part of their level, until the
                        end. They do not settle.
        "not learning"  Both losses stay where they started, from the first epoch to the last.
        "underfitting"  Both losses fall a little, then come to rest together on a level that is still more than
                        half of the start.
        "overfitting"   The training loss falls on and on. The validation loss falls at first, turns, and ends far
                        above its own minimum.
        "healthy"       Both losses fall to a small part of the start, side by side, and do not turn up.

    What a curve means does not depend on its scale: the loss may start at 0.02 or at 150. All curves carry some noise,
    a few percent of their level at most. They are clear-cut: how you turn "a large part" into a number is your choice,
    and reasonable choices agree. Most of them are drawn by formula, the others come from runs of small networks, many
    of which were trained wrongly on purpose.

    Args:
        train: the training loss, one float an epoch, 12 epochs or more; the first value is from before the training.
        val: the validation loss at the same epochs.

    Returns:
        One of the seven words.

    Example:
        train = [2.3, 1.4, 0.9, 0.6, 0.42, 0.3, 0.22, 0.17, 0.13, 0.105, 0.085, 0.07] with
        val = [2.3, 1.3, 0.9, 0.8, 0.85, 0.95, 1.05, 1.2, 1.3, 1.4, 1.5, 1.6] is "overfitting".
    """
    raise NotImplementedError


def overfit_one_batch(
    x: torch.Tensor, labels: torch.Tensor, hidden: int, lr: float, steps: int, generator: torch.Generator
) -> list[float]:
    """Train a network with one hidden layer on one batch, again and again, until it knows the batch by heart.

        logits = relu(x W1^T + b1) W2^T + b2        loss = cross-entropy, the mean over the batch

    This is the first test of any training code: a network that cannot learn eight samples by heart has a bug. The
    number of classes is the largest label plus one. Start from random weights that are small enough for the first loss
    to be near log C (he_init, say). Every step uses the whole batch. Any optimizer will do, and any other
    nonlinearity; lr is its learning rate.

    Build it from elementary operations or from your own earlier exercises (`from backprop import mlp_backward`).
    The backward pass is written by hand: Tensor.backward, torch.autograd, torch.nn and torch.optim earn no points.

    Args:
        x: float32 or float64, of shape (N, D). The network computes in its dtype.
        labels: int64 of shape (N,).
        hidden: the number of hidden units.
        lr: the learning rate. At 0, nothing changes.
        steps: the number of steps.
        generator: the only source of randomness: the same state, the same losses.

    Returns:
        `steps` Python floats: the loss before each step. The first is that of the untrained network. On 8 different
        samples the last is below 0.01 after 1000 steps with 64 hidden units, for at least one of the learning rates
        0.5, 0.1, 0.02 and 0.003: take the optimizer that you like.
    """
    raise NotImplementedError
