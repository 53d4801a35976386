"""Judges: a process for each submission, forked from a warm one, with memory and time of its own, and thrown away.

What a submission answers is of a size and form that it chose. It is decoded, compared, differentiated and explained in
a judge, and nowhere else. The process that a judge is forked from reads lines of JSON from it, of bounded length, and
nothing else; so no submission leaves anything behind, and where a judge is lost, what it was at could not be judged,
and the next one goes on behind it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any, NoReturn

from backpass.classroom.grade import Step, put_together, steps
from backpass.classroom.results import SubmissionResult, exercise_result
from backpass.course.language import tr
from backpass.course.words import plain_text
from backpass.explaining.grader import EXPLANATION, HiddenGrader
from backpass.judging.failures import Fault
from backpass.student.submission import Submission
from backpass.worker.client import Zygote
from backpass.worker.confinement import WarmSize, end_with_parent

_MEMORY = 2 << 30  # bytes that a judge may add to what it was forked with
_SHARE = 3  # times the limit for a request: seconds of CPU time that judging one check, or explaining it, may take
_BACKSTOP = 10  # times the limit for a submission: seconds of wall time between two lines
_MOST_LOST = 10  # judges of one submission
_LONGEST_LINE, _LONGEST_NOTICE = 1 << 16, 200
_SECONDS_TO_EXIT = 0.5
_BEGIN = ""  # in place of a check's name: an exercise before its checks


Explained = tuple[str, str, str]  # exercise, check, and the mistake of the catalogue


class _Lost(Exception):
    """A judge ended before it was done; the text says why."""


@dataclass(frozen=True)
class _Place:
    """What a judge is at: a check or the explanation of an exercise, `again` with right foundations."""

    exercise: str
    again: bool
    what: str


class Judges:
    """Grades submissions, each in forks of this process, with what `grader` knows."""

    def __init__(self, grader: HiddenGrader, zygote: Zygote, devices: tuple[str, ...]) -> None:
        self._grader = grader
        self._zygote = zygote
        self._devices = devices
        self._judges_zygote: Zygote | None = None
        self._learned: set[Explained] = set()
        self._warm_size = WarmSize()

    def grade(self, submission: Submission) -> SubmissionResult:
        """The result of a submission, whatever it does to its judges."""
        self._grader.checks.freeze(submission.sources, self._devices)
        taken, was_killed = self._graded(submission)
        if was_killed:
            # By the system, for lack of memory, or by a person: not the submission's fault unless it comes back.
            taken, _ = self._graded(submission)
        return put_together(self._grader.course, submission, taken, self._zygote.active_layers, self._devices)

    def _graded(self, submission: Submission) -> tuple[list[Step], bool]:
        """The steps of a submission, and whether a process of its own was killed from outside."""
        taken: list[Step] = []
        lost: dict[_Place, str] = {}
        while True:
            judge = _Judge(self._grader, self._fork_of_the_zygote(), self._devices, self._warm_size)
            try:
                was_killed = judge.go_on(submission, taken, lost)
            except _Lost as why:
                self._drop_the_zygote()
                if judge.place is None or len(lost) == _MOST_LOST:
                    raise RuntimeError(f"its judges were lost, the last one because {why}") from None
                lost[judge.place if judge.place not in lost else replace(judge.place, what=_BEGIN)] = str(why)
                continue
            if was_killed:
                self._drop_the_zygote()
            self._learn(judge.explained)
            return taken, was_killed

    def _learn(self, explained: Iterable[Explained]) -> None:
        """What a judge had to find out from the catalogue, the next ones are to find here."""
        for each in explained:
            if each not in self._learned:
                self._learned.add(each)
                with contextlib.suppress(Exception):  # then it is only slower
                    self._grader.learn(*each)

    def _fork_of_the_zygote(self) -> Zygote:
        """A zygote for judges alone: of one that is lost, nobody knows what it has ordered."""
        if self._judges_zygote is None:
            self._judges_zygote = self._zygote.split()
        return self._judges_zygote

    def _drop_the_zygote(self) -> None:
        if self._judges_zygote is not None:
            self._judges_zygote.close()  # with which its workers end
            self._judges_zygote = None


class _Judge:
    """One judge, from the side that it is forked from. `place`: where it is; `explained`: what it has explained."""

    def __init__(self, grader: HiddenGrader, zygote: Zygote, devices: tuple[str, ...], warm_size: WarmSize) -> None:
        self._grader = grader
        self._zygote = zygote
        self._devices = devices
        self._warm_size = warm_size
        self._seconds = _SHARE * zygote.limits.seconds_a_request
        self.place: _Place | None = None
        self.explained: dict[Explained, None] = {}

    def go_on(self, submission: Submission, taken: list[Step], lost: Mapping[_Place, str]) -> bool:
        """Judge behind the steps `taken` and add to them; whether a process was killed from outside."""
        gc.freeze()  # a collection in the judge must not touch, and so copy, what is here
        ours, theirs = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            self._be(theirs, submission, taken, lost)
        os.close(theirs)
        killed: bool | None = None
        try:
            for kind, *rest in self._lines(ours):
                if kind == "at":
                    self.place = self._checked(_Place(*rest))
                elif kind == "step":
                    taken.append(self._step(*rest))
                elif kind == "explained":
                    self.explained[self._of_the_course(*rest)] = None
                else:
                    killed = bool(rest[0])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise _Lost(tr("the process that judges said what none says")) from None
        finally:
            os.close(ours)
            if killed is None:
                _wait_for_its_end(pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        if killed is None:
            raise _Lost(self._how(status))
        return killed

    def _lines(self, pipe: int) -> Iterator[list[Any]]:
        """What it says, line by line, until it has no more to say."""
        ready, rest = select.poll(), b""
        ready.register(pipe, select.POLLIN)
        while ready.poll(1000 * _BACKSTOP * self._zygote.limits.seconds_a_submission):
            content = os.read(pipe, _LONGEST_LINE)
            if not content:
                return
            *lines, rest = (rest + content).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise ValueError("a line is too long")
            yield from map(json.loads, lines)

    def _checked(self, place: _Place) -> _Place:
        checks = self._grader.checks.of(self._grader.course.exercises[place.exercise])
        if type(place.again) is not bool or place.what not in (_BEGIN, EXPLANATION, *(each.name for each in checks)):
            raise ValueError("no place of a judge")
        return place

    def _of_the_course(self, exercise: str, check: str, mistake: str) -> Explained:
        """What it has explained, with names of the course alone: what is learned of them has an end."""
        checks = self._grader.checks.of(self._grader.course.exercises[exercise])
        if check not in [each.name for each in checks]:
            raise ValueError("no check")
        return exercise, check, mistake if self._grader.diagnosis.function_of(exercise, mistake) else ""

    def _step(
        self, exercise: str, again: bool, result: dict[str, Any], noticed: list[str], importable: bool, seconds: float
    ) -> Step:
        found = exercise_result(**result)
        most = self._grader.course.exercises[exercise].points
        words = tuple(plain_text(each, _LONGEST_NOTICE) for each in noticed)
        return Step(
            exercise,
            bool(again),
            replace(found, points=min(max(found.points, 0), most), max_points=most),
            words,
            bool(importable),
            float(seconds),
        )

    def _how(self, status: int) -> str:
        """Why a judge has ended, in words for the student."""
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return tr("judging them took more than {seconds:g} s", seconds=self._seconds)
        what = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        return tr("the process that judges them ended ({status})", status=what)

    def _be(self, pipe: int, submission: Submission, taken: list[Step], lost: Mapping[_Place, str]) -> NoReturn:
        """Be a judge: grade, tell of it, and end."""
        status = 1
        try:
            end_with_parent()
            self._limit()
            checks, killed = self._grader.checks, self._zygote.killed
            explained = self._grader.explained = {}

            def tell(*words: object) -> None:
                line = json.dumps(words, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
                while line:
                    line = line[os.write(pipe, line) :]

            def begins(exercise: str, again: bool) -> None:
                def before(what: str) -> None:
                    place = _Place(exercise, again, what)
                    tell("at", *astuple(place))
                    self._wind_the_clock()
                    if place in lost:
                        check = tr("{check} could not be judged", check=what or exercise)
                        raise Fault("unjudgeable", f"{check}: {lost[place]}.", status="failed" if what else "crashed")

                checks.before = before
                before(_BEGIN)

            for step in steps(self._grader, self._zygote, submission, self._devices, taken, begins):
                tell("step", *_fields(step))
                for each in list(explained):
                    tell("explained", *each)
                explained.clear()
            tell("end", self._zygote.killed != killed)
            status = 0
        finally:
            os._exit(status)

    def _limit(self) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        size = self._warm_size.read()
        if size:
            resource.setrlimit(resource.RLIMIT_AS, (size + _MEMORY, size + _MEMORY))

    def _wind_the_clock(self) -> None:
        """Count the seconds of this process anew."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + self._seconds) + 1, most))


def _fields(step: Step) -> tuple[object, ...]:
    return (step.exercise, step.again, asdict(step.result), step.noticed, step.is_importable, step.seconds)


def _wait_for_its_end(pid: int) -> None:
    """Let a judge that has closed its pipe end by itself, so that it can be said how."""
    until = time.monotonic() + _SECONDS_TO_EXIT
    while time.monotonic() < until and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.01)
