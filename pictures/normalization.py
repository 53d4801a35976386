"""The pictures of the unit normalization: `python -m pictures.normalization`."""

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.normalization import batch_norm_eval, batch_norm_train, layer_norm

FEATURES = 8
BATCHES = 4000


def company() -> None:
    """What becomes of one number when the rest of its batch is drawn again and again."""
    generator = torch.Generator().manual_seed(0)
    sample = torch.randn(1, FEATURES, generator=generator)
    sample[0, 0] = 1.0
    ones, zeros = torch.ones(FEATURES), torch.zeros(FEATURES)
    sizes = [2, 4, 8, 16, 32, 64, 128, 256]
    lows, medians, highs = [], [], []
    for size in sizes:
        results = []
        for _ in range(BATCHES):
            batch = torch.cat([sample, torch.randn(size - 1, FEATURES, generator=generator)])
            results.append(batch_norm_train(batch, ones, zeros, zeros, ones)[0][0, 0])
        low, median, high = torch.stack(results).quantile(torch.tensor([0.05, 0.5, 0.95])).tolist()
        lows.append(low)
        medians.append(median)
        highs.append(high)

    drawn, (axes,) = figure()
    axes.fill_between(sizes, lows, highs, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(sizes, medians, "o-", color=BLUE, label="batch norm in training: median, and 90 % of the batches")
    evaluated = batch_norm_eval(sample, ones, zeros, zeros, ones)[0, 0].item()
    axes.axhline(evaluated, color=ORANGE, linestyle="--", label="batch norm in evaluation")
    alone = layer_norm(sample, ones, zeros)[0, 0].item()
    axes.axhline(alone, color=GREEN, linestyle="-.", label="layer norm")
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xlabel("samples in the batch")
    axes.set_ylabel("the normalized number")
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.legend(frameon=False, loc="lower right")
    save(drawn, "normalization", "company")


if __name__ == "__main__":
    company()
