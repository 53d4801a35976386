"""Grading a class on several cores: one grading process a core, each with a zygote of its own."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any

from backpass.classroom.fingerprint import grading_hash
from backpass.classroom.judges import Judges, rehearse
from backpass.classroom.known import MOST_FUNCTIONS, Found, Submissions
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course
from backpass.explaining.grader import HiddenGrader
from backpass.judging.result import ExerciseResult
from backpass.student.hand_ins import HandIn
from backpass.student.submission import Submission, read_submission
from backpass.worker.client import Zygote
from backpass.worker.confinement import end_with_parent
from backpass.worker.sandbox import open_doors
from backpass.worker.warm import ALL_LAYERS

# Of submissions in a row that cannot be graded: then it may be the machine or the graders, and not the submissions.
MOST_LOST = 5
_A_CLASS = 4  # submissions, from which on it pays to run the solutions first


class GradingStopped(Exception):
    """Nothing can be graded here."""


class Pool:
    """A context that grades submissions with `jobs` processes; `doors` tells what its sandbox leaves open.

    A grading process that is lost is replaced. The submission that it was at is graded once more, and when that
    fails as well its result says so. (An executor of the standard library gives up as a whole when it loses a process.)
    """

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
        self.isolation = "sandbox" if self.is_sandboxed else "process"
        self.hash = grading_hash(self.course, self._devices, self.isolation, self.layers)
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @property
    def is_sandboxed(self) -> bool:
        """Whether the confinement is complete. With CUDA it never is: its driver is a wide door."""
        return not self.doors and "cuda" not in self._devices

    def grade(self, hand_ins: Sequence[HandIn]) -> Iterator[SubmissionResult]:
        """The results, each as soon as it is there; a submission is read when a process is free for it."""
        if not hand_ins:
            return
        jobs = min(self.jobs, len(hand_ins))
        grader = HiddenGrader(self.course)
        coming: Iterator[Submission] = (read_submission(hand_in, self.course.functions) for hand_in in hand_ins)
        if len(hand_ins) > 1:
            # What the first of them hand in, the others of the class will hand in as well.
            first = list(itertools.islice(coming, jobs))
            units = {unit for submission in first for unit in submission.sources}
            grader.freeze(units, self._devices)
            if len(hand_ins) >= _A_CLASS:
                rehearse(grader, self._zygote, units)
            coming = itertools.chain(first, coming)
        known, right = Submissions(), list[Found]()
        once_more: deque[Submission] = deque()
        failed: dict[str, str] = {}
        processes: list[_GradingProcess] = []
        lost_in_a_row = 0
        try:
            while True:
                idle = [process for process in processes if process.submission is None]
                for place in range(jobs - len(processes) + len(idle)):
                    submission = once_more.popleft() if once_more else next(coming, None)
                    while submission is not None and (same := known.of(submission)) is not None:
                        yield same
                        submission = next(coming, None)
                    if submission is None:
                        break
                    if place == len(idle):
                        idle.append(self._start(grader))
                        processes.append(idle[-1])
                    idle[place].hand(submission, right)
                busy = {process.connection: process for process in processes if process.submission is not None}
                if not busy:
                    return
                for process in [busy[connection] for connection in wait(list(busy))]:
                    submission, result, found = process.take()
                    right += found[: max(0, MOST_FUNCTIONS - len(right))]
                    if isinstance(result, SubmissionResult):
                        lost_in_a_row = 0
                        known.add(submission, result)
                        yield result
                        continue
                    processes.remove(process)
                    process.end()
                    if submission.name not in failed:
                        failed[submission.name] = result
                        once_more.append(submission)
                        continue
                    lost_in_a_row += 1
                    if lost_in_a_row == MOST_LOST:
                        why = self._why_nothing_can_be_graded(grader)
                        if why is not None:
                            raise GradingStopped(
                                f"{MOST_LOST} submissions in a row could not be graded, and one that does nothing "
                                f"cannot be either: {why}. What had been graded is in the results."
                            )
                        lost_in_a_row = 0  # five bad neighbours
                    yield replace(not_graded(self.course, submission, result), isolation=self.isolation)
        finally:
            for process in processes:
                process.end()

    def _why_nothing_can_be_graded(self, grader: HiddenGrader) -> str | None:
        """What a submission that does nothing comes to, in words; None where it can be graded."""
        process = self._start(grader)
        try:
            process.hand(Submission("", {self.course.unit_names[0]: b"nothing = None\n"}), [])
            _, result, _ = process.take()
            return None if isinstance(result, SubmissionResult) else result
        finally:
            process.end()

    def _start(self, grader: HiddenGrader) -> _GradingProcess:
        if sys.platform != "linux":
            # Without fork each process loads the graders and starts a zygote itself.
            arguments = self.course, self._devices, self._layers, self.isolation, self.hash
            return _GradingProcess("spawn", _serve_alone, *arguments)
        # A fork has the graders, their cases and a warm zygote from the start. It is safe: this process has
        # one thread, as torch is held to one, and CUDA is started by workers only.
        with self.task(grader) as task:
            return _GradingProcess("fork", serve, task)

    @contextlib.contextmanager
    def task(self, grader: HiddenGrader) -> Iterator[Task]:
        """A task with a zygote of its own, for a process that is forked meanwhile."""
        zygote = self._zygote.split()
        try:
            yield Task(grader, zygote, self._devices, self.isolation, self.hash)
        finally:
            zygote.close()  # the other side has it


class Task:
    """Grades one submission after the other, in whichever process it is called."""

    def __init__(
        self, grader: HiddenGrader, zygote: Zygote, devices: tuple[str, ...], isolation: str, grading_hash: str
    ) -> None:
        self._judges = Judges(grader, zygote, devices)
        self._isolation = isolation
        self._hash = grading_hash

    def __call__(self, submission: Submission, found: Iterable[Found]) -> tuple[SubmissionResult, list[Found]]:
        """The result, and the functions that were found to be right; `found`: those that others have found."""
        self._judges.right.add(found)
        self._judges.found.clear()
        result = self._judges.grade(submission)
        return replace(result, isolation=self._isolation, grading_hash=self._hash), [*self._judges.found]


class _GradingProcess:
    """A process that grades; `submission`: what it is at."""

    def __init__(self, method: str, serve: Callable[..., None], *arguments: object) -> None:
        context: Any = multiprocessing.get_context(method)
        self.submission: Submission | None = None
        self._told = 0  # functions that are right
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, *arguments))
        self._process.start()
        theirs.close()  # so that its end is seen here

    def hand(self, submission: Submission, right: Sequence[Found]) -> None:
        """Let it grade a submission. `right`: the functions that all of them have found to be right, in their order."""
        self.submission = submission
        with contextlib.suppress(OSError):  # it is lost, and `take` tells
            self.connection.send((submission, right[self._told :]))
        self._told = len(right)

    def take(self) -> tuple[Submission, SubmissionResult | str, list[Found]]:
        """The submission that it was at, its result, or in words why there is none, and what it found to be right."""
        assert self.submission is not None
        submission, self.submission = self.submission, None
        try:
            return submission, *self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            return submission, f"the grading process ended ({exit_in_words(self._process.exitcode)})", []

    def end(self) -> None:
        """Be done with it, whatever it is at."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def exit_in_words(status: int) -> str:
    """How a process ended, from its exit code, or the negative number of a signal."""
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def serve(connection: Connection, task: Task) -> None:
    """Answer as `Task` does, or in words why there is no result, until the connection closes."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    while True:
        try:
            submission, found = connection.recv()
        except EOFError:
            return
        try:
            connection.send(task(submission, found))
        except Exception as error:
            connection.send((f"the grader failed ({type(error).__name__}: {error})", []))


def _serve_alone(
    connection: Connection,
    course: Course,
    devices: tuple[str, ...],
    layers: tuple[str, ...],
    isolation: str,
    grading_hash: str,
) -> None:
    with Zygote(course.limits, layers, cuda="cuda" in devices) as zygote:
        serve(connection, Task(HiddenGrader(course), zygote, devices, isolation, grading_hash))


def not_graded(course: Course, submission: Submission, why: str) -> SubmissionResult:
    """The result of a submission at which grading failed twice. It has no hashes, so the next run tries again."""
    problem = f"It could not be graded, twice: {why}. Nothing is known of its answers."
    exercises = {
        name: ExerciseResult("crashed", 0, exercise.points, None, problem)
        for name, exercise in course.exercises.items()
    }
    return SubmissionResult(
        submission.name,
        exercises,
        problem,
        student_id=submission.student_id,
        late=submission.late,
        handed_in=submission.handed_in,
    )
