"""The pictures of the unit landscape: `python -m pictures.landscape`. It prints the lesson's numbers as well."""

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from pictures.training import SETTINGS, digits
from solutions.initialization import he_init
from solutions.landscape import loss_on_line, loss_on_plane, normalize_filters
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward
from solutions.optimizers import gradient_descent
from solutions.training import train_mlp

CURVATURES = torch.tensor([10.0, 0.5], dtype=torch.float64)
START = torch.tensor([0.9, 2.0], dtype=torch.float64)
RATES = ((0.02, "0.02: too small"), (0.15, "0.15: about right"), (0.205, "0.205: too large"))
STEPS = 20


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

    generator = torch.Generator().manual_seed(1)
    directions = []
    for _ in range(2):
        parts = [torch.randn(part.shape, generator=generator) for part in after]
        # Biases stay where they are, as in the paper.
        parts = [normalize_filters(d, w) if w.dim() == 2 else 0 * w for d, w in zip(parts, after, strict=True)]
        directions.append(flat(parts))
    steps = torch.linspace(-1, 1, 31)
    losses = loss_on_plane(loss_on(x, y), flat(after), *directions, steps, steps)
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


if __name__ == "__main__":
    rates()
    network()
