"""The catalogue of mistakes: how the right answer of an exercise is built, and what is known to go wrong in it.

It is read from the course's files by `rows.py`, or from records of it by `recorded.py`.
"""

from __future__ import annotations

import ast
import itertools
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backpass.course.language import tr
from backpass.judging.failures import Failure
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.values import same

Planned = tuple[str, Function, tuple[str, ...]]  # a step, with what it is computed from
DRAWS = "generator"  # the input that numbers are drawn from
_SHORT = 24  # characters of a part that is quoted
_MOST_TOLD = 3  # mistakes that it may be


@dataclass(frozen=True)
class Mistake:
    """One known wrong solution. `tell` is what its author gets to read; `steps` the wrong steps, if it has any.

    Of mistakes that differ in a number alone, `member(number)` gives the one with another number. `what`: of a slip,
    what happened, without where; `inside`: whether it speaks of how its step is computed; `speaks_of`: patterns of
    what has to stand in a student's code for it; `leads_to`: where no anatomy says it, the steps made from its own.
    """

    exercise: str
    id: str
    tell: str
    function: Function = field(compare=False)
    steps: frozenset[str] = frozenset()
    replaced: dict[str, Function] = field(default_factory=dict, compare=False)
    number: float | None = None
    member: Callable[[float], Mistake] | None = field(default=None, compare=False)
    what: str = ""
    inside: bool = False
    speaks_of: tuple[str, ...] = ()
    leads_to: frozenset[str] = frozenset()

    def may_be_in(self, source: str) -> bool:
        """Whether a program, if it is at hand, has what is said of it."""
        return not source or all(re.search(each, source) for each in self.speaks_of)


@dataclass(frozen=True)
class Step:
    """A right quantity on the way: `words` as in "This should be ...", `why` it is as it is, and its expression."""

    name: str
    function: Function
    words: str = ""
    why: str = ""
    tree: ast.expr | None = None
    names: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def short(self) -> str:
        """Its words for the middle of a sentence: up to what explains them."""
        return re.split("[:,]", self.words)[0] or "a quantity on the way"


@dataclass(frozen=True)
class Quantity:
    """What is right somewhere on the way: its words, as in "This should be ...", and what it is made from.

    `sources`: inputs; `rests`: the steps between them and it, as far as they are known.
    """

    name: str
    words: str
    value: Any
    sources: frozenset[str]
    rests: frozenset[str] = frozenset()


