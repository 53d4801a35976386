"""What can be said of any wrong answer that no catalogued mistake explains.

Each pattern has an id of its own for the map of mistakes, and a sentence for the student.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.explaining.likeness import close
from backpass.explaining.places import Part, only_place
from backpass.judging.assertions import GRADIENT_NOT_FINITE
from backpass.judging.cases import Case, evaluate, same_form, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Description, Failure
from backpass.judging.preliminary import ANOTHER_SIGNATURE, HELPER_NOT_STARTED, another_signature, helper_not_started
from backpass.judging.student import Student
from backpass.worker.invoke import Raised

ENOUGH = 3  # right cases, before what they have in common means anything
AT_ITS_DEFAULT = later("where an argument is left at its default")


def find(failure: Failure, exercise: Exercise, student: Student, reference: Callable[..., Any]) -> Description:
    """The most telling pattern of `failure`. `reference`: the right function, where there is one here."""
    for pattern in (*PATTERNS, partial(_ignored_argument, reference=reference), *LATE_PATTERNS):
        found = pattern(failure, exercise, student)
        if found is not None:
            return found
    where = next(iter(failure.wrong.values()))[0].where
    if failure.cases[0].cotangent is not None:
        return Description(
            "wrong_gradient",
            tr(
                "Your value is right, but the gradient that autograd finds in your function is not: a part of it is "
                "cut out of the graph (detach, .item(), .data, no_grad, a new tensor of old numbers) or made of steps "
                "(round, argmax, a comparison)."
            ),
        )
    text = tr(
        "The form of your answer is right, but {subject} is wrong in {wrong} of {all} cases.",
        subject=f"`{where}`" if where else tr("the result"),
        wrong=len(failure.wrong),
        all=len(failure.cases),
    )
    return Description(None, text)


def exact(failure: Failure, exercise: Exercise, student: Student) -> str:
    """What holds of all wrong answers, number by number; empty where nothing does."""
    found = (pattern(failure, exercise, student) for pattern in (_copy, _factor, _transposed, _rows))
    return next((each.tell for each in found if each is not None), "")


def _first(failure: Failure, kind: str) -> tuple[int, Any] | None:
    """The first wrong case that is wrong in the way `kind`, with that difference."""
    for index, found in failure.wrong.items():
        if found[0].kind == kind:
            return index, found[0]
    return None


def _raised(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    first = _first(failure, "raised")
    if first is None:
        missing = _first(failure, "not_raised")
        if missing is not None:
            expected = failure.cases[missing[0]].expected
            text = tr("This call should raise {expected}, and it returns a value instead.", expected=expected.kind)
            return Description("does_not_raise", text, missing[0])
        return None
    index, _ = first
    raised = failure.answers[index].raised
    assert raised is not None
    if raised.kind == "timeout":
        text = tr(
            "`{name}` gave {no_answer}. Is there a loop that never ends?", name=exercise.name, no_answer=raised.text
        )
        return Description("never_ends", text, index)
    if raised.kind == "died":
        return Description("process_ended", tr("Nothing came back: {why}.", why=raised.text), index)
    if "in-place operation" in raised.text or "inplace operation" in raised.text:
        line = tr(", as in line {line}, `{source}`", line=raised.line, source=raised.source) if raised.line else ""
        text = tr(
            "Something is written into a tensor in place{as_in_line}, where autograd still needs its old numbers (or "
            "it is an input of yours): compute a new tensor instead (torch.where, torch.stack, +).",
            as_in_line=line,
        )
        return Description("input_modified", text, index)
    if raised.todo:
        return Description(HELPER_NOT_STARTED, helper_not_started(raised, exercise), index)
    of_the_call = another_signature(raised, exercise)
    if of_the_call is not None:
        return Description(ANOTHER_SIGNATURE, of_the_call, index, degree="cause")
    everywhere = len(failure.wrong) == len(failure.cases)
    expected = failure.cases[index].expected
    if isinstance(expected, Raised):
        text = tr(
            "This call should raise {expected}, and it raises {exception}.",
            expected=expected.kind,
            exception=raised.kind,
        )
        return Description("wrong_exception", text, index)
    what = raised.kind
    if raised.line:
        what = tr(
            "{exception} in line {line}, `{source}`", exception=raised.kind, line=raised.line, source=raised.source
        )
    what = f"{what}: {' '.join(raised.text.split())}"
    trait = None if everywhere else _shared_trait(failure)
    if trait:
        text = tr("Your code raises, {where}, {exception}", where=trait[1], exception=what)
    elif everywhere:
        text = tr("Your code raises {exception}", exception=what)
    else:
        text = tr("For some inputs your code raises {exception}", exception=what)
    return Description("raises", text, index)


def _form(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    for index, found in failure.wrong.items():
        case, answer, first = failure.cases[index], failure.answers[index], found[0]
        if first.kind == "none" and not _may_be_none(failure, first.where, exercise):
            text = tr("`{name}` returns None. Is a `return` missing, or is it a stub still?", name=exercise.name)
            if first.where:
                text = tr(
                    "`{name}` returns None for `{output}`. Is a `return` missing, or is it a stub still?",
                    name=exercise.name,
                    output=first.where,
                )
            return Description("returns_none", text, index)
        if first.kind == "no_gradient":
            text = tr(
                "The value is right, but no {gradient} arrives: something on the way leaves autograd's graph "
                "(detach, .item(), .data, torch.no_grad, a new torch.tensor(...) of old numbers).",
                gradient=first.where,
            )
            return Description("gradient_cut", text, index)
        if first.kind == "length" and (ends := _ends_early(case, answer.value, first.where, exercise)):
            return Description("wrong_length", ends, index, "cause")
        if first.kind in ("type", "length"):
            return Description("wrong_type", f"{_sentence(first.text, first.where)}.", index)
        if first.kind == "device":
            return Description("wrong_device", f"{_sentence(first.text, first.where)}.", index)
        if first.kind == "dtype":
            what = _sentence(first.text, first.where)
            text = tr("{wrong_dtype}: keep the dtype that the inputs come in.", wrong_dtype=what)
            return Description("wrong_dtype", text, index)
        if first.kind == "shape":
            return Description("wrong_shape", _about_shape(case, answer.value, first, exercise), index)
    return None


def _ends_early(case: Case, value: Any, where: str, exercise: Exercise) -> str:
    """Of a list that is right as far as it goes, and goes on or ends where it should not."""
    got, expected = _part(value, where, exercise), _part(case.template, where, exercise)
    if not isinstance(got, list) or not isinstance(expected, list) or not got:
        return ""
    both = min(len(got), len(expected))
    if not close(got[:both], expected[:both], 0.0, False, case.dtype):
        return ""
    told: dict[str, object] = dict(
        subject=f"`{where}`" if where else tr("Your list"), got=len(got), expected=len(expected)
    )
    if len(got) < len(expected):
        return tr("{subject} ends after {got} of {expected} entries, and these are right.", **told)
    return tr("{subject} has {got} entries: the first {expected} are right, and nothing is to come after them.", **told)


def _may_be_none(failure: Failure, where: str, exercise: Exercise) -> bool:
    """Whether None is the right answer to other cases: then it is a wrong value here, and no missing return."""
    return not failure.random and any(_part(case.expected, where, exercise) is None for case in failure.cases)


def _sentence(text: str, where: str) -> str:
    return text.replace(tr("the result"), f"`{where}`", 1) if where else text[0].upper() + text[1:]


def _about_shape(case: Case, value: Any, difference: Any, exercise: Exercise) -> str:
    text = _sentence(difference.text, difference.where)
    got, expected = _part(value, difference.where, exercise), _part(case.template, difference.where, exercise)
    if not isinstance(got, torch.Tensor) or not isinstance(expected, torch.Tensor):
        return f"{text}."
    if tuple(got.shape) == tuple(expected.shape)[::-1]:
        return tr("{wrong_shape}: transposed.", wrong_shape=text)
    if got.numel() == expected.numel():
        if [size for size in got.shape if size != 1] != [size for size in expected.shape if size != 1]:
            return tr(
                "{wrong_shape}: it has the right number of elements, flattened or in another shape.", wrong_shape=text
            )
        if got.dim() > expected.dim():
            return tr("{wrong_shape}: a dimension of size 1 is kept (look at keepdim and squeeze).", wrong_shape=text)
        return tr("{wrong_shape}: a dimension of size 1 is lost (look at keepdim and squeeze).", wrong_shape=text)
    if expected.numel() < got.numel():
        return tr(
            "{wrong_shape}: a sum over a dimension is missing, or two shapes were broadcast against each other.",
            wrong_shape=text,
        )
    return tr("{wrong_shape}: too much was summed, or only a part is returned.", wrong_shape=text)


def _changing(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Asked for the same again, a function answers something else."""
    index = next(iter(failure.wrong))
    case, answer = failure.cases[index], failure.answers[index]
    if failure.random or answer.raised is not None or any(callable(value) for value in case.inputs.values()):
        return None
    for again in student.ask([case.call(), case.call()]):
        same = again.raised is None and close(measured(case, again), measured(case, answer), 0.0, False, case.dtype)
        if not same:
            return Description(
                "answers_change",
                tr(
                    "The same call gives another answer when it is made again: something is kept between calls (a "
                    "global variable, a default argument that is changed, an attribute of the function), or drawn at "
                    "random. All that a call needs comes in as arguments."
                ),
                index,
                "cause",
            )
    return None


