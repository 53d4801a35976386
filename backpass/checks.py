"""What a grader is written with: `@check` on a plain pytest function, and the assertions that it calls.

    @check("losses.softmax", draw(moderate_logits), weight=4)
    def test_softmax_values(student, cases):
        agree(student, cases)

`pytest graders/ --submission DIR` runs it; so does `backpass grade`, which calls the function itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from backpass.cases import Case, Draw, Example, frozen_calls, with_answer
from backpass.compare import Difference, are_right, differences, wrong_answers
from backpass.course import Exercise
from backpass.mistakes import Variant
from backpass.worker.invoke import PRINTED, Answer, Call

if TYPE_CHECKING:
    from backpass.patterns import Pattern


@dataclass(frozen=True)
class Check:
    """One check of one exercise: a pytest function with its cases and its share of the points.

    `once_right`: the check says something about a right answer only (a do-nothing answer passes it), so it
    is run, and counts, when all other checks have passed.
    """

    exercise: str
    name: str
    function: Callable[..., None]
    sources: tuple[Draw | Example, ...]
    weight: float
    once_right: bool


def check(
    exercise: str, *sources: Draw | Example, weight: float = 1.0, once_right: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a test function as a check of `unit.name` on the cases of `sources`."""

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        declared = Check(exercise, function.__name__, function, sources, weight, once_right)
        function.__check__ = declared  # type: ignore[attr-defined]
        return function

    return declare


class Student:
    """The function under test. Calling it with cases asks for all of them in one round trip.

    `notes`: what is to be said of an answer that is right; `called`: the library functions that it called.
    """

    def __init__(
        self,
        exercise: Exercise,
        ask: Callable[[str, str, Sequence[Call]], list[Answer]],
        variants: Sequence[Variant] = (),
        device: str = "cpu",
    ) -> None:
        self.exercise = exercise
        self.device = device
        self.variants = variants
        self.notes: dict[str, None] = {}
        self.called: dict[str, None] = {}
        self._ask = ask
        self._answers: dict[int, tuple[list[Case], list[Answer]]] = {}

    def __call__(self, cases: list[Case]) -> list[Answer]:
        """The answers to `cases`, in order; the same list of cases is asked once."""
        known = self._answers.get(id(cases))
        if known is None:
            known = cases, self._asked(frozen_calls(cases))
            self._answers[id(cases)] = known
        return known[1]

    def ask(self, calls: list[Call]) -> list[Answer]:
        """The answers to `calls`, in order, computed on `device`."""
        return self._asked([replace(call, device=self.device) for call in calls])

    def _asked(self, calls: Sequence[Call]) -> list[Answer]:
        answers = self._ask(self.exercise.unit, self.exercise.name, calls)
        self.called |= dict.fromkeys(name for answer in answers for name in answer.called)
        return answers

    def values(self, calls: list[Call]) -> list[Any]:
        """The values that `calls` return; a Fault where one raises."""
        answers = self.ask(calls)
        for answer in answers:
            if answer.raised is not None and answer.raised.todo:
                raise Fault("not_started", "Not started yet.", status="todo")
            if answer.raised is not None:
                raise Fault("raises", f"Your code raises {answer.raised.kind}: {answer.raised.text}", status="crashed")
        return [answer.value for answer in answers]


class Failure(AssertionError):
    """A check that failed: which cases were asked, what was answered, and what is wrong with which answer.

    `describe`: what the exercise itself can say of a wrong answer that no catalogued mistake explains.
    """

    def __init__(
        self,
        cases: list[Case],
        answers: list[Answer],
        wrong: dict[int, list[Difference]],
        describe: Describe | None = None,
    ) -> None:
        self.cases = cases
        self.answers = answers
        self.wrong = wrong
        self.describe = describe
        self.random = any(case.statistics is not None for case in cases)
        first = next(iter(wrong.values()))[0]
        super().__init__(f"{first.where}: {first.text}" if first.where else first.text)


class Fault(AssertionError):
    """A check that failed for a reason that it knows itself: an id for the map of mistakes, and what to tell."""

    def __init__(self, mistake: str, tell: str, case: Case | None = None, status: str = "failed") -> None:
        self.mistake = mistake
        self.tell = tell
        self.case = case
        self.status = status
        super().__init__(tell)


Describe = Callable[[Failure, Student], "Pattern | None"]


