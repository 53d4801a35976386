"""Draw the pictures of the unit backprop. Run from the repo: `python -m pictures.backprop`."""

import matplotlib.pyplot as plt
import torch

from pictures.drawing import BLUE, GREY, ORANGE, save
from solutions.backprop import residual_backward
from solutions.neurons import residual_block

BLOCKS, SAMPLES, FEATURES = 20, 100, 50
HALF = {"a + b": 0.25, "max(b, c)": 0.4}  # half the widths of the wider nodes in the graph


def gradients(identity: bool) -> list[float]:
    """Mean absolute gradient at the input of each of 20 blocks, last block first, with the identity path or without."""
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    zeros = torch.zeros(FEATURES, dtype=torch.float64)
    given = []
    for _ in range(BLOCKS):
        # Small weights: without the identity path, a block hands on a third of a gradient.
        w1, w2 = torch.randn(2, FEATURES, FEATURES, generator=generator, dtype=torch.float64) * (0.5 / FEATURES) ** 0.5
        given.append((x, w1, zeros, w2, zeros))
        x = residual_block(*given[-1]) - (0 if identity else x)
    grad = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    sizes = [grad.abs().mean().item()]
    for block in reversed(given):
        grad = residual_backward(grad, *block) - (0 if identity else grad)
        sizes.append(grad.abs().mean().item())
    return sizes


def draw_identity() -> None:
    """What a road past the layers does for the gradient: `exercises/backprop/identity.svg`."""
    figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
    with_path, without = gradients(identity=True), gradients(identity=False)
    axes.semilogy(with_path, color=BLUE, marker="o", markersize=4)
    axes.semilogy(without, color=ORANGE, marker="o", markersize=4)
    axes.text(13, with_path[13] / 30, "with the identity path", color=BLUE, ha="center", va="top")
    axes.text(9.5, without[10], "the same layers without it", color=ORANGE, ha="right", va="top")
    axes.set_xticks(range(0, BLOCKS + 1, 2))
    axes.set_xlabel("blocks on the way back")
    axes.set_ylabel("mean absolute gradient")
    save(figure, "backprop", "identity")


def draw_graph() -> None:
    """Values above, gradients below, for f = (a + b) * max(b, c): `exercises/backprop/graph.svg`."""
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in (("a", 2.0), ("b", 3.0), ("c", 1.0))}
    a, b, c = leaves.values()
    total, largest = a + b, torch.maximum(b, c)
    product = total * largest
    nodes = {
        "a": (0, 2, a), "b": (0, 1, b), "c": (0, 0, c), "a + b": (2.2, 1.6, total), "max(b, c)": (2.2, 0.4, largest),
        "f": (4.4, 1, product),
    }  # fmt: skip
    grads = dict(zip(nodes, torch.autograd.grad(product, [node for *_, node in nodes.values()]), strict=True))
    # How much of each arriving gradient a wire carries back, beside the middle of the wire.
    wires = [
        ("a", "a + b", "+3"), ("b", "a + b", "+3"), ("b", "max(b, c)", "+5"), ("c", "max(b, c)", "+0"),
        ("a + b", "f", None), ("max(b, c)", "f", None),
    ]  # fmt: skip

    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for source, target, carried in wires:
        (x1, y1, _), (x2, y2, _) = nodes[source], nodes[target]
        start, end = (x1 + HALF.get(source, 0.15), y1), (x2 - HALF.get(target, 0.15), y2)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": GREY, "lw": 1.2, "shrinkA": 0})
        if carried:
            where = 0.6 if source == "b" else 0.45
            x, y = x1 + 0.3 + where * (x2 - x1 - 0.8), y1 + where * (y2 - y1)
            axes.text(x, y - 0.05, carried, color=ORANGE, ha="center", va="top", fontsize=9)
    for name, (x, y, node) in nodes.items():
        axes.text(x, y, name, ha="center", va="center", bbox={"boxstyle": "round,pad=0.4", "fc": "white", "ec": GREY})
        axes.text(x, y + 0.22, f"{node.item():g}", color=BLUE, ha="center", va="bottom", fontweight="bold")
        axes.text(x, y - 0.22, f"{grads[name].item():g}", color=ORANGE, ha="center", va="top", fontweight="bold")
    for y, text in ((1.6, "add copies"), (0.4, "max routes"), (1, "multiply swaps")):
        axes.text(4.7 if y == 1 else 2.75, y, text, color=GREY, va="center", fontsize=9, style="italic")
    axes.text(4.4, 2.35, "above: value, forwards", color=BLUE, ha="center", fontweight="bold")
    axes.text(4.4, 2.1, "below: gradient, backwards", color=ORANGE, ha="center", fontweight="bold")
    axes.set_xlim(-0.4, 6.1)
    axes.set_ylim(-0.55, 2.55)
    axes.axis("off")
    save(figure, "backprop", "graph")


if __name__ == "__main__":
    draw_identity()
    draw_graph()
