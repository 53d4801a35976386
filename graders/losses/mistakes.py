"""What the expressions of mistakes.toml need statements for."""

import torch


def weights_of(counts, labels, num_classes):
    """The weights of so many classes."""
    return torch.where(counts > 0, len(labels) / (num_classes * counts), 0.0)


def gaps_closed(present, counts):
    """The weights of the classes that occur side by side, and zeros behind them."""
    weights = torch.zeros_like(counts)
    weights[: int((counts > 0).sum())] = present[counts > 0]
    return weights
