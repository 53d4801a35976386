"""The function under test, as checks see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.judging.cases import Case, frozen_calls
from backpass.judging.failures import Fault
from backpass.judging.variants import Function, Variant
from backpass.worker.calls import Answer, Call, Calls


class Student:
    """The function under test. Calling it with cases asks for all of them in one round trip.

    `notes`: what is to be said of an answer that is right; `called`: the library functions that it called.
    `trusted`: the function itself, of which all that matters is whether it is right, and not which answers are wrong.
    """

    def __init__(
        self,
        exercise: Exercise,
        ask: Callable[[str, str, Sequence[Call]], list[Answer]],
        variants: Sequence[Variant] = (),
        device: str = "cpu",
        *,
        trusted: Function | None = None,
    ) -> None:
        self.exercise = exercise
        self.device = device
        self.variants = variants
        self.trusted = trusted
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

    def on(self, device: str) -> Student:
        """The same function, asked to compute on another device."""
        return Student(self.exercise, self._ask, self.variants, device)

    def answered(self) -> Iterator[tuple[Case, Answer]]:
        """Every case that was asked so far, with its answer."""
        for cases, answers in self._answers.values():
            yield from zip(cases, answers, strict=True)

    def ask(self, calls: Sequence[Call]) -> list[Answer]:
        """The answers to `calls`, in order, computed on `device`."""
        are_there = isinstance(calls, Calls) and all(call.device == self.device for call in calls)
        return self._asked(calls if are_there else [replace(call, device=self.device) for call in calls])

    def _asked(self, calls: Sequence[Call]) -> list[Answer]:
        answers = self._ask(self.exercise.unit, self.exercise.name, calls)
        self.called |= dict.fromkeys(name for answer in answers for name in answer.called)
        return answers

    def values(self, calls: Sequence[Call]) -> list[Any]:
        """The values that `calls` return; a Fault where one raises."""
        answers = self.ask(calls)
        for call, answer in zip(calls, answers, strict=True):
            if answer.raised is not None and answer.raised.todo:
                raise Fault("not_started", tr("Not started yet."), status="todo")
            if answer.raised is not None:
                what = f"{answer.raised.kind}: {answer.raised.text}"
                tell = tr("Your code raises {exception}", exception=what)
                raise Fault("raises", tell, status="crashed", raised=(call, answer.raised))
        return [answer.value for answer in answers]
