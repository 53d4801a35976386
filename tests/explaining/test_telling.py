"""Cases that tell mistakes are looked for once on a machine, from answers of the course's own."""

import re
from dataclasses import replace

import pytest
import torch

from backpass.explaining import diagnosis
from backpass.explaining.telling import Telling
from backpass.judging.graders import Graders
from backpass.worker.invoke import invoke_all


@pytest.fixture
def tellings(small, small_grader, tmp_path):
    """New ones, as of several runs, with one folder, which is empty."""

    def new(*, is_trusted):
        telling = Telling(Graders(small))
        telling._graders._checks = small_grader.checks._checks
        telling._files._folder = telling._files._shipped = tmp_path / "kept"
        telling.is_trusted = is_trusted
        return telling

    return new


def test_what_a_trusted_process_has_found_is_not_looked_for_again(tellings, small, small_grader):
    exercise = small.exercises["losses.softmax"]
    mistake = next(each for each in small_grader.catalogue.of(exercise.id) if each.number is None)
    check = next(each for each in small_grader.checks.of(exercise) if each.name == "test_softmax_values")
    case, other = small_grader.checks.cases(check, "cpu")[:2]
    asked = []

    def find():
        asked.append(case)
        return other

    def told(telling):
        return telling.of(exercise, mistake, case, find, has_a_name=True)

    assert told(tellings(is_trusted=False)) is other
    assert told(tellings(is_trusted=True)) is other
    assert len(asked) == 2, "a process that is not trusted leaves nothing"
    known = told(tellings(is_trusted=False))
    assert len(asked) == 2
    assert known is not other and known.origin is case.origin
    assert torch.equal(known.inputs["logits"], other.inputs["logits"])


def test_a_mistake_that_nobody_foresaw_is_shown_without_a_search_of_its_own(small_grader, monkeypatch):
    def of_mistake(*args):
        raise AssertionError("hypothesis is asked once more")

    monkeypatch.setattr(diagnosis, "most_telling", of_mistake)
    monkeypatch.setattr(diagnosis, "FEW", 0)  # no drawn case is small enough
    monkeypatch.setattr(small_grader.diagnosis, "_shrink", True)
    exercise = small_grader.course.exercises["losses.cross_entropy"]
    reference = small_grader.checks.reference(exercise)

    def ask(unit, name, calls):
        return [replace(each, value=each.value * 1.17 + 0.37) for each in invoke_all(reference, calls)]

    result = small_grader.grade(exercise, ask)
    assert result.status == "failed"
    logits = re.search(r"logits += +(\[\[.*\]\])", result.message)
    assert logits and logits[1].count(",") == 3, result.message  # two rows of two
