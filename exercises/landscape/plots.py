"""What `backpass plot` draws for the unit landscape: small ones, and that of one's own trained network."""

from pathlib import Path

import numpy
import torch

from backpass.plotting.plots import BROAD, THIN, Unplottable, both, plot
from backpass.worker.wire import Seed

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


DIGITS = Path(__file__).resolve().parents[1] / "training" / "digits.csv.gz"
AROUND = torch.linspace(-1, 1, 17).tolist()
HEIGHTS_SHOWN = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]


def around_a_network(axes, yours, expected):
    for heights, style in ((expected["loss"], BROAD), (yours["loss"], THIN)):
        heights = torch.tensor(heights)
        rows, columns = AROUND[: heights.shape[0]], AROUND[: heights.shape[1]]
        lines = axes.contour(
            rows, columns, heights.T, levels=HEIGHTS_SHOWN, colors=style["color"], linewidths=style["linewidth"] / 2
        )
    axes.clabel(lines, fontsize=8, fmt="%g")
    axes.plot([], [], **BROAD | {"label": "the course's"})
    axes.plot([], [], **THIN)
    axes.plot(0, 0, marker="*", markersize=11, color="#2b7a3d")
    axes.set_aspect("equal")
    axes.set_xlabel("along one random direction")
    axes.set_ylabel("along another")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


@plot("landscape.normalize_filters", around_a_network)
def own_network(function, train_mlp, loss_on_plane):
    """the loss around your own trained network"""
    if not DIGITS.is_file():
        raise Unplottable("This picture is of your train_mlp on the digits of the unit training, which are not here.")
    table = torch.from_numpy(numpy.loadtxt(DIGITS, delimiter=",", dtype=numpy.float32))
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    run = train_mlp(
        *(x[:1437], y[:1437], x[1437:], y[1437:]),
        hidden=32,
        epochs=8,
        batch_size=64,
        max_lr=0.02,
        generator=Seed(0),
    )
    weights, biases = run["weights"], run["biases"]
    sizes = [weight.numel() for weight in weights]

    def loss(w):
        """w (2368,), all weights in a row -> the cross-entropy of 360 training pictures; the biases stay"""
        first, second = (part.reshape(weight.shape) for part, weight in zip(w.split(sizes), weights, strict=True))
        logits = (x[:360] @ first.T + biases[0]).relu() @ second.T + biases[1]
        return torch.nn.functional.cross_entropy(logits, y[:360])

    generator = torch.Generator().manual_seed(1)
    u, v = (
        torch.cat([function(torch.randn(weight.shape, generator=generator), weight).reshape(-1) for weight in weights])
        for _ in range(2)
    )
    center = torch.cat([weight.reshape(-1) for weight in weights])
    return {"loss": loss_on_plane(f=loss, center=center, u=u, v=v, alphas=AROUND, betas=AROUND).tolist()}
