"""What `backpass plot` draws for the unit activations."""

import torch

from backpass.plotting.plots import both, plot

X = torch.linspace(-6, 6, 241, dtype=torch.float64)


def over_x(axes, yours, expected):
    both(axes, X.tolist(), yours["f(x)"], expected["f(x)"])
    axes.set_xlabel("x")
    axes.set_ylabel("f(x)")


def curve(name, text):
    def measure(function):
        return {"f(x)": function(x=X).tolist()}

    measure.__doc__ = text
    plot(f"activations.{name}", over_x)(measure)


curve("sigmoid", "any number, squeezed to between 0 and 1")
curve("tanh", "any number, squeezed to between -1 and 1")
curve("relu", "straight, with one corner")
curve("leaky_relu", "what is negative leaks through")
curve("gelu", "a smooth gate")
curve("silu", "x times its own sigmoid")
curve("sigmoid_grad", "a slope of a quarter at best")
curve("tanh_grad", "a slope of 1, at 0 only")
curve("relu_grad", "0 or 1")
curve("leaky_relu_grad", "a small slope, or 1")
curve("gelu_grad", "the slope of a smooth gate")
curve("silu_grad", "the slope of x times its own sigmoid")


def over_layers(axes, yours, expected):
    both(axes, list(range(1, 21)), yours["size"], expected["size"], marker="o")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_yscale("log")
    axes.set_xlabel("layers behind the gradient, last layer first")
    axes.set_ylabel("mean absolute gradient")


@plot("activations.gradient_through_depth", over_layers)
def gradient_through_depth(function):
    """a gradient on its way back through 20 sigmoids"""
    generator = torch.Generator().manual_seed(0)
    layers = [torch.randn(4, 30, generator=generator, dtype=torch.float64) for _ in range(20)]
    return {"size": function(grad=torch.ones(4, 30, dtype=torch.float64), preactivations=layers)}
