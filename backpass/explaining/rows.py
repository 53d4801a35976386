"""Reads the catalogue's files: `graders/<unit>/mistakes.toml`, and `graders/roles.toml` for what units share.

How the right answer of an exercise is built, step by step, and what learners get wrong; `docs/authors.md` has the form.
Wherever a file cannot be read, the error names it, with the line of the row.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backpass.course.language import Texts
from backpass.course.manifest import Course, CourseError, Exercise, make_importable
from backpass.explaining import expressions
from backpass.explaining.expressions import NUMBER, ExpressionError, compiled, with_names
from backpass.explaining.mistakes import Anatomy, Catalogue, Mistake, Step, part_of
from backpass.judging.variants import Function

FILE, ROLES = "mistakes.toml", "roles.toml"
_MEMBERS = 64  # of a family of numbers, the ones that are kept
_KEYS = {"like", "without", "returns", "steps", "mistakes"}


@dataclass(frozen=True)
class Role:
    """A form that many steps share, over its parts, with what goes wrong in it wherever it stands."""

    parts: tuple[str, ...]
    form: ast.expr
    mistakes: Mapping[str, tuple[ast.expr, str]]


class UnitFile:
    """The catalogue of one unit, as its file has it. Exercises are added to a catalogue one by one."""

    def __init__(self, path: Path, roles: Mapping[str, Role], names: Mapping[str, Any]) -> None:
        self._path = path
        self._roles = roles
        self._names = {**expressions.GIVEN, **names}
        for name in roles.keys() & self._names.keys():
            raise CourseError(
                f"{path}: `{name}` is a role and a function of the unit's: one of them needs another name"
            )
        self.text = path.read_text(encoding="utf-8")
        self.exercises: dict[str, Any] = _toml(path, self.text)
        _put(self.exercises, Texts(path.parent))

    def add_to(self, catalogue: Catalogue, exercises: Sequence[Exercise]) -> None:
        """Read what the file says of `exercises`, which are those of its unit."""
        unknown = self.exercises.keys() - {exercise.name for exercise in exercises}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise CourseError(f"{self._path}: there is no exercise {names} in this unit of course.toml")
        for exercise in exercises:
            if exercise.name not in self.exercises:
                continue
            row: list[str] = []  # what is being read, for errors
            try:
                self._add_to(catalogue, exercise, row)
            except (ExpressionError, TypeError, ValueError, KeyError, AttributeError) as error:
                raise _told(error, self._path, self.text, row) from None

    def _add_to(self, catalogue: Catalogue, exercise: Exercise, row: list[str]) -> None:
        row[:] = [exercise.name]
        said = self._with_inherited(exercise.name)
        written = said.get("steps", {})
        trees, roles = {}, {}
        for name, entry in written.items():
            row[:] = [exercise.name, "steps", name]
            trees[name] = expressions.parsed(_listed(entry)[0])
        known = {*exercise.parameters, *trees}
        anatomy = Anatomy(exercise.id, exercise.parameters)
        for name, entry in written.items():
            row[:] = [exercise.name, "steps", name]
            roles[name] = list(self._roles_in(trees[name]))
            _, words, why = [*_listed(entry), "", ""][:3]
            tree = self._expanded(trees[name])
            function = compiled(tree, known, self._names)
            anatomy.steps[name] = Step(name, function, words, why, tree, self._names)
        for name in anatomy.steps:
            row[:] = [exercise.name, "steps", name]
            if name in exercise.parameters or anatomy.rests_on(name, name):
                raise ExpressionError(f"`{name}` is computed from itself, or is an argument's name")
        row[:] = [exercise.name, "returns"]
        anatomy.returns = _returned(exercise, said, tuple(written))
        for name in anatomy.returns:
            if name not in anatomy.steps:
                raise ExpressionError(f"there is no step `{name}`")
        if anatomy.steps:
            catalogue.add_anatomy(anatomy)
        for id, entry in said.get("mistakes", {}).items():
            row[:] = [exercise.name, "mistakes", id]
            if isinstance(entry, str):  # a check names it
                catalogue.add_text(exercise.id, id, entry)
                continue
            for mistake in self._mistakes(anatomy, id, entry, known):
                catalogue.add(mistake)
        of_roles: list[Mistake] = []
        for name in anatomy.needed():
            row[:] = [exercise.name, "steps", name]
            of_roles += self._of_roles(anatomy, name, trees[name], roles[name], known)
        row[:] = [exercise.name, "without"]
        without = {*said.get("without", [])}
        if "like" not in said and (unknown := without - {mistake.id for mistake in of_roles}):
            raise ExpressionError(f"no role has the mistakes {', '.join(sorted(unknown))} here")
        for mistake in of_roles:
            if mistake.id not in without:
                catalogue.add(mistake)

    def _with_inherited(self, name: str, heirs: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the file says of an exercise, with what it takes over from another one."""
        if name in heirs:
            raise ExpressionError(f"`like` goes round in a circle: {', '.join((*heirs, name))}")
        said = self.exercises[name]
        unknown = said.keys() - _KEYS
        if unknown:
            raise ExpressionError(f"there is no key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}")
        if "like" not in said:
            return dict(said)
        other = self._with_inherited(said["like"], (*heirs, name))
        without = said.get("without", [])
        for id in set(without) - other.get("mistakes", {}).keys():
            raise ExpressionError(f"`without` has {id}, which {said['like']} does not have")
        mistakes = {id: entry for id, entry in other.get("mistakes", {}).items() if id not in without}
        return {
            **{key: value for key, value in other.items() if key == "returns"},
            **said,
            "steps": {**other.get("steps", {}), **said.get("steps", {})},
            "mistakes": {
                **said.get("mistakes", {}),
                **{id: entry for id, entry in mistakes.items() if id not in said.get("mistakes", {})},
            },
        }

    def _mistakes(self, anatomy: Anatomy, id: str, entry: Any, known: set[str]) -> Iterator[Mistake]:
        wrong, tell, *listed = entry
        parts = list(expressions.assignments(wrong))
        new = {name for names, _ in parts for name in names}
        read = {name for _, tree in parts for name in expressions.free_names(tree)}
        for name in new - anatomy.steps.keys() - read:
            raise ExpressionError(f"there is no step `{name}`")

        @functools.lru_cache(_MEMBERS)
        def member(number: float | None) -> Mistake:
            values = {} if number is None else {NUMBER: ast.Constant(number)}
            steps: dict[str, Function] = {}
            for names, tree in parts:
                function = compiled(with_names(self._expanded(tree), values), known | new, self._names)
                steps |= {name: part_of(function, index, len(names)) for index, name in enumerate(names)}
            text = tell.replace("{number}", "" if number is None else f"{number:g}")
            return Mistake(
                *(anatomy.exercise, id, text, anatomy.with_steps(steps), frozenset(new & anatomy.steps.keys()), steps),
                number=number,
                member=member if listed else None,
            )

        yield from map(member, listed[0] if listed else [None])

    def _of_roles(
        self, anatomy: Anatomy, name: str, tree: ast.expr, calls: list[ast.Call], known: set[str]
    ) -> Iterator[Mistake]:
        """The mistakes of every role that a step's expression has a form of."""
        for call in calls:
            assert isinstance(call.func, ast.Name)
            role = self._roles[call.func.id]
            arguments = _arguments(role, call)
            said = {part: anatomy.said(argument) for part, argument in arguments.items()}
            step = anatomy.steps[name]
            for id, (form, tell) in role.mistakes.items():
                wrong = expressions.replaced(tree, call, with_names(form, arguments))
                function = compiled(self._expanded(wrong), known, self._names)
                text = _filled(tell, {**said, "step": step.short})
                steps = {name: function}
                yield Mistake(
                    *(anatomy.exercise, f"{name}_{id}", text, anatomy.with_steps(steps), frozenset(steps), steps)
                )

    def _roles_in(self, tree: ast.expr) -> Iterator[ast.Call]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._roles:
                yield node

    def _expanded(self, tree: ast.expr) -> ast.expr:
        """With every role written out."""
        while (call := next(self._roles_in(tree), None)) is not None:
            assert isinstance(call.func, ast.Name)
            role = self._roles[call.func.id]
            tree = expressions.replaced(tree, call, with_names(role.form, _arguments(role, call)))
        return tree


