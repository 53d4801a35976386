"""Reference solutions of the unit tuning."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def log_uniform(low: float, high: float, num: int, generator: torch.Generator) -> Tensor:
    """(num,) values in float64, uniform in the logarithm (Bergstra and Bengio 2012)."""
    uniform = torch.rand(num, generator=generator, dtype=torch.float64, device=generator.device)
    return torch.exp(math.log(low) + (math.log(high) - math.log(low)) * uniform)


def k_fold(num_samples: int, k: int, generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """k pairs (train, validation) of shuffled indices, each sample in one validation part."""
    parts = torch.randperm(num_samples, generator=generator, device=generator.device).tensor_split(k)
    return [(torch.cat([*parts[:i], *parts[i + 1 :]]), part) for i, part in enumerate(parts)]


def successive_halving(evaluate: Callable[[int, int], float], num: int, budget: int) -> tuple[int, int]:
    """The setting that is left after rounds of halving, and the steps spent (Jamieson and Talwalkar 2016)."""
    left, spent = list(range(num)), 0
    while len(left) > 1:
        losses = {i: evaluate(i, budget) for i in left}
        spent += budget * len(left)
        left = sorted(left, key=lambda i: (losses[i], i))[: (len(left) + 1) // 2]
        budget *= 2
    return left[0], spent


def accuracy_interval(correct: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval (low, high) of a share."""
    p, shrink = correct / total, 1 + z**2 / total
    middle = (p + z**2 / (2 * total)) / shrink
    half = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / shrink
    return middle - half, middle + half


def best_of_seeds_bias(accuracies: list[float], num: int, generator: torch.Generator, draws: int = 10000) -> float:
    """Mean of the largest of `num` accuracies over bootstrap samples, less the mean of all."""
    values = torch.tensor(accuracies, dtype=torch.float64, device=generator.device)
    chosen = torch.randint(len(values), (draws, num), generator=generator, device=generator.device)
    return (values[chosen].amax(1).mean() - values.mean()).item()


def chosen_run() -> dict[str, float]:
    """The setting that a sweep over the rate, the units and the dropout has led to, and what to expect of it."""
    return {
        "hidden": 256,
        "epochs": 30,
        "batch_size": 64,
        "max_lr": 0.005,
        "weight_decay": 0.05,
        "dropout": 0.2,
        "label_smoothing": 0.05,
        "expected_accuracy": 98.3,
    }
