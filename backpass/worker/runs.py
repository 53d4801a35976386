"""Runs of a watched function on some cases, with other values in the place of some of its expressions."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import count
from typing import Any

from backpass.worker.calls import Call
from backpass.worker.invoke import fresh
from backpass.worker.values import SEVERAL, Table, agrees, identical, in_the_shape_of, like, met
from backpass.worker.watched import Stopped, WatchedModule

MOST_RUNS = 3000  # of the function, in one search: a number, so that a busy machine finds what an idle one does
_EVALUATIONS = 300  # of expressions: a run with more of them counts as several
_CALLBACKS = 10  # calls of the grader's functions, each of which goes through a socket: the same of these
_LEAST_TRIALS = 4  # before a change of the code is believed
# How a quantity is known; the better ones are tried first.
INPUT, WORDS, WORDLESS, RESULT = range(4)
MISSING = "missing"  # stands for a quantity that a case does not have

Swap = Callable[[Any], Any]


@dataclass(frozen=True)
class Trial:
    """One case: its call, the right result with its tolerance, and the value of each quantity in it.

    `also`: other results that are as right, each with its tolerance; the values may be those that lead to one of them.
    """

    call: Call
    expected: Any
    tolerance: Any
    values: Sequence[Any]
    also: Sequence[tuple[Any, Any]] = ()

    @cached_property
    def table(self) -> Table:
        """The values, to find those that another one is the same as."""
        return Table(self.values)


@dataclass(frozen=True)
class Known:
    """What is known of a quantity in all cases: how (`INPUT`, `WORDS`, ...), and the parameters it is made from.

    `rests`: the quantities that it is computed from.
    """

    how: int
    sources: frozenset[str]
    rests: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """`quantity` in the place of `site`.

    `mode`: in "all" evaluations, there also "reshaped" to the shape of what it takes the place of; or of several in
    "each" or "reversed" its items, those behind its first in the "rest", or in the "first" alone; or with `second`
    as a "pair" in two.
    """

    site: int
    quantity: int
    mode: str
    second: int = -1
    tier: int = field(default=0, compare=False)


class Enough(Exception):
    """The search has used up its runs."""


class Runs:
    """A function of a watched module, and its trials, of which some are wrong. `outputs`: how many results it has.

    `confirming`: further ones, all of them right, for what makes the others right.
    `others`: functions that are judged by themselves; what is wrong in a call of one is how it is called.
    """

    def __init__(
        self,
        watched: WatchedModule,
        function: str,
        trials: Sequence[Trial],
        outputs: int,
        confirming: Sequence[Trial] = (),
        others: frozenset[str] = frozenset(),
    ) -> None:
        self.watched = watched
        self.function = function
        self.trials = trials
        self.outputs = outputs
        self.others = others
        self._confirming = confirming
        self.is_changed = False  # the program, by a mutant: it may never end
        self._count = 0
        self._verdicts: dict[tuple[int, tuple[Candidate, ...]], tuple[Trial, tuple[bool, ...]]] = {}

    def answers_as(self, original: Callable[..., Any]) -> bool:
        """Whether the rewritten function answers every trial as the original does."""
        for trial in self.trials:
            (theirs, error), (value, other) = called(original, trial.call), self.run(trial, ())
            if type(error) is not type(other) or not identical(theirs, value):
                return False
        return True

    @cached_property
    def confirming(self) -> list[Trial]:
        """The further trials whose answers are those of the reference; others may be as right."""
        return [trial for trial in self._confirming if all(self.verdict(trial, ()))]

    def begin_again(self) -> None:
        """With as many runs as at first: for another kind of experiment."""
        self._count = 0

    def first_wrong(self) -> Trial | None:
        """The first wrong trial; None where few, or one answer to all, may come right by chance with a change."""
        wrong = (trial for trial in self.trials if not all(self.verdict(trial, ())))
        differ = any(not identical(trial.expected, self.trials[0].expected) for trial in self.trials)
        return next(wrong, None) if differ and len(self.trials) >= _LEAST_TRIALS else None

    def run(
        self, trial: Trial, swaps: Sequence[Candidate] | Mapping[int, Swap], *, noting: bool = False
    ) -> tuple[Any, BaseException | None]:
        """What a run returns, and what it raises."""
        self._count += 1
        if self._count > MOST_RUNS:
            raise Enough
        watch = self.watched.watch
        if not isinstance(swaps, Mapping):
            swaps = {each.site: _swap(each, trial) for each in swaps}
        watch.begin(swaps, noting=noting)
        callbacks = count()
        outcome = called(getattr(self.watched.module, self.function), trial.call, callbacks)
        self._count += watch.evaluations // _EVALUATIONS + next(callbacks) // _CALLBACKS
        if isinstance(outcome[1], Stopped) and not self.is_changed:
            raise Enough
        return outcome

    def notes(self, trial: Trial, swaps: Sequence[Candidate]) -> list[tuple[int, Any]]:
        """The value of each expression in a run, in the order of their evaluation."""
        self.run(trial, swaps, noting=True)
        return self.watched.watch.notes or []

    def noted(self, call: Call, swaps: Mapping[int, Swap]) -> list[tuple[int, Any]]:
        """The notes of a call of which some sites are seen."""
        self.watched.watch.begin(swaps, noting=True)
        called(getattr(self.watched.module, self.function), call)
        return self.watched.watch.notes or []

    def verdict(self, trial: Trial, swaps: Sequence[Candidate] | Mapping[int, Swap]) -> tuple[bool, ...]:
        """Which results are right; of the program as it is, asked for once."""
        if isinstance(swaps, Mapping) or self.is_changed:
            return self._verdict(trial, swaps)
        key = id(trial), tuple(swaps)
        if key not in self._verdicts:
            self._verdicts[key] = trial, self._verdict(trial, swaps)
        return self._verdicts[key][1]

    def _verdict(self, trial: Trial, swaps: Sequence[Candidate] | Mapping[int, Swap]) -> tuple[bool, ...]:
        value, raised = self.run(trial, swaps)
        if raised is not None:
            return (False,) * self.outputs
        right = (trial.expected, trial.tolerance), *trial.also
        if self.outputs == 1:
            return (any(agrees(value, *each) for each in right),)
        if not isinstance(value, list | tuple) or len(value) != self.outputs:
            return (False,) * self.outputs
        return tuple(map(any, zip(*(map(agrees, value, *each) for each in right), strict=True)))

    def rest(self) -> None:
        """Watch no more."""
        self.watched.watch.begin({}, noting=False)


def called(
    function: Callable[..., Any], call: Call, callbacks: Iterator[int] | None = None
) -> tuple[Any, BaseException | None]:
    """What a function returns, and what it raises. `callbacks` goes on at each call of a function that it is given."""
    args, kwargs = (
        {name: _counting(fresh(value, "cpu"), callbacks) for name, value in each.items()}
        for each in (call.args, call.kwargs)
    )
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
            return function(*args.values(), **kwargs), None
    except BaseException as error:
        return None, error


def _counting(value: Any, callbacks: Iterator[int] | None) -> Any:
    if callbacks is None or not callable(value):
        return value

    @wraps(value)
    def ask(*args: Any, **kwargs: Any) -> Any:
        next(callbacks)
        return value(*args, **kwargs)

    return ask


def _swap(candidate: Candidate, trial: Trial) -> Swap:
    quantity = trial.values[candidate.quantity]
    if candidate.mode == "all":
        return lambda value: like(quantity, value)
    if candidate.mode == "reshaped":

        def laid_out(value: Any) -> Any:
            found = in_the_shape_of(value, quantity)
            return like(quantity if found is None else found, value)

        return laid_out
    evaluation = count()
    if candidate.mode == "pair":
        pair = quantity, trial.values[candidate.second]
        return lambda value: like(pair[min(next(evaluation), 1)], value)
    if candidate.mode in SEVERAL:

        def nth(value: Any) -> Any:
            items, position = met(quantity, value, candidate.mode), next(evaluation)
            return like(items[position], value) if position < len(items) else value

        return nth
    return lambda value: like(quantity, value) if next(evaluation) == 0 else value
