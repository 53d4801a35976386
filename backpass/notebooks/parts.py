"""What an assignment of nbgrader's is made of: an `[[assignments]]` of the course, or where it has none, a unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backpass.course.lab_files import lab_names
from backpass.course.manifest import Course
from backpass.course.quizzes import FINAL, quiz_names

CODE, QUIZ, LAB = "code", "quiz", "lab"


@dataclass(frozen=True)
class Part:
    """One assignment: its exercises, which `course` is cut to, and the units whose quizzes and labs belong to it."""

    name: str
    title: str
    course: Course
    quizzes: tuple[str, ...]
    labs: tuple[str, ...]

    @property
    def notebooks(self) -> dict[str, tuple[str, str]]:
        """The names of its notebooks, each with its kind and the unit of its text."""
        found = {CODE: (CODE, self.name)} if self.course.units else {}
        for kind, units in ((QUIZ, self.quizzes), (LAB, self.labs)):
            found |= {kind if len(units) == 1 else f"{kind}-{unit}": (kind, unit) for unit in units}
        return found


def parts(course: Course) -> list[Part]:
    """The assignments in the order of the course, the module test last; the one that it is cut to, where it is.

    Units have their number in front: the formgrader lists by name.
    """
    if course.assignment:
        return [_assigned(course)]
    if course.assignments:
        return [_assigned(course.only(each.name)) for each in course.assignments]
    quizzes, labs = quiz_names(course), lab_names(course)
    numbers = {unit.name: f"{number:02}" for number, unit in enumerate(course.whole, 1)}
    units = [
        Part(
            f"{numbers[unit.name]}-{unit.name}",
            unit.title,
            course.only(units=[unit.name]),
            tuple(name for name in quizzes if name == unit.name),
            tuple(name for name in labs if name == unit.name),
        )
        for unit in course.units
    ]
    final = Part(f"{len(numbers) + 1:02}-{FINAL}", FINAL, replace(course, units=()), (FINAL,), ())
    return [*units, *([final] if FINAL in quizzes else [])]


def part(course: Course, name: str) -> Part | None:
    """The assignment called `name`, which may be a unit's where the course has others; None where there is none."""
    units = replace(course, assignments=(), assignment=None)
    return next((each for each in (*parts(course), *parts(units)) if each.name == name), None)


def _assigned(course: Course) -> Part:
    assert course.assignment is not None
    quizzes, labs = tuple(quiz_names(course)), tuple(lab_names(course))
    return Part(course.assignment.name, course.assignment.title, course, quizzes, labs)
