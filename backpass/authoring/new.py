"""A new exercise: its pieces, each with a TODO at what is to be filled in, behind what is there already."""

from __future__ import annotations

import ast
import contextlib
import difflib
import json
import keyword
import tomllib
from pathlib import Path
from string import Template

from backpass.authoring.pieces import CHECKS, ENTRY, EXAMPLES, ROWS, SOLUTION, STUB, Gap, Piece, entries, gaps
from backpass.course.manifest import MANIFEST, Course, CourseError, Exercise
from backpass.course.manifest_check import problems

_TEMPLATES = Path(__file__).parent / "templates"
_FILES = {
    ENTRY: "course.toml",
    STUB: "starter.py",
    SOLUTION: "solution.py",
    EXAMPLES: "public.py",
    CHECKS: "hidden.py",
    ROWS: "mistakes.toml",
}
_WIDTH = 120


def new_exercise(
    course: Course, unit: str, signature: str, returns: list[str], title: str, new_unit: str | None
) -> list[Gap]:
    """Write the pieces of an exercise, all of them or none; what is to be filled in.

    `new_unit`: the title of a unit that is not there yet. CourseError where this is no new exercise of the course.
    """
    function = _parsed(signature)
    if keyword.iskeyword(function.name) or any(not name.isidentifier() for name in (unit, *returns)):
        raise CourseError(
            f"{unit}.{function.name}, which returns {', '.join(returns)}: these are to be Python's names."
        )
    if unit in course.unit_names and new_unit is not None:
        raise CourseError(f"There is a unit {unit} already: leave out --new-unit.")
    if unit not in course.unit_names and new_unit is None:
        near = difflib.get_close_matches(unit, course.unit_names, 1)
        hint = f"Did you mean {near[0]}?" if near else f"The units are: {', '.join(course.unit_names)}."
        raise CourseError(f'There is no unit {unit!r}. {hint} A new one: --new-unit "Its title".')
    exercise = Exercise(unit, function.name, _plain(function), tuple(returns), title, 10)
    if exercise.id in course.exercises:
        raise CourseError(f"There is an exercise {exercise.id} already.")
    texts = {}
    if new_unit is not None:
        lesson = course.root / "exercises" / unit / "README.md"
        for file in (lesson, *(piece.file(course.root, unit) for piece in _FILES if piece is not ENTRY)):
            if file.exists():
                raise CourseError(f"{file} is there already, and is not overwritten: move it away first.")
        texts[lesson] = _filled("unit/README.md", {"unit": unit, "title": new_unit})
    values = _values(exercise, function)
    for piece, template in _FILES.items():
        file = piece.file(course.root, unit)
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if new_unit is not None:
            text = _joined(text, _filled(f"unit/{template}", {"unit": unit, "title": new_unit}))
        try:
            if piece.find(text, unit, exercise.name):
                raise CourseError(f"Nothing was written: {file} has a {piece.what} of {exercise.name} already.")
            texts[file] = _with_piece(piece, text, exercise, _filled(f"exercise/{template}", values))
        except SyntaxError as error:
            raise CourseError(
                f"Nothing was written: {file}:{error.lineno} is to be mended first: {error.msg}"
            ) from None
    _check(course.root, texts)
    _write(texts)
    return list(gaps(course.root, exercise))


def _parsed(signature: str) -> ast.FunctionDef:
    """The function with this signature; CourseError where there is none, or its arguments are not plain ones."""
    with contextlib.suppress(SyntaxError, ValueError):
        (function,) = ast.parse(f"def {signature}: pass").body
        if isinstance(function, ast.FunctionDef):
            for default in function.args.defaults:
                ast.literal_eval(default)
            return function
    raise CourseError(f"{signature!r} is not of the form name(argument, other=1.0).")


def _plain(function: ast.FunctionDef) -> str:
    """The signature without annotations."""
    plain = [ast.arg(argument.arg) for argument in function.args.args]
    return f"{function.name}({ast.unparse(ast.arguments([], plain, None, [], [], None, function.args.defaults))})"


def _values(exercise: Exercise, function: ast.FunctionDef) -> dict[str, str]:
    """What the templates of an exercise are filled with."""
    return {
        "unit": exercise.unit,
        "name": exercise.name,
        "signature": exercise.signature,
        "title": exercise.title,
        "head": _head(exercise, function),
        "returns": ", ".join(map(json.dumps, exercise.returns)),
        "results": ", ".join(exercise.returns),
        "arguments": "\n".join(f"        {name}: TODO: its dtype and shape." for name in exercise.parameters),
        "inputs": ", ".join(f"{name}=..." for name in exercise.parameters),
        "drawn": ", ".join(f'"{name}": torch.zeros(size, dtype=dtype)' for name in exercise.parameters),
    }


