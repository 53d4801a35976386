"""What is wrong with a `course.toml`, and on which line: keys, types, names, signatures, prerequisites, assignments."""

from __future__ import annotations

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

_TEXTS = "a list of texts"
_COURSE = {"title": str, "shortcuts": list, "elementary": list, "units": list}
_UNIT = {"name": str, "title": str, "exercises": list}
_EXERCISE = {"name": str, "signature": str, "returns": list, "title": str, "points": (int, float)}
_OF_ASSIGNMENTS = {"assignments": list, "timezone": str}
_OPTIONAL = {
    "hide_expected": bool,
    "language": str,
    "limits": dict,
    "left_out": list,
    "assignment": str,
    **_OF_ASSIGNMENTS,
}
_OPTIONAL_OF_UNIT = {"shortcuts": list}
_OPTIONAL_OF_EXERCISE = {"hints": list, "needs": list, "shortcuts": list, "minutes": int}
_ASSIGNMENT = {"name": str}
_OPTIONAL_OF_ASSIGNMENT = {
    "title": str,
    "units": list,
    "exercises": list,
    "quizzes": list,
    "labs": list,
    "weights": dict,
    "opens": datetime,
    "due": datetime,
    "late": dict,
}
_LATE = {"percent_a_day": (int, float), "at_most": (int, float)}
_WORDS = {
    datetime: "a date with a time, such as 2026-10-12T23:59:00+02:00",
    str: "a text",
    list: _TEXTS,
    dict: "a table",
    bool: "true or false",
    int: "a whole number",
    (int, float): "a number",
}

# A table of the file: its place among the units, and among the exercises of that one; (-1, -1) is the top. Of other
# lists of tables, such as `[[assignments]]`, their name and place.
Table = tuple[int | str, int]


def problems(
    data: dict[str, Any], text: str, root: Path, course: dict[str, Any] | None = None
) -> Iterator[tuple[int, str]]:
    """Each problem as (line, what is wrong); `text` is the file that `data` was read from, in the folder `root`.

    `course`: the manifest, where the file is that of its assignments.
    """
    lines = Lines(text)
    if course is not None:
        yield from keys(data, {"assignments": list}, {"timezone": str}, (-1, -1), lines)
        yield from _of_assignments(data, course, lines, root)
        return
    yield from keys(data, _COURSE, _OPTIONAL, (-1, -1), lines)
    yield from _of_assignments(data, data, lines, root)
    for name in _listed(data, "left_out"):
        if name not in declared(data):
            yield lines.of((-1, -1), "left_out"), f"{name!r} is left out{_no_such(name, declared(data))}"
    units = [unit for unit in _listed(data, "units") if isinstance(unit, dict)]
    names = {f"{unit.get('name')}.{each.get('name')}" for unit in units for each in _listed(unit, "exercises")}
    seen: set[str] = set()
    for u, unit in enumerate(units):
        yield from keys(unit, _UNIT, _OPTIONAL_OF_UNIT, (u, -1), lines)
        there = root / "solutions" / f"{unit.get('name')}.py"
        solutions = _functions(there.read_text(encoding="utf-8")) if there.is_file() else {}
        for e, exercise in enumerate(_listed(unit, "exercises")):
            at = (u, e)
            found = list(keys(exercise, _EXERCISE, _OPTIONAL_OF_EXERCISE, at, lines))
            yield from found
            if found:
                continue
            id = f"{unit.get('name')}.{exercise['name']}"
            if id in seen:
                yield lines.of(at, "name"), f"there are two exercises {id}"
            seen.add(id)
            if exercise["points"] <= 0:
                yield lines.of(at, "points"), f"points = {exercise['points']} is not a number above 0"
            for needed in exercise.get("needs", ()):
                if needed not in names:
                    near = difflib.get_close_matches(needed, names, 1)
                    hint = f"; did you mean {near[0]}?" if near else ""
                    yield lines.of(at, "needs"), f"{id} needs {needed!r}, which is no exercise of this course{hint}"
            wrong = _of_signature(exercise, solutions, there)
            if wrong:
                yield lines.of(at, "signature"), wrong


def _of_assignments(
    data: dict[str, Any], course: dict[str, Any], lines: Lines, root: Path
) -> Iterator[tuple[int, str]]:
    """What is wrong with the assignments in `data`, which may be `course` itself, or the file beside it."""
    top: Table = (-1, -1)
    zone = data.get("timezone")
    if isinstance(zone, str) and zone not in available_timezones():
        yield lines.of(top, "timezone"), f"timezone = {zone!r} is none{_near(zone, available_timezones())}"
    known = declared(course)
    units = [name for name in known if "." not in name]
    files = {"quizzes": "quiz.toml", "labs": "lab.md"}
    there = {key: [unit for unit in units if (root / "exercises" / unit / files[key]).is_file()] for key in files}
    there["quizzes"].append("final")
    allowed = {"units": units, "exercises": [name for name in known if "." in name], "weights": known, **there}
    seen: set[str] = set()
    for number, table in enumerate(_listed(data, "assignments")):
        at: Table = ("assignments", number)
        found = list(keys(table, _ASSIGNMENT, _OPTIONAL_OF_ASSIGNMENT, at, lines))
        yield from found
        if found:
            continue
        name = table["name"]
        if not re.fullmatch(r"[A-Za-z0-9][\w-]*", name) or name in seen:
            why = "is there twice" if name in seen else "is to be of letters, digits, - and _"
            yield lines.of(at, "name"), f"name = {name!r} {why}"
        seen.add(name)
        if not table.get("units") and not table.get("exercises"):
            yield lines.of(at, ""), f"{name} asks for nothing: give it `units` or `exercises`"
        for key, names in allowed.items():
            for each in table.get(key, ()):
                if each not in names:
                    yield lines.of(at, key), f"{key} of {name} has {each!r}{_no_such(each, names)}"
        for key, weight in table.get("weights", {}).items():
            if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e6:
                yield lines.of(at, "weights"), f"the weight of {key} is {weight!r}, and is to be a number above 0"
        late = table.get("late", {})
        for line, what in (
            keys(late, {"percent_a_day": (int, float)}, {"at_most": (int, float)}, at, lines) if late else ()
        ):
            yield lines.of(at, "late") or line, f"late: {what}"
        for key, percent in late.items():
            if isinstance(percent, int | float) and not 0 <= percent <= 100:
                yield lines.of(at, "late"), f"{key} = {percent} is not from 0 to 100 percent"
        for key in ("opens", "due"):
            if key in table and table[key].tzinfo is None and zone is None:
                how = 'write +02:00 behind it, or timezone = "Europe/Berlin" at the top'
                yield lines.of(at, key), f"{key} = {table[key]} has no time zone: {how}"
        moments = [
            each.replace(tzinfo=each.tzinfo or _zone(zone)) for key in ("opens", "due") if (each := table.get(key))
        ]
        if len(moments) == 2 and None not in [each.tzinfo for each in moments] and moments[0] >= moments[1]:
            yield lines.of(at, "due"), f"{name} is due at {table['due']}, and opens only at {table['opens']}"
        if late and "due" not in table:
            yield lines.of(at, "late"), f"{name} can not be late without `due`"


