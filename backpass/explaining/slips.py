"""Slips that nobody wrote down: a right answer in which one step went wrong in one of the usual ways.

The catalogue holds what learners are known to misunderstand. What is left are slips of the hand, and there are
only so many kinds of them: a sign, a factor, a root, a fraction upside down, one variable in the place of
another. Applied to every step of an exercise's anatomy they name most of what no catalogue foresees.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import torch

from backpass.course.manifest import Exercise
from backpass.explaining.mistakes import Anatomy, Mistake, needs_of
from backpass.judging.variants import Function


def _sizes(value: Any) -> dict[str, int]:
    if not isinstance(value, torch.Tensor) or value.dim() == 0:
        return {}
    return {"the number of its elements": value.numel(), "its number of rows": len(value), "its width": value.shape[-1]}


SLIPS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "negated": ("has the wrong sign", lambda v: -v),
    "doubled": ("is twice what it should be", lambda v: 2 * v),
    "halved": ("is half of what it should be", lambda v: v / 2),
    "squared": ("is squared", lambda v: v * v),
    "under_a_root": ("is under a square root", lambda v: v**0.5),
    "upside_down": ("is upside down, one divided by it", lambda v: 1 / v),
    "absolute": ("has lost its sign", abs),
    "as_if_one": ("is left out (as if it were 1)", lambda v: v * 0 + 1),
    "as_if_zero": ("is left out (as if it were 0)", lambda v: v * 0),
    "one_too_large": ("is too large by 1", lambda v: v + 1),
    "one_too_small": ("is too small by 1", lambda v: v - 1),
    "one_minus": ("is 1 minus what it should be", lambda v: 1 - v),
    "logarithm": ("is replaced by its logarithm", lambda v: torch.as_tensor(v).log()),
    "exponential": ("is replaced by its exponential", lambda v: torch.as_tensor(v).exp()),
    "negative_cut_off": ("has its negative numbers replaced by 0", lambda v: v.clamp(min=0)),
    "transposed": ("is transposed", lambda v: v.mT),
    "reversed": ("is in reverse order", lambda v: v.flip(0) if isinstance(v, torch.Tensor) else v[::-1]),
    "first_row_everywhere": ("has its first row in the place of every row", lambda v: v[:1].expand_as(v)),
    "averaged": ("is averaged over all its elements", lambda v: v.mean().expand_as(v)),
    "the_wrong_way_round": ("is the wrong way round, true for false", lambda v: ~v),
    **{
        f"{verb}_{'_'.join(size.split())}": (f"is {verb.replace('_', ' ')} {size}", scale)
        for size in ("the number of its elements", "its number of rows", "its width")
        for verb, scale in (
            ("multiplied_by", lambda v, size=size: v * _sizes(v)[size]),
            ("divided_by", lambda v, size=size: v / _sizes(v)[size]),
        )
    },
}


def slips(anatomy: Anatomy) -> Iterator[Mistake]:
    """Every slip in every step of `anatomy`, and every wrong variable in one."""
    for name, step in anatomy.steps.items():
        for slip, (text, change) in SLIPS.items():
            tell = f"One step is wrong: `{name}` {text}. With that, your answers are explained exactly."
            yield _in_step(anatomy, name, slip, tell, _changed(step, change))
        needs = needs_of(step)
        for one, other in itertools.combinations(needs, 2):
            tell = f"One step is wrong: where `{name}` is computed, `{one}` and `{other}` are exchanged."
            yield _in_step(anatomy, name, "exchanged", tell, _renamed(step, {one: other, other: one}))
        for right in needs:
            for wrong in _available(anatomy, name):
                if wrong not in needs:
                    tell = f"One step is wrong: where `{name}` is computed, `{wrong}` stands in the place of `{right}`."
                    yield _in_step(anatomy, name, "wrong_variable", tell, _renamed(step, {right: wrong}))


def exchanged_arguments(exercise: Exercise, reference: Function) -> Iterator[Mistake]:
    """The right function of the wrong arguments: every two of them exchanged."""
    parameters = list(exercise.parameters)
    for one, other in itertools.combinations(parameters, 2):
        swapped = {one: other, other: one}

        def function(*args: Any, swapped: dict[str, str] = swapped, **kwargs: Any) -> Any:
            given = {**dict(zip(parameters, args, strict=False)), **kwargs}
            return reference(**{swapped.get(name, name): value for name, value in given.items()})

        tell = f"`{one}` and `{other}` are exchanged: your answers are right for the one in the place of the other."
        yield Mistake(exercise.id, "arguments_exchanged", tell, function)


def _in_step(anatomy: Anatomy, name: str, slip: str, tell: str, step: Function) -> Mistake:
    return Mistake(anatomy.exercise, f"{name}_{slip}", tell, anatomy.with_steps({name: step}), frozenset({name}))


def _changed(step: Function, change: Callable[[Any], Any]) -> Function:
    def changed(**inputs: Any) -> Any:
        value = step(**inputs)
        if isinstance(value, list | tuple):
            return type(value)(change(item) for item in value)
        return change(value)

    changed.__needs__ = needs_of(step)  # type: ignore[attr-defined]
    return changed


def _renamed(step: Function, names: dict[str, str]) -> Function:
    needs = needs_of(step)

    def renamed(**inputs: Any) -> Any:
        return step(**{name: inputs[names.get(name, name)] for name in needs})

    renamed.__needs__ = tuple(dict.fromkeys(names.get(name, name) for name in needs))  # type: ignore[attr-defined]
    return renamed


def _available(anatomy: Anatomy, name: str) -> list[str]:
    """The inputs and steps that the step `name` could be computed from: those that do not need it themselves."""

    def rests_on(step: str) -> bool:
        return step == name or any(rests_on(each) for each in needs_of(anatomy.steps[step]) if each in anatomy.steps)

    return [*anatomy.parameters, *(step for step in anatomy.steps if not rests_on(step))]
