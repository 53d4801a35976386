"""Judged and explained: an exercise's result with what the student reads."""

from __future__ import annotations

from backpass.course.manifest import Course, Exercise
from backpass.explaining.diagnosis import Diagnosis, Finding
from backpass.explaining.mistakes import load_catalogue
from backpass.explaining.recorded import recorded_mistakes
from backpass.judging.graders import Checks, Graders, PublicChecks
from backpass.judging.result import ExerciseResult
from backpass.judging.verdict import Ask, judge


class Grader:
    """The checks of a course with the diagnosis that explains what they find."""

    def __init__(self, checks: Checks, diagnosis: Diagnosis) -> None:
        self.course = checks.course
        self.checks = checks
        self.diagnosis = diagnosis

    def grade(self, exercise: Exercise, ask: Ask, device: str = "cpu") -> ExerciseResult:
        """Run every check of one exercise against `ask`, and explain the first that fails."""
        verdict = judge(self.checks, exercise, ask, device)
        if verdict.failure is None:
            assert verdict.settled is not None
            return verdict.settled
        try:
            finding = self.diagnosis.explain(
                verdict.failure,
                exercise,
                verdict.student,
                would_get_here=lambda function: all(self.checks.passes(function, check) for check in verdict.passed),
            )
        except Exception:
            finding = Finding("failed", None, f"The answer is wrong: {verdict.failure}.")  # plain words, and it goes on
        return ExerciseResult(finding.status, verdict.points, exercise.points, finding.mistake, finding.message)


class HiddenGrader(Grader):
    """With the hidden checks and the catalogue.

    Without `shrink`, messages display a case that shows the mistake, not the smallest one.
    """

    checks: Graders

    def __init__(self, course: Course, *, shrink: bool = True) -> None:
        graders = Graders(course)
        self.catalogue = load_catalogue(course)
        super().__init__(graders, Diagnosis(self.catalogue, graders.reference, shrink=shrink))


class PublicGrader(Grader):
    """With the public checks and the mistakes that are recorded for them; messages display the right answers."""

    def __init__(self, course: Course) -> None:
        super().__init__(PublicChecks(course), Diagnosis(recorded_mistakes(course), show_expected=True))
