"""Judges: a process for each submission, forked from a warm one, with memory and time of its own, and thrown away.

See `judging.disposable`. No submission leaves anything behind, and where a judge is lost, what it was at could not be
judged, and the next one goes on behind it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from functools import partial
from typing import Any

from backpass.classroom.grade import Step, not_handed_in, put_together, steps
from backpass.classroom.known import Found, RightFunctions
from backpass.classroom.plain_modules import fingerprints
from backpass.classroom.results import SubmissionResult, exercise_result
from backpass.course.language import tr
from backpass.course.manifest import Course
from backpass.course.words import plain_text
from backpass.explaining.grader import EXPLANATION, HiddenGrader
from backpass.judging.disposable import Disposable, Lost, Tell
from backpass.judging.failures import Fault
from backpass.student.submission import Submission
from backpass.worker.client import Worker, Zygote

SHARE = 3  # times the limit for a request: seconds of CPU time that judging one check, or explaining it, may take
BACKSTOP = 10  # times the limit for a submission: seconds of wall time between two lines
_MOST_LOST = 3  # judges of one submission, which may then have cost as much again as it may take itself
_LONGEST_NOTICE = 200
_BEGIN = ""  # in place of a check's name: an exercise before its checks

Explained = tuple[str, str, str]  # exercise, check, and the mistake of the catalogue


@dataclass(frozen=True)
class _Place:
    """What a judge is at: a check or the explanation of an exercise, `again` with right foundations."""

    exercise: str
    again: bool
    what: str


def rehearse(grader: HiddenGrader, zygote: Zygote, units: Collection[str]) -> None:
    """Grade a little of the course's own solutions in this process, so that its forks begin with what that makes.

    Bytecode, too, which Python adapts to what it is used for: each judge would do that anew.
    """
    grader.checks.rehearse(units)
    with Worker(zygote, grader.checks.sources) as worker:
        for unit in grader.course.units:
            if unit.name in units:
                grader.grade(unit.exercises[0], worker.call)


class Judges:
    """Grades submissions, each in forks of this process, with what `grader` knows."""

    def __init__(self, grader: HiddenGrader, zygote: Zygote, devices: tuple[str, ...]) -> None:
        self._grader = grader
        self._zygote = zygote
        self._devices = devices
        self._judges_zygote: Zygote | None = None
        self._learned: set[Explained] = set()
        self.right = RightFunctions()
        self.found: list[Found] = []  # functions that have passed here, for other processes to know
        self._frozen: set[str] = set()
        limits = zygote.limits
        self._fork = Disposable(SHARE * limits.seconds_a_request, BACKSTOP * limits.seconds_a_submission)

    @property
    def course(self) -> Course:
        """What is graded."""
        return self._grader.course

    def grade(self, submission: Submission) -> SubmissionResult:
        """The result of a submission, whatever it does to its judges."""
        if new := submission.sources.keys() - self._frozen:  # what is touched after a fork costs its page once more
            self._grader.checks.freeze(new, self._devices)
            self._frozen |= new
        taken, was_killed = self._graded(submission)
        if was_killed:
            # By the system, for lack of memory, or by a person: not the submission's fault unless it comes back.
            taken, _ = self._graded(submission)
        return put_together(self.course, submission, taken, self._zygote.active_layers, self._devices)

    def _graded(self, submission: Submission) -> tuple[list[Step], bool]:
        """The steps of a submission, and whether a process of its own was killed from outside."""
        codes = fingerprints(submission)
        taken = [*not_handed_in(self.course, submission), *self.right.steps(codes)]
        if {step.exercise for step in taken} >= self.course.exercises.keys():
            return taken, False
        lost: dict[_Place, str] = {}
        while True:
            judge = _Judge(self._grader, self._fork_of_the_zygote(), self._devices, self._fork)
            try:
                was_killed = judge.go_on(submission, taken, lost)
            except Lost as why:
                self._drop_the_zygote()
                if judge.place is None or len(lost) > _MOST_LOST:
                    raise RuntimeError(f"its judges were lost, the last one because {why}") from None
                lost[judge.place if judge.place not in lost else replace(judge.place, what=_BEGIN)] = str(why)
                continue
            if was_killed:
                self._drop_the_zygote()
            self._learn(judge.explained)
            if not was_killed:
                found = self.right.new_in(codes, taken)
                self.right.add(found)
                self.found += found
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

    def __init__(self, grader: HiddenGrader, zygote: Zygote, devices: tuple[str, ...], fork: Disposable) -> None:
        self._grader = grader
        self._zygote = zygote
        self._devices = devices
        self._fork = fork
        self.place: _Place | None = None
        self.explained: dict[Explained, None] = {}

    def go_on(self, submission: Submission, taken: list[Step], lost: Mapping[_Place, str]) -> bool:
        """Judge behind the steps `taken` and add to them; whether a process was killed from outside."""
        killed = False
        try:
            with contextlib.closing(self._fork.lines(partial(self._be, submission, taken, lost))) as lines:
                for kind, *rest in lines:
                    if kind == "at":
                        self.place = self._checked(_Place(*rest))
                    elif kind == "step":
                        taken.append(self._step(*rest))
                    elif kind == "explained":
                        self.explained[self._of_the_course(*rest)] = None
                    else:
                        killed = bool(rest[0])
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            raise Lost(tr("the process that judges said what none says")) from None
        return killed

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

    def _be(self, submission: Submission, taken: list[Step], lost: Mapping[_Place, str], tell: Tell) -> None:
        """Be a judge: grade, and tell of it."""
        checks, killed = self._grader.checks, self._zygote.killed
        explained = self._grader.explained = {}

        def begins(exercise: str, again: bool) -> None:
            def before(what: str) -> None:
                place = _Place(exercise, again, what)
                tell("at", *astuple(place))
                self._fork.wind_the_clock()
                if place in lost or len(lost) >= _MOST_LOST:
                    check = tr("{check} could not be judged", check=what or exercise)
                    why = lost.get(place, [*lost.values()][-1])
                    raise Fault("unjudgeable", f"{check}: {why}.", status="failed" if what else "crashed")

            checks.before = before
            before(_BEGIN)

        for step in steps(self._grader, self._zygote, submission, self._devices, taken, begins):
            tell("step", *_fields(step))
            for each in list(explained):
                tell("explained", *each)
            explained.clear()
        tell("killed", self._zygote.killed != killed)


def _fields(step: Step) -> tuple[object, ...]:
    return (step.exercise, step.again, vars(step.result), step.noticed, step.is_importable, step.seconds)
