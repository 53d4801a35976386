"""Judges: what one of them finds is what the kit finds, and where one is lost the next goes on behind it."""

import os

import pytest
import torch

from backpass.classroom.grade import grade_submission
from backpass.classroom.judges import Judges
from backpass.classroom.one_by_one import OneByOne
from backpass.course.manifest import Limits
from backpass.judging.disposable import Lost
from backpass.judging.graders import Graders
from backpass.student.submission import Submission
from backpass.worker.calls import Call
from backpass.worker.client import Zygote

WRONG = b"""
import torch
def softmax(logits): return logits.exp() / logits.exp().sum()
def log_softmax(logits): return torch.log(softmax(logits))
def mse_loss(pred, target): return ((pred - target) ** 2).mean()
def mae_loss(pred, target): return (pred - target).abs().sum()
"""


@pytest.fixture(scope="module")
def zygote():
    with Zygote(Limits(seconds_a_request=1, seconds_a_submission=20)) as zygote:
        yield zygote


@pytest.fixture
def judges(small_grader, zygote):
    return Judges(small_grader, zygote, ("cpu",))


def loses_a_judge(monkeypatch, check, how):
    run, here = Graders.run, os.getpid()

    def lost_at(self, which, student):
        if which.name == check and os.getpid() != here:
            how()
        run(self, which, student)

    monkeypatch.setattr(Graders, "run", lost_at)


def test_a_judge_finds_what_the_kit_finds(judges, small_grader, zygote):
    submission = Submission("wrong", {"losses": WRONG})
    alone = grade_submission(small_grader, zygote, submission).record()
    assert judges.grade(submission).record() == alone
    assert judges.grade(submission).record() == alone, "also with what was learned"
    assert judges._learned


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda: os._exit(3), "the process that judges them ended (3)"),
        (lambda: [0 for _ in iter(int, 1)], "judging them took more than 3 s"),
        (lambda: bytearray(8 << 30), "MemoryError"),
    ],
)
def test_what_a_lost_judge_was_at_could_not_be_judged_and_the_rest_goes_on(
    judges, small_grader, zygote, monkeypatch, how, why
):
    submission = Submission("wrong", {"losses": WRONG})
    alone = grade_submission(small_grader, zygote, submission)
    loses_a_judge(monkeypatch, "test_mse_loss_of_one_number", how)
    results = judges.grade(submission).exercises
    lost = results.pop("losses.mse_loss")
    assert 0 < lost.points < lost.max_points
    assert "could not be judged" in lost.message
    assert why in lost.message
    assert results == {name: each for name, each in alone.exercises.items() if name in results}


def test_who_loses_judge_after_judge_is_not_tried_for_ever(judges, monkeypatch):
    run, here, forks = Graders.run, os.getpid(), []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: forks.append(1) or fork())
    monkeypatch.setattr(Graders, "run", lambda *given: run(*given) if os.getpid() == here else os._exit(3))
    results = judges.grade(Submission("wrong", {"losses": WRONG})).exercises
    assert len(forks) <= 5
    asked = [each for name, each in results.items() if name in ("losses.mse_loss", "losses.softmax")]
    assert all("could not be judged" in each.message for each in asked)
    assert {each.points for each in results.values()} == {0}


def test_a_judge_leaves_nothing_behind(judges, small_grader, monkeypatch):
    before = len(small_grader.diagnosis._names._answers._known)
    monkeypatch.setattr(judges, "_learn", lambda explained: None)
    judges.grade(Submission("wrong", {"losses": WRONG.replace(b"abs().sum()", b"abs().sum() * 1.2345")}))
    assert len(small_grader.diagnosis._names._answers._known) == before


def test_what_is_lost_under_pytest_costs_its_check_only(small_grader):
    with OneByOne(small_grader.course, Submission("wrong", {"losses": WRONG}), cuda=False) as checks:

        def answer():
            call = Call({"pred": torch.ones(2), "target": torch.zeros(2)})
            return float(checks.worker.call("losses", "mse_loss", [call])[0].value)

        assert checks.apart(answer) == 1
        with pytest.raises(Lost, match=r"ended \(3\)"):
            checks.apart(lambda: (answer(), os._exit(3)))
        with pytest.raises(Lost, match="ended"):
            checks.apart(lambda: len(bytearray(8 << 30)))
        assert checks.apart(answer) == 1