def _head(exercise: Exercise, function: ast.FunctionDef) -> str:
    """The first line of the function, with types; those that the signature does not tell are tensors."""
    arguments = []
    for argument in function.args.args:
        default = exercise.parameters[argument.arg]
        kind = (
            "torch.Tensor" if default is ... else "torch.Tensor | None" if default is None else type(default).__name__
        )
        written = f"{argument.arg}: {ast.unparse(argument.annotation) if argument.annotation else kind}"
        arguments.append(written if default is ... else f"{written} = {default!r}")
    count, inside = len(exercise.returns), ", ".join(arguments)
    returned = "torch.Tensor" if count == 1 else f"tuple[{', '.join(['torch.Tensor'] * count)}]"
    line = f"def {exercise.name}({inside}) -> {returned}:"
    return line if len(line) <= _WIDTH else f"def {exercise.name}(\n    {inside}\n) -> {returned}:"


def _filled(template: str, values: dict[str, str]) -> str:
    if template.endswith(".toml"):
        values = {key: json.dumps(value)[1:-1] if key == "title" else value for key, value in values.items()}
    return Template((_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(values)


def _with_piece(piece: Piece, text: str, exercise: Exercise, new: str) -> str:
    """`text` with a new piece: an entry behind those of its unit, anything else at the end."""
    if piece is ENTRY:
        lines = text.splitlines(keepends=True)
        *_, (_, (_, end)) = entries(text, exercise.unit)
        return "".join([*lines[:end], "\n", new, *lines[end:]])
    imports, body = _split(new) if piece.path.endswith(".py") else ([], new)
    for each in imports:
        text = _with_import(text, each)
    return _joined(text, body, "\n\n\n" if piece.path.endswith(".py") else "\n\n")


def _split(source: str) -> tuple[list[ast.ImportFrom], str]:
    """The imports of a template, and what comes after them."""
    imports = [statement for statement in ast.parse(source).body if isinstance(statement, ast.ImportFrom)]
    last = max((each.end_lineno or 0 for each in imports), default=0)
    return imports, "".join(source.splitlines(keepends=True)[last:]).lstrip("\n")


def _with_import(source: str, wanted: ast.ImportFrom) -> str:
    """`source` with an import more: in the line of the same module, or behind the last of them."""
    lines = source.splitlines(keepends=True)
    imports = [each for each in ast.parse(source).body if isinstance(each, ast.Import | ast.ImportFrom)]
    same = [each for each in imports if isinstance(each, ast.ImportFrom) and each.module == wanted.module]
    names = {ast.unparse(name) for each in (*same, wanted) for name in each.names}
    if same and names == {ast.unparse(name) for each in same for name in each.names}:
        return source
    line = f"from {wanted.module} import {', '.join(sorted(names))}\n"
    if len(line) > _WIDTH:
        line = "\n".join([f"from {wanted.module} import (", *(f"    {name}," for name in sorted(names)), ")", ""])
    if same:
        return "".join([*lines[: same[0].lineno - 1], line, *lines[same[0].end_lineno :]])
    earlier = [each for each in imports if isinstance(each, ast.Import) or _order(each) < _order(wanted)]
    behind = max((each.end_lineno or 0 for each in earlier), default=imports[0].lineno - 1 if imports else 0)
    return "".join([*lines[:behind], line, *lines[behind:]])


def _order(statement: ast.ImportFrom) -> tuple[bool, str]:
    """Modules are sorted by name, the kit's own behind all others."""
    module = statement.module or ""
    return module.startswith("backpass."), module


def _joined(text: str, new: str, between: str = "\n\n") -> str:
    return f"{text.rstrip()}{between}{new}" if text.strip() else new


def _check(root: Path, texts: dict[Path, str]) -> None:
    """CourseError where a file would not be read: it was broken before, or what was given breaks it."""
    for file, text in texts.items():
        try:
            if file.suffix == ".py":
                ast.parse(text)
            elif file.suffix == ".toml":
                tomllib.loads(text)
        except (SyntaxError, tomllib.TOMLDecodeError) as error:
            raise CourseError(f"Nothing was written: {file} would not be read: {error}") from None
    manifest = texts[root / MANIFEST]
    for line, what in problems(tomllib.loads(manifest), manifest, root):
        raise CourseError(f"Nothing was written: {MANIFEST}:{line} would say: {what}")


def _write(texts: dict[Path, str]) -> None:
    """All of the files, or none: each is written beside its place first."""
    beside = {file: file.with_name(f"{file.name}.new") for file in texts}
    try:
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            beside[file].write_text(text, encoding="utf-8")
        for file in texts:
            beside[file].replace(file)
    finally:
        for file in beside.values():
            file.unlink(missing_ok=True)
