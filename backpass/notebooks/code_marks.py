"""A stranger's code under nbgrader: it is graded, and a lab's cells are run, in the kit's sandbox only."""

from __future__ import annotations

import atexit
import contextlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbformat.v4 import new_output

from backpass.course.manifest import Course, CourseError
from backpass.judging.result import ExerciseResult
from backpass.notebooks.parts import part
from backpass.student.submission import read_submission
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.classroom.judges import Judges
    from backpass.judging.disposable import Tell
    from backpass.worker.client import Zygote

_MAX_TEXT = 15_000  # characters that a cell of a lab may print
_BACKSTOP = 10  # times the limit for a submission: seconds of wall time for all cells

# Runs in the worker, beside the student's modules. What it returns is text.
_RUNNER = b"""
import ast, contextlib, io, traceback

def run(cells):
    shown, names = [], {"__name__": "__main__"}
    for source in cells:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                tree = ast.parse(source)
                last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, "<cell>", "exec"), names)
                if last is not None:
                    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
                    if value is not None:
                        print(repr(value))
            except BaseException as error:
                print("".join(traceback.format_exception_only(error)), end="")
        shown.append(out.getvalue())
    return shown
"""
_RUNNERS_NAME = "cells_of_the_lab"


@dataclass(frozen=True)
class MarkedModules:
    """The result of each exercise of an assignment, by name, with the module that it is of; empty where there was none.

    `notes`: what was read in another way than asked for. `unknown`: why nothing is known of its marks, where so.
    """

    results: dict[str, tuple[ExerciseResult, bytes]]
    notes: tuple[str, ...]
    unknown: str


def links_in(folder: Path) -> frozenset[str]:
    """The names of modules in a folder that are links to something else."""
    return frozenset(path.stem for path in folder.rglob("*.py") if path.is_symlink())


def mark_modules(
    course: Course, assignment: str, folder: Path, linked: frozenset[str] = frozenset(), *, accept_process: bool
) -> MarkedModules:
    """Mark the exercises of an assignment, with the modules and notebooks in `folder`, but for those only `linked`.

    CourseError where the sandbox leaves something open, and `accept_process` is not given.
    """
    from backpass.classroom.pool import not_graded

    judges = _judges(course.root, assignment, accept_process)
    read = read_submission(folder, judges.course.functions)
    submission = replace(read, sources={name: each for name, each in read.sources.items() if name not in linked})
    try:
        result = judges.grade(submission)
    except RuntimeError as why:  # all its judges were lost
        result = not_graded(judges.course, submission, str(why))
    exercises = judges.course.exercises
    results = {
        exercises[id].name: (each, submission.sources.get(exercises[id].unit, b""))
        for id, each in result.exercises.items()
    }
    return MarkedModules(results, submission.notes, str(result.problem) if result.is_unknown else "")


def run_cells(course: Course, folder: Path, nb: NotebookNode, *, accept_process: bool) -> None:
    """Run the code cells of a notebook and put what they print into their outputs; text only, no pictures."""
    from backpass.judging.disposable import Disposable, Lost
    from backpass.worker.calls import Call
    from backpass.worker.client import Worker

    cells = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    sources = read_submission(folder, course.functions).sources | {_RUNNERS_NAME: _RUNNER}
    # Of one that has lost a judge, nobody knows what it has ordered.
    zygote = _zygote(course.root, accept_process).split()

    def run(tell: Tell) -> None:
        with Worker(zygote, sources) as worker:
            answer = worker.call(_RUNNERS_NAME, "run", [Call({"cells": [cell.source for cell in cells]})])[0]
        printed = answer.value if isinstance(answer.value, list) else []
        if answer.raised is not None or len(printed) != len(cells):
            printed = [f"Not run: {answer.raised.text if answer.raised else 'no answer'}"] * len(cells)
        for text in printed:
            tell(str(text)[:_MAX_TEXT])

    limits = course.limits
    # All that it does itself is to hand over what a worker says.
    judge = Disposable(limits.seconds_a_request, _BACKSTOP * limits.seconds_a_submission)
    try:
        with contextlib.closing(judge.lines(run)) as lines:
            printed = [str(text) for (text,) in lines]
    except (Lost, ValueError) as why:
        printed = [f"Not run: {why}"] * len(cells)
    finally:
        zygote.close()
    for cell, text in zip(cells, printed, strict=True):
        cell.outputs = [new_output("stream", name="stdout", text=text)] if text else []


@cache
def _judges(root: Path, assignment: str, accept_process: bool) -> Judges:
    """What marks submissions of an assignment, once for all that this process marks."""
    one_thread_a_process()
    from backpass.classroom.judges import Judges
    from backpass.explaining.grader import HiddenGrader

    made_of = part(Course.load(root), assignment)
    assert made_of is not None
    return Judges(HiddenGrader(made_of.course), _zygote(root, accept_process), ("cpu",))


@cache
def _zygote(root: Path, accept_process: bool) -> Zygote:
    """The warm process that workers are forked from, until this process ends."""
    one_thread_a_process()
    from backpass.worker.client import Zygote
    from backpass.worker.sandbox import incomplete, open_doors

    course = Course.load(root)
    zygote = Zygote(course.limits).__enter__()
    atexit.register(zygote.close)
    doors = open_doors(zygote, course)
    if doors and not accept_process:
        zygote.close()
        raise CourseError(
            f"{incomplete(doors, zygote.active_layers)} Nothing is marked. Use a "
            'machine where Linux has Landlock and seccomp, or accept this by c.Marks.isolation = "process" in '
            "nbgrader_config.py."
        )
    return zygote
