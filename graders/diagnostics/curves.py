"""Clear-cut loss curves, drawn by formula, for the hidden checks of `diagnose_curve`.

No curve lies near a line between two words of the statement. Relative to the first loss: a healthy run ends below
0.16, an underfitting one between 0.6 and 0.7, one that does not learn above 0.98. An overfitting run ends at more than
twice its lowest validation loss (a recorded one at more than 1.8 times), every other one that settles at less than 1.06
times. Oscillating losses change by a third of their level or more in a typical epoch, but no more than 2.2-fold; a
spike is at least fourfold.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

Curve = list[float]


@dataclass(frozen=True)
class Run:
    """The curves of one run, and the word for them. `story` finishes the sentence "a run in which ..."."""

    story: str
    diagnosis: str
    train: Curve
    val: Curve


def _noisy(curve: Curve, random: Random, noise: float) -> Curve:
    return [loss * (1 + random.uniform(-noise, noise)) for loss in curve]


def _falling(length: int, floor: float, speed: float = 5.0) -> Curve:
    """From 1 towards `floor`, in `speed` time constants."""
    return [floor + (1 - floor) * math.exp(-speed * step / (length - 1)) for step in range(length)]


def healthy(length: int, random: Random) -> tuple[Curve, Curve]:
    train = _falling(length, random.uniform(0.06, 0.11), random.uniform(4.5, 7))
    gap = random.uniform(0.01, 0.1)
    val = [loss * (1 + gap * step / length) for step, loss in enumerate(train)]
    return _noisy(train, random, 0.01), _noisy(val, random, 0.015)


def healthy_by_a_power(length: int, random: Random) -> tuple[Curve, Curve]:
    """Falls fast at first, and ever more slowly."""
    power = math.log(random.uniform(0.08, 0.12)) / math.log(length)
    train = [(1 + step) ** power for step in range(length)]
    return _noisy(train, random, 0.008), _noisy([1.04 * loss for loss in train], random, 0.008)


def not_learning(length: int, random: Random) -> tuple[Curve, Curve]:
    noise = random.choice([0.002, 0.006, 0.01])
    return _noisy([1.0] * length, random, noise), _noisy([1.0] * length, random, noise)


def constant(length: int, random: Random) -> tuple[Curve, Curve]:
    return [1.0] * length, [1.0] * length


def underfitting(length: int, random: Random) -> tuple[Curve, Curve]:
    level = random.uniform(0.62, 0.68)
    train = _falling(length, level, random.uniform(9, 14))
    return _noisy(train, random, 0.006), _noisy([1.02 * loss for loss in train], random, 0.008)


def overfitting(length: int, random: Random) -> tuple[Curve, Curve]:
    train = _falling(length, random.uniform(0.02, 0.05), random.uniform(5, 7))
    turn, lowest, end = random.uniform(0.25, 0.45), random.uniform(0.28, 0.33), random.uniform(0.72, 0.88)
    val = []
    for step in range(length):
        part = step / (length - 1)
        if part < turn:
            val.append(lowest + (1 - lowest) * (1 - part / turn) ** 2)
        else:
            val.append(lowest + (end - lowest) * ((part - turn) / (1 - turn)) ** 1.2)
    return _noisy(train, random, 0.01), _noisy(val, random, 0.015)


def zigzag(length: int, random: Random) -> tuple[Curve, Curve]:
    """High and low in turn."""
    low, high = random.uniform(0.38, 0.42), random.uniform(0.72, 0.8)

    def curve() -> Curve:
        return [1.0] + _noisy([low if step % 2 else high for step in range(1, length)], random, 0.03)

    return curve(), curve()


def restless(length: int, random: Random) -> tuple[Curve, Curve]:
    """Up and down without a rule: two steps of three turn round."""
    train = [1.0]
    direction = 1
    while len(train) < length:
        low = random.uniform(0.38, 0.45)
        train.append(low if direction > 0 else random.uniform(0.7, 0.8))
        if len(train) > 4 and random.random() < 0.15:
            train.append(random.uniform(0.52, 0.6))
        direction = -direction
    train = train[:length]
    return train, [1.0] + _noisy([1.03 * loss for loss in train[1:]], random, 0.02)


def spike(length: int, random: Random) -> tuple[Curve, Curve]:
    """One jump in the middle of a healthy run; what is left of it is a third after each epoch."""
    train, val = healthy(length, random)
    where = int(length * random.uniform(0.45, 0.55))
    height = random.uniform(1.0, 1.6)
    for late, share in enumerate((1.0, 0.1, 0.02)):
        train[where + late] += height * share
        val[where + late] += 1.05 * height * share
    return train, val


def nan_from_some_epoch(length: int, random: Random) -> tuple[Curve, Curve]:
    return _broken_off(healthy(length, random), int(length * random.uniform(0.3, 0.9)), [math.nan])


def nan_at_the_end(length: int, random: Random) -> tuple[Curve, Curve]:
    return _broken_off(healthy(length, random), length - 1, [math.nan])


def infinite_from_some_epoch(length: int, random: Random) -> tuple[Curve, Curve]:
    return _broken_off(healthy(length, random), int(length * random.uniform(0.3, 0.9)), [math.inf])


def infinite_then_nan(length: int, random: Random) -> tuple[Curve, Curve]:
    return _broken_off(not_learning(length, random), length // 2, [60.0, 4e5, math.inf, math.nan])


def nan_after_a_spike(length: int, random: Random) -> tuple[Curve, Curve]:
    train, val = spike(length, random)
    return _broken_off((train, val), length - 3, [math.nan])


def nan_while_oscillating(length: int, random: Random) -> tuple[Curve, Curve]:
    return _broken_off(zigzag(length, random), int(length * 0.8), [math.nan])


def _broken_off(curves: tuple[Curve, Curve], where: int, values: Curve) -> tuple[Curve, Curve]:
    """Both curves with `values` from `where` on, the last of them to the end."""
    train, val = ((curve[:where] + values + values[-1:] * len(curve))[: len(curve)] for curve in curves)
    return train, val


def blown_up(length: int, random: Random) -> tuple[Curve, Curve]:
    """Grows from the start, to a hundred times and far more."""
    factor = random.choice([1e2, 1e4, 1e9]) ** (1 / (length - 1))
    train = [factor**step for step in range(length)]
    return _noisy(train, random, 0.02), _noisy(train, random, 0.02)


def blown_up_late(length: int, random: Random) -> tuple[Curve, Curve]:
    """Learns first, then grows to a hundred times the start."""
    where = int(0.6 * length)
    train = _falling(length, 0.2)[:where]
    factor = (100 / train[-1]) ** (1 / (length - where))
    train += [train[-1] * factor**step for step in range(1, length - where + 1)]
    return _noisy(train, random, 0.01), _noisy(train, random, 0.01)


KINDS: dict[Callable[[int, Random], tuple[Curve, Curve]], tuple[str, str]] = {
    healthy: ("healthy", "both losses fall side by side and level off near 0"),
    healthy_by_a_power: ("healthy", "both losses fall side by side, fast at first and ever more slowly"),
    not_learning: ("not learning", "both losses stay where they started, but for a little noise"),
    constant: ("not learning", "every loss is equal to the first"),
    underfitting: ("underfitting", "both losses fall by a third and come to rest there together"),
    overfitting: ("overfitting", "the training loss falls to the end, and the validation loss turns and rises"),
    zigzag: ("oscillating", "both losses go up and down in turn until the end"),
    restless: ("oscillating", "both losses jump up and down until the end, without a rule"),
    spike: ("spike", "the losses jump up once, come back and fall on"),
    nan_from_some_epoch: ("diverged", "the losses fall, then become NaN"),
    nan_at_the_end: ("diverged", "the losses of the last epoch are NaN"),
    infinite_from_some_epoch: ("diverged", "the losses fall, then become infinite"),
    infinite_then_nan: ("diverged", "the losses explode, become infinite, then NaN"),
    nan_after_a_spike: ("diverged", "the losses jump up once, come back, and become NaN in the end"),
    nan_while_oscillating: ("diverged", "the losses go up and down, then become NaN"),
    blown_up: ("diverged", "the losses grow from the start to a hundred times and more"),
    blown_up_late: ("diverged", "the losses fall, then grow to a hundred times the start"),
}
LENGTHS = (16, 25, 36, 50, 80)


def drawn(scales: tuple[float, ...], seed: int, lengths: tuple[int, ...] = LENGTHS) -> Iterator[Run]:
    """One run of every kind and length; their first losses take turns in `scales`."""
    random = Random(seed)
    for kind, (diagnosis, story) in KINDS.items():
        for position, length in enumerate(lengths):
            scale = scales[position % len(scales)]
            train, val = ([scale * loss for loss in curve] for curve in kind(length, random))
            yield Run(story, diagnosis, train, val)
