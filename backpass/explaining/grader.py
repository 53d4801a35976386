"""Judged and explained: an exercise's result with what the student reads."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

import torch

from backpass.course import language
from backpass.course.language import tr
from backpass.course.manifest import Course, Exercise
from backpass.explaining import elsewhere, evidence, exceptions
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import Inspects
from backpass.explaining.diagnosis import Diagnosis
from backpass.explaining.finding import Finding
from backpass.explaining.quantities import Quantities, steps_of
from backpass.explaining.recorded import RecordedQuantities, recorded_mistakes
from backpass.explaining.rows import load_catalogue
from backpass.explaining.telling import Telling
from backpass.judging.cases import map_tensors
from backpass.judging.failures import Failure, Fault
from backpass.judging.graders import Checks, Graders, PublicChecks
from backpass.judging.result import ExerciseResult
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.judging.verdict import Ask, Verdict, in_their_order, judge
from backpass.worker.calls import Answer, Call
from backpass.worker.inspector import InspectorHere
from backpass.worker.invoke import invoke_all
from backpass.worker.modules import SubmissionModules

_log = logging.getLogger(__name__)
EXPLANATION = "explanation"  # what `Checks.before` hears, beside the names of checks


class Grader:
    """The checks of a course with the diagnosis that explains what they find."""

    def __init__(self, checks: Checks, diagnosis: Diagnosis) -> None:
        self.course = checks.course
        self.checks = checks
        self.diagnosis = diagnosis
        self.explained: dict[tuple[str, str, str], None] = {}  # exercises, their checks, mistakes

    def grade(
        self,
        exercise: Exercise,
        ask: Ask,
        device: str = "cpu",
        inspects: Inspects | None = None,
        *,
        until_wrong: bool = False,
    ) -> ExerciseResult:
        """Run every check of one exercise against `ask`, and explain the first that fails.

        `inspects`: looks into the submission's program for the explanation. `until_wrong`: checks behind the one that
        fails are not run, and so the points are not those of a submission.
        """
        verdict = judge(self.checks, exercise, ask, device, until_wrong=until_wrong)
        if verdict.failure is None:
            assert verdict.settled is not None
            if verdict.settled.status == "timeout" and inspects is not None:
                return self.where_it_hangs(verdict.settled, exercise, inspects)
            if verdict.settled.status == "passed" and device == "cpu":
                note = self._elsewhere(exercise, verdict.student)
                return replace(verdict.settled, message=" ".join(filter(None, (verdict.settled.message, note))))
            return verdict.settled
        try:
            self.checks.before(EXPLANATION)
            finding = self.diagnosis.explain(
                verdict.failure,
                exercise,
                verdict.student,
                inspects=inspects,
                passes=lambda function: all(self.checks.passes(function, check) for check in verdict.passed),
            )
            finding = self._with_what_is_left(finding, verdict, exercise, inspects)
        except Fault:
            finding = Finding("failed", None, tr("The answer is wrong: {why}.", why=verdict.failure))
        except Exception:
            # A fault of the kit's: the student gets plain words, the run goes on, and whoever runs it can know.
            _log.exception("%s: the explanation failed", exercise.id)
            finding = Finding("failed", None, tr("The answer is wrong: {why}.", why=verdict.failure))
        if verdict.corner:
            share = 100 * (1 - verdict.points / exercise.points)
            all_but = tr(
                "Right except in a corner case, which costs {share:.0f} % of the points: {corner}.",
                share=share,
                corner=tr(verdict.corner),
            )
            finding = replace(finding, message=f"{all_but} {finding.message}")
        self.explained[exercise.id, verdict.check, finding.mistake or ""] = None
        return explained(finding, verdict.points, exercise)

    def _with_what_is_left(
        self, finding: Finding, verdict: Verdict, exercise: Exercise, inspects: Inspects | None
    ) -> Finding:
        """A finding with another one behind it: of a further check that fails, and that the mistake found passes."""
        function = self.diagnosis.function_of(exercise.id, finding.mistake or "")
        if function is None or finding.degree != "cause":
            return finding
        for check, failure in verdict.later:
            if not self.checks.passes(function, check):
                more = self.diagnosis.beside(finding, verdict.failure, failure, exercise, inspects)
                if more:
                    return replace(finding, message=f"{finding.message}\n\n{tr('There is more. {tell}', tell=more)}")
                continue
            left = self.diagnosis.explain(failure, exercise, verdict.student, inspects=inspects)
            if left.mistake != finding.mistake and _is_elsewhere(left, finding):
                more = tr("There is more. {tell}", tell=left.message)
                return replace(finding, message=f"{finding.message}\n\n{more}")
        return finding

    def _elsewhere(self, exercise: Exercise, student: Student) -> str:
        """What to say, of a right answer, of where it would fail."""
        checks = self.checks.of(exercise)
        cases = self.checks.cases(checks[0], student.device)
        is_differentiated = any(check.name.endswith("_gradient") for check in checks)
        reference = self.checks.reference(exercise) if is_differentiated and isinstance(self.checks, Graders) else None
        return elsewhere.note(cases[0], student, reference) if cases else ""

    def learn(self, exercise: str, check: str, mistake: str) -> None:
        """Explain a wrong answer of the kit's own, by a catalogued mistake or by none, and keep what that rests on."""
        of_course = self.course.exercises[exercise]
        self.diagnosis.telling.is_trusted = True
        try:
            self._learn(of_course, check, mistake)
        finally:
            self.diagnosis.telling.is_trusted = False

    def _learn(self, of_course: Exercise, check: str, mistake: str) -> None:
        in_order = in_their_order(self.checks.of(of_course))
        place = [each.name for each in in_order].index(check)
        function = self.diagnosis.function_of(of_course.id, mistake)
        student = Student(of_course, self._answering(of_course, function), self.checks.variants(of_course))
        try:
            self.checks.run(in_order[place], student)
        except Failure as failure:

            def would_get_here(each: Function) -> bool:
                return all(self.checks.passes(each, before) for before in in_order[:place])

            if function is None:
                self.diagnosis.learn(failure, student, self._own, would_get_here)
            else:
                self.diagnosis.explain(failure, of_course, student, inspects=self._own, passes=would_get_here)

    @cached_property
    def _own(self) -> InspectorHere:
        """What looks into the course's own solutions."""
        return InspectorHere(SubmissionModules({unit: (unit, text) for unit, text in self.checks.sources.items()}))

    def _answering(self, exercise: Exercise, function: Function | None) -> Ask:
        """Answers as of a wrong submission: those of a mistake, or wrong ones that are none."""
        reference = self.checks.reference(exercise)

        def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
            with warnings.catch_warnings(action="ignore"):
                if function is not None:
                    return invoke_all(function, calls)
                return [replace(each, value=map_tensors(each.value, _off)) for each in invoke_all(reference, calls)]

        return ask

    def where_it_hangs(self, settled: ExerciseResult, exercise: Exercise, inspects: Inspects) -> ExerciseResult:
        """The result of an exercise that never answers, with the line that it was in."""
        cases = self.checks.cases(self.checks.of(exercise)[0], "cpu")
        _, end = next(exceptions.endings([case.call() for case in cases], exercise, inspects), (0, None))
        if end is None:
            return settled
        tell = tr(
            "{no_answer}. When it was stopped, it was in line {line}: what ends the loop there?",
            no_answer=settled.message.partition(". ")[0],
            line=end.place.line,
        )
        message = "\n".join([tell, "", *(f"    {line}" for line in evidence.marked(end.place))])
        return explained(Finding("timeout", settled.mistake, message, "place", end.place), 0, exercise)


