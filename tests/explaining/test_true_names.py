"""What tutors found said falsely of real answers, and must not be said again; and what is true of them."""

import tomllib
from pathlib import Path

import pytest

from backpass.explaining.grader import HiddenGrader
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

ANSWERS = tomllib.loads((Path(__file__).parents[1] / "data" / "said_falsely.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def grader(course):
    return HiddenGrader(course, shrink=False)


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_false_is_said(name, course, grader, zygote):
    said = ANSWERS[name]
    exercise = course.exercises[said["exercise"]]
    sources = {exercise.unit: said["code"].encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert result.status in ("failed", "crashed")
    assert not [words for words in said["false"] if words in result.message], result.message
    assert said["true"] in result.message, result.message
    assert "you  raises" not in result.message and "you return  raises" not in result.message


@pytest.mark.parametrize("code", ["if torch.zeros(3) > 0: pass", "a, b = torch.zeros(3)", "[][0]"])
def test_one_error_in_every_stub_is_no_mistake_of_the_catalogue(code, course, grader, zygote):
    """An exception says nothing of what its author has misunderstood."""
    named = []
    for unit in ("losses",):
        header = "import torch\n"
        for exercise in course.unit(unit).exercises:
            header += f"def {exercise.signature}:\n    {code}\n\n"
        sources = {unit: header.encode()}
        with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
            for exercise in course.unit(unit).exercises:
                result = grader.grade(exercise, worker.call, inspects=inspector)
                if result.mistake != "raises":
                    named.append((exercise.id, result.mistake, result.message[:100]))
    assert not named
