"""The pictures of the unit initialization: `python -m pictures.initialization`."""

import torch

from pictures.drawing import BLUE, GREEN, ORANGE, figure, save
from solutions.initialization import he_init, layer_stds, xavier_init

WIDTH, LAYERS, SAMPLES = 200, 30, 256


def small_init(fan_in: int, fan_out: int, generator: torch.Generator) -> torch.Tensor:
    return 0.01 * torch.randn(fan_out, fan_in, generator=generator)


def depth() -> None:
    """The standard deviation of each layer's output under three initializations, four networks of each."""
    drawn, (axes,) = figure()
    scales = ((he_init, BLUE, "He"), (xavier_init, ORANGE, "Xavier"), (small_init, GREEN, "standard deviation 0.01"))
    for initialize, color, name in scales:
        for seed in range(4):
            generator = torch.Generator().manual_seed(seed)
            x = torch.randn(SAMPLES, WIDTH, generator=generator)
            weights = [initialize(WIDTH, WIDTH, generator) for _ in range(LAYERS)]
            label = name if seed == 0 else None
            axes.plot(range(1, LAYERS + 1), layer_stds(x, weights), color=color, alpha=0.7, linewidth=1.2, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("layer")
    axes.set_ylabel("standard deviation of its output")
    axes.legend(frameon=False, loc="lower left")
    save(drawn, "initialization", "depth")


if __name__ == "__main__":
    depth()
