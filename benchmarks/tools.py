"""The same class graded by four tools: by this kit, by a process of pytest a submission, by nbgrader, by otter-grader.

pytest runs the kit's hidden checks. nbgrader and otter-grader get hidden tests as one writes them by hand: an
assertion for each public example of a function, about three, of which one or two have extreme inputs.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from cost import Cost, cost, cost_of_all
from generated_class import COURSE, FUNCTIONS, UNIT, Student

from backpass.judging.cases import Case
from backpass.judging.graders import PublicChecks

# `otter run` has no deadline of its own (that of `otter grade` is for its Docker containers).
OTTERS_DEADLINE = 60.0


@dataclass(frozen=True)
class Outcome:
    """What a tool took, and the functions that it gives all points, by student; `named`: those whose mistake it names.

    `named` is None where that is not in what the tool writes, though a person may read it there.
    """

    cost: Cost
    accepted: dict[str, set[str]]
    named: dict[str, set[str]] | None = None


Tool = Callable[[Sequence[Student], Path, int], Outcome]


def backpass(students: Sequence[Student], folder: Path, jobs: int) -> Outcome:
    """The class by `backpass grade`."""
    for student in students:
        student.hand_in(folder / "class")
    out = folder / "results"
    spent = cost([sys.executable, "-m", "backpass", "grade", folder / "class", "--out", out, "--jobs", str(jobs)])
    results = _results(out / "results.jsonl", spent)
    accepted = {name: {each for each in of if of[each]["status"] == "passed"} for name, of in results.items()}
    named = {name: {each for each in of if of[each]["mistake"] is not None} for name, of in results.items()}
    return Outcome(spent, accepted, named)


def _results(path: Path, spent: Cost) -> dict[str, dict[str, Any]]:
    """By student and function."""
    if not path.is_file():
        raise SystemExit(spent.output)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        record["submission"]: {name: record["exercises"][f"{UNIT}.{name}"] for name in FUNCTIONS} for record in records
    }


def pytest(students: Sequence[Student], folder: Path, jobs: int) -> Outcome:
    """Each submission by a process of `pytest graders/`, `jobs` at a time.

    A function is right where none of its checks fails.
    """
    paths = [student.hand_in(folder) for student in students]
    reports = {path.name: path.with_suffix(".xml") for path in paths}
    command = [sys.executable, "-m", "pytest", f"graders/{UNIT}", "-q", "-p", "no:cacheprovider"]
    spent = cost_of_all([[*command, "--submission", path, f"--junitxml={reports[path.name]}"] for path in paths], jobs)
    accepted = {}
    for name, report in reports.items():
        if not report.is_file():
            raise SystemExit(spent.output)
        cases = list(ElementTree.parse(report).iter("testcase"))
        wrong = {case.get("name", "").partition("[")[0].removeprefix("test_") for case in cases if len(case)}
        accepted[name] = set(FUNCTIONS) - wrong if cases else set()
    return Outcome(spent, accepted)


def nbgrader(students: Sequence[Student], folder: Path, jobs: int) -> Outcome:
    """The class by `nbgrader autograde`, which grades one after the other, each in a kernel.

    The module is in a cell of a notebook, and each function has a cell with hidden tests.
    """
    import nbformat
    from nbgrader.api import Gradebook

    def cell(name: str, source: str, **of: Any) -> Any:
        kind = {"schema_version": 3, "grade_id": name, "solution": False, "grade": False, "locked": True, "task": False}
        return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": kind | of})

    solution = "### BEGIN SOLUTION\npass\n### END SOLUTION"
    cells = [cell(UNIT, solution, solution=True, locked=False)]
    for function in FUNCTIONS:
        tests = "\n".join(["### BEGIN HIDDEN TESTS", "import torch", *assertions(function), "### END HIDDEN TESTS"])
        cells.append(cell(function, tests, grade=True, points=1))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source = folder / "source" / UNIT / f"{UNIT}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), source)
    command = [sys.executable, "-m", "nbgrader"]
    generated = cost([*command, "generate_assignment", UNIT], folder)
    released = folder / "release" / UNIT / source.name
    if not released.is_file():
        raise SystemExit(generated.output)
    for student in students:
        notebook = nbformat.read(released, as_version=4)
        notebook.cells[0].source = student.source
        path = folder / "submitted" / student.name / UNIT / source.name
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    spent = cost([*command, "autograde", UNIT], folder)
    accepted: dict[str, set[str]] = {student.name: set() for student in students}
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions(UNIT):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            right = {grade.name for grade in grades if grade.auto_score == grade.max_score}
            accepted[submission.student.id] = right
    return Outcome(spent, accepted, {name: set() for name in accepted})


def otter(students: Sequence[Student], folder: Path, jobs: int) -> Outcome:
    """Each submission by `otter run`, `jobs` at a time: that is what `otter grade` runs in containers of Docker."""
    program = shutil.which("otter")
    assert program is not None
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for function in FUNCTIONS:
        body = "\n".join(f"    {line}" for line in assertions(function))
        (tests / f"{function}.py").write_text(_OTTERS_TEST.format(function=function, body=body), encoding="utf-8")
    generated = cost([program, "generate", "--no-config", "--no-requirements", "--no-environment"], folder)
    autograder = folder / "autograder.zip"
    if not autograder.is_file():
        raise SystemExit(generated.output)
    paths = [student.hand_in(folder / "class") for student in students]
    scratch = folder / "scratch"  # what it leaves where it is ended
    scratch.mkdir()
    command = ["env", f"TMPDIR={scratch}", program, "run", "--no-logo", "-a", str(autograder)]
    commands = [[*command, "-o", str(path), str(path / f"{UNIT}.py")] for path in paths]
    spent = cost_of_all(commands, jobs, OTTERS_DEADLINE)
    accepted = {}
    for path in paths:
        results = path / "results.json"
        graded = json.loads(results.read_text(encoding="utf-8"))["tests"] if results.is_file() else []
        full = {each["name"] for each in graded if each.get("max_score") and each["score"] == each["max_score"]}
        accepted[path.name] = full & set(FUNCTIONS)
    return Outcome(spent, accepted, {name: set() for name in accepted})


_OTTERS_TEST = """\
import torch
from otter.test_files import test_case

OK_FORMAT = False
name = "{function}"
points = 1


@test_case(hidden=True)
def test_{function}({function}):
{body}
"""


TOOLS: dict[str, Tool] = {
    "backpass grade": backpass,
    "one pytest process each": pytest,
    "nbgrader autograde": nbgrader,
    "otter run": otter,
}


def missing(tool: Tool) -> str | None:
    """Why a tool is left out, None where it is installed."""
    if tool is nbgrader and importlib.util.find_spec("nbgrader") is None:
        return "nbgrader is not installed (pip install -e '.[nbgrader]')"
    if tool is otter and shutil.which("otter") is None:
        return "no otter on the PATH (pip install 'otter-grader[grading]', in an environment of its own with torch)"
    return None


def assertions(function: str) -> list[str]:
    """The public examples of a function as assertions."""
    public = PublicChecks(COURSE)
    checks = public.of(COURSE.exercises[f"{UNIT}.{function}"])
    return [_assertion(function, case) for check in checks for case in public.cases(check, "cpu")]


def _assertion(function: str, case: Case) -> str:
    given = [
        f"{name}={_written(value)}" if name in case.keywords else _written(value) for name, value in case.inputs.items()
    ]
    return f"torch.testing.assert_close({function}({', '.join(given)}), {_written(case.template)})"


def _written(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"torch.tensor({value.tolist()}, dtype={value.dtype})".replace("inf", "torch.inf")
    return repr(value)
