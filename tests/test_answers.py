"""Submissions that the graders were not written from: differently written right ones, and wrong ones.

The first line of each file says what it is; of a wrong one, what its author has misunderstood.
"""

import functools
from pathlib import Path

import pytest

from backpass.grade import grade_exercise
from backpass.worker.client import Worker

HERE = Path(__file__).parent
RIGHT = sorted(HERE.glob("right_answers/*/*.py"))
WRONG = sorted(HERE.glob("wrong_answers/*/*.py"))
NAMED_SHARE = 0.9


def _id(path):
    return f"{path.parent.name}-{path.stem}"


def _result(path, course, graders, zygote):
    exercise = course.exercises[path.parent.name]
    with Worker(zygote, {exercise.unit: path.read_bytes()}) as worker:
        return grade_exercise(graders, exercise, worker.call)


@pytest.mark.parametrize("path", RIGHT, ids=_id)
def test_right_answers_pass(path, course, graders, zygote):
    result = _result(path, course, graders, zygote)
    assert (result.status, result.points) == ("passed", result.max_points), result.message


@pytest.fixture(scope="module")
def wrong_result(course, graders, zygote):
    """The result of a wrong answer, which two tests want to see."""
    return functools.cache(lambda path: _result(path, course, graders, zygote))


@pytest.mark.parametrize("path", WRONG, ids=_id)
def test_wrong_answers_are_refused(path, wrong_result):
    result = wrong_result(path)
    assert result.status in ("failed", "crashed"), path.read_text().splitlines()[0]
    assert result.points < result.max_points
    assert result.mistake != "unjudgeable"


def test_nine_in_ten_wrong_answers_are_named(wrong_result):
    unnamed = [_id(path) for path in WRONG if wrong_result(path).mistake is None]
    assert len(unnamed) <= (1 - NAMED_SHARE) * len(WRONG), unnamed
