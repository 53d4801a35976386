"""Writing the pages: a folder that replaces the report before it only when it is complete."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from backpass.classroom.report.code import CodeLine, code_html, function_of
from backpass.classroom.report.messages import blocks, prose
from backpass.classroom.report.naming import Names
from backpass.classroom.report.reading import ReportError, Results
from backpass.classroom.report.summary import DEGREES_IN_WORDS, ClassSummary
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course
from backpass.judging.result import ExerciseResult

CLASS_PAGE = "index.html"
STUDENTS = "students"
_OURS = b'name="generator" content="backpass report"'  # so that nothing else is ever replaced


class Work(NamedTuple):
    """What was handed in, as far as it is shown: plots as data URIs by exercise, and the source of each unit."""

    pictures: dict[str, str]
    sources: dict[str, bytes]


@dataclass(frozen=True)
class ShownExercise:
    """An exercise on a student's page. `as_above`: its message is that of the exercise before it.

    `code`: the student's function, with the expression that is to blame marked where that is known; empty where it is
    not at hand.
    """

    id: str
    name: str
    title: str
    result: ExerciseResult
    as_above: bool
    picture: str | None
    code: list[CodeLine]

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to read but that it is not started."""
        return self.result.status == "todo" and self.result.mistake is None

    @property
    def marked_line(self) -> int | None:
        """The line in which the mark begins; None without one."""
        return next((line.number for line in self.code if line.marked), None)


@dataclass(frozen=True)
class ShownUnit:
    """A unit on a student's page."""

    name: str
    title: str
    exercises: list[ShownExercise]

    def count(self, status: str) -> int:
        return sum(each.result.status == status for each in self.exercises)

    @property
    def is_untouched(self) -> bool:
        return all(each.is_untouched for each in self.exercises)

    @property
    def has_one_reason(self) -> bool:
        """Whether all its messages are the same: there is no such file, say."""
        return len({each.result.message for each in self.exercises}) == 1

    @property
    def points(self) -> float:
        return round(sum(each.result.points for each in self.exercises), 2)

    @property
    def max_points(self) -> float:
        return sum(each.result.max_points for each in self.exercises)


def write_report(
    course: Course,
    results: Results,
    destination: Path,
    names: Names,
    work: Callable[[SubmissionResult], Work] | None,
    advance: Callable[[int, int, str], None],
) -> Path:
    """Write the report into the folder `destination`, in place of an earlier one; the class's page.

    `work(result)`: what a submission shows beside its results. `advance(done, total, what)` is called after each
    student.
    """
    if destination.exists() and not _is_ours(destination):
        raise ReportError(f"{destination} is there and is no earlier report: move it away first.")
    now = time.time()
    new = Path(tempfile.mkdtemp(prefix=".report-", dir=destination.parent))
    try:
        new.chmod(0o755)  # as any folder; mkdtemp's are private
        (new / STUDENTS).mkdir()
        environment = _environment(names)
        student_page = environment.get_template("student.html")
        summary = ClassSummary(course)
        for number, result in enumerate(results, 1):
            summary.add(result)
            units = _units(course, result, work(result) if work else Work({}, {}))
            own = partial(names.cleaned, name=result.submission)
            text = student_page.render(course=course, student=result, units=units, own=own)
            _write(new / STUDENTS / names.file(result.submission), text)
            advance(number, len(results), "writing pages")
        order = names.in_order([marks.name for marks in summary.marks])
        position = {name: index for index, name in enumerate(order)}

        def positions(students: Iterable[str]) -> str:
            """For the script of the page; sorted, as the order of the results may be that of the names."""
            return " ".join(map(str, sorted(position[name] for name in students)))

        text = environment.get_template("class.html").render(
            course=course,
            summary=summary,
            order=order,
            positions=positions,
            marks={marks.name: marks for marks in summary.marks},
            graded_at=results.graded_at,
            left_out=results.left_out,
        )
        _write(new / CLASS_PAGE, text)
        for path in new.rglob("*.html"):  # when each was written tells the order of the results
            os.utime(path, (now, now))
        if destination.exists():
            shutil.rmtree(destination)
        new.rename(destination)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return destination / CLASS_PAGE


def _is_ours(folder: Path) -> bool:
    page = folder / CLASS_PAGE
    if not folder.is_dir() or folder.is_symlink():
        return False
    return not any(folder.iterdir()) or (page.is_file() and _OURS in page.read_bytes()[:2000])


def _write(path: Path, text: str) -> None:
    # What UTF-8 does not have (half of a pair of surrogates, in a student's string) becomes a reference.
    path.write_text(text, encoding="utf-8", errors="xmlcharrefreplace")


def _environment(names: Names) -> Environment:
    environment = Environment(
        loader=PackageLoader("backpass.classroom.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    source = environment.loader
    assert source is not None
    script = source.get_source(environment, "report.js")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals.update(
        style=Markup(source.get_source(environment, "report.css")[0]),
        script=Markup(script),
        # A second wall behind the escaping: a page runs this one script, and loads nothing.
        content_security=f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
        shown=names.shown,
        file=names.file,
        cleaned=names.cleaned,
        folder=STUDENTS,
        degrees=DEGREES_IN_WORDS,
        code_html=code_html,
    )
    environment.filters.update(blocks=blocks, prose=prose, points=_points, percent=_percent)
    return environment


def _points(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _percent(share: float | None) -> str:
    """A share as a reader takes it: 100 % and 0 % only where they are exact."""
    if share is None:
        return "–"  # noqa: RUF001
    percent = round(100 * share)
    if percent in (0, 100) and share not in (0, 1):
        return "<1\u00a0%" if share < 0.5 else ">99\u00a0%"
    return f"{percent}\u00a0%"


def _units(course: Course, result: SubmissionResult, work: Work) -> list[ShownUnit]:
    """The units of a student's page in the order of the course; what it does not have any more comes last."""
    order = {id: position for position, id in enumerate(course.exercises)}
    titles: dict[str, Any] = {unit.name: unit.title for unit in course.units}
    ids = sorted(result.exercises, key=lambda id: order.get(id, len(order)))
    units = []
    for unit, inside in groupby(ids, key=lambda id: id.partition(".")[0]):
        exercises: list[ShownExercise] = []
        told = None
        for id in inside:
            found = result.exercises[id]
            title = course.exercises[id].title if id in course.exercises else id
            as_above = bool(found.message) and found.message == told
            name = id.partition(".")[2]
            code = function_of(work.sources.get(unit, b""), name, found)
            exercises.append(ShownExercise(id, name, title, found, as_above, work.pictures.get(id), code))
            told = found.message
        units.append(ShownUnit(unit, titles.get(unit, unit), exercises))
    return units
