"""What is known already: whoever hands in what somebody before has handed in, has what that came to.

A whole submission is known by its modules, to the last byte; a single function that has passed by what its answers rest
on (see `plain_modules`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from backpass.classroom.grade import Step
from backpass.classroom.results import SubmissionResult
from backpass.student.submission import Submission

_MOST_RESULTS = 200
MOST_FUNCTIONS = 20_000


class Submissions:
    """The last results of a run, by all that a submission's answers depend on.

    A result is of its own code, and plain; so whoever hands in the same has the same, and nobody else has it.
    """

    def __init__(self) -> None:
        self._results: OrderedDict[str, SubmissionResult] = OrderedDict()

    def add(self, submission: Submission, result: SubmissionResult) -> None:
        """Keep a result, unless it may be the machine's: what was too slow, or killed, is graded anew."""
        if all(each.status != "timeout" and each.mistake != "unjudgeable" for each in result.exercises.values()):
            self._results[_without_its_author(submission)] = result
        if len(self._results) > _MOST_RESULTS:
            self._results.popitem(last=False)

    def of(self, submission: Submission) -> SubmissionResult | None:
        """The result of a submission, where it is known."""
        known = self._results.get(_without_its_author(submission))
        return known and replace(
            known,
            submission=submission.name,
            student_id=submission.student_id,
            late=submission.late,
            handed_in=submission.handed_in,
            submission_hash=submission.hash,
            notes=submission.notes,
            requests=submission.requests,
        )


def _without_its_author(submission: Submission) -> str:
    return replace(submission, late=False, handed_in=None, notes=(), requests={}).hash


Found = tuple[str, str, Step]  # an exercise, the fingerprint of a function that has passed, and what it came to


class RightFunctions:
    """Functions that have passed; `steps` are those of a submission that need not be judged again.

    What they came to holds nothing of the submission that it was found in.
    """

    def __init__(self) -> None:
        self._steps: OrderedDict[tuple[str, str], Step] = OrderedDict()

    def add(self, found: Iterable[Found]) -> None:
        """Keep what was found, here or in another process."""
        for exercise, fingerprint, step in found:
            self._steps[exercise, fingerprint] = step
        while len(self._steps) > MOST_FUNCTIONS:
            self._steps.popitem(last=False)

    def steps(self, fingerprints: Mapping[str, str]) -> list[Step]:
        """The steps of the functions that are known; `fingerprints` are by exercise."""
        found = (self._steps.get(each) for each in fingerprints.items())
        return [step for step in found if step is not None]

    def new_in(self, fingerprints: Mapping[str, str], taken: Iterable[Step]) -> list[Found]:
        """What the steps of a submission add to this."""
        return [
            (step.exercise, fingerprints[step.exercise], replace(step, seconds=None))
            for step in taken
            if step.result.status == "passed"
            and not step.again
            and not step.noticed
            and step.exercise in fingerprints
            and (step.exercise, fingerprints[step.exercise]) not in self._steps
        ]
