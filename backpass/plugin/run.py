"""What the checks of one pytest run share: the course, the modules under test, and what became of each exercise."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backpass.course.manifest import Course, CourseError, Exercise, find_root
from backpass.studying.progress import Progress
from backpass.wrapping import first_lines, fitted, with_paths

if TYPE_CHECKING:
    from backpass.classroom.one_by_one import OneByOne
    from backpass.explaining.blamed import Inspects
    from backpass.explaining.grader import Grader, PublicGrader
    from backpass.judging.checks import Check
    from backpass.judging.graders import Checks, PublicChecks
    from backpass.judging.result import ExerciseResult
    from backpass.judging.student import Student
    from backpass.studying.own_work import OwnWork
    from backpass.worker.calls import Raised

# "broken": the module does not import, so nobody knows.
DONE, WRONG, TODO, BROKEN = "done", "wrong", "todo", "broken"


class Session:
    """What the checks of one pytest run share."""

    def __init__(self, config: pytest.Config) -> None:
        course = Course.load(find_root(config.rootpath))
        course = asked_of(course, config)
        self.course = replace(course, hide_expected=config.getoption("--hide-expected") or course.hide_expected)
        self.folder = Path(config.getoption("--submission") or self.course.root / "starter")
        self._device: str = config.getoption("--device")
        self.state: dict[str, str] = {}
        self.findings: dict[str, ExerciseResult] = {}  # of the first check that failed
        self.told: set[str] = set()  # messages that are on the screen already
        self.prints: dict[str, None] = {}  # exercises that printed something
        self.in_process = _why_in_process(config, self.folder, self.course)
        self.resources = ExitStack()
        self._public: tuple[PublicChecks, OwnWork] | None = None
        self._explains: PublicGrader | None = None
        self._hidden: OneByOne | None = None
        self.asked_hidden = False
        self.in_part: set[str] = set()  # exercises of which some checks were deselected

    def is_hidden(self, item: pytest.Item) -> bool:
        return item.path.is_relative_to(self.course.root / "graders")

    def note(self, exercise: str, state: str, finding: ExerciseResult | None = None) -> None:
        """Record what became of a check: an exercise is done when none of its checks failed."""
        if finding is not None:
            self.findings.setdefault(exercise, finding)
        order = (DONE, WRONG, TODO, BROKEN)
        self.state[exercise] = max(state, self.state.get(exercise, DONE), key=order.index)

    @property
    def is_own(self) -> bool:
        """Whether one's own work was looked at, and by public checks."""
        return self.folder == self.course.root / "starter" and not self.asked_hidden

    def following(self) -> Exercise | None:
        """What to do next of what was run: what one is at, or else the first that is not done."""
        left = [e for e in self.course.exercises.values() if self.state.get(e.id, DONE) != DONE]
        current = Progress(self.course).current if self.is_own else None
        return current if current in left else next(iter(left), None)

    def hidden(self) -> OneByOne:
        """The hidden graders, and the submission that they are to judge."""
        self.asked_hidden = True
        if self._hidden is None:
            from torch.cuda import is_available

            from backpass.classroom.one_by_one import OneByOne
            from backpass.student.submission import read_submission

            submission = read_submission(self.folder, self.course.functions)
            if submission.problem:
                raise pytest.UsageError(submission.problem)
            cuda = self._device in ("cuda", "all") and is_available()
            self._hidden = self.resources.enter_context(OneByOne(self.course, submission, cuda=cuda))
        return self._hidden

    def public(self) -> tuple[PublicChecks, OwnWork]:
        """The public checks, and the student's modules."""
        if self._public is None:
            from backpass.judging.graders import PublicChecks
            from backpass.studying.own_work import OwnWork

            own = self.resources.enter_context(OwnWork(self.course, self.folder, here=bool(self.in_process)))
            self._public = PublicChecks(self.course), own
        return self._public

    def student(self, item: pytest.Function, check: Check, device: str) -> Student:
        """The function under test, in this process or in a worker."""
        from backpass.judging.student import Student

        exercise = self.course.exercises[check.exercise]
        if self.is_hidden(item):
            hidden = self.hidden()
            return Student(exercise, hidden.worker.call, hidden.grader.checks.variants(exercise), device)
        return Student(exercise, self.public()[1].ask)

    def checks(self, item: pytest.Item) -> Checks:
        """The checks that a test belongs to."""
        return self.hidden().grader.checks if self.is_hidden(item) else self.public()[0]

    def grader(self, item: pytest.Item) -> Grader:
        """Those checks with the diagnosis that explains them, which is loaded when something is to be explained."""
        if self.is_hidden(item):
            return self.hidden().grader
        if self._explains is None:
            from backpass.explaining.grader import PublicGrader

            self._explains = PublicGrader(self.course, self.public()[0])
        return self._explains

    def inspects(self, item: pytest.Item) -> Inspects:
        """What looks into the program that a test is about."""
        return self.hidden().inspector if self.is_hidden(item) else self.public()[1].inspects

    def broken(self, item: pytest.Item, unit: str) -> Raised | None:
        """What the module under a public check raises at its import."""
        return None if self.is_hidden(item) else self.public()[1].broken(unit)

    def tell(self, item: pytest.Item, message: str) -> str:
        """A message as wide as the screen. What is told twice is its last part alone: the case, where it is another."""
        as_found = message
        if not self.is_hidden(item):
            from backpass.worker.inspector import file_in

            message = with_paths(message, file_in(self.folder))
        what, *rest = re.split(r"\n\s*\n", message)
        if what in self.told:
            message = "As above." if message in self.told or not rest else f"As above.\n\n{rest[-1]}"
        self.told |= {as_found, what, message}
        return fitted(message, item.config.get_terminal_writer().fullwidth)

    def take_printed(self, item: pytest.Item, exercise: str) -> None:
        """Hand what a public check's code printed to pytest, which displays it with a failure."""
        if self.is_hidden(item) or self._public is None:
            return
        printed = self._public[1].printed
        if printed:
            self.prints[exercise] = None
            item.add_report_section("call", "stdout", first_lines("".join(printed)) + "\n")
            printed.clear()


def asked_of(course: Course, config: pytest.Config) -> Course:
    """The course cut to what the run was asked for."""
    try:
        return course.only(config.getoption("--assignment"), config.getoption("--unit"))
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None


def _why_in_process(config: pytest.Config, folder: Path, course: Course) -> str:
    """Why the student's modules are to run in this process, where a person gets at them; empty where they are not."""
    if config.getoption("capture") == "no":
        return "-s"
    if is_debugged(config):
        return "the debugger"
    from backpass.student.debuggers import calls_a_debugger

    return calls_a_debugger(folder, course.unit_names)


def is_debugged(config: pytest.Config) -> bool:
    return config.getoption("usepdb") or config.getoption("trace") or "debugpy" in sys.modules
