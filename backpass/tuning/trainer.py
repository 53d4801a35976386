"""The course's trainer: a network with one hidden layer on labelled samples, for several seeds at once.

It is the capstone's recipe with torch's own functions, and options: what the course has taught beside it can be
added, and what the recipe has can be left out, one flag each.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

MOST_HIDDEN, MOST_EPOCHS, MOST_STEPS = 512, 60, 6_000
NORMALIZATIONS = ("none", "batch", "layer")
WARMUP, MAX_NORM, BETAS, EPS = 0.1, 1.0, (0.9, 0.999), 1e-8
HELD_BACK = 360  # pictures of the 1,797


class ConfigError(ValueError):
    """A setting that is not to be trained with; the text displays the value and says what is asked for."""


@dataclass(frozen=True)
class Config:
    """What a run is trained with. Warm-up, clipping and Adam's bias correction can be left out."""

    hidden: int = 128
    epochs: int = 20
    batch_size: int = 64
    max_lr: float = 0.01
    weight_decay: float = 0.01
    dropout: float = 0.0
    label_smoothing: float = 0.0
    normalization: str = "none"
    warmup: bool = True
    clipping: bool = True
    bias_correction: bool = True

    def __post_init__(self) -> None:
        for name, most in (("hidden", MOST_HIDDEN), ("epochs", MOST_EPOCHS), ("batch_size", 10**6)):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise ConfigError(f"{name} = {value!r:.40}: it is an int from 1 to {most}.")
        for name, low, high in (
            ("max_lr", 0.0, 10.0),
            ("weight_decay", 0.0, 100.0),
            ("dropout", 0.0, 1.0),
            ("label_smoothing", 0.0, 1.0),
        ):
            value = getattr(self, name)
            is_rate = name == "max_lr"
            if type(value) not in (int, float) or not low <= value < high or (is_rate and value == 0):
                above = f"above {low:g} and" if is_rate else f"from {low:g} to"
                raise ConfigError(f"{name} = {value!r:.40}: it is a number {above} below {high:g}.")
        if self.normalization not in NORMALIZATIONS:
            raise ConfigError(f"normalization = {self.normalization!r:.40}: it is one of {', '.join(NORMALIZATIONS)}.")

    def steps(self, num_samples: int) -> int:
        """How many steps a run on so many samples has; a ConfigError where it is no matter of seconds."""
        steps = self.epochs * math.ceil(num_samples / self.batch_size)
        if steps > MOST_STEPS:
            raise ConfigError(
                f"epochs = {self.epochs} with batch_size = {self.batch_size} are {steps} steps: at most {MOST_STEPS} "
                "are run. Take larger batches, or fewer epochs."
            )
        return steps


NAMES = tuple(field.name for field in fields(Config))