def declared(course: dict[str, Any]) -> list[str]:
    """Every unit of a file, and every exercise as `unit.name`."""
    units = [unit for unit in _listed(course, "units") if isinstance(unit, dict)]
    return [
        str(name)
        for unit in units
        for name in (
            unit.get("name"),
            *(f"{unit.get('name')}.{each.get('name')}" for each in _listed(unit, "exercises")),
        )
    ]


def _zone(name: Any) -> ZoneInfo | None:
    return ZoneInfo(name) if isinstance(name, str) and name in available_timezones() else None


def _no_such(name: Any, known: Iterable[str]) -> str:
    return f", which this course does not have{_near(name, known)}"


def _near(name: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def keys(
    table: dict[str, Any], required: dict[str, Any], optional: dict[str, Any], at: Table, lines: Lines
) -> Iterator[tuple[int, str]]:
    """What is wrong with the keys of a table: missing, unknown, or of another type."""
    if not isinstance(table, dict):
        yield lines.of(at, ""), f"{table!r} is no table"
        return
    known = required | optional
    for key in required.keys() - table.keys():
        yield lines.of(at, ""), f"`{key}` is missing here"
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}"
            yield lines.of(at, key), f"there is no key `{key}`{hint}"
        elif not isinstance(value, known[key]) or (isinstance(value, bool) and known[key] is not bool):
            yield lines.of(at, key), f"{key} = {value!r} is not {_WORDS[known[key]]}"
        elif isinstance(value, list) and not any(isinstance(each, dict) for each in value):
            for each in value:
                if not isinstance(each, str):
                    yield lines.of(at, key), f"{key} has {each!r}, and is to be {_TEXTS}"


def _of_signature(exercise: dict[str, Any], solutions: dict[str, ast.FunctionDef], there: Path) -> str:
    """What is wrong with a signature; it is that of the solution in the file `there`, where there is one."""
    declared = next(iter(_functions(f"def {exercise['signature']}: pass").values()), None)
    if declared is None:
        return f"signature = {exercise['signature']!r} is not of the form name(argument, other=1.0)"
    if declared.name != exercise["name"]:
        return f"the signature is that of `{declared.name}`, and the exercise is `{exercise['name']}`"
    try:
        for default in declared.args.defaults:
            ast.literal_eval(default)
    except ValueError:
        return f"a default in {exercise['signature']!r} is no plain number, text or truth value"
    solution = solutions.get(exercise["name"])
    if solution is not None and _plain(solution.args) != _plain(declared.args):
        where = f"{there.parent.name}/{there.name}:{solution.lineno}"
        return (
            f"the signature is {exercise['signature']}, and in {where} it is {solution.name}({_plain(solution.args)})"
        )
    return ""


def _functions(source: str) -> dict[str, ast.FunctionDef]:
    try:
        return {each.name: each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)}
    except SyntaxError:
        return {}


def _plain(arguments: ast.arguments) -> str:
    """Arguments without their annotations."""
    plain = [ast.arg(each.arg) for each in arguments.args]
    return ast.unparse(ast.arguments([], plain, None, [], [], None, arguments.defaults))


def _listed(table: dict[str, Any], key: str) -> list[Any]:
    value = table.get(key)
    return value if isinstance(value, list) else []


class Lines:
    """The line of every key in the file: tomllib keeps none."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[Table, str], int] = {}
        table: Table = (-1, -1)
        count: Counter[str] = Counter()
        for number_of_line, line in enumerate(text.splitlines(), start=1):
            header = re.match(r"\s*\[\[([\w.]+)\]\]", line)
            if header:
                name = header[1]
                number = count[name]
                count[name] += 1
                if name == "units.exercises":
                    table = (count["units"] - 1, number)
                else:
                    table = (number, -1) if name == "units" else (name, number)
                if name == "units":
                    count["units.exercises"] = 0
            key = re.match(r"\s*([\w-]+)\s*=", line)
            self._found.setdefault((table, key[1] if key else ""), number_of_line)

    def of(self, table: Table, key: str) -> int:
        """The line of a key of a table, of the table where it has no such key."""
        return self._found.get((table, key), self._found.get((table, ""), 1))
