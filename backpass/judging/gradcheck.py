"""`torch.autograd.gradcheck` of a student's function, with all questions asked in one round trip."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import torch

from backpass.course.language import tr
from backpass.judging.cases import Case, evaluate, map_tensors, same_form, tensors
from backpass.judging.failures import Fault
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Call, Calls

# What is asked of every answer of a form: the inputs, how a backward is called, and the calls.
_questions: dict[Hashable, tuple[dict[str, Any], Any, Calls]] = {}


def _is_alike(function: Function, reference: Function, inputs: dict[str, Any]) -> bool:
    """Whether a trusted function has the reference's value and slopes there: finite differences tell them no more."""
    right = evaluate(reference, Case(inputs)).value
    back = map_tensors(right, lambda each: torch.linspace(0.7, 1.9, each.numel(), dtype=each.dtype).view(each.shape))
    asked = Case(inputs), Case(inputs, cotangent=back)
    answers = [[evaluate(each, case) for case in asked] for each in (function, reference)]
    if any(answer.raised is not None for of_one in answers for answer in of_one):
        return False
    theirs, ours = ([answer.value for answer in of_one] for of_one in answers)
    return same_form(theirs, ours) and all(
        torch.allclose(each, other, rtol=1e-9, atol=1e-12)
        for each, other in zip(tensors(theirs), tensors(ours), strict=True)
        if other.is_floating_point()
    )


def passes_gradcheck(
    student: Student,
    inputs: dict[str, Any],
    *,
    reference: Callable[..., Any] | None = None,
    forward: Callable[..., torch.Tensor] | None = None,
    by: Callable[[dict[str, Any], torch.Tensor], dict[str, Any]] | None = None,
    output: int | None = None,
    gradients: Callable[[Any], Any] = lambda result: result,
) -> None:
    """`torch.autograd.gradcheck` of the student's function, driven through a `torch.autograd.Function`.

    The student's forward, whose result has the form of the `reference`'s or of a variant's, is differentiated by
    finite differences and compared with the gradient that autograd finds in it. With a trusted `forward`, the
    student's function is its backward: `by` gives the arguments of that call from the inputs and the gradient of the
    output, and its results belong to the inputs in order. The backward of a loss takes no gradient of the output:
    it is 1. All floating-point tensors of `inputs` are moved, those in lists as well. `output`: which result of a
    forward is differentiated, where there are several; `gradients` picks the gradients from what a backward returns.
    """
    if student.trusted is not None and reference is not None and _is_alike(student.trusted, reference, inputs):
        return
    named = _leaves(inputs)
    leaves = list(named.values())
    whole = student.values([Call(inputs)])[0] if forward is None else forward(**inputs)
    first = _output(whole, output)
    # Its work is the square of the result's size, which is not for a submission to choose.
    right_ones = [each.function for each in student.variants] + ([reference] if reference is not None else [])
    forms = [_form(_output(right(**inputs), output)) for right in right_ones] if forward is None else [_form(first)]
    right = _form(first) in forms
    key = (id(inputs), id(by), _form(first)) if right and output is None else None
    known = _questions.get(key) if key is not None else None
    asked: list[Call] = []
    questions = known[2] if known is not None and known[0] is inputs and known[1] is by else None

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
            asked.append(Call(given(values)))
        return torch.zeros_like(first)

    def note_backward(values: Sequence[torch.Tensor], grad_out: torch.Tensor) -> tuple[Any, ...]:
        if by is None:
            asked.append(Call(given(values), cotangent=cotangent(grad_out)))
        else:
            asked.append(Call(arguments_back(values, grad_out.clone())))
        return tuple(torch.zeros_like(value) for value in values)

    def answer_forward(values: Sequence[torch.Tensor]) -> Any:
        result = forward(**given(values)) if forward is not None else _output(next(answers), output)
        if _form(result) != _form(first):
            raise ValueError("the form of the result depends on its numbers")
        return result

    def answer_backward(values: Sequence[torch.Tensor], grad_out: torch.Tensor) -> tuple[Any, ...]:
        result = next(answers)
        if by is None:
            return tuple(None if isinstance(result[name], str) else result[name] for name in named)
        result = gradients(result)
        results = tuple(result) if isinstance(result, list | tuple) else (result,)
        takes_grad_out = any(value is grad_out for value in arguments_back(values, grad_out).values())
        return results if takes_grad_out else tuple(each * grad_out for each in results)

    if right and questions is None:
        right = _gradcheck(note_forward, note_backward, leaves)
        questions = Calls(asked)
        if key is not None:
            _questions[key] = inputs, by, questions
    if right and questions is not None:
        answers = iter(student.values(questions))
        right = _gradcheck(answer_forward, answer_backward, leaves)
    if not right:
        raise Fault(
            "not_the_gradient",
            tr(
                "torch.autograd.gradcheck moves every input a little and watches the output move: that slope is not "
                "the gradient that comes out of your function."
            ),
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


def _form(result: Any) -> tuple[torch.Size, torch.dtype] | None:
    return (result.shape, result.dtype) if isinstance(result, torch.Tensor) else None


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
