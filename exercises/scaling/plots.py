"""What `backpass plot` draws for the unit scaling: memory, measured and predicted, and a loss scale at work."""

from functools import partial
from itertools import pairwise

import torch

from backpass.plotting.plots import both, plot

LAYERS = 24


def over_segments(axes, yours, expected):
    every = list(range(1, LAYERS + 1))
    both(axes, every, yours["kept"], expected["kept"])
    predicted = [-(-LAYERS // each) + each - 1 for each in every]
    axes.plot(every, predicted, color="#6b6b6b", linestyle="dotted", label="predicted: checkpoints + one segment")
    axes.plot(
        every[: len(yours["runs"])], yours["runs"], color="#2b7a3d", linewidth=1, label="layers that you run forwards"
    )
    axes.legend(frameon=False)
    axes.set_ylim(0, 2.4 * LAYERS)
    axes.set_xlabel("every")
    axes.set_ylabel(f"inputs kept at once, of {LAYERS} layers")


@plot("scaling.checkpointed_backward", over_segments)
def checkpointed_backward(function):
    """memory against every, measured and predicted"""
    measured = [_measured(function, every) for every in range(1, LAYERS + 1)]
    return {"kept": [kept for kept, _ in measured], "runs": [runs for _, runs in measured]}


def _measured(function, every):
    """The most inputs that were in memory at once, and how many layers were run forwards.

    An input is there from when it is computed, or computed again, until it is used for the last time before that.
    """
    calls = []

    def forward(layer, x):
        calls.append((layer, True))
        return 0.9 * x

    def backward(layer, grad_out, x):
        calls.append((layer, False))
        return 0.9 * grad_out

    forwards = [partial(forward, layer) for layer in range(LAYERS)]
    backwards = [partial(backward, layer) for layer in range(LAYERS)]
    function(forwards, backwards, torch.ones(1), torch.ones(1), every)
    computed = {0: 0}
    used = {}  # (layer, when its input was computed) -> when it was last used
    for time, (layer, is_forward) in enumerate(calls, 1):
        used[layer, computed[layer]] = time
        if is_forward:
            computed[layer + 1] = time
    kept = [sum(start < time <= end for (_, start), end in used.items()) for time in range(1, len(calls) + 1)]
    return max(kept), sum(is_forward for _, is_forward in calls)


SIZES, BATCHES = [64, 128, 128, 10], [1, 32, 64, 128, 256, 512]


def over_batches(axes, yours, expected):
    both(axes, BATCHES, yours["predicted"], expected["predicted"])
    axes.plot(BATCHES, yours["measured"], "o", color="#2b7a3d", markersize=5, label="measured in torch")
    axes.legend(frameon=False)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("samples in the batch")
    axes.set_ylabel("weights, gradients and inputs, kilobytes")


@plot("scaling.training_memory", over_batches)
def training_memory(function):
    """three layers, predicted and measured"""
    predicted = [function(SIZES, batch, states=0) / 1000 for batch in BATCHES]
    return {"predicted": predicted, "measured": [_bytes_in_training(batch) / 1000 for batch in BATCHES]}


def _bytes_in_training(batch):
    """What torch holds after the forward pass, and the gradients that the backward pass adds."""
    layers = [torch.nn.Linear(*each) for each in pairwise(SIZES)]
    held = {}

    def keep(tensor):
        held[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        h = torch.ones(batch, SIZES[0])
        for layer in layers[:-1]:
            h = layer(h).relu()
        out = layers[-1](h)
    parameters = [each for layer in layers for each in layer.parameters()]
    for each in parameters:
        keep(each)
    out.sum().backward()
    return sum(held.values()) + sum(each.grad.nbytes for each in parameters)


def over_steps(axes, yours, expected):
    both(axes, list(range(len(expected["scale"]))), yours["scale"], expected["scale"])
    axes.set_yscale("log", base=2)
    axes.set_xlabel("step")
    axes.set_ylabel("loss scale")


@plot("scaling.update_loss_scale", over_steps)
def update_loss_scale(function):
    """gradients overflow above 4096, and growth comes after 20 good steps"""
    scale, good_steps, scales = 65536.0, 0, []
    for _ in range(120):
        scales.append(float(scale))
        scale, good_steps = function(scale, good_steps, found_inf=scale > 4096, interval=20)
    return {"scale": scales}
