"""The pictures of the unit landscape: `python -m pictures.landscape`. It prints the lesson's numbers as well."""

import math

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from pictures.training import SETTINGS, digits
from solutions.initialization import he_init
from solutions.landscape import loss_on_line, loss_on_plane, normalize_filters
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward, residual_block
from solutions.optimizers import adam_step, gradient_descent
from solutions.training import train_mlp

CURVATURES = torch.tensor([10.0, 0.5], dtype=torch.float64)
START = torch.tensor([0.9, 2.0], dtype=torch.float64)
RATES = ((0.02, "0.02: too small"), (0.15, "0.15: about right"), (0.205, "0.205: too large"))
STEPS = 20
BLOCKS, WIDTH = 10, 32
LEVELS = [0.1, 0.5, 1, 5, 10, 20, 40, 80, 160]


def bowl(w: torch.Tensor) -> torch.Tensor:
    return (CURVATURES * w**2).sum() / 2


def rates() -> None:
    """Twenty steps down one bowl at three learning rates, on equal axes."""
    drawn, panels = figure(columns=3, height=3.1)
    xs, ys = torch.linspace(-1.5, 1.5, 61, dtype=torch.float64), torch.linspace(-0.6, 2.4, 61, dtype=torch.float64)
    east, north = torch.eye(2, dtype=torch.float64)
    height = loss_on_plane(bowl, torch.zeros(2, dtype=torch.float64), east, north, xs, ys).T
    for axes, (rate, title) in zip(panels, RATES, strict=True):
        path = torch.stack(gradient_descent(lambda w: CURVATURES * w, START, rate, STEPS))
        print(f"rate {rate}: loss {bowl(path[0]).item():.3f}, after {STEPS} steps {bowl(path[-1]).item():.3f}")
        axes.contour(xs, ys, height, levels=[0.02 * 2.2**k for k in range(9)], colors="#cccccc", linewidths=0.8)
        axes.plot(path[:, 0], path[:, 1], color=ORANGE, marker="o", markersize=2.5, linewidth=1)
        axes.plot(0, 0, marker="*", markersize=11, color=GREEN)
        axes.set_title(title)
        axes.set_xlabel("across the valley")
        axes.set_xlim(-1.5, 1.5)
        axes.set_ylim(-0.6, 2.4)
        axes.set_aspect("equal")
        axes.grid(visible=False)
    panels[0].set_ylabel("along it")
    save(drawn, "landscape", "rates")


def trained() -> tuple[list[torch.Tensor], list[torch.Tensor], tuple[torch.Tensor, ...]]:
    """The weights and biases of the course's digits network before and after training, and the data."""
    data = digits()
    generator = torch.Generator().manual_seed(0)
    result = train_mlp(*data, **SETTINGS, generator=generator)
    first = torch.Generator().manual_seed(0)
    hidden, classes = SETTINGS["hidden"], 10
    before = [he_init(64, hidden, first), torch.zeros(hidden), he_init(hidden, classes, first), torch.zeros(classes)]
    after = [each for pair in zip(result["weights"], result["biases"], strict=True) for each in pair]
    return before, after, data


def flat(parts: list[torch.Tensor]) -> torch.Tensor:
    return torch.cat([part.reshape(-1) for part in parts])


def directions(weights: list[torch.Tensor]) -> list[torch.Tensor]:
    """Two random directions with rows as long as those of the weights; biases stay where they are, as in the paper."""
    generator = torch.Generator().manual_seed(1)
    found = []
    for _ in range(2):
        parts = [torch.randn(part.shape, generator=generator).to(part) for part in weights]
        parts = [normalize_filters(d, w) if w.dim() == 2 else 0 * w for d, w in zip(parts, weights, strict=True)]
        found.append(flat(parts))
    return found


