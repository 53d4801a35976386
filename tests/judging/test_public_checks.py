"""What students run themselves must not refuse what the hidden graders accept."""

import importlib
from pathlib import Path

import pytest

from backpass.judging.checks import declared_checks
from backpass.judging.failures import Failure, Fault
from backpass.judging.student import Student
from backpass.worker.client import Worker

RIGHT = sorted(Path(__file__).resolve().parents[1].glob("data/right_answers/*/*.py"))


@pytest.mark.parametrize("unit", sorted({path.parent.name.partition(".")[0] for path in RIGHT}))
def test_right_answers_pass_the_public_checks(unit, course, grader, zygote):
    checks = declared_checks(importlib.import_module(f"exercises.{unit}.test_{unit}"))
    refused = []
    for path in RIGHT:
        exercise = course.exercises[path.parent.name]
        if exercise.unit != unit:
            continue
        with Worker(zygote, {unit: path.read_bytes()}) as worker:
            student = Student(exercise, worker.call, grader.checks.variants(exercise), "cpu")
            for check in checks:
                try:
                    if check.exercise == exercise.id:
                        grader.checks.run(check, student)
                except (Failure, Fault) as error:
                    refused.append(f"{exercise.id}, {path.name}, {check.name}: {error}")
    assert not refused, "\n".join(refused)
