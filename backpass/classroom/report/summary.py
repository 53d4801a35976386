"""What a class's results come to: marks, exercises, and who made which mistake."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from backpass.classroom.report.messages import first_sentence, is_hedged, unit_that_does_not_import, without_line
from backpass.classroom.results import NOT_HANDED_IN, Change, SubmissionResult
from backpass.course.manifest import Course
from backpass.judging.result import DEGREES, STATUSES, ExerciseResult

BINS = 10  # of the histogram of marks: 10 % each
TALKED_ABOUT = 5  # mistakes and exercises that the page begins with
DEGREES_IN_WORDS = {
    "cause": "a known mistake, and why it is one",
    "place": "the expression where it goes wrong",
    "symptom": "what can be seen of the answers, where neither cause nor place is known",
}


class Marks(NamedTuple):
    """One student in the class's table. `statuses`: exercises by status; `is_known`: there was something to mark."""

    name: str
    points: float
    max_points: float
    statuses: Counter[str]
    is_known: bool = True
    changes: tuple[Change, ...] = ()

    @property
    def share(self) -> float:
        return self.points / self.max_points if self.max_points else 0.0


@dataclass
class ExerciseSummary:
    """How an exercise went. `title` is the id where the course does not have the exercise any more."""

    id: str
    unit: str
    title: str
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def tried(self) -> int:
        """Students who have begun with it."""
        return self.statuses.total() - self.statuses["todo"]

    @property
    def solved(self) -> int:
        return self.statuses["passed"]

    @property
    def solved_of_tried(self) -> float | None:
        """None where nobody has begun."""
        return self.solved / self.tried if self.tried else None


@dataclass
class UnitSummary:
    """The exercises of a unit that the results have."""

    name: str
    title: str
    exercises: list[ExerciseSummary]

    @property
    def solved_share(self) -> float:
        """Of all exercises of all students."""
        counted = sum(each.statuses.total() for each in self.exercises)
        return sum(each.solved for each in self.exercises) / counted if counted else 0.0


@dataclass(eq=False)
class MistakeSummary:
    """One mistake in one exercise, and who made it; `id` is None for what no catalogue names.

    `exercise` is None where the unit's module does not import: that is one mistake, not one an exercise. `degree`: what
    the messages give of it. The same id with another degree is another mistake, which is known less well. `said`: what
    sets those of one id apart that say something else of each answer, as what it raises.
    """

    unit: str
    exercise: str | None
    status: str
    id: str | None
    degree: str | None
    said: str
    should_be: str | None
    students: dict[str, None] = field(default_factory=dict)
    example: str = ""
    example_of: str = ""

    @property
    def where(self) -> str:
        """The place in a student's page that tells about it."""
        return self.exercise or self.unit

    @property
    def sentence(self) -> str:
        """What it is: of a place what belongs there, as the line is another student by student; else as the example."""
        if self.degree == "place" and self.status == "failed" and self.should_be:
            return f"An expression should be {self.should_be}."
        sentence = first_sentence(self.example)
        if len(self.students) == 1:
            return sentence
        return without_line(sentence) if self.exercise else sentence.partition(": ")[0]

    def add(self, name: str, message: str) -> None:
        self.students[name] = None
        if not self.example_of or _as_example(message) < _as_example(self.example):
            self.example, self.example_of = message, name


def _as_example(message: str) -> tuple[bool, bool, int, str]:
    """Sorts messages: the clearest first, with a case and short."""
    return is_hedged(message), "\n    " not in message, len(message), message


