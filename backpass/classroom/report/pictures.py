"""What was handed in, for the pages: the plots of what each student's functions do, and their text."""

from __future__ import annotations

import base64
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

from backpass.classroom.report.pages import Work
from backpass.classroom.report.reading import ReportError
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course
from backpass.plotting import plots
from backpass.student.hand_ins import HandIn
from backpass.student.submission import read_submission
from backpass.worker.client import Worker, Zygote
from backpass.worker.sandbox import incomplete, open_doors
from backpass.worker.warm import ZygoteFailed

COLOURS = 64  # of a picture: a quarter of the bytes, and looks the same
LONGEST = 200_000  # characters of JSON; the numbers of the longest picture have some 10,000
KEPT = 2000  # pictures that may come up again; some 50 MB


class Pictures:
    """A context that draws the plots of submissions, which compute in confined workers; `hand_ins` by their names.

    Every exercise that was begun and did not time out has its picture, where the course has one of it alone.
    Equal numbers are drawn once, as most of a class is right.
    """

    def __init__(self, course: Course, hand_ins: dict[str, HandIn]) -> None:
        self.hand_ins = hand_ins
        self._course = course
        self._zygote = Zygote(course.limits)
        # What needs other functions, too, is for their author: it says little of one exercise, and costs a training.
        every = (plot for unit in course.unit_names for plot in plots.plots_of(course, unit))
        self._plots = [plot for plot in every if not plot.others]
        self._expected = {
            plot.exercise: plots.expected(course, course.exercises[plot.exercise]) for plot in self._plots
        }
        self._drawn: dict[tuple[str, str], str | None] = {}

    def __enter__(self) -> Pictures:
        import backpass.plotting.drawing  # noqa: F401  (where matplotlib is missing, it is said now, and not passed over later)

        try:
            self._zygote.__enter__()
        except ZygoteFailed as error:
            raise ReportError(str(error)) from None
        self._doors = open_doors(self._zygote, self._course)
        return self

    def __exit__(self, *_: object) -> None:
        self._zygote.__exit__()

    def __call__(self, result: SubmissionResult) -> Work:
        """The work of one submission; nothing where it is not among `hand_ins`."""
        hand_in = self.hand_ins.get(result.submission)
        if hand_in is None:
            return Work({}, {})
        if self._doors and result.isolation == "sandbox":  # where it is "process", somebody has agreed to that
            raise ReportError(
                f"{incomplete(self._doors, self._zygote.active_layers)}\n"
                "Write the report without --submissions, or where Linux has Landlock and seccomp."
            )
        sources = read_submission(hand_in, self._course.functions).sources
        return Work(self._pictures(result, sources), sources)

    def _pictures(self, result: SubmissionResult, sources: dict[str, bytes]) -> dict[str, str]:
        """A submission's plots as data URIs, by exercise."""
        statuses = {id: exercise.status for id, exercise in result.exercises.items()}
        wanted = [plot for plot in self._plots if statuses.get(plot.exercise, "todo") not in ("todo", "timeout")]
        if not wanted:
            return {}
        with Worker(self._zygote, sources) as worker:
            drawn = {plot.exercise: self._picture(plot, worker, statuses[plot.exercise]) for plot in wanted}
        return {exercise: picture for exercise, picture in drawn.items() if picture is not None}

    def _picture(self, plot: plots.Plot, worker: Worker, status: str) -> str | None:
        try:
            yours = plots.rounded(plots.numbers_of(plot, self._course, worker.call))
            key = plot.exercise, json.dumps(yours)
            looks_right = status != "passed" and yours == plots.rounded(self._expected[plot.exercise])
            if len(key[1]) > LONGEST or looks_right:  # where it is wrong, a picture that looks right would mislead
                return None
            if key not in self._drawn:
                if len(self._drawn) == KEPT:
                    del self._drawn[next(iter(self._drawn))]
                self._drawn[key] = _data_uri(plot, yours, self._expected[plot.exercise])
            return self._drawn[key]
        except Exception:
            return None  # numbers of a stranger's, of whatever form: what is wrong is said in the message


def _data_uri(plot: plots.Plot, yours: plots.Data, expected: plots.Data) -> str | None:
    from PIL import Image  # comes with matplotlib

    if not all(_is_of_numbers(value) for value in yours.values()):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plot.png"
        with warnings.catch_warnings(action="ignore"):  # of numbers that no axis can have
            plots.draw(plot, yours, expected, path)
        with Image.open(path) as drawn:
            drawn.convert("RGB").quantize(COLOURS).save(path, optimize=True)
        return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _is_of_numbers(value: Any) -> bool:
    """Whether a value is made of numbers, in lists: text would be drawn as it is, and read as mathematics."""
    return all(map(_is_of_numbers, value)) if isinstance(value, list) else isinstance(value, int | float)
