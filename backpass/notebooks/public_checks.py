"""The public checks of one exercise on a student's own work, in the kernel of their notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from backpass.course.manifest import Course, find_root
from backpass.explaining.grader import PublicGrader
from backpass.worker.asking import modules_in
from backpass.worker.calls import Answer, Call
from backpass.worker.inspector import InspectorHere
from backpass.worker.invoke import invoke_all
from backpass.worker.student_side import answer


def finding(exercise: str, own: Callable[..., Any] | None) -> str:
    """What is wrong with an exercise, empty where nothing is.

    `own`: the function, where it is written in the notebook; else it is read from the module in this folder.
    """
    grader = _grader()
    modules = modules_in(grader.course, Path.cwd())

    def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        return invoke_all(own, calls) if own else answer(modules, unit, name, calls)

    inspects = None if own else InspectorHere(modules)
    result = grader.grade(grader.course.declared[exercise], ask, inspects=inspects)
    return "" if result.status == "passed" else result.message


@cache
def _grader() -> PublicGrader:
    return PublicGrader(Course.load(find_root()))
