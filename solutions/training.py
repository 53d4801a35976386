"""Reference solution of the unit training: nothing new, only the earlier parts put together."""

import math
from typing import Any

import torch
from torch import Tensor

from .backprop import mlp_backward
from .initialization import he_init
from .losses import cross_entropy
from .neurons import mlp_forward
from .optimizers import adamw_step, clip_grad_norm, minibatches
from .schedules import warmup_cosine

MAX_NORM = 1.0
WARMUP = 0.1  # share of all steps


def train_mlp(
    x_train: Tensor,
    y_train: Tensor,
    x_val: Tensor,
    y_val: Tensor,
    hidden: int,
    epochs: int,
    batch_size: int,
    max_lr: float,
    generator: torch.Generator,
) -> dict[str, Any]:
    """A trained network with one hidden layer, and the record of its run: see `starter/training.py`."""
    num_samples, num_features = x_train.shape
    num_classes = int(y_train.max()) + 1
    weights = [he_init(num_features, hidden, generator), he_init(hidden, num_classes, generator)]
    params = [weight.to(x_train) for weight in weights] + [x_train.new_zeros(hidden), x_train.new_zeros(num_classes)]
    moments = [(torch.zeros_like(param), torch.zeros_like(param)) for param in params]
    total_steps = epochs * math.ceil(num_samples / batch_size)
    warmup_steps = max(1, round(WARMUP * total_steps))
    train_losses, val_losses, learning_rates = [], [], []
    for _ in range(epochs):
        sum_of_losses = 0.0
        for batch in minibatches(num_samples, batch_size, generator):
            loss, weight_grads, bias_grads = mlp_backward(x_train[batch], y_train[batch], params[:2], params[2:])
            grads, _ = clip_grad_norm(weight_grads + bias_grads, MAX_NORM)
            lr = warmup_cosine(len(learning_rates), warmup_steps, total_steps, max_lr)
            learning_rates.append(lr)
            t = len(learning_rates)
            for i, grad in enumerate(grads):
                params[i], *moments[i] = adamw_step(params[i], grad, *moments[i], t, lr)
            # The last batch may be short: a mean over the samples gives it its due weight.
            sum_of_losses += loss.item() * len(batch)
        train_losses.append(sum_of_losses / num_samples)
        val_losses.append(cross_entropy(mlp_forward(x_val, params[:2], params[2:]), y_val).item())
    return {
        "weights": params[:2],
        "biases": params[2:],
        "train_losses": train_losses,
        "val_losses": val_losses,
        "learning_rates": learning_rates,
    }