def digits(path: Path, split: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The handwritten digits as x_train, y_train, x_held, y_held: another part held back for each `split`."""
    with gzip.open(path, "rt") as file:
        table = torch.tensor([[float(each) for each in row] for row in csv.reader(file)])
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(split))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    return x[HELD_BACK:], y[HELD_BACK:], x[:HELD_BACK], y[:HELD_BACK]


def train(
    config: Config, data: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]], seeds: Sequence[int]
) -> dict[str, list[Any]]:
    """Train a network for each of `seeds`, each on data of its own, side by side; all have the same number of samples.

    Returns for each seed "accuracy" and "loss" on the samples held back, and "curve", the training loss of each epoch,
    the mean over its batches. What has diverged has the loss inf.
    """
    x, y, x_held, y_held = (torch.stack(parts) for parts in zip(*data, strict=True))
    num_samples, num_features = x.shape[1:]
    total = config.steps(num_samples)
    classes = int(y.max()) + 1
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    params = _started(config, num_features, classes, generators)
    state = [(torch.zeros_like(param), torch.zeros_like(param)) for param in params]
    warm = max(1, round(WARMUP * total)) if config.warmup else 0
    running = torch.zeros(len(seeds), 1, config.hidden), torch.ones(len(seeds), 1, config.hidden)
    step, curves = 0, []
    for _ in range(config.epochs):
        orders = torch.stack([torch.randperm(num_samples, generator=each) for each in generators])
        train_loss = torch.zeros(len(seeds))
        for batch in torch.split(orders, config.batch_size, dim=1):
            xs, ys = x.gather(1, batch[..., None].expand(-1, -1, num_features)), y.gather(1, batch)
            mask = _mask(config, batch.shape[1], generators)
            logits = _forward(params, xs, config, mask, running if batch.shape[1] > 1 else None)
            each = F.cross_entropy(logits.mT, ys, reduction="none", label_smoothing=config.label_smoothing).mean(1)
            grads = list(torch.autograd.grad(each.sum(), params))
            step += 1
            _adamw(config, params, grads, state, step, _rate(step - 1, warm, total, config.max_lr))
            train_loss += each.detach() * batch.shape[1] / num_samples
        curves.append(train_loss.tolist())
    with torch.no_grad():
        logits = _forward(params, x_held, config, None, running, evaluating=True)
        loss = F.cross_entropy(logits.mT, y_held, reduction="none").mean(1)
        accuracy = (logits.argmax(2) == y_held).double().mean(1)
    return {
        "accuracy": accuracy.tolist(),
        "loss": finite(loss.tolist()),
        "curve": [finite(curve) for curve in zip(*curves, strict=True)],
    }


def finite(losses: Iterable[float]) -> list[float]:
    """Losses, with inf for what is no number."""
    return [loss if math.isfinite(loss) else math.inf for loss in losses]


def _started(config: Config, features: int, classes: int, generators: list[torch.Generator]) -> list[Tensor]:
    """He weights and biases of 0, for normalization scales of 1 and shifts of 0; the first dimension is the seeds'."""
    count, hidden = len(generators), config.hidden

    def he(fan_in: int, fan_out: int) -> Tensor:
        draws = [torch.randn(fan_out, fan_in, generator=each) for each in generators]
        return torch.stack(draws) * math.sqrt(2 / fan_in)

    started = [he(features, hidden), torch.zeros(count, 1, hidden), he(hidden, classes), torch.zeros(count, 1, classes)]
    if config.normalization != "none":
        started += [torch.ones(count, 1, hidden), torch.zeros(count, 1, hidden)]
    return [param.requires_grad_() for param in started]


def _forward(
    params: list[Tensor],
    x: Tensor,
    config: Config,
    mask: Tensor | None,
    running: tuple[Tensor, Tensor] | None,
    evaluating: bool = False,
) -> Tensor:
    w1, b1, w2, b2, *scale_and_shift = params
    h = torch.baddbmm(b1, x, w1.mT)
    if scale_and_shift:
        scale, shift = scale_and_shift
        layer = config.normalization == "layer"
        h = (F.layer_norm(h, h.shape[-1:]) if layer else _batch_norm(h, running, evaluating)) * scale + shift
    h = h.relu()
    return torch.baddbmm(b2, h if mask is None else h * mask, w2.mT)


def _batch_norm(h: Tensor, running: tuple[Tensor, Tensor] | None, evaluating: bool) -> Tensor:
    if evaluating or running is None:  # a batch of one has no spread
        mean, var = running if running is not None else (torch.zeros(()), torch.ones(()))
    else:
        mean, var = h.mean(1, keepdim=True), h.var(1, keepdim=True, correction=0)
        for average, now in zip(running, (mean, var), strict=True):
            average.lerp_(now.detach(), 0.1)
    return (h - mean) / (var + 1e-5).sqrt()


def _mask(config: Config, size: int, generators: list[torch.Generator]) -> Tensor | None:
    if not config.dropout:
        return None
    draws = torch.stack([torch.rand(size, config.hidden, generator=each) for each in generators])
    return (draws >= config.dropout) / (1 - config.dropout)


def _rate(step: int, warm: int, total: int, max_lr: float) -> float:
    if step < warm:
        return max_lr * step / warm
    return max_lr * (1 + math.cos(math.pi * (step - warm) / max(total - warm, 1))) / 2


@torch.no_grad()
def _adamw(
    config: Config, params: list[Tensor], grads: list[Tensor], state: list[tuple[Tensor, Tensor]], t: int, lr: float
) -> None:
    if config.clipping:
        norm = torch.stack([grad.flatten(1).square().sum(1) for grad in grads]).sum(0).sqrt()
        share = (MAX_NORM / (norm + 1e-6)).clamp(max=1.0)[:, None, None]
        grads = [grad * share for grad in grads]
    full1, full2 = (1 - beta**t if config.bias_correction else 1.0 for beta in BETAS)
    for param, grad, (m, v) in zip(params, grads, state, strict=True):
        m.lerp_(grad, 1 - BETAS[0])
        v.mul_(BETAS[1]).addcmul_(grad, grad, value=1 - BETAS[1])
        if param.shape[1] > 1:  # a matrix: biases, scales and shifts are not decayed
            param.mul_(1 - lr * config.weight_decay)
        param.addcdiv_(m / full1, (v / full2).sqrt().add_(EPS), value=-lr)


def config_of(values: dict[str, Any]) -> Config:
    """The Config with these values; a ConfigError where a name is unknown or a value is not allowed."""
    for name in values:
        if name not in NAMES:
            raise ConfigError(f"There is no setting {name!r:.40}: there are {', '.join(NAMES)}.")
    return Config(**values)
