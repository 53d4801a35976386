"""What `backpass plot` draws for the unit backprop."""

import itertools

import torch

from backpass.plotting.plots import both, plot

LAYERS, WIDTH, CLASSES = 12, 30, 10


def over_layers(axes, yours, expected):
    both(axes, list(range(1, LAYERS + 1)), yours["size"], expected["size"], marker="o")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 1e-4), max(high, 1))  # from layer to layer it wavers a little, and that means nothing
    axes.set_xlabel("layer, first to last")
    axes.set_ylabel("mean absolute gradient of its weights")


@plot("backprop.mlp_backward", over_layers)
def gradient_of_every_layer(function):
    """how much of the blame reaches each of 12 layers, with He's weights"""
    numbers = torch.Generator().manual_seed(0)
    sizes = [WIDTH] * LAYERS + [CLASSES]
    weights = [torch.randn(o, i, generator=numbers) * (2 / i) ** 0.5 for i, o in itertools.pairwise(sizes)]
    biases = [torch.zeros(size) for size in sizes[1:]]
    x, labels = torch.randn(50, WIDTH, generator=numbers), torch.arange(50) % CLASSES
    _, weight_grads, _ = function(x=x, labels=labels, weights=weights, biases=biases)
    return {"size": [grad.abs().mean().item() for grad in weight_grads]}
