"""The cases that tell mistakes: looked for once on a machine, as no submission changes them."""

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
        self._known: dict[Hashable, list[Case]] = {}
        self.is_trusted = False

    def of(
        self, exercise: Exercise, mistake: Mistake, case: Case, find: Callable[[], Case], *, has_a_name: bool
    ) -> Case:
        """The case that tells a `mistake` of `exercise`, as `find` would; `case` where it finds none.

        `has_a_name`: no other mistake of the exercise has its id.
        """
        key = mistake.function, case.cotangent is not None, id(case.origin), case.dtype
        if key not in self._known:
            name = mistake.id if has_a_name else ""
            self._known[key] = [each for each in self._kept(exercise, name, case, lambda: [find()]) if each is not case]
        return next(iter(self._known[key]), case)

    def any_mistake(self, exercise: Exercise, case: Case, find: Callable[[], list[Case]]) -> list[Case]:
        """The cases like `case` that tell most mistakes of `exercise`, as `find` has them."""
        key = exercise.id, id(case.origin), case.dtype
        if key not in self._known:
            self._known[key] = self._kept(exercise, "small", case, find)
        return self._known[key]

    @cached_property
    def _files(self) -> FrozenCases:
        assert self._graders is not None
        return FrozenCases(self._graders.course, ("*.py", "*.toml"))

    def _kept(self, exercise: Exercise, name: str, case: Case, find: Callable[[], list[Case]]) -> list[Case]:
        if self._graders is None or case.origin is None or not name:
            return find()
        places = [place for place, draw in enumerate(self._graders.draws(exercise)) if draw is case.origin]
        if not places:
            return find()
        of_gradient = "_gradient" if case.cotangent is not None else ""
        file = f"{exercise.id}.{name}.{places[0]}.{str(case.dtype).removeprefix('torch.')}{of_gradient}"
        kept = self._files.load(file, [case.origin]).get(0)
        if kept is None:
            kept = find()
            if self.is_trusted:
                self._files.save(file, [[each for each in kept if each is not case]])
        return kept
