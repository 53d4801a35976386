"""What `backpass plot` draws for the unit landscape."""

import torch

from backpass.plotting.plots import BROAD, THIN, both, plot

NUMBERS = torch.Generator().manual_seed(0)
X, Y = torch.randn(30, 2, generator=NUMBERS), torch.randn(30, generator=NUMBERS)
START, END = torch.randn(2, 2, 6, generator=NUMBERS)
STEPS = torch.linspace(-2, 2, 17).tolist()


def loss(w):
    """w (2, 6) -> the mean squared error of a network of six tanh units on 30 points"""
    return ((torch.tanh(X @ w.reshape(2, 6)).sum(1) - Y) ** 2).mean()


def on_a_line(axes, yours, expected):
    shares = [index / (len(expected["loss"]) - 1) for index in range(len(expected["loss"]))]
    both(axes, shares, yours["loss"], expected["loss"])
    axes.set_xlabel("share of the way")
    axes.set_ylabel("loss")


@plot("landscape.loss_on_line", on_a_line)
def line(function):
    """a small network on the way from one set of weights to another"""
    return {"loss": function(f=loss, start=START, end=END, num=41).tolist()}


def on_a_plane(axes, yours, expected):
    levels = [0.5, 1, 2, 3, 4, 6, 8, 12]
    for heights, style in ((expected["loss"], BROAD), (yours["loss"], THIN)):
        heights = torch.tensor(heights)
        rows, columns = STEPS[: heights.shape[0]], STEPS[: heights.shape[1]]
        axes.contour(rows, columns, heights.T, levels=levels, colors=style["color"], linewidths=style["linewidth"])
        axes.plot([], [], **style)
    axes.set_aspect("equal")
    axes.set_xlabel("alpha")
    axes.set_ylabel("beta")
    axes.legend(frameon=False, loc="upper right")


@plot("landscape.loss_on_plane", on_a_plane)
def plane(function):
    """a small network's loss around its weights"""
    losses = function(f=loss, center=START, u=END, v=END.flip(1), alphas=STEPS, betas=STEPS)
    return {"loss": losses.tolist()}


def over_iterations(axes, yours, expected):
    both(axes, list(range(1, 16)), yours["sharpness"], expected["sharpness"], marker="o")
    axes.set_xlabel("iterations")
    axes.set_ylabel("curvature")


@plot("landscape.sharpness", over_iterations)
def curvature(function):
    """power iteration comes to the largest of the curvatures 3, 2.4, 1 and -2"""
    curvatures = torch.tensor([3.0, 2.4, 1.0, -2.0])
    return {
        "sharpness": [
            function(matvec=lambda v: curvatures * v, start=torch.ones(4), iterations=n) for n in range(1, 16)
        ]
    }


POINTS = torch.linspace(-1, 1, 20)
HEIGHTS = torch.sin(4 * POINTS) + (POINTS > 0.3)
RATES = (0.15, 0.25)


def gradient(w):
    """w (24,) -> the gradient of a network of eight tanh units with 20 points to fit"""
    slope, bias, out = w.split(8)
    h = torch.tanh(POINTS[:, None] * slope + bias)
    error = 2 * (h @ out - HEIGHTS)[:, None] / len(POINTS)
    inner = error * out * (1 - h * h)
    return torch.cat([(inner * POINTS[:, None]).sum(0), inner.sum(0), (error * h).sum(0)])


def along_training(axes, yours, expected):
    for rate in RATES:
        name = f"rate {rate}"
        both(axes, list(range(0, 601, 30)), yours[name], expected[name])
        axes.axhline(2 / rate, color="#6b6b6b", linestyle="dotted")
        axes.annotate(f"2 / {rate}", (0, 2 / rate), (3, 3), textcoords="offset points", fontsize=9)
        axes.annotate(name, (600, expected[name][-1]), (-6, -34), textcoords="offset points", fontsize=9, ha="right")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[:2], labels[:2], frameon=False)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("step of gradient descent")
    axes.set_ylabel("sharpness")


@plot("landscape.hessian_vector_product", along_training)
def edge_of_stability(function):
    """in training, sharpness rises to 2 / rate"""
    return {f"rate {rate}": sharpness_along(rate, function) for rate in RATES}


def sharpness_along(rate, product):
    w, found = 0.5 * torch.randn(24, generator=torch.Generator().manual_seed(0)), []
    for step in range(601):
        if step % 30 == 0:
            v = torch.ones(24)
            for _ in range(8):
                v = v / v.norm()
                v, before = product(gradient, w, v, h=1e-2), v
            found.append(float((before * v).sum()))
        w = w - rate * gradient(w)
    return found
