"""The course as `course.toml` declares it: units, exercises, signatures, points, shortcuts."""

from __future__ import annotations

import ast
import difflib
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from backpass.course import language, manifest_check
from backpass.course.assignments import ASSIGNMENTS, Assignment, read_assignments

MANIFEST = "course.toml"


class CourseError(Exception):
    """The course's own files are missing or inconsistent; the message says which and what to do."""


@dataclass(frozen=True)
class Exercise:
    """One function for the student to write.

    `shortcuts`: library functions that do the whole job of this exercise, or of others in its unit. `minutes`: how
    long it takes someone who has read the lesson; 0 where nobody has said.
    """

    unit: str
    name: str
    signature: str
    returns: tuple[str, ...]
    title: str
    points: float
    hints: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    shortcuts: tuple[str, ...] = ()
    minutes: int = 0

    @property
    def difficulty(self) -> str:
        """In a word, by the time that it takes."""
        return "easy" if self.minutes <= 10 else "medium" if self.minutes <= 20 else "hard"

    @property
    def id(self) -> str:
        """`unit.name`, as in `results.jsonl` and on the command line."""
        return f"{self.unit}.{self.name}"

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Parameter name to default value, in order; `...` where there is no default."""
        definition = ast.parse(f"def {self.signature}: pass").body[0]
        assert isinstance(definition, ast.FunctionDef)
        names = [argument.arg for argument in definition.args.args]
        defaults = [ast.literal_eval(default) for default in definition.args.defaults]
        return dict(zip(names, [...] * (len(names) - len(defaults)) + defaults, strict=True))


@dataclass(frozen=True)
class Unit:
    """One chapter: a lesson, a starter module and its exercises."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Limits:
    """What grading a submission may take: wall time for one request and for all of it, and memory.

    `memory`: MiB of address space beyond that of the process in which torch is loaded.
    """

    seconds_a_request: float = 10
    seconds_a_submission: float = 120
    memory: int = 1024