def agree(student: Student, cases: list[Case], describe: Describe | None = None) -> None:
    """Every answer agrees with the reference, or all of them with one accepted variant of it."""
    answers = student(cases)
    returns = student.exercise.returns
    wrong = wrong_answers(cases, answers, returns)
    if not wrong:
        return
    first = next(iter(wrong))
    if not any(_follows(variant, student, cases, answers, first) for variant in student.variants):
        raise Failure(cases, answers, wrong, describe)


def _follows(variant: Variant, student: Student, cases: list[Case], answers: list[Answer], told_by: int) -> bool:
    """Whether all answers are a variant's; the one at `told_by`, which is not the reference's, is compared first."""
    theirs, returns = _by_variant(variant, cases), student.exercise.returns
    if differences(theirs[told_by], answers[told_by], returns) or not are_right(theirs, answers, returns):
        return False
    student.notes[variant.note] = None
    return True


_variant_cases: dict[tuple[int, int], tuple[list[Case], list[Case]]] = {}


def _by_variant(variant: Variant, cases: list[Case]) -> list[Case]:
    """`cases` with the answers of an accepted variant; computed once for the frozen cases of a run."""
    key = id(variant), id(cases)
    if key not in _variant_cases:
        _variant_cases[key] = cases, [with_answer(case, variant.function) for case in cases]
    return _variant_cases[key][1]


def with_flags_of_numbers(student: Student, cases: list[Case]) -> list[Case]:
    """`cases`, or for a submission whose flags are the numbers 0 and 1, with templates whose flags have their dtype."""
    dtypes = [_dtype_of_flags(case, answer) for case, answer in zip(cases, student(cases), strict=True)]
    if None in dtypes or set(dtypes) == {torch.bool}:
        return cases
    name = student.exercise.returns[1]
    student.notes[f"Right. `{name}` holds the numbers 0 and 1: a bool tensor says what it is, and can index."] = None

    def recast(template: Any, dtype: torch.dtype | None) -> Any:
        if isinstance(template, list):
            return [recast(item, dtype) for item in template]
        return template[0], template[1].to(dtype)

    return [replace(case, template=recast(case.template, dtype)) for case, dtype in zip(cases, dtypes, strict=True)]


def _dtype_of_flags(case: Case, answer: Answer) -> torch.dtype | None:
    """The dtype of the second output where it holds nothing but 0 and 1, else None."""
    results = answer.value if case.times > 1 else [answer.value]
    if answer.raised is not None or not isinstance(results, list):
        return None
    if not all(isinstance(result, list | tuple) and len(result) == 2 for result in results):
        return None
    flags = [result[1] for result in results]
    if not all(isinstance(flag, torch.Tensor) and bool(((flag == 0) | (flag == 1)).all()) for flag in flags):
        return None
    dtypes = {flag.dtype for flag in flags}
    return dtypes.pop() if len(dtypes) == 1 else None


def leaves_inputs_alone(student: Student, cases: list[Case]) -> None:
    """No call changed a tensor or a list that it was given."""
    for case, answer in zip(cases, student(cases), strict=True):
        for name in answer.changed:
            raise Fault(
                "input_modified",
                f"The result is right, but the call changed its input `{name}`. Whoever called you still needs "
                "it: compute new tensors instead of writing into the ones you are given (+=, a trailing "
                "underscore as in mul_, and x[...] = all write in place).",
                replace(case, expected=None),
            )


def leaves_no_trace(student: Student, cases: list[Case]) -> None:
    """No call printed anything or changed global state."""
    for case, answer in zip(cases, student(cases), strict=True):
        for effect in answer.side_effects:
            if effect == PRINTED:
                tell = "The result is right, but the call prints: take the print out again, a class calls you often."
                raise Fault("prints", tell, case)
            tell = f"The result is right, but the call changes {effect}, which everybody else shares."
            raise Fault("global_state_changed", tell, case)