class Anatomy:
    """How the right answer of one exercise is built: steps, whose parameters name inputs and earlier steps.

    `parameters`: the exercise's, with their defaults.
    """

    def __init__(self, exercise: str, parameters: dict[str, Any], *returns: str) -> None:
        self.exercise = exercise
        self.parameters = parameters
        self.returns = returns
        self.steps: dict[str, Step] = {}

    def needed(self) -> list[str]:
        """The steps that the results are made of; of the others some are made in other right answers."""
        functions = {name: step.function for name, step in self.steps.items()}
        return [name for name, _, _ in self._in_order(functions, self.returns, self.parameters)]

    def said(self, part: ast.expr) -> str:
        """How a part of an expression is called, for someone who knows the inputs' names alone."""
        if isinstance(part, ast.Name) and part.id in self.steps:
            return self.steps[part.id].short
        text = ast.unparse(part)
        names = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
        return f"`{text}`" if len(text) <= _SHORT and names <= self.parameters.keys() else tr("a part")

    def rests_on(self, name: str, other: str) -> bool:
        """Whether the step `name` is computed from `other`, with any number of steps between."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            step = self.steps.get(waiting.pop())
            for needed in needs_of(step.function) if step is not None else ():
                if needed == other:
                    return True
                if needed not in seen:
                    seen.add(needed)
                    waiting.append(needed)
        return False

    def quantities(self, inputs: dict[str, Any]) -> Iterator[Quantity]:
        """The value of every step that has words, for `inputs`; what cannot be computed is left out."""
        functions = {name: step.function for name, step in self.steps.items()}
        known: dict[str, Any] = {**self.parameters, **inputs}
        sources: dict[str, frozenset[str]] = {name: frozenset({name}) for name in known}
        rests: dict[str, frozenset[str]] = {name: frozenset() for name in known}
        for name in dict.fromkeys((*self.needed(), *functions)):
            try:
                for part, function, needs in self._in_order(functions, (name,), known):
                    known[part] = function(**{needed: known[needed] for needed in needs})
                    sources[part] = frozenset().union(*(sources[needed] for needed in needs))
                    rests[part] = frozenset(needs).union(*(rests[needed] for needed in needs)) - self.parameters.keys()
            except Exception:  # a step that only some inputs allow: it is no quantity of this case
                continue
            if self.steps[name].words:
                yield Quantity(name, self.steps[name].words, known[name], sources[name], rests[name])

    def with_steps(self, replaced: dict[str, Function]) -> Built:
        """The whole function with some steps replaced."""
        return Built(self, replaced)

    def values(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The inputs, and the value of every step that the results are made of."""
        return _run(self.plan({}), {**self.parameters, **inputs})

    def wrong_values(self, inputs: dict[str, Any], replaced: dict[str, Function]) -> dict[str, Any]:
        """What the steps that are replaced come to, by the step, where that is not what is right."""
        with warnings.catch_warnings(action="ignore"):
            try:
                wrong, right = _run(self.plan(replaced), {**self.parameters, **inputs}), self.values(inputs)
            except Exception:  # a wrong step raises what it likes
                return {}
        return {step: wrong[step] for step in replaced if step in right and not same(wrong[step], right[step])}

    def plan(self, replaced: dict[str, Function]) -> list[Planned]:
        """The steps that the results are made of, with some replaced, in an order in which they can be computed."""
        steps = {**{name: step.function for name, step in self.steps.items()}, **replaced}
        return self._in_order(steps, self.returns, self.parameters)

    def _in_order(self, steps: dict[str, Function], wanted: Iterable[str], known: Iterable[str]) -> list[Planned]:
        """The steps that `wanted` needs beside what is known, each behind those that it needs itself."""
        done, plan = set(known), list[Planned]()

        def up_to(name: str) -> None:
            if name not in done:
                done.add(name)
                needs = needs_of(steps[name])
                for needed in needs:
                    up_to(needed)
                plan.append((name, steps[name], needs))

        for name in wanted:
            up_to(name)
        return plan


class Built:
    """The function of an anatomy with some steps replaced."""

    def __init__(self, anatomy: Anatomy, replaced: dict[str, Function]) -> None:
        self.anatomy = anatomy
        self._replaced = replaced

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        parameters = self.anatomy.parameters
        known = {**parameters, **dict(zip(parameters, args, strict=False)), **kwargs}
        return self._results(_run(self._plan, known))

    def beside(self, right: dict[str, Any]) -> Any:
        """What it returns for inputs of which the steps are known: only what rests on a replaced one is computed.

        `right`: inputs and right steps by name; it takes up further ones.
        """
        known = dict(right)
        for name, step, needs in self._plan:
            if name in self._wrong or name not in known:
                known[name] = step(**{needed: known[needed] for needed in needs})
                if name not in self._wrong:
                    right[name] = known[name]
        return self._results(known)

    @cached_property
    def draws_what_is_right(self) -> bool:
        """Whether all that is drawn in its steps is drawn by right ones, in their order."""
        drawn, right = (
            [name for name, _, needs in plan if DRAWS in needs] for plan in (self._plan, self.anatomy.plan({}))
        )
        return drawn == right and self._wrong.isdisjoint(drawn)

    @cached_property
    def _wrong(self) -> set[str]:
        """The replaced steps, and those that rest on them."""
        wrong = set[str]()
        for name, _, needs in self._plan:
            if name in self._replaced or not wrong.isdisjoint(needs):
                wrong.add(name)
        return wrong

    @cached_property
    def _plan(self) -> list[Planned]:
        return self.anatomy.plan(self._replaced)

    def _results(self, known: dict[str, Any]) -> Any:
        results = tuple(known[name] for name in self.anatomy.returns)
        return results if len(results) > 1 else results[0]


def _run(plan: Iterable[Planned], known: dict[str, Any]) -> dict[str, Any]:
    for name, step, needs in plan:
        known[name] = step(**{needed: known[needed] for needed in needs})
    return known