@dataclass(frozen=True)
class Course:
    """The manifest, with the folder it was read from: what is asked of the student, which may be a part of the course.

    `units`: what is asked; `whole`: all that there is, as what is asked may build on other parts. `assignment`: the one
    that it is cut to. `hide_expected`: messages of the hidden graders do not display right answers, as in an exam.
    `language`: a code, in which students are told things.
    """

    root: Path
    title: str
    units: tuple[Unit, ...]
    shortcuts: tuple[str, ...]
    elementary: tuple[str, ...]
    limits: Limits
    hide_expected: bool = False
    language: str = language.ENGLISH
    whole: tuple[Unit, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    assignment: Assignment | None = None

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise by its id, in the order of the course."""
        return {exercise.id: exercise for unit in self.units for exercise in unit.exercises}

    @property
    def unit_names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)

    @cached_property
    def declared(self) -> dict[str, Exercise]:
        """Every exercise that there is by its id, also where it is not asked."""
        return {exercise.id: exercise for unit in self.whole for exercise in unit.exercises}

    @cached_property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """What to look for in a submission: the functions that are asked, and those of the units that they build on."""
        needed = self.needed([unit.name for unit in self.units])
        asked = {unit.name: unit for unit in self.units}
        units = [asked.get(unit.name, unit) for unit in self.whole if unit.name in (*asked, *needed)]
        return {unit.name: tuple(each.name for each in unit.exercises) for unit in units}

    def needed(self, units: Collection[str], also: Collection[str] = ()) -> list[str]:
        """The units beside `units` that their exercises, and those in `also`, build on, in the order of the course."""
        waiting = [id for id, each in self.exercises.items() if each.unit in units] + list(also)
        found: set[str] = set()
        while waiting:
            exercise = self.declared[waiting.pop()]
            found.add(exercise.unit)
            waiting += exercise.needs
        return [unit.name for unit in self.whole if unit.name in found - set(units)]

    def only(self, assignment: str | None = None, units: Sequence[str] | None = None) -> Course:
        """The course cut to an assignment, with points as they count there, to some units, or to both.

        CourseError where there are none of that name, or nothing is left.
        """
        course = self
        if assignment is not None:
            found = self._assignment(assignment)
            course = replace(course, assignment=found, units=_cut(self.whole, found.weights))
        if units is not None:
            chosen = {course.unit(name).name for name in units}
            course = replace(course, units=tuple(each for each in course.units if each.name in chosen))
        return course

    def _assignment(self, name: str) -> Assignment:
        for each in self.assignments:
            if name == each.name:
                return each
        known = ", ".join(each.name for each in self.assignments)
        how = f"The assignments are: {known}." if known else f"Declare it under [[assignments]] in {MANIFEST}."
        raise CourseError(f"There is no assignment {name!r}. {how}")

    def unit(self, name: str) -> Unit:
        """The unit called `name`; CourseError lists the units when there is none."""
        for unit in self.units:
            if unit.name == name:
                return unit
        raise CourseError(f"There is no unit {name!r}. The units are: {', '.join(self.unit_names)}.")

    def lesson(self, unit: str) -> str:
        """The lesson of a unit, from the course's folder: in the course's language, where there is one."""
        translated = f"exercises/{unit}/README.{self.language}.md"
        return translated if (self.root / translated).is_file() else f"exercises/{unit}/README.md"

    def exercise(self, name: str) -> Exercise:
        """The exercise `unit.name`, or just `name`; CourseError suggests others where there is none."""
        found = [each for each in self.exercises.values() if name in (each.id, each.name)]
        if found:
            return found[0]
        close = difflib.get_close_matches(name.rpartition(".")[2], [each.name for each in self.exercises.values()])
        hint = f"Did you mean {' or '.join(close)}?" if close else "`pytest exercises/` lists them all."
        raise CourseError(f"There is no exercise {name!r}. {hint}")

    @classmethod
    def load(cls, root: Path, spoken: str = "") -> Course:
        """Read `root/course.toml`; CourseError where it is missing or not valid.

        `spoken`: a language in the place of the one that the file asks for.
        """
        path = root / MANIFEST
        data = _read(path, root)
        beside = root / ASSIGNMENTS
        own = _read(beside, root, data) if beside.is_file() else data
        spoken = spoken or data.get("language", language.ENGLISH)
        language.use(spoken, root)
        title = language.Texts(root / "exercises")("title", data["title"])
        whole = tuple(_unit(unit, language.Texts(root / "exercises" / unit["name"])) for unit in data["units"])
        out = set(data.get("left_out", ()))
        units = _cut(whole, {id: 1 for unit in whole for id in _ids(unit) if not {id, unit.name} & out})
        course = cls(
            root,
            title,
            units,
            tuple(data["shortcuts"]),
            tuple(data["elementary"]),
            _limits(data, path),
            data.get("hide_expected", False),
            spoken,
            whole,
            read_assignments(own, {unit.name: _ids(unit) for unit in units}),
        )
        return course.only(data.get("assignment"))


def _read(path: Path, root: Path, course: dict[str, Any] | None = None) -> dict[str, Any]:
    """The tables of a manifest, or of the assignments of a `course`; CourseError says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise CourseError(f"No {MANIFEST} in {root}. Run backpass inside the course's folder.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is not valid TOML: {error}") from None
    wrong = list(manifest_check.problems(data, text, root, course))
    if wrong:
        raise CourseError("\n".join(f"{path}:{line}: {what}" for line, what in wrong))
    return data


def _ids(unit: Unit) -> list[str]:
    return [exercise.id for exercise in unit.exercises]


def _cut(units: tuple[Unit, ...], weights: Mapping[str, float]) -> tuple[Unit, ...]:
    """The exercises in `weights`, each with its points by that, and the units that have any."""
    cut = [
        replace(
            unit,
            exercises=tuple(
                replace(each, points=each.points * weights[each.id]) for each in unit.exercises if each.id in weights
            ),
        )
        for unit in units
    ]
    return tuple(unit for unit in cut if unit.exercises)


def _unit(unit: dict[str, Any], texts: language.Texts) -> Unit:
    name = unit["name"]
    shortcuts = tuple(unit.get("shortcuts", ()))
    exercises = tuple(_exercise(name, each, texts, shortcuts) for each in unit["exercises"])
    return Unit(name, texts(name, unit["title"]), exercises)


def _exercise(unit: str, exercise: dict[str, Any], texts: language.Texts, shortcuts: tuple[str, ...]) -> Exercise:
    name, hints = exercise["name"], enumerate(exercise.get("hints", ()), start=1)
    return Exercise(
        unit,
        name,
        exercise["signature"],
        tuple(exercise["returns"]),
        texts(f"{name}.title", exercise["title"]),
        exercise["points"],
        tuple(texts(f"{name}.hints.{number}", hint) for number, hint in hints),
        tuple(exercise.get("needs", ())),
        (*shortcuts, *exercise.get("shortcuts", ())),
        exercise.get("minutes", 0),
    )


def _limits(data: dict[str, Any], path: Path) -> Limits:
    try:
        limits = Limits(**data.get("limits", {}))
    except TypeError:
        known = ", ".join(vars(Limits()))
        raise CourseError(f"{path}: [limits] has {data['limits']}; it may have {known}.") from None
    for name, value in vars(limits).items():
        if not isinstance(value, int | float) or value <= 0:
            raise CourseError(f"{path}: {name} = {value!r} under [limits] is not a number above 0.")
    return limits


def find_root(start: Path | None = None) -> Path:
    """The nearest folder from `start` (default: here) upwards that holds `course.toml`, else the checkout's own."""
    here = (start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, checkout):
        if (folder / MANIFEST).is_file():
            return folder
    raise CourseError(
        f"No {MANIFEST} in {here} or above it. Run backpass inside the course's folder; `backpass init` makes one."
    )


def make_importable(root: Path) -> None:
    """Let this process import the course's own folders (`graders`, `solutions`) by name.

    Only trusted processes do this; a worker never has the course's folder on its import path.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
