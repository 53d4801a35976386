"""What the checks say of one's own work, in a process that stays warm: for `backpass watch` and `backpass check`."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from backpass.classroom.grade import grade_submission
from backpass.course.manifest import Course, Exercise
from backpass.explaining.grader import HiddenGrader, PublicGrader
from backpass.judging.result import ExerciseResult
from backpass.student.submission import Submission
from backpass.studying.progress import DONE, STATES
from backpass.worker.client import Worker, Zygote
from backpass.worker.inspector import Inspector, file_in
from backpass.worker.invoke import Answer, Call
from backpass.worker.own import OwnProcesses


@dataclass(frozen=True)
class Verdict:
    """What checks say of an exercise: `state` is "done", "wrong", or None for a stub. `printed`: by its code."""

    exercise: Exercise
    state: str | None
    message: str
    printed: str = ""


class Aborted(BaseException):
    """The verdict is not wanted any more."""


class Judge:
    """Judges exercises again and again; a context. Each verdict has a worker of its own, forked from a warm one."""

    def __init__(self, course: Course, *, fresh: bool = not hasattr(os, "fork")) -> None:
        """`fresh`: in processes that are not forked, and not confined."""
        self._course = course
        self._resources = ExitStack()
        limits, enter = course.limits, self._resources.enter_context
        started = enter(OwnProcesses(limits, fresh=True, ahead=True)) if fresh else enter(Zygote(limits))
        self._processes: Any = _Abortable(started)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def verdict(
        self, exercise: Exercise, sources: dict[str, bytes], file: Callable[[str], str] | None = None
    ) -> Verdict:
        """What the public checks say of `exercise` in the modules `sources`; Aborted where that was asked for.

        `file`: what a unit's module is called; by default its file in `starter/`.
        """
        printed: dict[str, None] = {}

        def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
            answers = worker.call(unit, name, calls)
            self._processes.stop_if_aborted()
            printed.update(dict.fromkeys(each.printed for each in answers if each.printed))
            return answers

        folder = self._course.root / "starter"
        with (
            Worker(self._processes, sources) as worker,
            Inspector(self._processes, sources, file=file or file_in(folder)) as inspector,
        ):
            result = self._public.grade(exercise, ask, inspects=inspector)
        return _as_verdict(exercise, result, "".join(printed))

    def hidden(self, exercises: Sequence[Exercise], sources: dict[str, bytes]) -> list[ExerciseResult]:
        """What the hidden graders say of exercises, as they would of a submission; Aborted as above."""
        wanted = _with_needs(self._course, [exercise.id for exercise in exercises])
        units = [
            replace(unit, exercises=tuple(e for e in unit.exercises if e.id in wanted)) for unit in self._course.units
        ]
        grader = self._hidden
        grader.course = replace(self._course, units=tuple(unit for unit in units if unit.exercises))  # not the rest
        graded = grade_submission(grader, self._processes, Submission("starter", sources, None))
        self._processes.stop_if_aborted()
        return [graded.exercises[exercise.id] for exercise in exercises]

    def abort(self) -> None:
        """From another thread: nobody waits for the verdict that is being made. `resume` when it has ended."""
        self._processes.abort()

    def resume(self) -> None:
        """Be ready for the next verdict."""
        self._processes.resume()

    @cached_property
    def _public(self) -> PublicGrader:
        return PublicGrader(self._course)

    @cached_property
    def _hidden(self) -> HiddenGrader:
        return HiddenGrader(self._course)


def _as_verdict(exercise: Exercise, result: ExerciseResult, printed: str) -> Verdict:
    state = STATES[result.status]
    return Verdict(exercise, state, "" if state == DONE else result.message, printed)


def _with_needs(course: Course, names: Sequence[str]) -> set[str]:
    """Exercises, and all that they build on."""
    return set(names).union(*(_with_needs(course, course.declared[name].needs) for name in names))


class _Abortable:
    """What workers are started from, with an end to all of them that another thread can ask for."""

    def __init__(self, processes: Zygote | OwnProcesses) -> None:
        self._processes: Zygote | OwnProcesses = processes
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self.limits = processes.limits
        self.killed = 0
        self.active_layers = getattr(processes, "active_layers", ())

    def resume(self) -> None:
        self._sockets.clear()
        self._aborted = False

    def abort(self) -> None:
        self._aborted = True
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # whoever waits for an answer sees the end, and kills the worker

    def stop_if_aborted(self) -> None:
        if self._aborted:
            raise Aborted

    def fork(self, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        self.stop_if_aborted()
        started = self._processes.fork(wanted)
        self._sockets.append(started[0])
        return started

    def reap(self, pid: int) -> int:
        return self._processes.reap(pid)
