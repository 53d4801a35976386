"""The catalogue of mistakes: short wrong solutions, each with what to tell the student who wrote it.

A mistake is written in one of two ways. A whole wrong function:

    @mistake("losses.cross_entropy")
    def summed_over_the_batch(logits, labels):
        '''Your loss grows with the batch: it adds where it should average.'''
        return -log_probabilities(logits, labels).sum()

Or one wrong step of the exercise's anatomy, which says how the right answer is built, step by step. Two
wrong steps make a pair, so that a submission with two mistakes is told both.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from backpass.course.manifest import Course, make_importable
from backpass.judging.variants import Function, family

# The constants that people type. Of a family of mistakes the catalogue holds those that come up most often.
CONSTANTS = (*(digit * 10.0**power for power in range(-16, 5) for digit in (1, 2, 5)), 3.0, 4.0, 0.25, 0.3, 0.9)


@dataclass(frozen=True)
class Mistake:
    """One known wrong solution. `tell` is what its author gets to read; `steps` the wrong steps, if it has any.

    Mistakes that differ only in a constant (an epsilon, say) share the id, and `tell` displays the constant.
    """

    exercise: str
    id: str
    tell: str
    function: Function = field(compare=False)
    steps: frozenset[str] = frozenset()
    replaced: dict[str, Function] = field(default_factory=dict, compare=False)
    in_pairs: bool = True


class Catalogue:
    """All mistakes and anatomies of a course."""

    def __init__(self) -> None:
        self._mistakes: dict[str, list[Mistake]] = {}
        self._families: dict[str, list[Callable[[tuple[float, ...]], Iterator[Mistake]]]] = {}
        self.anatomies: dict[str, Anatomy] = {}

    def of(self, exercise: str) -> list[Mistake]:
        """The mistakes of one exercise, in the order of the file."""
        return self._mistakes.get(exercise, [])

    def text(self, exercise: str, id: str) -> str:
        """What is told of a mistake by its id; nothing of one that the catalogue does not have."""
        return next((mistake.tell for mistake in self.of(exercise) if mistake.id == id), "")

    def relatives(self, exercise: str) -> Iterator[Mistake]:
        """The members of the exercise's families for all other constants that people type."""
        for members in self._families.get(exercise, []):
            yield from members(CONSTANTS)

    def pairs(self, exercise: str) -> Iterator[tuple[Mistake, Mistake, Function]]:
        """Every two mistakes in different steps, with the function that makes both.

        Families stay out, a pair for each constant would be tens of thousands, and what says so (`in_pairs`).
        """
        anatomy = self.anatomies.get(exercise)
        if anatomy is None:
            return
        in_steps = [mistake for mistake in self.of(exercise) if mistake.steps and mistake.in_pairs]
        for first, second in itertools.combinations(in_steps, 2):
            if not first.steps & second.steps:
                yield first, second, anatomy.with_steps({**first.replaced, **second.replaced})

    def add(self, mistake: Mistake) -> None:
        self._mistakes.setdefault(mistake.exercise, []).append(mistake)

    def add_all(
        self, exercise: str, members: Callable[[tuple[float, ...]], Iterator[Mistake]], constants: tuple[float, ...]
    ) -> None:
        """Add one mistake, or with `constants` a family of them."""
        for mistake in members(constants):
            self.add(mistake)
        if constants:
            self._families.setdefault(exercise, []).append(members)


_catalogue = Catalogue()


def load_catalogue(course: Course) -> Catalogue:
    """The catalogue of the course, from `graders/<unit>/mistakes.py`."""
    make_importable(course.root)
    for unit in course.unit_names:
        importlib.import_module(f"graders.{unit}.mistakes")
    for name, anatomy in _catalogue.anatomies.items():
        if name.partition(".")[0] in course.unit_names:  # a course of other units may be loaded in this process
            anatomy.parameters = course.exercises[name].parameters
    return _catalogue


def known_mistakes(exercise: str) -> list[Mistake]:
    """The mistakes of `unit.name` that were declared so far, for a grader that asks about mistakes itself."""
    return _catalogue.of(exercise)


def mistake(exercise: str, *, constants: tuple[float, ...] = ()) -> Callable[[Function], Function]:
    """Declare a whole wrong function of `unit.name`; its docstring is what to tell.

    With `constants`, a family: the function's keyword `constant` takes each of them, and `{constant}` in
    the docstring displays it.
    """

    def declare(function: Function) -> Function:
        def members(constants: tuple[float, ...]) -> Iterator[Mistake]:
            for wrong, tell in family(function, constants):
                yield Mistake(exercise, function.__name__, tell, wrong)

        _catalogue.add_all(exercise, members, constants)
        return function

    return declare