class ClassSummary:
    """A class's results, added one by one in any order."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self.marks: list[Marks] = []
        self.problems: dict[str, str] = {}  # student -> why the submission could not be read
        self.noticed: dict[str, tuple[str, ...]] = {}  # student -> what it tried beside computing
        self.requests: list[tuple[str, str, str]] = []  # student, exercise and sentence
        self.notes: dict[str, tuple[str, ...]] = {}  # student -> what was read in another way than asked for
        self._exercises = {
            each.id: ExerciseSummary(each.id, each.unit, each.title) for each in course.exercises.values()
        }
        self._mistakes: dict[tuple[str, str | None, str, str | None, str | None, str], MistakeSummary] = {}

    def add(self, result: SubmissionResult) -> None:
        name = result.submission
        statuses = Counter(exercise.status for exercise in result.exercises.values())
        self.marks.append(
            Marks(name, result.points, result.max_points, statuses, not result.is_unknown, result.changes)
        )
        if result.problem is not None:
            self.problems[name] = result.problem
        if result.noticed:
            self.noticed[name] = result.noticed
        self.requests += [(name, *request) for request in result.requests.items()]
        if result.notes:
            self.notes[name] = result.notes
        for id, exercise in result.exercises.items():
            unit = id.partition(".")[0]
            known = self._exercises.setdefault(id, ExerciseSummary(id, unit, id))
            known.statuses[exercise.status] += 1
            if exercise.status not in ("passed", "todo"):
                self._add_mistake(name, id, unit, exercise)

    def _add_mistake(self, name: str, id: str, unit: str, result: ExerciseResult) -> None:
        whole_unit = unit_that_does_not_import(result.message) == unit
        is_general = result.degree in ("place", "symptom") and not result.should_be and not whole_unit
        said = re.sub(r"\d+", "", first_sentence(result.message)) if is_general else ""
        key = unit, None if whole_unit else id, result.status, result.mistake, result.degree, said
        if key not in self._mistakes:
            self._mistakes[key] = MistakeSummary(*key, result.should_be)
        if name not in self._mistakes[key].students:
            self._mistakes[key].add(name, result.message)

    @property
    def units(self) -> list[UnitSummary]:
        """The units in the order of the course; then those that the course does not have any more."""
        titles = {unit.name: unit.title for unit in self._course.units}
        by_unit: dict[str, list[ExerciseSummary]] = {name: [] for name in titles}
        for exercise in self._exercises.values():
            if exercise.statuses:
                by_unit.setdefault(exercise.unit, []).append(exercise)
        return [UnitSummary(name, titles.get(name, name), found) for name, found in by_unit.items() if found]

    @property
    def mistakes(self) -> list[MistakeSummary]:
        """By degree, and there those that most students made first; those with a name before those that have none."""
        order = {id: position for position, id in enumerate(self._exercises)}
        first = {unit.name: order[unit.exercises[0].id] for unit in self.units}

        def place(mistake: MistakeSummary) -> tuple[int, int, bool, int, str]:
            where = first[mistake.unit] if mistake.exercise is None else order[mistake.exercise]
            degree = DEGREES.index(mistake.degree) if mistake.degree else len(DEGREES)
            return degree, -len(mistake.students), mistake.id is None, where, mistake.id or mistake.status

        return sorted(self._mistakes.values(), key=place)

    @property
    def map(self) -> list[tuple[str | None, list[MistakeSummary]]]:
        """The mistakes by their degree; those without one, as all were in results of older versions, come last."""
        return [(degree, list(found)) for degree, found in groupby(self.mistakes, key=lambda each: each.degree)]

    @property
    def to_talk_about(self) -> list[MistakeSummary]:
        """The commonest mistakes that have a name and that more than one student made; a symptom is no mistake yet."""
        named = [each for each in self.mistakes if each.id and each.degree != "symptom" and len(each.students) > 1]
        return sorted(named, key=lambda each: -len(each.students))[:TALKED_ABOUT]

    def elsewhere(self, mistake: MistakeSummary) -> tuple[int, int]:
        """How many students made a mistake of the same name in other exercises, and in how many of them."""
        name = mistake.id, mistake.degree, mistake.said
        others = [
            each
            for each in self._mistakes.values()
            if (each.id, each.degree, each.said) == name and each.where != mistake.where
        ]
        return len({name for each in others for name in each.students}), len({each.where for each in others})

    @property
    def hardest(self) -> list[ExerciseSummary]:
        """The exercises that the smallest share has solved of those who tried, and at least a tenth has tried."""
        enough = max(2, len(self.marks) / 10)
        tried = [each for unit in self.units for each in unit.exercises if each.tried >= enough]
        wrong = [each for each in tried if each.solved < each.tried]
        return sorted(wrong, key=lambda each: each.solved / each.tried)[:TALKED_ABOUT]

    def look_after(self) -> dict[str, list[str]]:
        """Students whom an instructor should look at themselves, by the reason."""

        def who(is_so: Callable[[Marks], bool]) -> list[str]:
            return [each.name for each in self.marks if is_so(each)]

        begun = set(STATUSES) - {"todo"}
        unimportable: dict[str, None] = {}
        for mistake in self._mistakes.values():
            if mistake.exercise is None:
                unimportable |= mistake.students
        return {
            reason: names
            for reason, names in {
                "handed in nothing": [name for name, why in self.problems.items() if why == NOT_HANDED_IN],
                "could not be read": [name for name, why in self.problems.items() if why != NOT_HANDED_IN],
                "handed in under another name, or as a notebook": list(self.notes),
                "tried something beside computing": list(self.noticed),
                "with a unit that does not import, and so earns nothing": list(unimportable),
                "began, and solved nothing": who(
                    lambda each: not each.statuses["passed"] and any(each.statuses[status] for status in begun)
                ),
                "not begun": who(
                    lambda each: not any(each.statuses[status] for status in begun) and each.name not in self.problems
                ),
            }.items()
            if names
        }

    @property
    def histogram(self) -> list[int]:
        """Students by their share of the points, in tenths; full marks belong to the last. Without the unknown."""
        counts = [0] * BINS
        for each in self._known:
            counts[min(BINS - 1, max(0, int(each.share * BINS + 1e-9)))] += 1
        return counts

    @property
    def median(self) -> float:
        """The share of the points that half of the class reaches."""
        return statistics.median([each.share for each in self._known] or [0.0])

    @property
    def mean(self) -> float:
        return statistics.fmean([each.share for each in self._known] or [0.0])

    @property
    def _known(self) -> list[Marks]:
        return [each for each in self.marks if each.is_known]
