"""Results in GitHub Actions: annotations in a student's code, and the summary of a step.

The forms: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, with the escapes of
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts, which GitHub's own actions use.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from backpass.classroom.exports import markdown
from backpass.classroom.exports.places import file_of, line_in
from backpass.classroom.results import SubmissionResult
from backpass.judging.result import ExerciseResult

_MOST_ANNOTATIONS = 10  # GitHub displays no more errors a step
_SUMMARY_BYTES = 1_000_000  # of the 1 MiB after which GitHub drops a step's summary altogether
_CUT = "\n\nThe rest would be too long for this page; `results.jsonl` has all of it.\n"


def annotate(result: SubmissionResult, folder: Path) -> list[str]:
    """One workflow command for each wrong exercise, at its place in the modules in `folder`."""
    wrong = list(result.wrong())
    lines = [
        _command("error", each.message, **_place(name, each, folder), title=f"{name}: {each.status}")
        for name, each in wrong[:_MOST_ANNOTATIONS]
    ]
    if len(wrong) > len(lines):
        more = f"{len(wrong) - len(lines)} more exercises are wrong: the summary of this run has them all."
        lines.append(_command("notice", more, title="backpass"))
    return lines


def points(result: SubmissionResult) -> dict[str, Any]:
    """The points of one submission, as GitHub Classroom's reporter takes them: max_score, and tests with their scores.

    What it reads: https://github.com/classroom-resources/autograding-grading-reporter/tree/main/src. `max_score` of a
    test and `mistake` are for others.
    """
    tests = [
        {
            "name": name,
            "status": "pass" if each.status == "passed" else "fail",
            "score": each.points,
            "max_score": each.max_points,
            "message": each.message,
            "filename": f"{name.partition('.')[0]}.py",
            "line_no": each.line or 0,
            "mistake": each.mistake,
        }
        for name, each in result.exercises.items()
    ]
    done = all(test["status"] == "pass" for test in tests)
    return {"version": 1, "status": "pass" if done else "fail", "max_score": result.max_points, "tests": tests}


def as_output(result: SubmissionResult) -> str:
    """The line that makes `points` the output `result` of a step; in base64, as the reporter wants it."""
    return f"result={base64.b64encode(json.dumps(points(result)).encode()).decode()}\n"


def summary(results: Sequence[SubmissionResult]) -> str:
    """The summary of a step in Markdown: every exercise of a single submission, or a table of the class."""
    parts = _of_one(results[0]) if len(results) == 1 else _of_a_class(results)
    text = next(parts)
    size = len(text.encode())
    for part in parts:
        size += len(part.encode())
        if size > _SUMMARY_BYTES - len(_CUT):
            return text + _CUT
        text += part
    return text


def _of_one(result: SubmissionResult) -> Iterator[str]:
    yield f"## {markdown.plain(result.submission)}\n\n{markdown.headline(result)}\n"
    if result.problem is not None:
        yield f"\n{markdown.message(result.problem)}\n"
    begun = {name: each for name, each in result.exercises.items() if each.status != "todo"}
    if begun:
        yield "\n| exercise | | points |\n|---|---|--:|\n"
    for name, each in begun.items():
        yield f"| {markdown.cell(name)} | {each.status} | {each.points:g} of {each.max_points:g} |\n"
    for name, each in result.wrong():
        yield f"\n### {markdown.plain(name)}\n\n{markdown.message(each.message)}\n"


def _of_a_class(results: Sequence[SubmissionResult]) -> Iterator[str]:
    yield f"## {len(results)} submissions\n\n"
    yield "| submission | points | passed | wrong | not started |\n|---|--:|--:|--:|--:|\n"
    for result in results:
        statuses = [each.status for each in result.exercises.values()]
        passed, todo = statuses.count("passed"), statuses.count("todo")
        name = markdown.cell(result.submission)
        if result.problem is not None:
            name += f": {markdown.cell(result.problem)}"
        yield f"| {name} | {result.points:g} | {passed} | {len(statuses) - passed - todo} | {todo} |\n"


def _place(name: str, result: ExerciseResult, folder: Path) -> dict[str, str | int]:
    """The properties that say where: the marked expression, or the line on which the function begins."""
    file = file_of(name, folder)
    place: dict[str, str | int] = {"file": file, "line": line_in(file, name, result)}
    if result.end_line is not None:
        place["endLine"] = result.end_line
    # GitHub takes columns within one line only, counts them from 1, and the last one is still marked.
    if result.column is not None and result.end_column is not None and result.line == result.end_line:
        place |= {"col": result.column + 1, "endColumn": result.end_column}
    return place


def _command(command: str, message: str, **properties: str | int) -> str:
    described = ",".join(f"{name}={_escaped_property(str(value))}" for name, value in properties.items())
    return f"::{command} {described}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