def passes_gradcheck(
    student: Student,
    inputs: dict[str, Any],
    *,
    forward: Callable[..., torch.Tensor] | None = None,
    by: Callable[[dict[str, Any], torch.Tensor], dict[str, Any]] | None = None,
    output: int | None = None,
    gradients: Callable[[Any], Any] = lambda result: result,
) -> None:
    """`torch.autograd.gradcheck` of the student's function, driven through a `torch.autograd.Function`.

    Alone, the student's forward is differentiated by finite differences and compared with the gradient
    that autograd finds in it. With a trusted `forward`, the student's function is its backward: `by`
    gives the arguments of that call from the inputs and the gradient of the output, and its results
    belong to the inputs in order. The backward of a loss takes no gradient of the output: it is 1.
    All floating-point tensors of `inputs` are moved, those in lists as well. `output`: which result of a
    forward is differentiated, where there are several; `gradients` picks the gradients from what a backward returns.
    """
    named = _leaves(inputs)
    leaves = list(named.values())
    whole = student.values([Call(inputs)])[0] if forward is None else forward(**inputs)
    first = _output(whole, output)
    questions: list[Call] = []

    def given(values: Sequence[torch.Tensor]) -> dict[str, Any]:
        moved = dict(zip(named, (value.detach().clone() for value in values), strict=True))

        def replaced(name: str, value: Any) -> Any:
            if isinstance(value, list | tuple):
                return type(value)(replaced(f"{name}[{index}]", item) for index, item in enumerate(value))
            return moved.get(name, value)

        return {name: replaced(name, value) for name, value in inputs.items()}

    def cotangent(grad_out: torch.Tensor) -> Any:
        if output is None:
            return grad_out.clone()
        return [grad_out.clone() if each is first else torch.zeros_like(each) for each in whole]

    def arguments_back(values: Sequence[torch.Tensor], grad_out: torch.Tensor) -> dict[str, Any]:
        assert by is not None
        return by(given(values), grad_out)

    # What gradcheck asks does not depend on the answers. So it is run twice: on a function that is 0 everywhere,
    # which passes, to write down the questions, and on the student's answers, which came in one round trip.
    def note_forward(values: Sequence[torch.Tensor]) -> torch.Tensor:
        if forward is None:
            questions.append(Call(given(values)))
        return torch.zeros_like(first)

    def note_backward(values: Sequence[torch.Tensor], grad_out: torch.Tensor) -> tuple[Any, ...]:
        if by is None:
            questions.append(Call(given(values), cotangent=cotangent(grad_out)))
        else:
            questions.append(Call(arguments_back(values, grad_out.clone())))
        return tuple(torch.zeros_like(value) for value in values)

    def answer_forward(values: Sequence[torch.Tensor]) -> Any:
        return forward(**given(values)) if forward is not None else _output(next(answers), output)

    def answer_backward(values: Sequence[torch.Tensor], grad_out: torch.Tensor) -> tuple[Any, ...]:
        result = next(answers)
        if by is None:
            return tuple(None if isinstance(result[name], str) else result[name] for name in named)
        result = gradients(result)
        results = tuple(result) if isinstance(result, list | tuple) else (result,)
        takes_grad_out = any(value is grad_out for value in arguments_back(values, grad_out).values())
        return results if takes_grad_out else tuple(each * grad_out for each in results)

    right = isinstance(first, torch.Tensor) and _gradcheck(note_forward, note_backward, leaves)
    if right:
        answers = iter(student.values(questions))
        right = _gradcheck(answer_forward, answer_backward, leaves)
    if not right:
        raise Fault(
            "not_the_gradient",
            "torch.autograd.gradcheck moves every input a little and watches the output move: that slope is not "
            "the gradient that comes out of your function.",
        )


def _leaves(inputs: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The floating-point tensors among the inputs, by the names that their gradients have."""
    items = {
        inner: item
        for name, value in inputs.items()
        for inner, item in (
            {f"{name}[{index}]": item for index, item in enumerate(value)} if isinstance(value, list) else {name: value}
        ).items()
    }
    return {name: item for name, item in items.items() if isinstance(item, torch.Tensor) and item.is_floating_point()}


def _output(result: Any, output: int | None) -> Any:
    if output is None:
        return result
    return result[output] if isinstance(result, list | tuple) and len(result) > output else None


def _gradcheck(forward: Callable[..., Any], backward: Callable[..., Any], leaves: list[torch.Tensor]) -> bool:
    """gradcheck of the function that consists of `forward(values)` and `backward(values, grad_out)`."""

    class Driven(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *values: torch.Tensor) -> Any:
            ctx.save_for_backward(*values)
            return forward(values)

        @staticmethod
        def backward(ctx: Any, *grad_outs: torch.Tensor) -> Any:
            return backward(ctx.saved_tensors, grad_outs[0])

    inputs = [leaf.detach().clone().requires_grad_() for leaf in leaves]
    try:
        return bool(torch.autograd.gradcheck(Driven.apply, inputs, raise_exception=False))
    except (RuntimeError, TypeError, ValueError, LookupError, StopIteration):
        return False  # gradients of another shape or type than the inputs', which autograd does not take