@functools.cache
def roles(course: Path) -> Mapping[str, Role]:
    """The roles that the course's units share."""
    path = course / "graders" / ROLES
    if not path.is_file():
        return {}
    found: dict[str, Role] = {}
    text = path.read_text(encoding="utf-8")
    written = _toml(path, text)
    _put(written, Texts(path.parent))
    for name, said in written.items():
        row = [name]
        try:
            parts = tuple(re.split(r"\s*,\s*", said["parts"]))
            row[:] = [name, "is"]
            form, mistakes = expressions.parsed(said["is"]), {}
            for later in set(expressions.free_names(form)) & (written.keys() - found.keys()):
                raise ExpressionError(f"a role is made of roles above it, and `{later}` is not")
            for id, (wrong, tell) in said.get("mistakes", {}).items():
                row[:] = [name, "mistakes", id]
                mistakes[id] = expressions.parsed(wrong), tell
        except (ExpressionError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise _told(error, path, text, row) from None
        found[name] = Role(parts, form, mistakes)
    return found


def load_catalogue(course: Course) -> Catalogue:
    """The catalogue of a course. A unit is read when the first of its exercises is looked up."""
    make_importable(course.root)
    units = {unit.name: unit.exercises for unit in course.whole}

    def read(catalogue: Catalogue, unit: str) -> None:
        if unit in units and (course.root / "graders" / unit / FILE).is_file():
            _unit_file(course, unit).add_to(catalogue, units[unit])

    return Catalogue(read)


def row_of(course: Course, exercise: Exercise, id: str) -> str:
    """Where a mistake of the catalogue is written: file and line; of one that a role has, the exercise's."""
    text = (course.root / "graders" / exercise.unit / FILE).read_text(encoding="utf-8")
    line = _line(text, [exercise.name, "mistakes", id])
    return f"graders/{exercise.unit}/{FILE}:{line}"


def _unit_file(course: Course, unit: str) -> UnitFile:
    """The catalogue of a unit; `graders/<unit>/mistakes.py`, if there is one, has functions for its expressions."""
    folder = course.root / "graders" / unit
    helpers = importlib.import_module(f"graders.{unit}.mistakes") if (folder / "mistakes.py").is_file() else None
    return UnitFile(folder / FILE, roles(course.root), vars(helpers) if helpers is not None else {})


def texts_of(path: Path) -> list[tuple[str, str]]:
    """Every text of a file of the catalogue, with its id; none where there is no file."""
    found: list[tuple[str, str]] = []

    def note(id: str, text: str) -> str:
        found.append((id, text))
        return text

    if path.is_file():
        _put(_toml(path, path.read_text(encoding="utf-8")), note)
    return found


def _put(tables: dict[str, Any], text_of: Callable[[str, str], str]) -> None:
    """Put `text_of(id, text)` in the place of every text that students read."""
    for table, said in tables.items():
        for kind in ("steps", "mistakes"):
            for name, entry in said.get(kind, {}).items() if isinstance(said, dict) else ():
                id = f"{table}.{kind}.{name}"
                if isinstance(entry, list):
                    for place in range(1, len(entry)):
                        if isinstance(entry[place], str):
                            part = id if place == 1 else f"{id}.why"
                            entry[place] = text_of(part, _one_line(entry[place]))
                elif kind == "mistakes":
                    said[kind][name] = text_of(id, _one_line(entry))


def _returned(exercise: Exercise, said: Mapping[str, Any], steps: Sequence[str]) -> tuple[str, ...]:
    """The steps that the function returns: those that bear the names of the manifest, or else the last one."""
    if "returns" in said:
        return tuple(re.split(r"\s*,\s*", said["returns"]))
    named = tuple(f"new_{name}" if name in exercise.parameters else name for name in exercise.returns)
    return named if named and {*named} <= {*steps} else tuple(steps[-1:])


def _arguments(role: Role, call: ast.Call) -> dict[str, ast.expr]:
    given = dict(zip(role.parts, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if given.keys() != set(role.parts) or len(call.args) > len(role.parts):
        raise ExpressionError(f"`{ast.unparse(call)}` gives other parts than {', '.join(role.parts)}")
    return given


def _told(error: Exception, path: Path, text: str, row: Sequence[str]) -> CourseError:
    """What is wrong in a row of a file."""
    what = f"{error} is missing" if isinstance(error, KeyError) else error
    return CourseError(f"{path}:{_line(text, row)}: {'.'.join(row)}: {what}")


def _line(text: str, row: Sequence[str]) -> int:
    """The line of a row in a file, that of its first table where it has no such row: tomllib keeps none."""
    table, name = f"[{'.'.join(row[:2])}]", row[-1]
    first, here = 1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            here = line.strip()
            first = number if here.startswith((f"[{row[0]}.", f"[{row[0]}]")) and first == 1 else first
        elif here in (table, f"[{row[0]}]") and re.match(rf"\"?{re.escape(name)}\"?\s*=", line):
            return number
    return first


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: {error}") from None


def _listed(entry: Any) -> list[str]:
    return [entry] if isinstance(entry, str) else entry


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with {names} filled in; what is no name of `values` stays."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)
