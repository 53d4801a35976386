"""What a failure is told by: the convention that the answer keeps to, and values before their gradients."""

from __future__ import annotations

import operator
from dataclasses import replace

from backpass.judging.assertions import by_variant, one_by_variant
from backpass.judging.comparison import differences, wrong_answers
from backpass.judging.failures import Failure
from backpass.judging.student import Student
from backpass.judging.variants import Function

_ASKED = 4  # cases


def in_its_convention(failure: Failure, student: Student) -> Failure:
    """The failure, with the answers of that accepted variant for right ones that leaves least of it wrong.

    What the convention makes different would else be taken for wrong as well.
    """
    if failure.random or failure.cases[0].cotangent is not None:
        return failure
    returns = student.exercise.returns
    asked = sorted(failure.wrong, key=lambda index: -len(failure.wrong[index]))[:_ASKED]
    told, least = failure, sum(map(len, failure.wrong.values()))
    for variant in student.variants:
        left_of = (
            len(differences(one_by_variant(variant, failure.cases[each]), failure.answers[each], returns))
            for each in asked
        )
        if all(map(operator.ge, left_of, (len(failure.wrong[each]) for each in asked))):
            continue  # one look at a few cases is cheap
        cases = by_variant(variant, failure.cases)
        wrong = wrong_answers(cases, failure.answers, returns)
        if wrong and (left := sum(map(len, wrong.values()))) < least:
            told, least = Failure(cases, failure.answers, wrong, failure.describe, failure.cases), left
    return told


def of_the_value(failure: Failure, student: Student, reference: Function) -> Failure:
    """Of gradients that are wrong where the value is wrong as well, the failure of the value: it comes first.

    Where none arrives at all, that is another thing than a wrong value.
    """
    if failure.cases[0].cotangent is None or any(failure.answers[each].raised for each in failure.wrong):
        return failure
    if all(found.kind == "no_gradient" for each in failure.wrong.values() for found in each):
        return failure
    parameters = student.exercise.parameters
    cases = [
        replace(case.origin, gradient=False).make(case.inputs, parameters, reference)
        for case in (failure.cases[index] for index in failure.wrong)
        if case.origin is not None
    ]
    answers = student.ask([case.call() for case in cases])
    wrong = wrong_answers(cases, answers, student.exercise.returns)
    return Failure(cases, answers, wrong) if wrong else failure
