"""Where it is wrong: in a tensor at negative inputs, in the last column; of all cases in those with one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.explaining.outputs import output_of, right_cases, wrong_outputs
from backpass.judging.cases import Case
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student

ENOUGH = 3  # numbers that are right, before it means anything where the wrong ones are
_NOTHING = 0.1  # up to this size, a number is as good as 0 to most functions
MOST = 0.6  # of a place must be wrong: some wrong numbers happen to be right, as 0 times anything

_BY_INPUT: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    later("negative"): lambda x: x < 0,
    later("0"): lambda x: x == 0,
    later("positive"): lambda x: x > 0,
    later("0 or negative"): lambda x: x <= 0,
    later("0 or positive"): lambda x: x >= 0,
    later("not 0"): lambda x: x != 0,
}
_BY_PLACE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    later("in the first row"): lambda rows: rows[..., 0] == 0,
    later("in the last row"): lambda rows: rows[..., 0] == rows[..., 0].max(),
    later("in the rows after the first"): lambda rows: rows[..., 0] > 0,
    later("in the rows before the last"): lambda rows: rows[..., 0] < rows[..., 0].max(),
    later("in the first column"): lambda rows: rows[..., -1] == 0,
    later("in the last column"): lambda rows: rows[..., -1] == rows[..., -1].max(),
    later("in the columns after the first"): lambda rows: rows[..., -1] > 0,
    later("in the columns before the last"): lambda rows: rows[..., -1] < rows[..., -1].max(),
    later("on the diagonal"): lambda rows: rows[..., 0] == rows[..., -1],
}

AT_ITS_DEFAULT = later("where an argument is left at its default")

Part = tuple[Case, torch.Tensor, torch.Tensor]  # a case, the right numbers, and which of the answer's are wrong


def in_places(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """The wrong numbers are all in one kind of place, and no right one is."""
    for where, _ in wrong_outputs(failure, exercise):
        parts: list[Part] = []
        for case, answer in zip(failure.cases, failure.answers, strict=True):
            expected, value = (output_of(each, where, exercise) for each in (case.expected, answer.value))
            tolerance = output_of(case.tolerance, where, exercise)
            if not isinstance(value, torch.Tensor) or not isinstance(expected, torch.Tensor):
                break
            if value.shape != expected.shape or value.is_complex():
                break
            agree = ((value.double() - expected.double()).abs() <= tolerance) | (value == expected)
            parts.append((case, expected, ~(agree | (value.isnan() & expected.isnan()))))
        else:
            place = _only_place(parts, exercise)
            if place is not None:
                subject = f"`{where}`" if where else tr("Your result")
                id, told = place
                text = tr("{subject} is wrong only {where}.", subject=subject, where=told)
                return Description(f"wrong_{_slug(id)}", text)
    return None


def only_far_out(failure: Failure, exercise: Exercise) -> Description | None:
    """A function of single numbers is wrong beyond some size only, and right for many numbers below it."""
    names = [name for name, value in failure.cases[0].inputs.items() if isinstance(value, torch.Tensor)]
    if len(exercise.returns) > 1 or len(names) != 1 or failure.random:
        return None
    sizes, off = [], []
    for index in failure.wrong:
        case, value = failure.cases[index], failure.answers[index].value
        given, expected = case.inputs[names[0]], case.expected
        if not isinstance(value, torch.Tensor) or not isinstance(expected, torch.Tensor):
            return None
        if not given.shape == value.shape == expected.shape or value.is_complex():
            return None
        sizes.append(given.double().abs().reshape(-1))
        off.append(~(((value - expected).abs() <= case.tolerance) | (value == expected)).reshape(-1))
    size, wrong = torch.cat(sizes), torch.cat(off)
    if not bool(wrong.any()) or int(((size > _NOTHING) & (size < size[wrong].min())).sum()) < ENOUGH:
        return None
    text = tr(
        "Your result is wrong only beyond {name} = {bound:.2g} or minus that: is something cut off or left out there?",
        name=names[0],
        bound=size[wrong].min().item(),
    )
    return Description("wrong_far_out", text)


def only_where(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """The wrong cases have something in common, and no right one has it."""
    trait = shared_trait(failure)
    if trait is None:
        return None
    right = len(failure.cases) - len(failure.wrong)
    id, told = trait
    text = tr(
        "Right in {right} of {all} cases, and wrong only {where}.", right=right, all=len(failure.cases), where=told
    )
    return Description(f"only_{_slug(id)}", text)


def shared_trait(failure: Failure) -> tuple[str, str] | None:
    """What all wrong cases have in common and no right one has: in English, for ids, and as it is told."""
    traits = [_traits(case) for case in failure.cases]
    wrong = [traits[index] for index in failure.wrong]
    right = [traits[index] for index in right_cases(failure)]
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


def _only_place(parts: list[Part], exercise: Exercise) -> tuple[str, str] | None:
    """Where all the wrong numbers of one output are, over all cases, and few right ones; None if nowhere special.

    The answer continues the sentence "It is wrong only ...": in English, of which ids are made, and as it is told.
    """
    off = torch.cat([wrong.reshape(-1) for _, _, wrong in parts])
    if not bool(off.any()) or int((~off).sum()) < ENOUGH:
        return None
    for name in exercise.parameters:
        values = list(_like_the_output(name, parts))
        if len(values) < len(parts):
            continue
        x = torch.cat(values)
        shares = {trait: _share(holds(x), off) for trait, holds in _BY_INPUT.items()}
        right = torch.cat([expected.double().reshape(-1) for _, expected, _ in parts])
        if not bool(right[x == 0].any()):
            shares["not 0"] = 0.0  # right at 0 because the answer is 0 there, whatever is wrong
        trait = max(shares, key=lambda trait: shares[trait])
        if shares[trait] >= MOST:
            return f"where `{name}` is {trait}", tr("where `{name}` is {trait}", name=name, trait=tr(trait))
        size = x.abs()
        if size[off].min() > size[~off].max():
            text = tr(
                "where `{name}` is large, from about {bound:.2g} on (and below minus that)",
                name=name,
                bound=size[off].min().item(),
            )
            return f"where `{name}` is large", text
        if size[off].max() < size[~off].min():
            text = tr("where `{name}` is near 0, within about {bound:.2g}", name=name, bound=size[off].max().item())
            return f"where `{name}` is near 0", text
    shapes = [wrong.shape for _, _, wrong in parts]
    if all(len(shape) == 2 and min(shape) > 1 for shape in shapes):
        for place, holds in _BY_PLACE.items():
            if _share(torch.cat([holds(_indices(shape)).reshape(-1) for shape in shapes]), off) >= MOST:
                return place, tr(place)
    return None


def _share(place: torch.Tensor, off: torch.Tensor) -> float:
    """How much of a place is wrong; 0 where something is wrong elsewhere, or where there is no elsewhere."""
    if not bool(place[off].all()) or int((~place).sum()) < ENOUGH:
        return 0.0
    return (off.sum() / place.sum()).item()


def _like_the_output(name: str, parts: list[Part]) -> Iterator[torch.Tensor]:
    """An input's numbers in every case in which it has the output's shape."""
    for case, expected, _ in parts:
        value: Any = case.inputs.get(name)
        if isinstance(value, torch.Tensor) and value.shape == expected.shape and value.is_floating_point():
            yield value.double().reshape(-1)


def _indices(shape: torch.Size) -> torch.Tensor:
    """For each element of a matrix its row and its column."""
    return torch.stack(torch.meshgrid(*(torch.arange(size) for size in shape), indexing="ij"), dim=-1)