@dataclass(frozen=True)
class Quantity:
    """What is right somewhere on the way: its words, as in "This should be ...", and what it is made from."""

    name: str
    words: str
    value: Any
    sources: frozenset[str]


class Anatomy:
    """How the right answer of one exercise is built: steps, whose parameters name inputs and earlier steps."""

    def __init__(self, exercise: str, *returns: str) -> None:
        self.exercise = exercise
        self.returns = returns
        self.steps: dict[str, Function] = {}
        self.detours: dict[str, Function] = {}  # what other right ways compute on theirs
        self.parameters: dict[str, Any] = {}  # with their defaults, from the manifest
        _catalogue.anatomies[exercise] = self

    def step(self, function: Function) -> Function:
        """Declare a step; its name is the name of the quantity that it computes."""
        self.steps[function.__name__] = function
        return function

    def quantity(self, function: Function) -> Function:
        """Declare what other right ways compute and this one does not; as `step`, but no result is made of it."""
        self.detours[function.__name__] = function
        return function

    def quantities(self, inputs: dict[str, Any]) -> Iterator[Quantity]:
        """The value of every step and detour that has words, for `inputs`; what cannot be computed is left out."""
        functions = {**self.steps, **self.detours}
        known: dict[str, Any] = {**self.parameters, **inputs}
        sources: dict[str, frozenset[str]] = {name: frozenset({name}) for name in known}
        for name in functions:
            try:
                for part, function, needs in self._in_order(functions, (name,), known):
                    known[part] = function(**{needed: known[needed] for needed in needs})
                    sources[part] = frozenset().union(*(sources[needed] for needed in needs))
            except Exception:  # a step that only some inputs allow: it is no quantity of this case
                continue
            words = inspect.getdoc(functions[name])
            if words:
                yield Quantity(name, " ".join(words.split()), known[name], sources[name])

    def mistake(
        self, *steps: str, constants: tuple[float, ...] = (), in_pairs: bool = True
    ) -> Callable[[Function], Function]:
        """Declare a wrong way to compute `steps` (a tuple of values for several); see `mistake` for the rest."""
        unknown = set(steps) - self.steps.keys()
        if unknown:
            raise ValueError(f"{self.exercise} has no step {', '.join(sorted(unknown))}")

        def declare(function: Function) -> Function:
            def members(constants: tuple[float, ...]) -> Iterator[Mistake]:
                for member, tell in family(function, constants):
                    replaced = {step: _part(member, index, len(steps)) for index, step in enumerate(steps)}
                    wrong = self.with_steps(replaced)
                    yield Mistake(
                        *(self.exercise, function.__name__, tell, wrong, frozenset(steps), replaced),
                        in_pairs=in_pairs and not constants,
                    )

            _catalogue.add_all(self.exercise, members, constants)
            return function

        return declare

    def with_steps(self, replaced: dict[str, Function]) -> Function:
        """The whole function with some steps replaced."""
        steps = {**self.steps, **replaced}
        plan: list[tuple[str, Function, tuple[str, ...]]] = []

        def compute(*args: Any, **kwargs: Any) -> Any:
            if not plan:
                plan.extend(self._in_order(steps, self.returns, self.parameters))
            known = {**self.parameters, **dict(zip(self.parameters, args, strict=False)), **kwargs}
            for name, step, needs in plan:
                known[name] = step(**{needed: known[needed] for needed in needs})
            results = tuple(known[name] for name in self.returns)
            return results if len(results) > 1 else results[0]

        return compute

    def _in_order(
        self, steps: dict[str, Function], wanted: Iterable[str], known: Iterable[str]
    ) -> Iterator[tuple[str, Function, tuple[str, ...]]]:
        """The steps that `wanted` needs beside what is known, each behind those that it needs itself."""
        done = set(known)

        def up_to(name: str) -> Iterator[tuple[str, Function, tuple[str, ...]]]:
            if name not in done:
                done.add(name)
                needs = needs_of(steps[name])
                for needed in needs:
                    yield from up_to(needed)
                yield name, steps[name], needs

        for name in wanted:
            yield from up_to(name)


def needs_of(step: Function) -> tuple[str, ...]:
    """The names of the inputs and earlier steps that a step is computed from."""
    needs: tuple[str, ...] | None = getattr(step, "__needs__", None)
    if needs is None:
        needs = tuple(name for name in inspect.signature(step).parameters if name != "constant")
        step.__needs__ = needs  # type: ignore[attr-defined]
    return needs


def _part(function: Function, index: int, count: int) -> Function:
    if count == 1:
        return function

    def part(**inputs: Any) -> Any:
        return function(**inputs)[index]

    part.__needs__ = needs_of(function)  # type: ignore[attr-defined]
    return part