def network() -> None:
    """A trained network: the loss on the way from its start, and on a plane through where it came to rest."""
    before, after, (x, y, x_val, y_val) = trained()
    shapes = [part.shape for part in after]

    def loss_on(inputs: torch.Tensor, labels: torch.Tensor):
        def loss(w: torch.Tensor) -> torch.Tensor:
            parts = w.split([shape.numel() for shape in shapes])
            w1, b1, w2, b2 = (part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))
            return cross_entropy(mlp_forward(inputs, [w1, w2], [b1, b2]), labels)

        return loss

    drawn, (line, plane) = figure(columns=2)
    for name, color, inputs, labels in (("training", BLUE, x, y), ("validation", ORANGE, x_val, y_val)):
        losses = loss_on_line(loss_on(inputs, labels), flat(before), flat(after), 41)
        print(
            name,
            "at the start",
            round(losses[0].item(), 3),
            "halfway",
            round(losses[20].item(), 3),
            "at the end",
            round(losses[-1].item(), 4),
            "rises" if bool((losses.diff() > 0).any()) else "falls all the way",
        )
        line.plot(torch.linspace(0, 1, 41), losses, color=color, label=name)
    line.set_xlabel("share of the way, first weights to last")
    line.set_ylabel("loss")
    line.legend(frameon=False)

    steps = torch.linspace(-1, 1, 31)
    losses = loss_on_plane(loss_on(x, y), flat(after), *directions(after), steps, steps)
    print("on the plane from", round(losses.min().item(), 4), "to", round(losses.max().item(), 2))
    levels = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
    drawn_lines = plane.contour(steps, steps, losses.T, levels=levels, colors=[GREY], linewidths=0.9)
    plane.clabel(drawn_lines, fontsize=8)
    plane.plot(0, 0, marker="*", markersize=11, color=GREEN)
    plane.set_aspect("equal")
    plane.grid(visible=False)
    plane.set_xlabel("along u")
    plane.set_ylabel("along v")
    save(drawn, "landscape", "network")


class Deep:
    """22 layers, trained on 300 digits until they know them: ten blocks of two, with or without a shortcut around each.

    In float64, so that another machine's rounding makes no other network of it.
    """

    def __init__(self, has_shortcuts: bool) -> None:
        self.has_shortcuts = has_shortcuts
        x, self.y, _, _ = digits()
        self.x, self.y = x[:300].double(), self.y[:300]
        generator = torch.Generator().manual_seed(0)
        inner = [he_init(WIDTH, WIDTH, generator) for _ in range(2 * BLOCKS)]
        # The second layer of a block starts at half its size, so that ten blocks with shortcuts do not explode.
        inner[1::2] = [weight / 2 for weight in inner[1::2]]
        started = [he_init(64, WIDTH, generator), *inner, he_init(WIDTH, 10, generator)]
        self.shapes = [weight.shape for weight in started]
        self.steps, self.weights = self.trained(flat(started).double())

    def parts(self, w: torch.Tensor) -> list[torch.Tensor]:
        return [part.reshape(s) for part, s in zip(w.split([s.numel() for s in self.shapes]), self.shapes, strict=True)]

    def loss(self, w: torch.Tensor) -> torch.Tensor:
        first, *inner, last = self.parts(w)
        h, zeros = self.x @ first.T, first.new_zeros(WIDTH)
        for w1, w2 in zip(inner[::2], inner[1::2], strict=True):
            block = residual_block(h, w1, zeros, w2, zeros)
            h = (block if self.has_shortcuts else block - h).clamp(min=0)
        return cross_entropy(h @ last.T, self.y)

    def trained(self, w: torch.Tensor) -> tuple[int, torch.Tensor]:
        """The steps that it took to a loss of 0.02, and the weights."""
        m = v = torch.zeros_like(w)
        for t in range(1, 2000):
            w = w.detach().requires_grad_()
            loss = self.loss(w)
            if loss < 0.02:
                return t, w.detach()
            (grad,) = torch.autograd.grad(loss, w)
            w, m, v = adam_step(w.detach(), grad, m, v, t, lr=0.002)
        raise AssertionError("it does not learn")

    def plane(self, steps: torch.Tensor) -> torch.Tensor:
        return loss_on_plane(self.loss, self.weights, *directions(self.parts(self.weights)), steps, steps)


def shortcuts() -> None:
    """The same start, the same loss in the end, the same plane: 22 layers without shortcuts and with them."""
    drawn, panels = figure(columns=2, height=4.0)
    steps = torch.linspace(-0.4, 0.4, 41)
    for axes, has_shortcuts in zip(panels, (False, True), strict=True):
        deep = Deep(has_shortcuts)
        losses = deep.plane(steps)
        print("shortcuts", has_shortcuts, deep.steps, "steps, at most", round(losses.max().item(), 1))
        lines = axes.contour(steps, steps, losses.T, levels=LEVELS, colors=[GREY], linewidths=0.9)
        axes.contourf(steps, steps, losses.T, levels=[0, math.log(10)], colors=[GREEN], alpha=0.25)
        axes.clabel(lines, fontsize=8)
        axes.plot(0, 0, marker="*", markersize=9, color=GREEN)
        axes.set_title("with shortcuts" if has_shortcuts else "without shortcuts")
        axes.set_aspect("equal")
        axes.grid(visible=False)
        axes.set_xlabel("along u")
    panels[0].set_ylabel("along v")
    save(drawn, "landscape", "shortcuts")


if __name__ == "__main__":
    rates()
    network()
    shortcuts()
