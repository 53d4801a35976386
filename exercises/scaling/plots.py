"""What `backpass plot` draws for the unit scaling: what recomputing costs and saves, and a loss scale at work."""

import torch

from backpass.plotting.plots import both, plot

LAYERS = 24


def over_segments(axes, yours, expected):
    every = list(range(1, LAYERS + 1))
    both(axes, every, yours["runs"], expected["runs"])
    memory = [-(-LAYERS // each) + each - 1 for each in every]
    axes.plot(every, memory, color="#6b6b6b", linestyle="dotted", label="inputs in memory")
    axes.legend(frameon=False)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("every")
    axes.set_ylabel(f"layers run forwards, of {LAYERS}")


@plot("scaling.checkpointed_backward", over_segments)
def checkpointed_backward(function):
    """24 layers: the price of recomputing, and what stays in memory"""
    runs = []

    def forward(x):
        runs.append(0)
        return 0.9 * x

    def counted(every):
        runs.clear()
        forwards, backwards = [forward] * LAYERS, [lambda grad_out, x: 0.9 * grad_out] * LAYERS
        function(forwards, backwards, torch.ones(1), torch.ones(1), every)
        return len(runs)

    return {"runs": [counted(every) for every in range(1, LAYERS + 1)]}


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
