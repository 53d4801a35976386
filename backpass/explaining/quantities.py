"""The right quantities of a case: what is right somewhere on the way, of the right way and of others."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining.mistakes import Anatomy, Quantity
from backpass.judging.cases import Case
from backpass.judging.variants import Function
from backpass.worker.invoke import fresh
from backpass.worker.runs import INPUT, MISSING, RESULT, WORDLESS, WORDS
from backpass.worker.values import CLOSE, Table
from backpass.worker.watched import WatchedModule, watched

_MOST_WORDLESS = 30
_TO_TELL_APART = 5  # cases


@dataclass(frozen=True)
class Kind:
    """One quantity of an exercise, in all cases. `words` complete "This should be ..."; empty where there are none.

    `rests`: the names of those that it is computed from.
    """

    name: str
    words: str
    how: int
    sources: frozenset[str]
    rests: frozenset[str] = frozenset()


Steps = Callable[[Case], Iterable[Quantity]]


class Quantities:
    """The quantities of one exercise, computed for a case when they are first asked for.

    `steps`: those with words, for a case; they are results where their names are among `returned`. `reference`: the
    right function, of which every expression is a quantity, too.
    """

    def __init__(
        self, exercise: Exercise, steps: Steps, returned: Sequence[str] = (), reference: Function | None = None
    ) -> None:
        self._exercise = exercise
        self._steps = steps
        self._returned = returned
        self._reference = _Watched(reference) if reference is not None else None
        self._known: dict[int, tuple[Case, dict[str, Any]]] = {}
        self._kinds: dict[str, Kind] = {}
        self._distinct: dict[tuple[int, ...], list[str]] = {}  # by the cases, which are kept alive above

    def of(self, cases: Sequence[Case]) -> tuple[list[Kind], list[list[Any]]]:
        """The quantities that these cases have, and their values case by case."""
        values = [self._values(case) for case in cases]
        names = [name for name in self._kinds if any(name in each for each in values)]
        key = tuple(map(id, cases))
        if key not in self._distinct:
            self._distinct[key] = self._without_doubles(names, values[:_TO_TELL_APART])
        names = self._distinct[key]
        return [self._kinds[name] for name in names], [[each.get(name, MISSING) for name in names] for each in values]

    def values(self, kinds: Sequence[Kind], cases: Sequence[Case]) -> list[list[Any]]:
        """The values of some quantities in further cases."""
        return [[each.get(kind.name, MISSING) for kind in kinds] for each in map(self._values, cases)]

    def _values(self, case: Case) -> dict[str, Any]:
        known = self._known.get(id(case))
        if known is None:
            known = self._known[id(case)] = case, dict(self._computed(case))
        return known[1]

    def _computed(self, case: Case) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def add(
            name: str, words: str, how: int, sources: frozenset[str], value: Any, rests: frozenset[str] = frozenset()
        ) -> None:
            if isinstance(value, torch.Tensor | float | int | list | tuple) and name not in found:
                found[name] = value
                self._kinds.setdefault(name, Kind(name, words, how, sources, rests))

        for name, value in {**_defaults(self._exercise), **case.inputs}.items():
            if isinstance(value, torch.Tensor | float | int) and not isinstance(value, bool):
                add(name, f"`{name}`", INPUT, frozenset({name}), value)
        of_results = {}
        for each in self._steps(case):
            if each.name in self._returned:
                of_results[each.name] = each.words
                add(f"result {each.name}", each.words, RESULT, each.sources, each.value, each.rests)
                continue
            for part, name, key in _parts(each.value):
                words = tr("{words} of `{key}`", words=each.words, key=key) if name else each.words
                add(f"{each.name}{name}", words, WORDS, each.sources, part, each.rests)
        every = frozenset(self._exercise.parameters)
        names = self._exercise.returns
        results = case.template if len(names) > 1 else [case.template]
        steps = [*self._returned, *[""] * len(results)]
        for name, step, value in zip(names or ("",), steps, results, strict=False):
            right = tr("the right `{name}`", name=name) if len(names) > 1 else tr("the answer")
            add(f"result of {name}", of_results.get(step) or right, RESULT, every, value)
        for name, kind in list(self._kinds.items()):
            if kind.how == WORDS and _is_floating(found.get(name)):
                add(f"minus {name}", tr("minus {words}", words=kind.words), WORDLESS, kind.sources, -found[name])
        if self._reference is not None:
            for index, (sources, value) in enumerate(self._reference.values(case)):
                add(f"reference {index}", "", WORDLESS, every if sources is None else sources, value)
        return found

    def _without_doubles(self, names: list[str], values: list[dict[str, Any]]) -> list[str]:
        """Without what is another one in all cases at hand: an input, or of wordless quantities any other."""
        names = sorted(names, key=lambda name: self._kinds[name].how == WORDLESS)
        tables = [(each, Table([each.get(name, MISSING) for name in names])) for each in values]
        kept: list[int] = []
        wordless = 0
        for position, name in enumerate(names):
            how = self._kinds[name].how
            if how == WORDLESS and wordless == _MOST_WORDLESS:
                continue
            if how in (WORDS, WORDLESS):
                twins = {other for other in kept if how == WORDLESS or self._kinds[names[other]].how == INPUT}
                for each, table in tables:
                    twins = twins and twins & table.like(each.get(name, MISSING), CLOSE)
                if twins:
                    continue
            kept.append(position)
            wordless += how == WORDLESS
        return [names[position] for position in kept]


def steps_of(anatomy: Anatomy | None) -> Steps:
    """The steps of an anatomy, for any case."""

    def steps(case: Case) -> Iterable[Quantity]:
        if anatomy is None:
            return ()
        return anatomy.quantities({name: fresh(value, "cpu") for name, value in case.inputs.items()})

    return steps


class _Watched:
    """The reference with every expression watched."""

    def __init__(self, reference: Function) -> None:
        self._name = reference.__name__
        path = Path(inspect.getsourcefile(reference) or "")
        module = ModuleType(reference.__module__)
        module.__file__ = str(path)
        self._module: WatchedModule = watched(module, path.read_bytes(), str(path), self._name)

    def values(self, case: Case) -> list[tuple[frozenset[str] | None, Any]]:
        """What each expression comes to: its sources, and its value, a list where it is evaluated several times."""
        watch, sites = self._module.watch, self._module.sites
        function: Callable[..., Any] = getattr(self._module.module, self._name)
        watch.begin({}, noting=True)
        call = case.call()
        arguments = {name: fresh(value, "cpu") for name, value in {**call.args, **call.kwargs}.items()}
        try:
            function(**arguments)
        except Exception:
            return []
        found: dict[int, list[Any]] = {}
        for index, value in watch.notes or []:
            if sites[index].kind == "value":
                found.setdefault(index, []).append(value)
        return [
            (sites[index].sources if sites[index].function == self._name else None, each if len(each) > 1 else each[0])
            for index, each in sorted(found.items())
        ]


def _is_floating(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, torch.Tensor) and value.is_floating_point())


def _parts(value: Any) -> Iterator[tuple[Any, str, Any]]:
    """A value and, of a dict, its entries, with what each adds to a name, and its key."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield part, f" of `{key}`", key
    else:
        yield value, "", None


def _defaults(exercise: Exercise) -> dict[str, Any]:
    return {name: value for name, value in exercise.parameters.items() if value is not ...}
