"""The course as `course.toml` declares it: units, exercises, signatures, points, shortcuts."""

from __future__ import annotations

import ast
import difflib
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from backpass.course import language, manifest_check

MANIFEST = "course.toml"


class CourseError(Exception):
    """The course's own files are missing or inconsistent; the message says which and what to do."""


@dataclass(frozen=True)
class Exercise:
    """One function for the student to write; `shortcuts` are the finished articles of this exercise alone."""

    unit: str
    name: str
    signature: str
    returns: tuple[str, ...]
    title: str
    points: float
    hints: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    shortcuts: tuple[str, ...] = ()

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
    """The manifest, with the folder it was read from.

    `hide_expected`: messages of the hidden graders do not display right answers, as in an exam. `language`: a code, in
    which students are told things.
    """

    root: Path
    title: str
    units: tuple[Unit, ...]
    shortcuts: tuple[str, ...]
    elementary: tuple[str, ...]
    limits: Limits
    hide_expected: bool = False
    language: str = language.ENGLISH

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise by its id, in the order of the course."""
        return {exercise.id: exercise for unit in self.units for exercise in unit.exercises}

    @property
    def unit_names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)

    @cached_property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """The functions that each unit asks for: what to look for in a submission."""
        return {unit.name: tuple(exercise.name for exercise in unit.exercises) for unit in self.units}

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
        try:
            text = path.read_text(encoding="utf-8")
            data = tomllib.loads(text)
        except FileNotFoundError:
            raise CourseError(f"No {MANIFEST} in {root}. Run backpass inside the course's folder.") from None
        except tomllib.TOMLDecodeError as error:
            raise CourseError(f"{path} is not valid TOML: {error}") from None
        wrong = list(manifest_check.problems(data, text, root))
        if wrong:
            raise CourseError("\n".join(f"{path}:{line}: {what}" for line, what in wrong))
        spoken = spoken or data.get("language", language.ENGLISH)
        language.use(spoken, root)
        title = language.Texts(root / "exercises")("title", data["title"])
        units = tuple(_unit(unit, language.Texts(root / "exercises" / unit["name"])) for unit in data["units"])
        shortcuts, elementary = tuple(data["shortcuts"]), tuple(data["elementary"])
        hide_expected = data.get("hide_expected", False)
        return cls(root, title, units, shortcuts, elementary, _limits(data, path), hide_expected, spoken)


def _unit(unit: dict[str, Any], texts: language.Texts) -> Unit:
    name = unit["name"]
    return Unit(name, texts(name, unit["title"]), tuple(_exercise(name, each, texts) for each in unit["exercises"]))


def _exercise(unit: str, exercise: dict[str, Any], texts: language.Texts) -> Exercise:
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
        tuple(exercise.get("shortcuts", ())),
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
    raise CourseError(f"No {MANIFEST} in {here} or above it. Run backpass inside the course's folder.")


def make_importable(root: Path) -> None:
    """Let this process import the course's own folders (`graders`, `solutions`) by name.

    Only trusted processes do this; a worker never has the course's folder on its import path.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
