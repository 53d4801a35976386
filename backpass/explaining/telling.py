"""The cases that tell mistakes of the catalogue: looked for once on a machine, as no submission changes them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property

from backpass.course.manifest import Exercise
from backpass.explaining.mistakes import Mistake
from backpass.judging.cases import Case
from backpass.judging.frozen import FrozenCases
from backpass.judging.graders import Graders


class Telling:
    """Keeps them, for the run, and on disk what was found while `is_trusted`: from answers of the course's own alone.

    Of what a submission reads, nothing may depend on the submissions before it: a key has all that the search depends
    on, and where it finds nothing each keeps its own case.
    """

    def __init__(self, graders: Graders | None = None) -> None:
        self._graders = graders
        self._known: dict[Hashable, Case | None] = {}
        self.is_trusted = False

    def of(
        self, exercise: Exercise, mistake: Mistake, case: Case, find: Callable[[], Case], *, has_a_name: bool
    ) -> Case:
        """The case that tells a `mistake` of `exercise`, as `find` would; `case` where it finds none.

        `has_a_name`: no other mistake of the exercise has its id.
        """
        key = mistake.function, case.cotangent is not None, id(case.origin), case.dtype
        if key not in self._known:
            kept = self._kept(exercise, mistake, case, find) if has_a_name else [find()]
            self._known[key] = next((each for each in kept if each is not case), None)
        return self._known[key] or case

    @cached_property
    def _files(self) -> FrozenCases:
        assert self._graders is not None
        return FrozenCases(self._graders.course, ("*.py", "*.toml"))

    def _kept(self, exercise: Exercise, mistake: Mistake, case: Case, find: Callable[[], Case]) -> list[Case]:
        if self._graders is None or case.origin is None:
            return [find()]
        draws = self._graders.draws(exercise)
        places = [place for place, draw in enumerate(draws) if draw is case.origin]
        if not places:
            return [find()]
        of_gradient = "_gradient" if case.cotangent is not None else ""
        name = f"{exercise.id}.{mistake.id}.{places[0]}.{str(case.dtype).removeprefix('torch.')}{of_gradient}"
        kept = self._files.load(name, [case.origin]).get(0)
        if kept is None:
            found = find()
            kept = [found] if found is not case else []
            if self.is_trusted:
                self._files.save(name, [kept])
        return kept
