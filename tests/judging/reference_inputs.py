"""Inputs that nobody would draw, of every form that a differentiable reference takes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

# Both zeros, what has no square, where exp leaves float32 (88.7) and float64 (709.8), what has no square on that side.
CORNERS = [0.0, -0.0, 1e-30, -1e-30, 3e-9, 0.5, -1.0, 3.0, -6.5, 20.0, -20.0, 89.0, -89.0, 100.0, -100.0]
CORNERS += [1000.0, -1000.0, 1e4, -1e4, 1e30, -1e30]

Inputs = dict[str, Any]


def double(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def strided(tensor: torch.Tensor) -> torch.Tensor:
    """The same numbers, every second of a tensor twice as long."""
    return torch.stack([tensor, tensor + 1], dim=-1)[..., 0]


def layouts(*columns: Sequence[float]) -> Iterator[tuple[torch.Tensor, ...]]:
    """Tensors of these numbers: as they are, not contiguous, a number alone, and none at all."""
    whole = tuple(double(column) for column in columns)
    yield whole
    yield tuple(strided(each) for each in whole)
    yield tuple(each[5].clone() for each in whole)
    yield tuple(each[:0].reshape(0, 3) for each in whole)


def of_each_number(**options: Any) -> Callable[[], Iterator[Inputs]]:
    return lambda: ({"x": x} | options for (x,) in layouts(CORNERS))


def pairs(first: str, second: str, **options: Any) -> Callable[[], Iterator[Inputs]]:
    """Every corner beside another one, and beside itself."""
    many = list(itertools.product(CORNERS[:16], repeat=2)) + [(1000.0, -1000.0), (1e4, 1e4 + 1)]
    return lambda: (
        {first: a, second: b} | options for a, b in layouts(*zip(*many, strict=True)) if a.numel()
    )  # the mean of nothing is NaN


def of_probabilities() -> Iterator[Inputs]:
    likely = [0.0, 1e-10, 1e-7, 0.25, 0.5, 1 - 2**-20, 1.0]
    for prob, target in layouts(*zip(*itertools.product(likely, (0.0, 0.25, 1.0)), strict=True)):
        if prob.numel():
            yield {"prob": prob, "target": target}


def of_binary_logits() -> Iterator[Inputs]:
    for logits, target in layouts(*zip(*itertools.product(CORNERS, (0.0, 0.25, 1.0)), strict=True)):
        if logits.numel():
            yield {"logits": logits, "target": target}


LOGITS = double(
    [[0.0, 0.0, 0.0], [1000.0, -1000.0, 0.0], [100.0, 99.0, -100.0], [-1e4, -1e4, -1e4], [1e30, 0.0, -1e30]]
)


def of_logits() -> Iterator[Inputs]:
    for logits in (LOGITS, strided(LOGITS), LOGITS[1], LOGITS[:0], LOGITS[:, :1], 3 * normal(2, 3, 4)):
        yield {"logits": logits}


def of_labels(**options: Any) -> Callable[[], Iterator[Inputs]]:
    def made() -> Iterator[Inputs]:
        for logits in (LOGITS, strided(LOGITS), LOGITS[:1], 3 * normal(12, 11)):
            for first in (0, 1, 2):
                labels = (torch.arange(len(logits)) + first) % logits.shape[1]
                yield {"logits": logits, "labels": labels} | {
                    name: value[: logits.shape[1]] if isinstance(value, torch.Tensor) else value
                    for name, value in options.items()
                }

    return made


def of_distributions() -> Iterator[Inputs]:
    p = double([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5], [0.0, 1.0, 0.0]])
    q = double([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0], [0.125, 0.375, 0.5], [0.0, 1.0, 0.0]])
    yield {"p": p, "q": q}
    yield {"p": strided(p), "q": strided(q)}
    yield {"p": p[:1], "q": q[:1]}


def of_layers() -> Iterator[Inputs]:
    for samples, scale in ((4, 1.0), (1, 1.0), (0, 1.0), (4, 0.0), (3, 1e4), (3, 1e-20)):
        x, weight = scale * normal(samples, 3), normal(2, 3, seed=1)
        yield {"x": strided(x), "weight": weight, "bias": normal(2, seed=2) if scale else torch.zeros(2).double()}
        yield {"x": x, "weight": weight.T.contiguous().T, "bias": normal(2, seed=2)}


def of_networks() -> Iterator[Inputs]:
    for samples, scale in ((4, 1.0), (1, 1.0), (0, 1.0), (4, 0.0), (3, 1000.0)):
        shapes = ((4, 3), (5, 4), (2, 5))
        yield {
            "x": strided(scale * normal(samples, 3)),
            "weights": [normal(*shape, seed=seed) for seed, shape in enumerate(shapes, 1)],
            "biases": [(scale != 0) * normal(shape[0], seed=seed) for seed, shape in enumerate(shapes, 5)],
        }


def of_blocks() -> Iterator[Inputs]:
    for samples, scale in ((4, 1.0), (1, 1.0), (0, 1.0), (4, 0.0), (3, 1000.0)):
        yield {
            "x": strided(scale * normal(samples, 3)),
            "w1": normal(4, 3, seed=1),
            "b1": (scale != 0) * normal(4, seed=2),
            "w2": normal(3, 4, seed=3),
            "b2": normal(3, seed=4),
        }


def of_neurons() -> Iterator[Inputs]:
    for z in (0.0, 0.5, -20.0, 100.0, -100.0, 1000.0, -1000.0, 1e4, -1e30):
        yield {"x": double([z, 0.0]), "weight": strided(double([1.0, 2.0])), "bias": double(0.0)}


def affine(size: int, *names: str) -> Inputs:
    return {name: normal(size, seed=seed) for seed, name in enumerate(names, 1)}


def of_batches(least: int = 2) -> Iterator[Inputs]:
    running = {"running_mean": normal(3, seed=7), "running_var": normal(3, seed=8).abs()}
    for x in (
        *(normal(5, 3), strided(normal(4, 3)), torch.full((4, 3), 0.5).double(), 1e-20 * normal(4, 3)),
        *(100 + normal(8, 3), 1e4 * normal(4, 3), normal(2, 3)),
        *([normal(1, 3), normal(0, 3)] if least < 2 else []),
    ):
        yield {"x": x, **affine(3, "gamma", "beta"), **running}


def of_rows(*names: str) -> Callable[[], Iterator[Inputs]]:
    def made() -> Iterator[Inputs]:
        for x in (
            *(normal(4, 3), strided(normal(2, 4, 3)), normal(3), normal(0, 3), torch.full((2, 3), 0.5).double()),
            *(1e-20 * normal(2, 3), 100 + normal(2, 3), 1e4 * normal(2, 3), torch.zeros(2, 3).double()),
        ):
            yield {"x": x, **affine(3, *names)}
        yield {"x": normal(4, 1), **affine(1, *names)}

    return made


def of_channels() -> Iterator[Inputs]:
    for groups in (1, 2, 4):
        for x in (normal(2, 4, 3), normal(2, 3, 4).mT, normal(0, 4, 3), torch.ones(2, 4, 3).double(), normal(2, 4, 1)):
            yield {"x": x, "num_groups": groups, **affine(4, "gamma", "beta")}
