"""Training: all parts together. Fill in the function, then run `pytest exercises/training`.

Import your own earlier parts (`from optimizers import adamw_step`), or write what you need here: both are fine. The
network is yours to train from the inside: torch.nn, torch.optim and autograd are there to compare with, and earn no
points.
"""

from typing import Any

import torch


def train_mlp(
    x_train: torch.Tensor,
    y_train: torch.Tensor,
    x_val: torch.Tensor,
    y_val: torch.Tensor,
    hidden: int,
    epochs: int,
    batch_size: int,
    max_lr: float,
    generator: torch.Generator,
) -> dict[str, Any]:
    """Train a classifier with one hidden ReLU layer, and return it with the record of its run.

        start         He weights, biases 0
        every epoch   the samples dealt out anew into mini-batches, the short last one included
        every step    forward, backward, gradients clipped together, one AdamW step at the rate of that step
        the rate      warm-up from (almost) 0 to max_lr over a small part of all steps, then half a cosine down again
        every epoch   the loss on the validation set, which is only looked at and never trained on

    Args:
        x_train, y_train: (N, D) and int64 class indices (N,). Every class comes up, so C is the largest label plus 1.
        x_val, y_val: (M, D) and (M,), of the same kind.
        hidden: units of the hidden layer.
        epochs, batch_size: a run has epochs * ceil(N / batch_size) steps.
        max_lr: the highest learning rate of the run.
        generator: where all randomness comes from: the same seed gives the same result.

    Returns:
        A dict with
        "weights": [(hidden, D), (C, hidden)] and "biases": [(hidden,), (C,)], lists of tensors like x_train;
        "train_losses": a float for each epoch, the mean over the epoch's samples or the loss at the epoch's start;
        "val_losses": a float for each epoch, the loss on the validation set after it;
        "learning_rates": the Python float that was used at each step.

    Example:
        With N = 10, epochs = 3 and batch_size = 4 there are 9 learning rates: 3 batches an epoch, of 4, 4 and 2.

    The share of the warm-up (a tenth of the steps is usual), the norm to clip to (1.0 is usual) and the weight decay
    are yours to choose. On the handwritten digits of this unit at least 95 % of the validation set must come out
    right, and the first training loss must be at most log C + 1.

    See Goodfellow et al. 2016, Deep Learning, chapters 8 and 11.
    """
    raise NotImplementedError