def _off(tensor: torch.Tensor) -> torch.Tensor:
    return tensor * 1.1718 + 0.3713 if tensor.is_floating_point() else tensor


def _is_elsewhere(second: Finding, first: Finding) -> bool:
    """Whether two findings have places in different lines: in the same one the same thing may show in two ways."""
    if first.place is None or second.place is None:
        return False
    return first.place.end_line < second.place.line or second.place.end_line < first.place.line


def explained(finding: Finding, points: float, exercise: Exercise) -> ExerciseResult:
    """The result of an exercise that was explained."""
    result = ExerciseResult(
        finding.status, points, exercise.points, finding.mistake, finding.message, degree=finding.degree
    )
    place = finding.place
    if place is None:
        return result
    return replace(
        result,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        expression=place.expression,
        should_be=place.should_be or None,
    )


class HiddenGrader(Grader):
    """With the hidden checks and the catalogue.

    Without `shrink`, messages display a case that shows the mistake, not the smallest one.
    """

    checks: Graders

    def __init__(self, course: Course, *, shrink: bool = True) -> None:
        language.use(course.language, course.root)  # in a process that has not read the course itself
        graders = Graders(course)
        self.catalogue = load_catalogue(course)
        diagnosis = Diagnosis(
            self.catalogue,
            Blame(self._quantities, course.functions),
            graders.reference,
            shrink=shrink,
            show_expected=not course.hide_expected,
            telling=Telling(graders),
        )
        super().__init__(graders, diagnosis)

    def freeze(self, units: Collection[str], devices: Sequence[str] = ("cpu",)) -> None:
        """Load all that grading some units needs now, to be shared by processes that are forked later."""
        self.checks.freeze(units, devices)
        for exercise in self.course.exercises.values():
            if exercise.unit in units:
                self.catalogue.of(exercise.id)

    def _quantities(self, exercise: Exercise) -> Quantities:
        anatomy = self.catalogue.anatomy(exercise.id)
        returned = anatomy.returns if anatomy is not None else ()
        return Quantities(exercise, steps_of(anatomy), returned, self.checks.reference(exercise))


class PublicGrader(Grader):
    """With the public checks and the mistakes that are recorded for them; messages display the right answers."""

    def __init__(self, course: Course, checks: PublicChecks | None = None) -> None:
        recorded = RecordedQuantities(course)
        blame = Blame(lambda exercise: Quantities(exercise, recorded.steps_of(exercise)), course.functions)
        super().__init__(checks or PublicChecks(course), Diagnosis(recorded_mistakes(course), blame))
