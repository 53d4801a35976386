"""Gradescope's `results.json`.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format (its JSON schema, written
down from there, is in `tests/data/gradescope_schema.json`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from backpass.classroom.exports import markdown
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course


class Visibility(StrEnum):
    """When students see the tests (".../specs/#controlling-test-case-visibility")."""

    visible = "visible"
    after_due_date = "after_due_date"
    after_published = "after_published"
    hidden = "hidden"


def results_json(
    result: SubmissionResult, course: Course, visibility: Visibility = Visibility.visible
) -> dict[str, Any]:
    """The object for `results.json`: one test for each exercise in `result`, with its points and message."""
    return _of(
        result.points,
        _unreadable(result) if result.problem is not None else _tests(result, course),
        visibility,
        # Who may not see the tests yet may not learn the points from here.
        output=markdown.headline(result) if visibility is Visibility.visible and result.problem is None else "",
        extra={
            "isolation": result.isolation,
            "layers": list(result.layers),
            "noticed": list(result.noticed),
            "mistakes": {name: each.mistake for name, each in result.exercises.items() if each.mistake},
        },
    )


def stopped(reason: str) -> dict[str, Any]:
    """The object for `results.json` where nothing could be graded: the reason is for the instructor only."""
    test = {
        "name": "For the instructor: why nothing was graded",
        "score": 0,
        "max_score": 0,
        "status": "failed",
        "output": reason,
        "output_format": "text",
        "visibility": "hidden",
    }
    words = (
        "The autograder stopped before your work was graded. That is not your doing, and these 0 points are not your "
        "mark. Tell your instructor, who can see the reason here."
    )
    return _of(0, [test], Visibility.visible, output=words, extra={})


def _of(
    score: float, tests: list[dict[str, Any]], visibility: Visibility, output: str, extra: dict[str, Any]
) -> dict[str, Any]:
    return {
        "score": score,
        "output": output,
        "output_format": "md",
        "visibility": visibility.value,
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": extra,
    }


def _unreadable(result: SubmissionResult) -> list[dict[str, Any]]:
    return [
        {
            "name": "The submission can be read",
            "score": 0,
            "max_score": result.max_points,
            "status": "failed",
            "output": result.problem,
            "output_format": "text",
            "visibility": "visible",
        }
    ]


def _tests(result: SubmissionResult, course: Course) -> list[dict[str, Any]]:
    tests = []
    for chapter, unit in enumerate(course.units, 1):
        for number, exercise in enumerate(unit.exercises, 1):
            each = result.exercises.get(exercise.id)
            if each is None:
                continue
            tests.append(
                {
                    "name": f"{exercise.id}: {exercise.title}",
                    "number": f"{chapter}.{number}",
                    "score": each.points,
                    "max_score": each.max_points,
                    "status": "passed" if each.status == "passed" else "failed",
                    "output": markdown.message(each.message),
                    "output_format": "md",
                    "tags": [unit.name, each.status],
                }
            )
    return tests
