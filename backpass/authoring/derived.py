"""Files that are derived from others, so that a fact has one source; `backpass derive` writes them."""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from backpass.authoring.known_slips import known_slips
from backpass.course.hashes import KIT, files_of, hash_of
from backpass.course.language import Texts
from backpass.course.manifest import Course, Unit
from backpass.course.stubs import STUBS, in_language
from backpass.explaining.recorded import KNOWN_MISTAKES, QUANTITIES, quantities_of, records
from backpass.explaining.recorded_slips import KNOWN_SLIPS, MADE_OF
from backpass.explaining.rows import load_catalogue
from backpass.judging.graders import Graders, PublicChecks
from backpass.plotting.plots import EXPECTED, Data, Plot, numbers_of, plots_of, rounded
from backpass.worker.calls import Answer, Call
from backpass.worker.invoke import invoke

# What is left of a difference of two numbers that agree in six digits is the processor's own: a gradient by central
# differences with too small a step, which is a catalogued mistake, is off by another 3 % on another machine.
_OF_THE_LARGEST = 0.05
# Sources of the kit that slips and what is recorded of them are made by.
_OF_SLIPS = ("explaining/slips.py", "explaining/operators*.py", "explaining/digests.py", "authoring/known_slips.py")


def write_derived_files(course: Course) -> Iterator[Path]:
    """Write what is derived and is not up to date; the paths as they are written."""
    for path, text in _derived_files(course, known_slips):
        if not _is_up_to_date(path, text):
            path.write_text(text, encoding="utf-8")
            yield path


def stale_files(course: Course) -> list[Path]:
    """The derived files that do not hold what would be written now."""
    return [path for path, text in _derived_files(course, lambda *_: {}) if not _is_up_to_date(path, text)]


def _is_up_to_date(path: Path, text: str) -> bool:
    """Whether a file holds what would be written; processors may differ in the last digits of numbers."""
    if not path.is_file():
        return False
    there = path.read_text(encoding="utf-8")
    return _same(json.loads(there), json.loads(text)) if path.suffix == ".json" else there == text


def _same(a: Any, b: Any, most_apart: float = 1e-4) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        if "numbers" in a:
            most_apart = max(most_apart, _OF_THE_LARGEST * _largest(a["numbers"]))
        return a.keys() == b.keys() and all(_same(a[key], b[key], most_apart) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y, most_apart) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-4, abs_tol=most_apart) or (math.isnan(a) and math.isnan(b))
    return bool(a == b)


def _largest(numbers: Any) -> float:
    """The largest finite magnitude among numbers that are written as lists."""
    if isinstance(numbers, list):
        return max(map(_largest, numbers), default=0.0)
    return abs(numbers) if isinstance(numbers, int | float) and math.isfinite(numbers) else 0.0


def _derived_files(course: Course, slips_of: Callable[..., dict[str, Any]]) -> Iterator[tuple[Path, str]]:
    """What is to be in each file. `slips_of` is called for a unit where something that its slips rest on has changed:
    it takes seconds.
    """
    catalogue = load_catalogue(course)
    checks, hidden = PublicChecks(course), Graders(course)
    for unit in course.units:
        lines = [json.dumps(record) for record in records(checks, unit, catalogue)]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        yield course.root / "exercises" / unit.name / KNOWN_MISTAKES, text
        path = course.root / "exercises" / unit.name / KNOWN_SLIPS
        basis = _basis_of_slips(course, unit)
        if not path.is_file() or json.loads(path.read_text(encoding="utf-8")).get(MADE_OF) != basis:
            slips = {MADE_OF: basis, **slips_of(checks, hidden, unit, catalogue)}
            yield path, json.dumps(slips, indent=0) + "\n"
        quantities = json.dumps(quantities_of(checks, unit, catalogue), indent=0)
        yield course.root / "exercises" / unit.name / QUANTITIES, quantities + "\n"
        stubs = course.root / "starter" / f"{unit.name}.py"
        told = in_language(stubs.read_text(encoding="utf-8"), Texts(course.root / "exercises" / unit.name))
        yield course.root / "exercises" / unit.name / STUBS, told
        lesson = course.root / "exercises" / unit.name / "README.md"
        if lesson.is_file():
            yield lesson, _with_table(lesson.read_text(encoding="utf-8"), unit)
        shapes = {plot.exercise: _shape_of_the_reference(course, plot) for plot in plots_of(course, unit.name)}
        if shapes:
            yield course.root / "exercises" / unit.name / EXPECTED, json.dumps(shapes, indent=0) + "\n"


def _basis_of_slips(course: Course, unit: Unit) -> str:
    """A hash of all that the slips of a unit, and what they answer, are made of."""
    of_unit = [
        *files_of(course.root / "graders" / unit.name, "*.py"),
        *files_of(course.root / "graders" / unit.name, "*.toml"),
    ]
    public = course.root / "exercises" / unit.name / f"test_{unit.name}.py"
    kit = (file for pattern in _OF_SLIPS for file in sorted(KIT.glob(pattern)))
    files = [*kit, *of_unit, public, course.root / "solutions" / f"{unit.name}.py"]
    return hashlib.sha256(" ".join(map(hash_of, files)).encode()).hexdigest()[:16]


def _with_table(lesson: str, unit: Unit) -> str:
    """The lesson with the table of its exercises, where it has a place for it."""
    rows = ["| exercise | difficulty | minutes | points |", "|---|---|---|---|"]
    rows += [f"| `{each.name}` | {each.difficulty} | {each.minutes} | {each.points:g} |" for each in unit.exercises]
    table = "\n".join(("<!-- exercises -->", *rows, "<!-- end -->"))
    return re.sub(r"<!-- exercises -->.*?<!-- end -->", lambda _: table, lesson, flags=re.DOTALL)


def _shape_of_the_reference(course: Course, plot: Plot) -> Data:
    def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        function = getattr(importlib.import_module(f"solutions.{unit}"), name)
        return [invoke(function, call) for call in calls]

    data: Data = rounded(numbers_of(plot, course, ask))
    return data
