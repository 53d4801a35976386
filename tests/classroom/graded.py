"""Results to export, and the command that does it."""

from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from backpass.classroom.result_files import ResultFiles
from backpass.classroom.results import SubmissionResult
from backpass.cli import app
from backpass.course.manifest import Course
from backpass.judging.result import ExerciseResult

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
POINTS = sum(exercise.points for exercise in COURSE.exercises.values())
MESSAGE = """`param` is wrong: eps * 2 <b>belongs</b> after the root. It adds 5 %, [really](https://example.org).

    param = [1]   (1,) float32
    you return  param = [0.68377]   (1,) float32"""


def graded(name, problem=None, **changed):
    """The result of a submission in which everything is right but what `changed` says."""
    results = {}
    for id, exercise in COURSE.exercises.items():
        status, message, points = changed.get(exercise.name, ("passed", "", exercise.points))
        results[id] = ExerciseResult(status, points, exercise.points, "a_mistake" if message else None, message)
    return SubmissionResult(name, results, problem, isolation="sandbox", layers=("landlock",))


def written(folder, *results):
    with ResultFiles(folder, [result.submission for result in results]) as files:
        for result in results:
            files.add(result)
    return str(folder)


def backpass(*arguments, status=0):
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == status, result.output
    return result.output


def placed(result, id, **place):
    """The same result with a place in the student's code."""
    return replace(result, exercises=result.exercises | {id: replace(result.exercises[id], **place)})


ADA = graded("ada", adam_step=("failed", MESSAGE, 4.5), momentum_step=("todo", "Not started yet.", 0))
