"""One's own `train_mlp` in a sweep: whether it passes its checks, and its runs, in processes that hold nothing else."""

from __future__ import annotations

import hashlib
import math
import os
import queue
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from backpass.course.manifest import Course, Limits
from backpass.explaining.grader import PublicGrader
from backpass.student.submission import read_submission
from backpass.tuning.trainer import Config, ConfigError, digits, finite
from backpass.worker.calls import Answer, Call
from backpass.worker.client import Worker, Zygote
from backpass.worker.inspector import Inspector, file_in
from backpass.worker.own import OwnProcesses
from backpass.worker.wire import Seed

EXERCISE = "training.train_mlp"
_TAKES = ("hidden", "epochs", "batch_size", "max_lr")
_MINUTES_A_RUN = 10
STUCK = "timeout"  # what `Outcome.raised` begins with where no answer came


@dataclass(frozen=True)
class Outcome:
    """What a run came to on the samples held back, and its training losses; `raised`: what it ended with instead."""

    accuracy: float
    loss: float
    curve: tuple[float, ...] = ()
    raised: str = ""


class OwnTrainer:
    """`train_mlp` of `starter/`. `name` tells its versions apart: a sweep does not mix their runs."""

    def __init__(self, course: Course) -> None:
        self.course = course
        read = read_submission(course.root / "starter", course.functions).sources
        needed = {*course.needed(["training"], []), "training"}
        self._sources = {unit: source for unit, source in sorted(read.items()) if unit in needed}
        self.name = "own " + hashlib.sha256(repr(self._sources).encode()).hexdigest()[:8]

    def why_not(self, configs: Iterable[Config]) -> str:
        """Why it cannot train with these settings; empty where it can."""
        plain = Config()
        options = [field.name for field in fields(Config) if field.name not in _TAKES]
        asked = [name for name in options if any(getattr(each, name) != getattr(plain, name) for each in configs)]
        if asked:
            return f"yours has no {', '.join(asked)}"
        exercise = self.course.exercises.get(EXERCISE)
        if exercise is None or "training" not in self._sources:
            return "there is none of yours"
        with (
            self._processes() as processes,
            Worker(processes, self._sources) as worker,
            Inspector(processes, self._sources, file=file_in(self.course.root / "starter")) as inspector,
        ):
            result = PublicGrader(self.course).grade(exercise, worker.call, inspects=inspector)
        if result.status == "passed":
            return ""
        return (
            "yours is not written yet" if result.status == "todo" else "yours does not pass pytest exercises/training"
        )

    def runs(
        self, wanted: Mapping[Config, list[int]], jobs: int, data: Path, split: int
    ) -> Iterator[tuple[Config, int, Outcome]]:
        """Train what is wanted, as many runs at once as `jobs`, in the order in which they end."""
        tasks = [(config, seed) for config, seeds in wanted.items() for seed in seeds]
        parts = dict(zip(("x_train", "y_train", "x_val", "y_val"), digits(data, split), strict=True))
        with ExitStack() as resources:
            processes = resources.enter_context(self._processes())
            free: queue.Queue[Worker] = queue.Queue()
            for _ in range(min(jobs, len(tasks))):
                free.put(resources.enter_context(Worker(processes, self._sources)))
                free.queue[-1].load("training")

            def trained(task: tuple[Config, int]) -> tuple[Config, int, Outcome]:
                config, seed = task
                worker = free.get()
                settings = {name: getattr(config, name) for name in _TAKES}
                call = Call({**parts, **settings, "generator": Seed(seed)})
                answer = worker.call("training", "train_mlp", [call])[0]
                free.put(worker)
                return config, seed, _outcome(config, answer, parts["x_val"], parts["y_val"])

            pool = resources.enter_context(ThreadPool(free.qsize()))
            yield from pool.imap_unordered(trained, tasks)

    @contextmanager
    def _processes(self) -> Iterator[Zygote | OwnProcesses]:
        a_run = 60.0 * _MINUTES_A_RUN
        limits = replace(self.course.limits, seconds_a_request=a_run, seconds_a_submission=24 * 3600)
        with _SharedZygote(limits) if hasattr(os, "fork") else OwnProcesses(limits, fresh=True) as processes:
            yield processes


class _SharedZygote(Zygote):
    """A zygote that several threads ask for processes: one at a time, as orders and answers go one way."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self._turn = threading.Lock()

    def fork(self, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        with self._turn:
            return super().fork(wanted)

    def reap(self, pid: int) -> int:
        with self._turn:
            return super().reap(pid)


def _outcome(config: Config, answer: Answer, x: torch.Tensor, y: torch.Tensor) -> Outcome:
    """What the network that came back makes of the samples held back. A run that raises gets none of them right."""
    raised = answer.raised
    if raised is not None:
        return Outcome(0.0, math.inf, raised=f"{raised.kind}: {raised.text}")
    try:
        w1, w2, b1, b2 = _parts(answer.value, config.hidden, x.shape[1], int(y.max()) + 1)
        curve = finite(float(each) for each in answer.value["train_losses"][: config.epochs])
    except (TypeError, KeyError, LookupError, ValueError, AttributeError) as error:
        raise ConfigError(f"Your train_mlp returns no network: {str(error)[:120]}") from None
    logits = (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    accuracy = (logits.argmax(1) == y).double().mean().item()
    loss = F.cross_entropy(logits, y).item()
    return Outcome(accuracy, finite([loss])[0], tuple(curve))


def _parts(run: Any, hidden: int, features: int, classes: int) -> list[torch.Tensor]:
    parts = [each.detach().to(torch.float32) for each in (*run["weights"], *run["biases"])]
    shapes = [tuple(each.shape) for each in parts]
    if shapes != [(hidden, features), (classes, hidden), (hidden,), (classes,)]:
        raise ValueError(f"its weights and biases have the shapes {shapes}")
    return parts
