"""Sweeps: which settings are tried, run on all cores, remembered run by run, so that a sweep can be gone on with."""

from __future__ import annotations

import itertools
import json
import math
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import torch

from backpass.tuning.own import STUCK, OwnTrainer
from backpass.tuning.trainer import Config, ConfigError, config_of, digits, train

RUNS = "runs.jsonl"
COURSES = "course"  # the trainer of the course
_TYPES: dict[str, type] = {name: type(value) for name, value in asdict(Config()).items()}


@dataclass(frozen=True)
class Run:
    """One network: what it was trained with, and what it came to on the validation set.

    `curve`: its training loss in each epoch, to four digits. `raised`: what a trainer of one's own ended with; such a
    run has got nothing right.
    """

    config: Config
    seed: int
    accuracy: float
    loss: float
    curve: tuple[float, ...] = ()
    raised: str = ""
    trainer: str = COURSES

    def __post_init__(self) -> None:
        object.__setattr__(self, "curve", tuple(float(f"{loss:.4g}") for loss in self.curve))


_RESULTS = tuple(field.name for field in fields(Run) if field.name != "config")


@dataclass(frozen=True)
class Row:
    """The runs of one setting, which differ by their seeds only."""

    config: Config
    runs: tuple[Run, ...]

    @property
    def accuracies(self) -> tuple[float, ...]:
        return tuple(run.accuracy for run in self.runs)

    @property
    def mean(self) -> float:
        return sum(self.accuracies) / len(self.accuracies)

    @property
    def curve(self) -> list[float]:
        """The training loss in each epoch, its mean over the seeds."""
        return [sum(losses) / len(losses) for losses in zip(*(run.curve for run in self.runs), strict=False)]


def parsed(words: Sequence[str], draws: int, seed: int) -> tuple[list[Config], list[str]]:
    """The settings that `NAME=VALUES` ask for, and the names of those that vary.

    VALUES are one, several with commas (a grid), or LOW..HIGH: `draws` values, uniform in the logarithm. Several draws
    are drawn together: there are `draws` settings of them, each tried with every combination of the others.
    """
    grid: dict[str, list[Any]] = {}
    drawn: dict[str, list[Any]] = {}
    generator = torch.Generator().manual_seed(seed)
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or name not in _TYPES or name in grid or name in drawn:
            known = ", ".join(_TYPES)
            raise ConfigError(f"{word!r:.60}: NAME=VALUES is asked for, once a name; the names are {known}.")
        if ".." in text:
            low, high = (_value(name, end) for end in text.split("..", 1))
            if _TYPES[name] not in (int, float) or not 0 < low < high:
                raise ConfigError(f"{word!r:.60}: LOW..HIGH are two numbers, 0 < LOW < HIGH.")
            uniform = torch.rand(draws, generator=generator, dtype=torch.float64)
            values = (math.log(low) + uniform * math.log(high / low)).exp().tolist()
            drawn[name] = [round(each) if _TYPES[name] is int else float(f"{each:.3g}") for each in values]
        else:
            grid[name] = [_value(name, each) for each in text.split(",")]
    together = [dict(zip(drawn, each, strict=True)) for each in zip(*drawn.values(), strict=True)] or [{}]
    configs = [
        config_of(some | dict(zip(grid, each, strict=True)))
        for some in together
        for each in itertools.product(*grid.values())
    ]
    return list(dict.fromkeys(configs)), [*drawn, *(name for name, values in grid.items() if len(values) > 1)]


def _value(name: str, text: str) -> Any:
    kind = _TYPES[name]
    try:
        if kind is bool:
            return {"yes": True, "no": False}[text]
        return kind(text)
    except (KeyError, ValueError):
        wanted = {bool: "yes or no", int: "an int", float: "a number", str: "a word"}[kind]
        raise ConfigError(f"{name}={text!s:.40}: it is {wanted}.") from None


def told(config: Config) -> str:
    """The settings of a run that are not the usual ones, as they are asked for."""
    asked = {name: value for name, value in asdict(config).items() if value != getattr(Config, name)}
    return " ".join(f"{name}={shown(value)}" for name, value in asked.items()) or "the usual settings"


