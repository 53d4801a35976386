"""What `backpass plot` draws for the unit optimizers: the path on a ravine, steep across and flat along."""

import torch

from backpass.plotting.plots import BROAD, THIN, plot

FLAT, STEEP = 0.05, 1.0
START = torch.tensor([-8.0, 1.5], dtype=torch.float64)
SCALE = torch.tensor([FLAT, STEEP], dtype=torch.float64)


def slope(point):
    """point -> the gradient of (0.05 x^2 + y^2) / 2"""
    return SCALE * point


def on_the_ravine(axes, yours, expected):
    xs, ys = torch.linspace(-9, 4, 120), torch.linspace(-2.2, 2.2, 80)
    height = (FLAT * xs[None, :] ** 2 + STEEP * ys[:, None] ** 2) / 2
    axes.contour(xs, ys, height, levels=[0.02 * 1.9**k for k in range(8)], colors="#cccccc", linewidths=0.8)
    axes.grid(visible=False)
    for path, style in ((expected, BROAD), (yours, THIN)):
        axes.plot(path["x"], path["y"], marker="o", markersize=3, **style)
    axes.plot(0, 0, marker="*", markersize=12, color="#2b7a3d", linestyle="none", label="minimum")
    axes.set_xlim(-9, 4)
    axes.set_ylim(-2.2, 2.2)
    axes.set_xlabel("the flat direction")
    axes.set_ylabel("the steep direction")
    axes.legend(frameon=False, loc="upper right")


def path(points):
    return {"x": [float(point[0]) for point in points], "y": [float(point[1]) for point in points]}


def walk(step, state=(), steps=40):
    """The points that `step(point, state, t)` goes through; it returns the new point and the new state."""
    points = [START]
    for t in range(1, steps + 1):
        point, *state = step(points[-1], state, t)
        points.append(point)
    return path(points)


ZEROS = torch.zeros_like(START)


@plot("optimizers.gradient_descent", on_the_ravine)
def gradient_descent(function):
    """40 steps of lr = 1.5 on a ravine"""
    return path(function(grad_fn=slope, start=START, lr=1.5, steps=40))


@plot("optimizers.sgd_step", on_the_ravine)
def sgd(function):
    """40 steps of lr = 1.5 on a ravine"""
    return walk(lambda w, state, t: (function(param=w, grad=slope(w), lr=1.5),))


@plot("optimizers.momentum_step", on_the_ravine)
def momentum(function):
    """40 steps of lr = 0.15 and momentum 0.9 on a ravine"""
    return walk(lambda w, state, t: function(param=w, grad=slope(w), velocity=state[0], lr=0.15), [ZEROS])


@plot("optimizers.nesterov_step", on_the_ravine)
def nesterov(function):
    """40 steps of lr = 0.15 and momentum 0.9 on a ravine"""
    return walk(lambda w, state, t: function(param=w, grad_fn=slope, velocity=state[0], lr=0.15), [ZEROS])


@plot("optimizers.adagrad_step", on_the_ravine)
def adagrad(function):
    """40 steps of lr = 0.6 on a ravine"""
    return walk(lambda w, state, t: function(param=w, grad=slope(w), sum_sq=state[0], lr=0.6), [ZEROS])


@plot("optimizers.rmsprop_step", on_the_ravine)
def rmsprop(function):
    """40 steps of lr = 0.2 on a ravine"""
    return walk(lambda w, state, t: function(param=w, grad=slope(w), mean_sq=state[0], lr=0.2), [ZEROS])


@plot("optimizers.adam_step", on_the_ravine)
def adam(function):
    """40 steps of lr = 0.3 on a ravine"""
    return walk(
        lambda w, state, t: function(param=w, grad=slope(w), m=state[0], v=state[1], t=t, lr=0.3), [ZEROS, ZEROS]
    )


@plot("optimizers.adamw_step", on_the_ravine)
def adamw(function):
    """40 steps of lr = 0.3 and a weight decay of 0.1 on a ravine"""
    return walk(
        lambda w, state, t: function(param=w, grad=slope(w), m=state[0], v=state[1], t=t, lr=0.3, weight_decay=0.1),
        [ZEROS, ZEROS],
    )