class Catalogue:
    """All mistakes and anatomies of a course, by exercise. `read(catalogue, unit)` adds those of a unit when needed."""

    def __init__(
        self,
        read: Callable[[Catalogue, str], None] | None = None,
        slips_like: Callable[[Failure, Student, str, str | None], list[Mistake]] = lambda *_: [],
    ) -> None:
        """`slips_like`: of an exercise without an anatomy, the slip that explains a failure, see `recorded_slips`."""
        self._read = read
        self.slips_like = slips_like
        self._units: set[str] = set()
        self._mistakes: dict[str, list[Mistake]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._anatomies: dict[str, Anatomy] = {}
        self._whys: dict[tuple[str, str], str] = {}

    def _ready(self, exercise: str) -> None:
        unit = exercise.partition(".")[0]
        if self._read is not None and unit not in self._units:
            self._units.add(unit)
            self._read(self, unit)

    def anatomy(self, exercise: str) -> Anatomy | None:
        """How the right answer of an exercise is built, where its author has said it."""
        self._ready(exercise)
        return self._anatomies.get(exercise)

    def add_anatomy(self, anatomy: Anatomy) -> None:
        """Add how the right answer of an exercise is built."""
        self._anatomies[anatomy.exercise] = anatomy
        for step in anatomy.steps.values():
            self.add_why(anatomy.exercise, step.name, step.why)

    def add_why(self, exercise: str, step: str, why: str) -> None:
        """Add why a step of an exercise is as it is."""
        self._whys[exercise, step] = why

    def add(self, mistake: Mistake) -> None:
        """Add a mistake; `of` keeps the order."""
        self._mistakes.setdefault(mistake.exercise, []).append(mistake)
        self.add_text(mistake.exercise, mistake.id, mistake.tell)

    def add_text(self, exercise: str, id: str, tell: str) -> None:
        """Add what is told of a mistake that a check names by its id."""
        self._texts.setdefault((exercise, id), tell)

    def of(self, exercise: str) -> list[Mistake]:
        """The mistakes of one exercise, in the order of the file."""
        self._ready(exercise)
        return self._mistakes.get(exercise, [])

    def knows(self, exercise: str) -> bool:
        """Whether anything is known to go wrong in an exercise, were it only by a check."""
        self._ready(exercise)
        return any(of == exercise for of, _ in self._texts)

    def text(self, exercise: str, id: str) -> str:
        """What is told of a mistake by its id; nothing of one that the catalogue does not have."""
        self._ready(exercise)
        return self._texts.get((exercise, id), "")

    def why(self, exercise: str, step: str) -> str:
        """Why a step of an exercise is as it is; nothing where its author has given no reason."""
        self._ready(exercise)
        return self._whys.get((exercise, step), "")

    def pairs(self, exercise: str, others: Sequence[Mistake] = ()) -> Iterator[tuple[Mistake, Mistake, Function]]:
        """Every two mistakes in different steps, with the function that makes both; those of one number stay out.

        With `others` each of the mistakes with each of these.
        """
        anatomy = self.anatomy(exercise)
        if anatomy is None:
            return
        in_steps = [mistake for mistake in self.of(exercise) if mistake.steps and mistake.number is None]
        both = itertools.product(in_steps, others) if others else itertools.combinations(in_steps, 2)
        for first, second in both:
            if not first.steps & second.steps:
                yield first, second, anatomy.with_steps({**first.replaced, **second.replaced})


def one_of(tells: list[str]) -> str:
    """What is told of a mistake that may be any of some; nothing where they are too many to look at."""
    if len(tells) == 1 or len(tells) > _MOST_TOLD:
        return tells[0] if len(tells) == 1 else ""
    return tr("It is one of these, and the examples do not show which.") + "".join(f"\n- {each}" for each in tells)


def needs_of(step: Function) -> tuple[str, ...]:
    """The names of the inputs and earlier steps that a step is computed from."""
    needs: tuple[str, ...] = step.__needs__  # type: ignore[attr-defined]
    return needs


def part_of(function: Function, index: int, count: int) -> Function:
    """The `index`-th of `count` values that a function returns; the function itself, if it is the only one."""
    if count == 1:
        return function

    def part(**inputs: Any) -> Any:
        return function(**inputs)[index]

    part.__needs__ = needs_of(function)  # type: ignore[attr-defined]
    return part