def shown(value: Any) -> str:
    """A setting's value as it is asked for."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


class Sweep:
    """The runs of a folder; each is written down as soon as it is there.

    `own`: the trainer, instead of the course's. `runs` are those of this trainer, `epochs` counts all.
    """

    def __init__(self, folder: Path, data: Path, split: int = 0, own: OwnTrainer | None = None) -> None:
        self._file = folder / RUNS
        self._data, self._split, self._own = data, split, own
        self._trainer = COURSES if own is None else own.name
        self.epochs = 0
        self.runs: dict[tuple[Config, int], Run] = {}
        if self._file.is_file():
            written = self._file.read_text(encoding="utf-8")
            whole = written[: written.rfind("\n") + 1]
            if whole != written:  # a line without an end was being written when the sweep was stopped
                self._file.write_text(whole, encoding="utf-8")
            for number, line in enumerate(whole.splitlines(), 1):
                try:
                    run = _read(json.loads(line))
                except (ValueError, TypeError, KeyError):
                    raise ConfigError(f"{self._file}:{number} is no run: {line[:60]}. Take the line out.") from None
                self._count(run)

    def _count(self, run: Run) -> None:
        self.epochs += run.config.epochs
        if run.trainer == self._trainer:
            self.runs[run.config, run.seed] = run

    def missing(self, configs: Sequence[Config], seeds: Sequence[int]) -> dict[Config, list[int]]:
        """The seeds that each setting has not been run with."""
        wanted = {config: [seed for seed in seeds if (config, seed) not in self.runs] for config in configs}
        return {config: left for config, left in wanted.items() if left}

    def run(self, wanted: Mapping[Config, list[int]], jobs: int, report: Callable[[int], None]) -> None:
        """Train what is wanted on so many processes; `report(runs)` is told of the runs that are done.

        A trainer that gives no answer ends the sweep with a ConfigError; that run is kept, and not tried again.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            for runs in self._trained(wanted, jobs):
                for run in runs:
                    self._count(run)
                    results = {name: value for name, value in vars(run).items() if name != "config"}
                    file.write(json.dumps(asdict(run.config) | results) + "\n")
                file.flush()
                report(len(self.runs))
                for stuck in (run for run in runs if run.raised.startswith(STUCK)):
                    raise ConfigError(
                        f"Your train_mlp did not come back with {told(stuck.config)} ({stuck.raised}). That run counts "
                        f"as 0 %; {len(self.runs)} runs are in {self._file.parent}: the same command goes on."
                    )

    def _trained(self, wanted: Mapping[Config, list[int]], jobs: int) -> Iterator[list[Run]]:
        if self._own is not None:
            for config, seed, outcome in self._own.runs(wanted, jobs, self._data, self._split):
                yield [Run(config, seed, **vars(outcome), trainer=self._trainer)]
            return
        each = partial(_trained, data=self._data, split=self._split)
        if jobs == 1:
            yield from map(each, wanted.items())
            return
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            yield from pool.imap_unordered(each, wanted.items())

    def rows(self, configs: Sequence[Config], seeds: Sequence[int]) -> list[Row]:
        """What the settings came to, the best first."""
        found = [
            Row(config, tuple(self.runs[config, seed] for seed in seeds if (config, seed) in self.runs))
            for config in configs
        ]
        return sorted((row for row in found if row.runs), key=lambda row: -row.mean)


def _read(values: dict[str, Any]) -> Run:
    values.pop("train_loss", None)  # of sweeps before there were curves
    results = {name: values.pop(name) for name in _RESULTS if name in values}
    return Run(config_of(values), **results)


def _trained(wanted: tuple[Config, list[int]], data: Path, split: int) -> list[Run]:
    config, seeds = wanted
    torch.set_num_threads(1)
    came = train(config, [digits(data, split)] * len(seeds), seeds)
    return [
        Run(config, seed, accuracy, loss, curve)
        for seed, accuracy, loss, curve in zip(seeds, came["accuracy"], came["loss"], came["curve"], strict=True)
    ]


def lines(rows: Sequence[Row], along: str, apart: Sequence[str]) -> Iterator[tuple[str, list[Row]]]:
    """Rows that differ in `along` alone, in its order, each group with what it has of the settings `apart`."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: getattr(row.config, along)):
        groups.setdefault(tuple(getattr(row.config, name) for name in apart), []).append(row)
    for values, group in groups.items():
        yield ", ".join(f"{name} {shown(value)}" for name, value in zip(apart, values, strict=True)), group
