"""The case that gives a mistake away: small, and one in which a reader sees it.

Hypothesis shrinks a wrong answer to the simplest case; that is all zeros where zeros are wrong, too. So it is first
asked for cases with numbers that tell: none of them 0, all of them different, and an answer that is visibly off. A few
of these do for nearly all mistakes, and do not depend on any.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from backpass.judging.cases import Case, tensors
from backpass.judging.comparison import differences, measured
from backpass.judging.drawing import no_constants_of_modules
from backpass.judging.failures import Failure
from backpass.worker.calls import Answer

MAX_CALLS = 250
_LOOKED_AT = 400  # cases of which the small ones are kept
FEW = 16  # numbers in the inputs of a case that a reader takes in
_SMALL_CASES, _OF_A_FORM = 16, 3  # how many are kept, and how many with inputs of the same shapes
_MANY_INPUTS = 3
_VISIBLE = 0.01  # relative difference
_SMALL = 0.05  # of the largest number of an answer; what is smaller is measured by this
_FEW = 40  # numbers of a tensor; where some of these could be 0, it would be made of zeros before it is made smaller
_LARGE, _TINY = 100.0, 1e-3


_Holds = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Forced:
    """What the inputs of all cases have in common, because the exercise asks for nothing else.

    `narrow`: inputs with a dimension of size 1. `flags`: those whose numbers are 0 or 1. `single`: those that are one
    number, without a dimension.
    """

    narrow: frozenset[tuple[str, int]] = frozenset()
    flags: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Forced:
        """That of some cases."""
        given = [{name: each for name, each in case.inputs.items() if _is_tensor(each)} for case in cases]
        narrow = (
            {(name, at) for name, each in inputs.items() for at, size in enumerate(each.shape) if size == 1}
            for inputs in given
        )
        flags = ({name for name, each in inputs.items() if bool(((each == 0) | (each == 1)).all())} for inputs in given)
        single = ({name for name, each in inputs.items() if each.dim() == 0} for inputs in given)
        return cls(*(frozenset(set.intersection(*each)) for each in (narrow, flags, single)))


FREE = Forced()


class _Enough(Exception):
    """Ends a search whose budget is spent."""


def small_cases(
    case: Case, parameters: dict[str, Any], reference: Callable[..., Any], forced: Forced = FREE
) -> list[Case]:
    """The smallest cases like `case`, which was drawn, in which mistakes are seen; of one size the simplest first.

    They have more than one of everything: with one sample a sum is a mean, with one feature a row is a column.
    """
    origin = case.origin
    assert origin is not None
    found: defaultdict[tuple[torch.Size, ...], list[dict[str, Any]]] = defaultdict(list)

    def is_one(inputs: dict[str, Any]) -> bool:
        if size_of(inputs)[0] > FEW or not shows_much(inputs, forced):
            return False
        given = [*tensors(inputs)]
        if any(one.tolist() == other.tolist() for one, other in itertools.combinations(given, 2)):
            return False
        found[tuple(tensor.shape for tensor in given)].append(inputs)
        return True

    _shrink(case, is_one, _LOOKED_AT)
    simplest = [inputs for of_a_form in found.values() for inputs in of_a_form[: -_OF_A_FORM - 1 : -1]]
    smallest = sorted(simplest, key=size_of)[:_SMALL_CASES]
    return [origin.make(inputs, parameters, reference) for inputs in smallest]


def most_telling(
    case: Case,
    answer_to: Callable[[Case], Answer],
    parameters: dict[str, Any],
    reference: Callable[..., Any],
    returns: tuple[str, ...],
    forced: Forced = FREE,
    *,
    is_rare: bool = False,
    is_shown: Callable[[Case, Answer], bool] | None = None,
) -> Case:
    """The simplest case like `case`, which was drawn, that `answer_to` answers visibly wrongly; else just wrongly.

    Its numbers tell, and if that can be had, it has more than one of everything; not if it `is_rare`: none of the small
    cases shows it. `is_shown`: whether an answer is visibly wrong in all that is to be seen. At most three times
    `MAX_CALLS` questions are asked; at worst it is `case` itself.
    """
    origin = case.origin
    assert origin is not None

    def simplest(holds: _Holds, shows: Callable[[Case, Answer], bool]) -> Case | None:
        best: Case | None = None

        def is_one(inputs: dict[str, Any], candidate: Case | None = None) -> bool:
            nonlocal best
            if not holds(inputs):
                return False
            candidate = candidate or origin.make(inputs, parameters, reference)
            answer = answer_to(candidate)
            # An exception shows less than a wrong number does.
            if answer.raised is not None or not differences(candidate, answer, returns) or not shows(candidate, answer):
                return False
            best = candidate  # Hypothesis tries smaller and smaller ones once it has found one
            return True

        is_one(case.inputs, case)
        _shrink(case, is_one)
        any(map(is_one, pairs_of_rows(best.inputs) if best is not None else ()))
        return best

    tells, much = partial(has_telling_numbers, forced=forced), partial(shows_much, forced=forced)
    kinds: list[tuple[_Holds, Callable[[Case, Answer], bool]]]
    if overflows(case, answer_to(case)):  # then none with finite numbers is to be found
        kinds = [(partial(_tells_somewhere, forced=forced), overflows)]
    else:
        shown = is_shown or is_visible
        kinds = [(tells, shown)] if is_rare else [(much, shown), (tells, shown)]
    found = (simplest(*kind) for kind in kinds)
    return next(filter(None, found), None) or simplest(lambda inputs: True, lambda candidate, answer: True) or case


def most_visible(failure: Failure, is_shown: Callable[[Case, Answer], bool] | None = None) -> int:
    """The wrong case that shows most: an answer that is visibly off, numbers that tell, and few of them.

    `is_shown` as in `most_telling`.
    """

    forced = Forced.of(failure.cases)

    def key(index: int) -> tuple[bool, bool, bool, bool, tuple[int, int]]:
        case = failure.cases[index]
        raised = failure.answers[index].raised is not None
        tells, is_large = has_telling_numbers(case.inputs, forced), not is_moderate(case.inputs)
        return raised, not tells, is_large, not is_roomy(case.inputs, forced), size_of(case.inputs)

    ranked = sorted(failure.wrong, key=key)
    if failure.random:
        return ranked[0]
    answered = (index for index in ranked if failure.answers[index].raised is None)
    shown = is_shown or is_visible
    return next((index for index in answered if shown(failure.cases[index], failure.answers[index])), ranked[0])


def size_of(inputs: dict[str, Any]) -> tuple[int, int]:
    """How many numbers the inputs of a case have, and in how many tensors."""
    sizes = [tensor.numel() for tensor in tensors(inputs)]
    return sum(sizes), len(sizes)


def shows_much(inputs: dict[str, Any], forced: Forced) -> bool:
    """Whether a reader would see in a case of these inputs what is done with them."""
    return is_moderate(inputs) and is_roomy(inputs, forced) and has_telling_numbers(inputs, forced)


def is_roomy(inputs: dict[str, Any], forced: Forced = FREE) -> bool:
    """Whether no input has a dimension of size 1 that could have another, nor one or two are single numbers.

    Of one number nobody sees what is done with many; where there are more inputs, it is read with less effort.
    """
    given = [name for name, value in inputs.items() if _is_tensor(value) and value.is_floating_point()]
    if len(given) < _MANY_INPUTS and any(inputs[name].dim() == 0 and name not in forced.single for name in given):
        return False
    return all(
        size > 1 or (name, dimension) in forced.narrow
        for name, value in inputs.items()
        for each in tensors(value)
        if each.is_floating_point()
        for dimension, size in enumerate(each.shape)
    )


def has_telling_numbers(inputs: dict[str, Any], forced: Forced = FREE) -> bool:
    """Whether the numbers of an input differ, and none is 0: then it shows which one is used where.

    Of a large tensor half of them will do.
    """
    for tensor in tensors([value for name, value in inputs.items() if name not in forced.flags]):
        if tensor.is_floating_point() and tensor.numel():
            numbers = tensor.reshape(-1).tolist()
            different = {number for number in numbers if number and math.isfinite(number)}
            if len(different) < len(numbers) / (1 if len(numbers) <= _FEW else 2):
                return False
    return True


def _tells_somewhere(inputs: dict[str, Any], forced: Forced) -> bool:
    """Whether the numbers of some input tell, where others have to be special."""
    given = {name: [each for each in tensors(value) if each.is_floating_point()] for name, value in inputs.items()}
    return is_roomy(inputs, forced) and any(
        has_telling_numbers({name: each}) for name, each in given.items() if each and name not in forced.flags
    )


def is_moderate(inputs: dict[str, Any]) -> bool:
    """Whether a reader can compute with all the numbers."""
    floating = [tensor for tensor in tensors(inputs) if tensor.is_floating_point()]
    return all(_largest(each) < _LARGE and not bool(((each != 0) & (each.abs() < _TINY)).any()) for each in floating)


def is_visible(case: Case, answer: Answer) -> bool:
    """Whether an answer differs from the right one where a reader would see it."""
    mine = measured(case, answer)
    largest = max((_largest(tensor) for tensor in tensors(case.expected)), default=0.0)
    differs = _differs(mine, case.expected, max(_SMALL * largest, 1e-3))
    return differs and (_is_finite(mine) or not _is_finite(case.expected))


def overflows(case: Case, answer: Answer) -> bool:
    """Whether an answer is not finite, and should be."""
    return _is_finite(case.expected) and not _is_finite(measured(case, answer))


def is_hidden(case: Case, answer: Answer) -> bool:
    """Whether an answer is wrong by so little that a reader would not see it."""
    return not is_visible(case, answer) and _is_finite(measured(case, answer))


def _largest(tensor: torch.Tensor) -> float:
    numbers = tensor.double().abs()
    return float(numbers[numbers.isfinite()].max()) if bool(numbers.isfinite().any()) else 0.0


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return all(bool(tensor.isfinite().all()) for tensor in tensors(value))


def _differs(mine: Any, right: Any, least: float) -> bool:
    if isinstance(right, dict):
        return not isinstance(mine, dict) or any(_differs(mine.get(name), right[name], least) for name in right)
    if isinstance(right, list | tuple):
        if not isinstance(mine, list | tuple) or len(mine) != len(right):
            return True
        return any(_differs(one, other, least) for one, other in zip(mine, right, strict=True))
    if isinstance(right, torch.Tensor):
        if not isinstance(mine, torch.Tensor) or mine.shape != right.shape or mine.is_complex():
            return True
        got, wanted = mine.double(), right.double()
        off = (got - wanted).abs() > _VISIBLE * wanted.abs().clamp(min=least)
        return bool((off | (got.isfinite() != wanted.isfinite())).any())
    if isinstance(right, float) and isinstance(mine, float):
        if not math.isfinite(mine) or not math.isfinite(right):
            return mine != right
        return abs(mine - right) > _VISIBLE * max(abs(right), 1e-3)
    return type(mine) is not type(right) or bool(mine != right)


def _shrink(case: Case, is_one: _Holds, most: int = MAX_CALLS) -> None:
    """Ask `is_one` of inputs like those of `case`, so many times: of simpler and simpler ones once it is."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import Flaky, NoSuchExample

    origin = case.origin
    assert origin is not None and origin.strategy is not None
    calls = 0

    def counted(inputs: dict[str, Any]) -> bool:
        nonlocal calls
        calls += 1
        if calls > most:
            raise _Enough
        return is_one(inputs)

    # Flaky: stopped in the midst of trying one again
    with no_constants_of_modules(), contextlib.suppress(_Enough, NoSuchExample, Flaky):
        find(
            origin.strategy(case.dtype or origin.dtypes[0]),  # labels alone have no floating dtype
            counted,
            settings=settings(
                max_examples=most * 2 // 5,
                database=None,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )


def pairs_of_rows(inputs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of inputs whose tensors are all of one shape, and of more numbers than a reader takes in, two rows each."""
    given = {name: value for name, value in inputs.items() if any(True for _ in tensors(value))}
    if not given or not all(map(_is_tensor, given.values())) or len({each.shape for each in given.values()}) > 1:
        return
    first = next(iter(given.values()))
    if first.dim() > 1 and first.numel() > FEW:
        for row in range(len(first) - 1):
            yield {**inputs, **{name: value[row : row + 2].clone() for name, value in given.items()}}


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)