def _not_finite(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    first = _first(failure, "not_finite")
    if first is None:
        return None
    index, difference = first
    what = difference.text.rpartition(" ")[2]
    if failure.cases[index].cotangent is not None:
        text = tr(GRADIENT_NOT_FINITE)
        return Description("gradient_not_finite", text, index, "cause")
    if difference.where:
        what = tr("{what} in `{output}`", what=what, output=difference.where)
    text = tr(
        "{what}: an intermediate number leaves the range of floats (exp of a large number is infinity, infinity / "
        "infinity and 0 / 0 are NaN, log(0) is -infinity).",
        what=what,
    )
    return Description("not_finite", text, index)


def _precision(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Wrong by no more than a lower precision rounds: to some decimals, float32 under float64, or half precision."""
    decimals = None if failure.random else _rounded_to(failure)
    if decimals is not None:  # of large numbers decimals are so many that they look like float32's
        text = tr("Your numbers are rounded to {decimals} decimals: return them as they are.", decimals=decimals)
        return Description("rounded", text)
    if is_right_but_rounded(failure):
        text = tr("float64 inputs come out with float32's precision: a float32 tensor or constant is used on the way.")
        return Description("float32_inside", text)
    if not failure.random and _within(failure, torch.float16):
        text = tr(
            "Close, but not close enough: something on the way is rounded (a lower precision, round, a constant with "
            "few digits) or a small number is added that does not belong there."
        )
        return Description("imprecise", text)
    return None


def _rounded_to(failure: Failure) -> int | None:
    """The number of decimals that every number of the answers has, where the right ones have more."""
    values = [number for index in failure.wrong for number in _numbers(failure.answers[index].value)]
    right = [number for index in failure.wrong for number in _numbers(failure.cases[index].expected)]
    floating = all(number.is_floating_point() and bool(number.isfinite().all()) for number in (*values, *right))
    if not values or not floating or not _within(failure, torch.float16):
        return None
    numbers = torch.cat([value.double().reshape(-1) for value in values])
    exact = torch.cat([4 * torch.finfo(v.dtype).eps * v.double().abs().reshape(-1) for v in values])
    for decimals in range(1, 7):
        tells = exact < 0.05 * 10**-decimals  # of larger ones every number is as good as rounded
        if int(tells.sum()) >= ENOUGH and bool(((numbers - numbers.round(decimals=decimals)).abs() <= exact).all()):
            return decimals
    return None


def is_right_but_rounded(failure: Failure) -> bool:
    """Whether only float64 is wrong, and by no more than float32 rounds: no formula is wrong then."""
    if any(failure.cases[index].dtype != torch.float64 for index in failure.wrong):
        return False
    return _numbers_are_rounded(failure) if failure.random else _within(failure, torch.float32)


def _numbers_are_rounded(failure: Failure) -> bool:
    """The same of random answers: of the numbers that they are judged by."""
    for index, found in failure.wrong.items():
        case = failure.cases[index]
        numbers = measured(case, failure.answers[index])
        if not isinstance(numbers, dict) or not isinstance(case.expected, dict):
            return False
        for name in (each.where for each in found):
            got, expected = numbers.get(name), case.expected.get(name)
            if not isinstance(got, float) or not isinstance(expected, float):
                return False
            if not abs(got - expected) <= torch.finfo(torch.float32).eps * abs(expected):
                return False
    return True


def _numbers(tree: Any) -> Iterator[torch.Tensor]:
    """Every number in a value, Python floats included."""
    if isinstance(tree, float):
        yield torch.tensor(tree, dtype=torch.float64)
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from _numbers(item)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _numbers(item)
    elif isinstance(tree, torch.Tensor):
        yield tree


def _within(failure: Failure, dtype: torch.dtype) -> bool:
    """Whether every wrong number is as near as computing in `dtype` would be."""
    for index in failure.wrong:
        case, value = failure.cases[index], failure.answers[index].value
        ratio = torch.finfo(dtype).eps / torch.finfo(case.dtype or torch.float32).eps
        if not same_form(value, case.expected) or not any(True for _ in tensors(value)):
            return False
        for got, expected, tolerance in zip(
            _numbers(value), _numbers(case.expected), _numbers(case.tolerance), strict=True
        ):
            # A tenth of what rounding may do at worst: a wrong formula must not hide behind it.
            off = (got.double() - expected.double()).abs()  # bool tensors too
            largest = expected.double().abs().nan_to_num(posinf=0.0).max() if expected.numel() else off.new_zeros(())
            near = (off <= 0.1 * ratio * tolerance) & (off <= 0.02 * largest)
            if not bool((near | (got == expected)).all()):
                return False
    return True


def _distribution(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A random answer whose numbers, taken together, are not what they should be."""
    if not failure.random:
        return None
    index, found = next(iter(failure.wrong.items()))
    name = found[0].where
    ratios = []
    for position in failure.wrong:
        case = failure.cases[position]
        numbers = measured(case, failure.answers[position])
        expected = case.expected.get(name) if isinstance(case.expected, dict) else None
        if not isinstance(numbers, dict) or not isinstance(expected, float) or name not in numbers:
            return None
        ratios.append(numbers[name] / expected if expected else math.nan)
    tell = tr(
        "The {quantity} of your numbers is not what it should be, in {wrong} of {all} cases.",
        quantity=tr(name),
        wrong=len(ratios),
        all=len(failure.cases),
    )
    if len(ratios) > 1 and all(abs(ratio - ratios[0]) <= 0.05 * abs(ratios[0]) for ratio in ratios):
        tell = tr(
            "The {quantity} of your numbers is always about {factor:.2g} times what it should be.",
            quantity=tr(name),
            factor=ratios[0],
        )
    return Description("wrong_distribution", tell, index)


def _described(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """What the exercise's own grader can say: a cause, unless it is no more than where the answer is wrong."""
    found = failure.describe(failure, student) if failure.describe else None
    if found is None or found.mistake is None or found.mistake.startswith(("only_", "wrong_")):
        return found
    return replace(found, degree="cause", own=True)


def _ignored_argument(
    failure: Failure, exercise: Exercise, student: Student, reference: Callable[..., Any]
) -> Description | None:
    """Changing an argument that should change the result changes nothing; a gradient may well be constant."""
    if failure.random or failure.cases[0].cotangent is not None:
        return None
    answered = [index for index in failure.wrong if failure.answers[index].raised is None]
    right = [index for index in _right(failure) if failure.answers[index].raised is None]

    def size(index: int) -> int:
        return sum(map(_numel, tensors(failure.cases[index].inputs)))

    asked = sorted(answered, key=size)[-3:][::-1] + sorted(right, key=size)[-2:]
    questions = [
        (index, name)
        for index in asked
        if any(True for _ in tensors(failure.answers[index].value))
        for name, value in failure.cases[index].inputs.items()
        if _can_change(value) and _matters(name, failure.cases[index], reference)
    ]
    if not questions:
        return None
    answers = student.ask([_changed(failure.cases[index], name).call() for index, name in questions])
    moved = {
        name
        for (index, name), answer in zip(questions, answers, strict=True)
        if answer.raised is not None or not _equal(answer.value, failure.answers[index].value)
    }
    for index, name in questions:
        if name not in moved:
            text = tr("Changing `{name}` changes nothing in your result: is it used at all?", name=name)
            return Description("ignores_argument", text, index)
    return None


def _matters(name: str, case: Case, reference: Callable[..., Any]) -> bool:
    """Whether the right answer to `case` depends on an argument: on the bias of a dead unit it does not."""
    before, after = evaluate(reference, case), evaluate(reference, _changed(case, name))
    return before.raised is not None or after.raised is not None or not _equal(after.value, before.value)


def _changed(case: Case, name: str) -> Case:
    return replace(case, inputs={**case.inputs, name: _change(case.inputs[name])})


def _numel(tensor: torch.Tensor) -> int:
    return tensor.numel()


def _can_change(value: Any) -> bool:
    return type(value) is float or (isinstance(value, torch.Tensor) and value.is_floating_point())


def _change(value: Any) -> Any:
    return (
        value * 0.7 + 0.01
        if type(value) is float
        else value * 0.7 + 0.1 * torch.arange(1, value.numel() + 1).to(value.dtype).reshape(value.shape)
    )


def _equal(a: Any, b: Any) -> bool:
    return same_form(a, b) and all(
        torch.equal(x.nan_to_num(), y.nan_to_num()) for x, y in zip(tensors(a), tensors(b), strict=True)
    )


def _copy(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A wrong output is always zeros, or an input, or another output."""
    for where, cases in _wrong_outputs(failure, exercise):
        parts = [(case, value) for case, _, value in cases if isinstance(value, torch.Tensor)]
        if not parts or len(parts) < len(cases):
            continue
        subject = f"`{where}`" if where else tr("Your result")
        others = [_part(failure.answers[index].value, where, exercise) for index in _right(failure)]
        if not any(
            isinstance(value, torch.Tensor) and bool(value.any()) for value in [*others, *(value for _, value in parts)]
        ):
            text = tr("{subject} is zeros, whatever the inputs: is it filled in anywhere?", subject=subject)
            return Description("all_zeros", text)
        for name in exercise.parameters:
            if all(_is(value, case.inputs.get(name)) for case, value in parts):
                text = tr("{subject} is the input `{name}`, unchanged.", subject=subject, name=name)
                return Description("returns_an_input", text)
        for position, name in enumerate(exercise.returns if failure.cases[0].cotangent is None else ()):
            several = len(exercise.returns) > 1 and name != where
            if several and all(_is(value, case.expected[position]) for case, value in parts):
                text = tr(
                    "{subject} is what `{name}` should be: look at the order in which you return them.",
                    subject=subject,
                    name=name,
                )
                return Description("returned_in_another_order", text)
    return None


def _is(value: torch.Tensor, other: Any) -> bool:
    return (
        isinstance(other, torch.Tensor)
        and value.shape == other.shape
        and torch.allclose(value.double(), other.double(), rtol=1e-5, atol=1e-12, equal_nan=True)
    )


def _factor(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A wrong output is the right one times a constant, or times a size of the input."""
    for where, cases in _wrong_outputs(failure, exercise):
        ratios = [(case, _ratio(value, expected)) for case, expected, value in cases]
        if len(ratios) < 2 or any(ratio is None for _, ratio in ratios):
            continue
        others = [_part(failure.cases[index].expected, where, exercise) for index in _right(failure)]
        if any(isinstance(value, torch.Tensor) and bool(value.any()) for value in others):
            continue  # right somewhere: then it is not the same factor everywhere
        subject = f"`{where}`" if where else tr("Your result")
        for text, size in _sizes(ratios[0][0]):
            if all(_near(ratio, size(case)) for case, ratio in ratios):
                if text == "-1":
                    return Description(
                        "wrong_sign", tr("{subject} has the wrong sign, in every case.", subject=subject)
                    )
                tell = tr(
                    "{subject} is exactly {factor} times what it should be, in every case.",
                    subject=subject,
                    factor=text,
                )
                return Description("constant_factor", tell)
        values = [ratio for _, ratio in ratios if ratio is not None]
        if all(_near(value, values[0]) for value in values):
            tell = tr("{subject} is always {factor:.4g} times what it should be.", subject=subject, factor=values[0])
            return Description("constant_factor", tell)
        for text, size in _sizes(ratios[0][0]):
            scaled = [ratio / number if ratio and (number := size(case)) else 0.0 for case, ratio in ratios]
            if scaled[0] and all(_near(value, scaled[0]) for value in scaled):
                tell = tr(
                    "{subject} is always {factor:.4g} * {size} times what it should be: is a size a fixed number?",
                    subject=subject,
                    factor=scaled[0],
                    size=text,
                )
                return Description("constant_factor", tell)
    return None


def _rows(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Only the first row, or only the last, is right: a loop that ends too early or overwrites."""
    for where, cases in _wrong_outputs(failure, exercise):
        rows = []
        for _, expected, value in cases:
            if (
                not isinstance(value, torch.Tensor)
                or value.dim() == 0
                or value.shape != expected.shape
                or len(value) < 2
            ):
                break
            off = (value.double() - expected).abs() > 1e-4 * (1 + expected.abs())
            rows.append(off.reshape(len(value), -1).any(-1))
        else:
            subject = f"`{where}`" if where else tr("the result")
            if all(not row[0] and row[1:].all() for row in rows):
                text = tr(
                    "Only the first row of {subject} is right: does a loop end (or return) after its first round?",
                    subject=subject,
                )
                return Description("first_row_only", text)
            if all(not row[-1] and row[:-1].all() for row in rows):
                text = tr(
                    "Only the last row of {subject} is right: does each round of a loop overwrite the one before?",
                    subject=subject,
                )
                return Description("last_row_only", text)
    return None


def _places(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """The wrong numbers are all in one kind of place, and no right one is."""
    for where, _ in _wrong_outputs(failure, exercise):
        parts: list[Part] = []
        for case, answer in zip(failure.cases, failure.answers, strict=True):
            expected, value = (_part(each, where, exercise) for each in (case.expected, answer.value))
            tolerance = _part(case.tolerance, where, exercise)
            if not isinstance(value, torch.Tensor) or not isinstance(expected, torch.Tensor):
                break
            if value.shape != expected.shape or value.is_complex():
                break
            agree = ((value - expected).abs() <= tolerance) | (value == expected)
            parts.append((case, expected, ~(agree | (value.isnan() & expected.isnan()))))
        else:
            place = only_place(parts, exercise)
            if place is not None:
                subject = f"`{where}`" if where else tr("Your result")
                id, told = place
                text = tr("{subject} is wrong only {where}.", subject=subject, where=told)
                return Description(f"wrong_{_slug(id)}", text)
    return None


def _ratio(value: Any, expected: Any) -> float | None:
    """The one factor between two tensors or numbers, None where there is none."""
    if isinstance(value, float) and isinstance(expected, float):
        return value / expected if value and expected and math.isfinite(value / expected) else None
    if not isinstance(value, torch.Tensor) or not isinstance(expected, torch.Tensor) or value.shape != expected.shape:
        return None
    got, right = value.double().reshape(-1), expected.double().reshape(-1)
    if not bool(got.isfinite().all() & right.isfinite().all()) or not bool(right.any()):
        return None
    factor = (got @ right / (right @ right)).item()
    return factor if bool(((got - factor * right).abs() <= 1e-5 * right.abs().max() * abs(factor)).all()) else None


def _near(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and math.isclose(a, b, rel_tol=1e-4)


def _sizes(case: Case) -> Iterator[tuple[str, Callable[[Case], float | None]]]:
    """Factors worth naming: small constants, and the sizes of the input's dimensions and their inverses."""
    for text, constant in (("-1", -1.0), ("2", 2.0), ("1/2", 0.5), ("-2", -2.0), ("-1/2", -0.5)):
        yield text, lambda _, constant=constant: constant  # type: ignore[misc]
    for name, value in case.inputs.items():
        if not isinstance(value, torch.Tensor):
            continue
        for axis in range(value.dim()):

            def size(case: Case, name: str = name, axis: int = axis) -> float | None:
                shape = case.inputs[name].shape
                return float(shape[axis]) if axis < len(shape) else None

            label = f"{name}.shape[{axis}]"
            yield label, size
            yield f"1/{label}", lambda case, size=size: 1 / number if (number := size(case)) else None  # type: ignore[misc]
            yield f"-{label}", lambda case, size=size: -number if (number := size(case)) else None  # type: ignore[misc]


def _transposed(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    for where, cases in _wrong_outputs(failure, exercise):
        if all(
            isinstance(value, torch.Tensor) and value.dim() == 2 and _is(value.T, right) for _, right, value in cases
        ):
            subject = f"`{where}`" if where else tr("Your result")
            text = tr("{subject} is the transpose of what it should be.", subject=subject)
            return Description("transposed", text)
    return None


def _right(failure: Failure) -> list[int]:
    return [index for index in range(len(failure.cases)) if index not in failure.wrong]


def _only_where(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    trait = _shared_trait(failure)
    if trait is None:
        return None
    right = len(failure.cases) - len(failure.wrong)
    id, told = trait
    text = tr(
        "Right in {right} of {all} cases, and wrong just {where}.", right=right, all=len(failure.cases), where=told
    )
    return Description(f"only_{_slug(id)}", text)


def _shared_trait(failure: Failure) -> tuple[str, str] | None:
    """What all wrong cases have in common and no right one has: in English, for ids, and as it is told."""
    traits = [_traits(case) for case in failure.cases]
    wrong = [traits[index] for index in failure.wrong]
    right = [traits[index] for index in _right(failure)]
    if len(right) < ENOUGH:
        return None
    for trait in sorted(set(wrong[0]).intersection(*wrong), key=lambda trait: (trait != AT_ITS_DEFAULT, trait)):
        if not any(trait in other for other in right):
            return trait, wrong[0][trait]
    return None


def _slug(trait: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in trait).strip("_")


def _traits(case: Case) -> dict[str, str]:
    """What may matter in a case: in English, and as it is told."""
    found: dict[str, str] = {}

    def note(text: str, **values: object) -> None:
        found[text.format(**values)] = tr(text, **values)

    if case.dtype is not None:
        note(later("for {dtype}"), dtype=str(case.dtype).removeprefix("torch."))
    for name, value in case.inputs.items():
        if isinstance(value, torch.Tensor):
            note(later("where {name} has {count} dimensions"), name=name, count=value.dim())
            contiguous = later("where {name} is contiguous"), later("where {name} is not contiguous")
            note(contiguous[not value.is_contiguous()], name=name)
            if value.dim() > 0:
                rows = later("for more than one row in {name}"), later("for a batch of one in {name}")
                note(rows[value.shape[0] == 1], name=name)
            if value.dim() == 2:
                square = later("where {name} is not square"), later("where {name} is square")
                note(square[value.shape[0] == value.shape[1]], name=name)
        elif isinstance(value, list):
            tensors_in = later("for several tensors in {name}"), later("for one tensor in {name}")
            note(tensors_in[len(value) == 1], name=name)
        elif type(value) is int:
            note((later("where {name} is more than 1"), later("where {name} is 1"))[value == 1], name=name)
    note(AT_ITS_DEFAULT if not case.keywords else later("where arguments are given by name"))
    return found


def _wrong_outputs(failure: Failure, exercise: Exercise) -> Iterator[tuple[str, list[tuple[Case, Any, Any]]]]:
    """For each output that is wrong somewhere: its name, and (case, expected, got) wherever it is wrong."""
    if failure.random:
        return
    found: dict[str, list[tuple[Case, Any, Any]]] = {}
    for index, each in failure.wrong.items():
        case, answer = failure.cases[index], failure.answers[index]
        for difference in each:
            expected = _part(case.expected, difference.where, exercise)
            found.setdefault(difference.where, []).append(
                (case, expected, _part(answer.value, difference.where, exercise))
            )
    yield from found.items()


def _part(value: Any, where: str, exercise: Exercise) -> Any:
    """The output called `where` of a whole answer."""
    if isinstance(value, dict):
        return value.get(where.removeprefix(tr("gradient with respect to {name}", name="")))
    if isinstance(value, list | tuple) and where:
        name, _, rest = where.partition("[")
        if name in exercise.returns and len(value) == len(exercise.returns):
            value = value[exercise.returns.index(name)]
        if rest and isinstance(value, list | tuple):
            position = int(rest.rstrip("]"))
            return value[position] if position < len(value) else None
        if rest and isinstance(value, dict):
            return value.get(rest.rstrip("]"))
    return value


PATTERNS = (_raised, _form, _changing, _not_finite, _precision, _described, _distribution)
LATE_PATTERNS = (_copy, _factor, _transposed, _rows, _places, _only_where)
