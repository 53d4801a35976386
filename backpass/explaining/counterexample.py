"""The smallest case that gives a mistake away: Hypothesis shrinks a wrong answer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import Flaky, NoSuchExample

from backpass.judging.cases import Case
from backpass.judging.comparison import differences
from backpass.worker.invoke import Answer

MAX_CALLS = 150


class _Enough(Exception):
    """Ends a search whose budget is spent."""


def smallest(
    case: Case,
    answer_to: Callable[[Case], Answer],
    parameters: dict[str, Any],
    reference: Callable[..., Any],
    returns: tuple[str, ...],
) -> Case:
    """The simplest case like `case`, which was drawn, that `answer_to` still answers wrongly.

    At most `MAX_CALLS` questions are asked; the best found by then is returned, at worst `case` itself.
    """
    origin = case.origin
    assert origin is not None and origin.strategy is not None
    dtype = case.dtype or origin.dtypes[0]  # labels alone have no floating dtype
    best, calls = case, 0

    def is_wrong(inputs: dict[str, Any]) -> bool:
        nonlocal best, calls
        calls += 1
        if calls > MAX_CALLS:
            raise _Enough
        candidate = origin.make(inputs, parameters, reference)
        answer = answer_to(candidate)
        # An exception shows less than a wrong number does.
        if answer.raised is not None or not differences(candidate, answer, returns):
            return False
        best = candidate  # Hypothesis tries smaller and smaller ones once it has found one
        return True

    try:
        inputs = find(
            origin.strategy(dtype),
            is_wrong,
            settings=settings(
                max_examples=40,
                database=None,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except (_Enough, NoSuchExample, Flaky):  # Flaky: stopped in the midst of trying one again
        return best
    return origin.make(inputs, parameters, reference)
