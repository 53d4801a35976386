"""What is wrong with a `course.toml`, and on which line: keys, types, names, signatures, prerequisites."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TEXTS = "a list of texts"
_COURSE = {"title": str, "shortcuts": list, "elementary": list, "units": list}
_UNIT = {"name": str, "title": str, "exercises": list}
_EXERCISE = {"name": str, "signature": str, "returns": list, "title": str, "points": (int, float)}
_OPTIONAL = {"hide_expected": bool, "language": str, "limits": dict}
_OPTIONAL_OF_EXERCISE = {"hints": list, "needs": list, "shortcuts": list}
_WORDS = {str: "a text", list: _TEXTS, dict: "a table", bool: "true or false", (int, float): "a number"}

# A table of the file: its place among the units, and among the exercises of that one; (-1, -1) is the top.
Table = tuple[int, int]


def problems(data: dict[str, Any], text: str, root: Path) -> Iterator[tuple[int, str]]:
    """Each problem as (line, what is wrong); `text` is the file that `data` was read from, in the folder `root`."""
    lines = _Lines(text)
    yield from _keys(data, _COURSE, _OPTIONAL, (-1, -1), lines)
    units = [unit for unit in _listed(data, "units") if isinstance(unit, dict)]
    names = {f"{unit.get('name')}.{each.get('name')}" for unit in units for each in _listed(unit, "exercises")}
    seen: set[str] = set()
    for u, unit in enumerate(units):
        yield from _keys(unit, _UNIT, {}, (u, -1), lines)
        there = root / "solutions" / f"{unit.get('name')}.py"
        solutions = _functions(there.read_text(encoding="utf-8")) if there.is_file() else {}
        for e, exercise in enumerate(_listed(unit, "exercises")):
            at = (u, e)
            found = list(_keys(exercise, _EXERCISE, _OPTIONAL_OF_EXERCISE, at, lines))
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


def _keys(
    table: dict[str, Any], required: dict[str, Any], optional: dict[str, Any], at: Table, lines: _Lines
) -> Iterator[tuple[int, str]]:
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
        elif isinstance(value, list) and key not in ("units", "exercises"):
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


class _Lines:
    """The line of every key in the file: tomllib keeps none."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[Table, str], int] = {}
        unit, exercise = -1, -1
        for number, line in enumerate(text.splitlines(), start=1):
            if line.startswith("[[units]]"):
                unit, exercise = unit + 1, -1
            elif line.startswith("[[units.exercises]]"):
                exercise += 1
            key = re.match(r"\s*([\w-]+)\s*=", line)
            self._found.setdefault(((unit, exercise), key[1] if key else ""), number)

    def of(self, table: Table, key: str) -> int:
        """The line of a key of a table, of the table where it has no such key."""
        return self._found.get((table, key), self._found.get((table, ""), 1))
