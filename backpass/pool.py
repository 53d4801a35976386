"""Grading a class on several cores: one grading process a core, each with a zygote of its own."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from backpass.course import Course
from backpass.grade import grade_submission
from backpass.graders import Graders
from backpass.results import SubmissionResult
from backpass.submission import read_submission
from backpass.worker.client import ALL_LAYERS, Worker, Zygote
from backpass.worker.confinement import end_with_parent

# Submissions handed out ahead of the one that is written next: enough to keep every process busy, and no more,
# so that memory does not grow with the class.
_AHEAD = 4


class GradingStopped(Exception):
    """A grading process was lost."""


class Pool:
    """A context that grades submissions with `jobs` processes; `doors` tells what its sandbox leaves open."""

    def __init__(
        self,
        course: Course,
        jobs: int,
        devices: tuple[str, ...] = ("cpu",),
        layers: tuple[str, ...] = ALL_LAYERS,
    ) -> None:
        self.course = course
        self.jobs = jobs
        self._devices = devices
        self._layers = layers
        self._resources = ExitStack()

    def __enter__(self) -> Pool:
        self._zygote = self._resources.enter_context(
            Zygote(self.course.limits, self._layers, cuda="cuda" in self._devices)
        )
        self.layers = self._zygote.active_layers
        self.doors = open_doors(self._zygote, self.course)
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @property
    def is_sandboxed(self) -> bool:
        """Whether the confinement is complete. With CUDA it never is: its driver is a wide door."""
        return not self.doors and "cuda" not in self._devices

    def grade(self, submissions: Sequence[tuple[Path, str]]) -> Iterator[SubmissionResult]:
        """The results of (path, name) pairs, in their order, as they come."""
        graders = Graders(self.course)
        isolation = "sandbox" if self.is_sandboxed else "process"
        jobs = min(self.jobs, len(submissions))
        if jobs <= 1:
            task = Task(graders, self._zygote, self._devices, isolation)
            yield from (task(*submission) for submission in submissions)
            return
        for device in self._devices:
            graders.freeze(device)
        with self._start(jobs, graders, isolation) as executor:
            waiting: deque[Future[SubmissionResult]] = deque()
            try:
                for submission in submissions:
                    waiting.append(executor.submit(_grade, *submission))
                    if len(waiting) >= _AHEAD * jobs:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BrokenProcessPool:
                raise GradingStopped("A grading process was killed; what had been graded is in the results.") from None
            finally:
                for future in waiting:
                    future.cancel()

    def _start(self, jobs: int, graders: Graders, isolation: str) -> ProcessPoolExecutor:
        if sys.platform != "linux":
            # Without fork each process loads the graders and starts a zygote itself.
            context = multiprocessing.get_context("spawn")
            start: Callable[..., None] = _start_alone
            arguments: tuple[object, ...] = (self.course, self._devices, self._layers, isolation)
        else:
            # A fork has the graders, their cases and a warm zygote from the start. It is safe: this process has
            # one thread, as torch is held to one, and CUDA is started by workers only.
            context = multiprocessing.get_context("fork")
            tasks = context.SimpleQueue()
            zygotes = [self._resources.enter_context(self._zygote.split()) for _ in range(jobs)]
            for number in range(jobs):
                tasks.put(number)
            start, arguments = _start_forked, (graders, zygotes, tasks, self._devices, isolation)
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=start, initargs=arguments)


class Task:
    """Grades one submission after the other, in whichever process it is called."""

    def __init__(self, graders: Graders, zygote: Zygote, devices: tuple[str, ...], isolation: str) -> None:
        self._graders = graders
        self._zygote = zygote
        self._devices = devices
        self._isolation = isolation

    def __call__(self, path: Path, name: str) -> SubmissionResult:
        submission = read_submission(path, self._graders.course.unit_names, name)
        result = grade_submission(self._graders, self._zygote, submission, self._devices)
        return replace(result, isolation=self._isolation)


def open_doors(zygote: Zygote, course: Course) -> list[str]:
    """What the sandbox, tried out in a worker, does not stop: reading the course, writing, network, processes."""
    with tempfile.TemporaryDirectory() as folder, Worker(zygote, {}) as worker:
        secret = Path(folder) / "secret"
        secret.write_text("x")
        readable = [str(secret), str(course.root / "course.toml")]
        found = worker.what_is_possible({"readable": readable, "folder": folder, "process": os.getpid()})
        return [words.replace(str(secret), "your files") for words in found]


_task: Task | None = None  # of this grading process


def _grade(path: Path, name: str) -> SubmissionResult:
    assert _task is not None
    return _task(path, name)


def _start_forked(
    graders: Graders, zygotes: list[Zygote], numbers: SimpleQueue[int], devices: tuple[str, ...], isolation: str
) -> None:
    global _task
    end_with_parent()
    mine = numbers.get()
    for number, zygote in enumerate(zygotes):
        if number != mine:
            zygote.close()
    _task = Task(graders, zygotes[mine], devices, isolation)


def _start_alone(course: Course, devices: tuple[str, ...], layers: tuple[str, ...], isolation: str) -> None:
    global _task
    zygote = Zygote(course.limits, layers, cuda="cuda" in devices).__enter__()
    _task = Task(Graders(course), zygote, devices, isolation)
