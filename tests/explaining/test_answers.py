"""Submissions that the graders were not written from: differently written right ones, and wrong ones.

The first line of each file says what it is; of a wrong one, what its author has misunderstood.
"""

import itertools
import multiprocessing
import os
from pathlib import Path

import pytest

from backpass.explaining.grader import HiddenGrader
from backpass.worker.client import Worker, Zygote
from backpass.worker.inspector import Inspector

DATA = Path(__file__).resolve().parents[1] / "data"
RIGHT = sorted(DATA.glob("right_answers/*/*.py"))
WRONG = sorted(DATA.glob("wrong_answers/*/*.py"))
TOLD_SHARE = 0.95

_of_this_process = {}


def _id(path):
    return f"{path.parent.name}-{path.stem}"


def _exercise(path):
    return path.parent.name


def _begin(course, grader):
    _of_this_process.update(course=course, grader=grader, zygote=Zygote(course.limits).__enter__())


def _results(paths):
    return [(path, _result(path)) for path in paths]


def _result(path):
    exercise = _of_this_process["course"].exercises[path.parent.name]
    zygote, sources = _of_this_process["zygote"], {exercise.unit: path.read_bytes()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        return _of_this_process["grader"].grade(exercise, worker.call, inspects=inspector)


@pytest.fixture(scope="module")
def results(request, course):
    """The result of every answer that was selected, graded on all cores."""
    here = [item for item in request.session.items if item.path == Path(__file__)]
    chosen = {item.callspec.params["path"] for item in here if hasattr(item, "callspec")}
    if any(item.name == "test_a_cause_or_a_place_is_told_of_95_in_100_wrong_answers" for item in here):
        chosen |= set(WRONG)
    # An exercise is graded in one process: the tables that name its mistakes are built once.
    grader = HiddenGrader(course, shrink=False)  # which mistake it is does not depend on the case that is displayed
    by_exercise = [list(paths) for _, paths in itertools.groupby(sorted(chosen, key=_exercise), key=_exercise)]
    grader.freeze({path.parent.name.partition(".")[0] for path in chosen})
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    with multiprocessing.get_context("fork").Pool(cores, _begin, (course, grader)) as pool:
        return dict(itertools.chain.from_iterable(pool.imap_unordered(_results, by_exercise)))


@pytest.mark.parametrize("path", RIGHT, ids=_id)
def test_right_answers_pass(path, results):
    result = results[path]
    assert (result.status, result.points) == ("passed", result.max_points), result.message


@pytest.mark.parametrize("path", WRONG, ids=_id)
def test_wrong_answers_are_refused(path, results):
    result = results[path]
    assert result.status in ("failed", "crashed"), path.read_text().splitlines()[0]
    assert result.points < result.max_points
    assert result.mistake != "unjudgeable"


def test_a_cause_or_a_place_is_told_of_95_in_100_wrong_answers(results):
    untold = [_id(path) for path in WRONG if results[path].degree not in ("cause", "place")]
    assert len(untold) <= (1 - TOLD_SHARE) * len(WRONG), untold
