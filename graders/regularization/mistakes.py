"""What the expressions of mistakes.toml need beside torch."""

import torch


def one_a_sample(x):
    """The shape for one number a sample, ready to be broadcast."""
    return (*x.shape[:1], *(1 for _ in x.shape[1:]))


def after_each_epoch(losses, improves, count, remembered, start):
    """The best epoch, and how many have passed without an improvement, after every epoch of a run."""
    best, best_epoch, waited = start
    states = [(best_epoch, waited)]
    for epoch, loss in enumerate(losses[1:], start=1):
        improved = improves(loss, best, best_epoch, losses[epoch - 1])
        best, best_epoch = remembered(loss, best, improved), epoch if improved else best_epoch
        waited = count(waited, improved)
        states.append((best_epoch, waited))
    return states


def one_hot(targets):
    """1 for the largest entry of each row, 0 for the others."""
    return torch.zeros_like(targets).scatter(1, targets.argmax(1, keepdim=True), 1.0)


def one_by_one(batch, permutation, share):
    """Each sample blended with its partner in one tensor: later ones meet partners that are blended already."""
    batch = batch.clone()
    for index, partner in enumerate(permutation.tolist()):
        batch[index] = share * batch[index] + (1 - share) * batch[partner]
    return batch


def picked(images, rows, columns):
    """Of each image the rows (N, H) and columns (N, W)."""
    samples = torch.arange(len(images))[:, None, None, None]
    channels = torch.arange(images.shape[1])[:, None, None]
    return images[samples, channels, rows[:, None, :, None], columns[:, None, None, :]]
