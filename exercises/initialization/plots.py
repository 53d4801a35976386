"""What `backpass plot` draws for the unit initialization."""

import torch

from backpass.plotting.plots import both, plot
from backpass.worker.wire import Seed

EDGES = torch.linspace(-0.4, 0.4, 81)
LAYERS = 20


def histogram(axes, yours, expected):
    middles = ((EDGES[1:] + EDGES[:-1]) / 2).tolist()
    both(axes, middles, yours["density"], expected["density"])
    axes.set_xlabel("weight")
    axes.set_ylabel("density")


def density(weight):
    counts = torch.histc(weight.double(), bins=len(EDGES) - 1, min=EDGES[0].item(), max=EDGES[-1].item())
    return (counts / weight.numel() / (EDGES[1] - EDGES[0])).tolist()


@plot("initialization.xavier_init", histogram)
def xavier(function):
    """200,000 weights of a layer from 250 inputs to 800"""
    return {"density": density(function(fan_in=250, fan_out=800, generator=Seed(0)))}


@plot("initialization.he_init", histogram)
def he(function):
    """200,000 weights of a layer from 250 inputs to 800"""
    return {"density": density(function(fan_in=250, fan_out=800, generator=Seed(0)))}


def over_layers(axes, yours, expected):
    both(axes, list(range(1, LAYERS + 1)), yours["std"], expected["std"], marker="o")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("layer")
    axes.set_ylabel("standard deviation of its output")


@plot("initialization.layer_stds", over_layers)
def signal(function):
    """a signal on its way through 20 layers with He's weights"""
    numbers = torch.Generator().manual_seed(1)
    weights = [torch.randn(60, 60, generator=numbers) * (2 / 60) ** 0.5 for _ in range(LAYERS)]
    return {"std": function(x=torch.randn(40, 60, generator=numbers), weights=weights)}


def over_layers_from_behind(axes, yours, expected):
    both(axes, list(range(LAYERS, 0, -1)), yours["std"], expected["std"], marker="o")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("layer")
    axes.set_ylabel("standard deviation of the gradient before it")


@plot("initialization.layer_grad_stds", over_layers_from_behind)
def gradient(function):
    """a gradient on its way back through 20 layers with He's weights"""
    numbers = torch.Generator().manual_seed(1)
    weights = [torch.randn(60, 60, generator=numbers) * (2 / 60) ** 0.5 for _ in range(LAYERS)]
    h, preactivations = torch.randn(40, 60, generator=numbers), []
    for weight in weights:
        preactivations.append(h @ weight.T)
        h = preactivations[-1].clamp(min=0)
    grad = torch.randn(40, 60, generator=numbers)
    return {"std": function(grad=grad, weights=weights, preactivations=preactivations)}
