"""Slips that nobody wrote down: a right answer in which one step went wrong in one of the usual ways.

The catalogue holds what learners are known to misunderstand. What is left are slips of the hand, and there are
only so many kinds of them: `operators.py` rewrites the expression of a step, `SLIPS` changes its value, and
arguments are exchanged, ignored or given another default.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.explaining.expressions import compiled
from backpass.explaining.mistakes import Anatomy, Mistake, Step, needs_of
from backpass.explaining.operators import NAME_A_FUNCTION, ODD, rewritings
from backpass.explaining.operators_of_calls import SHIFTED
from backpass.judging.variants import Function

Change = Callable[[dict[str, Any]], dict[str, Any]]  # of the arguments, by name


def _sizes(value: Any) -> dict[str, int]:
    if not isinstance(value, torch.Tensor) or value.dim() == 0:
        return {}
    return {"the number of its elements": value.numel(), "its number of rows": len(value), "its width": value.shape[-1]}


def _share(value: Any) -> Any:
    numbers = torch.as_tensor(value)
    if bool(((numbers < 0) | (numbers > 1)).any()):
        raise ValueError("what is no share of 1 is hardly ever taken from 1")
    return value


SLIPS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "negated": (later("your value has the wrong sign"), lambda v: -v),
    "doubled": (later("your value is twice what it should be"), lambda v: 2 * v),
    "halved": (later("your value is half of what it should be"), lambda v: v / 2),
    "squared": (later("your value is squared"), lambda v: v * v),
    "under_a_root": (later("your value is under a square root"), lambda v: v**0.5),
    "upside_down": (later("your value is one divided by what it should be"), lambda v: 1 / v),
    "absolute": (later("your value has lost its sign"), abs),
    "as_if_one": (later("you leave it out, as if it were 1"), lambda v: v * 0 + 1),
    "as_if_zero": (later("you leave it out, as if it were 0"), lambda v: v * 0),
    "one_too_large": (later("your value is too large by 1"), lambda v: v + 1),
    "one_too_small": (later("your value is too small by 1"), lambda v: v - 1),
    "one_minus": (later("your value is 1 minus what it should be"), lambda v: _share(1 - v)),
    "logarithm": (later("you use its logarithm"), lambda v: torch.as_tensor(v).log()),
    "exponential": (later("you use its exponential"), lambda v: torch.as_tensor(v).exp()),
    "negative_cut_off": (later("your value has 0 in place of negative numbers"), lambda v: v.clamp(min=0)),
    "transposed": (later("your value is transposed"), lambda v: v.transpose(-1, -2)),
    "reversed": (
        later("your values are in reverse order"),
        lambda v: v.flip(0) if isinstance(v, torch.Tensor) else v[::-1],
    ),
    "first_row_everywhere": (later("you use the first row in place of every row"), lambda v: v[:1].expand_as(v)),
    "averaged": (later("your value is averaged over all its elements"), lambda v: v.mean().expand_as(v)),
    **{
        f"{verb}_{'_'.join(size.split())}": (text, scale)
        for size, *texts in (
            (
                "the number of its elements",
                later("your value is multiplied by the number of its elements"),
                later("your value is divided by the number of its elements"),
            ),
            (
                "its number of rows",
                later("your value is multiplied by its number of rows"),
                later("your value is divided by its number of rows"),
            ),
            (
                "its width",
                later("your value is multiplied by its number of columns"),
                later("your value is divided by its number of columns"),
            ),
        )
        for verb, text, scale in (
            ("multiplied_by", texts[0], lambda v, size=size: v * _sizes(v)[size]),
            ("divided_by", texts[1], lambda v, size=size: v / _sizes(v)[size]),
        )
    },
}


USUAL = {"negated", "doubled", "halved", "squared", "as_if_one", "as_if_zero", "one_minus", "transposed"}
LEFT_OUT = {"as_if_one", "as_if_zero", "absolute"}  # a step or a part of it is missing: why it is there is worth saying
# Those that may be one of two mistakes: of the others too many are tried, and one comes right by chance.
_OF_HAND = ("left_out", "another_sign", "another_part", "off_by_one", "neighbouring_function", "doubled", "halved")
_A_TWO = r"(?<![\w.])(?:2(?:\.0*)?|0?\.5)(?![\w.])"
_WRITTEN = {"doubled": (_A_TWO,), "halved": (_A_TWO,)}  # what of them stands in the code
WRONG_VARIABLE = "wrong_variable"
TURNED = "the_wrong_way_round"  # the one slip of a truth value; the others are of numbers
_TURNED = later("your value is the wrong way round, True where it should be False")


def is_unusual(rule: str) -> bool:
    """Whether slips of a rule do not happen often: small numbers may come out so by chance."""
    return rule in ODD or (rule in SLIPS and rule not in USUAL)


def is_of_hand(slip: str) -> bool:
    """Whether a slip, by its id, may be one of two mistakes."""
    return slip.endswith(_OF_HAND)


def slips(anatomy: Anatomy) -> Iterator[Mistake]:
    """Every slip in every step that the results of `anatomy` are made of; those that happen often come first."""
    return (slip for _, _, slip in slips_by_rule(anatomy))


def slips_by_rule(anatomy: Anatomy) -> Iterator[tuple[str, str, Mistake]]:
    """The same, each behind its rule and what happened, which `slip_in` makes its words of."""
    found = [slip for name in anatomy.needed() for slip in _of_a_step(anatomy, anatomy.steps[name])]
    for is_odd in (False, True):
        for odd, step, rule, what, function in found:
            if odd is is_odd:
                slip = slip_in(anatomy.exercise, step, rule, what, anatomy.with_steps({step.name: function}))
                yield rule, what, replace(slip, replaced={step.name: function})


def _of_a_step(anatomy: Anatomy, step: Step) -> Iterator[tuple[bool, Step, str, str, Function]]:
    """The slips in one step: whether it is an odd one, the step, the rule, what happened, and the wrong step."""
    if step.tree is not None:
        for rule, what, function in _rewritten(anatomy, step, step.tree):
            yield is_unusual(rule), step, rule, what, function
    for rule, (text, change) in SLIPS.items():
        yield is_unusual(rule), step, rule, tr(text), _changed(step.function, change)
    yield False, step, TURNED, tr(_TURNED), _changed(step.function, _turned, of_numbers=False)
    needs = needs_of(step.function)
    for one, other in itertools.combinations(needs, 2):
        what = tr("{one} and {other} are exchanged", one=_said(anatomy, one), other=_said(anatomy, other))
        yield False, step, "exchanged", what, _renamed(step, {one: other, other: one})
    for right in needs:
        for wrong in _available(anatomy, step.name):
            if wrong not in needs:
                what = tr(
                    "you use {wrong} in place of {right}", wrong=_said(anatomy, wrong), right=_said(anatomy, right)
                )
                yield False, step, WRONG_VARIABLE, what, _renamed(step, {right: wrong})


def slip_in(exercise: str, step: Step, rule: str, what: str, function: Function) -> Mistake:
    """A slip of a rule in a step, in words; `function` is the whole answer with it."""
    is_of_the_value = what in (tr(SLIPS[rule][0]) if rule in SLIPS else "", tr(_TURNED), tr(SHIFTED))
    is_vague = not is_of_the_value and tr("a part") in what  # nobody would know which
    if is_vague:
        tell, what_happened = _sentence(tr("{step} has the wrong value", step=step.words or step.short)), ""
    else:
        what_happened = _sentence(what)
        tell = tr("Look at {step}: {what}.", step=step.short, what=what) if step.words else what_happened
    why = step.why if not is_of_the_value or rule in LEFT_OUT else ""
    return Mistake(
        *(exercise, f"{step.name}_{rule}", f"{tell} {why}".rstrip(), function, frozenset({step.name})),
        what=f"{what_happened} {why}".strip(),
        inside=is_of_the_value or not (is_vague or rule == WRONG_VARIABLE),
        speaks_of=_WRITTEN.get(rule) or _speaks_of(rule, what),
    )


def exchanged_arguments(exercise: Exercise, reference: Function) -> Iterator[Mistake]:
    """The right function of two arguments that are exchanged."""
    for one, other in itertools.combinations(exercise.parameters, 2):
        tell = tr(
            "`{one}` and `{other}` are exchanged: if they changed places, your answers would be right.",
            one=one,
            other=other,
        )
        wrong = _with_arguments(reference, exercise, partial(_exchanged, {one: other, other: one}))
        yield Mistake(exercise.id, "arguments_exchanged", tell, wrong)


def slips_of_numbers(exercise: Exercise, reference: Function, numbers: Collection[float]) -> Iterator[Mistake]:
    """The right function of a wrong number: an argument that is not used, another default, 0 taken for nothing.

    `numbers`: those that stand in the student's module.
    """
    annotated = inspect.signature(reference).parameters
    for name, default in exercise.parameters.items():
        has_default = isinstance(default, int | float) and not isinstance(default, bool)
        if not has_default and (name not in annotated or annotated[name].annotation not in (int, float)):
            continue
        changes: list[tuple[str, str, partial[dict[str, Any]]]] = []
        for number in dict.fromkeys((*numbers, default) if has_default else numbers):
            if has_default and number != default:
                tell = tr(
                    "The default of `{name}` is {number:g} in your signature. It should be {default:g}.",
                    name=name,
                    number=number,
                    default=default,
                )
                changes.append((f"default_{name}_changed", tell, partial(_by_default, name, number)))
            tell = tr(
                "`{name}` is not used: your answers are those for {name} = {number:g}, whatever value is given.",
                name=name,
                number=number,
            )
            changes.append((f"{name}_not_used", tell, partial(_fixed, name, number)))
        if has_default:
            tell = tr(
                "With {name} = 0 you compute with its default, {default:g} (is it `{name} or {default:g}`, or "
                "`if {name}`?). 0 is a value like any other.",
                name=name,
                default=default,
            )
            changes.append((f"{name}_of_zero_not_taken", tell, partial(_zero_not_taken, name, default)))
        for id, tell, change in changes:
            *_, number = change.args
            yield Mistake(exercise.id, id, tell, _with_arguments(reference, exercise, change), number=number)


def _exchanged(names: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in given.items()}


def _fixed(name: str, number: float, given: dict[str, Any]) -> dict[str, Any]:
    return {**given, name: number}


def _by_default(name: str, number: float, given: dict[str, Any]) -> dict[str, Any]:
    return {name: number, **given}


def _zero_not_taken(name: str, default: float, given: dict[str, Any]) -> dict[str, Any]:
    return {**given, name: given.get(name, default) or default}


def _with_arguments(reference: Function, exercise: Exercise, change: Change) -> Function:
    parameters = list(exercise.parameters)

    def function(*args: Any, **kwargs: Any) -> Any:
        return reference(**change({**dict(zip(parameters, args, strict=False)), **kwargs}))

    return function


def _rewritten(anatomy: Anatomy, step: Step, tree: ast.expr) -> Iterator[tuple[str, str, Function]]:
    """A step with its expression rewritten: the rule, what happened, and the wrong step."""
    known = {*anatomy.parameters, *anatomy.steps}
    for rule, what, wrong in rewritings(tree, anatomy.said):
        try:
            yield rule, what, compiled(wrong, known, step.names)
        except (ValueError, SyntaxError):  # what cannot be written is no slip
            continue


def _said(anatomy: Anatomy, name: str) -> str:
    return anatomy.said(ast.Name(name))


def _speaks_of(rule: str, what: str) -> tuple[str, ...]:
    """Patterns of what a slip's words say that stands in the code: `amax` is written max, too.

    One for each name: a program of thousands of lines is to be read through once, not once for each of its letters.
    """
    if what == tr("the two choices are exchanged"):
        return (r"\b(where|if)\b",)
    if rule == "another_comparison":
        return (re.escape(str(re.findall("`(.+?)`", what)[0])),)
    if rule == "another_number":
        return (rf"(?<![\w.]){re.escape(str(re.findall('`(.+?)`', what)[0]))}(?![\w])",)
    named = re.findall(r"`(\w+)`", what) if rule in NAME_A_FUNCTION else []
    # Where it is called, and not in a longer name, as that of `normalize_filters`.
    return tuple(rf"(?<![A-Za-z]){re.sub('^a(?=max|min)', 'a?', name)}(?:_\w{{1,40}})?[ \t]{{0,9}}\(" for name in named)


def _sentence(what: str) -> str:
    return f"{what[0].upper()}{what[1:]}."


def _changed(step: Function, change: Callable[[Any], Any], *, of_numbers: bool = True) -> Function:
    def changed(**inputs: Any) -> Any:
        value = step(**inputs)
        if _is_truth(value) is of_numbers:
            raise TypeError("a slip of numbers, and one of truth values, happen to these only")
        if isinstance(value, list | tuple):
            return type(value)(change(item) for item in value)
        return change(value)

    changed.__needs__ = needs_of(step)  # type: ignore[attr-defined]
    return changed


def _turned(value: Any) -> Any:
    return ~value if isinstance(value, torch.Tensor) else not value


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, torch.Tensor) and value.dtype == torch.bool)


def _renamed(step: Step, names: dict[str, str]) -> Function:
    needs = needs_of(step.function)

    def renamed(**inputs: Any) -> Any:
        return step.function(**{name: inputs[names.get(name, name)] for name in needs})

    renamed.__needs__ = tuple(dict.fromkeys(names.get(name, name) for name in needs))  # type: ignore[attr-defined]
    return renamed


def _available(anatomy: Anatomy, name: str) -> list[str]:
    """The inputs and steps that the step `name` could be computed from: those that do not need it themselves."""
    steps = (step for step in anatomy.needed() if step != name and not anatomy.rests_on(step, name))
    return [*anatomy.parameters, *steps]
