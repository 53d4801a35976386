"""What can be said of any wrong answer, whatever the exercise."""

import itertools

import pytest

from backpass.worker.invoke import invoke_all


def answering(function):
    return lambda unit, name, calls: invoke_all(function, calls)


@pytest.mark.parametrize(("changes", "is_told"), [(lambda x: True, True), (lambda x: x.dim() == 3, False)])
def test_answers_that_change_are_told_where_most_of_them_do(course, grader, changes, is_told):
    """In a few cases rounding alone may be magnified: there nothing is kept between calls."""
    calls = itertools.count()

    def softmax(logits, dim=-1):
        call = next(calls)
        return logits.sin() + (0.1 * call if changes(logits) else 0.0)

    result = grader.grade(course.exercises["losses.softmax"], answering(softmax))
    assert result.status == "failed"
    assert (result.mistake == "answers_change") == is_told
