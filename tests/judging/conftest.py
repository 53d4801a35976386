"""What the tests of checks share."""

import ast
import inspect
import tomllib

import pytest

from backpass.judging.failures import Failure, Fault
from backpass.judging.student import Student
from backpass.worker.invoke import invoke_all


@pytest.fixture(scope="session")
def told(course, grader):
    """told(function, exercise): the id that the first check to refuse a program raises, None where all accept it."""

    def told(function, id):
        exercise = course.exercises[id]
        student = Student(exercise, lambda unit, name, calls: invoke_all(function, calls))
        for check in sorted(grader.checks.of(exercise), key=lambda check: check.once_right):
            try:
                grader.checks.run(check, student)
            except Fault as fault:
                return fault.mistake
            except Failure as failure:
                return str(failure)
        return None

    return told


@pytest.fixture(scope="session")
def ids_of(course):
    """ids_of(exercise, *modules): the ids that checks in these modules raise, and those of the catalogue."""

    def ids_of(id, *modules):
        calls = (node for module in modules for node in ast.walk(ast.parse(inspect.getsource(module))))
        faults = (node for node in calls if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fault")
        # The first argument, without what chooses between two of them.
        ids = (each for fault in faults for each in ast.walk(fault.args[0]) if isinstance(each, ast.Constant))
        exercise = course.exercises[id]
        texts = tomllib.loads((course.root / "graders" / exercise.unit / "mistakes.toml").read_text(encoding="utf-8"))
        return {each.value for each in ids if isinstance(each.value, str)} | texts[exercise.name]["mistakes"].keys()

    return ids_of
